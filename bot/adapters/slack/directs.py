"""Direct messages with the bot: which channel is whose."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

_MOST = 20_000


class Directs:
    """Channel ids (``D…``) of direct messages with the bot, by user id."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._channels: dict[str, str] = {}
        self._own: set[str] = set()

    def __contains__(self, channel: object) -> bool:
        return channel in self._own

    def note(self, user: str, channel: str) -> None:
        """Remember a channel that Slack named."""
        if channel in self._own or not channel.startswith("D"):
            return
        if len(self._own) >= _MOST:
            self._own.clear()
            self._channels.clear()
        self._own.add(channel)
        if user:
            self._channels[user] = channel

    async def ask(self, user: str) -> str:
        """Return the channel of a person, opened if need be.

        Raises:
            slack_sdk.errors.SlackApiError: Slack refused.
        """
        if user not in self._channels:
            answer = await self._client.conversations_open(users=user)
            channel = str(answer["channel"]["id"])
            self._own.add(channel)
            self._channels[user] = channel
        return self._channels[user]
