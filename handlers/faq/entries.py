"""The FAQ's entries: a question with its answer, in one language or two, and for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from handlers.core.markup import parse_markup
from handlers.core.ui import plain
from handlers.retrieval.index import Way

Audience = Literal["public", "members", "direct"]
Owner = Literal["manager", "project", "lead"]

MAX_ID = 27  # characters, so that an entry's buttons with a question of ten digits fit Telegram's 64 bytes
MAX_TITLE = 40  # characters that fit on a "did you mean" button
MAX_ANSWER = 450
REVIEWED_FOR = timedelta(days=365)
"""After this long somebody looks again whether an answer still holds, unless the entry says otherwise."""

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\[\[(?:AUSFÜLLEN|TO FILL IN): (?P<missing>[^\[\]]+)\]\]")


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry in one language.

    Attributes:
        title: The question, as it stands on a button.
        ask: Ways to ask it, as people do.
        answer: The answer in our little markup, or a placeholder where the fact is missing.
    """

    title: str
    ask: tuple[str, ...]
    answer: str

    @property
    def missing(self) -> str:
        """What the hub has still to fill in; empty once the answer is there."""
        found = _PLACEHOLDER.fullmatch(self.answer.strip())
        return found["missing"] if found else ""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question with its answer.

    Attributes:
        id: Names the entry for good: lower-case letters, digits and hyphens.
        de: The entry in German; one of the two languages may be missing.
        en: The entry in English.
        audience: Who gets the answer: ``public`` everybody; ``members`` people of the hub, in no group that
            others read; ``direct`` people of the hub, and in their direct chat alone: a door code.
        owner: The role that keeps the answer true.
        as_of: When the fact was true, a year or a day; said below the answer.
        reviewed: When somebody last looked whether it still is; None: never.
        review_by: When somebody has to look again.
        picture: The name of a drawing in ``pictures/`` that goes with the answer.
    """

    id: str
    de: Wording | None = None
    en: Wording | None = None
    audience: Audience = "public"
    owner: Owner = "manager"
    as_of: int | date | None = None
    reviewed: date | None = None
    review_by: date | None = None
    picture: str | None = None

    @property
    def key(self) -> str:
        """The entry's key in the index of all that can be asked for."""
        return f"faq:{self.id}"

    @property
    def wordings(self) -> dict[str, Wording]:
        """The entry by language, in those that it has."""
        return {name: each for name, each in (("de", self.de), ("en", self.en)) if each is not None}

    @property
    def filled(self) -> bool:
        """Whether the hub has given the fact in some language; otherwise the question goes to a person."""
        return bool(self.given)

    @property
    def given(self) -> dict[str, Wording]:
        """The wordings by language whose answer the hub has given."""
        return {language: each for language, each in self.wordings.items() if not each.missing}

    @property
    def titles(self) -> dict[str, str]:
        """The question by language; where one is missing, the other stands in."""
        return {language: self.wording(language).title for language in ("de", "en")}

    def wording(self, language: str) -> Wording:
        """Return the entry in a language, ``de`` or ``en``; in the other one where it is missing."""
        wording = self.wordings.get(language) or self.de or self.en
        if wording is None:
            raise ValueError(f"the entry {self.id} has no text")
        return wording

    def answer(self, language: str) -> str:
        """Return the answer in a language; in the other one where it is missing."""
        given = self.given.get(language) or next(iter(self.given.values()), None) or self.wording(language)
        return given.answer.strip()

    def due(self, today: date) -> bool:
        """Is it time that somebody looks whether the answer still holds?"""
        if self.review_by is not None:
            return self.review_by <= today
        return self.reviewed is None or self.reviewed + REVIEWED_FOR <= today


def way(entry: Entry) -> Way:
    """Return the ways to ask for an entry, both languages in one; an unfilled one's too, so that it hands over."""
    wordings = entry.wordings.values()
    return Way(
        entry.key,
        tuple(ask for each in wordings for ask in (each.title, *each.ask)),
        "\n".join(plain(parse_markup(each.answer)) for each in entry.given.values()),
    )


def ways(entries: Sequence[Entry]) -> list[Way]:
    """Return the ways to ask for each of the entries."""
    return [way(entry) for entry in entries]
