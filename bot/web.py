"""The one web server: health, metrics, and the platforms' webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web
from prometheus_client import generate_latest

from bot.adapters.port import Adapter
from bot.clock import Clock
from bot.metrics import Metrics
from storage import backlog, timers
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.rows import Transaction

MOST_BYTES = 1_000_000
"""Largest request taken: above what either platform sends."""

STORE_SECONDS = 2.0
_LANES = {0: "reply", 1: "notice", 2: "broadcast"}

Route = tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]


class WebServer:
    """Serves on one host and port.

    Args:
        database: The open store.
        adapters: By platform.
        routes: Method, path and handler of the webhooks.
        clock: The time.
        metrics: What to show.
    """

    def __init__(
        self,
        database: Database,
        adapters: Mapping[str, Adapter],
        routes: list[Route],
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._database = database
        self._adapters = adapters
        self._clock = clock
        self._metrics = metrics
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._show_metrics)
        for method, path, handler in routes:
            app.router.add_route(method, path, handler)
        self._runner = web.AppRunner(app, access_log=None)
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one, told by ``port``.

        Raises:
            OSError: The port is taken.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except BaseException:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Answer what is under way and listen no more."""
        await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readyz(self, _: web.Request) -> web.Response:
        parts = {platform: adapter.connected for platform, adapter in self._adapters.items()}
        parts["store"] = await self._store_works()
        return web.json_response(
            {"ready": all(parts.values()), "parts": parts}, status=200 if all(parts.values()) else 503
        )

    async def _store_works(self) -> bool:
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._database.write(timers.get_next_due)
        except Exception:
            return False
        return True

    async def _show_metrics(self, _: web.Request) -> web.Response:
        try:
            depths, parked = await self._database.read(_measured)
        except StoreUnavailableError:  # the other figures are wanted all the more
            depths, parked = {}, {}
        now = self._clock.now()
        for lane, name in _LANES.items():
            count, oldest = depths.get(lane, (0, None))
            self._metrics.outbox_depth.labels(name).set(count)
            self._metrics.outbox_age.labels(name).set((now - oldest).total_seconds() if oldest else 0)
        for kind, count in parked.items():
            self._metrics.parked.labels(kind).set(count)
        for platform, adapter in self._adapters.items():
            self._metrics.connected.labels(platform).set(adapter.connected)
        return web.Response(
            body=generate_latest(self._metrics.registry),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )


def _measured(tx: Transaction) -> tuple[dict[int, tuple[int, datetime]], dict[str, int]]:
    depths = {lane: (count, datetime.fromisoformat(oldest)) for lane, count, oldest in backlog.list_depths(tx)}
    return depths, {"timer": timers.count_parked(tx), "message": backlog.count_failed(tx)}
