"""How well the index answers a set of questions: figures for any set, comparable between engines.

A set is one JSON file: ``lang``, ``entries`` (id, variants, answer where there is one), ``queries`` (q, gold,
hard), ``oos_near`` and ``oos_far`` (questions that nothing there answers, of the same subject and of others).
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from handlers.retrieval.index import Index, Way

Rank = Callable[[str], list[tuple[str, float]]]

_NOTHING = float("-inf")  # the score where nothing was found
_OUTSIDE = 0.2  # share of the messages that nothing in the set answers
_OWN_COVERAGE = 0.8  # of held-out variants, so many pass the threshold found without any question
_DEPTH = 10


class _Entry(msgspec.Struct, frozen=True):
    id: str
    variants: tuple[str, ...]
    answer: str = ""


class _Query(msgspec.Struct, frozen=True):
    q: str
    gold: frozenset[str]
    hard: bool = False


class _Set(msgspec.Struct, frozen=True):
    lang: str
    entries: tuple[_Entry, ...]
    queries: tuple[_Query, ...]
    oos_near: tuple[str, ...]
    oos_far: tuple[str, ...]


def figures(folder: Path, name: str, noise: bool = False) -> dict[str, float | None]:
    """Measure the index on the set ``folder/name.json``.

    Args:
        folder: Where the sets are.
        name: The file's name without ``.json``.
        noise: Ask as hurried people type: lower case, no punctuation, typos.

    Returns:
        ``hit1`` ``hit3`` ``mrr10``: how often a right entry is first, among three, and its mean reciprocal rank.
        ``hard1``: ``hit1`` where the words are far from the entry's own; None without such questions.
        ``auc_near`` ``auc_far``: how often a question scores higher than one that nothing answers; None without.
        ``p70`` ``p80``: precision of what is answered where 70 or 80 % of the questions are, a fifth of all
        messages having no answer. ``oos70``: share of those that is answered at 70 %.
        ``own_cov`` ``own_p``: share answered and its precision, with a threshold found by holding variants out;
        missing with noise, and where each entry has one variant.
        ``ms``: median milliseconds a question. ``build_s``: seconds to build.

    Raises:
        ValueError: The file is missing or is no such set.
    """
    given = _load(folder / f"{name}.json")

    def asked(text: str) -> str:
        return spoiled(text, given.lang) if noise else text

    started = time.perf_counter()
    rank = _build(given.entries)
    built = time.perf_counter() - started
    for query in given.queries[:5]:  # warm up
        rank(asked(query.q))
    inside: list[float] = []
    right: list[bool] = []
    right_hard: list[bool] = []
    within_three, reciprocal, spent = 0, 0.0, []
    for query in given.queries:
        text = asked(query.q)
        started = time.perf_counter()
        ranked = rank(text)
        spent.append((time.perf_counter() - started) * 1e3)
        place = next((at for at, (found, _) in enumerate(ranked) if found in query.gold), None)
        inside.append(_top(ranked))
        right.append(place == 0)
        within_three += place is not None and place < 3
        reciprocal += 0.0 if place is None else 1 / (place + 1)
        if query.hard:
            right_hard.append(place == 0)
    near, far = ([_top(rank(asked(text))) for text in texts] for texts in (given.oos_near, given.oos_far))
    answers = _Answers(inside, right, near, far)
    size = len(inside)
    found: dict[str, float | None] = {
        "hit1": sum(right) / size,
        "hit3": within_three / size,
        "mrr10": reciprocal / size,
        "hard1": sum(right_hard) / len(right_hard) if right_hard else None,
        "auc_near": area_under_curve(inside, near),
        "auc_far": area_under_curve(inside, far),
    }
    ordered = sorted(inside, reverse=True)
    found["p70"], found["oos70"], _ = answers.above(ordered[int(size * 0.7) - 1])
    found["p80"], _, _ = answers.above(ordered[int(size * 0.8) - 1])
    threshold = None if noise else _own_threshold(given.entries)
    if threshold is not None:
        found["own_p"], _, found["own_cov"] = answers.above(threshold)
    found |= {"ms": statistics.median(spent), "build_s": built}
    return {figure: None if value is None else round(value, 4) for figure, value in found.items()}


def area_under_curve(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return how often a score from inside beats one from outside, a tie counting half; None without either."""
    if not inside or not outside:
        return None
    scored = sorted([(score, 1) for score in inside] + [(score, 0) for score in outside])
    ranks, start = 0.0, 0
    while start < len(scored):
        end = start
        while end < len(scored) and scored[end][0] == scored[start][0]:
            end += 1
        ranks += (start + end + 1) / 2 * sum(is_inside for _, is_inside in scored[start:end])
        start = end
    return (ranks - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside))


def _load(file: Path) -> _Set:
    try:
        given = msgspec.json.decode(file.read_bytes(), type=_Set, strict=False)
    except OSError as error:
        raise ValueError(
            f"{file} can't be read ({error.strerror}): name the folder of the sets, and a set in it without .json"
        ) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{file} is no set of questions: {error}. It needs lang, entries (id, variants), "
            "queries (q, gold), oos_near and oos_far"
        ) from None
    for what, there in (("entries", given.entries), ("queries", given.queries)):
        if not there:
            raise ValueError(f"{file} has no {what}: put at least one there")
    return given


def _build(entries: Sequence[_Entry]) -> Rank:
    index = Index([Way(entry.id, entry.variants, entry.answer) for entry in entries])
    return lambda text: [(each.key, each.score) for each in index.rank(text, limit=_DEPTH)]


def _top(ranked: Sequence[tuple[str, float]]) -> float:
    return ranked[0][1] if ranked else _NOTHING


def _own_threshold(entries: Sequence[_Entry]) -> float | None:
    """Return the score that most variants reach in an index without them; None where none can be left out."""
    scores = []
    for fold in (0, 1):
        kept, held = [], []
        for entry in entries:
            if len(entry.variants) == 1:
                kept.append(entry)
                continue
            halves: tuple[list[str], list[str]] = ([], [])
            for at, variant in enumerate(entry.variants):
                halves[at % 2 == fold].append(variant)
            kept.append(_Entry(entry.id, tuple(halves[0]), entry.answer))
            held += halves[1]
        if held:
            rank = _build(kept)
            scores += [_top(rank(text)) for text in held]
    return sorted(scores)[int(len(scores) * (1 - _OWN_COVERAGE))] if scores else None


class _Answers:
    """What is answered from some score on."""

    def __init__(
        self, inside: Sequence[float], right: Sequence[bool], near: Sequence[float], far: Sequence[float]
    ) -> None:
        self._inside, self._right = inside, right
        self._outside = [kind for kind in (near, far) if kind]

    def above(self, threshold: float) -> tuple[float, float, float]:
        """Return the precision, the share answered of what has no answer, and of what has one."""
        answered = sum(score >= threshold for score in self._inside) / len(self._inside)
        good = sum(
            score >= threshold and right for score, right in zip(self._inside, self._right, strict=True)
        ) / len(self._inside)
        wrong, share = 0.0, 0.0
        if self._outside:
            shares = [sum(score >= threshold for score in kind) / len(kind) for kind in self._outside]
            wrong, share = sum(shares) / len(shares), _OUTSIDE
        given = (1 - share) * answered + share * wrong
        return (1 - share) * good / given if given else 0.0, wrong, answered


_KEYS = {
    "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    "en": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
}
_NEIGHBOURS = {
    language: {
        key: [row[near] for near in (at - 1, at + 1) if 0 <= near < len(row)]
        for row in rows
        for at, key in enumerate(row)
    }
    for language, rows in _KEYS.items()
}
_NO_WORD = re.compile(r"[^\w\s]")
_TYPO = 0.2  # share of the words of four letters and more that get one


def spoiled(text: str, language: str, seed: int = 0) -> str:
    """Return a text as a hurried person types it: the same each time."""
    chance = random.Random(f"{seed}|{text}")  # noqa: S311 # nothing is to be kept secret
    neighbours = _NEIGHBOURS["de" if language == "de" else "en"]
    plain = _NO_WORD.sub(" ", text.lower())
    drawn = chance.random()
    umlauts = ("ae", "oe", "ue", "ss") if drawn < 0.5 else tuple("aous") if drawn < 0.7 else tuple("äöüß")
    for umlaut, written in zip("äöüß", umlauts, strict=True):
        plain = plain.replace(umlaut, written)
    return " ".join(
        _mistyped(word, chance, neighbours)
        if len(word) >= 4 and word.isalpha() and chance.random() < _TYPO
        else word
        for word in plain.split()
    )


def _mistyped(word: str, chance: random.Random, neighbours: dict[str, list[str]]) -> str:
    at = chance.randrange(1, len(word) - 1)
    match chance.choice(("swap", "drop", "double", "key")):
        case "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "drop":
            return word[:at] + word[at + 1 :]
        case "double":
            return word[:at] + word[at] + word[at:]
        case _:
            return word[:at] + chance.choice(neighbours.get(word[at], [word[at]])) + word[at + 1 :]
