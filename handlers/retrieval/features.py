"""What is compared of a text: word stems and their pairs, what the words stand for, and short pieces of words."""

from __future__ import annotations

import sys
import threading
from collections.abc import Container
from itertools import chain, pairwise
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # a C extension without stubs

from handlers.retrieval.language import FUNCTION_WORDS, of_words
from handlers.retrieval.recall import recalled
from handlers.retrieval.senses import senses_of

_PIECES = (2, 3, 4)
FUNCTION_MARK = "~"
"""What pieces of function words begin with: they weigh less, and are no pieces of others."""


class Features(NamedTuple):
    """The terms of one text, each as often as it is there.

    Attributes:
        words: The folded words.
        stems: Their stems.
        pairs: Neighbouring stems, joined by a blank.
        senses: What the words stand for; one of no known sense, its stem.
        pieces: Runs of 2 to 4 characters inside words padded with blanks; they forgive typos and find the
            parts of German compounds.
    """

    words: list[str]
    stems: list[str]
    pairs: list[str]
    senses: list[str]
    pieces: list[str]


class _Word(NamedTuple):
    german: str
    english: str
    german_senses: tuple[str, ...]
    english_senses: tuple[str, ...]
    pieces: list[str]


class _Stemmers(threading.local):
    """A pair of stemmers for each thread: one stemmer must not be used by two at once."""

    def __init__(self) -> None:
        self.de = Stemmer.Stemmer("german")
        self.en = Stemmer.Stemmer("english")


_stemmers = _Stemmers()


@recalled(4096)
def _read(word: str) -> _Word:
    padded = f" {word} "
    mark = FUNCTION_MARK if word in FUNCTION_WORDS else ""
    # Interned: the same few thousand pieces make up all words.
    pieces = [
        sys.intern(mark + padded[at : at + size]) for size in _PIECES for at in range(len(padded) - size + 1)
    ]
    german, english = _stemmers.de.stemWord(word), _stemmers.en.stemWord(word)
    return _Word(german, english, senses_of(word, german), senses_of(word, english), pieces)


def forget_words() -> None:
    """Forget the words read so far; they are read anew when they come again."""
    _read.forget()


def pieces_of(word: str) -> list[str]:
    """Return the pieces of a folded word, a repeated one as often as it is there."""
    return _read(word).pieces


def features(words: list[str], known: Container[str] = ()) -> Features:
    """Return the terms of a text.

    Args:
        words: The text's folded words.
        known: Stems seen before. Where the language is open ("Schreibtisch Preis"), each word takes the
            stem that is known, German first.
    """
    read = [_read(word) for word in words]
    language = of_words(words)
    german = [
        language == "de" or (language is None and (word.german in known or word.english not in known))
        for word in read
    ]
    chosen = list(zip(read, german, strict=True))
    stems = [word.german if is_german else word.english for word, is_german in chosen]
    senses = [word.german_senses if is_german else word.english_senses for word, is_german in chosen]
    return Features(
        words,
        stems,
        [f"{left} {right}" for left, right in pairwise(stems)],
        list(chain.from_iterable(senses)),
        list(chain.from_iterable([word.pieces for word in read])),
    )


def repeated(terms: list[str]) -> dict[str, int]:
    """Return the terms that are there more than once, and how often."""
    seen: set[str] = set()
    add = seen.add
    counts: dict[str, int] = {}
    for term in [term for term in terms if term in seen or add(term)]:
        counts[term] = counts.get(term, 1) + 1
    return counts
