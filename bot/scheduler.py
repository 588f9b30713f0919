"""Wakes the bot for what is due. APScheduler only wakes; what is due stands in the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.metrics import Metrics
from handlers.core.context import House, system_context
from handlers.core.replies import message
from storage import retention, switches, timers
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.rows import Transaction
from storage.timers import Timer, TimerSet

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1
MOST_A_LOOK = 5000
"""Timers run in one look, so that a handler that sets itself anew in the past does not keep the others waiting."""

ALIVE_SECONDS = 30
MOST_ATTEMPTS = 5
FIRST_BACKOFF = timedelta(minutes=1)


class Scheduler:
    """Runs due timers, and the bot's own chores.

    Args:
        database: The open store.
        house: What handlers share: the registry knows what each kind of timer runs.
        clock: The time by which things fall due.
        metrics: Where to count.
        hearing: Is everything that is said to the bot being heard? Only then it is noted that the bot was alive:
            from the last such note on, missed messages are read.
        chores: What else is to run, and every how many seconds.
    """

    def __init__(
        self,
        database: Database,
        house: House,
        clock: Clock,
        metrics: Metrics,
        hearing: Callable[[], bool] = lambda: True,
        chores: Sequence[tuple[Callable[[], Awaitable[None]], float]] = (),
    ) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._metrics = metrics
        self._hearing = hearing
        self._chores = tuple(chores)
        self._next_due: datetime | None = None
        self._running = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        database.subscribe(self._hear)

    async def start(self) -> None:
        """Run what fell due meanwhile, and look from now on."""
        await self._look_up_next()
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(self.run_due, "interval", seconds=LOOK_SECONDS, **options)
        self._scheduler.add_job(self.note_alive, "interval", seconds=ALIVE_SECONDS, **options)
        self._scheduler.add_job(
            self._remove_expired, "interval", hours=1, next_run_time=datetime.now(UTC), **options
        )
        for chore, seconds in self._chores:
            self._scheduler.add_job(chore, "interval", seconds=seconds, **options)
        self._scheduler.start()

    async def stop(self) -> None:
        """Look no more; wait for what is running, and note when we were last alive, if chats are still heard."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        async with self._running:
            await self.note_alive()

    async def run_due(self) -> int:
        """Run everything that is due, each timer in a transaction of its own; returns how many ran."""
        ran = 0
        async with self._running:
            while ran < MOST_A_LOOK and self._next_due and self._next_due <= self._clock.now():
                due = await self._database.write(partial(timers.list_due_timers, now=self._clock.now()))
                for timer in due:
                    ran += await self._run(timer)
                await self._look_up_next()
        return ran

    async def _look_up_next(self) -> None:
        """Ask the store when something falls due; what is set meanwhile counts too."""
        known, self._next_due = self._next_due, None
        try:
            due = await self._database.write(timers.get_next_due)
        except BaseException:
            self._hear_due(known)
            raise
        self._hear_due(due)

    async def _run(self, timer: Timer) -> bool:
        now = self._clock.now()
        try:
            return await self._database.write(lambda tx: self._done(tx, timer, now))
        except StoreUnavailableError as error:
            log.error("store_unavailable", reason=str(error))
            await self._clock.sleep(LOOK_SECONDS)
            return False
        except Exception as error:
            log.exception("timer_failed", kind=timer.kind)
            await self._put_off(timer, type(error).__name__, now)
            return False

    async def _put_off(self, timer: Timer, reason: str, now: datetime) -> None:
        try:
            await self._database.write(partial(self._failed, timer=timer, reason=reason, now=now))
        except StoreUnavailableError:
            raise
        except Exception:  # the leads can't be told; the timer must not hold up those behind it
            log.exception("timer_report_failed", kind=timer.kind)
            await self._database.write(
                partial(timers.mark_timer_failed, timer=timer, reason=reason, again_at=None)
            )

    def _done(self, tx: Transaction, timer: Timer, now: datetime) -> bool:
        if not timers.remove_timer_if_due(tx, timer, now):
            return False
        route = self._house.registry.timers[timer.kind]
        if route.late is not None and now - timer.due_at > route.late:
            log.info("timer_skipped", kind=timer.kind, late=str(now - timer.due_at))
            return True
        route.handler(system_context(self._house, tx, now), timer.subject)
        return True

    def _failed(self, tx: Transaction, timer: Timer, reason: str, now: datetime) -> None:
        """Back off; after too many tries set the timer aside and tell the leads."""
        if timer.attempts + 1 < MOST_ATTEMPTS:
            timers.mark_timer_failed(tx, timer, reason, now + FIRST_BACKOFF * 2**timer.attempts)
            return
        if not timers.mark_timer_failed(tx, timer, reason, None):
            return
        system_context(self._house, tx, now).tell_leads(
            f"timer:{timer.id}:{now.date()}",
            lambda t: message(
                t,
                t(
                    "Something due could not be done and was set aside: {kind} ({reason}).",
                    kind=timer.kind,
                    reason=reason,
                ),
            ),
        )

    def _hear(self, fact: object) -> None:
        if isinstance(fact, TimerSet):
            self._hear_due(fact.due_at)

    def _hear_due(self, due_at: datetime | None) -> None:
        if due_at and (self._next_due is None or due_at < self._next_due):
            self._next_due = due_at

    async def note_alive(self) -> None:
        """Keep that everything said until now was heard, if it was."""
        if not self._hearing():
            return
        now = self._clock.now().isoformat()
        try:
            await self._database.write(partial(switches.mark_switch, name=switches.ALIVE_AT, value=now))
        except StoreUnavailableError as error:
            log.error("store_unavailable", reason=str(error))

    async def _remove_expired(self) -> None:
        expired = partial(retention.remove_expired, now=self._clock.now(), rules=self._house.registry.retention)
        removed = await self._database.write(expired)
        log.info("expired_removed", **{what.replace(" ", "_"): count for what, count in removed.items() if count})
