"""Finding entries, for those who look after them."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.faq import library
from handlers.faq.entries import Entry
from handlers.faq.keepers import may_keep, today
from handlers.retrieval.fold import words
from storage import faq
from storage.faq import EntryRow

LISTED = 5
INSIDE = 4
"""From so many letters on, a word is found inside others too: ``tisch`` in ``Schreibtisch``."""

Found = tuple[EntryRow, Entry]


def looked_after(ctx: Context) -> list[Found]:
    """Return all entries that the acting person looks after, retired ones too."""
    entries = ((row, library.from_json(row.content)) for row in faq.list_entries(ctx.tx))
    return [(row, entry) for row, entry in entries if may_keep(ctx, entry)]


def due_now(ctx: Context) -> list[Found]:
    """Return the live entries that are due for review, the longest due first."""
    day = today(ctx)
    found = [(row, entry) for row, entry in looked_after(ctx) if row.state == "live" and entry.due(day)]
    return sorted(found, key=lambda each: str(each[1].reviewed or ""))


def find(ctx: Context, text: str) -> list[Found]:
    """Return up to five entries for some words: whose titles have them all, and those that they ask for."""
    said, index = set(words(text)), ctx.house.knowledge.index
    mine = {entry.key: (row, entry) for row, entry in looked_after(ctx)}
    titled = [key for key, (_, entry) in mine.items() if said and _has_all(entry, said)]
    asked = [each.key for each in index.rank(text, 3 * LISTED) if each.score >= index.unsure]
    best = [key for key in asked if key in titled]
    return [mine[key] for key in dict.fromkeys((*best, *titled, *asked)) if key in mine][:LISTED]


def _has_all(entry: Entry, said: set[str]) -> bool:
    titles = (words(wording.title) for wording in entry.wordings.values())
    return any(all(any(_is_in(word, each) for each in title) for word in said) for title in titles)


def _is_in(word: str, longer: str) -> bool:
    return longer.startswith(word) or (len(word) >= INSIDE and word in longer)
