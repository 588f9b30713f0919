"""Typing errors: an unknown word that is one slip away from a known one is read as that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from handlers.retrieval.language import FUNCTION_WORDS
from handlers.retrieval.recall import recalled
from handlers.retrieval.senses import WORDS

_SHORTEST = 5  # letters; of shorter words too many are one letter apart ("book", "look")
_SHORTEST_SWAPPED = 4  # but two swapped letters hardly ever make another word
_RECALLED = 1024


class Spelling:
    """Puts right words that are mistyped by one letter or two swapped ones; the first letter is never wrong.

    Args:
        texts: The folded words of all known texts.
        others: Words that are right as well, but that nothing is changed to.
    """

    def __init__(self, texts: Iterable[list[str]], others: Iterable[str] = ()) -> None:
        self._often = Counter(word for text in texts for word in text)
        self._right = frozenset(others) | FUNCTION_WORDS | WORDS
        self._alike: dict[tuple[str, int], list[str]] = {}
        for word in {*self._often, *FUNCTION_WORDS, *WORDS}:
            if len(word) >= _SHORTEST_SWAPPED and word.isalpha():
                self._alike.setdefault((word[0], len(word)), []).append(word)
        self._put_right = recalled(_RECALLED)(self._find)

    def put_right(self, words: list[str]) -> list[str]:
        """Return folded words with what is mistyped put right."""
        often, right = self._often, self._right
        return [
            word
            if word in often or word in right or len(word) < _SHORTEST_SWAPPED or not word.isalpha()
            else self._put_right(word)
            for word in words
        ]

    def _find(self, word: str) -> str:
        size = len(word)
        lengths = (size - 1, size, size + 1) if size >= _SHORTEST else (size,)
        near = [
            known
            for length in lengths
            for known in self._alike.get((word[0], length), ())
            if _is_slip(word, known, swapped_only=size < _SHORTEST)
        ]
        return max(near, key=lambda known: (self._often[known], known)) if near else word


def _is_slip(typed: str, known: str, *, swapped_only: bool = False) -> bool:
    """Say whether two different words are a letter more, less or other, or two swapped letters apart."""
    at = 0
    for left, right in zip(typed, known, strict=False):
        if left != right:
            break
        at += 1
    if len(typed) == len(known):
        swapped = typed[at : at + 2] == known[at : at + 2][::-1] and typed[at + 2 :] == known[at + 2 :]
        return swapped or (not swapped_only and typed[at + 1 :] == known[at + 1 :])
    return typed[at + 1 :] == known[at:] if len(typed) > len(known) else typed[at:] == known[at + 1 :]
