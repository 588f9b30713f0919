"""A local Slack and a local Telegram on one local server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp import web

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from bot.sandbox.telegram.server import MAX_REQUEST


class SandboxWorld(NamedTuple):
    """Both platforms, and where the server listens (``http://127.0.0.1:…``)."""

    slack: SlackSandbox
    telegram: TelegramSandbox
    url: str


@asynccontextmanager
async def running_world(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    slack: Mapping[str, Any] | None = None,
    telegram: Mapping[str, Any] | None = None,
    app: web.Application | None = None,
) -> AsyncIterator[SandboxWorld]:
    """Run both sandboxes on one server; a free port unless told otherwise.

    Args:
        host: Where to listen.
        port: On which port.
        slack: Options of :class:`SlackSandbox`.
        telegram: Options of :class:`TelegramSandbox`.
        app: What else the server serves; not yet started, its ``client_max_size`` at least :data:`MAX_REQUEST`.

    Raises:
        OSError: The port is taken.
    """
    one, other = SlackSandbox(**(slack or {})), TelegramSandbox(**(telegram or {}))
    app = app or web.Application(client_max_size=MAX_REQUEST)
    one.attach(app)
    other.attach(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        url = f"http://{bound[0]}:{bound[1]}"
        one.base_url, other.api_url = url, f"{url}/telegram"
        yield SandboxWorld(one, other, url)
    finally:
        await runner.cleanup()
