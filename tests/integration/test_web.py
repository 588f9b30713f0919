"""What an operator and a load balancer see of the bot."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from delivery_stage import FastClock, Platform

from bot.clock import ManualClock
from bot.metrics import Metrics
from bot.web import MOST_BYTES, WebServer
from storage import chats, outbox, timers
from storage.database import Database
from storage.outbox import BROADCAST

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def _length(request: web.Request) -> web.Response:
    return web.json_response(len(await request.read()))


@pytest.fixture
def adapters() -> dict[str, Platform]:
    clock = FastClock()
    return {name: Platform(name, clock) for name in ("slack", "telegram")}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def server(
    database: Database, adapters: dict[str, Platform], clock: ManualClock
) -> AsyncIterator[WebServer]:
    made = WebServer(database, adapters, [("POST", "/hook", _length)], clock, Metrics())
    await made.start("127.0.0.1", 0)
    yield made
    await made.stop()


@pytest.fixture
async def session(server: WebServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as made:
        yield made


async def get(session: aiohttp.ClientSession, path: str) -> tuple[int, Any]:
    async with session.get(path) as response:
        return response.status, await response.json()


async def test_a_bot_that_works_is_alive_and_ready(session: aiohttp.ClientSession) -> None:
    assert await get(session, "/healthz") == (200, {"alive": True})
    assert await get(session, "/readyz") == (
        200,
        {"ready": True, "parts": {"slack": True, "telegram": True, "store": True}},
    )


async def test_a_platform_that_is_cut_off_is_named(
    session: aiohttp.ClientSession, adapters: dict[str, Platform]
) -> None:
    adapters["telegram"].connected = False
    status, body = await get(session, "/readyz")
    assert status == 503
    assert body == {"ready": False, "parts": {"slack": True, "telegram": False, "store": True}}
    assert (await get(session, "/healthz"))[0] == 200


async def test_a_store_that_is_locked_is_named_and_ready_again_afterwards(
    session: aiohttp.ClientSession, database: Database
) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN EXCLUSIVE")
        status, body = await get(session, "/readyz")
        assert (status, body["parts"]["store"]) == (503, False)
        foreign.execute("ROLLBACK")
    assert (await get(session, "/readyz"))[0] == 200


async def test_a_store_that_is_closed_is_named(session: aiohttp.ClientSession, database: Database) -> None:
    await database.close()
    status, body = await get(session, "/readyz")
    assert (status, body["parts"]["store"]) == (503, False)


async def series(session: aiohttp.ClientSession) -> dict[str, float]:
    async with session.get("/metrics") as response:
        assert response.status == 200
        assert response.content_type == "text/plain"
        lines = (await response.text()).splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


async def test_metrics_tell_what_waits_how_long_and_what_was_set_aside(
    session: aiohttp.ClientSession, database: Database, clock: ManualClock, adapters: dict[str, Platform]
) -> None:
    adapters["slack"].connected = False

    def fill(tx: Any) -> None:
        chat = chats.add_chat(tx, "slack", "T1:C1", "group", "", NOW)
        for key, lane in (("a", 0), ("b", BROADCAST), ("c", BROADCAST), ("d", 1)):
            outbox.add_message(tx, chat, key=key, payload="{}", lane=lane, now=NOW)
        outbox.mark_failed(tx, 4, "no")
        timers.add_timer(tx, "a.b", "1", NOW)
        timers.mark_timer_failed(tx, timers.list_due_timers(tx, NOW)[0], "Error", None)

    await database.write(fill)
    clock.advance(timedelta(minutes=2).total_seconds())
    found = await series(session)
    expected = {
        'kumpel_outbox_depth{lane="reply"}': 1,
        'kumpel_outbox_depth{lane="notice"}': 0,
        'kumpel_outbox_depth{lane="broadcast"}': 2,
        'kumpel_outbox_age_seconds{lane="broadcast"}': 120,
        'kumpel_parked{kind="timer"}': 1,
        'kumpel_parked{kind="message"}': 1,
        'kumpel_connected{platform="slack"}': 0,
        'kumpel_connected{platform="telegram"}': 1,
    }
    assert {name: found.get(name) for name in expected} == expected


async def test_every_series_of_the_bot_has_its_name(server: WebServer, session: aiohttp.ClientSession) -> None:
    metrics = server._metrics
    metrics.deliveries.labels("slack", "Command", "handled").inc()
    metrics.handler_seconds.labels("Command").observe(0.1)
    metrics.sends.labels("slack", "sent").inc()
    metrics.retries.labels("slack").inc()
    names = {name.partition("{")[0] for name in await series(session)}
    assert {
        "kumpel_deliveries_total",
        "kumpel_handler_seconds_bucket",
        "kumpel_sends_total",
        "kumpel_retries_total",
        "kumpel_parked",
        "kumpel_outbox_depth",
        "kumpel_outbox_age_seconds",
        "kumpel_connected",
    } <= names


async def test_metrics_are_shown_even_while_the_store_is_away(
    session: aiohttp.ClientSession, database: Database
) -> None:
    await database.close()
    assert 'kumpel_connected{platform="slack"}' in await series(session)


async def test_a_body_beyond_the_limit_is_refused(session: aiohttp.ClientSession) -> None:
    async with session.post("/hook", data=b"x" * MOST_BYTES) as response:
        assert await response.json() == MOST_BYTES
    async with session.post("/hook", data=b"x" * (MOST_BYTES + 1)) as response:
        assert response.status == 413


async def test_other_paths_and_methods_are_not_there(session: aiohttp.ClientSession) -> None:
    for path, method, status in (("/", "GET", 404), ("/hook", "GET", 405), ("/healthz", "POST", 405)):
        async with session.request(method, path) as response:
            assert response.status == status


async def test_a_port_that_is_taken_is_told_and_leaves_nothing_open(database: Database, server: WebServer) -> None:
    second = WebServer(database, {}, [], ManualClock(NOW), Metrics())
    with pytest.raises(OSError, match="address already in use"):
        await second.start("127.0.0.1", server.port)
    await second.stop()
