"""Time that tests and the sandbox can move."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import ManualClock, MovableClock, SystemClock

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def test_a_manual_clock_stands_still_until_it_is_advanced() -> None:
    clock = ManualClock(NOW)
    assert (clock.now(), clock.monotonic()) == (NOW, 0.0)
    clock.advance(90)
    assert (clock.now(), clock.monotonic()) == (NOW + timedelta(seconds=90), 90.0)


async def test_sleepers_wake_in_the_order_of_their_times_and_not_before() -> None:
    clock, woken = ManualClock(NOW), []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    sleeping = [asyncio.create_task(sleep(seconds)) for seconds in (30, 10, 20, 10)]
    await asyncio.sleep(0)
    assert clock.next_wake() == 10
    clock.advance(9.9)
    await asyncio.sleep(0)
    assert woken == []
    clock.advance(10.1)
    await asyncio.gather(*sleeping[1:])
    assert woken == [10, 10, 20]
    clock.advance(10)
    await asyncio.gather(*sleeping)
    assert clock.next_wake() is None


@pytest.mark.parametrize("seconds", [0, -5])
async def test_no_time_at_all_passes_at_once_but_lets_others_run(seconds: float) -> None:
    clock = ManualClock(NOW)
    other = asyncio.create_task(asyncio.sleep(0))
    await asyncio.wait_for(clock.sleep(seconds), 1)
    assert clock.monotonic() == 0.0
    await other


async def test_a_sleeper_that_was_cancelled_disturbs_nobody() -> None:
    clock = ManualClock(NOW)
    gone, there = asyncio.create_task(clock.sleep(5)), asyncio.create_task(clock.sleep(6))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert clock.next_wake() == 6
    clock.advance(6)
    await there


async def test_the_system_clock_tells_utc_and_can_be_shifted() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    clock.shift = timedelta(days=3)
    assert timedelta(days=2, hours=23) < clock.now() - datetime.now(UTC) < timedelta(days=3, hours=1)
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.009


async def test_both_times_of_a_movable_clock_jump_together_and_who_is_due_wakes() -> None:
    clock, woken = MovableClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    sleeping = [asyncio.create_task(sleep(seconds)) for seconds in (60, 3600, 7200)]
    await asyncio.sleep(0)
    now, steady = clock.now(), clock.monotonic()
    clock.move(3600)
    await asyncio.gather(*sleeping[:2])
    assert sorted(woken) == [60, 3600]
    assert timedelta(hours=1) <= clock.now() - now < timedelta(hours=1, seconds=5)
    assert 3600 <= clock.monotonic() - steady < 3605
    clock.move(3600)
    await sleeping[2]


async def test_a_movable_clock_runs_on_by_itself_and_never_back() -> None:
    clock = MovableClock(ahead=86_400)
    assert timedelta(hours=23) < clock.now() - datetime.now(UTC) < timedelta(hours=25)
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert 0.009 <= clock.monotonic() - before < 5
    with pytest.raises(ValueError, match="back"):
        clock.move(-1)
    await asyncio.wait_for(clock.sleep(-5), 1)
