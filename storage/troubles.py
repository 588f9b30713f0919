"""What is amiss with the bot itself: since when, and whether the leads were told."""

from __future__ import annotations

from datetime import datetime

from storage.personal import N_, Holding
from storage.rows import Row, Transaction, columns

PERSONAL = (
    Holding(
        "troubles",
        N_("What is amiss with the bot itself"),
        purpose=N_("so that the leads hear of it once"),
        kept=N_("until it is over"),
    ),
)


class Trouble(Row, frozen=True):
    """One thing that is amiss; ``detail`` is a figure or name that belongs into the sentence."""

    kind: str
    since: datetime
    detail: str
    told: bool


_COLUMNS = columns(Trouble)


def list_troubles(tx: Transaction) -> list[Trouble]:
    """All that is amiss, the oldest first."""
    return tx.all(Trouble, f"SELECT {_COLUMNS} FROM troubles ORDER BY since, kind")


def add_trouble(tx: Transaction, kind: str, detail: str, now: datetime) -> None:
    """Note that something is amiss, or still is, with its latest detail."""
    tx.execute(
        "INSERT INTO troubles (kind, since, detail) VALUES (?, ?, ?)"
        " ON CONFLICT (kind) DO UPDATE SET detail = excluded.detail",
        (kind, now, detail),
    )


def mark_trouble_told_if_new(tx: Transaction, kind: str, before: datetime) -> bool:
    """True once, for a trouble that has lasted since ``before``: now the leads are to hear of it."""
    return (
        tx.execute("UPDATE troubles SET told = 1 WHERE kind = ? AND told = 0 AND since <= ?", (kind, before)) == 1
    )


def remove_trouble(tx: Transaction, kind: str) -> bool:
    """It is over; True if the leads had been told of it."""
    return bool(tx.value("DELETE FROM troubles WHERE kind = ? RETURNING told", (kind,)))
