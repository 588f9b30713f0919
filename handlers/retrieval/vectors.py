"""TF-IDF similarity of a text to every stored variant, through postings: no dense matrix is held."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from handlers.retrieval.features import Features, features, forget_words
from handlers.retrieval.language import of_words

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_UNKNOWN = 1.05  # times the weight of a term seen in no group: more than for any known one
_RARE = 16  # variants that a term is rare with


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

    Attributes:
        variants: How many variants there are.
        stems: The stems and pairs of stems that they have.
        pieces: The pieces of words that they have.
    """

    def __init__(self, documents: Sequence[Features], group_of: Places, groups: int) -> None:
        self.variants = size = len(documents)
        self._group_of, self._groups = group_of, groups
        self.stems = Vocabulary([Counter(each.stems + each.pairs) for each in documents], group_of, groups)
        self.pieces = Vocabulary(
            [Counter(each.pieces) for each in documents], group_of, groups, first=len(self.stems)
        )
        rows, columns, weights, idf = (
            np.concatenate(each) for each in zip(self.stems.cells, self.pieces.cells, strict=True)
        )
        del self.stems.cells, self.pieces.cells
        # A column holds its term's idf twice, the query's part too: what is there once is just added.
        self._by_column = _Runs(columns, rows, weights * idf, size, len(self.stems) + len(self.pieces))
        self._idf = np.ones(len(self.stems) + len(self.pieces))
        self._idf[columns] = idf
        self._by_variant = _Runs(rows, columns, 0.5 * weights / idf, len(self.stems) + len(self.pieces), size)

    def read(self, words: list[str]) -> Features:
        """Return the terms of a query's folded words, with stems as these variants have them."""
        return features(words, known=self.stems.known)

    def forget_variants(self) -> None:
        """Drop what only building needs: :meth:`row`, :meth:`kernel` and :meth:`to_groups` work no more."""
        del self._by_variant, self._idf
        forget_words()

    def row(self, variant: int) -> Floats:
        """Return how close one of the variants is to each of them, 0 to 1; shape (variants,)."""
        columns, weights = self._by_variant.run(variant)
        return self._by_column.sum(columns.tolist(), weights)

    def kernel(self) -> Floats:
        """Return how close each variant is to each, 0 to 1; shape (variants, variants)."""
        columns, variants, weights = self._by_column.cells()
        weights = weights / self._idf[columns]  # the variants' own, of length 1 in each kind of terms
        lengths = np.bincount(columns)
        often = np.flatnonzero(lengths > _RARE)  # few terms with many variants: a small dense matrix
        place = np.full(len(lengths), -1)
        place[often] = np.arange(len(often))
        dense = np.zeros((self.variants, len(often)))
        cells = place[columns] >= 0
        dense[variants[cells], place[columns[cells]]] = weights[cells]
        kernel: Floats = dense @ dense.T
        starts = np.cumsum(lengths) - lengths
        for length in range(1, _RARE + 1):  # many terms with few variants: pair by pair
            runs = starts[lengths == length, None] + np.arange(length)
            pairs = variants[runs][:, :, None] * self.variants + variants[runs][:, None, :]
            products = weights[runs][:, :, None] * weights[runs][:, None, :]
            kernel += np.bincount(pairs.ravel(), products.ravel(), minlength=kernel.size).reshape(kernel.shape)
        return kernel / 2

    def to_groups(self) -> Floats:
        """Return how close each variant is to each group, summed over its variants; shape (variants, groups)."""
        columns, variants, weights = self._by_column.cells()
        keys, key_of = np.unique(columns * self._groups + self._group_of[variants], return_inverse=True)
        sums: Floats = np.bincount(key_of, weights, minlength=len(keys)).astype(np.float64, copy=False)
        by_column = _Runs(
            *np.divmod(keys, max(self._groups, 1)), sums, self._groups, len(self.stems) + len(self.pieces)
        )
        runs = map(self._by_variant.run, range(self.variants))
        return np.array([by_column.sum(columns.tolist(), weights) for columns, weights in runs])

    def column(self, column: int) -> tuple[Places, Floats]:
        """Return the variants that have a term, and what it adds to their closeness before norm and halving."""
        return self._by_column.run(column)

    def sum(self, columns: list[int]) -> Floats:
        """Return what some terms add to each variant's closeness before norm and halving; shape (variants,)."""
        return self._by_column.sum(columns)


class _Cells(NamedTuple):
    """The filled cells of a sparse matrix, documents by terms; each document's weights have length 1."""

    rows: Places
    columns: Places
    weights: Floats
    idf: Floats


class Vocabulary:
    """The terms of one kind, what each weighs, and (until they are taken) the documents' weighted cells.

    Args:
        documents: How often each term is in each variant.
        group_of: The number of each variant's group, ascending.
        groups: How many groups there are.
        first: The column of the first term.
    """

    def __init__(self, documents: Sequence[Counter[str]], group_of: Places, groups: int, first: int = 0) -> None:
        places: dict[str, int] = {}
        number = places.setdefault
        columns = np.array([number(term, len(places)) for terms in documents for term in terms], dtype=np.intp)
        counts = np.array([count for terms in documents for count in terms.values()], dtype=np.float64)
        rows = np.repeat(np.arange(len(documents)), np.array([len(terms) for terms in documents], dtype=np.intp))
        # Counted over groups, not variants: twelve wordings of one question make its words no less telling.
        pairs = np.sort(columns * groups + group_of[rows])  # np.unique would load numpy's masked arrays
        seen = pairs[np.diff(pairs, prepend=-1) > 0] // max(groups, 1)
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
        self._places, self._weights, self._width = places[order], weights[order], width
        self._lengths: list[int] = np.bincount(by, minlength=size).tolist()
        self._ends: list[int] = list(accumulate(self._lengths))

    def cells(self) -> tuple[Places, Places, Floats]:
        """Return all cells: their numbers, places and weights."""
        return np.repeat(np.arange(len(self._lengths)), self._lengths), self._places, self._weights

    def run(self, number: int) -> tuple[Places, Floats]:
        """Return one run's places and weights."""
        end = self._ends[number]
        cut = slice(end - self._lengths[number], end)
        return self._places[cut], self._weights[cut]

    def sum(self, numbers: list[int], times: Floats | None = None) -> Floats:
        """Return the sum over the places of some runs, each ``times`` a value; shape (width,)."""
        if not numbers:
            return np.zeros(self._width)
        runs = [self.run(number) for number in numbers]
        places = np.concatenate([places for places, _ in runs])
        weights = np.concatenate([weights for _, weights in runs])
        if times is not None:
            weights *= np.repeat(times, [self._lengths[number] for number in numbers])
        return np.bincount(places, weights, minlength=self._width).astype(np.float64, copy=False)
