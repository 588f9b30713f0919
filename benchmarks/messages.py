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
import itertools
import json
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackContext, MessageHandler, filters

from benchmarks.report import Figure, leave, parser, ratios, report
from benchmarks.unplugged import (
    BOT,
    SIGNING_SECRET,
    TEAM,
    USER,
    bench,
    rate,
    rows_are,
    signed,
    slack_event,
    slack_incoming,
    telegram_update,
)
from bot.adapters.telegram.parse import BotIdentity
from bot.adapters.telegram.parse import parse as parse_update
from handlers.core import router
from handlers.core.context import House, system_context
from handlers.core.features import CommandRoute, Feature, Registry
from handlers.core.requests import Actor, Command, Place
from handlers.core.ui import Action, Nothing
from storage import chats
from storage.rows import Transaction

ROUNDS = 61
MESSAGES = 100
"""A round is short and there are many: a shared machine changes its speed within a second."""


def bare_bolt() -> AsyncApp:
    """Bolt with its signature check and one listener."""

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_token="xoxb-bench")

    app = AsyncApp(signing_secret=SIGNING_SECRET, authorize=authorize)

    @app.event("message")
    async def listener(event: dict[str, Any]) -> None:
        """Do nothing."""

    return app


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
