"""The benchmarks that run the whole bot come to an end and tell their figures; how fast they are is not asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


def figures(*command: str) -> dict[str, Any]:
    """Run a benchmark and return its figures."""
    ran = subprocess.run(
        (sys.executable, "-m", *command, "--json"), cwd=REPOSITORY, capture_output=True, text=True, timeout=240
    )
    assert ran.returncode in (0, 1), ran.stderr
    (line,) = ran.stdout.splitlines()
    told = json.loads(line)
    assert told["benchmark"] == command[0].removeprefix("benchmarks.")
    for figure in told["figures"].values():
        assert set(figure) == {"value", "unit", "goal", "better", "holds"}
    assert ran.returncode == (0 if all(figure["holds"] for figure in told["figures"].values()) else 1)
    found: dict[str, Any] = told["figures"]
    return found


@pytest.mark.timeout(260)
def test_the_bot_is_killed_twice_and_nothing_is_lost():
    told = figures("benchmarks.crash", "--kills", "2")
    assert told["kills"]["value"] == 2
    assert told["messages"]["value"] > 0
    for figure in ("effects lost", "effects doubled", "sends lost", "sends doubled on Slack"):
        assert told[figure]["value"] == told[figure]["goal"] == 0


@pytest.mark.timeout(120)
def test_no_desk_is_booked_twice_and_the_control_does_it():
    told = figures("benchmarks.bookings", "--rounds", "1", "--bookings", "128")
    assert told["desks fought for"]["value"] == told["desks fought for"]["goal"] > 0
    assert told["double bookings"]["value"] == told["double bookings, read and booked apart"]["value"] == 0
    assert told["double bookings, so and without the constraint (control)"]["value"] > 0


@pytest.mark.timeout(120)
def test_a_flood_leaves_the_others_their_answers():
    told = figures("benchmarks.flood", "--seconds", "4")
    assert told["others' questions"]["value"] > 0
    assert told["others' questions without an answer"]["value"] == 0
    assert told["messages of the one that were never taken"]["value"] == 0


@pytest.mark.timeout(120)
def test_the_footprint_is_measured():
    told = figures("benchmarks.footprint", "--rounds", "1", "--imports", "1")
    assert {figure["unit"] for figure in told.values()} == {"s", "MiB"}
    assert all(figure["value"] > 0 for figure in told.values())


@pytest.mark.timeout(120)
def test_the_page_is_measured_from_the_command_to_the_answer():
    told = figures("benchmarks.page", "--starts", "1", "--messages", "2")
    assert {figure["unit"] for figure in told.values()} == {"s", "ms"}
    assert all(figure["value"] > 0 for figure in told.values())
