"""Kernel ridge regression from variants to ways, and what it would say had it not seen a variant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handlers.retrieval.vectors import Floats, Places


class ExactRidge:
    """A coefficient for each variant: r = k·(K + λ)⁻¹·Y. Costs the cube of the number of variants.

    Args:
        kernel: How close each variant is to each; shape (variants, variants).
        way_of: Each variant's way, ascending.
        starts: Each way's first variant.
        penalty: λ.
    """

    def __init__(self, kernel: Floats, way_of: Places, starts: Places, penalty: float) -> None:
        inverse = np.linalg.inv(kernel + penalty * np.eye(len(kernel)))
        self._coefficients = np.add.reduceat(inverse, starts, axis=1)
        self._residual_scale = np.diagonal(inverse).copy()
        self._way_of = way_of

    def predict(self, closeness: Floats) -> Floats:
        """Return each way's regression value for a text's closeness to the variants."""
        return closeness @ self._coefficients

    def unseen(self, variants: Places) -> Floats:
        """Return the predictions for variants, each by all the others (closed form); shape (variants, ways)."""
        predicted = self._coefficients[variants] / -self._residual_scale[variants, None]
        predicted[np.arange(len(variants)), self._way_of[variants]] += 1
        return predicted


class RidgeOverWays:
    """A coefficient for each way, the same for all its variants: holds thousands of variants cheaply.

    Args:
        group_row: Returns how close one variant is to each way, summed over the way's variants.
        way_of: Each variant's way, ascending.
        starts: Each way's first variant.
        penalty: λ.
    """

    def __init__(self, group_row: Callable[[int], Floats], way_of: Places, starts: Places, penalty: float) -> None:
        self._starts = starts
        self._way_of = way_of
        self._to_ways = np.array([group_row(variant) for variant in range(len(way_of))])
        between = np.add.reduceat(self._to_ways, starts, axis=0)
        system = self._to_ways.T @ self._to_ways + penalty * between
        system[np.diag_indices_from(system)] += 1e-9  # ways without any word leave it singular
        self._inverse = np.linalg.inv(system)
        self._coefficients = self._inverse @ between

    def predict(self, closeness: Floats) -> Floats:
        """Return each way's regression value for a text's closeness to the variants."""
        to_ways: Floats = np.add.reduceat(closeness, self._starts)
        regressed: Floats = to_ways @ self._coefficients
        return regressed

    def unseen(self, variants: Places) -> Floats:
        """Return the predictions for variants, each left out, the centres unchanged; shape (variants, ways)."""
        to_ways = self._to_ways[variants]
        leverage = np.einsum("ij,ij->i", to_ways @ self._inverse, to_ways)
        fitted: Floats = to_ways @ self._coefficients
        fitted[np.arange(len(variants)), self._way_of[variants]] -= leverage
        fitted /= (1 - leverage)[:, None]
        return fitted
