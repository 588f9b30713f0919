"""The bot without a network, and what reaches it: the bytes that Slack and Telegram would send."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.directs import Directs
from bot.adapters.slack.incoming import Incoming
from bot.adapters.slack.people import People
from bot.adapters.slack.surroundings import Identity
from bot.app import build_house
from bot.clock import SystemClock
from bot.dispatch import Dispatcher
from bot.librarian import Librarian
from bot.metrics import Metrics
from bot.settings import SHIPPED_HUB
from handlers.core.context import House
from handlers.core.seals import Seals
from handlers.faq.content import load_entries
from handlers.faq.entries import ways
from storage.database import Database

IN_FLIGHT = 20
PEOPLE = 200
MEMORY = "/dev/shm"
SIGNING_SECRET = "benchmark-signing-secret"
TEAM, BOT = "T0BENCH", "U0KUMPEL"
USER = "U1"
_serial = itertools.count(1)


class Bench(NamedTuple):
    """The bot without a network: a store, its dispatcher, and what they share."""

    database: Database
    dispatcher: Dispatcher
    house: House
    questions: list[str]


@contextlib.asynccontextmanager
async def bench(*, durable: bool = True) -> AsyncIterator[Bench]:
    """A fresh one. Without ``durable`` it lies in memory, where a flush costs nothing."""
    clock, metrics = SystemClock(), Metrics()
    house = build_house(SHIPPED_HUB, Seals(["benchmark" * 4]))
    questions = [ask for way in ways(load_entries(SHIPPED_HUB)) for ask in way.variants]
    with tempfile.TemporaryDirectory(dir=None if durable else MEMORY) as folder:
        database = Database(Path(folder) / "bench.sqlite3")
        await database.open()
        librarian = Librarian(database, house, clock)
        await librarian.start()
        try:
            yield Bench(database, Dispatcher(database, house, clock, metrics, 10**9), house, questions)
        finally:
            await librarian.stop()
            await database.close()


def slack_event(text: str) -> tuple[str, dict[str, str]]:
    """Return the body and headers of a signed direct message, of one of many people."""
    number = next(_serial)
    user = f"U{number % PEOPLE}"
    body = json.dumps(
        {
            "token": "x",
            "team_id": TEAM,
            "api_app_id": "A0BENCH",
            "type": "event_callback",
            "event_id": f"Ev{number}",
            "event_time": 1_700_000_000,
            "event": {
                "type": "message",
                "channel": f"D{user}",
                "channel_type": "im",
                "user": user,
                "text": text,
                "ts": f"1700000000.{number:06}",
                "team": TEAM,
                "event_ts": f"1700000000.{number:06}",
            },
            "authorizations": [{"team_id": TEAM, "user_id": BOT, "is_bot": True}],
        }
    )
    return body, signed(body)


def signed(body: str) -> dict[str, str]:
    """Return the headers that Slack would send."""
    timestamp = str(int(time.time()))
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }


def telegram_update(text: str) -> bytes:
    """Return the bytes of a direct message, of one of many people."""
    number = next(_serial)
    account = 1000 + number % PEOPLE
    person = {"id": account, "is_bot": False, "first_name": "Ada", "language_code": "de"}
    return json.dumps(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "from": person,
                "chat": {"id": account, "first_name": "Ada", "type": "private"},
                "date": 1_700_000_000,
                "text": text,
            },
        }
    ).encode()


def slack_incoming(at: Bench) -> Incoming:
    """The Slack adapter's way in, for people that it knows."""
    clock, client = SystemClock(), AsyncWebClient(token="xoxb-bench")
    people = People(client, TEAM, clock)
    for number in range(PEOPLE):
        people.note({"id": f"U{number}", "name": "ada", "team_id": TEAM, "real_name": "Ada", "locale": "de-DE"})
    identity = Identity(team=TEAM, user=BOT, bot="B0KUMPEL", app="A0BENCH")
    return Incoming(client, identity, people, Directs(client), at.dispatcher.dispatch, clock, SIGNING_SECRET)


async def rows_are(at: Bench, expected: int) -> None:
    """Check that every message left its reply in the outbox."""
    found = await at.database.read(lambda tx: tx.value("SELECT count(*) FROM outbox"))
    if found != expected:
        raise AssertionError(f"{found} replies for {expected} messages")


async def rate(take: Callable[[Any], Awaitable[object]], work: list[Any]) -> float:
    """Return items a second with 20 in flight."""
    waiting = iter(work)

    async def worker() -> None:
        for item in waiting:
            await take(item)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return len(work) / (time.perf_counter() - started)
