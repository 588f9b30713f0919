"""Sliding windows: never a burst at a seam."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.port import Window
from bot.delivery.pace import Pace

WINDOWS = st.lists(
    st.tuples(st.integers(1, 30), st.integers(1, 60)).map(lambda drawn: Window(drawn[0], float(drawn[1]))),
    min_size=1,
    max_size=3,
)
STEPS = st.lists(st.integers(0, 40).map(lambda quarter: quarter / 4), max_size=120)


def most_in_window(calls: list[float], seconds: float) -> int:
    """The most calls that fall into any half-open window of this length."""
    return max((sum(start <= at < start + seconds for at in calls) for start in calls), default=0)


@given(windows=WINDOWS, steps=STEPS)
def test_no_sliding_window_is_ever_exceeded(windows: list[Window], steps: list[float]) -> None:
    pace, now, calls = Pace(windows), 0.0, []
    for step in steps:
        now += step
        if pace.free_at() <= now:
            pace.made(now)
            calls.append(now)
    for window in windows:
        assert most_in_window(calls, window.seconds) <= window.calls


@given(windows=WINDOWS, steps=STEPS)
def test_a_caller_that_waits_for_free_at_is_never_sent_away_again(
    windows: list[Window], steps: list[float]
) -> None:
    pace, now = Pace(windows), 0.0
    for step in steps:
        now = max(now + step, pace.free_at())
        assert pace.free_at() <= now
        pace.made(now)


@given(windows=WINDOWS, steps=STEPS)
def test_once_forgotten_nothing_is_held_back(windows: list[Window], steps: list[float]) -> None:
    pace, now = Pace(windows), 0.0
    for step in steps:
        now = max(now + step, pace.free_at())
        pace.made(now)
    later = max(now, pace.forgotten_at())
    for window in windows[:1]:
        for _ in range(min(window.calls, min(each.calls for each in windows))):
            assert pace.free_at() <= later
            pace.made(later)


def test_a_pace_without_windows_is_always_free() -> None:
    pace = Pace(())
    pace.made(5.0)
    assert pace.free_at() <= 0.0
    assert pace.spacing == 0.0


def test_a_pause_that_the_platform_asked_for_holds_and_a_shorter_one_does_not_end_it() -> None:
    pace = Pace([Window(5, 1.0)])
    pace.block(10.0)
    pace.block(3.0)
    assert pace.free_at() == 10.0
    assert pace.forgotten_at() >= 10.0


def test_spread_evenly_leaves_gaps_over_the_tightest_window() -> None:
    pace = Pace([Window(1, 1.0), Window(20, 60.0)])
    assert pace.spacing == 3.0
    pace.made(100.0)
    assert pace.evenly_free_at(pace.spacing) == 103.0
    assert pace.free_at() == 101.0


def test_a_call_made_later_than_noted_counts_from_when_it_was_made() -> None:
    pace = Pace([Window(1, 1.0)])
    pace.made(10.0)
    pace.made_later(10.0, 10.7)
    assert pace.free_at() == 11.7


@given(delays=st.lists(st.floats(0, 0.9), min_size=2, max_size=40))
def test_calls_delayed_one_by_one_keep_their_distance(delays: list[float]) -> None:
    pace, now, calls = Pace([Window(1, 1.0)]), 0.0, []
    for delay in delays:
        taken = max(now, pace.free_at())
        pace.made(taken)
        now = taken + delay
        pace.made_later(taken, now)
        calls.append(now)
    assert all(later - earlier >= 1.0 - 1e-9 for earlier, later in itertools.pairwise(calls))
