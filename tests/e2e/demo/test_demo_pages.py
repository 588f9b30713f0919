"""What the demo's server tells the pages that are open on it."""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Any

import aiohttp
import pytest
from demo_stage import (
    QUESTION,
    answers,
    channel_named,
    chat_titled,
    prices,
    slack_direct,
    slack_messages,
    telegram_messages,
)

from benchmarks.page_client import Json, PageClient, open_page
from bot.demo.serving import RunningPage


async def test_the_state_tells_who_is_where_and_what_petra_has_prepared(page: PageClient) -> None:
    state = page.state
    assert state["type"] == "state"
    assert state["zone"] == "Europe/Berlin"
    assert state["order"] == ["lena", "sam", "mira", "aylin", "jonas", "petra"]
    assert state["people"]["mira"]["slack"] is None
    assert state["people"]["aylin"]["telegram"] is None
    assert state["bot"] == {"running": True, "starting": False}
    assert state["slack"]["command"] == "/kumpel"
    assert {channel["name"] for channel in state["slack"]["channels"].values() if channel["kind"] != "im"} == {
        "allgemein",
        "founders",
        "community-managers",
    }
    forum = state["telegram"]["chats"][chat_titled(state, "Themen")]
    assert [topic["name"] for topic in forum["topics"].values()] == ["Logistik", "Design"]
    assert not slack_direct(state, "lena")
    assert not telegram_messages(state, state["people"]["lena"]["telegram"])

    def prepared(state: Json) -> bool:
        subscribed = json.dumps(telegram_messages(state, chat_titled(state, "Founders Ruhr")), ensure_ascii=False)
        general = json.dumps(slack_messages(state, channel_named(state, "allgemein")), ensure_ascii=False)
        return "für Termine" in general and "abbestellen" in subscribed.lower()

    await page.until(prepared)
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0})
    assert any(key.startswith("all_private_chats|") for key in page.state["telegram"]["commands"])


async def test_what_is_said_on_one_page_is_seen_on_another_with_the_answer(
    running: RunningPage, page: PageClient
) -> None:
    async with open_page(running.url) as other:
        await page.do("slack.say", "lena", text=QUESTION)
        await other.until(lambda state: prices(state, "lena", "slack"))
        await page.do("telegram.say", "sam", chat=page.state["people"]["sam"]["telegram"], text=QUESTION)
        await other.until(lambda state: len(answers(state, "sam", "telegram")) > 1)
        await page.until(lambda state: len(answers(state, "sam", "telegram")) > 1)
        said = slack_messages(other.state, slack_direct(other.state, "lena"))[0]
        assert (said["text"], said["ephemeral_for"]) == (QUESTION, None)
        for part in ("slack", "telegram"):
            await other.until(lambda state, part=part: state[part]["messages"] == page.state[part]["messages"])


async def test_a_page_that_comes_later_is_told_what_the_others_know(
    running: RunningPage, page: PageClient
) -> None:
    await page.do("slack.say", "lena", text=QUESTION)
    await page.until(lambda state: prices(state, "lena", "slack"))
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0})
    async with open_page(running.url) as late:
        assert {**late.state, "now": ""} == {**page.state, "now": ""}


async def test_a_slow_page_holds_up_nobody_and_is_told_everything_in_the_end(
    running: RunningPage, page: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.demo.page.MOST_FRAMES", 5)
    large = json.dumps({"type": "change", "set": [], "padding": "x" * 1_000_000})
    connector = aiohttp.TCPConnector(socket_factory=_narrow_socket)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect(f"{running.url}/ws", origin=running.url, max_msg_size=0) as slow,
    ):
        for _ in range(20):  # read by nobody on the slow page: more than the sockets' buffers hold
            running.pages.broadcast(large)
            await asyncio.sleep(0.01)
        channel = channel_named(page.state, "founders")
        await page.do("slack.say", "sam", channel=channel, text="the last one")
        assert "the last one" in json.dumps(page.state["slack"])
        states, frames, last = 0, 0, False
        async with asyncio.timeout(30):
            while not last:
                frame = (await slow.receive()).data
                frames += 1
                states += '"type": "state"' in frame
                last = "the last one" in frame
        assert states >= 2
        assert frames < 22


def _narrow_socket(address: Any) -> socket.socket:
    narrow = socket.socket(*address[:3])
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return narrow
