"""Bringing events, interactions and commands to the app, over whichever transport is chosen.

Rules (docs.slack.dev/apis/events-api, docs.slack.dev/interactivity/handling-user-interaction): an answer within
three seconds; events are sent up to three times more, after nothing, one minute and five minutes, always with the
same event_id; interactions and commands are sent once.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.clock import Clock
from bot.sandbox.slack.state import Message

Json = dict[str, Any]
Kind = Literal["events_api", "interactive", "slash_commands"]

ACK_SECONDS = 3.0
RETRY_DELAYS = (0.0, 60.0, 300.0)


class NotAcknowledgedError(Exception):
    """The app did not answer in time or with success; the text is Slack's reason."""


class BadAnswerError(Exception):
    """The app answered an interaction with something that Slack cannot use; the text says what."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a transport brought back: ``body`` of an acknowledgement, or why there was none."""

    ok: bool
    body: Any = None
    reason: str = ""
    retry: bool = True


class Transport(Protocol):
    """A way to the app."""

    async def send(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        """Send once and wait for the answer, ``ACK_SECONDS`` at most; never raises for the app's faults."""

    async def close(self) -> None:
        """Let go of every connection."""


@dataclass(eq=False)
class Delivery:
    """One thing on its way to the app.

    Attributes:
        payload: Exactly what is sent.
        message: The message it is about, if any.
        attempts: How often it was sent.
        response: The decoded body of the acknowledgement; None when it was empty.
        error: Why it was given up, as Slack would tell it; empty while it is not.
        resting: It failed, and waits for its next attempt.
        also: Other deliveries that the same deed caused (a mention comes twice).
    """

    kind: Kind
    payload: Json
    message: Message | None = None
    attempts: int = 0
    response: Any = None
    error: str = ""
    resting: bool = False
    also: list[Delivery] = field(default_factory=list)
    _done: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def done(self) -> bool:
        """Whether it was acknowledged or given up."""
        return self._done.is_set()

    @property
    def event_id(self) -> str | None:
        """The event's id; None for interactions and commands."""
        event_id = self.payload.get("event_id")
        return str(event_id) if event_id else None

    async def acked(self, timeout: float | None = 5.0) -> Any:  # noqa: ASYNC109
        """Wait until the app has acknowledged it (and what came beside it); the body of its answer.

        Args:
            timeout: Real seconds to wait at most.

        Raises:
            NotAcknowledgedError: Slack gave up.
            TimeoutError: neither happened in time.
        """
        async with asyncio.timeout(timeout):
            for delivery in (self, *self.also):
                await delivery._done.wait()
                if delivery.error:
                    raise NotAcknowledgedError(delivery.error)
        return self.response

    def finish(self, response: Any = None, error: str = "") -> None:
        """Note how it ended."""
        self.response, self.error = response, error
        self._done.set()


class Deliveries:
    """Sends what the workspace has to tell, side by side, each in its own task.

    Attributes:
        log: Everything that was ever sent.
        open: What was neither acknowledged nor given up yet.
    """

    def __init__(self, clock: Clock, transport: Transport, retry_delays: Sequence[float] = RETRY_DELAYS) -> None:
        self.transport = transport
        self.retry_delays = tuple(retry_delays)
        self.log: list[Delivery] = []
        self.open: set[Delivery] = set()
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()

    def send(
        self,
        kind: Kind,
        payload: Json,
        *,
        message: Message | None = None,
        on_ack: Callable[[Any], None] | None = None,
    ) -> Delivery:
        """Start a delivery. ``on_ack`` gets the body of the answer before anybody who waits for it."""
        delivery = Delivery(kind, copy.deepcopy(payload), message)
        self.log.append(delivery)
        self.open.add(delivery)
        self._start(self._run(delivery, on_ack))
        return delivery

    async def again(self, delivery: Delivery) -> Delivery:
        """Send the very same thing once more (an event as its first retry) and wait until that is over."""
        copied = Delivery(delivery.kind, delivery.payload, delivery.message)
        self.log.append(copied)
        await self._run(copied, None, again=True)
        return copied

    def undelivered(self, message: Message | None, reason: str) -> Delivery:
        """The handle for a deed that the app is not told of."""
        delivery = Delivery("events_api", {}, message)
        delivery.finish(error=reason)
        return delivery

    @property
    def idle(self) -> bool:
        """Is nothing on its way but what waits for a later attempt?"""
        return all(delivery.resting for delivery in self.open)

    async def settled(self) -> None:
        """Wait until nothing is on its way any more."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Stop everything that is on its way and the transport."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for delivery in self.log:
            if not delivery.done:
                delivery.finish(error="the sandbox was closed")
        await self.transport.close()

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, delivery: Delivery, on_ack: Callable[[Any], None] | None, again: bool = False) -> None:
        try:
            await self._attempt(delivery, on_ack, again)
        finally:
            self.open.discard(delivery)

    async def _attempt(self, delivery: Delivery, on_ack: Callable[[Any], None] | None, again: bool) -> None:
        delays = (0.0, *self.retry_delays) if delivery.kind == "events_api" else (0.0,)
        reason = ""
        if again and delivery.kind == "events_api":
            reason = "http_timeout"
            delays = delays[1:] or (0.0,)
        for attempt, delay in enumerate(delays, start=1 if reason else 0):
            if delivery.attempts:
                delivery.resting = True
                await self._clock.sleep(delay)
                delivery.resting = False
            delivery.attempts += 1
            answer = await self.transport.send(delivery.kind, delivery.payload, attempt, reason)
            if answer.ok:
                self._acknowledge(delivery, answer.body, on_ack)
                return
            reason = answer.reason
            if not answer.retry:
                break
        delivery.finish(error=reason or "unknown_error")

    @staticmethod
    def _acknowledge(delivery: Delivery, body: Any, on_ack: Callable[[Any], None] | None) -> None:
        try:
            if on_ack:
                on_ack(body)
        except BadAnswerError as bad:
            delivery.finish(body, error=str(bad))
        else:
            delivery.finish(body)


async def within(clock: Clock, seconds: float, waiting: asyncio.Future[Any]) -> bool:
    """Whether ``waiting`` is done within ``seconds`` of the clock's time; it is not cancelled if not."""
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({waiting, timer}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    return waiting.done()
