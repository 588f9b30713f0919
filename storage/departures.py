"""Who left, and what became of what they held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from storage.personal import N_, Clear, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns


class Departure(Row, frozen=True):
    """Somebody's last account is gone, or one without which they have no role.

    Attributes:
        person_id: None once the person is forgotten.
        platform: Of that account.
        roles: Those that ended, separated by blanks.
        freed: How much of what was freed or handed back, as JSON.
    """

    id: int
    person_id: int | None
    platform: str
    left_at: datetime
    roles: str
    freed: str

    @property
    def counts(self) -> dict[str, int]:
        return msgspec.json.decode(self.freed, type=dict[str, int])


RETENTION = (
    Rule(
        "posts of who left",
        timedelta(days=90),
        "DELETE FROM posts WHERE subject LIKE 'departure:%' AND created_at < ?",
    ),
    Rule("who left", timedelta(days=90), "DELETE FROM departures WHERE left_at < ?"),
)

PERSONAL = (
    Holding(
        "departures",
        N_("That your account was closed"),
        purpose=N_("so that the team knows what became free"),
        kept=N_("90 days"),
        rows="person_id = :person",
        shown={"platform": N_("Chat"), "left_at": N_("When")},
        erasure=Clear({"person_id": None}),
        posts="'departure:' || id",
    ),
)


def add_departure(
    tx: Transaction, person_id: int, platform: str, roles: Iterable[str], freed: Mapping[str, int], now: datetime
) -> int:
    """Keep that somebody left; returns its id."""
    counts = msgspec.json.encode({what: number for what, number in freed.items() if number}).decode()
    return tx.insert(
        "INSERT INTO departures (person_id, platform, left_at, roles, freed) VALUES (?, ?, ?, ?, ?)",
        (person_id, platform, now, " ".join(roles), counts),
    )


def get_departure(tx: Transaction, departure_id: int) -> Departure | None:
    """By its id."""
    return tx.one(Departure, f"SELECT {columns(Departure)} FROM departures WHERE id = ?", (departure_id,))
