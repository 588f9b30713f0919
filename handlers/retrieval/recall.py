"""Recall of what was found out about a word: texts are all different, but their words come again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

_LONGEST = 40  # what is longer is no word, and thousands of them would fill the memory


def recalled(size: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Return a decorator that keeps a function's results for the words used last; any thread may call it.

    Args:
        size: How many words to keep.
    """

    def decorate(find_out: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(size)(find_out)

        def recall(word: str) -> T:
            return kept(word) if len(word) <= _LONGEST else find_out(word)

        return recall

    return decorate
