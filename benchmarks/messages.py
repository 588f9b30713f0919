"""The path of a message, in shares of what the bare libraries cost.

* Slack: a signed FAQ event through Bolt to a committed outbox row, 20 in flight, against a bare Bolt app with one
  listener that does nothing.
* Telegram: an update's bytes to a committed outbox row, 20 in flight, against bytes → ``Update`` → the library's
  own dispatch to one MessageHandler that does nothing.
* Routing with all commands against routing with one.
* Our own work from a button's press to its acknowledgement, on a store that need not wait for the disk; what the
  disk's flush adds is told apart.

The questions are the content pack's own, a thousand of them, asked again and again as people do; what a text
never seen before costs to understand is told apart.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackContext, MessageHandler, filters

from benchmarks.report import Figure, leave, parser, ratios, report
from bot.adapters.slack.directs import Directs
from bot.adapters.slack.incoming import Incoming
from bot.adapters.slack.people import People
from bot.adapters.slack.surroundings import Identity
from bot.adapters.telegram.parse import BotIdentity
from bot.adapters.telegram.parse import parse as parse_update
from bot.app import build_house
from bot.clock import SystemClock
from bot.dispatch import Dispatcher
from bot.metrics import Metrics
from bot.settings import SHIPPED_HUB
from handlers.core import router
from handlers.core.context import House, system_context
from handlers.core.features import CommandRoute, Feature, Registry
from handlers.core.requests import Actor, Command, Place
from handlers.core.seals import Seals
from handlers.core.ui import Action, Nothing
from storage import chats
from storage.database import Database
from storage.rows import Transaction

ROUNDS = 61
MESSAGES = 100
"""A round is short and there are many: a shared machine changes its speed within a second."""
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
    house, index = build_house(SHIPPED_HUB, Seals(["benchmark" * 4]))
    ways = [intent.way for key, intent in house.registry.intents.items() if key.startswith("faq:")]
    questions = [ask for way in ways for ask in way.variants]
    with tempfile.TemporaryDirectory(dir=None if durable else MEMORY) as folder:
        database = Database(Path(folder) / "bench.sqlite3")
        await database.open()
        yield Bench(database, Dispatcher(database, house, index, clock, metrics), house, questions)
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


async def rate(take: Callable[[Any], Awaitable[object]], work: list[Any]) -> float:
    """Return items a second with 20 in flight."""
    waiting = iter(work)

    async def worker() -> None:
        for item in waiting:
            await take(item)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return len(work) / (time.perf_counter() - started)


def bare_bolt() -> AsyncApp:
    """Bolt with its signature check and one listener."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_token="xoxb-bench")

    app = AsyncApp(signing_secret=SIGNING_SECRET, authorize=authorize)

    @app.event("message")
    async def listener(event: dict[str, Any]) -> None:
        """Do nothing."""

    return app


def slack_incoming(at: Bench) -> Incoming:
    """The Slack adapter's way in, for people that it knows."""
    clock, client = SystemClock(), AsyncWebClient(token="xoxb-bench")
    people = People(client, TEAM, clock)
    for number in range(PEOPLE):
        people.note({"id": f"U{number}", "name": "ada", "team_id": TEAM, "real_name": "Ada", "locale": "de-DE"})
    identity = Identity(team=TEAM, user=BOT, bot="B0KUMPEL", app="A0BENCH")
    return Incoming(client, identity, people, Directs(client), at.dispatcher.dispatch, clock, SIGNING_SECRET)


async def slack_shares(rounds: int) -> tuple[list[float], list[float]]:
    """Return each round's rate: ours and bare Bolt's."""
    bare = bare_bolt()

    async def take_bare(event: tuple[str, dict[str, str]]) -> None:
        response = await bare.async_dispatch(AsyncBoltRequest(body=event[0], headers=dict(event[1])))
        if response.status != 200:
            raise AssertionError(response.status)

    ours, theirs = [], []
    async with bench() as at:
        incoming = slack_incoming(at)

        async def take(event: tuple[str, dict[str, str]]) -> None:
            response = await incoming.receive(AsyncBoltRequest(body=event[0], headers=dict(event[1])))
            if response.status != 200:
                raise AssertionError(response.status)

        questions = itertools.cycle(at.questions)
        for _ in range(rounds):
            theirs.append(await rate(take_bare, [slack_event(next(questions)) for _ in range(MESSAGES)]))
            ours.append(await rate(take, [slack_event(next(questions)) for _ in range(MESSAGES)]))
        await rows_are(at, rounds * MESSAGES)
    return ours, theirs


async def telegram_shares(rounds: int) -> tuple[list[float], list[float]]:
    """Return each round's rate: ours and that of decoding with a handler that does nothing."""
    me = BotIdentity(99, "kumpel_bot")

    async def callback(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """Do nothing."""

    application = ApplicationBuilder().token("99:benchmark").updater(None).build()
    handler = MessageHandler(filters.TEXT, callback)

    async def take_bare(body: bytes) -> None:
        update = Update.de_json(json.loads(body), application.bot)
        check = handler.check_update(update)  # what Application.process_update does for each handler
        if check is None or check is False:
            raise AssertionError(body)
        context = application.context_types.context.from_update(update, application)
        await context.refresh_data()
        await handler.handle_update(update, application, check, context)

    ours, theirs = [], []
    async with bench() as at:

        async def take(body: bytes) -> None:
            update = Update.de_json(msgspec.json.decode(body))
            request = parse_update(update, me, datetime.now(UTC))
            if request is None:
                raise AssertionError(body)
            await at.dispatcher.dispatch(request)

        questions = itertools.cycle(at.questions)
        for _ in range(rounds):
            theirs.append(await rate(take_bare, [telegram_update(next(questions)) for _ in range(MESSAGES)]))
            ours.append(await rate(take, [telegram_update(next(questions)) for _ in range(MESSAGES)]))
        await rows_are(at, rounds * MESSAGES)
    return ours, theirs


async def rows_are(at: Bench, expected: int) -> None:
    """Check that every message left its reply in the outbox."""
    found = await at.database.read(lambda tx: tx.value("SELECT count(*) FROM outbox"))
    if found != expected:
        raise AssertionError(f"{found} replies for {expected} messages")


async def understanding() -> float:
    """Return the milliseconds to rank a new text and tell its language, its words being known."""
    async with bench() as at:
        for question in at.questions:
            at.dispatcher.understand(question)
        new = [f"{question} bitte" for question in at.questions]
        started = time.perf_counter()
        for text in new:
            at.dispatcher.understand(text)
        return (time.perf_counter() - started) / len(new) * 1000


async def routing(rounds: int) -> tuple[list[float], list[float]]:
    """Return each round's rate of routing a command: among all commands, and where it is the only one."""

    def nothing(ctx: object, request: object) -> Nothing:
        return Nothing()

    only = Feature("bench", commands=(CommandRoute(("bench",), nothing),))
    async with bench() as at:
        registry = at.house.registry
        few = Registry([only], registry.unsure, registry.unknown)
        many = Registry([*registry.features, only], registry.unsure, registry.unknown)
        command = Command(
            delivery_key="k",
            actor=Actor("telegram", "1"),
            place=Place("telegram", "1", "direct"),
            received_at=datetime.now(UTC),
            name="bench",
        )

        def timed(tx: Transaction, registry: Registry) -> float:
            house = House(
                at.house.pack, at.house.hub, at.house.catalogues, registry, at.house.seals, at.house.platforms
            )
            ctx = system_context(house, tx, command.received_at)
            started = time.perf_counter()
            for _ in range(20_000):
                router.route(ctx, command, router.NOT_UNDERSTOOD)
            return 20_000 / (time.perf_counter() - started)

        all_commands, one_command = [], []
        for _ in range(rounds):
            one_command.append(await at.database.read(lambda tx: timed(tx, few)))
            all_commands.append(await at.database.read(lambda tx: timed(tx, many)))
    return all_commands, one_command


async def press_milliseconds(*, durable: bool) -> float:
    """Return the median from a button's press, one at a time, to its acknowledgement."""
    async with bench(durable=durable) as at:
        incoming = slack_incoming(at)
        account = f"{TEAM}:{USER}"
        chat = await at.database.write(
            lambda tx: chats.add_chat(tx, "slack", account, "direct", "", datetime.now(UTC))
        )
        key = next(key for key in at.house.registry.intents if key.startswith("faq:"))
        token = at.house.seals.seal(Action.of("faq:pick", key, 0).packed, chat.id)
        times = []
        for number in range(300):
            body = json.dumps(
                {
                    "type": "block_actions",
                    "team": {"id": TEAM, "domain": "bench"},
                    "user": {"id": USER, "username": "ada", "team_id": TEAM},
                    "api_app_id": "A0BENCH",
                    "trigger_id": f"1.2.{number}",
                    "container": {"type": "message", "message_ts": "1700000000.000001", "channel_id": f"D{USER}"},
                    "channel": {"id": f"D{USER}", "name": "directmessage"},
                    "message": {"type": "message", "ts": "1700000000.000001", "text": ""},
                    "response_url": "https://hooks.slack.com/actions/x",
                    "actions": [
                        {
                            "type": "button",
                            "action_id": "0:x",
                            "block_id": "b",
                            "value": token,
                            "text": {"type": "plain_text", "text": "x"},
                            "action_ts": "1700000001.000001",
                        }
                    ],
                }
            )
            headers = signed(body)
            started = time.perf_counter()
            response = await incoming.receive(AsyncBoltRequest(body=body, headers=dict(headers)))
            times.append(time.perf_counter() - started)
            if response.status != 200:
                raise AssertionError(response.status)
        await rows_are(at, 300)
    return statistics.median(times) * 1000


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    figures: dict[str, Figure] = {}
    ours, theirs = await slack_shares(chosen.rounds)
    figures["Slack event, share of a bare Bolt dispatch"] = Figure(
        100 * statistics.median(ratios(ours, theirs)), "%", 40
    )
    figures["Slack events"] = Figure(statistics.median(ours), "/s")
    figures["bare Bolt"] = Figure(statistics.median(theirs), "/s")
    ours, theirs = await telegram_shares(chosen.rounds)
    figures["Telegram update, share of bytes to handler"] = Figure(
        100 * statistics.median(ratios(ours, theirs)), "%", 40
    )
    figures["Telegram updates"] = Figure(statistics.median(ours), "/s")
    figures["bytes to handler"] = Figure(statistics.median(theirs), "/s")
    figures["to understand a text never seen before (median)"] = Figure(
        statistics.median([await understanding() for _ in range(7)]), "ms", None, "lower"
    )
    many, one = await routing(9)
    figures["routing with all commands, share of routing with one"] = Figure(
        100 * statistics.median(ratios(many, one)), "%", 90
    )
    own = await press_milliseconds(durable=False)
    durable = await press_milliseconds(durable=True)
    figures["press to acknowledgement, own work (median)"] = Figure(own, "ms", 2, "lower")
    figures["press to acknowledgement with the disk's flush (median)"] = Figure(durable, "ms", None, "lower")
    return report("messages", figures, as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
