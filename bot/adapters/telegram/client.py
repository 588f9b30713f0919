"""The HTTP side: python-telegram-bot's Bot with our time-outs and pools.

Neither Bot nor httpx sends anything twice; the outbox alone repeats.
"""

from __future__ import annotations

import functools
import json
import ssl
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

SEND_SECONDS = 20.0
"""A send that gave no answer by then is over."""

_CONNECT_SECONDS = 5.0
_POOL_SECONDS = 5.0
_CONNECTIONS = 64  # sends and the answers to a whole batch of presses
_POLL_SLACK_SECONDS = 10.0  # over what the server holds the poll


def read_json(payload: bytes) -> Any:
    """Return what a JSON text holds, None if it is none.

    The fast reader refuses half of a surrogate pair; in an update that comes again and again until it is taken, it
    would hold up all others for ever. Here it becomes a question mark.
    """
    try:
        return msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        pass
    try:
        whole = json.dumps(json.loads(payload), ensure_ascii=False).encode(errors="replace")
        return msgspec.json.decode(whole)
    except (ValueError, RecursionError):
        return None


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # one for all that connects: each holds all certificates


class _Request(HTTPXRequest):
    """Reads answers faster, and keeps an unreadable one out of the log: it may hold what people wrote."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = read_json(payload)
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not JSON")
        return answer


class Client:
    """One bot account.

    Args:
        token: From BotFather.
        api_url: Where the Bot API is, without a path.

    Attributes:
        bot: Calls every method but getUpdates.
    """

    def __init__(self, token: str, api_url: str) -> None:
        trusting = {"verify": _certificates()}
        self._sending = _Request(
            connection_pool_size=_CONNECTIONS,
            read_timeout=SEND_SECONDS,
            write_timeout=SEND_SECONDS,
            media_write_timeout=SEND_SECONDS,
            connect_timeout=_CONNECT_SECONDS,
            pool_timeout=_POOL_SECONDS,
            httpx_kwargs=trusting,
        )
        self._polling = _Request(
            connection_pool_size=2,  # the held poll and, after a lost one, the next
            read_timeout=_POLL_SLACK_SECONDS,
            write_timeout=_POLL_SLACK_SECONDS,
            connect_timeout=_CONNECT_SECONDS,
            pool_timeout=_POOL_SECONDS,
            httpx_kwargs=trusting,
        )
        api_url = api_url.rstrip("/")
        self.bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._sending,
            get_updates_request=self._polling,
        )

    async def get_updates(
        self, *, offset: int | None, limit: int, hold: int, allowed_updates: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        """Call getUpdates, held for so many seconds, for the plain JSON of the updates.

        ``Bot.get_updates`` would fail for a whole batch over one update that it can't read, without telling
        which one: nothing after it would ever arrive.

        Raises:
            TelegramError: It did not work out.
        """
        query = {"limit": limit, "timeout": hold, "allowed_updates": json.dumps(allowed_updates)}
        if offset is not None:
            query["offset"] = offset
        updates = await self._polling.post(
            f"{self.bot.base_url}/getUpdates?{urlencode(query)}", read_timeout=_POLL_SLACK_SECONDS + hold
        )
        if not isinstance(updates, list):
            raise TelegramError("the answer holds no updates")
        return updates

    async def close(self) -> None:
        """Close every connection."""
        await self._sending.shutdown()
        await self._polling.shutdown()
