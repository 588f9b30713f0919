"""When a score is good enough: read off the index itself, by asking it its own held-out variants."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from handlers.retrieval.answers import Answers
from handlers.retrieval.features import Features
from handlers.retrieval.vectors import Floats, Places, Singles

# Where nothing can be held out (one variant a way): measured on health FAQs of that shape.
_STRICT_WITHOUT_SAMPLE, _SURE_WITHOUT_SAMPLE, _UNSURE_WITHOUT_SAMPLE = 0.4, 0.24, 0.15
_MIN_SAMPLE = 20
# Of the answers given, so many shall be right. Held-out variants are the hardest questions there are (their own
# wording is gone), so that real ones do better than this.
_PRECISION = 0.91
_CERTAIN_PRECISION = 0.98
_OUTSIDERS = 0.2  # share of messages that nothing here answers
_ASKED_BACK = 0.93  # of the messages understood, so many shall at least be asked back
_EACH = 5  # of this many variants of a way, one is held out at a time
_MOST = 400  # variants held out one by one


def lead(first: float, second: float = 0.0) -> float:
    """Return how far a first score stands out: two that are close speak against both."""
    return first - second / 2


class Sample:
    """Variants that the index ranks as if it had never seen them.

    Args:
        way_of: Each variant's way, ascending.
        counts: How many variants each way has.

    Attributes:
        rights: The leads where their own way came first.
        wrongs: The leads where another one did.
        strangers: The leads of the first way when their own is taken out of the ranking, as for a question that
            nothing here answers.
        bests: The first scores where their own way came first.
    """

    def __init__(self, way_of: Places, counts: Places) -> None:
        self._way_of, self._counts = way_of, counts
        self._at = np.arange(len(way_of)) - np.repeat(np.cumsum(counts) - counts, counts)
        self._has_siblings = counts[way_of] > 1
        self.rights: list[float] = []
        self.wrongs: list[float] = []
        self.strangers: list[float] = []
        self.bests: list[float] = []

    def folds(self, count: int) -> Iterator[tuple[Places, Places]]:
        """Yield variants to hold out, at least one of each way staying, and those that stay."""
        for fold in range(count):
            held = self._has_siblings & (self._at % _EACH == fold)
            if held.any():
                yield np.flatnonzero(held), np.flatnonzero(~held)

    def thinned(self) -> Places:
        """Return variants to hold out one by one."""
        candidates = np.flatnonzero(self._has_siblings)
        return candidates[:: math.ceil(len(candidates) / _MOST) or 1]

    def add(
        self, held: Places, scores: Singles, answers: Answers, documents: Sequence[Features], share: float
    ) -> None:
        """Take in how variants rank; ``scores`` without those of the answers, which have this ``share``."""
        for variant, row in zip(held.tolist(), scores, strict=True):
            own = int(self._way_of[variant])
            both = row + share * answers.scores(documents[variant])
            best, ahead = _best_and_lead(both)
            if both.argmax() == own:
                self.rights.append(ahead)
                self.bests.append(best)
            else:
                self.wrongs.append(ahead)
            both[own] = 0.0
            self.strangers.append(_best_and_lead(both)[1])


def _best_and_lead(scores: Floats) -> tuple[float, float]:
    if len(scores) == 1:
        return float(scores[0]), lead(float(scores[0]))
    second, best = np.partition(scores, -2)[-2:]
    return float(best), lead(float(best), float(second))


def derive(sample: Sample) -> tuple[float, float, float]:
    """Return the leads from which an answer is certain and sure, and the score from which one is offered."""
    if len(sample.rights) < _MIN_SAMPLE:
        return _STRICT_WITHOUT_SAMPLE, _SURE_WITHOUT_SAMPLE, _UNSURE_WITHOUT_SAMPLE
    unsure = float(np.quantile(sample.bests, 1 - _ASKED_BACK))
    return _from(sample, _CERTAIN_PRECISION), _from(sample, _PRECISION), unsure


def _from(sample: Sample, precision: float) -> float:
    """Return the least lead from which on so many of the answers given are right."""
    rights, wrongs, strangers = (np.sort(each) for each in (sample.rights, sample.wrongs, sample.strangers))
    size = len(rights) + len(wrongs)
    good = (1 - _OUTSIDERS) * np.arange(len(rights), 0, -1) / size
    bad = (1 - _OUTSIDERS) * (len(wrongs) - np.searchsorted(wrongs, rights)) / size
    bad += _OUTSIDERS * (len(strangers) - np.searchsorted(strangers, rights)) / size
    enough = np.flatnonzero(good >= precision * (good + bad))
    return float(rights[enough[0]] if len(enough) else rights[-1])
