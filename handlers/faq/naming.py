"""Names around entries: an id from a title, a title from a question, and people's names."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import structs

from handlers.core.context import NOBODY, Context, mention
from handlers.core.ui import Text
from handlers.faq.entries import MAX_TITLE
from handlers.retrieval.fold import words
from storage import faq, people
from storage.rows import Transaction

ID_LENGTH = 22
"""Less than an id may have, so that a number fits behind it."""

SHORTEST_NAME = 3
_LETTERS = re.compile(r"[^\W\d_]+")


def free_id(tx: Transaction, title: str) -> str:
    """Return an id that says what an entry is about and that none has yet."""
    name = ""
    for word in words(title):
        longer = f"{name}-{word}" if name else word[:ID_LENGTH]
        if len(longer) > ID_LENGTH:
            break
        name = longer
    name = name or "answer"
    free, number = name, 1
    while faq.get_entry(tx, free):
        number += 1
        free = f"{name}-{number}"
    return free


def title_from(question: str) -> str:
    """Return a question cut to what fits on a button, at the end of a word."""
    text = " ".join(question.split()).rstrip(" ?!.")
    if len(text) >= MAX_TITLE:
        text = text[: MAX_TITLE - 1].rpartition(" ")[0] or text[: MAX_TITLE - 1]
    return f"{text[:1].upper()}{text[1:].rstrip(' ,;:')}?"


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Return those of the names of which a part stands in a text as a word."""
    said = set(_LETTERS.findall(text.casefold()))
    return [name for name in dict.fromkeys(names) if not said.isdisjoint(_parts(name))]


def _parts(name: str) -> list[str]:
    return [part for part in _LETTERS.findall(name.casefold()) if len(part) >= SHORTEST_NAME]


def called(ctx: Context, person_id: int | None) -> Text:
    """Return a person as a mention, or a stand-in for somebody who asked to be forgotten."""
    known = people.get_person(ctx.tx, person_id) if person_id else None
    return (mention(known or structs.replace(NOBODY, name=ctx.t.label("somebody"))),)
