"""What sets the ways apart, learned from their variants: closeness alone weighs every word alike."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from handlers.retrieval.vectors import Places, Singles

_SHARPNESS = 8.0  # times a score before the softmax
_SHRINK = 0.02
_ROUNDS, _RATE = 25, 0.5
_STEEPEST = 1.2  # longest step, in units of what the steepest direction bears
_CERTAIN = 1.0  # what a probability of 1 adds, next to a closeness of 1


class Learned(Protocol):
    """Scores ways by a sum over the variants, which may be put together word by word, and a last step."""

    def linear(self, places: Places | slice, closeness: Singles) -> Singles:
        """Return a value a way for the closeness to some variants, the others having none."""

    def scores(self, linear: Singles) -> Singles:
        """Return the ways' scores by those values, about 0 to 1; shape (..., ways)."""


class Softmax:
    """Softmax regression, a coefficient for each variant and way: for some thousand variants at most.

    The coefficients are found by steepest descent in the space of the kernel, with momentum, from zero. Stopping
    early keeps them from learning single words by heart: solved to the end, they answer unseen questions worse.

    Args:
        kernel: How close each variant is to each; shape (variants, variants).
        way_of: Each variant's way, ascending.
        ways: How many there are.
    """

    def __init__(self, kernel: Singles, way_of: Places, ways: int) -> None:
        each = np.arange(len(kernel))
        rate = min(_RATE, _STEEPEST * ways / (_SHARPNESS * _steepest(kernel)))
        found = ahead = np.zeros((len(kernel), ways), np.float32)
        for done in range(_ROUNDS):
            missed = _softmax(_SHARPNESS * (kernel @ ahead))
            missed[each, way_of] -= 1
            step = ahead - np.float32(rate) * (missed + np.float32(_SHRINK) * ahead)
            # What all texts have in common tells no way from another; it would be the steepest direction by far.
            step -= step.mean(axis=0)
            ahead = step + np.float32(done / (done + 3)) * (step - found)
            found = step
        self._coefficients = found

    def linear(self, places: Places | slice, closeness: Singles) -> Singles:
        summed: Singles = closeness @ self._coefficients[places]
        return summed

    def scores(self, linear: Singles) -> Singles:
        likely = _softmax(_SHARPNESS * linear)
        chance = 1 / likely.shape[-1]  # what is no likelier than that says nothing
        beyond: Singles = np.maximum(likely - chance, 0) * (_CERTAIN / max(1 - chance, chance))
        return beyond


class RidgeOverWays:
    """Ridge regression, a coefficient for each pair of ways, the same for all variants of one: for thousands.

    Args:
        to_ways: How close each variant is to each way, summed over the way's variants; shape (variants, ways).
        way_of: Each variant's way, ascending.
        starts: Each way's first variant.
    """

    _PENALTY = 0.9

    def __init__(self, to_ways: Singles, way_of: Places, starts: Places) -> None:
        self._to_ways, self._way_of = to_ways, way_of
        between = np.add.reduceat(to_ways, starts, axis=0, dtype=np.float64)
        system = (to_ways.T @ to_ways).astype(np.float64) + self._PENALTY * between
        system[np.diag_indices_from(system)] += 1e-6  # ways without any word leave it singular
        self._inverse = np.linalg.inv(system).astype(np.float32)
        self._coefficients: Singles = np.linalg.solve(system, between).astype(np.float32)

    def linear(self, places: Places | slice, closeness: Singles) -> Singles:
        totals = np.bincount(self._way_of[places], closeness, len(self._coefficients)).astype(np.float32)
        summed: Singles = totals @ self._coefficients
        return summed

    def scores(self, linear: Singles) -> Singles:
        return linear

    def unseen(self, variants: Places) -> Singles:
        """Return the scores for variants, each left out, the rest unchanged; shape (variants, ways)."""
        to_ways = self._to_ways[variants]
        leverage = np.einsum("ij,ij->i", to_ways @ self._inverse, to_ways)
        fitted: Singles = to_ways @ self._coefficients
        fitted[np.arange(len(variants)), self._way_of[variants]] -= leverage
        fitted /= np.maximum(1 - leverage, 0.05)[:, None]
        return fitted

    def forget_variants(self) -> None:
        """Drop what only :meth:`unseen` needs."""
        del self._to_ways, self._inverse


def _softmax(values: Singles) -> Singles:
    """Return the softmax along the last axis; changes the values."""
    values -= values.max(axis=-1, keepdims=True)
    np.exp(values, out=values)
    values /= values.sum(axis=-1, keepdims=True)
    return values


def _steepest(kernel: Singles) -> float:
    """Return the greatest eigenvalue of the centred kernel, by power iteration; at least a little."""
    along = np.random.default_rng(1).standard_normal(len(kernel)).astype(np.float32)
    value = 0.0
    for _ in range(8):
        along -= along.mean()
        length = float(np.linalg.norm(along))
        if length == 0:
            break
        along = kernel @ (along / np.float32(length))
        along -= along.mean()
        value = float(np.linalg.norm(along))
    return max(value, 1e-6)
