"""The HTTP side of the Slack adapter, at its door: who is let in, and what a failing store means."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.port import Answer
from bot.adapters.slack.adapter import SlackAdapter
from bot.clock import SystemClock
from bot.sandbox.slack import SlackSandbox
from handlers.core.requests import Request
from handlers.core.seals import Seals
from handlers.core.ui import Nothing

SECRET = "a signing secret"


class Door:
    """The adapter's endpoint, and what went through it."""

    def __init__(self, url: str, session: aiohttp.ClientSession, taken: list[Request]) -> None:
        self.url, self.session, self.taken = url, session, taken

    async def post(self, body: bytes, **headers: str) -> tuple[int, str]:
        async with self.session.post(self.url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()


def signed(body: bytes, timestamp: str | None = None, secret: str = SECRET) -> dict[str, str]:
    timestamp = timestamp or str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json" if body.startswith(b"{") else "application/x-www-form-urlencoded",
    }


@asynccontextmanager
async def opened(broken: bool = False) -> AsyncIterator[Door]:
    taken: list[Request] = []

    async def dispatch(request: Request) -> Answer:
        if broken:
            raise RuntimeError("disk full")
        taken.append(request)
        return Answer(Nothing(), 1)

    async with SlackSandbox.running() as slack, aiohttp.ClientSession() as session:
        adapter = SlackAdapter(slack.bot_token, None, SECRET, "http", slack.api_url, Seals(["x"]), SystemClock())
        app = web.Application()
        app.router.add_post("/slack/events", adapter.http_handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        door = Door(f"http://{host}:{port}/slack/events", session, taken)
        assert (await door.post(b"{}", **signed(b"{}")))[0] == 503
        await adapter.start(dispatch, datetime.now(UTC))
        yield door
        await adapter.stop()
        assert (await door.post(b"{}", **signed(b"{}")))[0] == 503
        await adapter.close()
        await runner.cleanup()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with opened() as built:
        yield built


COMMAND = urlencode(
    {
        "command": "/kumpel",
        "text": "hilfe",
        "user_id": "U1",
        "trigger_id": "1.2.3",
        "channel_id": "C1",
        "team_id": "T1",
    }
).encode()


async def test_a_signed_delivery_is_let_in(door: Door) -> None:
    assert await door.post(COMMAND, **signed(COMMAND)) == (200, "")
    assert [request.delivery_key for request in door.taken] == ["slack:trigger:1.2.3"]


@pytest.mark.parametrize("timestamp", ["", "abc", "1e9", "-5", "١٢٣", "9" * 40, "1600000000"])
async def test_a_timestamp_that_is_stale_or_no_number_is_refused(door: Door, timestamp: str) -> None:
    headers = signed(COMMAND) | {"X-Slack-Request-Timestamp": timestamp}
    assert (await door.post(COMMAND, **headers))[0] == 401
    assert (await door.post(COMMAND, **signed(COMMAND, timestamp or "0")))[0] == 401
    assert door.taken == []


async def test_an_unsigned_or_wrongly_signed_delivery_is_refused(door: Door) -> None:
    assert (await door.post(COMMAND))[0] == 401
    assert (await door.post(COMMAND, **signed(COMMAND, secret="another")))[0] == 401
    assert (await door.post(COMMAND + b"x", **signed(COMMAND)))[0] == 401
    assert door.taken == []


@pytest.mark.parametrize("body", [b"{not json", b"\xff\xfe", b"payload=%7Bnot", b"[1]", b"{}"])
async def test_a_body_that_cannot_be_read_is_no_crash(door: Door, body: bytes) -> None:
    status, _ = await door.post(body, **signed(body))
    assert status in (200, 400)
    assert door.taken == []


async def test_a_body_that_is_too_long_is_refused(door: Door) -> None:
    body = b"{" + b" " * 1_000_001
    assert (await door.post(body, **signed(body)))[0] == 413


async def test_the_address_is_verified_and_its_certificate_checked(door: Door) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    status, text = await door.post(challenge, **signed(challenge))
    assert (status, json.loads(text)["challenge"]) == (200, "abc")
    assert (await door.post(challenge))[0] == 401
    assert (await door.post(b"ssl_check=1&token=t"))[0] == 200


async def test_a_failing_store_is_500_so_that_slack_sends_it_again() -> None:
    async with opened(broken=True) as door:
        assert (await door.post(COMMAND, **signed(COMMAND)))[0] == 500
