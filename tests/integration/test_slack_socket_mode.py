"""The adapter's Socket Mode connection against the local Slack: silence, hanging attempts, replacement, end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from structlog.testing import capture_logs

from bot.adapters.slack.socket import GAP_SECONDS, SocketMode
from bot.adapters.slack.web import open_session, web_client
from bot.clock import SystemClock
from bot.sandbox.faults import Fault
from bot.sandbox.slack import SlackPerson, SlackSandbox


class QuickClock(SystemClock):
    """A hundred seconds a second."""

    def monotonic(self) -> float:
        return super().monotonic() * 100

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 100)


@dataclass
class Line:
    """A connection under test, and what came over it."""

    slack: SlackSandbox
    socket: SocketMode
    clock: QuickClock
    somebody: SlackPerson
    heard: list[str] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """End it as the adapter does: no new connection first, then what is at hand."""
        if self.running:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)
        await self.socket.stop()

    async def handle(self, envelope: SocketModeRequest) -> SocketModeResponse | None:
        self.heard.append(envelope.payload["event"]["text"])
        await self.hold.wait()
        return SocketModeResponse(envelope.envelope_id)

    async def says(self, text: str) -> None:
        await (await self.somebody.say(text)).acked()


@asynccontextmanager
async def connected() -> AsyncIterator[Line]:
    async with SlackSandbox.running(retry_delays=(0.0, 0.0), ack_seconds=1.5) as slack, open_session() as session:
        clock = QuickClock()
        client = web_client(slack.bot_token, slack.api_url, session)

        async def open_url() -> str:
            return str((await client.apps_connections_open(app_token=slack.app_token))["url"])

        async def handle(envelope: SocketModeRequest) -> SocketModeResponse | None:
            return await line.handle(envelope)

        socket = SocketMode(session, open_url, handle, clock, lambda seconds: line.gaps.append(seconds))
        line = Line(slack, socket, clock, slack.add_user("Aylin"))
        line.hold.set()
        line.running = asyncio.create_task(socket.run())
        try:
            await socket.opened.wait()
            yield line
        finally:
            line.hold.set()
            await line.stop()
    assert [task for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def seconds_until(line: Line, true: Callable[[], bool]) -> float:
    started = line.clock.monotonic()
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    return line.clock.monotonic() - started


def lively(line: Line) -> bool:
    return any(not connection.silent for connection in line.slack.sockets.connections)


@pytest.mark.parametrize("jump", [timedelta(), timedelta(days=-1), timedelta(days=1)])
async def test_a_silent_socket_is_replaced_within_25_seconds_whatever_the_wall_clock_does(jump: timedelta) -> None:
    async with connected() as line:
        with capture_logs() as logs:
            line.slack.sockets.go_silent()
            line.clock.shift = jump
            assert await seconds_until(line, lambda: lively(line)) < 25
        assert {"slack_socket_lost"} <= {entry["event"] for entry in logs}
        await line.says("da bist du ja")
        assert line.heard == ["da bist du ja"]


async def test_a_long_silence_is_told_so_that_what_was_missed_is_read_and_a_short_one_is_not() -> None:
    async with connected() as line:
        line.slack.sockets.drop()
        await seconds_until(line, lambda: any(not each.cut for each in line.slack.sockets.connections))
        await line.says("schon wieder da")
        assert line.gaps == []
        line.slack.sockets.go_silent()
        await seconds_until(line, lambda: bool(line.gaps))
        assert line.gaps[0] > GAP_SECONDS


async def test_an_attempt_that_hangs_does_not_hold_the_revival_up() -> None:
    async with connected() as line:
        line.slack.faults.add(Fault("apps.connections.open", "stall", seconds=2.0))
        line.slack.sockets.go_silent()
        assert await seconds_until(line, lambda: lively(line)) < 25


async def test_a_silent_socket_is_not_called_connected() -> None:
    async with connected() as line:
        assert line.socket.connected
        line.slack.faults.add(Fault("apps.connections.open", "5xx", times=None))
        line.slack.sockets.go_silent()
        assert await seconds_until(line, lambda: not line.socket.connected) < 20
        line.slack.faults.clear()
        await seconds_until(line, lambda: line.socket.connected)


async def test_a_quiet_but_living_socket_is_left_alone() -> None:
    async with connected() as line:
        await asyncio.sleep(0.6)  # sixty seconds in which nothing but pings goes to and fro
        assert line.socket.connected
        assert len(line.slack.calls_of("apps.connections.open")) == 1


async def test_a_cut_connection_is_replaced_and_nothing_is_lost() -> None:
    async with connected() as line:
        for number in range(3):
            line.slack.sockets.drop()
            await line.slack.sockets.connected()
            await line.says(str(number))
        assert line.heard == ["0", "1", "2"]


async def test_what_is_in_flight_when_slack_asks_for_another_connection_is_still_acknowledged() -> None:
    async with connected() as line:
        line.hold.clear()
        delivery = await line.somebody.say("unterwegs")
        await seconds_until(line, lambda: bool(line.heard))
        await line.slack.sockets.ask_to_reconnect()
        await line.slack.sockets.connected()
        line.hold.set()
        await delivery.acked()
        assert delivery.attempts == 1


async def test_an_acknowledgement_whose_connection_is_gone_makes_slack_send_it_again() -> None:
    async with connected() as line:
        line.hold.clear()
        delivery = await line.somebody.say("zweimal")
        await seconds_until(line, lambda: bool(line.heard))
        line.slack.sockets.drop()
        await line.slack.sockets.connected()
        line.hold.set()
        await delivery.acked()
        assert line.heard == ["zweimal", "zweimal"]


async def test_stopping_acknowledges_what_is_at_hand() -> None:
    async with connected() as line:
        line.hold.clear()
        delivery = await line.somebody.say("noch das")
        await seconds_until(line, lambda: bool(line.heard))
        asyncio.get_running_loop().call_later(0.02, line.hold.set)
        await line.stop()
        await delivery.acked()


async def test_failing_attempts_are_repeated_with_pauses() -> None:
    async with connected() as line:
        line.slack.faults.add(Fault("apps.connections.open", "5xx", times=4))
        line.slack.sockets.drop()
        await seconds_until(line, lambda: len(line.slack.calls_of("apps.connections.open")) == 6)
        assert line.socket.opened.is_set()


def test_the_session_knows_its_time_outs() -> None:
    async def total() -> float | None:
        async with open_session() as session:
            assert isinstance(session, aiohttp.ClientSession)
            return session.timeout.total

    assert asyncio.run(total()) == 10
