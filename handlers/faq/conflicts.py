"""What new ways to ask do to the answers that are there: what they double, come close to, and take away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from handlers.core.context import Context
from handlers.core.features import Registry
from handlers.faq import library
from handlers.faq.entries import Entry, way
from handlers.retrieval.fold import words
from handlers.retrieval.index import Ranked, Verdict
from storage import faq

MOST_TRIED = 12
"""So many ways to ask are compared with what is known: each takes about a millisecond."""

MOST_TAKEN = 3

Folded = tuple[str, ...]


class Close(NamedTuple):
    """What is closest to a draft: its key and title, and whether it answers the same questions already."""

    key: str
    title: str
    answers: bool


class Taken(NamedTuple):
    """A known way to ask that a draft would take from another entry, called ``title``."""

    text: str
    title: str


def folded(text: str) -> Folded:
    """Return a text as it is compared: two that are the same then can't be told apart."""
    return tuple(words(text))


@lru_cache(2048)
def asked(content: str) -> frozenset[Folded]:
    """Return all ways to ask for an entry, given as its JSON, titles too."""
    return frozenset(map(folded, way(library.from_json(content)).variants))


@lru_cache(1)
def _done(registry: Registry) -> dict[Folded, str]:
    """The ways to ask for what the features do, and the key of each."""
    return {folded(variant): each.key for each in registry.ways for variant in each.variants}


def leads_to(ctx: Context, texts: Sequence[str], entry_id: str) -> dict[str, str]:
    """Return those of the texts that lead to something else than the entry already, and what that is called."""
    done = _done(ctx.house.registry)
    found: dict[str, str] = {}
    others = [row for row in faq.list_entries(ctx.tx) if row.state == "live" and row.id != entry_id]
    for text in texts:
        form = folded(text)
        row = next((row for row in others if form in asked(row.content)), None)
        if row:
            found[text] = library.from_json(row.content).titles[ctx.language]
        elif form in done:
            found[text] = title(ctx, done[form])
    return found


def closest(ctx: Context, key: str, texts: Sequence[str]) -> Close | None:
    """Return what else fits the texts best by now; None if nothing does."""
    index = ctx.house.knowledge.index
    best: tuple[float, list[Ranked]] = (0.0, [])
    for text in texts[:MOST_TRIED]:
        others = [each for each in index.rank(text) if each.key != key and title(ctx, each.key)]
        if others and others[0].score > best[0]:
            best = (others[0].score, others)
    if not best[1]:
        return None
    first = best[1][0].key
    verdict = index.judge(best[1])
    return Close(first, title(ctx, first), verdict == "answer") if verdict != "unknown" else None


def taken_away(ctx: Context, key: str, texts: Sequence[str]) -> list[Taken]:
    """Return which known ways to ask for other things the texts would take away, as ways to ask for a key."""
    index = ctx.house.knowledge.index
    found: dict[str, Taken] = {}
    for text in texts[:MOST_TRIED]:
        for variant, own in index.taken_away(text, key):
            found.setdefault(variant, Taken(variant, title(ctx, own)))
    return [each for each in found.values() if each.title][:MOST_TAKEN]


def ranked_with(ctx: Context, entry: Entry, text: str) -> tuple[Verdict, list[Ranked]]:
    """Return what a text would mean if an entry were as it is here."""
    index = ctx.house.knowledge.index.replaced(entry.key, [way(entry)])
    ranked = index.rank(text)
    return index.judge(ranked), ranked


def title(ctx: Context, key: str) -> str:
    """What something that can be asked for is called; empty where it is never offered."""
    intent = ctx.house.registry.intent(ctx, key)
    if intent and intent.titles:
        return intent.titles[ctx.language]
    name, _, entry_id = key.partition(":")
    row = faq.get_entry(ctx.tx, entry_id) if name == "faq" else None
    return library.from_json(row.content).titles[ctx.language] if row else ""
