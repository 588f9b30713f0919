"""TF-IDF similarity of a text to every stored variant, through postings: no dense matrix is held."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from handlers.retrieval.features import Features, features, language_of

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

_UNKNOWN = 1.05  # times the weight of a term seen in no group: more than for any known one
_HALF = math.sqrt(0.5)  # stems and pieces of words count half each: both sides of a product carry its root


def read_all(variants: Sequence[str]) -> list[Features]:
    """Return each variant's terms; those of open language take the stems of the others."""
    read = {at: features(text) for at, text in enumerate(variants) if language_of(text) is not None}
    known = {stem for each in read.values() for stem in each.stems}
    return [read[at] if at in read else features(text, known) for at, text in enumerate(variants)]


class Vectors:
    """The variants of all groups as weighted terms, compared by half stems, half pieces of words.

    Args:
        documents: Each variant's terms.
        group_of: The number of each variant's group (a way), ascending.
        groups: How many groups there are.
    """

    def __init__(self, documents: Sequence[Features], group_of: Places, groups: int) -> None:
        self._variants, self._groups = len(documents), groups
        self._stems = _Vocabulary([each.stems for each in documents], group_of, groups)
        self._pieces = _Vocabulary([each.pieces for each in documents], group_of, groups)
        cells = [self._stems.cells, self._pieces.cells]
        rows = np.concatenate([each.rows for each in cells])
        columns = np.concatenate([cells[0].columns, cells[1].columns + len(self._stems)])
        weights = _HALF * np.concatenate([each.weights for each in cells])
        del self._stems.cells, self._pieces.cells
        total = len(self._stems) + len(self._pieces)
        self._by_variant = _Runs(rows, columns, weights, self._variants)
        self._by_column = _Runs(columns, rows, weights, total)
        keys, key_of = np.unique(columns * groups + group_of[rows], return_inverse=True)
        sums: Floats = np.bincount(key_of, weights, minlength=len(keys)).astype(np.float64, copy=False)
        key_columns, key_groups = np.divmod(keys, max(groups, 1))
        self._groups_by_column = _Runs(key_columns, key_groups, sums, total)

    def read(self, query: str) -> Features:
        """Return the query's terms, with stems as these variants have them."""
        return features(query, known=self._stems.columns)

    def similarity(self, query: Features) -> Floats:
        """Return how close the query is to each variant, 0 to 1; shape (variants,)."""
        stems, stem_weights = self._stems.weigh(query.stems)
        pieces, piece_weights = self._pieces.weigh(query.pieces)
        columns = np.array(stems + [column + len(self._stems) for column in pieces], dtype=np.intp)
        values = _HALF * np.array(stem_weights + piece_weights)
        return self._by_column.products(columns, values, self._variants)

    def row(self, variant: int) -> Floats:
        """Return how close one of the variants is to each of them; shape (variants,)."""
        return self._by_column.products(*self._by_variant.run(variant), self._variants)

    def group_row(self, variant: int) -> Floats:
        """Return how close one of the variants is to each group, summed over its variants; shape (groups,)."""
        return self._groups_by_column.products(*self._by_variant.run(variant), self._groups)


class _Cells(NamedTuple):
    """The filled cells of a sparse matrix, documents by terms."""

    rows: Places
    columns: Places
    weights: Floats


class _Vocabulary:
    """The terms of one kind, what each weighs, and (until they are taken) the documents' weighted cells."""

    def __init__(self, documents: Sequence[Counter[str]], group_of: Places, groups: int) -> None:
        self.columns: dict[str, int] = {}
        number = self.columns.setdefault
        listed = [number(term, len(self.columns)) for terms in documents for term in terms]
        columns = np.array(listed, dtype=np.intp)
        counts = np.array([count for terms in documents for count in terms.values()], dtype=np.float64)
        rows = np.repeat(np.arange(len(documents)), np.array([len(terms) for terms in documents], dtype=np.intp))
        # Counted over groups, not variants: twelve wordings of one question make its words no less telling.
        seen = np.unique(columns * groups + group_of[rows]) // max(groups, 1)
        idf = np.log((1 + groups) / (1 + np.bincount(seen, minlength=len(self.columns)))) + 1
        self._idf: list[float] = idf.tolist()
        self._unknown_idf = _UNKNOWN * (math.log(1 + groups) + 1)
        weights = (1 + np.log(counts)) * idf[columns]
        weights /= np.sqrt(np.bincount(rows, weights**2, minlength=len(documents)))[rows]
        self.cells = _Cells(rows, columns, weights)

    def __len__(self) -> int:
        return len(self.columns)

    def weigh(self, terms: Counter[str]) -> tuple[list[int], list[float]]:
        """Return the known terms' columns and weights, divided by the norm over all, the unknown included.

        An unknown term weighs more than the rarest known one: a question full of words that nobody used here
        is far from everything, however well its small words fit.
        """
        columns: list[int] = []
        weights: list[float] = []
        squares = 0.0
        for term, count in terms.items():
            column = self.columns.get(term)
            weight = (1 + math.log(count)) * (self._unknown_idf if column is None else self._idf[column])
            squares += weight * weight
            if column is not None:
                columns.append(column)
                weights.append(weight)
        norm = math.sqrt(squares)
        return columns, [weight / norm for weight in weights]


class _Runs:
    """A sparse matrix cut into runs, one for each number in ``by``: the places and weights that belong to it."""

    def __init__(self, by: Places, places: Places, weights: Floats, size: int) -> None:
        order = np.argsort(by, kind="stable")
        self._places, self._weights = places[order], weights[order]
        self._lengths = np.bincount(by, minlength=size)
        self._starts = np.cumsum(self._lengths) - self._lengths

    def run(self, number: int) -> tuple[Places, Floats]:
        """Return one run's places and weights."""
        cut = slice(self._starts[number], self._starts[number] + self._lengths[number])
        return self._places[cut], self._weights[cut]

    def products(self, numbers: Places, values: Floats, size: int) -> Floats:
        """Return the sum of some runs, each times its value, over the places; shape (size,)."""
        lengths = self._lengths[numbers]
        # The positions of all the runs' cells, one run after the other, without a loop.
        cells = np.repeat(self._starts[numbers] - (np.cumsum(lengths) - lengths), lengths)
        cells += np.arange(len(cells))
        weights = self._weights[cells] * np.repeat(values, lengths)
        return np.bincount(self._places[cells], weights, minlength=size).astype(np.float64, copy=False)
