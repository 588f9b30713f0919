"""TF-IDF similarity of a text to every stored variant, through postings: no dense matrix is held."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from handlers.retrieval.features import FUNCTION_MARK, Features, features, forget_words
from handlers.retrieval.language import of_words

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Places = npt.NDArray[np.signedinteger[Any]]

_UNKNOWN = 1.05  # times the weight of a term seen in no group: more than for any known one
_RARE = 16  # variants that a term is rare with


class Weights(NamedTuple):
    """How much each kind of terms counts in how close two texts are; stems, senses and pieces sum up to 1.

    Attributes:
        stems: Stems and their pairs.
        senses: What words stand for.
        pieces: Pieces of words.
        function: Times the weight of pieces of function words.
    """

    stems: float = 0.25
    senses: float = 0.3
    pieces: float = 0.45
    function: float = 0.8


def read_all(variants: Sequence[list[str]]) -> list[Features]:
    """Return the terms of each variant's folded words; those of open language take the stems of the others."""
    read = {at: features(words) for at, words in enumerate(variants) if of_words(words) is not None}
    known = {term for each in read.values() for term in each.stems}
    return [read[at] if at in read else features(words, known) for at, words in enumerate(variants)]


class Vectors:
    """The variants of all groups as weighted terms, compared by stems, senses and pieces of words.

    Args:
        documents: Each variant's terms.
        group_of: The number of each variant's group (a way), ascending.
        groups: How many groups there are.
        weights: Of the kinds of terms.

    Attributes:
        variants: How many variants there are.
        stems: The stems and pairs of stems that they have.
        senses: What their words stand for.
        pieces: The pieces of words that they have.
    """

    def __init__(
        self,
        documents: Sequence[Features],
        group_of: Places,
        groups: int,
        weights: Weights = Weights(),  # noqa: B008 # immutable
    ) -> None:
        self.variants = size = len(documents)
        self._group_of, self._groups = group_of, groups
        self.stems = Vocabulary(
            [Counter(each.stems + each.pairs) for each in documents], group_of, groups, weights.stems
        )
        self.senses = Vocabulary(
            [Counter(each.senses) for each in documents], group_of, groups, weights.senses, first=len(self.stems)
        )
        self.pieces = Vocabulary(
            [Counter(each.pieces) for each in documents],
            group_of,
            groups,
            weights.pieces,
            first=len(self.stems) + len(self.senses),
            function=weights.function,
        )
        kinds = (self.stems, self.senses, self.pieces)
        rows, columns, filled, scales = (
            np.concatenate(each) for each in zip(*(kind.cells for kind in kinds), strict=True)
        )
        for kind in kinds:
            del kind.cells
        self._terms = sum(map(len, kinds))
        # A column holds its term's scale twice, the query's part too: what is there once is just added.
        self._by_column = _Runs(columns, rows, filled * scales, size, self._terms)
        self._scale = np.ones(self._terms, np.float32)
        self._scale[columns] = scales
        self._by_variant = _Runs(rows, columns, filled / scales, self._terms, size)

    def read(self, words: list[str]) -> Features:
        """Return the terms of a query's folded words, with stems as these variants have them."""
        return features(words, known=self.stems.known)

    def forget_variants(self) -> None:
        """Drop what only building needs: :meth:`row`, :meth:`kernel` and :meth:`to_groups` work no more."""
        del self._by_variant, self._scale
        forget_words()

    def row(self, variant: int) -> Singles:
        """Return how close one of the variants is to each of them, 0 to 1; shape (variants,)."""
        columns, weights = self._by_variant.run(variant)
        return self._by_column.sum(columns, weights)

    def kernel(self) -> Singles:
        """Return how close each variant is to each, 0 to 1; shape (variants, variants)."""
        columns, variants, weights = self._by_column.cells()
        weights = weights / self._scale[columns]  # the variants' own, of length 1 over all kinds of terms
        lengths = np.bincount(columns, minlength=self._terms)
        often = np.flatnonzero(lengths > _RARE)  # few terms with many variants: a small dense matrix
        place = np.full(len(lengths), -1)
        place[often] = np.arange(len(often))
        dense = np.zeros((self.variants, len(often)), np.float32)
        cells = place[columns] >= 0
        dense[variants[cells], place[columns[cells]]] = weights[cells]
        kernel: Singles = dense @ dense.T
        starts = np.cumsum(lengths) - lengths
        for length in range(1, _RARE + 1):  # many terms with few variants: pair by pair
            runs = starts[lengths == length, None] + np.arange(length)
            pairs = variants[runs][:, :, None] * np.intp(self.variants) + variants[runs][:, None, :]
            products = weights[runs][:, :, None] * weights[runs][:, None, :]
            np.add.at(kernel.reshape(-1), pairs.ravel(), products.ravel())
        return kernel

    def to_groups(self) -> Singles:
        """Return how close each variant is to each group, summed over its variants; shape (variants, groups)."""
        columns, variants, weights = self._by_column.cells()
        cells = columns * self._groups + self._group_of[variants]
        order = np.argsort(cells, kind="stable")
        first = np.flatnonzero(np.diff(cells[order], prepend=-1))
        sums = np.add.reduceat(weights[order], first).astype(np.float32) if len(first) else weights
        keys = cells[order][first]
        by_column = _Runs(*np.divmod(keys, max(self._groups, 1)), sums, self._groups, self._terms)
        runs = map(self._by_variant.run, range(self.variants))
        return np.array([by_column.sum(columns, weights) for columns, weights in runs], np.float32)

    def column(self, column: int) -> tuple[Places, Singles]:
        """Return the variants that have a term, and what it adds to their closeness before the norm."""
        return self._by_column.run(column)

    def sum(self, columns: list[int]) -> Singles:
        """Return what some terms add to each variant's closeness before the norm; shape (variants,)."""
        return self._by_column.sum(columns)


class _Cells(NamedTuple):
    """The filled cells of a sparse matrix, documents by terms; a document's squared weights make up its share."""

    rows: Places
    columns: Places
    weights: Singles
    scales: Singles


class Vocabulary:
    """The terms of one kind, what each weighs, and (until they are taken) the documents' weighted cells.

    Args:
        documents: How often each term is in each variant.
        group_of: The number of each variant's group, ascending.
        groups: How many groups there are.
        share: How much this kind of terms counts; all kinds' shares sum up to 1.
        first: The column of the first term.
        function: Times the weight of pieces of function words.
    """

    def __init__(
        self,
        documents: Sequence[Counter[str]],
        group_of: Places,
        groups: int,
        share: float,
        first: int = 0,
        function: float = 1.0,
    ) -> None:
        self.share, self._function = share, function
        places: dict[str, int] = {}
        number = places.setdefault
        columns = np.array([number(term, len(places)) for terms in documents for term in terms], dtype=np.intp)
        counts = np.array([count for terms in documents for count in terms.values()], dtype=np.float64)
        rows = np.repeat(np.arange(len(documents)), np.array([len(terms) for terms in documents], dtype=np.intp))
        # Counted over groups, not variants: twelve wordings of one question make its words no less telling.
        pairs = np.sort(columns * groups + group_of[rows])  # np.unique would load numpy's masked arrays
        seen = pairs[np.diff(pairs, prepend=-1) > 0] // max(groups, 1)
        idf = np.log((1 + groups) / (1 + np.bincount(seen, minlength=len(places)))) + 1
        idf[[place for term, place in places.items() if term.startswith(FUNCTION_MARK)]] *= function
        self.known, self._first = places, first
        shared: dict[float, float] = {}  # a few values, each kept once
        self._squares = [shared.setdefault(square, square) for square in np.square(idf).tolist()]
        self._unknown_square = (_UNKNOWN * (math.log(1 + groups) + 1)) ** 2
        weights = (1 + np.log(counts)) * idf[columns]
        weights /= np.sqrt(np.bincount(rows, weights**2, minlength=len(documents)) / share)[rows]
        scales = math.sqrt(share) * idf[columns]
        self.cells = _Cells(rows, first + columns, weights.astype(np.float32), scales.astype(np.float32))

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
                squares += self._unknown_square * (self._function**2 if term.startswith(FUNCTION_MARK) else 1)
            else:
                columns.append(self._first + found)
                squares += self._squares[found]
        return columns, squares


class _Runs:
    """A sparse matrix cut into runs, one for each number in ``by``: the places and weights that belong to it."""

    def __init__(self, by: Places, places: Places, weights: Singles, width: int, size: int) -> None:
        order = np.argsort(by, kind="stable")
        self._places, self._weights, self._width = places[order].astype(np.int32), weights[order], width
        self._ends = np.concatenate([[0], np.cumsum(np.bincount(by, minlength=size))]).astype(np.int32)

    def cells(self) -> tuple[Places, Places, Singles]:
        """Return all cells: their numbers, places and weights."""
        numbers = np.repeat(np.arange(len(self._ends) - 1), np.diff(self._ends))
        return numbers, self._places.astype(np.intp), self._weights

    def run(self, number: int) -> tuple[Places, Singles]:
        """Return one run's places and weights."""
        cut = slice(self._ends[number], self._ends[number + 1])
        return self._places[cut], self._weights[cut]

    def sum(self, numbers: Iterable[int], times: Singles | None = None) -> Singles:
        """Return the sum over the places of some runs, each ``times`` a value; shape (width,)."""
        runs = [self.run(number) for number in numbers]
        if not runs:
            return np.zeros(self._width, np.float32)
        places = np.concatenate([places for places, _ in runs])
        weights = np.concatenate([weights for _, weights in runs])
        if times is not None:
            weights *= np.repeat(times, [len(places) for places, _ in runs])
        return np.bincount(places, weights, minlength=self._width).astype(np.float32)
