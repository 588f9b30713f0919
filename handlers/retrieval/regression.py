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
    """Scores ways by how close a text is to the variants."""

    def scores(self, closeness: Singles) -> Singles:
        """Return a score a way, about 0 to 1, by the closeness to each variant."""


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
        counts = np.bincount(way_of, minlength=ways)
        # A way of many variants is to weigh as one of an average number: it would draw everything to itself.
        weights = np.minimum(counts.mean() / counts, 1.0)[way_of, None].astype(np.float32)
        rate = min(_RATE, _STEEPEST * ways / (_SHARPNESS * _steepest(kernel)))
        found: Singles = np.zeros((len(kernel), ways), np.float32)
        ahead = found
        for done in range(_ROUNDS):
            missed = _softmax(_SHARPNESS * (kernel @ ahead))
            missed[each, way_of] -= 1
            missed *= weights
            step: Singles = (ahead - rate * (missed + _SHRINK * ahead)).astype(np.float32, copy=False)
            # What all texts have in common tells no way from another; it would be the steepest direction by far.
            step -= step.mean(axis=0)
            ahead = (step + done / (done + 3) * (step - found)).astype(np.float32, copy=False)
            found = step
        self._coefficients = found

    def scores(self, closeness: Singles) -> Singles:
        likely = _softmax(_SHARPNESS * (closeness @ self._coefficients))
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
        self._to_ways, self._way_of, self._starts = to_ways, way_of, starts
        between = np.add.reduceat(to_ways, starts, axis=0, dtype=np.float64)
        system = (to_ways.T @ to_ways).astype(np.float64) + self._PENALTY * between
        system[np.diag_indices_from(system)] += 1e-6  # ways without any word leave it singular
        self._inverse = np.linalg.inv(system).astype(np.float32)
        self._coefficients: Singles = np.linalg.solve(system, between).astype(np.float32)

    def scores(self, closeness: Singles) -> Singles:
        summed: Singles = np.add.reduceat(closeness, self._starts) @ self._coefficients
        return summed

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
