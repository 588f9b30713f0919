"""Companies and start-ups: what is known of each, and who belongs to which."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from storage.enterprises import note_uses
from storage.merging import hand_over_once
from storage.personal import N_, Holding, Subject
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

Answer = Literal["none", "later"]


class Details(Row, frozen=True):
    """What people say of a company.

    Attributes:
        founded: The year; 0 where nobody said.
        size: The key of a size class; empty where nobody said, as with the next two.
        city: A key of the content pack, or ``other``.
        sector: A key of the content pack, or ``other``.
    """

    name: str
    founded: int = 0
    size: str = ""
    city: str = ""
    sector: str = ""


class Company(Row, frozen=True):
    """A company or start-up; without a name it is one of the figures only. ``folded``: as names are compared."""

    id: int
    name: str
    folded: str
    founded: int
    size: str
    city: str
    sector: str
    people: int


class Asked(Row, frozen=True):
    """When somebody was asked for their company, and what they said."""

    asked_at: datetime
    answer: str


_COMPANY = (
    "c.id, c.name, c.folded, c.founded, c.size, c.city, c.sector,"
    " (SELECT count(*) FROM company_members n WHERE n.company_id = c.id)"
)

RETENTION = (
    Rule(
        "names of companies without people",
        timedelta(days=365),
        "UPDATE companies SET name = '', folded = '' WHERE emptied_at < ? AND name <> ''",
    ),
)


def _leave(tx: Transaction, subject: Subject) -> int:
    """Keep what their company used; where nobody else belongs to it, its name may be theirs, and goes too."""
    note_uses(tx, subject.now, subject.person)
    tx.execute(
        "UPDATE companies SET name = '', folded = '', emptied_at = ?"
        " WHERE id IN (SELECT company_id FROM company_members WHERE person_id = ?)"
        " AND 1 = (SELECT count(*) FROM company_members m WHERE m.company_id = companies.id)",
        (subject.now, subject.person),
    )
    return tx.execute("DELETE FROM company_members WHERE person_id = ?", (subject.person,))


def _stays(tx: Transaction, subject: Subject) -> int:
    """The company is nobody's alone any more: whoever was its last member took its name along."""
    return 0


PERSONAL = (
    Holding(
        "company_members",
        N_("Since when you belong to it"),
        purpose=N_("so that what you book counts as your company's"),
        kept=N_("until you leave it"),
        rows="person_id = :person",
        shown={"since": N_("Since"), "counts_from": N_("Counts from")},
        erasure=_leave,
    ),
    Holding(
        "companies",
        N_("Your company"),
        purpose=N_("so that each enterprise counts once"),
        kept=N_("the name until a year after its last member left, the rest for good"),
        rows="id IN (SELECT company_id FROM company_members WHERE person_id = :person)",
        shown={
            "name": N_("Name"),
            "founded": N_("Founded"),
            "size": N_("People"),
            "city": N_("City"),
            "sector": N_("Sector"),
        },
        erasure=_stays,
    ),
    Holding(
        "company_answers",
        N_("That I asked for your company, and what you said"),
        purpose=N_("so that I don't ask again"),
        kept=N_("until you delete your data"),
        rows="person_id = :person",
        shown={"asked_at": N_("When"), "answer": N_("Reply"), "left_on": N_("Left")},
    ),
)


def add_company(tx: Transaction, details: Details, folded: str, now: datetime) -> int:
    """Add a company, as yet without people; returns its id."""
    return tx.insert(
        "INSERT INTO companies (name, folded, founded, size, city, sector, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (details.name, folded, details.founded, details.size, details.city, details.sector, now),
    )


def get_company(tx: Transaction, company_id: int) -> Company | None:
    """By its id."""
    return tx.one(Company, f"SELECT {_COMPANY} FROM companies c WHERE c.id = ?", (company_id,))


def get_company_of(tx: Transaction, person_id: int) -> Company | None:
    """What a person belongs to."""
    return tx.one(
        Company,
        f"SELECT {_COMPANY} FROM companies c JOIN company_members m ON m.company_id = c.id WHERE m.person_id = ?",
        (person_id,),
    )


def list_companies(tx: Transaction) -> list[Company]:
    """All that have a name, in its order."""
    return tx.all(Company, f"SELECT {_COMPANY} FROM companies c WHERE c.name <> '' ORDER BY c.folded, c.id")


def get_nameless_count(tx: Transaction) -> int:
    """How many enterprises have no name any more, and stay in the figures."""
    return int(tx.value("SELECT count(*) FROM companies WHERE name = ''"))


def list_members(tx: Transaction, company_id: int) -> list[int]:
    """The ids of the people who belong to a company."""
    query = "SELECT person_id FROM company_members WHERE company_id = ? ORDER BY person_id"
    return [person for (person,) in tx.values(query, (company_id,))]


def mark_details(tx: Transaction, company_id: int, details: Details, folded: str) -> bool:
    """Keep what is now said of a company; False if it is not there any more."""
    return (
        tx.execute(
            "UPDATE companies SET name = ?, folded = ?, founded = ?, size = ?, city = ?, sector = ? WHERE id = ?",
            (details.name, folded, details.founded, details.size, details.city, details.sector, company_id),
        )
        == 1
    )


def mark_name(tx: Transaction, company_id: int, name: str, folded: str) -> bool:
    """Give a company another name; False if it is not there any more."""
    query = "UPDATE companies SET name = ?, folded = ? WHERE id = ?"
    return tx.execute(query, (name, folded, company_id)) == 1


def add_member(tx: Transaction, person_id: int, company_id: int, now: datetime, today: date) -> None:
    """A person belongs to a company from now on, and to no other; what they did for another stays that one's."""
    remove_member(tx, person_id, now, today)
    left_on = tx.value("SELECT left_on FROM company_answers WHERE person_id = ?", (person_id,)) or ""
    tx.execute(
        "INSERT INTO company_members (person_id, company_id, since, counts_from) VALUES (?, ?, ?, ?)",
        (person_id, company_id, now, left_on),
    )
    tx.execute("UPDATE companies SET emptied_at = NULL WHERE id = ?", (company_id,))


def remove_member(tx: Transaction, person_id: int, now: datetime, today: date) -> int:
    """A person leaves their company; returns its id, 0 if they had none."""
    note_uses(tx, now, person_id)
    company: int = (
        tx.value("DELETE FROM company_members WHERE person_id = ? RETURNING company_id", (person_id,)) or 0
    )
    if company:
        tx.execute(
            "INSERT INTO company_answers (person_id, asked_at, left_on) VALUES (?, ?, ?)"
            " ON CONFLICT (person_id) DO UPDATE SET left_on = excluded.left_on",
            (person_id, now, today + timedelta(1)),
        )
        tx.execute(
            "UPDATE companies SET emptied_at = ? WHERE id = ?"
            " AND NOT EXISTS (SELECT 1 FROM company_members m WHERE m.company_id = companies.id)",
            (now, company),
        )
    return company


def get_asked(tx: Transaction, person_id: int) -> Asked | None:
    """When a person was asked for their company; None if never."""
    query = f"SELECT {columns(Asked)} FROM company_answers WHERE person_id = ?"
    return tx.one(Asked, query, (person_id,))


def mark_asked(tx: Transaction, person_id: int, now: datetime) -> None:
    """A person is asked for their company."""
    tx.execute(
        "INSERT INTO company_answers (person_id, asked_at) VALUES (?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET asked_at = excluded.asked_at, answer = ''",
        (person_id, now),
    )


def mark_answer(tx: Transaction, person_id: int, answer: Answer, now: datetime) -> None:
    """A person has no company yet, or does not want to be asked now."""
    tx.execute(
        "INSERT INTO company_answers (person_id, asked_at, answer) VALUES (?, ?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET asked_at = excluded.asked_at, answer = excluded.answer",
        (person_id, now, answer),
    )


def has_members(tx: Transaction) -> bool:
    """Does anybody belong to a company?"""
    return bool(tx.value("SELECT 1 FROM company_members LIMIT 1"))


def merge_companies(tx: Transaction, kept: int, gone: int) -> bool:
    """Make one company of two: people, requests to join and what was used go along; False if one is not there.

    What nobody said of the one that stays is taken from the other.
    """
    found = tx.value("SELECT count(*) FROM companies WHERE id IN (?, ?)", (kept, gone))
    if kept == gone or found != 2:
        return False
    tx.execute("UPDATE company_members SET company_id = ? WHERE company_id = ?", (kept, gone))
    tx.execute("UPDATE company_joins SET company_id = ? WHERE company_id = ?", (kept, gone))
    tx.execute(
        "INSERT INTO company_uses (company_id, kind, month) SELECT ?, kind, month FROM company_uses"
        " WHERE company_id = ? ON CONFLICT DO NOTHING",
        (kept, gone),
    )
    tx.execute(
        "UPDATE companies SET founded = CASE WHEN companies.founded = 0 THEN o.founded ELSE companies.founded END,"
        " size = CASE WHEN companies.size = '' THEN o.size ELSE companies.size END,"
        " city = CASE WHEN companies.city = '' THEN o.city ELSE companies.city END,"
        " sector = CASE WHEN companies.sector = '' THEN o.sector ELSE companies.sector END,"
        " emptied_at = CASE WHEN o.emptied_at IS NULL THEN NULL ELSE companies.emptied_at END"
        " FROM companies o WHERE companies.id = ? AND o.id = ?",
        (kept, gone),
    )
    tx.execute("DELETE FROM companies WHERE id = ?", (gone,))
    return True


def merge_people(
    tx: Transaction, kept: int, gone: int, now: datetime, today: date
) -> tuple[Company, Company] | None:
    """Give what is a person's to another one; of two companies theirs stays.

    Returns:
        The company that stays and the one that was left, if both had one and they differ.
    """
    ours, theirs = get_company_of(tx, kept), get_company_of(tx, gone)
    if ours and theirs:
        remove_member(tx, gone, now, today)
    hand_over_once(tx, "company_members", "person_id", "1", kept, gone)
    hand_over_once(tx, "company_answers", "person_id", "1", kept, gone)
    return (ours, theirs) if ours and theirs and ours.id != theirs.id else None
