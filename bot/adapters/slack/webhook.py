"""Deliveries over HTTP, at one URL for events, interactivity and commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.adapters.slack.limits import BODY_BYTES


async def take(
    request: web.Request, receive: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
) -> web.Response:
    """Answer one POST: 401 if it is not signed, 400 if it can't be read, 413 if it is too long."""
    if not _plausible(request):
        return web.Response(status=401)
    body = await _body(request)
    if body is None:
        return web.Response(status=413)
    try:
        headers: dict[str, str | list[str]] = {}
        headers.update(request.headers.items())
        delivery = AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=headers)  # type: ignore[arg-type]
    except (ValueError, AttributeError, TypeError):
        return web.Response(status=400)
    response = await receive(delivery)
    return web.Response(
        status=response.status,
        body=response.body,
        headers={"Content-Type": response.first_headers()["content-type"]},
    )


def _plausible(request: web.Request) -> bool:
    """Whether the timestamp is a number at all: Bolt answers 500 to one that is not."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "0")
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12


async def _body(request: web.Request) -> bytes | None:
    if (request.content_length or 0) > BODY_BYTES:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_BYTES:
            return None
    return bytes(body)
