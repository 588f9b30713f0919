from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.retrieval.fold import fold, words
from handlers.retrieval.index import Index, Ranked, Way

WAYS = [
    Way(
        "faq:price",
        ("Was kostet ein Schreibtisch?", "Wie hoch ist die Miete?", "What does a desk cost?"),
        "50 Euro",
    ),
    Way(
        "faq:hours", ("Wann ist offen?", "Wie sind die Öffnungszeiten?", "When are you open?"), "von acht bis acht"
    ),
    Way("desks:book", ("Platz buchen", "Ich möchte morgen einen Platz", "Book a desk for tomorrow"), ""),
]

SYLLABLES = [
    "ka",
    "me",
    "lo",
    "ri",
    "tan",
    "ber",
    "schu",
    "gen",
    "sta",
    "wo",
    "fi",
    "dor",
    "pla",
    "net",
    "ung",
    "zu",
    "haus",
]
SMALL_WORDS = [
    "was",
    "wie",
    "ist",
    "der",
    "die",
    "das",
    "kann",
    "ich",
    "wo",
    "habt",
    "what",
    "how",
    "the",
    "is",
    "can",
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(WAYS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Größe", "grosse"),
        ("GROESSE", "grosse"),
        ("Über", "uber"),
        ("ueber", "uber"),
        ("neue", "neue"),
        ("quer", "quer"),
        ("Café", "cafe"),
        ("Mülheim", "mulheim"),
        ("Muelheim", "mulheim"),
    ],
)
def test_folding_gives_one_spelling(text, folded):
    assert fold(text) == folded


def test_words_leave_out_punctuation():
    assert words("Was kostet's, bitte?!") == ["was", "kostet", "s", "bitte"]


def test_a_variant_ranks_its_own_way_first(index):
    for way in WAYS:
        for variant in way.variants:
            assert index.rank(variant)[0].key == way.key


def test_ranking_is_best_first_and_limited(index):
    ranked = index.rank("was kostet ein platz", limit=2)
    assert len(ranked) == 2
    assert ranked[0].score >= ranked[1].score


def test_nothing_in_common_ranks_nothing(index):
    assert index.rank("привет") == []
    assert index.rank("") == []
    assert index.judge([]) == "unknown"


def test_two_close_scores_are_asked_back():
    index = Index(WAYS)
    high = index.sure + 0.3
    assert index.judge([Ranked("faq:a", high), Ranked("faq:b", 0.1 * high)]) == "answer"
    assert index.judge([Ranked("faq:a", max(index.sure, index.unsure)), Ranked("faq:b", index.sure)]) == "ask_back"
    assert index.judge([Ranked("faq:a", index.unsure / 2)]) == "unknown"


def test_words_of_the_answer_help(index):
    assert index.rank("bis acht?")[0].key == "faq:hours"


def test_small_words_sway_little_where_each_way_has_one_variant():
    index = Index(
        [
            Way("faq:way", ("How can I find my way to you?",)),
            Way("faq:printer", ("Do you have printers that work over the wifi?",)),
            Way("faq:parking", ("Wo kann ich bei euch parken?",)),
            Way("faq:parcels", ("Nehmt ihr im Haus auch Pakete an?",)),
        ]
    )
    assert index.rank("How can I use your printers?")[0].key == "faq:printer"


def test_greetings_are_looked_up_only_where_a_way_has_them():
    assert Index(WAYS).rank("hallo") == []
    greeting = Way("help:hello", ("hallo", "hello", "hi", "guten tag"))
    index = Index([*WAYS, greeting])
    assert index.rank("hallo")[0].key == "help:hello"
    assert index.rank("danke") == []


def test_a_variant_that_is_there_twice_changes_nothing():
    once, twice = Index(WAYS), Index([Way(way.key, way.variants * 2, way.answer) for way in WAYS])
    assert (once.sure, once.unsure) == (twice.sure, twice.unsure)
    assert once.rank("was kostet ein platz") == twice.rank("was kostet ein platz")


def test_ways_may_share_a_key():
    index = Index(
        [Way("faq:a", ("Wo ist der Drucker?",)), Way("faq:b", ("Wo ist Kaffee?",)), Way("faq:a", ("printer",))]
    )
    assert index.rank("printer")[0].key == "faq:a"
    assert index.rank("drucker")[0].key == "faq:a"
    assert [each.key for each in index.rank("wo ist der drucker")] == ["faq:a", "faq:b"]


@pytest.mark.parametrize("ways", [[], [Way("faq:a", ())], [Way("faq:a", ("?",))], [Way("faq:a", ("wlan",))]])
def test_tiny_indexes_work(ways):
    index = Index(ways)
    assert index.judge(index.rank("parken")) == "unknown"
    assert index.judge(index.rank("")) == "unknown"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_message_can_be_ranked(text):
    for ranked in _SMALL.rank(text):
        assert 0 < ranked.score < 2


_SMALL = Index(WAYS)


def _many(count: int, variants: int) -> list[Way]:
    """Ways over a large made-up vocabulary, the small words shared as in real questions."""
    rng = random.Random(7)
    vocabulary = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(count * 4)]
    return [
        Way(
            f"w:{at}",
            tuple(
                " ".join(rng.sample(SMALL_WORDS, 3) + rng.sample(vocabulary[at * 4 : at * 4 + 8], 3))
                for _ in range(variants)
            ),
        )
        for at in range(count)
    ]


def _megabytes(name: str) -> float:
    """A figure of this process as Linux keeps it, such as ``VmRSS``."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return int(status[name].split()[0]) / 1000


def measure_five_thousand_variants() -> None:
    """Print seconds, megabytes and how many of 42 ways were found; for a process that did nothing else."""
    ways = _many(420, 12)
    before, started = _megabytes("VmRSS"), time.process_time()
    index = Index(ways)
    spent, taken = time.process_time() - started, _megabytes("VmHWM") - before
    print(spent, taken, sum(index.rank(way.variants[3])[0].key == way.key for way in ways[::10]))


def test_five_thousand_variants_fit_in_little_memory_and_time():
    here = Path(__file__)
    measured = subprocess.run(
        [sys.executable, "-c", f"import {here.stem}; {here.stem}.measure_five_thousand_variants()"],
        env=os.environ | {"PYTHONPATH": f"{here.parents[2]}{os.pathsep}{here.parent}"},
        capture_output=True,
        text=True,
        check=True,
    )
    spent, taken, right = map(float, measured.stdout.split())
    assert spent < 6, "well over the 2 s that it takes on an idle machine"
    assert 1 < taken < 200
    assert right >= 40


def test_thousands_of_ways_with_one_variant_fit_too():
    tracemalloc.start()
    index = Index(_many(2000, 1))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6
    assert len(index.rank("was ist das", limit=3)) == 3


def test_a_large_index_ranks_like_a_small_one():
    ways = _many(140, 12)
    small, large = Index(ways[:120]), Index(ways)
    same = sum(small.rank(way.variants[0])[0].key == large.rank(way.variants[0])[0].key for way in ways[:120])
    assert same >= 118


def test_reading_from_many_threads_gives_the_same_answers():
    index = Index(_many(60, 6))
    queries = [f"{way.variants[0]} bitte" for way in _many(60, 6)]
    expected = [index.rank(query) for query in queries]
    wrong: list[str] = []

    def read() -> None:
        for _ in range(5):
            wrong.extend(
                query for query, ranked in zip(queries, expected, strict=True) if index.rank(query) != ranked
            )

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
