"""The index: which of the things that can be asked for a message means, and how surely."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain
from typing import Literal

import msgspec
import numpy as np

from handlers.retrieval.answers import Answers
from handlers.retrieval.closeness import Closeness
from handlers.retrieval.features import Features
from handlers.retrieval.fold import words
from handlers.retrieval.ridge import ExactRidge, RidgeOverWays
from handlers.retrieval.smalltalk import TELLING, is_small_talk
from handlers.retrieval.thresholds import HeldOut, derive, held_out, lead
from handlers.retrieval.vectors import Floats, Places, Vectors, read_all

Verdict = Literal["answer", "ask_back", "unknown"]

_BEST, _MEAN = 0.6, 0.4  # share of the best and of the average variant in a way's closeness
_RIDGE = 0.9
_ANSWER_SHARE = 0.15
# Up to here each variant has its own coefficient; above, one a way; with more ways, closeness alone.
_EXACT_VARIANTS = 1500
_RIDGE_WAYS = 1500
_SAMPLE = 400  # variants held out of a large index


class Way(msgspec.Struct, frozen=True):
    """One thing that can be asked for.

    Attributes:
        key: A feature's name, a colon, an id: ``faq:desk-price``, ``desks:book``.
        variants: Ways to ask for it, in all languages.
        answer: The text of the answer; its words help a little.
    """

    key: str
    variants: tuple[str, ...]
    answer: str = ""


class Ranked(msgspec.Struct, frozen=True):
    """A way's key and its score: 0 (nothing in common) to about 1, comparable across queries."""

    key: str
    score: float


class Index:
    """Ranks ways by how well they fit a message. Immutable once built: any number of threads may read it.

    Several ways may share a key, one a language for instance: the best of them counts.

    Attributes:
        sure: From this lead on (the first score less half the second), the first way is the answer.
        unsure: From this score on, it is worth asking "did you mean"; below, the message is not understood.
    """

    def __init__(self, ways: Sequence[Way]) -> None:
        self._keys = list(dict.fromkeys(way.key for way in ways))
        place = {key: at for at, key in enumerate(self._keys)}
        ordered = sorted(ways, key=lambda way: place[way.key])
        variants = [_folded(way.variants) for way in ordered]
        self._counts = np.array([len(each) for each in variants], dtype=np.intp)
        self._starts = np.cumsum(self._counts) - self._counts
        self._way_of = np.repeat(np.arange(len(ordered)), self._counts)
        self._key_of = np.array([place[way.key] for way in ordered], dtype=np.intp)
        self._key_starts = np.searchsorted(self._key_of, np.arange(len(self._keys)))
        texts = [text for each in variants for text in each]
        documents = read_all(texts)
        self._small_talk = TELLING.intersection(chain.from_iterable(texts))
        self._vectors = Vectors(documents, self._way_of, len(ordered))
        self._answers = Answers([way.answer for way in ordered])
        ridge: ExactRidge | RidgeOverWays | None = None
        sample = self._sample()
        if 0 < len(texts) <= _EXACT_VARIANTS:
            kernel = self._vectors.kernel()
            ridge = ExactRidge(kernel, self._way_of, self._starts, _RIDGE)
            closeness = kernel[sample]
        else:
            if 0 < len(ordered) <= _RIDGE_WAYS:
                ridge = RidgeOverWays(self._vectors.to_groups(), self._way_of, self._starts, _RIDGE)
            closeness = np.array([self._vectors.row(int(variant)) for variant in sample])
        linear = self._average if ridge is None else ridge.blended(_MEAN / self._counts)
        self._best_share = _BEST if ridge is None else _BEST / 2
        self._closeness = Closeness(self._vectors, len(ordered), linear)
        self.sure, self.unsure = derive(self._held_out(sample, closeness, documents, ridge))
        self._vectors.forget_variants()

    def rank(self, query: str, limit: int = 5) -> list[Ranked]:
        """Return the ways that have something in common with a message, best first."""
        folded = words(query)
        if not self._keys or (is_small_talk(folded) and self._small_talk.isdisjoint(folded)):
            return []
        read = self._vectors.read(folded)
        closeness, scores = self._closeness.of(read)
        best = np.maximum.reduceat(closeness, self._starts)
        if not best.any():
            return []
        scores += self._best_share * best
        scores += _ANSWER_SHARE * self._answers.scores(read)
        scores = self._by_key(scores)
        order = (-scores).argsort(kind="stable")[:limit]
        first = zip(order.tolist(), scores[order].tolist(), strict=True)
        return [Ranked(self._keys[at], score) for at, score in first if score > 0]

    def judge(self, ranked: Sequence[Ranked]) -> Verdict:
        """Say what a ranking is good for: giving the answer, asking "did you mean", or neither."""
        if not ranked or ranked[0].score < self.unsure:
            return "unknown"
        second = ranked[1].score if len(ranked) > 1 else 0.0
        return "answer" if lead(ranked[0].score, second) >= self.sure else "ask_back"

    def _average(self, places: Places | slice, closeness: Floats) -> Floats:
        """Return the average variant's part in each way's score."""
        totals = np.bincount(self._way_of[places], closeness, len(self._counts))
        average: Floats = totals * _MEAN / self._counts
        return average

    def _by_key(self, scores: Floats) -> Floats:
        return np.maximum.reduceat(scores, self._key_starts)

    def _sample(self) -> Places:
        """Return the variants to hold out: those that have siblings, evenly thinned."""
        limit = _EXACT_VARIANTS if len(self._way_of) <= _EXACT_VARIANTS else _SAMPLE
        candidates = np.flatnonzero(self._counts[self._way_of] > 1)
        return candidates[:: math.ceil(len(candidates) / limit) or 1]

    def _held_out(
        self,
        sample: Places,
        closeness: Floats,
        documents: Sequence[Features],
        ridge: ExactRidge | RidgeOverWays | None,
    ) -> list[HeldOut]:
        """Rank the sampled variants as if the index had never seen them."""
        if not len(sample):
            return []
        each, way = np.arange(len(sample)), self._way_of[sample]
        closeness[each, sample] = 0.0
        best = np.maximum.reduceat(closeness, self._starts, axis=1)
        totals = np.add.reduceat(closeness, self._starts, axis=1)
        near = _BEST * best + _MEAN * totals / self._counts
        near[each, way] = _BEST * best[each, way] + _MEAN * totals[each, way] / (self._counts[way] - 1)
        scores = near if ridge is None else (near + ridge.unseen(sample)) / 2
        return [
            held_out(self._by_key(row + _ANSWER_SHARE * self._answers.scores(documents[variant])), own)
            for row, variant, own in zip(scores, sample, self._key_of[way], strict=True)
        ]


def _folded(variants: Sequence[str]) -> list[list[str]]:
    """Return the variants' words, each once: a twin of a held-out one would make the index overrate itself."""
    return list({tuple(folded): folded for folded in map(words, variants)}.values()) or [[]]
