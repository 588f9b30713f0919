"""Updates by webhook: an update is answered with 200 only after its effects are durable.

Anything but a 2xx makes Telegram deliver it again, for a day (Bot API, setWebhook).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Coroutine
from typing import Any, Final

import structlog
from aiohttp import web

from bot.adapters.telegram.client import read_json

log = structlog.get_logger(__name__)

PATH: Final = "/telegram/webhook"
_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
BODY_BYTES: Final = 1024 * 1024

_OK, _MALFORMED, _UNKNOWN_SENDER, _TOO_LARGE, _AGAIN_LATER = 200, 400, 401, 413, 503


def secret_from_token(token: str) -> str:
    """Return a secret for who configured none: 64 characters that only the token's holder can know."""
    return hashlib.sha256(b"kumpel telegram webhook\0" + token.encode()).hexdigest()


class Webhook:
    """Takes Telegram's POST requests.

    Args:
        secret: What Telegram sends along in a header.
        deliver: Returns once the update's effects are durable; raises if it must come again.

    Attributes:
        open: Deliveries are taken; otherwise Telegram is asked to come again.
    """

    def __init__(self, secret: str, deliver: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> None:
        self._secret = secret.encode()
        self._deliver = deliver
        self._at_hand: set[asyncio.Task[None]] = set()
        self.open = False

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one delivery."""
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=_UNKNOWN_SENDER)
        if (request.content_length or 0) > BODY_BYTES:
            return web.Response(status=_TOO_LARGE)
        if not self.open:
            return web.Response(status=_AGAIN_LATER)
        body = await request.read()  # one without a length is held by the application's client_max_size
        if len(body) > BODY_BYTES:
            return web.Response(status=_TOO_LARGE)
        update = read_json(body)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=_MALFORMED)
        task = asyncio.create_task(self._deliver(update))
        self._at_hand.add(task)
        task.add_done_callback(self._at_hand.discard)
        try:
            await asyncio.shield(task)  # a sender that hangs up does not undo the work
        except Exception as error:
            log.warning("update not stored", update_id=update["update_id"], error=type(error).__name__)
            return web.Response(status=_AGAIN_LATER)
        return web.Response(status=_OK)

    async def close(self) -> None:
        """Take no more deliveries and finish those at hand."""
        self.open = False
        await asyncio.gather(*self._at_hand, return_exceptions=True)
