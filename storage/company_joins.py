"""Who says they belong to a company that is known, until somebody of it has confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.companies import Details
from storage.merging import hand_over
from storage.personal import N_, Clear, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["offered", "open", "confirmed", "declined", "withdrawn"]


class Join(Row, frozen=True):
    """Somebody who may belong to a company, and what they said of it.

    Attributes:
        company_id: Which one; None once it is gone, or while it was only offered.
        state: ``offered`` to the person; ``open`` once they have said yes, until its people have decided.
    """

    id: int
    person_id: int
    company_id: int | None
    name: str
    founded: int
    size: str
    city: str
    sector: str
    state: State
    changed_at: datetime
    decided_by: int | None

    @property
    def details(self) -> Details:
        return Details(self.name, self.founded, self.size, self.city, self.sector)


_COLUMNS = columns(Join)

RETENTION = (
    Rule("requests to join a company", timedelta(days=90), "DELETE FROM company_joins WHERE changed_at < ?"),
)

PERSONAL = (
    Holding(
        "company_joins",
        N_("Companies you said you belong to"),
        purpose=N_("so that somebody of the company can confirm it"),
        kept=N_("90 days"),
        rows="person_id = :person",
        shown={
            "name": N_("Name"),
            "founded": N_("Founded"),
            "size": N_("People"),
            "city": N_("City"),
            "sector": N_("Sector"),
            "state": N_("State"),
            "changed_at": N_("Changed"),
        },
        posts="'company_join:' || id",
    ),
    Holding(
        "company_joins",
        N_("Whom you confirmed, or not, for a company"),
        purpose=N_("so that they know that it was decided"),
        kept=N_("90 days"),
        rows="decided_by = :person",
        shown={"state": N_("State"), "changed_at": N_("When")},
        erasure=Clear({"decided_by": None}),
        posts="'company_join:' || id",
    ),
)


def add_offer(tx: Transaction, person_id: int, details: Details, now: datetime) -> int:
    """Keep what a person said while they look at what is known; in place of what they said before."""
    tx.execute("DELETE FROM company_joins WHERE person_id = ? AND state = 'offered'", (person_id,))
    return tx.insert(
        "INSERT INTO company_joins (person_id, name, founded, size, city, sector, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (person_id, details.name, details.founded, details.size, details.city, details.sector, now),
    )


def get_join(tx: Transaction, join_id: int) -> Join | None:
    """By its id."""
    return tx.one(Join, f"SELECT {_COLUMNS} FROM company_joins WHERE id = ?", (join_id,))


def get_open_join_of(tx: Transaction, person_id: int) -> Join | None:
    """What a person waits for."""
    query = f"SELECT {_COLUMNS} FROM company_joins WHERE person_id = ? AND state = 'open'"
    return tx.one(Join, query, (person_id,))


def list_open_joins(tx: Transaction, company_id: int) -> list[Join]:
    """Who waits for a company."""
    query = f"SELECT {_COLUMNS} FROM company_joins WHERE company_id = ? AND state = 'open' ORDER BY id"
    return tx.all(Join, query, (company_id,))


def get_recent_count(tx: Transaction, person_id: int, since: datetime) -> int:
    """How often a person has asked companies' people lately."""
    query = "SELECT count(*) FROM company_joins WHERE person_id = ? AND state <> 'offered' AND changed_at > ?"
    return int(tx.value(query, (person_id, since)))


def was_declined(tx: Transaction, person_id: int, company_id: int) -> bool:
    """Has a company said, not long ago, that a person does not belong to it?"""
    query = "SELECT 1 FROM company_joins WHERE person_id = ? AND company_id = ? AND state = 'declined' LIMIT 1"
    return bool(tx.value(query, (person_id, company_id)))


def mark_open_if_offered(
    tx: Transaction, join_id: int, person_id: int, company_id: int, now: datetime
) -> Join | None:
    """The person says that it is this company; None if they said so before, or it is somebody else's."""
    return tx.one(
        Join,
        "UPDATE company_joins SET state = 'open', company_id = ?, changed_at = ?"
        f" WHERE id = ? AND person_id = ? AND state = 'offered' RETURNING {_COLUMNS}",
        (company_id, now, join_id, person_id),
    )


def mark_decided_if_open(
    tx: Transaction, join_id: int, state: Literal["confirmed", "declined"], decided_by: int, now: datetime
) -> Join | None:
    """Somebody of the company decides, or a manager; None if it was decided before."""
    return tx.one(
        Join,
        "UPDATE company_joins SET state = ?, decided_by = ?, changed_at = ?"
        f" WHERE id = ? AND state = 'open' RETURNING {_COLUMNS}",
        (state, decided_by, now, join_id),
    )


def mark_withdrawn_if_open(tx: Transaction, person_id: int, now: datetime) -> Join | None:
    """A person waits no longer; None if they did not."""
    return tx.one(
        Join,
        "UPDATE company_joins SET state = 'withdrawn', changed_at = ?"
        f" WHERE person_id = ? AND state = 'open' RETURNING {_COLUMNS}",
        (now, person_id),
    )


def remove_if_new(tx: Transaction, join_id: int, person_id: int) -> Join | None:
    """Take what a person said of a company that is another one after all; None if that was done before."""
    return tx.one(
        Join,
        "DELETE FROM company_joins WHERE id = ? AND person_id = ? AND state IN ('offered', 'declined')"
        f" RETURNING {_COLUMNS}",
        (join_id, person_id),
    )


def merge_joins(tx: Transaction, kept: int, gone: int, now: datetime) -> Join | None:
    """Give a person's requests and decisions to another one; returns what ended because both waited."""
    ended = mark_withdrawn_if_open(tx, gone, now) if get_open_join_of(tx, kept) else None
    hand_over(tx, "company_joins", "person_id", kept, gone)
    hand_over(tx, "company_joins", "decided_by", kept, gone)
    return ended
