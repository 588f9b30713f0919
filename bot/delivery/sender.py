"""One platform's sender: takes what may go, claims it, renders it, sends it, and writes how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

import msgspec
import structlog

from bot.adapters.port import (
    Adapter,
    CannotTellError,
    Outgoing,
    SendError,
    Sent,
    TryLaterError,
    UncertainError,
)
from bot.clock import Clock
from bot.delivery.compose import Composer
from bot.delivery.pace import Pace
from bot.delivery.queue import Item, SendQueue
from bot.delivery.settle import Settlement
from bot.metrics import Metrics
from storage import outbox, posts
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.outbox import OutboxRow, Queued
from storage.posts import Post

log = structlog.get_logger(__name__)

STORE_PAUSE = 1.0
"""Seconds until the next try while the store can't be written."""


class Sender:
    """Sends one platform's messages.

    Args:
        adapter: The platform.
        database: The open store.
        composer: Turns rows and posts into outgoing messages.
        settlement: Writes how sends ended.
        clock: The time.
        metrics: Where to count.
        paused: Are all but replies to be held back?
    """

    def __init__(
        self,
        adapter: Adapter,
        database: Database,
        composer: Composer,
        settlement: Settlement,
        clock: Clock,
        metrics: Metrics,
        paused: Callable[[], bool],
    ) -> None:
        self._adapter = adapter
        self._database = database
        self._composer = composer
        self._settlement = settlement
        self._clock = clock
        self._metrics = metrics
        self._paused = paused
        self.queue = SendQueue(
            chat_pace=lambda kind: Pace(adapter.chat_windows("direct" if kind == "direct" else "group")),
            method_of=lambda queued: adapter.method(*composer.shape_of(queued)),
            method_pace=lambda method: Pace(adapter.method_windows(method)),
        )
        self._news = asyncio.Event()
        self._in_flight: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None

    def add(self, queued: Queued) -> None:
        """Take in a message that waits in the store."""
        self.queue.add(queued, self._clock.now(), self._clock.monotonic())
        self._news.set()

    def wake(self) -> None:
        """Look again: a switch was turned."""
        self._news.set()

    @property
    def idle(self) -> bool:
        """Is nothing under way?"""
        return not self._in_flight

    def start(self) -> None:
        """Begin to send."""
        self._loop = asyncio.create_task(self._run(), name=f"send-{self._adapter.platform}")

    async def stop(self) -> None:
        """Send nothing new; wait for what is under way."""
        if self._loop:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        if self._in_flight:
            await asyncio.wait(self._in_flight)

    async def _run(self) -> None:
        while True:
            self._news.clear()
            while len(self._in_flight) < self._adapter.in_flight:
                taken = self.queue.take(self._clock.now(), self._clock.monotonic(), replies_only=self._paused())
                if taken is None:
                    break
                task = asyncio.create_task(self._send(*taken))
                self._in_flight.add(task)
                task.add_done_callback(self._finished)
            await self._wait()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._news.set()
        if not task.cancelled() and task.exception():
            log.error("send_failed", platform=self._adapter.platform, exc_info=task.exception())

    async def _wait(self) -> None:
        """Until something is news or the next message may go."""
        at = self._clock.monotonic()
        wake_at = self.queue.next_at(self._clock.now(), at, replies_only=self._paused())
        if wake_at is None or len(self._in_flight) >= self._adapter.in_flight:
            await self._news.wait()
            return
        news = asyncio.ensure_future(self._news.wait())
        pause = asyncio.ensure_future(self._clock.sleep(max(0.0, wake_at - at)))
        try:
            await asyncio.wait((news, pause), return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            pause.cancel()

    async def _send(self, item: Item, method: str) -> None:
        queued = item.queued
        try:
            work = await self._claim(queued)
            if work:
                await self._deliver(work, method)
        except StoreUnavailableError as error:
            log.error("store_unavailable", reason=str(error))
            await self._clock.sleep(STORE_PAUSE)
            self.add(queued)
        finally:
            self.queue.done(queued.chat_id, self._clock.monotonic())

    async def _claim(self, queued: Queued) -> OutboxRow | Post | None:
        now = self._clock.now()
        claim = outbox.mark_sending_if_pending if queued.source == "row" else posts.mark_post_sending_if_untrue
        return await self._database.write(lambda tx: claim(tx, queued.id, now))

    async def _deliver(self, work: OutboxRow | Post, method: str) -> None:
        try:
            composed = await self._composer.compose(work, self._clock.now())
        except StoreUnavailableError:
            raise
        except Exception as error:  # a view that fails must not stop the others
            log.exception("render_failed", work=type(work).__name__, id=work.id)
            await self._settle_failed(work, SendError(f"it can't be rendered: {error}"), "", for_good=True)
            return
        if composed.chat_closed:
            await self._settle_failed(work, SendError("the chat is closed"), "", for_good=True)
            return
        try:
            if composed.out is None:
                await self._withdraw(work, composed.withdrawn)
                return
            sent = await self._call(work, composed.out)
        except UncertainError as error:
            await self._settle_uncertain(work, str(error))
        except SendError as error:
            await self._settle_failed(work, error, method)
        except Exception as error:  # a fault of ours in the middle of a call: it may have arrived
            log.exception("send_broken", platform=self._adapter.platform, id=work.id)
            await self._settle_uncertain(work, type(error).__name__)
        else:
            await self._write(partial(self._settlement.arrived, work=work, sent=sent))
            self._metrics.sends.labels(self._adapter.platform, "sent").inc()

    async def _call(self, work: OutboxRow | Post, out: Outgoing) -> Sent:
        if isinstance(work, Post):
            if work.ref or work.surface == "home":
                return await self._adapter.edit(out, _sent_of(work))
        elif work.edits:
            return await self._adapter.edit(out, Sent(work.edits))
        return await self._adapter.send(out, partial(self._note, work))

    async def _withdraw(self, work: OutboxRow | Post, standing: Outgoing | None) -> None:
        if not isinstance(work, Post):
            return
        if work.ref and standing:
            await self._adapter.delete(standing, _sent_of(work))
        await self._database.write(lambda tx: self._settlement.withdrawn(tx, work))

    async def _note(self, work: OutboxRow | Post, note: str) -> None:
        mark = posts.mark_post_note if isinstance(work, Post) else outbox.mark_note
        await self._database.write(lambda tx: mark(tx, work.id, note))

    async def _settle_failed(
        self, work: OutboxRow | Post, error: SendError, method: str, *, for_good: bool = False
    ) -> None:
        if isinstance(error, TryLaterError):
            self._slow_down(work.chat_id, method, error)
        now = self._clock.now()
        result = await self._database.write(
            lambda tx: self._settlement.failed(tx, work, error, now, for_good=for_good)
        )
        self._metrics.sends.labels(self._adapter.platform, result).inc()
        if result == "failed":
            log.warning("send_refused", platform=self._adapter.platform, id=work.id, reason=str(error))
        else:
            self._metrics.retries.labels(self._adapter.platform).inc()
            log.info("send_again", platform=self._adapter.platform, id=work.id, reason=str(error), how=result)

    async def _settle_uncertain(self, work: OutboxRow | Post, reason: str) -> None:
        log.warning("send_uncertain", platform=self._adapter.platform, id=work.id, reason=reason)
        self._metrics.sends.labels(self._adapter.platform, "uncertain").inc()
        await self._write(partial(self._settlement.uncertain, work=work, reason=reason))
        await self.reconcile(work)

    async def reconcile(self, work: OutboxRow | Post) -> None:
        """Find out whether a message whose answer was lost arrived, and settle it.

        Where the platform can't tell, it is sent again: a message may then appear twice, but is never lost.
        """
        since = work.started_at or self._clock.now()
        over = self._adapter.request_timeout - (self._clock.now() - since).total_seconds()
        await self._clock.sleep(max(0.0, over))
        attempt = 0
        while True:
            try:
                composed = await self._composer.compose(work, self._clock.now())
                found = await self._adapter.find(composed.out, work.note, since) if composed.out else None
                break
            except CannotTellError:
                found = None
                break
            except SendError as error:
                attempt += 1
                log.info("reconcile_again", platform=self._adapter.platform, id=work.id, reason=str(error))
                await self._clock.sleep(min(60.0, 2.0**attempt))
        if found:
            await self._write(partial(self._settlement.arrived, work=work, sent=found))
        else:
            await self._write(partial(self._settlement.missing, work=work))
        log.info("reconciled", platform=self._adapter.platform, id=work.id, arrived=bool(found))

    async def _write(self, settle: Callable[..., None]) -> None:
        """Write how a send ended; it ended, so this is tried until the store takes it."""
        while True:
            now = self._clock.now()
            try:
                await self._database.write(lambda tx, now=now: settle(tx, now=now))  # type: ignore[misc]
                return
            except StoreUnavailableError as error:
                log.error("store_unavailable", reason=str(error))
                await self._clock.sleep(STORE_PAUSE)

    def _slow_down(self, chat_id: int, method: str, error: TryLaterError) -> None:
        until = self._clock.monotonic() + error.seconds
        match error.scope:
            case "chat":
                self.queue.block_chat(chat_id, until)
            case "method":
                self.queue.block_method(method, until)
            case "platform":
                self.queue.block_all(until)


def _sent_of(post: Post) -> Sent:
    kind = post.ref_kind or ("home" if post.surface == "home" else "text")
    return msgspec.convert({"ref": post.ref, "kind": kind}, Sent)
