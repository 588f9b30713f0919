"""How close a message is to every variant, put together from what its words were found to add before.

Up to the norm, closeness is linear in the message's terms, and so is everything but the maximum that a way's score
is made of. So the two are summed as one row: a value for each variant, then one for each way. Only a term that is
there more than once adds less than it would by itself, 1 + log(count) times; those few are corrected.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from handlers.retrieval.features import Features, pieces_of, repeated
from handlers.retrieval.recall import recalled
from handlers.retrieval.ridge import Linear
from handlers.retrieval.vectors import Floats, Places, Vectors, Vocabulary

# Whichever is less, so that the words' rows take up to 32 MB, and all the rest about a third of that.
_WORDS, _FLOATS = 4096, 4_000_000


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
        self._way_places = np.arange(self._variants, self._width)
        rows = min(_WORDS, _FLOATS // max(1, self._width))
        self._of_word = recalled(rows)(self._add_up)
        self._excess = lru_cache(rows // 8)(self._find_excess)
        self._run = lru_cache(min(_WORDS, _FLOATS // 8 // max(1, ways)))(self._find_run)

    def of(self, query: Features) -> tuple[Floats, Floats]:
        """Return the query's closeness to each variant, 0 to 1, and the linear values for each way."""
        vectors = self._vectors
        stems = query.stems + query.pairs
        columns, squares = vectors.stems.look_up(stems)
        by_stems = self._sum(columns)
        squares -= self._damp(by_stems, vectors.stems, stems)
        by_stems *= 0.5 / (math.sqrt(squares) or 1.0)

        by_pieces, squares = np.zeros(self._width), 0.0
        for word in query.words:
            row, row_squares = self._of_word(word)
            by_pieces += row
            squares += row_squares
        squares -= self._damp(by_pieces, vectors.pieces, query.pieces)
        by_pieces *= 0.5 / (math.sqrt(squares) or 1.0)
        by_pieces += by_stems
        return by_pieces[: self._variants], by_pieces[self._variants :]

    def _damp(self, summed: Floats, vocabulary: Vocabulary, terms: list[str]) -> float:
        """Take from a sum what repeated terms add too much; returns what to take from the squares."""
        too_much = 0.0
        for term, count in repeated(terms).items():
            columns, square = vocabulary.look_up([term])
            too_much += (count - (1 + math.log(count)) ** 2) * square
            for column in columns:
                summed -= self._excess(column, count)
        return too_much

    def _sum(self, columns: list[int]) -> Floats:
        if not columns:
            return np.zeros(self._width)
        runs = [self._run(column) for column in columns]
        places = np.concatenate([places for places, _ in runs])
        values = np.concatenate([values for _, values in runs])
        return np.bincount(places, values, minlength=self._width).astype(np.float64, copy=False)

    def _find_run(self, column: int) -> tuple[Places, Floats]:
        """Return the places and values of what a term adds."""
        places, weights = self._vectors.column(column)
        values = np.concatenate([weights, self._linear(places, weights)])
        return np.concatenate([places, self._way_places]), values

    def _find_excess(self, column: int, count: int) -> Floats:
        """Return what a term that is there ``count`` times adds too much."""
        return (count - 1 - math.log(count)) * self._sum([column])

    def _add_up(self, word: str) -> tuple[Floats, float]:
        """Return what a word's pieces add, and their squares."""
        columns, squares = self._vectors.pieces.look_up(pieces_of(word))
        closeness = self._vectors.sum(columns)
        return np.concatenate([closeness, self._linear(slice(None), closeness)]), squares
