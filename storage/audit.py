"""Who did what to whom in the team's name, and who was refused what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.personal import N_, Clear, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

Outcome = Literal["done", "refused"]

COUNTED_WITHIN = timedelta(hours=1)
"""A refusal that repeats within this is counted in the row that is there."""

MOST_KINDS = 20
"""Refusals of different things that one person fills rows with in that time; what follows is one row more."""

KEPT = timedelta(days=2 * 365)


class Entry(Row, frozen=True):
    """One thing that was done or refused.

    Attributes:
        actor_id: Who; None where nobody did (an account left), or once that person is forgotten.
        person_id: Whom it was done to; None where nobody, or once that person is forgotten.
        what: ``grant``, ``revoke``, ``block`` …; what was refused: ``action``, ``command``, ``form``, ``intent`` …
        detail: The role given, the name of what was refused.
        times: How often a refusal was asked for.
    """

    id: int
    at: datetime
    actor_id: int | None
    person_id: int | None
    what: str
    detail: str
    outcome: Outcome
    times: int


_COLUMNS = columns(Entry)


PERSONAL = (
    Holding(
        "audit",
        N_("What you did for the team, and what was not open to you"),
        purpose=N_("so that it can be checked who did what in the team's name"),
        kept=N_("as long as the hub says, mostly two years"),
        rows="actor_id = :person",
        shown={"at": N_("When"), "what": N_("What"), "outcome": N_("State"), "times": N_("How often")},
        erasure=Clear({"actor_id": None}),
    ),
    Holding(
        "audit",
        N_("What was done about your roles"),
        purpose=N_("so that it can be checked who did what in the team's name"),
        kept=N_("as long as the hub says, mostly two years"),
        rows="person_id = :person",
        shown={"at": N_("When"), "what": N_("What"), "outcome": N_("State")},
        erasure=Clear({"person_id": None}),
    ),
)


def retention(kept: timedelta = KEPT) -> tuple[Rule, ...]:
    """How long entries are kept; the hub decides."""
    return (Rule("what was done in the team's name", kept, "DELETE FROM audit WHERE at < ?"),)


def add_entry(
    tx: Transaction,
    actor_id: int | None,
    what: str,
    now: datetime,
    *,
    person_id: int | None = None,
    detail: str = "",
    outcome: Outcome = "done",
) -> None:
    """Note what somebody did, or what was refused to them with a reason of its own."""
    tx.execute(
        "INSERT INTO audit (at, actor_id, person_id, what, detail, outcome) VALUES (?, ?, ?, ?, ?, ?)",
        (now, actor_id or None, person_id, what, detail, outcome),
    )


def add_refusal(tx: Transaction, actor_id: int, tried: str, now: datetime) -> None:
    """Note that somebody tried what they may not: ``action events:publish``. Trying again only counts."""
    what, _, detail = tried.partition(" ")
    since = now - COUNTED_WITHIN
    if _counted(tx, actor_id, what, detail, since):
        return
    kinds = tx.value(
        "SELECT count(*) FROM audit WHERE actor_id = ? AND outcome = 'refused' AND at > ?", (actor_id, since)
    )
    if kinds >= MOST_KINDS:
        what, detail = "more", ""
        if _counted(tx, actor_id, what, detail, since):
            return
    add_entry(tx, actor_id, what, now, detail=detail, outcome="refused")


def _counted(tx: Transaction, actor_id: int, what: str, detail: str, since: datetime) -> bool:
    return (
        tx.execute(
            "UPDATE audit SET times = times + 1 WHERE actor_id = ? AND what = ? AND detail = ?"
            " AND outcome = 'refused' AND at > ?",
            (actor_id, what, detail, since),
        )
        > 0
    )


def list_entries(tx: Transaction, before: int | None, limit: int) -> list[Entry]:
    """The latest entries, or those before one, the newest first."""
    return tx.all(
        Entry,
        f"SELECT {_COLUMNS} FROM audit WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?",
        (before, before, limit),
    )
