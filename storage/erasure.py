"""What is known of a person, as rows to show; and how all of it goes, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from storage import mentions, posts, switches
from storage.personal import ACCOUNTS, DIRECT_CHATS, Clear, Delete, Holding, Subject
from storage.rows import Transaction

YEAR_DAYS = 365.25


class Known(NamedTuple):
    """The rows of one holding, each by the columns that are shown."""

    holding: Holding
    rows: list[dict[str, Any]]


class Erased(msgspec.Struct, frozen=True):
    """News: a person was deleted. ``chats`` are their direct chats, to be closed once the last word is said."""

    chats: tuple[int, ...]
    restricted: int = 0


def describe(tx: Transaction, person_id: int, now: datetime) -> Subject:
    """Return who it is about, as they are known now."""
    person = {"person": person_id}
    names = tx.values(
        "SELECT name FROM persons WHERE id = :person UNION SELECT name FROM accounts WHERE person_id = :person"
        " UNION SELECT '@' || handle FROM accounts WHERE person_id = :person AND handle <> ''",
        person,
    )
    return Subject(
        person_id,
        tuple(name for (name,) in names if name),
        tuple(tx.values(ACCOUNTS, person)),
        tuple(chat for (chat,) in tx.values(DIRECT_CHATS, person)),
        now,
    )


def list_known(tx: Transaction, person_id: int, holdings: Sequence[Holding]) -> list[Known]:
    """Return every row about a person, also those of a holding that shows nothing but that there are some."""
    found = []
    for holding in holdings:
        if not holding.rows:
            continue
        shown = ", ".join(holding.shown) or "1"
        rows = tx.values(
            f"SELECT {shown} FROM {holding.table} WHERE {holding.rows} ORDER BY 1", {"person": person_id}
        )
        if rows:
            found.append(Known(holding, [dict(zip(holding.shown, row, strict=False)) for row in rows]))
    return found


def erase(
    tx: Transaction, person_id: int, holdings: Sequence[Holding], evidence: Mapping[str, float], now: datetime
) -> Erased:
    """Delete a person, or take them out of what must stay; their direct chats stay, emptied, for a last word.

    Args:
        tx: The transaction.
        person_id: Who.
        holdings: What all tables hold (``storage.register.HOLDINGS``).
        evidence: By its name, how many years the hub keeps it for a grant's auditors.
        now: When.
    """
    subject = describe(tx, person_id, now)
    theirs = {"person": person_id}
    shown_in: list[str] = []
    restricted = 0
    for holding in holdings:
        if holding.posts:
            shown_in += [
                text
                for (text,) in tx.values(
                    f"SELECT DISTINCT {holding.posts} FROM {holding.table} WHERE {holding.rows}", theirs
                )
            ]
        if holding.evidence in evidence:
            restricted += _restrict(tx, holding, subject, evidence[holding.evidence])
        if isinstance(holding.erasure, Delete) and holding.erasure.counted:
            _count(tx, holding, holding.erasure, theirs)
    mentions.take_out(tx, subject)
    for holding in holdings:
        if holding.rows:
            _erase(tx, holding, subject)
    for text in dict.fromkeys(shown_in):
        posts.mark_posts_wanted(tx, text)
    for chat in subject.chats:
        posts.mark_posts_wanted_in(tx, chat)
    switches.mark_switch(tx, switches.COMPACT_DUE, now.isoformat())
    erased = Erased(subject.chats, restricted)
    tx.announce(erased)
    return erased


def _erase(tx: Transaction, holding: Holding, subject: Subject) -> None:
    theirs = {"person": subject.person}
    match holding.erasure:
        case Delete():
            tx.execute(f"DELETE FROM {holding.table} WHERE {holding.rows}", theirs)
        case Clear(columns=columns):
            values = {f"to_{name}": value for name, value in columns.items()}
            settings = ", ".join(f"{name} = :to_{name}" for name in columns)
            tx.execute(f"UPDATE {holding.table} SET {settings} WHERE {holding.rows}", theirs | values)
        case function:
            function(tx, subject)


def _restrict(tx: Transaction, holding: Holding, subject: Subject, years: float) -> int:
    """Copy what a grant needs to where only the auditors' command reads it."""
    columns = [name for (name,) in tx.values("SELECT name FROM pragma_table_info(?)", (holding.table,))]
    rows = tx.values(
        f"SELECT {', '.join(columns)} FROM {holding.table} WHERE {holding.rows}", {"person": subject.person}
    )
    name = next(iter(subject.names), "")
    for row in rows:
        record = {"table": holding.table} | dict(zip(columns, row, strict=True))
        tx.execute(
            "INSERT INTO restricted_records (evidence, person_name, record, restricted_at, kept_until)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                holding.evidence,
                name,
                msgspec.json.encode(record).decode(),
                subject.now,
                subject.now + timedelta(days=YEAR_DAYS * years),
            ),
        )
    return len(rows)


def _count(tx: Transaction, holding: Holding, erasure: Delete, theirs: Mapping[str, int]) -> None:
    """Keep how many there were, by month."""
    tx.execute(
        "INSERT INTO figures (name, month, number)"
        f" SELECT :name, substr({erasure.on}, 1, 7), count(*) FROM {holding.table}"
        f" WHERE ({holding.rows}) AND {erasure.only} GROUP BY 2"
        " ON CONFLICT (name, month) DO UPDATE SET number = figures.number + excluded.number",
        {**theirs, "name": erasure.counted},
    )
