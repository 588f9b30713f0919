"""How close a message is to every variant, put together from what its words were found to add before.

Up to the norm, closeness is linear in the message's terms, and so are the values that a way's regression is made of.
So the two are summed as one row: a value for each variant, then one for each way. Only a term that is there more than
once adds less than it would by itself, 1 + log(count) times; those few are corrected.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from handlers.retrieval.features import Features, pieces_of, repeated
from handlers.retrieval.recall import recalled
from handlers.retrieval.vectors import Places, Singles, Vectors, Vocabulary

Linear = Callable[[Places | slice, Singles], Singles]

# Whichever is less, so that the words' rows take up to 8 MB, and all the rest about half of that.
_WORDS, _FLOATS = 4096, 2_000_000


class Closeness:
    """The closeness of messages to the variants. Any number of threads may ask.

    Args:
        vectors: The variants.
        ways: How many values for ways there are.
        linear: Returns them for some closeness.
    """

    def __init__(self, vectors: Vectors, ways: int, linear: Linear) -> None:
        self._vectors, self._linear = vectors, linear
        self._variants, self._width = vectors.variants, vectors.variants + ways
        rows = min(_WORDS, _FLOATS // max(1, self._width))
        self._of_word = recalled(rows)(self._add_up)
        self._of_term = lru_cache(rows // 4)(self._add_up_term)

    def of(self, query: Features) -> tuple[Singles, Singles]:
        """Return the query's closeness to each variant, 0 to 1, and the linear values for each way."""
        vectors = self._vectors
        total = np.zeros(self._width, np.float32)
        for vocabulary, terms in (
            (vectors.stems, query.stems + query.pairs),
            (vectors.senses, query.senses),
        ):
            columns, squares = vocabulary.look_up(terms)
            summed = np.zeros(self._width, np.float32)
            for column in columns:
                summed += self._of_term(column)
            squares -= self._damp(summed, vocabulary, terms)
            total += summed * np.float32(1 / math.sqrt(max(squares, 1e-12)))

        by_pieces, squares = np.zeros(self._width, np.float32), 0.0
        for word in query.words:
            row, row_squares = self._of_word(word)
            by_pieces += row
            squares += row_squares
        squares -= self._damp(by_pieces, vectors.pieces, query.pieces)
        total += by_pieces * np.float32(1 / math.sqrt(max(squares, 1e-12)))
        return total[: self._variants], total[self._variants :]

    def _damp(self, summed: Singles, vocabulary: Vocabulary, terms: list[str]) -> float:
        """Take from a sum what repeated terms add too much; returns what to take from the squares."""
        too_much = 0.0
        for term, count in repeated(terms).items():
            columns, square = vocabulary.look_up([term])
            too_much += (count - (1 + math.log(count)) ** 2) * square
            for column in columns:
                summed -= np.float32(count - 1 - math.log(count)) * self._of_term(column)
        return too_much

    def _add_up_term(self, column: int) -> Singles:
        """Return what a term adds."""
        places, weights = self._vectors.column(column)
        row = np.zeros(self._width, np.float32)
        row[places] = weights
        row[self._variants :] = self._linear(places, weights)
        return row

    def _add_up(self, word: str) -> tuple[Singles, float]:
        """Return what a word's pieces add, and their squares."""
        columns, squares = self._vectors.pieces.look_up(pieces_of(word))
        closeness = self._vectors.sum(columns)
        return np.concatenate([closeness, self._linear(slice(None), closeness)]), squares
