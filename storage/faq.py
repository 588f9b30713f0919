"""The answers: entries with every version they had. What an entry holds is the feature's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from storage.merging import hand_over
from storage.personal import N_, Clear, Holding
from storage.rows import Row, Transaction, columns

State = Literal["live", "retired"]
What = Literal["imported", "added", "edited", "reviewed", "retired", "restored", "undone"]


class EntryRow(Row, frozen=True):
    """An entry as it stands.

    Attributes:
        topic: The file that it is exported to, without its ending.
        place: Where in the file.
        state: ``live``, or ``retired`` and given to nobody.
        content: The entry, as JSON.
        version: The number of its latest version.
    """

    id: str
    topic: str
    place: int
    state: State
    content: str
    version: int
    changed_at: datetime


class Version(Row, frozen=True):
    """What an entry was after a change."""

    entry_id: str
    number: int
    what: What
    state: State
    content: str
    author_id: int | None
    made_at: datetime


class EntriesChanged(Struct, frozen=True):
    """Entries are other than before: announced, so that the index follows."""

    ids: tuple[str, ...]


_COLUMNS = columns(EntryRow)

PERSONAL = (
    Holding("faq_entries", N_("The answers"), purpose=N_("to answer questions"), kept=N_("for good")),
    Holding(
        "faq_versions",
        N_("Answers you wrote or changed for the team"),
        purpose=N_("so that the team knows who changed what, and can undo it"),
        kept=N_("as long as the answer, without your name once you are deleted"),
        rows="author_id = :person",
        shown={"made_at": N_("When"), "entry_id": N_("Which answer"), "what": N_("What")},
        erasure=Clear({"author_id": None}),
        stays=("content",),
    ),
    Holding(
        "faq_files",
        N_("The files that the answers came from"),
        purpose=N_("to give them back unchanged"),
        kept=N_("for good"),
    ),
)


def get_entry(tx: Transaction, entry_id: str) -> EntryRow | None:
    """By its id, retired or not."""
    return tx.one(EntryRow, f"SELECT {_COLUMNS} FROM faq_entries WHERE id = ?", (entry_id,))


def list_entries(tx: Transaction, ids: Sequence[str] = ()) -> list[EntryRow]:
    """All entries, retired ones too, in the order of their files; or those with some ids."""
    only = f" WHERE id IN ({', '.join('?' * len(ids))})" if ids else ""
    return tx.all(EntryRow, f"SELECT {_COLUMNS} FROM faq_entries{only} ORDER BY topic, place, id", tuple(ids))


def has_entries(tx: Transaction) -> bool:
    """Were answers ever read from a content pack, or written?"""
    return bool(tx.value("SELECT EXISTS (SELECT 1 FROM faq_entries)"))


def add_entry(
    tx: Transaction,
    entry_id: str,
    topic: str,
    content: str,
    now: datetime,
    *,
    what: What = "added",
    author_id: int | None = None,
    place: int | None = None,
) -> EntryRow | None:
    """Add an entry, last in its file unless a place is given; None if the id is taken."""
    added = tx.one(
        EntryRow,
        "INSERT INTO faq_entries (id, topic, place, content, changed_at) VALUES (?, ?,"
        " coalesce(?, (SELECT coalesce(max(place) + 1, 0) FROM faq_entries WHERE topic = ?)), ?, ?)"
        f" ON CONFLICT DO NOTHING RETURNING {_COLUMNS}",
        (entry_id, topic, place, topic, content, now),
    )
    return added and _noted(tx, added, what, author_id)


def mark_changed_if_version(
    tx: Transaction,
    entry_id: str,
    version: int,
    content: str,
    now: datetime,
    *,
    what: What = "edited",
    state: State = "live",
    author_id: int | None = None,
) -> EntryRow | None:
    """Give an entry a new version; None if somebody else changed it since that version."""
    changed = tx.one(
        EntryRow,
        "UPDATE faq_entries SET content = ?, state = ?, version = version + 1, changed_at = ?"
        f" WHERE id = ? AND version = ? RETURNING {_COLUMNS}",
        (content, state, now, entry_id, version),
    )
    return changed and _noted(tx, changed, what, author_id)


def mark_placed(tx: Transaction, entry_id: str, topic: str, place: int) -> None:
    """Say in which file an entry stands, and where."""
    tx.execute("UPDATE faq_entries SET topic = ?, place = ? WHERE id = ?", (topic, place, entry_id))


def list_versions(tx: Transaction, entry_id: str, limit: int = 10) -> list[Version]:
    """What an entry was, the latest first."""
    return tx.all(
        Version,
        f"SELECT {columns(Version)} FROM faq_versions WHERE entry_id = ? ORDER BY number DESC LIMIT ?",
        (entry_id, limit),
    )


def get_version(tx: Transaction, entry_id: str, number: int) -> Version | None:
    """What an entry was after a change."""
    return tx.one(
        Version,
        f"SELECT {columns(Version)} FROM faq_versions WHERE entry_id = ? AND number = ?",
        (entry_id, number),
    )


def mark_file(tx: Transaction, topic: str, content: str) -> None:
    """Keep a file's text as it is."""
    tx.execute(
        "INSERT INTO faq_files (topic, content) VALUES (?, ?)"
        " ON CONFLICT (topic) DO UPDATE SET content = excluded.content",
        (topic, content),
    )


def list_files(tx: Transaction) -> dict[str, str]:
    """The files' texts by topic."""
    return dict(tx.values("SELECT topic, content FROM faq_files ORDER BY topic"))


def remove_file(tx: Transaction, topic: str) -> None:
    """Forget a file that is no more."""
    tx.execute("DELETE FROM faq_files WHERE topic = ?", (topic,))


def list_imported(tx: Transaction) -> frozenset[str]:
    """The ids of all entries that ever came from a file."""
    rows = tx.values("SELECT DISTINCT entry_id FROM faq_versions WHERE what = 'imported'")
    return frozenset(entry_id for (entry_id,) in rows)


def list_contents(tx: Transaction) -> list[str]:
    """What the entries ever were, each once."""
    return [content for (content,) in tx.values("SELECT DISTINCT content FROM faq_versions")]


def merge_authors(tx: Transaction, kept: int, gone: int) -> None:
    """Two persons are one: what the second wrote is the first's."""
    hand_over(tx, "faq_versions", "author_id", kept, gone)


def _noted(tx: Transaction, entry: EntryRow, what: What, author_id: int | None) -> EntryRow:
    tx.execute(
        "INSERT INTO faq_versions (entry_id, number, what, state, content, author_id, made_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (entry.id, entry.version, what, entry.state, entry.content, author_id, entry.changed_at),
    )
    tx.announce(EntriesChanged((entry.id,)))
    return entry
