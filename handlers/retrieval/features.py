"""What is compared of a text: word stems and their pairs, and short pieces of words."""

from __future__ import annotations

import sys
import threading
from collections.abc import Container
from itertools import chain, pairwise
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]  # a C extension without stubs

from handlers.retrieval.language import of_words
from handlers.retrieval.recall import recalled

_PIECES = (2, 3, 4)


class Features(NamedTuple):
    """The terms of one text, each as often as it is there.

    Attributes:
        words: The folded words.
        stems: Their stems.
        pairs: Neighbouring stems, joined by a blank.
        pieces: Runs of 2 to 4 characters inside words padded with blanks; they forgive typos and find the
            parts of German compounds.
    """

    words: list[str]
    stems: list[str]
    pairs: list[str]
    pieces: list[str]


class _Word(NamedTuple):
    german: str
    english: str
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
    # Interned: the same few thousand pieces make up all words.
    pieces = [sys.intern(padded[at : at + size]) for size in _PIECES for at in range(len(padded) - size + 1)]
    return _Word(_stemmers.de.stemWord(word), _stemmers.en.stemWord(word), pieces)


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
    match of_words(words):
        case "de":
            stems = [german for german, _, _ in read]
        case "en":
            stems = [english for _, english, _ in read]
        case None:
            stems = [german if german in known or english not in known else english for german, english, _ in read]
    pairs = [f"{left} {right}" for left, right in pairwise(stems)]
    return Features(words, stems, pairs, list(chain.from_iterable([word.pieces for word in read])))


def repeated(terms: list[str]) -> dict[str, int]:
    """Return the terms that are there more than once, and how often."""
    seen: set[str] = set()
    add = seen.add
    counts: dict[str, int] = {}
    for term in [term for term in terms if term in seen or add(term)]:
        counts[term] = counts.get(term, 1) + 1
    return counts
