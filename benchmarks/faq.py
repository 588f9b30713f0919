"""How well questions find their entry: on the hub's own pack, and on public FAQ sets where they are given.

    python -m benchmarks.faq [--json] [--data DIR]

``DIR`` holds ``robo_en.json``, ``covid_de.json`` and ``clinc150.json``, each with ``entries`` (id, variants),
``queries`` (q, gold), ``oos_near`` and ``oos_far`` (questions without an entry).
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, leave, parser, report
from handlers.faq.content import load_entries
from handlers.faq.entries import Entry, ways
from handlers.retrieval.fold import words
from handlers.retrieval.index import Index, Way
from handlers.retrieval.language import detect

HUB = Path(__file__).parents[1] / "hub"
ROUNDS = 7


def hub_figures() -> dict[str, Figure]:
    """Return the self-test and the speed of the hub's own pack."""
    entries = load_entries(HUB)
    everything = ways(entries)
    index = Index(everything)
    asks = [ask for entry in entries for wording in entry.wordings.values() for ask in wording.ask]
    return {
        # A floor against setbacks, not a measure of what people get: the pack's wordings differ on purpose, so
        # a question whose own wording is left out has often lost its only clue.
        "hub_de_held_out_hit@1": Figure(_held_out(entries, "de"), "share", 0.45),
        "hub_en_held_out_hit@1": Figure(_held_out(entries, "en"), "share", 0.50),
        "hub_build": Figure(_median_seconds(lambda: Index(everything)), "s", 0.5, "lower"),
        "hub_query": Figure(_median_query(index.rank, asks), "ms", 1.0, "lower"),
        "hub_detect": Figure(_median_query(detect, asks), "ms", better="lower"),
    }


def _held_out(entries: Sequence[Entry], language: str) -> float:
    """Leave each way to ask out once (one of each entry at a time), and see whether it finds its entry."""
    right = asked = 0
    for fold in range(max(len(entry.wording(language).ask) for entry in entries)):
        held = {
            entry.key: entry.wording(language).ask[fold]
            for entry in entries
            if fold < len(entry.wording(language).ask)
        }
        index = Index([_without(way, held.get(way.key)) for way in ways(entries)])
        ranked = {key: index.rank(ask, limit=1) for key, ask in held.items()}
        right += sum(bool(found) and found[0].key == key for key, found in ranked.items())
        asked += len(held)
    return right / asked


def _without(way: Way, ask: str | None) -> Way:
    """Return the way without a wording, in whatever spelling it stands there."""
    left_out = words(ask or "")
    return Way(way.key, tuple(variant for variant in way.variants if words(variant) != left_out), way.answer)


def set_figures(folder: Path) -> dict[str, Figure]:
    """Return the figures on the public sets; the goals are those of the recipe that the index follows."""
    robo, covid, clinc = (_measure(folder / f"{name}.json") for name in ("robo_en", "covid_de", "clinc150"))
    return {
        "robo_en_hit@1": Figure(robo["hit@1"], "share", 0.830),
        "robo_en_auc_far": Figure(robo["auc_far"], "share", 0.93),
        "covid_de_hit@1": Figure(covid["hit@1"], "share", 0.36),
        "covid_de_hit@3": Figure(covid["hit@3"], "share", 0.53),
        "clinc150_hit@1": Figure(clinc["hit@1"], "share", 0.739),
        "clinc150_auc_near": Figure(clinc["auc_near"], "share", 0.91),
        "clinc150_query": Figure(clinc["query"], "ms", 1.0, "lower"),
    }


def _measure(file: Path) -> dict[str, float]:
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    index = Index([Way(each["id"], tuple(each["variants"])) for each in data["entries"]])
    queries = [(each["q"], set(each["gold"])) for each in data["queries"]]
    ranked = [(index.rank(query, limit=3), gold) for query, gold in queries]
    inside = [found[0].score if found else 0.0 for found, _ in ranked]
    figures = {
        f"hit@{depth}": statistics.fmean(any(each.key in gold for each in found[:depth]) for found, gold in ranked)
        for depth in (1, 3)
    }
    for kind in ("near", "far"):
        outside = [found[0].score if (found := index.rank(query, 1)) else 0.0 for query in data[f"oos_{kind}"]]
        if outside:
            figures[f"auc_{kind}"] = area_under_curve(inside, outside)
    figures["query"] = _median_query(index.rank, [query for query, _ in queries])
    return figures


def area_under_curve(inside: Iterable[float], outside: Iterable[float]) -> float:
    """Return how often a score from inside beats one from outside, a tie counting half."""
    scored = sorted([(score, True) for score in inside] + [(score, False) for score in outside])
    ranks: dict[float, list[int]] = {}
    for place, (score, _) in enumerate(scored, start=1):
        ranks.setdefault(score, []).append(place)
    positives = [statistics.fmean(ranks[score]) for score, is_inside in scored if is_inside]
    count, others = len(positives), len(scored) - len(positives)
    return (sum(positives) - count * (count + 1) / 2) / (count * others)


def _median_query(answer: Callable[[str], object], queries: Sequence[str]) -> float:
    """Return the median time of a query in milliseconds: the median of several rounds' medians."""
    rounds = []
    for _ in range(ROUNDS):
        spent = []
        for query in queries:
            started = time.perf_counter()
            answer(query)
            spent.append(time.perf_counter() - started)
        rounds.append(statistics.median(spent) * 1000)
    return statistics.median(rounds)


def _median_seconds(build: Callable[[], object]) -> float:
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        build()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--data", type=Path, help="a folder with the public FAQ sets")
    given = options.parse_args()
    figures = hub_figures() | (set_figures(given.data) if given.data else {})
    return report("faq", figures, as_json=given.json)


if __name__ == "__main__":
    leave(main())
