"""An adapter that takes its time on a given clock and writes down when what was sent; the network's stand-in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal

from bot.adapters.port import CommandEntry, Dispatch, Outgoing, Sent, Window
from bot.clock import Clock
from handlers.core.requests import Actor, Place


class ScriptedAdapter:
    """Keeps the limits it is given and delivers everything after ``latency`` seconds.

    Attributes:
        sent: When, and what, on the clock's steady time.
    """

    connected = True
    caught_up = True
    request_timeout = 20.0

    def __init__(
        self,
        platform: str,
        clock: Clock,
        *,
        latency: float,
        in_flight: int,
        method_windows: tuple[Window, ...],
        direct_windows: tuple[Window, ...],
        group_windows: tuple[Window, ...],
    ) -> None:
        self.platform = platform
        self.in_flight = in_flight
        self.sent: list[tuple[float, Outgoing]] = []
        self._clock = clock
        self._latency = latency
        self._method_windows = method_windows
        self._chat_windows = {"direct": direct_windows, "group": group_windows}

    def method(self, out: Outgoing, editing: bool) -> str:
        return "send"

    def method_windows(self, method: str) -> tuple[Window, ...]:
        return self._method_windows

    def chat_windows(self, kind: Literal["direct", "group"]) -> tuple[Window, ...]:
        return self._chat_windows[kind]

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        self.sent.append((self._clock.monotonic(), out))
        await self._clock.sleep(self._latency)
        return Sent(str(len(self.sent)))

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        await self.send(out, self._no_note)
        return sent

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        await self.send(out, self._no_note)

    async def find(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        return next((Sent(str(at)) for at, (_, was) in enumerate(self.sent, 1) if was.key == out.key), None)

    async def start(self, dispatch: Dispatch, read_since: datetime) -> None:
        """Nothing comes in."""

    async def stop(self) -> None:
        """Nothing comes in."""

    async def close(self) -> None:
        """Nothing is open."""

    async def is_chat_admin(self, actor: Actor, place: Place) -> bool:
        return False

    def start_link(self, payload: str) -> str:
        return ""

    async def publish_commands(self, menus: Mapping[str, list[CommandEntry]]) -> None:
        """There is no menu."""

    @staticmethod
    async def _no_note(note: str) -> None:
        """Nothing to keep."""
