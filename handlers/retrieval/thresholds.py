"""When a score is good enough: read off the index itself, by asking it its own held-out variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from handlers.retrieval.vectors import Floats

# Where nothing can be held out (one variant a way): measured on health FAQs of that shape.
_SURE_WITHOUT_SAMPLE, _UNSURE_WITHOUT_SAMPLE = 0.24, 0.15
_MIN_SAMPLE = 20
# Of the answers given, so many shall be right. Held-out variants are the hardest questions there are (their own
# wording is gone), so that real ones do better than this.
_PRECISION = 0.85
_OUTSIDERS = 0.2  # share of messages that nothing here answers
_ASKED_BACK = 0.93  # of the messages understood, so many shall at least be asked back


class HeldOut(NamedTuple):
    """How the index ranks one variant that it has not seen.

    Attributes:
        right: Whether its own key came first.
        best: The first score.
        lead: The first score's `lead`.
        stranger_lead: The lead of the first key when the variant's own key is taken out of the ranking, as for
            a question that nothing here answers.
    """

    right: bool
    best: float
    lead: float
    stranger_lead: float


def lead(first: float, second: float = 0.0) -> float:
    """Return how far a first score stands out: two that are close speak against both."""
    return first - second / 2


def held_out(scores: Floats, own: int) -> HeldOut:
    """Return what the scores of all keys say about a held-out variant of the key ``own``; changes the scores."""
    first = int(scores.argmax())
    best, ahead = _best_and_lead(scores)
    scores[own] = 0.0
    return HeldOut(first == own, best, ahead, _best_and_lead(scores)[1])


def _best_and_lead(scores: Floats) -> tuple[float, float]:
    if len(scores) == 1:
        return float(scores[0]), lead(float(scores[0]))
    second, best = np.partition(scores, -2)[-2:]
    return float(best), lead(float(best), float(second))


def derive(sample: Sequence[HeldOut]) -> tuple[float, float]:
    """Return the lead from which an answer is sure, and the score below which nothing was understood."""
    right = [each for each in sample if each.right]
    if len(right) < _MIN_SAMPLE:
        return _SURE_WITHOUT_SAMPLE, _UNSURE_WITHOUT_SAMPLE
    strangers = np.array([each.stranger_lead for each in sample])
    rights = np.array([each.lead for each in right])
    wrongs = np.array([each.lead for each in sample if not each.right])
    sure = float(rights.max())
    for threshold in np.sort(rights):
        good = (1 - _OUTSIDERS) * np.count_nonzero(rights >= threshold) / len(sample)
        bad = (1 - _OUTSIDERS) * np.count_nonzero(wrongs >= threshold) / len(sample)
        bad += _OUTSIDERS * np.count_nonzero(strangers >= threshold) / len(sample)
        if good >= _PRECISION * (good + bad):
            sure = float(threshold)
            break
    unsure = float(np.quantile([each.best for each in right], 1 - _ASKED_BACK))
    return sure, unsure
