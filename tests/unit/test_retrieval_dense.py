"""The index's scores against the same recipe written down plainly, with whole matrices and nothing recalled."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from handlers.faq.content import load_entries
from handlers.faq.entries import ways
from handlers.retrieval import index as retrieval
from handlers.retrieval.features import Features, features, pieces_of, repeated
from handlers.retrieval.fold import words
from handlers.retrieval.index import Index, Way
from handlers.retrieval.language import of_words
from handlers.retrieval.recall import recalled
from handlers.retrieval.spelling import Spelling

HUB = Path(__file__).parents[2] / "hub"
QUERIES = [
    "was kostet ein schreibtisch bitte",
    "was was was kostet kostet der der schreibtisch",  # terms that are there more than once
    "wie komme ich denn in den raum, in dem der drucker steht",
    "is there a printer there or is there none there",
    "barbara mississippi ananas",  # pieces that are there more than once within a word
    "xqzt xqzt wlan",  # unknown ones too
    "schreibtisch preis",  # of open language
    "x" * 60 + " parken",
]


class Dense:
    """The recipe: stems, senses and pieces; the best and the average variant, a regression, BM25."""

    def __init__(self, ways: list[Way], kind: str) -> None:
        self.ways, self.kind = ways, kind
        self.shares, self.function = ((0.45, 0.1, 0.45), 0.4) if kind == "one each" else ((0.25, 0.3, 0.45), 0.8)
        # Each wording once: two that differ in spelling only are one.
        different = dict.fromkeys((at, tuple(words(text))) for at, way in enumerate(ways) for text in way.variants)
        texts = [(at, list(folded)) for at, folded in different]
        self.of = np.array([at for at, _ in texts])
        telling = {at: features(folded) for at, (_, folded) in enumerate(texts) if of_words(folded)}
        self.known = {stem for each in telling.values() for stem in each.stems}
        read = [telling.get(at) or features(folded, self.known) for at, (_, folded) in enumerate(texts)]
        self.documents = [self.counted(each) for each in read]
        self.known |= {stem for each in read for stem in (*each.stems, *each.pairs)}
        self.spelling = Spelling([text for _, text in texts], {word for way in ways for word in words(way.answer)})
        self.frequency = [
            Counter(term for at in range(len(ways)) for term in set().union(*self.terms_of(at, kind)))
            for kind in range(3)
        ]
        self.rows = [self.vector(document) for document in self.documents]
        kernel = np.array([self.closeness(row) for row in self.rows])
        self.member = np.eye(len(ways))[self.of]
        if kind == "softmax":
            self.regression = self.descended(kernel)
        elif kind == "ridge":
            to_ways = kernel @ self.member
            between = self.member.T @ to_ways
            system = to_ways.T @ to_ways + 0.9 * between + 1e-6 * np.eye(len(ways))
            self.regression = self.member @ np.linalg.inv(system) @ between

    def descended(self, kernel: np.ndarray) -> np.ndarray:
        centred = kernel - kernel.mean(axis=0)
        steepest = np.linalg.eigvalsh(centred - centred.mean(axis=1)[:, None])[-1]
        rate = min(0.5, 1.2 * len(self.ways) / (8 * steepest))
        counts = self.member.sum(axis=0)
        weights = np.minimum(counts.mean() / counts, 1)[self.of]
        found = ahead = np.zeros_like(self.member)
        for done in range(25):
            missed = (softmax(8 * kernel @ ahead) - self.member) * weights[:, None]
            step = ahead - rate * (missed + 0.02 * ahead)
            step -= step.mean(axis=0)
            found, ahead = step, step + done / (done + 3) * (step - found)
        return found

    def counted(self, read: Features) -> list[Counter[str]]:
        return [Counter(read.stems + read.pairs), Counter(read.senses), Counter(read.pieces)]

    def terms_of(self, way: int, kind: int) -> list[Counter[str]]:
        return [document[kind] for document, of in zip(self.documents, self.of, strict=True) if of == way]

    def vector(self, document: list[Counter[str]]) -> list[dict[str, float]]:
        """Return a text's weights for each kind of terms, their squares summing up to its share."""
        kinds = []
        for counts, frequency, share in zip(document, self.frequency, self.shares, strict=True):
            idf = {term: math.log((1 + len(self.ways)) / (1 + frequency[term])) + 1 for term in counts}
            small = {term: self.function if term.startswith("~") else 1 for term in counts}
            unknown = 1.05 * (math.log(1 + len(self.ways)) + 1)
            weights = {
                term: (1 + math.log(count)) * (idf[term] if term in frequency else unknown) * small[term]
                for term, count in counts.items()
            }
            norm = math.sqrt(sum(weight**2 for weight in weights.values()) / share)
            kinds.append({term: weight / norm for term, weight in weights.items()})
        return kinds

    def closeness(self, query: list[dict[str, float]]) -> np.ndarray:
        return np.array(
            [
                sum(weight * theirs.get(term, 0.0) for ours, theirs in zip(query, row, strict=True)
                    for term, weight in ours.items())
                for row in self.rows
            ]
        )  # fmt: skip

    def scores(self, text: str) -> dict[str, float]:
        read = features(self.spelling.put_right(words(text)), self.known)
        closeness = self.closeness(self.vector(self.counted(read)))
        scores = np.array([0.6 * closeness[self.of == at].max() + 0.4 * closeness[self.of == at].mean()
                           for at in range(len(self.ways))])  # fmt: skip
        if self.kind == "softmax":
            chance = 1 / len(self.ways)
            beyond = np.maximum(softmax(8 * closeness @ self.regression) - chance, 0) / (1 - chance)
            scores = (scores + beyond * scores / scores.max()) / 2
        elif self.kind == "ridge":
            scores = (scores + closeness @ self.regression * scores / scores.max()) / 2
        found = scores + 0.15 * self.bm25(set(read.stems))
        return {way.key: score for way, score in zip(self.ways, found, strict=True)}

    def bm25(self, stems: set[str]) -> np.ndarray:
        answers = [Counter(features(words(way.answer)).stems) for way in self.ways]
        lengths = [answer.total() for answer in answers]
        average = sum(lengths) / max(1, np.count_nonzero(lengths)) or 1.0
        found, most = np.zeros(len(answers)), 0.0
        for stem in stems:
            holding = sum(stem in answer for answer in answers)
            idf = math.log(1 + (len(answers) - holding + 0.5) / (holding + 0.5))
            most += idf * 2.2
            for at, answer in enumerate(answers):
                count = answer[stem]
                found[at] += idf * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * lengths[at] / average))
        return found / most


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("kind", ["softmax", "ridge", "neither", "one each"])
def test_scores_are_those_of_the_recipe(monkeypatch, kind):
    monkeypatch.setattr(retrieval, "_SOFTMAX_VARIANTS", 3000 if kind == "softmax" else 0)
    monkeypatch.setattr(retrieval, "_RIDGE_WAYS", 0 if kind == "neither" else 1500)
    many = 1 if kind == "one each" else 6
    some = [Way(way.key, way.variants[:many], way.answer) for way in ways(load_entries(HUB))[:30]]
    index, dense = Index(some), Dense(some, kind)
    asked = [way.variants[0] for way in some]
    for query in [*QUERIES, *asked, *QUERIES]:  # the second time, its words are recalled
        expected = dense.scores(query)
        ranked = index.rank(query, limit=len(some))
        assert ranked, query
        for each in ranked:
            assert each.score == pytest.approx(expected.pop(each.key), abs=2e-4), query
        assert all(score < 2e-4 for score in expected.values()), query


def test_repeated_terms_are_found_with_their_count():
    assert repeated(["a", "b", "a", "c", "a", "c"]) == {"a": 3, "c": 2}
    assert repeated(pieces_of("nana")) == {"na": 2}


def test_what_is_too_long_for_a_word_is_not_kept():
    asked: list[str] = []

    @recalled(4)
    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    assert [length("a"), length("a"), length("b" * 99), length("b" * 99)] == [1, 1, 99, 99]
    assert asked == ["a", "b" * 99, "b" * 99]
