"""One platform's sender: takes what may go, claims it, renders it, sends it, and writes how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import NamedTuple

import msgspec
import structlog
from msgspec import structs

from bot.adapters.port import Adapter, Outgoing, SendError, Sent, TryLaterError, UncertainError
from bot.clock import Clock
from bot.delivery.compose import Composer
from bot.delivery.ledger import Ledger
from bot.delivery.pace import Pace
from bot.delivery.queue import SendQueue
from bot.delivery.settle import Settlement, Work, backoff, can_repeat
from bot.metrics import Metrics
from storage.chats import Chat
from storage.database import Database
from storage.outbox import Queued
from storage.posts import Post

log = structlog.get_logger(__name__)

LOOK_AGAIN = 5.0
"""Longest sleep in seconds: the wall clock, by which messages fall due, may be set."""

KEEP_ORDER = 10.0
"""How long a chat rests after a failed try, at most, in seconds, so that those behind it don't overtake."""

AFTER_FAILURE = 1.0
STOP_MARGIN = 2.0


class _Turn(NamedTuple):
    """A message's turn: what was taken from the queue, for which call, when on the steady clock."""

    queued: Queued
    method: str
    taken_at: float


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
        self._settlement = settlement
        self._ledger = Ledger(adapter, database, composer, settlement, clock, metrics)
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
        self._left: set[asyncio.Task[None]] = set()
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
        return not self._in_flight and not self._left

    def start(self, left: Sequence[tuple[Chat, Work]] = ()) -> None:
        """Begin to send. What was ``left`` under way at the last stop is settled first; only its chats wait."""
        by_chat: dict[int, list[Work]] = {}
        for chat, work in left:
            self.queue.hold(chat.id, chat.kind, "post" if isinstance(work, Post) else "row", work.id)
            by_chat.setdefault(chat.id, []).append(work)
        for chat_id, works in by_chat.items():
            task = asyncio.create_task(self._settle_left(chat_id, works), name=f"settle-{chat_id}")
            self._left.add(task)
            task.add_done_callback(self._finished)
        self._loop = asyncio.create_task(self._run(), name=f"send-{self._adapter.platform}")

    async def stop(self) -> None:
        """Send nothing new, and give what is on the wire the time it may take.

        Who only waits, or looks for a lost answer, is stopped: the store knows what to look for next time.
        """
        if self._loop:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        self._ledger.close()
        if under_way := self._in_flight | self._left:
            patience = self._adapter.request_timeout + STOP_MARGIN
            _, late = await asyncio.wait(under_way, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                self._news.clear()
                self._take_all()
                await self._wait()
            except Exception:  # whatever it was: the others must go on being sent
                log.exception("sender_failed", platform=self._adapter.platform)
                await self._clock.sleep(AFTER_FAILURE)

    def _take_all(self) -> None:
        while len(self._in_flight) < self._adapter.in_flight:
            at = self._clock.monotonic()
            taken = self.queue.take(self._clock.now(), at, replies_only=self._paused())
            if taken is None:
                return
            item, method = taken
            task = asyncio.create_task(self._send(_Turn(item.queued, method, at)))
            self._in_flight.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._left.discard(task)
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("send_failed", platform=self._adapter.platform, exc_info=error)

    async def _wait(self) -> None:
        """Until something is news or the next message may go."""
        at = self._clock.monotonic()
        wake_at = self.queue.next_at(self._clock.now(), at, replies_only=self._paused())
        if wake_at is None or len(self._in_flight) >= self._adapter.in_flight:
            await self._news.wait()
            return
        news = asyncio.ensure_future(self._news.wait())
        pause = asyncio.ensure_future(self._clock.sleep(min(max(0.0, wake_at - at), LOOK_AGAIN)))
        try:
            await asyncio.wait((news, pause), return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
            pause.cancel()

    async def _send(self, turn: _Turn) -> None:
        try:
            work = await self._ledger.claim(turn.queued)
            if work:
                await self._deliver(turn, work)
        finally:
            self.queue.done(turn.queued.chat_id, self._clock.monotonic())

    async def _deliver(self, turn: _Turn, work: Work) -> None:
        composed = await self._ledger.composed(work)
        if composed is None:
            return
        if composed.chat_closed:
            await self._ledger.park(work, "the chat is closed")
            return
        noted = work

        async def note(word: str) -> None:
            nonlocal noted
            await self._ledger.note(work, word)
            noted = structs.replace(work, note=word)

        self.queue.calling(turn.queued.chat_id, turn.method, turn.taken_at, self._clock.monotonic())
        try:
            if composed.out is None:
                await self._withdraw(work, composed.withdrawn)
                return
            sent = await self._call(work, composed.out, note)
        except UncertainError as error:
            await self._settle_uncertain(turn, noted, str(error))
        except SendError as error:
            await self._settle_failed(turn, work, error)
        except Exception as error:  # a fault of ours in the middle of a call: it may have arrived
            log.exception("send_broken", platform=self._adapter.platform, id=work.id)
            await self._settle_uncertain(turn, noted, type(error).__name__)
        else:
            await self._ledger.write(partial(self._settlement.arrived, work=work, sent=sent))
            self._metrics.sends.labels(self._adapter.platform, "sent").inc()

    async def _call(self, work: Work, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        if isinstance(work, Post):
            if work.ref:
                return await self._adapter.edit(out, _sent_of(work))
        elif work.edits:
            # Of which kind it is does not stand anywhere; an answer is mostly replaced by one of its kind.
            return await self._adapter.edit(out, Sent(work.edits, "picture" if out.picture else "text"))
        return await self._adapter.send(out, note)

    async def _withdraw(self, work: Work, standing: Outgoing | None) -> None:
        if not isinstance(work, Post):
            return
        if work.ref and standing:
            await self._adapter.delete(standing, _sent_of(work))
        await self._ledger.write(partial(self._settlement.withdrawn, post=work))

    async def _settle_failed(self, turn: _Turn, work: Work, error: SendError) -> None:
        pause = backoff(work.attempts).total_seconds()
        if isinstance(error, TryLaterError):
            pause = error.seconds
            self._slow_down(turn, error)
        result = await self._ledger.write(partial(self._settlement.failed, work=work, error=error))
        self._metrics.sends.labels(self._adapter.platform, result).inc()
        if result == "failed":
            log.warning("send_refused", platform=self._adapter.platform, id=work.id, reason=str(error))
            return
        if result == "retry":
            self._rest(turn, pause)
        self._metrics.retries.labels(self._adapter.platform).inc()
        log.info("send_again", platform=self._adapter.platform, id=work.id, reason=str(error), how=result)

    async def _settle_uncertain(self, turn: _Turn, work: Work, reason: str) -> None:
        log.warning("send_uncertain", platform=self._adapter.platform, id=work.id, reason=reason)
        self._metrics.sends.labels(self._adapter.platform, "uncertain").inc()
        await self._ledger.write(partial(self._settlement.uncertain, work=work, reason=reason))
        if can_repeat(work):
            self._rest(turn, backoff(work.attempts).total_seconds())
        else:
            await self._ledger.reconcile(work)

    async def _settle_left(self, chat_id: int, works: list[Work]) -> None:
        """Settle what was under way in a chat when the bot stopped."""
        try:
            for work in works:
                await self._ledger.reconcile(work)
        finally:
            self.queue.done(chat_id, self._clock.monotonic())

    def _rest(self, turn: _Turn, seconds: float) -> None:
        """Let the chat wait for what is tried again, for a while."""
        self.queue.block_chat(turn.queued.chat_id, self._clock.monotonic() + min(seconds, KEEP_ORDER))

    def _slow_down(self, turn: _Turn, error: TryLaterError) -> None:
        until = self._clock.monotonic() + error.seconds
        match error.scope:
            case "chat":
                self.queue.block_chat(turn.queued.chat_id, until)
            case "method":
                self.queue.block_method(turn.method, until)
            case "platform":
                self.queue.block_all(until)


def _sent_of(post: Post) -> Sent:
    kind = post.ref_kind or ("home" if post.surface == "home" else "text")
    return msgspec.convert({"ref": post.ref, "kind": kind}, Sent)
