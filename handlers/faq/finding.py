"""Finding entries, for those who look after them."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.faq import library
from handlers.faq.drafting import may_keep, today
from handlers.faq.entries import Entry
from handlers.retrieval.fold import words
from storage import faq
from storage.faq import EntryRow

LISTED = 5

Found = tuple[EntryRow, Entry]


def due_now(ctx: Context) -> list[Found]:
    """Return the live entries that are due for review, the longest due first."""
    day = today(ctx)
    found = [(row, entry) for row, entry in looked_after(ctx) if row.state == "live" and entry.due(day)]
    return sorted(found, key=lambda each: str(each[1].reviewed or ""))


def looked_after(ctx: Context) -> list[Found]:
    """Return all entries that the acting person looks after, retired ones too."""
    entries = ((row, library.from_json(row.content)) for row in faq.list_entries(ctx.tx))
    return [(row, entry) for row, entry in entries if may_keep(ctx, entry)]


def _beginnings(title: str, said: set[str]) -> set[str]:
    """The words that were said, of those that begin a word of a title."""
    return {word for word in said if any(each.startswith(word) for each in words(title))}


def find(ctx: Context, text: str) -> list[Found]:
    """Return up to five entries for some words: whose title has them all, then those that they ask for."""
    said = set(words(text))
    mine = {entry.key: (row, entry) for row, entry in looked_after(ctx)}
    titled = [
        key
        for key, (_, entry) in mine.items()
        if said and any(said <= _beginnings(each.title, said) for each in entry.wordings.values())
    ]
    ranked = [each.key for each in ctx.house.knowledge.index.rank(text, 3 * LISTED)]
    return [mine[key] for key in dict.fromkeys((*titled, *ranked)) if key in mine][:LISTED]
