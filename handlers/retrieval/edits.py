"""Ways edited since an index was built: found at once, by closeness, until the next build takes them in."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from handlers.retrieval.features import Features
from handlers.retrieval.vectors import Floats, Vectors, Vocabulary

_BEST, _MEAN = 0.6, 0.4
_SHARPNESS = 12.0  # of closeness, where the built index has a regression
_CERTAIN = 0.8

Texts = Sequence[tuple[tuple[str, ...], str]]  # a variant's folded words, and its text


class Edits:
    """What replaces some keys of an index; immutable.

    Args:
        vectors: The index's own variants; their terms' weights are used.
        ways: Each edited key's variants; None where the key is removed.
    """

    def __init__(self, vectors: Vectors, ways: Mapping[str, Texts | None] | None = None) -> None:
        self._vectors, self._ways = vectors, dict(ways or {})
        self.keys = frozenset(self._ways)
        self._there = [key for key, texts in self._ways.items() if texts is not None]
        self._counts = np.array([len(self._ways[key] or ()) for key in self._there], np.intp)
        self._postings: dict[tuple[int, str], list[tuple[int, float]]] = {}
        number = 0
        for key in self._there:
            for folded, _ in self._ways[key] or ():
                for kind, terms in enumerate(self._terms(vectors.read(list(folded)))):
                    for term, weight in terms.items():
                        self._postings.setdefault((kind, term), []).append((number, weight))
                number += 1
        self._variants = number

    def having(self, key: str, texts: Texts | None) -> Edits:
        """Return these edits and one more."""
        return Edits(self._vectors, self._ways | {key: texts})

    def scores(self, query: Features, keys: list[str], scores: Floats) -> tuple[list[str], Floats]:
        """Return keys and scores with those of the edited ones in place of what the built index says of them."""
        closeness = np.zeros(max(self._variants, 1))
        for kind, terms in enumerate(self._terms(query)):
            for term, weight in terms.items():
                for number, theirs in self._postings.get((kind, term), ()):
                    closeness[number] += weight * theirs
        before = dict(zip(keys, scores.tolist(), strict=True))
        all_keys = [key for key in keys if key not in self.keys] + self._there
        kept = [before[key] for key in keys if key not in self.keys]
        rivals = max(kept, default=0.0)
        edited = []
        start = 0
        for key, count in zip(self._there, self._counts.tolist(), strict=True):
            own = closeness[start : start + count]
            start += count
            near = _BEST * float(own.max()) + _MEAN * float(own.mean())
            # As the regression would tell it from the others: by how much closer it is than they score.
            likely = _CERTAIN / (1 + math.exp(-_SHARPNESS * (near - max(rivals, 0.2)))) if near else 0.0
            learned = (near + likely) / 2 if near else 0.0
            edited.append(max(learned, min(before.get(key, 0.0), near + 0.4)))
        return all_keys, np.array(kept + edited)

    def _terms(self, read: Features) -> Iterable[dict[str, float]]:
        """Return the weights of a text's terms of each kind, of length 1 over all kinds."""
        vectors = self._vectors
        for vocabulary, terms in (
            (vectors.stems, read.stems + read.pairs),
            (vectors.senses, read.senses),
            (vectors.pieces, read.pieces),
        ):
            yield _weighted(vocabulary, terms)


def _weighted(vocabulary: Vocabulary, terms: list[str]) -> dict[str, float]:
    weights = {
        term: (1 + math.log(count)) * math.sqrt(vocabulary.look_up([term])[1])
        for term, count in Counter(terms).items()
    }
    length = math.sqrt(sum(weight**2 for weight in weights.values()) / vocabulary.share)
    return {term: weight / length for term, weight in weights.items()} if length else {}
