"""The ledger of sends: claims what is to go, writes how it ended, and looks for answers that were lost.

The store may be down for a while, a handler may fail to hear how its message ended, the bot may be stopped in the
middle: what happened on the platform gets into the store all the same, or is looked for at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.adapters.port import Adapter, NotSentError, Outgoing, SendError, Sent, TryLaterError, UncertainError
from bot.clock import Clock
from bot.delivery.compose import Composed, Composer
from bot.delivery.settle import Settlement, Work, can_repeat
from bot.metrics import Metrics
from storage import outbox, posts
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.outbox import Queued
from storage.posts import Post
from storage.rows import Transaction

Result = TypeVar("Result")

log = structlog.get_logger(__name__)

STORE_PAUSE = 1.0
"""Seconds until the next try while the store can't be written."""

CALL_MARGIN = 2.0
"""At most so many seconds pass between a claim and its call: the commit, the drawing of a picture."""

LONGEST_PAUSE = 60.0
"""Between two questions for a lost answer, in seconds."""


class Ledger:
    """Keeps one platform's sends.

    Args:
        adapter: The platform.
        database: The open store.
        composer: Turns rows and posts into outgoing messages.
        settlement: Says what an end means.
        clock: The time.
        metrics: Where to count.
    """

    def __init__(
        self,
        adapter: Adapter,
        database: Database,
        composer: Composer,
        settlement: Settlement,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._adapter = adapter
        self._database = database
        self._composer = composer
        self._settlement = settlement
        self._clock = clock
        self._metrics = metrics
        self._patient: set[asyncio.Task[Any]] = set()
        self._closed = False

    def close(self) -> None:
        """Stop whoever only waits or looks for a lost answer; the store knows what to look for next time."""
        self._closed = True
        for task in tuple(self._patient):
            task.cancel()

    async def claim(self, queued: Queued) -> Work | None:
        """Mark a message as being sent and return it; None if it is not to be sent any more."""
        while True:
            now = max(self._clock.now(), queued.not_before)  # it was due, even if the clock was set back since
            try:
                return await self._database.write(partial(_claimed, queued=queued, now=now))
            except StoreUnavailableError as error:
                await self._pause_for_store(error)

    async def composed(self, work: Work) -> Composed | None:
        """Return the message; None if it can't be rendered: then it is set aside, and the others go on."""
        while True:
            try:
                return await self._composer.compose(work, self._clock.now())
            except StoreUnavailableError as error:
                await self._pause_for_store(error)
            except Exception as error:
                log.exception("render_failed", work=type(work).__name__, id=work.id)
                await self.park(work, f"it can't be rendered: {error!r}")
                return None

    async def note(self, work: Work, word: str) -> None:
        """Keep what finds a message again, before an irreversible step."""
        mark = posts.mark_post_note if isinstance(work, Post) else outbox.mark_note
        await self._database.write(lambda tx: mark(tx, work.id, word))

    async def park(self, work: Work, reason: str) -> None:
        """Set aside what can't be sent as it is."""
        log.warning("send_parked", platform=self._adapter.platform, id=work.id)
        await self.write(partial(self._settlement.parked, work=work, reason=reason))
        self._metrics.sends.labels(self._adapter.platform, "failed").inc()

    async def reconcile(self, work: Work) -> None:
        """Find out whether a message whose answer was lost arrived, and settle it.

        Where the platform can't tell, it is sent again: a message may then appear twice, but is never lost.
        """
        since = work.started_at or self._clock.now()
        limit = self._adapter.request_timeout + CALL_MARGIN
        with self.patiently():
            await self._clock.sleep(max(0.0, min(limit, limit - (self._clock.now() - since).total_seconds())))
            found = None
            if not can_repeat(work):
                composed = await self.composed(work)
                if composed is None:
                    return
                if out := composed.out or composed.withdrawn:
                    found = await self._found(out, work.note, since)
        if found:
            await self.write(partial(self._settlement.arrived, work=work, sent=found))
        else:
            await self.write(partial(self._settlement.missing, work=work))
        log.info("reconciled", platform=self._adapter.platform, id=work.id, arrived=bool(found))

    async def _found(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        """Ask the platform for a message until it answers; None if it is not there, or nobody can tell."""
        for attempt in itertools.count(1):
            try:
                return await self._adapter.find(out, note, since)
            except (TryLaterError, NotSentError, UncertainError) as error:
                log.info("reconcile_again", platform=self._adapter.platform, reason=str(error))
                pause = min(LONGEST_PAUSE, 2.0 ** min(attempt, 10))
                await self._clock.sleep(error.seconds if isinstance(error, TryLaterError) else pause)
            except SendError:  # it can't tell, or refuses the question: sending will show
                return None
            except Exception:
                log.exception("reconcile_broken", platform=self._adapter.platform)
                return None
        return None

    async def write(self, settle: Callable[..., Result]) -> Result:
        """Write how a send ended; it ended, so this is tried until the store takes it.

        Where those who want to hear of it fail, it is written without telling them.
        """
        report = True
        while True:
            try:
                return await self._database.write(partial(settle, now=self._clock.now(), report=report))
            except StoreUnavailableError as error:
                await self._pause_for_store(error)
            except Exception:
                if not report:
                    raise
                log.exception("report_failed", platform=self._adapter.platform)
                report = False

    async def _pause_for_store(self, error: StoreUnavailableError) -> None:
        log.error("store_unavailable", reason=str(error))
        with self.patiently():
            await self._clock.sleep(STORE_PAUSE)

    @contextlib.contextmanager
    def patiently(self) -> Iterator[None]:
        """Nothing is on the wire meanwhile, so that :meth:`close` need not wait."""
        task = asyncio.current_task()
        if self._closed or task is None:
            raise asyncio.CancelledError
        nested = task in self._patient
        self._patient.add(task)
        try:
            yield
        finally:
            if not nested:
                self._patient.discard(task)


def _claimed(tx: Transaction, queued: Queued, now: datetime) -> Work | None:
    """Claim a message; one that waits but is not due yet after all, as a post just edited, is announced anew."""
    work: Work | None
    if queued.source == "row":
        work = outbox.mark_sending_if_pending(tx, queued.id, now)
        if work is None:
            outbox.announce_row(tx, queued.id)
    else:
        work = posts.mark_post_sending_if_untrue(tx, queued.id, now)
        if work is None:
            posts.announce_post(tx, queued.id)
    return work
