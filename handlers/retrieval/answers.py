"""BM25 over the answers' texts: a question often uses words that only its answer holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from handlers.retrieval.features import Features, features
from handlers.retrieval.fold import words
from handlers.retrieval.vectors import Floats

_K1, _B = 1.2, 0.75  # the usual saturation and length correction


class Answers:
    """The answers, one a way; an empty one never scores."""

    def __init__(self, answers: Sequence[str]) -> None:
        self._size = len(answers)
        documents = [Counter(features(words(text)).stems) for text in answers]
        lengths = [sum(terms.values()) for terms in documents]
        average = sum(lengths) / max(1, sum(map(bool, lengths))) or 1.0
        frequency = Counter(term for terms in documents for term in terms)
        self._idf = {term: _idf(count, self._size) for term, count in frequency.items()}
        self._unknown_idf = _idf(0, self._size)
        self._postings: dict[str, tuple[list[int], list[float]]] = {term: ([], []) for term in frequency}
        for at, (terms, length) in enumerate(zip(documents, lengths, strict=True)):
            for term, count in terms.items():
                damped = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / average))
                places, values = self._postings[term]
                places.append(at)
                values.append(self._idf[term] * damped)

    def scores(self, query: Features) -> Floats:
        """Return BM25 over its possible maximum, 0 to 1, for each answer; shape (answers,)."""
        places: list[int] = []
        values: list[float] = []
        best = 0.0
        for stem in set(query.stems):
            best += self._idf.get(stem, self._unknown_idf) * (_K1 + 1)
            if stem in self._postings:
                ways, scores = self._postings[stem]
                places += ways
                values += scores
        if not places:
            return np.zeros(self._size)
        return np.bincount(places, values, minlength=self._size) / best


def _idf(count: int, size: int) -> float:
    return math.log(1 + (size - count + 0.5) / (count + 0.5))
