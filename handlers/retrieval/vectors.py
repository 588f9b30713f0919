"""TF-IDF similarity of a text to every stored variant, through postings: no dense matrix is held."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from handlers.retrieval.features import Features, features, pieces_of, repeated
from handlers.retrieval.language import of_words
from handlers.retrieval.recall import recalled

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_UNKNOWN = 1.05  # times the weight of a term seen in no group: more than for any known one
_HALF = math.sqrt(0.5)  # stems and pieces of words count half each: both sides of a product carry its root
# Whichever is less, so that the words' rows take up to 32 MB, and those of single terms an eighth of that.
_RECALLED_WORDS, _RECALLED_FLOATS = 4096, 4_000_000


def read_all(variants: Sequence[list[str]]) -> list[Features]:
    """Return the terms of each variant's folded words; those of open language take the stems of the others."""
    read = {at: features(words) for at, words in enumerate(variants) if of_words(words) is not None}
    known = {term for each in read.values() for term in each.stems}
    return [read[at] if at in read else features(words, known) for at, words in enumerate(variants)]


class Vectors:
    """The variants of all groups as weighted terms, compared by half stems, half pieces of words.

    Args:
        documents: Each variant's terms.
        group_of: The number of each variant's group (a way), ascending.
        groups: How many groups there are.
    """

    def __init__(self, documents: Sequence[Features], group_of: Places, groups: int) -> None:
        size = len(documents)
        self._stems = _Vocabulary([Counter(each.stems + each.pairs) for each in documents], group_of, groups)
        self._pieces = _Vocabulary(
            [Counter(each.pieces) for each in documents], group_of, groups, first=len(self._stems)
        )
        rows, columns, weights, idf = (
            np.concatenate(each) for each in zip(self._stems.cells, self._pieces.cells, strict=True)
        )
        del self._stems.cells, self._pieces.cells
        # A column holds its term's idf twice, the query's part too: what is there once is just added.
        self._by_column = _Runs(columns, rows, 0.5 * weights * idf, size, len(self._stems) + len(self._pieces))
        self._by_variant = _Runs(rows, columns, weights / idf, 0, size)
        kept = min(_RECALLED_WORDS, _RECALLED_FLOATS // max(1, size))
        self._of_word = recalled(kept)(self._sum_pieces)
        self._of_column = lru_cache(kept // 8)(self._dense_column)

    def read(self, words: list[str]) -> Features:
        """Return the terms of a query's folded words, with stems as these variants have them."""
        return features(words, known=self._stems.known)

    def similarity(self, query: Features) -> Floats:
        """Return how close the query is to each variant, 0 to 1; shape (variants,).

        Up to the norm, it is linear in the query's terms: what each word's pieces add is recalled and summed.
        Only a term that is there more than once adds less than that, 1 + log(count) times, and is corrected.
        """
        stems = query.stems + query.pairs
        columns, squares = self._stems.look_up(stems)
        by_stems = self._by_column.sum(columns)
        squares += self._damp(by_stems, self._stems, stems)
        by_stems /= math.sqrt(squares) or 1.0

        by_pieces, squares = np.zeros(len(by_stems)), 0.0
        for word in query.words:
            row, row_squares = self._of_word(word)
            by_pieces += row
            squares += row_squares
        squares += self._damp(by_pieces, self._pieces, query.pieces)
        by_pieces /= math.sqrt(squares) or 1.0
        by_pieces += by_stems
        return by_pieces

    def row(self, variant: int) -> Floats:
        """Return how close one of the variants is to each of them; shape (variants,)."""
        columns, weights = self._by_variant.run(variant)
        return self._by_column.sum(columns.tolist(), weights)

    def _damp(self, summed: Floats, vocabulary: _Vocabulary, terms: list[str]) -> float:
        """Take from a sum what repeated terms have added too much; returns the change of the squares."""
        squares = 0.0
        for term, count in repeated(terms).items():
            damped = 1 + math.log(count)
            columns, square = vocabulary.look_up([term])
            squares += (damped * damped - count) * square
            for column in columns:
                summed += (damped - count) * self._of_column(column)
        return squares

    def _sum_pieces(self, word: str) -> tuple[Floats, float]:
        """Return what a word's pieces add to each variant's closeness, and their squares."""
        columns, squares = self._pieces.look_up(pieces_of(word))
        return self._by_column.sum(columns), squares

    def _dense_column(self, column: int) -> Floats:
        return self._by_column.sum([column])


class _Cells(NamedTuple):
    """The filled cells of a sparse matrix, documents by terms; each document's weights have length 1."""

    rows: Places
    columns: Places
    weights: Floats
    idf: Floats


class _Vocabulary:
    """The terms of one kind, what each weighs, and (until they are taken) the documents' weighted cells.

    Args:
        documents: How often each term is in each variant.
        group_of: The number of each variant's group, ascending.
        groups: How many groups there are.
        first: The column of the first term.
    """

    def __init__(
        self, documents: Sequence[Counter[str]], group_of: Places, groups: int, first: int = 0
    ) -> None:
        places: dict[str, int] = {}
        number = places.setdefault
        columns = np.array([number(term, len(places)) for terms in documents for term in terms], dtype=np.intp)
        counts = np.array([count for terms in documents for count in terms.values()], dtype=np.float64)
        rows = np.repeat(np.arange(len(documents)), np.array([len(terms) for terms in documents], dtype=np.intp))
        # Counted over groups, not variants: twelve wordings of one question make its words no less telling.
        seen = np.unique(columns * groups + group_of[rows]) // max(groups, 1)
        idf = np.log((1 + groups) / (1 + np.bincount(seen, minlength=len(places)))) + 1
        self.known = {
            term: (first + place, square)
            for (term, place), square in zip(places.items(), np.square(idf).tolist(), strict=True)
        }
        self._unknown_square = (_UNKNOWN * (math.log(1 + groups) + 1)) ** 2
        weights = (1 + np.log(counts)) * idf[columns]
        weights /= np.sqrt(np.bincount(rows, weights**2, minlength=len(documents)))[rows]
        self.cells = _Cells(rows, first + columns, weights, idf[columns])

    def __len__(self) -> int:
        return len(self.known)

    def look_up(self, terms: list[str]) -> tuple[list[int], float]:
        """Return the known terms' columns, and the sum of the squared weights of all, one each time it is there.

        An unknown term weighs more than the rarest known one: a question full of words that nobody used here
        is far from everything, however well its small words fit.
        """
        columns: list[int] = []
        squares = 0.0
        for term in terms:
            found = self.known.get(term)
            if found is None:
                squares += self._unknown_square
            else:
                columns.append(found[0])
                squares += found[1]
        return columns, squares


class _Runs:
    """A sparse matrix cut into runs, one for each number in ``by``: the places and weights that belong to it."""

    def __init__(self, by: Places, places: Places, weights: Floats, width: int, size: int) -> None:
        order = np.argsort(by, kind="stable")
        self._width = width
        self._lengths: list[int] = np.bincount(by, minlength=size).tolist()
        ends = list(accumulate(self._lengths))
        cuts = [slice(end - length, end) for end, length in zip(ends, self._lengths, strict=True)]
        places, weights = places[order], weights[order]
        self._runs = [(places[cut], weights[cut]) for cut in cuts]

    def run(self, number: int) -> tuple[Places, Floats]:
        """Return one run's places and weights."""
        return self._runs[number]

    def sum(self, numbers: list[int], times: Floats | None = None) -> Floats:
        """Return the sum over the places of some runs, each ``times`` a value; shape (width,)."""
        if not numbers:
            return np.zeros(self._width)
        places, weights = (np.concatenate(each) for each in zip(*[self._runs[n] for n in numbers], strict=True))
        if times is not None:
            weights *= np.repeat(times, [self._lengths[number] for number in numbers])
        summed: Floats = np.bincount(places, weights, minlength=self._width)
        return summed
