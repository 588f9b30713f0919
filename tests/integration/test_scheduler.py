"""What is due runs once, also late, also after a failure; nothing that was set is forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import ManualClock, SystemClock
from bot.metrics import Metrics
from bot.scheduler import FIRST_BACKOFF, MOST_ATTEMPTS, Scheduler
from handlers.core.context import House
from storage import people, roles, timers
from storage.database import Database
from storage.rows import Transaction
from storage.switches import ALIVE_AT, get_switch, mark_switch

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def scheduler(database: Database, house: House, clock: ManualClock) -> AsyncIterator[Scheduler]:
    """A scheduler whose time and looks are the test's own."""
    made = Scheduler(database, house, clock, Metrics())
    yield made
    await made.stop()


async def set_timer(database: Database, kind: str, subject: str, due_at: datetime) -> None:
    await database.write(lambda tx: timers.add_timer(tx, kind, subject, due_at))


async def rung(database: Database, name: str = "rung") -> str:
    return await database.read(lambda tx: get_switch(tx, name))


async def next_due(database: Database) -> datetime | None:
    return await database.read(timers.get_next_due)


async def test_a_timer_runs_once_when_it_is_due_and_not_before(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    await set_timer(database, "bell.ring", "1", NOW + timedelta(minutes=5))
    clock.advance(299)
    assert await scheduler.run_due() == 0
    clock.advance(1)
    assert await scheduler.run_due() == 1
    assert await scheduler.run_due() == 0
    assert await rung(database) == "1;"
    assert await next_due(database) is None


async def test_looking_costs_no_question_to_the_store_while_nothing_is_due(
    database: Database, scheduler: Scheduler
) -> None:
    await set_timer(database, "bell.ring", "1", NOW + timedelta(minutes=5))
    await database.close()
    assert await scheduler.run_due() == 0
    await database.open()


async def test_two_looks_at_the_same_time_run_it_once(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    for subject in "abc":
        await set_timer(database, "bell.ring", subject, NOW)
    assert sum(await asyncio.gather(scheduler.run_due(), scheduler.run_due())) == 3
    assert await rung(database) == "a;b;c;"


async def test_after_days_of_downtime_what_is_still_worth_it_runs_and_the_rest_is_dropped(
    database: Database, house: House, clock: ManualClock
) -> None:
    await set_timer(database, "bell.ring", "always", NOW)
    await set_timer(database, "bell.late", "too late", NOW)
    await set_timer(database, "bell.late", "just in time", NOW + timedelta(days=3, minutes=-30))
    clock.advance(timedelta(days=3).total_seconds())
    scheduler = Scheduler(database, house, clock, Metrics())  # the bot starts again
    await scheduler.start()
    await scheduler.run_due()
    await scheduler.stop()
    assert await rung(database) == "always;just in time;"
    assert await next_due(database) is None


async def test_a_moved_timer_runs_at_its_new_time_only(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    await set_timer(database, "bell.ring", "1", NOW + timedelta(minutes=1))
    await set_timer(database, "bell.ring", "1", NOW + timedelta(minutes=10))
    clock.advance(60)
    assert await scheduler.run_due() == 0
    await set_timer(database, "bell.ring", "1", NOW + timedelta(minutes=2))
    clock.advance(60)
    assert await scheduler.run_due() == 1


async def test_a_dropped_timer_does_not_run(database: Database, scheduler: Scheduler, clock: ManualClock) -> None:
    await set_timer(database, "bell.ring", "1", NOW)
    await database.write(lambda tx: timers.remove_timer(tx, "bell.ring", "1"))
    assert await scheduler.run_due() == 0


async def test_a_timer_set_inside_a_handler_runs_in_its_turn(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    await set_timer(database, "bell.chain", "3", NOW)
    assert await scheduler.run_due() == 4
    assert await rung(database) == "3;2;1;0;"


async def test_a_failing_timer_leaves_no_trace_backs_off_and_the_others_go_on(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    await set_timer(database, "bell.fail", "bad", NOW)
    await set_timer(database, "bell.ring", "good", NOW)
    assert await scheduler.run_due() == 1
    assert await rung(database) == "good;"
    assert await rung(database, "tried") == "", "what a failing handler wrote is undone"
    assert await next_due(database) == NOW + FIRST_BACKOFF
    await database.write(lambda tx: mark_switch(tx, "mended", "yes"))
    clock.advance(FIRST_BACKOFF.total_seconds())
    assert await scheduler.run_due() == 1
    assert await rung(database) == "good;bad;"


async def test_a_timer_that_fails_on_and_on_is_parked_and_the_leads_are_told(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    def make_lead(tx: Transaction) -> None:
        person = people.add_account(tx, "slack", "T1:U1", NOW).person_id
        roles.add_role(tx, person, "lead", None, NOW)

    await database.write(make_lead)
    for _ in range(2):  # parked, set again, parked again the next day: told each time
        await set_timer(database, "bell.fail", "bad", clock.now())
        for attempt in range(MOST_ATTEMPTS):
            await scheduler.run_due()
            clock.advance((FIRST_BACKOFF * 2**attempt).total_seconds())
        assert await database.read(timers.count_parked) == 1
        assert await next_due(database) is None
        clock.advance(86_400)
    told = await database.read(lambda tx: tx.values("SELECT payload FROM outbox"))
    assert len(told) == 2
    assert "bell.fail (BrokenHandlerError)" in told[0][0]


async def test_a_timer_of_a_feature_that_is_no_more_is_parked_too(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    await set_timer(database, "extinct.kind", "1", NOW)
    await set_timer(database, "bell.ring", "good", NOW)
    for _ in range(MOST_ATTEMPTS):
        await scheduler.run_due()
        clock.advance(3600)
    assert await database.read(timers.count_parked) == 1
    assert await rung(database) == "good;"


async def test_where_the_leads_cannot_be_told_the_timer_is_parked_all_the_same(
    database: Database, scheduler: Scheduler, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_timer(database, "bell.fail", "bad", NOW)
    await set_timer(database, "bell.ring", "good", NOW)

    def fail(*_: Any, **__: Any) -> None:
        raise KeyError("a placeholder that a translation misspelled")

    monkeypatch.setattr(scheduler, "_failed", fail)
    await scheduler.run_due()
    assert await rung(database) == "good;"
    assert await database.read(timers.count_parked) == 1


async def test_a_timer_set_while_the_scheduler_asks_what_is_next_is_not_forgotten(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    """The question and the new timer share a batch, the question first: its answer does not know the timer."""
    asking = asyncio.create_task(scheduler._look_up_next())
    setting = asyncio.create_task(set_timer(database, "bell.ring", "1", NOW))
    await asyncio.gather(asking, setting)
    assert await scheduler.run_due() == 1


async def test_a_store_that_is_down_loses_no_timer(
    database: Database, scheduler: Scheduler, clock: ManualClock
) -> None:
    await set_timer(database, "bell.ring", "1", NOW)
    path = database.path
    await database.close()
    with pytest.raises(Exception, match="closed"):
        await scheduler.run_due()
    await database.open()
    assert database.path == path
    assert await scheduler.run_due() == 1


async def test_the_real_clock_and_apscheduler_wake_it_within_two_seconds(database: Database, house: House) -> None:
    scheduler = Scheduler(database, house, SystemClock(), Metrics())
    await scheduler.start()
    try:
        began = time.monotonic()
        await set_timer(database, "bell.ring", "1", datetime.now(UTC))
        while not await rung(database):
            assert time.monotonic() - began < 2.5
            await asyncio.sleep(0.02)
    finally:
        await scheduler.stop()


async def test_stopping_notes_when_the_bot_was_last_alive_and_leaves_no_job(
    database: Database, house: House, clock: ManualClock
) -> None:
    scheduler = Scheduler(database, house, clock, Metrics())
    await scheduler.start()
    clock.advance(1234)
    await scheduler.stop()
    alive = await database.read(lambda tx: get_switch(tx, ALIVE_AT))
    assert datetime.fromisoformat(alive) == clock.now()
    await scheduler.stop()  # again, after a start that failed half way
