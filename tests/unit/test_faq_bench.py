"""The figures of a set of questions are those that the public measure gives for the same index."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.faq_bench import area_under_curve, figures, spoiled
from handlers.retrieval.index import Index, Way

TIMES = ("ms", "build_s")
SMALL: dict[str, Any] = {
    "lang": "de",
    "entries": [
        {
            "id": "price",
            "variants": ["Was kostet ein Tisch?", "Preis für einen Schreibtisch"],
            "answer": "50 Euro",
        },
        {"id": "hours", "variants": ["Wann habt ihr offen?", "Öffnungszeiten"]},
        {"id": "dogs", "variants": ["Darf mein Hund mit?"]},
    ],
    "queries": [
        {"q": "was kostet der schreibtisch", "gold": ["price"], "hard": False},
        {"q": "ab wann ist offen", "gold": ["hours"], "hard": True},
        {"q": "sind tiere erlaubt", "gold": ["dogs"]},
        {"q": "euro", "gold": ["price", "hours"]},
    ],
    "oos_near": ["Kann ich mit Karte zahlen?"],
    "oos_far": [],
}


@pytest.fixture(scope="module")
def harness(shared_dir: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("faq_harness", shared_dir / "bench" / "faq" / "harness.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(entries: list[dict[str, Any]]):
    index = Index([Way(each["id"], tuple(each["variants"]), each.get("answer", "")) for each in entries])
    return lambda text: [(each.key, each.score) for each in index.rank(text, limit=10)]


def write(folder: Path, content: object, name: str = "small") -> None:
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("name", ["covid_de", "robo_en"])
def test_figures_are_those_of_the_public_measure(harness, shared_dir, name, noise):
    ours = figures(shared_dir / "bench" / "faq" / "data", name, noise)
    theirs = harness.evaluate(build, harness.load(name), noise)
    assert ours.keys() == theirs.keys()
    assert {key: ours[key] for key in ours if key not in TIMES} == {
        key: theirs[key] for key in theirs if key not in TIMES
    }


@pytest.mark.parametrize("noise", [False, True])
def test_answers_and_missing_kinds_count_as_in_the_public_measure(harness, tmp_path, noise):
    write(tmp_path, SMALL)
    ours, theirs = figures(tmp_path, "small", noise), harness.evaluate(build, SMALL, noise)
    assert ours["auc_far"] is None
    assert ours.keys() == theirs.keys()
    assert {key: ours[key] for key in ours if key not in TIMES} == {
        key: theirs[key] for key in theirs if key not in TIMES
    }


def test_spoiling_is_that_of_the_public_measure(harness, shared_dir):
    for name in ("covid_de", "robo_en"):
        given = harness.load(name)
        for query in given["queries"]:
            assert spoiled(query["q"], given["lang"]) == harness.noisy(query["q"], given["lang"])
    assert spoiled("Größere Öffnungszeiten möglich?", "de", 3) == harness.noisy(
        "Größere Öffnungszeiten möglich?", "de", 3
    )


def test_area_under_curve_counts_ties_half():
    assert area_under_curve([2.0, 3.0], [1.0]) == 1
    assert area_under_curve([1.0], [1.0]) == 0.5
    assert area_under_curve([], [1.0]) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "truncated"),
        (json.dumps({"lang": "de"}), "entries"),
        (json.dumps(SMALL | {"entries": [{"variants": ["a"]}]}), "id"),
        (json.dumps(SMALL | {"queries": [{"q": "a"}]}), "gold"),
        (json.dumps(SMALL | {"entries": []}), "no entries"),
        (json.dumps(SMALL | {"queries": []}), "no queries"),
        (json.dumps([]), "object"),
    ],
)
def test_what_is_no_set_is_named_with_what_to_do(tmp_path, content, said):
    (tmp_path / "small.json").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as raised:
        figures(tmp_path, "small")
    assert "small.json" in str(raised.value)


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    with pytest.raises(ValueError, match=r"nothing.json can't be read .*: name the folder"):
        figures(tmp_path, "nothing")


def test_a_file_that_is_no_text_is_named(tmp_path):
    (tmp_path / "small.json").write_bytes(b'{"lang": "\xff\xfe"}')
    with pytest.raises(ValueError, match=r"small\.json is no set"):
        figures(tmp_path, "small")
