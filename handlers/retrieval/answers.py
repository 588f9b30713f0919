"""BM25 over the answers' texts: a question often uses words that only its answer holds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from handlers.retrieval.features import Features, features
from handlers.retrieval.fold import words
from handlers.retrieval.vectors import Floats

_K1, _B = 1.2, 0.75  # the usual saturation and length correction


class _Posting(NamedTuple):
    """One stem: how telling it is, in which answers it is, and what it adds to their scores."""

    idf: float
    places: list[int]
    values: list[float]


class Answers:
    """The answers, one a way; an empty one never scores."""

    def __init__(self, answers: Sequence[str]) -> None:
        self._size = len(answers)
        documents = [Counter(features(words(text)).stems) for text in answers]
        lengths = [sum(terms.values()) for terms in documents]
        average = sum(lengths) / max(1, sum(map(bool, lengths))) or 1.0
        frequency = Counter(term for terms in documents for term in terms)
        self._unknown_idf = _idf(0, self._size)
        self._postings = {term: _Posting(_idf(count, self._size), [], []) for term, count in frequency.items()}
        for at, (terms, length) in enumerate(zip(documents, lengths, strict=True)):
            for term, count in terms.items():
                damped = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / average))
                posting = self._postings[term]
                posting.places.append(at)
                posting.values.append(posting.idf * damped)

    def scores(self, query: Features) -> Floats:
        """Return BM25 over its possible maximum, 0 to 1, for each answer; shape (answers,)."""
        places: list[int] = []
        values: list[float] = []
        most = 0.0
        for stem in set(query.stems):
            posting = self._postings.get(stem)
            if posting is None:
                most += self._unknown_idf
            else:
                most += posting.idf
                places += posting.places
                values += posting.values
        if not places:
            return np.zeros(self._size)
        return np.bincount(places, values, minlength=self._size) / (most * (_K1 + 1))


def _idf(count: int, size: int) -> float:
    return math.log(1 + (size - count + 0.5) / (count + 0.5))
