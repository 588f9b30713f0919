"""Kernel ridge regression from variants to ways, and what it would say had it not seen a variant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handlers.retrieval.vectors import Floats, Places

# Returns a value for each way; takes the places of variants and the closeness to them, the others having none.
Linear = Callable[[Places | slice, Floats], Floats]

_SMALL = 128  # rows; below, halving on gains nothing


class ExactRidge:
    """A coefficient for each variant: r = k·(K + λ)⁻¹·Y. Costs the cube of the number of variants.

    Args:
        kernel: How close each variant is to each; shape (variants, variants).
        way_of: Each variant's way, ascending.
        starts: Each way's first variant.
        penalty: λ.
    """

    def __init__(self, kernel: Floats, way_of: Places, starts: Places, penalty: float) -> None:
        # With K + λ = L·Lᵀ, the inverse is L⁻ᵀ·L⁻¹; of the whole of it, only the diagonal is needed.
        half = _inverse_of_lower(
            np.linalg.cholesky(kernel + penalty * np.eye(len(kernel))).astype(np.float64, copy=False)
        )
        self._coefficients: Floats = half.T @ np.add.reduceat(half, starts, axis=1)
        self._residual_scale: Floats = np.square(half).sum(axis=0)
        self._way_of = way_of

    def blended(self, shares: Floats) -> Linear:
        """Return the mean of the regression and of each way's total closeness times its share, as a function."""
        blended = self._coefficients / 2
        blended[np.arange(len(blended)), self._way_of] += shares[self._way_of] / 2
        return lambda places, closeness: closeness @ blended[places]

    def unseen(self, variants: Places) -> Floats:
        """Return the predictions for variants, each by all the others (closed form); shape (variants, ways)."""
        predicted = self._coefficients[variants] / -self._residual_scale[variants, None]
        predicted[np.arange(len(variants)), self._way_of[variants]] += 1
        return predicted


class RidgeOverWays:
    """A coefficient for each way, the same for all its variants: holds thousands of variants cheaply.

    Args:
        to_ways: How close each variant is to each way, summed over the way's variants; shape (variants, ways).
        way_of: Each variant's way, ascending.
        starts: Each way's first variant.
        penalty: λ.
    """

    def __init__(self, to_ways: Floats, way_of: Places, starts: Places, penalty: float) -> None:
        self._to_ways, self._way_of = to_ways, way_of
        between = np.add.reduceat(self._to_ways, starts, axis=0)
        system = self._to_ways.T @ self._to_ways + penalty * between
        system[np.diag_indices_from(system)] += 1e-9  # ways without any word leave it singular
        self._inverse = np.linalg.inv(system)
        self._coefficients = self._inverse @ between

    def blended(self, shares: Floats) -> Linear:
        """Return the mean of the regression and of each way's total closeness times its share, as a function."""
        blended = (self._coefficients + np.diag(shares)) / 2
        way_of = self._way_of
        return lambda places, closeness: np.bincount(way_of[places], closeness, len(blended)) @ blended

    def unseen(self, variants: Places) -> Floats:
        """Return the predictions for variants, each left out, the centres unchanged; shape (variants, ways)."""
        to_ways = self._to_ways[variants]
        leverage = np.einsum("ij,ij->i", to_ways @ self._inverse, to_ways)
        fitted: Floats = to_ways @ self._coefficients
        fitted[np.arange(len(variants)), self._way_of[variants]] -= leverage
        fitted /= (1 - leverage)[:, None]
        return fitted


def _inverse_of_lower(matrix: Floats) -> Floats:
    """Return the inverse of a lower triangular matrix by halves; numpy's own ignores the zeros."""
    size = len(matrix)
    if size <= _SMALL:
        return np.linalg.inv(matrix).astype(np.float64, copy=False)
    half = size // 2
    inverse = np.zeros_like(matrix)
    inverse[:half, :half] = first = _inverse_of_lower(matrix[:half, :half])
    inverse[half:, half:] = second = _inverse_of_lower(matrix[half:, half:])
    inverse[half:, :half] = -second @ (matrix[half:, :half] @ first)
    return inverse
