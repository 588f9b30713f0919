"""How close a message is to every variant, put together from what its words' pieces were found to add before.

Up to the norm, closeness is linear in the message's terms, and the pieces of words, by far the most of them, come
word by word. Only a term that is there more than once adds less than it would by itself, 1 + log(count) times;
those few are corrected.
"""

from __future__ import annotations

import math

import numpy as np

from handlers.retrieval.features import Features, pieces_of, repeated
from handlers.retrieval.recall import recalled
from handlers.retrieval.vectors import Singles, Vectors, Vocabulary

# Whichever is less, so that the words' rows take up to 6 MB.
_WORDS, _FLOATS = 4096, 1_500_000


class Closeness:
    """The closeness of messages to the variants. Any number of threads may ask."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._of_word = recalled(min(_WORDS, _FLOATS // max(1, vectors.variants)))(self._add_up)

    def of(self, query: Features) -> Singles:
        """Return the query's closeness to each variant, 0 to 1."""
        vectors = self._vectors
        total = np.zeros(vectors.variants, np.float32)
        for vocabulary, terms in ((vectors.stems, query.stems + query.pairs), (vectors.senses, query.senses)):
            columns, squares = vocabulary.look_up(terms)
            if columns:
                summed = vectors.sum(columns)
                squares -= self._damp(summed, vocabulary, terms)
                total += summed * _over_length(squares)
        by_pieces, squares = np.zeros(vectors.variants, np.float32), 0.0
        for word in query.words:
            row, row_squares = self._of_word(word)
            by_pieces += row
            squares += row_squares
        squares -= self._damp(by_pieces, vectors.pieces, query.pieces)
        total += by_pieces * _over_length(squares)
        return total

    def _damp(self, summed: Singles, vocabulary: Vocabulary, terms: list[str]) -> float:
        """Take from a sum what repeated terms add too much; returns what to take from the squares."""
        too_much = 0.0
        for term, count in repeated(terms).items():
            columns, square = vocabulary.look_up([term])
            too_much += (count - (1 + math.log(count)) ** 2) * square
            for column in columns:
                places, weights = self._vectors.column(column)
                summed[places] -= np.float32(count - 1 - math.log(count)) * weights
        return too_much

    def _add_up(self, word: str) -> tuple[Singles, float]:
        """Return what a word's pieces add, and their squares."""
        columns, squares = self._vectors.pieces.look_up(pieces_of(word))
        return self._vectors.sum(columns), squares


def _over_length(squares: float) -> np.float32:
    return np.float32(1 / math.sqrt(squares)) if squares > 0 else np.float32(0)
