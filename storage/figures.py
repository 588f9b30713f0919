"""What stays of people who were deleted: numbers without names, and what auditors must be able to see."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.personal import N_, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns


class Restricted(Row, frozen=True):
    """A record that a grant needs as evidence, of somebody who was deleted; ``record`` is JSON."""

    evidence: str
    person_name: str
    record: str
    restricted_at: datetime
    kept_until: datetime


RETENTION = (
    Rule("evidence of deleted people", timedelta(), "DELETE FROM restricted_records WHERE kept_until < ?"),
)

PERSONAL = (
    Holding(
        "restricted_records",
        N_("Evidence for a grant, of people who were deleted"),
        purpose=N_("for the grant's auditors alone"),
        kept=N_("as long as the hub must keep it"),
    ),
    Holding(
        "figures",
        N_("How many bookings, requests and the like there were, without names"),
        purpose=N_("for reports to funders"),
        kept=N_("for good"),
    ),
)


def list_restricted(tx: Transaction) -> list[Restricted]:
    """What is kept for auditors, the oldest first."""
    return tx.all(Restricted, f"SELECT {columns(Restricted)} FROM restricted_records ORDER BY id")


def get_figure(tx: Transaction, name: str, month: str) -> int:
    """How many of something were deleted with their people in a month, ``YYYY-MM``."""
    return int(tx.value("SELECT number FROM figures WHERE name = ? AND month = ?", (name, month)) or 0)
