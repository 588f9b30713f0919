"""What each table holds about people, for export, erasure, ``kumpel privacy report`` and docs/privacy.md.

Every storage module says it for its own tables, beside its RETENTION, and stands in ``storage/register.py``::

    PERSONAL = (
        Holding(
            "desk_bookings",
            N_("Desks you booked"),
            purpose=N_("so that everybody sees which desk is free"),
            kept=N_("90 days after the day"),
            rows="person_id = :person",
            shown={"day": N_("Day"), "desk": N_("Desk"), "state": N_("State")},
            erasure=Delete(counted="desk bookings", on="day"),
        ),
        Holding(  # a table may hold several things about people: one entry each
            "questions",
            N_("Questions you decided on for the team"),
            purpose=N_("so that the team knows who does what"),
            kept=N_("a year after they ended"),
            rows="decided_by = :person",
            shown={"id": N_("Number"), "state": N_("State"), "changed_at": N_("When")},
            erasure=Clear({"decided_by": None}),
        ),
        Holding("faq_feedback", N_("Which answers helped"), purpose=N_("…"), kept=N_("…")),  # nobody's: no rows
    )

Tests made from the migrated database hold this: every table has an entry, every column that refers to persons is
named in the ``rows`` of one, and of a person with rows everywhere nothing is left. The sentences are translated in
``locales/de/LC_MESSAGES/privacy.po``. ``shown`` never holds what somebody else said or is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from storage.rows import Transaction

ACCOUNTS = "SELECT platform, external_id FROM accounts WHERE person_id = :person"
"""For ``rows``: ``(platform, external_id) IN (…)``."""

DIRECT_CHATS = (
    "SELECT c.id FROM chats c JOIN accounts a ON a.platform = c.platform AND a.external_id = c.external_id"
    " WHERE a.person_id = :person AND c.kind = 'direct'"
)
"""For ``rows``: ``chat_id IN (…)``."""


SHORTEST_NAME = 3
"""Shorter names stand in too many words to be looked for; where they were put as mentions they are found."""


def N_(sentence: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark a sentence for translation that is looked up later."""
    return sentence


class Subject(NamedTuple):
    """Somebody whose data it is about, as they are known before anything is erased.

    Attributes:
        names: What their accounts are called, handles included; never empty strings.
        accounts: Platform and the platform's id of each account.
        chats: Our ids of their direct chats.
    """

    person: int
    names: tuple[str, ...]
    accounts: tuple[tuple[str, str], ...]
    chats: tuple[int, ...]
    now: datetime


class Delete(NamedTuple):
    """The rows go. What is to stay as a figure is counted by month, without a name, in ``figures``.

    Attributes:
        counted: The figure's name; empty for none.
        on: The column with the day or time by which it is counted.
        only: Which of the rows count, as an SQL condition.
    """

    counted: str = ""
    on: str = ""
    only: str = "1 = 1"


class Clear(NamedTuple):
    """The rows stay, without the person: these columns get these values."""

    columns: Mapping[str, str | int | None]


DELETE = Delete()

Erasure = Delete | Clear | Callable[[Transaction, Subject], int]
"""What deletion does; a function returns how many rows it changed."""


@dataclass(frozen=True)
class Holding:
    """One thing that a table holds, about a person or about nobody.

    Attributes:
        table: The table.
        title: What it is, said to the person.
        purpose: What for, as the rest of a sentence.
        kept: How long, as the rest of a sentence.
        rows: SQL condition for the rows of ``:person``; empty where they are nobody's.
        shown: Columns (or SQL expressions) that the person sees, with their labels.
        erasure: What deletion does with the rows.
        evidence: The name under which the hub may declare the rows evidence for a grant (``[privacy.evidence]`` in
            hub.toml): deletion then moves them to where only the auditors' command reads them.
        posts: SQL expression for the subject of the posts that show a row: ``'question:' || id``. After erasure
            they are brought up to date.
        stays: Columns with texts that were published for the hub and stay, without the name.
    """

    table: str
    title: str
    purpose: str
    kept: str
    rows: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    erasure: Erasure = DELETE
    evidence: str = ""
    posts: str = ""
    stays: tuple[str, ...] = ()


def named_in(column: str) -> str:
    """Return the SQL condition that a JSON column mentions ``:person``, or holds one of their names."""
    name = "substr(json_quote(a.name), 2, length(json_quote(a.name)) - 2)"
    handle = "'@' || a.handle"
    return (
        f"({column} LIKE '%\"person\":' || :person || '}}%' OR {column} LIKE '%\"person\":' || :person || ',%'"
        f" OR EXISTS (SELECT 1 FROM accounts a WHERE a.person_id = :person AND"
        f" (length(a.name) >= {SHORTEST_NAME} AND instr({column}, {name})"
        f" OR length(a.handle) >= {SHORTEST_NAME} AND instr({column}, {handle}))))"
    )
