"""Socket Mode: the app holds WebSockets, Slack sends each envelope over one of them.

Sources: docs.slack.dev/apis/events-api/using-socket-mode; slack_sdk.socket_mode (request, response,
async_client: what frames the client knows); apps.connections.open (a ticket in the URL, good for one connection;
ten connections at most).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web

from bot.clock import Clock
from bot.sandbox.slack.delivery import ACK_SECONDS, Answer, Json, Kind, within
from bot.sandbox.slack.ids import secret

MOST_CONNECTIONS = 10
DisconnectReason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app.

    Attributes:
        silent: It looks open, but nothing comes through any more, not even answers to pings.
        leaving: The app was asked to replace it; new envelopes go elsewhere if they can.
        cut: It was dropped on the way; the app may not have noticed yet.
    """

    socket: web.WebSocketResponse
    silent: bool = False
    leaving: bool = False
    cut: bool = False
    transport: asyncio.Transport | None = None

    async def send(self, frame: Json) -> bool:
        """Send one frame; False when the connection is gone. A silent one swallows it."""
        if self.silent:
            return True
        try:
            await self.socket.send_str(json.dumps(frame))
        except (ConnectionError, RuntimeError):
            return False
        return True


@dataclass(eq=False)
class SocketMode:
    """All connections of the app, and the envelopes that wait for their acknowledgement."""

    clock: Clock
    app_id: str
    ack_seconds: float = ACK_SECONDS
    connections: list[Connection] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    _turn: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def new_ticket(self) -> str:
        """A ticket for one connection."""
        ticket = secret(32)
        self._tickets.add(ticket)
        return ticket

    async def connected(self, count: int = 1, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until the app holds at least ``count`` living connections."""
        async with asyncio.timeout(timeout):
            while sum(not (c.silent or c.leaving or c.cut) for c in self.connections) < count:
                self._changed.clear()
                await self._changed.wait()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The endpoint that ``apps.connections.open`` points to."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="unknown or used ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        connection = Connection(socket, transport=request.transport)
        if len(self.connections) >= MOST_CONNECTIONS:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(connection)
        await connection.send(self._hello(request.host))
        self._changed.set()
        try:
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self._changed.set()
        return socket

    async def send(self, kind: Kind, payload: Json, attempt: int, reason: str) -> Answer:
        """Send an envelope over the connection whose turn it is, and wait for its acknowledgement."""
        connection = self._next()
        if connection is None:
            return Answer(ok=False, reason="connection_failed")
        envelope: Json = {
            "envelope_id": secret(16),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else reason}
        acked = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = acked
        try:
            if not await connection.send(envelope):
                return Answer(ok=False, reason="connection_failed")
            if await within(self.clock, self.ack_seconds, acked):
                return Answer(ok=True, body=acked.result())
            return Answer(ok=False, reason="http_timeout")
        finally:
            del self._waiting[envelope["envelope_id"]]

    async def ask_to_reconnect(self, reason: DisconnectReason = "refresh_requested") -> None:
        """Send a ``disconnect`` frame over every connection, as Slack does every few hours."""
        for connection in list(self.connections):
            connection.leaving = reason != "warning"
            await connection.send(_disconnect(reason))

    def go_silent(self) -> None:
        """Let the present connections look open while nothing passes; new ones work."""
        for connection in self.connections:
            connection.silent = True

    def drop(self) -> None:
        """Cut every connection without a close frame."""
        for connection in self.connections:
            connection.cut = True
            if connection.transport is not None:
                connection.transport.abort()

    async def close(self) -> None:
        """Close every connection in good order."""
        self._tickets.clear()
        for connection in list(self.connections):
            await connection.socket.close(code=1001, message=b"going away")

    def _next(self) -> Connection | None:
        alive = [c for c in self.connections if not (c.cut or c.socket.closed)]
        choice = [c for c in alive if not c.leaving] or alive
        if not choice:
            return None
        self._turn += 1
        return choice[self._turn % len(choice)]

    async def _listen(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if connection.silent:
                continue
            if frame.type is WSMsgType.PING:
                await connection.socket.pong(frame.data)
            elif frame.type is WSMsgType.TEXT:
                self._take_ack(frame.data)

    def _take_ack(self, text: str) -> None:
        try:
            answer = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(answer.get("envelope_id", "")) if isinstance(answer, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.get("payload"))

    def _hello(self, host: str) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": host, "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.app_id},
        }


def _disconnect(reason: DisconnectReason) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}
