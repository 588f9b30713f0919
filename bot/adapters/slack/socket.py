"""Socket Mode: envelopes over a WebSocket that is kept alive, acknowledged once they are stored.

The frames are slack_sdk's (``SocketModeRequest``, ``SocketModeResponse``); the connection is our own. slack_sdk's
client measures silence in wall-clock time, waits without end for a connection that hangs, and leaves tasks behind.
Here every wait has an end on a monotonic clock: :data:`SILENT_SECONDS` without a frame, then attempts of
:data:`ATTEMPT_SECONDS` each, so that a silent socket is replaced within 25 seconds even if one attempt hangs.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import structlog
from aiohttp import WSMsgType
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.adapters.port import TryLaterError
from bot.adapters.slack.background import Background
from bot.adapters.slack.errors import reason_of, send_error
from bot.clock import Clock

log = structlog.get_logger(__name__)

PING_SECONDS = 5.0
SILENT_SECONDS = 15.0
"""Three pings without any frame in answer."""
ATTEMPT_SECONDS = (3.0, 3.0, 6.0, 10.0)
PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Before the next attempt, when connections fail or end soon one after the other."""
LASTING_SECONDS = 10.0
RETIRE_SECONDS = 10.0
"""How long a connection that Slack asked to replace is still read."""

GAP_SECONDS = 10.0
"""After so long without a connection an event may have been given up by Slack (docs.slack.dev/apis/events-api)."""

Result = TypeVar("Result")
Handle = Callable[[SocketModeRequest], Awaitable[SocketModeResponse | None]]


class _Link:
    """One connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, clock: Clock) -> None:
        self.socket = socket
        self.opened = self.heard = self.pinged = clock.monotonic()
        self.ended = asyncio.Event()
        self.reason = ""
        self.reader: asyncio.Task[Any] | None = None

    def end(self, reason: str) -> None:
        """Another connection must take over."""
        self.reason = self.reason or reason
        self.ended.set()


class SocketMode:
    """Keeps one connection to Slack for as long as it runs.

    Args:
        open_url: Asks Slack for the address of a new connection (apps.connections.open).
        handle: Takes an envelope; what it returns is the acknowledgement, None leaves it unacknowledged.
        missed: Told for how many seconds nothing was heard, where that is longer than Slack tries again.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        open_url: Callable[[], Awaitable[str]],
        handle: Handle,
        clock: Clock,
        missed: Callable[[float], None],
    ) -> None:
        self._session = session
        self._open_url = open_url
        self._handle = handle
        self._missed = missed
        self._clock = clock
        self._links: set[_Link] = set()
        self._work = Background()
        self._deliveries = Background()
        self.opened = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Is there a connection over which something came lately?"""
        now = self._clock.monotonic()
        return any(not link.socket.closed and now - link.heard < SILENT_SECONDS for link in self._links)

    async def run(self) -> None:
        """Connect, and connect again whenever it must be; until cancelled."""
        short = 0
        heard: float | None = None
        while True:
            link = await self._connect(short)
            self._links.add(link)
            if heard is not None and link.opened - heard > GAP_SECONDS:
                self._missed(link.opened - heard)
            link.reader = self._work.start(self._read(link))
            self.opened.set()
            log.info("slack_socket_connected")
            await self._watch(link)
            log.warning("slack_socket_lost", reason=link.reason)
            heard = link.heard
            self._work.start(self._retire(link))
            lasted = self._clock.monotonic() - link.opened
            short = 0 if lasted >= LASTING_SECONDS or link.reason == "replace" else short + 1

    async def stop(self) -> None:
        """Read nothing more, acknowledge what is at hand, close. :meth:`run` must have ended."""
        for link in self._links:
            if link.reader is not None:
                link.reader.cancel()
        await self._deliveries.finish()
        await self._work.cancel()
        for link in list(self._links):
            await self._close(link)

    async def _connect(self, failures: int) -> _Link:
        attempt = 0
        while True:
            await self._clock.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            patience = ATTEMPT_SECONDS[min(attempt, len(ATTEMPT_SECONDS) - 1)]
            try:
                return await self._within(patience, self._open())
            except TimeoutError:
                log.warning("slack_socket_attempt_hangs", seconds=patience)
            except Exception as problem:  # no reason not to try again
                log.warning("slack_socket_attempt_failed", reason=reason_of(problem))
                failures += 1
                later = send_error(problem, "apps.connections.open")
                if isinstance(later, TryLaterError):
                    await self._clock.sleep(min(later.seconds, 30.0))
            attempt += 1

    async def _open(self) -> _Link:
        url = await self._open_url()
        socket = await self._session.ws_connect(
            url, autoping=False, timeout=aiohttp.ClientWSTimeout(ws_close=1.0), max_msg_size=8_000_000
        )
        try:
            frame = await socket.receive()
            if frame.type is not WSMsgType.TEXT or json.loads(frame.data).get("type") != "hello":
                raise ConnectionError("no hello")
        except BaseException:
            await socket.close()
            raise
        return _Link(socket, self._clock)

    async def _within(self, seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
        """Return what ``work`` returns.

        Raises:
            TimeoutError: It took longer; it is cancelled, without waiting for its end.
        """
        task = self._work.start(work)
        timer = self._work.start(self._clock.sleep(seconds))
        try:
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise TimeoutError
            result: Result = task.result()
            return result
        finally:
            timer.cancel()
            task.cancel()

    async def _read(self, link: _Link) -> None:
        try:
            while True:
                frame = await link.socket.receive()
                link.heard = self._clock.monotonic()
                if frame.type is WSMsgType.TEXT:
                    self._take(link, frame.data)
                elif frame.type is WSMsgType.PING:
                    await link.socket.pong(frame.data)
                elif frame.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                    return
        finally:
            link.end("closed")

    def _take(self, link: _Link, text: str) -> None:
        try:
            frame = json.loads(text)
            envelope = SocketModeRequest.from_dict(frame)
        except (ValueError, AttributeError):
            log.warning("slack_frame_unreadable")
            return
        if frame.get("type") == "disconnect":
            log.info("slack_socket_asked_to_leave", reason=str(frame.get("reason")))
            link.end("replace")
        elif envelope is not None:
            self._deliveries.start(self._deliver(link, envelope))

    async def _deliver(self, link: _Link, envelope: SocketModeRequest) -> None:
        response = await self._handle(envelope)
        if response is None:
            return
        try:
            await link.socket.send_str(json.dumps(response.to_dict()))
        except (ConnectionError, RuntimeError, aiohttp.ClientError):
            # Its connection is gone: Slack sends it again over another, and the store knows it.
            log.info("slack_ack_lost")

    async def _watch(self, link: _Link) -> None:
        """Ping, and end the link when nothing comes any more; returns when it has ended."""
        while not link.ended.is_set():
            tick = self._work.start(self._clock.sleep(1.0))
            ended = self._work.start(link.ended.wait())
            await asyncio.wait({tick, ended}, return_when=asyncio.FIRST_COMPLETED)
            tick.cancel()
            ended.cancel()
            now = self._clock.monotonic()
            if now - link.heard >= SILENT_SECONDS:
                link.end("silent")
            elif now - link.pinged >= PING_SECONDS:
                link.pinged = now
                self._work.start(self._ping(link))

    async def _ping(self, link: _Link) -> None:
        try:
            await link.socket.ping()
        except (ConnectionError, RuntimeError, aiohttp.ClientError):
            link.end("closed")

    async def _retire(self, link: _Link) -> None:
        """Read a connection that is to be replaced a while longer; close one that is dead."""
        if link.reason == "replace" and link.reader is not None:
            timer = self._work.start(self._clock.sleep(RETIRE_SECONDS))
            await asyncio.wait({link.reader, timer}, return_when=asyncio.FIRST_COMPLETED)
            timer.cancel()
        await self._close(link)

    async def _close(self, link: _Link) -> None:
        if link.reader is not None:
            link.reader.cancel()
        await link.socket.close()
        self._links.discard(link)
