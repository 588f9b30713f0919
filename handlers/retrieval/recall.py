"""Recall of what was found out about a word: texts are all different, but their words come again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")

_LONGEST = 40  # what is longer is no word, and thousands of them would fill the memory


class Recalled(Generic[T]):
    """A function of a word that keeps its results for the words used last; any thread may call it."""

    def __init__(self, find_out: Callable[[str], T], size: int) -> None:
        self._find_out = find_out
        self._kept = lru_cache(size)(find_out)

    def __call__(self, word: str) -> T:
        return self._kept(word) if len(word) <= _LONGEST else self._find_out(word)

    def forget(self) -> None:
        """Start anew: what was asked for in bulk need not stay in memory."""
        self._kept.cache_clear()


def recalled(size: int) -> Callable[[Callable[[str], T]], Recalled[T]]:
    """Return a decorator that makes a function :class:`Recalled`.

    Args:
        size: How many words to keep.
    """
    return lambda find_out: Recalled(find_out, size)
