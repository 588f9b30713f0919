"""The benchmark of decisions comes to an end, holds its goals, and would notice what it is there to notice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import handlers.mentoring.deciding
from benchmarks import decisions
from storage import mentoring

REPOSITORY = Path(__file__).parents[2]
GOALS = (
    "decisions with other than one winner",
    "founders with other than one notice",
    "late managers not told who was faster",
    "requests whose cards are not equal",
)


@pytest.mark.timeout(120)
def test_two_managers_decide_at_once_and_every_goal_holds():
    command = (sys.executable, "-m", "benchmarks.decisions", "--rounds", "24", "--json")
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=110)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["benchmark"] == "decisions"
    assert {name: told["figures"][name]["value"] for name in GOALS} == dict.fromkeys(GOALS, 0)
    assert told["figures"]["rounds"]["value"] == 24


async def test_it_notices_two_winners(monkeypatch):
    decide = mentoring._mark_decided_if_open

    def ask_nobody(tx, inquiry_id, *facts):
        tx.execute("UPDATE mentoring_requests SET state = 'open', round = round + 1 WHERE id = ?", (inquiry_id,))
        return decide(tx, inquiry_id, *facts)

    monkeypatch.setattr(mentoring, "_mark_decided_if_open", ask_nobody)
    figures = await decisions.measure(4, seed=1)
    assert [figures[name].holds for name in GOALS[:3]] == [False, False, False]


async def test_it_notices_cards_that_do_not_follow(monkeypatch):
    monkeypatch.setattr(handlers.mentoring.deciding, "changed", lambda ctx, inquiry: None)
    figures = await decisions.measure(4, seed=1)
    assert [figures[name].holds for name in GOALS] == [True, True, True, False]
