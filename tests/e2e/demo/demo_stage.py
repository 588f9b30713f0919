"""What the tests of the demo share: a demo that runs, and finding one's way in its state."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from e2e_world import answer_of

from benchmarks.page_client import Json
from bot.demo.serving import RunningPage, running_page
from bot.settings import SHIPPED_HUB

QUESTION = "was kost n schreibtisch im monat"
PRICE = answer_of("desk-price", "de")


@asynccontextmanager
async def demo(database: Path) -> AsyncIterator[RunningPage]:
    async with running_page(SHIPPED_HUB, database, 0, "de") as running:
        await running.starting
        yield running


def slack_direct(state: Json, who: str) -> str:
    members = {state["people"][who]["slack"], state["slack"]["bot"]}
    found = (
        c["id"] for c in state["slack"]["channels"].values() if c["kind"] == "im" and set(c["members"]) == members
    )
    return next(found, "")


def slack_messages(state: Json, channel: str) -> list[Json]:
    return list(state["slack"]["messages"].get(channel, {}).values())


def channel_named(state: Json, name: str) -> str:
    return next(c["id"] for c in state["slack"]["channels"].values() if c["name"] == name)


def chat_titled(state: Json, title: str) -> str:
    return next(c["id"] for c in state["telegram"]["chats"].values() if c["title"] == title)


def telegram_messages(state: Json, chat: str) -> list[Json]:
    return list(state["telegram"]["messages"].get(chat, {}).values())


def answers(state: Json, who: str, platform: str) -> list[Json]:
    """What the bot said to somebody directly."""
    if platform == "slack":
        return [m for m in slack_messages(state, slack_direct(state, who)) if m.get("bot_id")]
    return [m for m in telegram_messages(state, state["people"][who]["telegram"]) if m["from"]["is_bot"]]


def prices(state: Json, who: str, platform: str) -> list[Json]:
    return [
        message for message in answers(state, who, platform) if PRICE in json.dumps(message, ensure_ascii=False)
    ]


def buttons(message: Json) -> list[Json]:
    return [
        {"block_id": block["block_id"], "action_id": element["action_id"], "text": element["text"]["text"]}
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    ]


def place_of(message: Json, label: str) -> dict[str, int]:
    for row, found in enumerate(message["reply_markup"]["inline_keyboard"]):
        for column, button in enumerate(found):
            if label in button["text"]:
                return {"row": row, "col": column}
    raise LookupError(label)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
