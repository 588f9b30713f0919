"""The entries as they stand in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from handlers.core.context import Context
from handlers.core.ui import Text
from handlers.faq.content import ContentFile
from handlers.faq.entries import Entry, way
from handlers.retrieval.index import Way
from storage import faq, faq_drafts
from storage.faq import EntryRow
from storage.rows import Transaction


def to_json(entry: Entry) -> str:
    """Return an entry as the store keeps it."""
    return msgspec.json.encode(entry).decode()


@lru_cache(2048)
def from_json(content: str) -> Entry:
    """Return the entry that the store keeps so."""
    return msgspec.json.decode(content, type=Entry)


def find(tx: Transaction, entry_id: str) -> EntryRow | None:
    """Return the row of an entry that is given to people; None if there is none, or it is retired."""
    row = faq.get_entry(tx, entry_id)
    return row if row and row.state == "live" else None


def live(tx: Transaction, ids: Sequence[str] = ()) -> list[Entry]:
    """Return the entries that are given to people: all, or those with some ids."""
    return [from_json(row.content) for row in faq.list_entries(tx, ids) if row.state == "live"]


def ways(tx: Transaction, ids: Sequence[str] = ()) -> list[Way]:
    """Return the ways to ask for the entries that are given to people: all, or those with some ids."""
    return [way(entry) for entry in live(tx, ids)]


def merged(ctx: Context, kept: int, gone: int) -> tuple[Text, ...]:
    """Two persons are one: hand over what they wrote."""
    faq.merge_authors(ctx.tx, kept, gone)
    faq_drafts.merge_drafts(ctx.tx, kept, gone)
    return ()


def first_import(tx: Transaction, files: Sequence[ContentFile], now: datetime) -> bool:
    """Put a content pack's entries into a store that has none; False if it has."""
    if faq.has_entries(tx):
        return False
    for file in files:
        faq.mark_file(tx, file.topic, file.text)
        for place, entry in enumerate(file.entries):
            faq.add_entry(tx, entry.id, file.topic, to_json(entry), now, what="imported", place=place)
    return True
