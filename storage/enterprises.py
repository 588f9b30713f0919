"""What enterprises used, for reports: each counts once, however many of its people came."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.personal import N_, Holding
from storage.rows import Transaction

Use = Literal["desks", "mentoring", "events"]

PERSONAL = (
    Holding(
        "company_uses",
        N_("In which months a company used what, without people"),
        purpose=N_("for reports to funders"),
        kept=N_("for good"),
    ),
)


def note_uses(tx: Transaction, now: datetime, person_id: int | None = None) -> None:
    """Keep in which months which enterprise used what, from the rows of all its people, or of one person.

    What counts is a desk held on its day, a request that was not withdrawn, and a yes to an event that took place.
    What is noted outlives those rows, and its people.
    """
    whose = "(:person IS NULL OR m.person_id = :person)"
    tx.execute(
        "INSERT INTO company_uses (company_id, kind, month)"
        " SELECT m.company_id, 'desks', substr(b.day, 1, 7) FROM company_members m"
        " JOIN desk_bookings b ON b.person_id = m.person_id"
        f" WHERE b.state = 'held' AND b.day <= substr(:now, 1, 10) AND b.day >= m.counts_from AND {whose}"
        " UNION SELECT m.company_id, 'mentoring', substr(r.created_at, 1, 7) FROM company_members m"
        " JOIN mentoring_requests r ON r.founder_id = m.person_id"
        f" WHERE r.state <> 'withdrawn' AND r.created_at >= m.counts_from AND {whose}"
        " UNION SELECT m.company_id, 'events', substr(e.starts_at, 1, 7) FROM company_members m"
        " JOIN event_answers a ON a.person_id = m.person_id JOIN events e ON e.id = a.event_id"
        " WHERE a.going = 1 AND e.state = 'published' AND e.starts_at <= :now"
        f" AND e.starts_at >= m.counts_from AND {whose}"
        " ON CONFLICT DO NOTHING",
        {"now": now, "person": person_id},
    )


def get_enterprise_count(tx: Transaction, kind: Use, first: str, last: str) -> int:
    """How many enterprises used something from one month to another, ``YYYY-MM``; each counts once."""
    query = "SELECT count(DISTINCT company_id) FROM company_uses WHERE kind = ? AND month BETWEEN ? AND ?"
    return int(tx.value(query, (kind, first, last)))
