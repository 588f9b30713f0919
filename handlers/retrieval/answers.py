"""BM25 over the answers' texts: a question often uses words that only its answer holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from handlers.retrieval.features import Features, features
from handlers.retrieval.vectors import Floats

_K1, _B = 1.2, 0.75  # the usual saturation and length correction


class Answers:
    """The answers, one a way; an empty one never scores."""

    def __init__(self, answers: Sequence[str]) -> None:
        self._size = len(answers)
        documents = [_single_stems(features(text)) for text in answers]
        lengths = [sum(terms.values()) for terms in documents]
        average = sum(lengths) / max(1, sum(map(bool, lengths))) or 1.0
        frequency = Counter(term for terms in documents for term in terms)
        self._idf = {term: _idf(count, self._size) for term, count in frequency.items()}
        self._unknown_idf = _idf(0, self._size)
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for at, (terms, length) in enumerate(zip(documents, lengths, strict=True)):
            for term, count in terms.items():
                damped = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / average))
                self._postings.setdefault(term, []).append((at, self._idf[term] * damped))

    def scores(self, query: Features) -> Floats:
        """Return BM25 over its possible maximum, 0 to 1, for each answer; shape (answers,)."""
        found = np.zeros(self._size)
        best = 0.0
        for term in _single_stems(query):
            best += self._idf.get(term, self._unknown_idf) * (_K1 + 1)
            for at, value in self._postings.get(term, ()):
                found[at] += value
        return found / best if best else found


def _single_stems(read: Features) -> dict[str, int]:
    return {term: count for term, count in read.stems.items() if " " not in term}


def _idf(count: int, size: int) -> float:
    return math.log(1 + (size - count + 0.5) / (count + 0.5))
