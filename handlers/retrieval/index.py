"""The index: which of the things that can be asked for a message means, and how surely."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Literal

import msgspec
import numpy as np

from handlers.retrieval.answers import Answers
from handlers.retrieval.closeness import Closeness
from handlers.retrieval.edits import Edits
from handlers.retrieval.fold import words
from handlers.retrieval.regression import Learned, RidgeOverWays, Softmax
from handlers.retrieval.smalltalk import TELLING, is_mostly_small_talk, is_small_talk
from handlers.retrieval.spelling import Spelling
from handlers.retrieval.thresholds import Sample, derive, lead
from handlers.retrieval.vectors import Places, Singles, Vectors, Weights, read_all

Verdict = Literal["answer", "ask_back", "unknown"]

_BEST, _MEAN = 0.6, 0.4  # share of the best and of the average variant in a way's closeness
_ANSWER_SHARE = 0.15
# With about one variant a way there is nothing to learn from: nothing tells which senses mislead, nor that
# "how can I" sets no way apart.
_WEIGHTS = Weights()
_WEIGHTS_UNLEARNED = Weights(stems=0.45, senses=0.1, pieces=0.45, function=0.4)
_FEWEST_TO_LEARN = 1.5  # variants a way
_MOST_CHARACTERS, _MOST_WORDS = 4000, 100  # of a message; what comes later says nothing new
# Softmax regression takes the variants' number squared times the ways'; above, ridge regression over ways; with
# more ways, closeness alone.
_SOFTMAX_VARIANTS, _SOFTMAX_WORK = 4500, 2.5e9
_TWO_SAMPLES_WORK = 3e8
_RIDGE_WAYS = 1500
_TAKEN_CLOSENESS, _TAKEN_MOST = 0.45, 5


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

    Ways that share a key, one a language for instance, are one.

    Attributes:
        strict: From this lead on, the first way is the answer even where nobody asked the bot.
        sure: From this lead on (the first score less half the second), the first way is the answer.
        unsure: From this score on, it is worth asking "did you mean"; below, the message is not understood.
    """

    def __init__(self, ways: Sequence[Way]) -> None:
        merged = _merged(ways)
        self._keys = list(merged)
        self._place = {key: at for at, key in enumerate(self._keys)}
        variants = [_folded(way.variants) for way in merged.values()]
        self._counts = np.array([len(each) for each in variants], dtype=np.intp)
        self._starts = np.cumsum(self._counts) - self._counts
        self._way_of = np.repeat(np.arange(len(variants)), self._counts)
        folded = [list(text) for each in variants for text in each]
        self._texts = [text for each in variants for text in each.values()]
        self._small_talk = TELLING.intersection(
            chain.from_iterable(text for text in folded if is_mostly_small_talk(text))
        )
        answers = [words(way.answer) for way in merged.values()]
        self._spelling = Spelling(folded, set(chain.from_iterable(answers)))
        self._answers = Answers([way.answer for way in merged.values()])
        self._edits: Edits | None = None
        documents = read_all(folded)
        learns = len(folded) >= _FEWEST_TO_LEARN * len(variants)
        weights = _WEIGHTS if learns else _WEIGHTS_UNLEARNED
        self._vectors = Vectors(documents, self._way_of, len(variants), weights)
        self._learned: Learned | None = None
        sample = Sample(self._way_of, self._counts)
        work = len(folded) ** 2 * len(variants)
        if learns and len(folded) <= _SOFTMAX_VARIANTS and work <= _SOFTMAX_WORK:
            kernel = self._vectors.kernel()
            with ThreadPoolExecutor(1) as beside:  # numpy lets another core work
                learning = beside.submit(Softmax, kernel, self._way_of, len(variants)) if folded else None
                for held, kept in sample.folds(2 if work <= _TWO_SAMPLES_WORK else 1):
                    known = Softmax(kernel[np.ix_(kept, kept)], self._way_of[kept], len(variants))
                    closeness = kernel[np.ix_(held, kept)]
                    learned = known.scores(closeness)
                    near = _near(closeness, self._counts_of(kept))
                    sample.add(held, self._blend(near, learned), self._answers, documents, _ANSWER_SHARE)
                self._learned = learning.result() if learning else None
        else:
            ridge = None
            if learns and len(variants) <= _RIDGE_WAYS:
                ridge = RidgeOverWays(self._vectors.to_groups(), self._way_of, self._starts)
            held = sample.thinned()
            closeness = np.array([self._vectors.row(int(variant)) for variant in held], np.float32)
            closeness = closeness.reshape(len(held), len(folded))
            closeness[np.arange(len(held)), held] = 0.0
            near = _near(closeness, self._counts, self._way_of[held])
            sample.add(
                held,
                self._blend(near, ridge.unseen(held) if ridge else None),
                self._answers,
                documents,
                _ANSWER_SHARE,
            )
            if ridge:
                ridge.forget_variants()
            self._learned = ridge
        self._closeness = Closeness(self._vectors)
        self.strict, self.sure, self.unsure = derive(sample)
        self._vectors.forget_variants()

    def rank(self, query: str, limit: int = 5) -> list[Ranked]:
        """Return the ways that have something in common with a message, best first.

        Of a long message the first 100 words count.
        """
        folded = words(query[:_MOST_CHARACTERS])[:_MOST_WORDS]
        if is_small_talk(folded) and self._small_talk.isdisjoint(folded):
            return []
        read = self._vectors.read(self._spelling.put_right(folded))
        if not self._keys:
            keys, scores = self._keys, np.zeros(0)
        else:
            closeness = self._closeness.of(read)
            near = _near(closeness, self._counts)
            blended = self._blend(near, self._learned.scores(closeness) if self._learned else None)
            keys, scores = self._keys, blended + _ANSWER_SHARE * self._answers.scores(read)
            scores *= bool(closeness.any())
        if self._edits:
            keys, scores = self._edits.scores(read, keys, scores)
        order = (-scores).argsort(kind="stable")[:limit]
        first = zip(order.tolist(), scores[order].tolist(), strict=True)
        return [Ranked(keys[at], score) for at, score in first if score > 0]

    def judge(self, ranked: Sequence[Ranked]) -> Verdict:
        """Say what a ranking is good for: giving the answer, asking "did you mean", or neither."""
        if not ranked or ranked[0].score < self.unsure:
            return "unknown"
        return "answer" if _lead(ranked) >= self.sure else "ask_back"

    def certain(self, ranked: Sequence[Ranked]) -> bool:
        """Say whether the first of a ranking is the answer beyond doubt, to be given where nobody asked."""
        return bool(ranked) and _lead(ranked) >= max(self.strict, self.sure) and ranked[0].score >= self.unsure

    def replaced(self, key: str, ways: Sequence[Way]) -> Index:
        """Return an index in which these ways stand for a key, at once and nearly as a new one would.

        Until the next full build the new variants are compared with the weights of the old words; the regression
        still knows the key as it was, the thresholds stay, and the answer counts only if it was there before.

        Args:
            key: Of the way that was edited, added or (with no ways) removed.
            ways: What it is now.
        """
        edited = copy.copy(self)
        texts = list(_folded([text for way in ways for text in way.variants]).items())
        edited._edits = (self._edits or Edits(self._vectors)).having(key, texts if ways else None)
        own = (folded for folded, _ in texts if is_mostly_small_talk(folded))
        edited._small_talk = self._small_talk.union(*(TELLING.intersection(folded) for folded in own))
        return edited

    def taken_away(self, text: str, key: str) -> list[tuple[str, str]]:
        """Return which known variants of other keys would probably lead to a key if a text became its variant.

        A variant counts as a question that nobody has asked yet: it is taken away if the text is closer to it than
        all that is left of its own key. Compared by closeness alone; at most five, the closest first.

        Returns:
            Variants with the keys that they belong to.
        """
        own = self._place.get(key)
        read = self._vectors.read(words(text[:_MOST_CHARACTERS])[:_MOST_WORDS])
        if not self._keys or not read.words:
            return []
        closeness = self._closeness.of(read)
        closest = (-closeness).argsort(kind="stable")[: 2 * _TAKEN_MOST]
        taken: list[tuple[str, str]] = []
        for at in closest.tolist():
            way = int(self._way_of[at])
            if closeness[at] < _TAKEN_CLOSENESS or len(taken) == _TAKEN_MOST:
                break
            if way == own or self._keys[way] in (self._edits.keys if self._edits else ()):
                continue
            others = self._closeness.of(self._vectors.read(words(self._texts[at])))
            others[at] = 0.0
            siblings = others[self._starts[way] : self._starts[way] + self._counts[way]]
            stays = float(siblings.max(initial=0.0))
            if closeness[at] > stays:
                taken.append((self._texts[at], self._keys[way]))
        return taken

    def _blend(self, near: Singles, learned: Singles | None) -> Singles:
        """Return scores: half closeness, half what was learned, as far as it does not contradict closeness."""
        if learned is None:
            return near
        closest = np.maximum(near.max(axis=-1, keepdims=True), np.float32(1e-9))
        blended: Singles = (near + learned * near / closest) / 2
        return blended

    def _counts_of(self, variants: Places) -> Places:
        return np.bincount(self._way_of[variants], minlength=len(self._counts))


def _near(closeness: Singles, counts: Places, left_out_of: Places | None = None) -> Singles:
    """Return how close ways are by their best and their average variant; shape (..., ways).

    Args:
        closeness: To each variant; shape (..., variants).
        counts: How many each way has, in the same order.
        left_out_of: For each row the way whose variant it is, with a closeness of 0 to itself.
    """
    starts = np.cumsum(counts) - counts
    near: Singles = np.maximum.reduceat(closeness, starts, axis=-1) * np.float32(_BEST)
    average = np.add.reduceat(closeness, starts, axis=-1) / counts.astype(np.float32)
    if left_out_of is not None:
        each = np.arange(len(closeness))
        average[each, left_out_of] *= counts[left_out_of] / (counts[left_out_of] - 1)
    near += np.float32(_MEAN) * average
    return near


def _lead(ranked: Sequence[Ranked]) -> float:
    return lead(ranked[0].score, ranked[1].score if len(ranked) > 1 else 0.0)


def _merged(ways: Sequence[Way]) -> Mapping[str, Way]:
    merged: dict[str, Way] = {}
    for way in ways:
        before = merged.get(way.key)
        if before:
            answer = before.answer if way.answer in before.answer else f"{before.answer}\n{way.answer}"
            way = Way(way.key, before.variants + way.variants, answer)
        merged[way.key] = way
    return merged


def _folded(variants: Sequence[str]) -> dict[tuple[str, ...], str]:
    """Return the variants by their words, each once: a held-out one's twin would let the index overrate itself."""
    folded: dict[tuple[str, ...], str] = {}
    for variant in variants:
        folded.setdefault(tuple(words(variant)), variant)
    return folded or {(): ""}
