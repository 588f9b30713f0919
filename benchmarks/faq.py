"""How well questions find their entry, and what that costs.

    python -m benchmarks.faq [--json] [--data DIR]

* On the hub's own pack: each wording left out once, and the questions in ``hub_questions/`` that others wrote.
* At size: 500 entries of 10 wordings, put together from halves of the pack's wordings, in a process of its own.
  Building takes one core, and its seconds are those of that core.
* On public sets, where ``DIR`` holds them: ``robo_en.json``, ``covid_de.json``, ``covid_en.json`` and
  ``clinc150.json`` (see ``bot/faq_bench.py``).
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import Figure, leave, parser, report
from bot.app import build_house
from bot.faq_bench import figures as set_measures
from handlers.core.seals import Seals
from handlers.faq.content import load_entries
from handlers.faq.entries import Entry, ways
from handlers.retrieval.fold import words
from handlers.retrieval.index import Index, Way
from handlers.retrieval.language import detect

REPOSITORY = Path(__file__).parents[1]
HUB = REPOSITORY / "hub"
QUESTIONS = Path(__file__).parent / "hub_questions"
ROUNDS = 7
_REFUSAL = "faq:bot-about-others"
ENTRIES, VARIANTS, ASKED = 500, 10, 300
MEGABYTE = 1e6


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
        "hub_build": Figure(_median_seconds(lambda: Index(everything)), "s", 1.5, "lower"),
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


def question_figures(name: str) -> dict[str, Figure]:
    """Return how well all that the bot can do is found by the questions in ``hub_questions/NAME.json``.

    The file holds ``questions`` (q, gold: the keys that are right) and ``unanswerable`` (q). To say that nothing
    is told about other people is no false answer.
    """
    file = QUESTIONS / f"{name}.json"
    if not file.is_file():
        return {}
    given: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    house = build_house(HUB, Seals(["x" * 32]))
    index = Index([*house.registry.ways, *ways(load_entries(HUB))])
    asked = [(index.rank(each["q"]), each["gold"]) for each in given["questions"]]
    strangers = [index.rank(each["q"]) for each in given["unanswerable"]]
    answered = [(ranked, gold) for ranked, gold in asked if index.judge(ranked) == "answer"]
    certain = [(ranked, gold) for ranked, gold in asked if index.certain(ranked)]
    wrong = sum(ranked[0].key not in gold for ranked, gold in certain)
    false = sum(map(index.certain, strangers))
    hits = {
        depth: statistics.fmean(any(each.key in gold for each in ranked[:depth]) for ranked, gold in asked)
        for depth in (1, 3)
    }
    right = [ranked[0].key in gold for ranked, gold in answered]
    return {
        f"hub_{name}_hit@1": Figure(hits[1], "share", 0.85),
        f"hub_{name}_hit@3": Figure(hits[3], "share"),
        f"hub_{name}_answered_directly": Figure(len(answered) / len(asked), "share", 0.60),
        f"hub_{name}_right_of_answered": Figure(statistics.fmean(right) if right else 1.0, "share"),
        f"hub_{name}_false_answers": Figure(
            statistics.fmean(
                index.judge(ranked) == "answer" and ranked[0].key != _REFUSAL for ranked in strangers
            ),
            "share",
            0.10,
            "lower",
        ),
        f"hub_{name}_certain": Figure(len(certain) / len(asked), "share"),
        f"hub_{name}_wrong_of_certain": Figure(
            (wrong + false) / max(1, len(certain) + false), "share", 0.02, "lower"
        ),
    }


def size_figures() -> dict[str, Figure]:
    """Return what a large index costs; measured in a process of its own."""
    command = (sys.executable, "-m", "benchmarks.faq", "--size-only")
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True, text=True)
    cost: dict[str, float] = json.loads(run.stdout)
    return {
        "500x10_build": Figure(cost["build"], "s", 5.0, "lower"),
        "500x10_build_memory": Figure(cost["build_memory"], "MB", 200, "lower"),
        "500x10_index_memory": Figure(cost["index_memory"], "MB", 40, "lower"),
        "500x10_query": Figure(cost["query"], "ms", 2.0, "lower"),
        "500x10_edit": Figure(cost["edit"], "ms", 300, "lower"),
        "500x10_taken_away": Figure(cost["taken_away"], "ms", 10, "lower"),
    }


def measure_size() -> dict[str, float]:
    """Build a large index and ask it; memory is that of this process, in MB, its caches warm."""
    made, asked = recombined()
    Index(made[:20]).rank("what is this")  # what is loaded once is no part of an index
    gc.collect()
    _forget_most_resident()
    before, most_before = _resident(), _most_resident()
    started = time.process_time()
    index = Index(made)
    built = time.process_time() - started
    most = _most_resident()
    _give_back_memory()
    query = _median_query(index.rank, asked)
    gc.collect()
    after = _resident()
    return {
        "build": built,
        "build_memory": most - most_before,
        "index_memory": after - before,
        "query": query,
        "edit": _median_seconds(lambda: index.replaced(made[0].key, [made[1]]).rank(asked[0])) * 1000,
        "taken_away": _median_query(lambda text: index.taken_away(text, made[0].key), asked[:50]),
    }


def recombined() -> tuple[list[Way], list[str]]:
    """Return many ways, and questions to them: beginnings and ends of the pack's wordings, put together anew."""
    chance = random.Random(7)
    wordings = [[variant.split() for variant in way.variants] for way in ways(load_entries(HUB))]

    def phrase(beginnings: list[list[str]], ends: list[list[str]]) -> str:
        first, second = chance.choice(beginnings), chance.choice(ends)
        cut = chance.randint(1, len(first))
        return " ".join(first[:cut] + second[chance.randrange(len(second)) :])

    made, asked = [], []
    for number in range(ENTRIES):
        pair = chance.choice(wordings), chance.choice(wordings)
        variants: dict[str, None] = {}
        while len(variants) < VARIANTS:
            variants[phrase(*pair) if len(variants) % 2 else phrase(*reversed(pair))] = None
        made.append(Way(f"made:{number}", tuple(variants)))
        asked.append(phrase(*pair))
    return made, chance.sample(asked, ASKED)


def _give_back_memory() -> None:
    """Hand freed memory back, as the bot does once it has built."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # another libc has no such call
        ctypes.CDLL(None).malloc_trim(0)


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def _forget_most_resident() -> None:
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # a process begins with its parent's peak


def _most_resident() -> float:
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    peak = next(line for line in status if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024 / MEGABYTE


def set_figures(folder: Path) -> dict[str, Figure]:
    """Return the figures on the public sets."""
    goals = {
        "robo_en": {"hit1": 0.83, "hit3": 0.93, "auc_near": 0.89, "auc_far": 0.95, "p70": 0.94},
        "covid_de": {"hit1": 0.365, "hit3": 0.53, "auc_far": 0.95},
        "covid_en": {"hit1": 0.69, "hit3": 0.88},
        "clinc150": {"hit1": 0.74, "hit3": 0.87, "auc_near": 0.91},
    }
    found: dict[str, Figure] = {}
    for name, wanted in goals.items():
        measured = set_measures(folder, name)
        for figure, goal in wanted.items():
            found[f"{name}_{figure}"] = Figure(measured[figure] or 0.0, "share", goal)
        found[f"{name}_query"] = Figure(measured["ms"] or 0.0, "ms", 2.0, "lower")
    noisy = set_measures(folder, "robo_en", noise=True)
    found["robo_en_noisy_hit1"] = Figure(noisy["hit1"] or 0.0, "share", 0.80)
    return found


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
        started = time.process_time()
        build()
        spent.append(time.process_time() - started)
    return statistics.median(spent)


def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--data", type=Path, help="a folder with the public FAQ sets")
    options.add_argument("--size-only", action="store_true", help="print only what a large index costs, as JSON")
    given = options.parse_args()
    if given.size_only:
        print(json.dumps(measure_size()))
        return 0
    figures = hub_figures() | question_figures("dev") | question_figures("test") | size_figures()
    if given.data:
        figures |= set_figures(given.data)
    return report("faq", figures, as_json=given.json)


if __name__ == "__main__":
    leave(main())
