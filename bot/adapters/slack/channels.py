"""What Slack's channels are called. Kept an hour, asked where somebody addresses the bot in one."""

from __future__ import annotations

import asyncio

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errors import reason_of
from bot.clock import Clock

log = structlog.get_logger(__name__)

_KEPT_SECONDS = 3600.0
_RETRY_SECONDS = 30.0
_MOST = 5_000


class Channels:
    """Names by channel id; a message does not carry them, commands and presses do."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, tuple[float, str]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    def name(self, channel: str) -> str:
        """Return a channel's name, empty if it is not known."""
        return self._known[channel][1] if channel in self._known else ""

    def is_unknown(self, channel: str) -> bool:
        """Is nothing fresh known of a channel, not even that its name can't be had?"""
        return channel not in self._known or self._known[channel][0] < self._clock.monotonic()

    async def ask(self, channel: str) -> None:
        """Ask Slack for a channel's name, once for all who wait; without the right to know, it stays nameless."""
        async with self._asking.setdefault(channel, asyncio.Lock()):
            if self.is_unknown(channel):
                await self._ask(channel)
        self._asking.pop(channel, None)

    async def _ask(self, channel: str) -> None:
        try:
            answer = await self._client.conversations_info(channel=channel)
            self._keep(channel, str(answer["channel"].get("name") or ""), _KEPT_SECONDS)
        except Exception as problem:  # a name is a convenience
            log.warning("slack_channel_unknown", channel=channel, reason=reason_of(problem))
            self._keep(channel, self.name(channel), _RETRY_SECONDS)

    def _keep(self, channel: str, name: str, seconds: float) -> None:
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[channel] = (self._clock.monotonic() + seconds, name)
