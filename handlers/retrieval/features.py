"""What is compared of a text: word stems and their pairs, and short pieces of words."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Container
from itertools import pairwise
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # a C extension without stubs

from handlers.retrieval.fold import words
from handlers.retrieval.language import Language, of_words

_PIECES = (2, 3, 4)


class Features(NamedTuple):
    """The counted terms of one text.

    Attributes:
        stems: Stems and pairs of neighbouring stems (joined by a blank).
        pieces: Runs of 2 to 4 characters inside words padded with blanks; they forgive typos and find the
            parts of German compounds.
    """

    stems: Counter[str]
    pieces: Counter[str]


class _Stemmers(threading.local):
    """A pair of stemmers for each thread: one stemmer must not be used by two at once."""

    def __init__(self) -> None:
        self.de = Stemmer.Stemmer("german")
        self.en = Stemmer.Stemmer("english")


_stemmers = _Stemmers()


def language_of(text: str) -> Language | None:
    """Return the language whose stemmer fits a text, or None when its function words don't tell."""
    return of_words(words(text))


def features(text: str, known: Container[str] = ()) -> Features:
    """Return the terms of a text.

    Args:
        text: What somebody wrote.
        known: Stems seen before. Where the language is open ("Schreibtisch Preis"), each word takes the
            stem that is known, German first.
    """
    folded = words(text)
    stems = _stems(folded, known)
    pairs = [f"{left} {right}" for left, right in pairwise(stems)]
    pieces: list[str] = []
    for word in folded:
        padded = f" {word} "
        for size in _PIECES:
            pieces += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return Features(Counter(stems + pairs), Counter(pieces))


def _stems(folded: list[str], known: Container[str]) -> list[str]:
    language = of_words(folded)
    if language == "de":
        return list(_stemmers.de.stemWords(folded))
    english = list(_stemmers.en.stemWords(folded))
    if language == "en":
        return english
    german = _stemmers.de.stemWords(folded)
    return [de if de in known or en not in known else en for de, en in zip(german, english, strict=True)]
