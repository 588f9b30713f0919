"""Groups of texts that say much the same: of twenty questions nobody could answer, which are one?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handlers.retrieval.fold import words
from handlers.retrieval.language import of_words
from handlers.retrieval.vectors import Vectors, read_all

ALIKE = 0.42
"""How close a text must be to the first of its group."""


def grouped(texts: Sequence[str], alike: float = ALIKE) -> list[list[str]]:
    """Return the texts in groups, the largest first; each group begins with its most typical text.

    Costs the square of the number of texts: a few hundred take some ten milliseconds.
    """
    kept = [text for text in texts if words(text)]
    if not kept:
        return []
    vectors = Vectors(read_all([_telling(text) for text in kept]), np.arange(len(kept)), len(kept))
    close = vectors.kernel()
    left = np.ones(len(kept), dtype=bool)
    groups: list[list[str]] = []
    while left.any():
        neighbours = (close >= alike) & left
        first = int(np.where(left, (close * neighbours).sum(axis=1), -1.0).argmax())
        members = neighbours[first]
        members[first] = True
        order = np.argsort(-close[first] * members, kind="stable")[: int(members.sum())]
        groups.append([kept[first], *(kept[at] for at in order.tolist() if at != first)])
        left &= ~members
    return sorted(groups, key=len, reverse=True)


def _telling(text: str) -> list[str]:
    """Return a text's words without those that every question has: of a few texts, all words are rare."""
    read = words(text)
    return [word for word in read if of_words([word]) is None] or read
