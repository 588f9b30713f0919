"""A person's name in messages to others: found, and taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from storage import outbox
from storage.personal import SHORTEST_NAME, Subject, named_in
from storage.rows import Transaction

STAND_IN = "…"
_READ = frozenset({"alt", "hint", "items", "label", "summary", "text", "title"})
"""What people read of a stored message or form; all else in it is ours, and no name may change it."""

_MENTION = ("person", "text")


class _Names(NamedTuple):
    """How to find somebody: as a mention, and as words.

    Attributes:
        full: Names of several words, and @handles: nothing else is called so.
        every: Single words as well, which may be words like any other ("Platz"). What others still get to read is
            not changed for them, unless it mentions the person.
    """

    person: int
    full: re.Pattern[str]
    every: re.Pattern[str]


def take_out(tx: Transaction, subject: Subject) -> int:
    """Take a person out of what was said to others and is kept, and edit where it stands; returns how many."""
    named = [name for name in subject.names if len(name) >= SHORTEST_NAME]
    full = [name for name in named if " " in name or name.startswith("@")]
    names = _Names(subject.person, _pattern(full), _pattern(named))
    theirs = {"person": subject.person}
    changed = 0
    for table, key, column in (("deliveries", "key", "answer"), ("forms", "instance", "payload")):
        for row, stored in tx.values(f"SELECT {key}, {column} FROM {table} WHERE {named_in(column)}", theirs):
            without = _without(stored, names)
            changed += tx.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (without, row))
    waiting = "state IN ('pending', 'sending', 'unknown')"
    for row, stored, waits in tx.values(
        f"SELECT id, payload, {waiting} FROM outbox WHERE {named_in('payload')}", theirs
    ):
        without = _without(stored, names)
        if without != stored:
            _edit(tx, row, without, subject)
        kept = without if waits else _without(without, names, names.every)  # nobody reads that any more
        changed += tx.execute("UPDATE outbox SET payload = ? WHERE id = ?", (kept, row))
    return changed


def _edit(tx: Transaction, row: int, payload: str, subject: Subject) -> None:
    """Have a sent message say this now, unless a later one replaced it, or one person alone saw it pass."""
    edit = tx.insert(
        "INSERT INTO outbox (key, chat_id, thread, edits, lane, payload, not_before, created_at)"
        " SELECT 'erased:' || o.id, o.chat_id, o.thread, coalesce(nullif(o.edits, ''), o.ref), 1, :payload,"
        " :now, :now"
        " FROM outbox o WHERE o.id = :row AND o.state = 'sent' AND o.audience = ''"
        " AND (o.edits <> '' OR (o.ref <> '' AND o.ref_kind = 'text'))"
        " AND NOT EXISTS (SELECT 1 FROM outbox later WHERE later.chat_id = o.chat_id AND later.id > o.id"
        " AND later.edits = coalesce(nullif(o.edits, ''), o.ref) AND later.payload <> '')"
        " ON CONFLICT (key) DO NOTHING",
        {"row": row, "payload": payload, "now": subject.now},
    )
    if edit:
        outbox.announce_row(tx, edit)


def _without(stored: str, names: _Names, words: re.Pattern[str] | None = None) -> str:
    if words is None:
        mentioned = re.search(rf'"person":{names.person}[,}}]', stored)
        words = names.every if mentioned else names.full

    def cleaned(value: Any, read: bool) -> Any:
        if isinstance(value, dict):
            if value.get("person") == names.person:
                return {"text": STAND_IN, **{name: each for name, each in value.items() if name not in _MENTION}}
            return {name: cleaned(each, name in _READ) for name, each in value.items()}
        if isinstance(value, list):
            return [cleaned(each, read) for each in value]
        return words.sub(STAND_IN, value) if read and isinstance(value, str) else value

    return msgspec.json.encode(cleaned(msgspec.json.decode(stored), False)).decode()


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Match the names as words of their own, the longest first; without any, nothing."""
    words = "|".join(map(re.escape, sorted(set(names), key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else r"(?!)")
