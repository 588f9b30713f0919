"""The demo's server as a page meets it: what it tells, what it lets people do, whom it refuses."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from e2e_world import answer_of, pack_about_desks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.page_client import CannotBeDoneError, Json, PageClient, open_page
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.demo.moving import goal_of
from bot.demo.page import MOST_BYTES
from bot.demo.serving import RunningPage, running_page
from bot.sandbox.telegram.state import StoredFile
from bot.settings import SHIPPED_HUB

REPOSITORY = Path(__file__).parents[2]
QUESTION = "was kost n schreibtisch im monat"
PRICE = answer_of("desk-price", "de")


@asynccontextmanager
async def demo(database: Path) -> AsyncIterator[RunningPage]:
    async with running_page(SHIPPED_HUB, database, 0, "de") as running:
        await running.starting
        yield running


@pytest.fixture
async def running(tmp_path: Path, shared_index: None) -> AsyncIterator[RunningPage]:
    async with demo(tmp_path / "demo.sqlite3") as running:
        yield running


@pytest.fixture
async def page(running: RunningPage) -> AsyncIterator[PageClient]:
    async with open_page(running.url) as page:
        yield page


# --- finding one's way in the state --------------------------------------------------------------------------


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


# --- what is told --------------------------------------------------------------------------------------------


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


# --- all four kinds of deeds in Slack ------------------------------------------------------------------------


async def test_a_desk_is_booked_with_a_button_of_the_answer(page: PageClient) -> None:
    await page.do("slack.say", "lena", text="ich brauche einen platz im hub")

    def offer(state: Json) -> list[tuple[Json, Json]]:
        found = answers(state, "lena", "slack")
        return [(m, b) for m in found for b in buttons(m) if b["text"] == "Platz nehmen"]

    message, button = (await page.until(offer))[0]
    where = {"channel": message["channel"], "ts": message["ts"]}
    await page.do("slack.press", "lena", **where, block_id=button["block_id"], action_id=button["action_id"])
    await page.until(lambda state: not offer(state))


async def test_the_slash_command_answers_only_whoever_used_it(page: PageClient) -> None:
    channel = channel_named(page.state, "founders")
    await page.do("slack.say", "lena", channel=channel, text=f"/kumpel {QUESTION}")
    found = await page.until(lambda state: slack_messages(state, channel))
    assert found[0]["ephemeral_for"] == page.state["people"]["lena"]["slack"]


async def test_a_thread_is_answered_in_the_thread(page: PageClient) -> None:
    channel = channel_named(page.state, "founders")
    said = await page.do("slack.say", "sam", channel=channel, text="hello everybody")
    await page.do("slack.say", "lena", channel=channel, text=f"@kumpel {QUESTION}", thread=said["ts"])
    await page.until(lambda state: [m for m in slack_messages(state, channel) if m.get("bot_id")])
    answer = next(m for m in slack_messages(page.state, channel) if m.get("bot_id"))
    assert answer["thread_ts"] == said["ts"]
    await page.until(lambda state: state["slack"]["messages"][channel][said["ts"]].get("reply_count") == 2)


async def test_own_messages_are_edited_and_deleted(page: PageClient) -> None:
    channel = channel_named(page.state, "founders")
    said = await page.do("slack.say", "sam", channel=channel, text="helo")
    where = {"channel": channel, "ts": said["ts"]}
    await page.do("slack.edit", "sam", **where, text="hello")
    assert page.state["slack"]["messages"][channel][said["ts"]]["text"] == "hello"
    with pytest.raises(CannotBeDoneError, match="not your message"):
        await page.do("slack.delete", "lena", **where)
    await page.do("slack.delete", "sam", **where)
    assert said["ts"] not in page.state["slack"]["messages"][channel]


async def test_the_home_tab_is_shown_and_a_form_filled_picked_and_sent(page: PageClient) -> None:
    await page.do("slack.home", "aylin", tab="home")
    user = page.state["people"]["aylin"]["slack"]
    home = await page.until(lambda state: state["slack"]["homes"].get(user))
    assert home["type"] == "home"
    await page.do("slack.say", "aylin", text="/kumpel termin")
    view = (await page.until(lambda state: state["slack"]["modals"].get(user)))[-1]
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    needed = next(block for block in inputs if not block.get("optional"))
    with pytest.raises(CannotBeDoneError, match="missing or does not fit"):
        await page.do("slack.submit", "aylin", view=view["id"], values={})
    picker = next(block for block in inputs if block["element"]["type"] == "datepicker")
    await page.do(
        "slack.pick",
        "aylin",
        view=view["id"],
        block_id=picker["block_id"],
        action_id=picker["element"]["action_id"],
        value="2020-01-01",
    )
    shown = page.state["slack"]["modals"][user][-1]["values"][picker["block_id"]]
    assert shown[picker["element"]["action_id"]]["selected_date"] == "2020-01-01"
    assert needed["element"]["type"] == "plain_text_input"
    values = {needed["block_id"]: {needed["element"]["action_id"]: "Pitch Night"}}
    for block in inputs:
        element = block["element"]
        if not block.get("optional") and block is not needed and block is not picker:
            chosen = element["options"][0]["value"] if "options" in element else "18:30"
            values[block["block_id"]] = {element["action_id"]: chosen}
    await page.do("slack.submit", "aylin", view=view["id"], values=values)
    modal = (await page.until(lambda state: state["slack"]["modals"].get(user)))[-1]
    assert picker["block_id"] in modal["errors"], "a day in the past is told beside the field"
    await page.do("slack.close", "aylin", view=view["id"], all=True)
    assert not page.state["slack"]["modals"].get(user)


# --- Telegram ------------------------------------------------------------------------------------------------


async def test_a_press_in_telegram_returns_what_the_person_sees(page: PageClient) -> None:
    chat = chat_titled(page.state, "Themen")
    card = await page.until(lambda s: [m for m in telegram_messages(s, chat) if "reply_markup" in m])
    where = {"chat": chat, "message_id": str(card[0]["message_id"])}
    result = await page.do("telegram.press", "mira", **where, **place_of(card[0], "Termine"))
    assert set(result) == {"toast", "alert", "url"}
    assert result["toast"] or result["alert"], "who may not is told so"
    with pytest.raises(CannotBeDoneError, match="button is gone"):
        await page.do("telegram.press", "mira", **where, row=40, col=0)


async def test_topics_replies_links_and_blocking(page: PageClient) -> None:
    chat = chat_titled(page.state, "Themen")
    topic = next(iter(page.state["telegram"]["chats"][chat]["topics"]))
    said = await page.do(
        "telegram.say", "sam", chat=chat, topic=topic, text="/kumpel@kumpel_bot where is the hub?"
    )
    answer = await page.until(
        lambda s: [
            m
            for m in telegram_messages(s, chat)
            if str(m.get("message_thread_id")) == topic and m["from"]["is_bot"]
        ]
    )
    assert answer[0]["message_id"] > int(said["message_id"])
    await page.do(
        "telegram.say", "sam", chat=chat, topic=topic, text="thanks", reply_to=str(answer[0]["message_id"])
    )
    opened = await page.do("telegram.open", "mira", url="https://t.me/kumpel_bot?start=x")
    assert opened == {"chat": page.state["people"]["mira"]["telegram"]}
    await page.until(lambda state: answers(state, "mira", "telegram"))
    await page.do("telegram.block", "mira")
    assert page.state["telegram"]["chats"][opened["chat"]]["blocked"]
    with pytest.raises(CannotBeDoneError):
        await page.do("telegram.say", "mira", chat=opened["chat"], text="still there?")
    await page.do("telegram.unblock", "mira")
    with pytest.raises(CannotBeDoneError, match="not lead to Kumpel"):
        await page.do("telegram.open", "mira", url="https://example.org/")


# --- stopped, killed, disturbed ------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["world.stop", "world.crash"])
async def test_nothing_said_while_the_bot_is_away_is_lost_or_doubled(page: PageClient, end: str) -> None:
    await page.do(end)
    assert page.state["bot"] == {"running": False, "starting": False}
    await page.do("slack.say", "lena", text=QUESTION)
    await page.do("telegram.say", "lena", chat=page.state["people"]["lena"]["telegram"], text=QUESTION)
    channel = channel_named(page.state, "founders")
    await page.do("slack.say", "lena", channel=channel, text=f"@kumpel {QUESTION}")
    await page.until(lambda state: state["waiting"]["slack"] >= 2 and state["waiting"]["telegram"] >= 1)
    await page.do("world.start")
    assert page.state["bot"]["running"]
    for platform in ("slack", "telegram"):
        await page.until(lambda state, platform=platform: prices(state, "lena", platform), 20)
    await page.until(lambda state: [m for m in slack_messages(state, channel) if m.get("bot_id")], 20)
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0}, 20)
    assert len(prices(page.state, "lena", "slack")) == len(prices(page.state, "lena", "telegram")) == 1
    assert len([m for m in slack_messages(page.state, channel) if m.get("bot_id")]) == 1


async def test_the_bot_is_killed_at_work_again_and_again(page: PageClient) -> None:
    lena = page.state["people"]["lena"]["telegram"]
    for number in range(4):
        await page.do("slack.say", "lena", text=QUESTION)
        await page.do("telegram.say", "lena", chat=lena, text=QUESTION)
        await asyncio.sleep(0.004 * number)
        await page.do("world.crash")
        await page.do("world.start")
    await page.until(lambda state: len(prices(state, "lena", "slack")) >= 4, 20)
    await page.until(lambda state: len(prices(state, "lena", "telegram")) >= 4, 20)
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0}, 20)
    assert len(prices(page.state, "lena", "slack")) == 4
    # Telegram tells nobody what arrived: an answer on the wire at the moment of a crash may come twice.
    assert 4 <= len(prices(page.state, "lena", "telegram")) <= 8


async def test_a_press_while_the_bot_is_away_says_so(page: PageClient) -> None:
    await page.do("slack.say", "lena", text="ich brauche einen platz im hub")
    message = (await page.until(lambda s: [m for m in answers(s, "lena", "slack") if buttons(m)]))[0]
    await page.do("world.stop")
    with pytest.raises(CannotBeDoneError, match="does not answer right now"):
        await page.do(
            "slack.press", "lena", channel=message["channel"], ts=message["ts"], **_ids(buttons(message)[0])
        )


def _ids(button: Json) -> Json:
    return {key: button[key] for key in ("block_id", "action_id")}


@pytest.mark.parametrize("platform", ["slack", "telegram"])
@pytest.mark.parametrize("kind", ["429", "5xx", "silence", "drop"])
async def test_a_fault_lasts_until_it_is_switched_off_and_nothing_is_lost(
    page: PageClient, platform: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for adapter in (SlackAdapter, TelegramAdapter):
        monkeypatch.setattr(adapter, "request_timeout", 1.0)  # a lost answer is looked for sooner
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0})
    await page.do("world.fault", platform=platform, kind=kind, on=True)
    assert page.state["faults"] == {
        f"{platform}.{kind}": {"id": f"{platform}.{kind}", "platform": platform, "kind": kind, "left": None}
    }
    lena = page.state["people"]["lena"]["telegram"]
    await (
        page.do("slack.say", "lena", text=QUESTION)
        if platform == "slack"
        else page.do("telegram.say", "lena", chat=lena, text=QUESTION)
    )
    if kind in ("429", "5xx", "silence"):
        await page.until(lambda state: state["waiting"][platform] > 0)
        await asyncio.sleep(0.3)
        assert not prices(page.state, "lena", platform)
    await page.do("world.heal")
    assert page.state["faults"] == {}
    await page.until(lambda state: prices(state, "lena", platform), 20)
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0}, 20)
    assert len(prices(page.state, "lena", platform)) == 1


# --- time ----------------------------------------------------------------------------------------------------


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_an_hour_passes_and_both_chats_go_on(page: PageClient) -> None:
    before = moment(page.state["now"])
    moved = await page.do("world.move", to="hour")
    assert timedelta(hours=1) <= moment(moved["now"]) - before < timedelta(hours=1, minutes=1)
    assert moment(page.state["now"]) >= before + timedelta(hours=1)
    await page.do("slack.say", "lena", text=QUESTION)
    await page.do("telegram.say", "lena", chat=page.state["people"]["lena"]["telegram"], text=QUESTION)
    for platform in ("slack", "telegram"):
        await page.until(lambda state, platform=platform: prices(state, "lena", platform), 3)


async def test_morning_is_eight_o_clock_in_essen(page: PageClient) -> None:
    moved = await page.do("world.move", to="morning")
    local = moment(moved["now"]).astimezone(ZoneInfo("Europe/Berlin"))
    assert (local.hour, local.minute) == (8, 0)


@pytest.mark.parametrize("to", ["yesterday", "2020-01-01T00:00:00+00:00", "2999-01-01", "0001-01-01"])
async def test_there_are_moments_that_time_does_not_go_to(page: PageClient, to: str) -> None:
    with pytest.raises(CannotBeDoneError):
        await page.do("world.move", to=to)


def test_a_moment_without_a_zone_is_one_in_essen() -> None:
    now = datetime.fromisoformat("2026-06-01T10:00:00+00:00")
    assert goal_of("2026-06-02T09:00", now) == datetime.fromisoformat("2026-06-02T07:00:00+00:00")


async def test_what_is_due_on_the_way_comes_at_its_time(page: PageClient) -> None:
    starts = await _publish_event(page)
    assert [moment(each["at"]) for each in page.state["next"] if each["kind"] == "events.started"] == [starts]
    group = chat_titled(page.state, "Founders Ruhr")
    card = next(m for m in telegram_messages(page.state, group) if "Startup-Night" in json.dumps(m))
    moved = await page.do("world.move", to=(starts + timedelta(hours=5)).isoformat())
    assert moved["due"] >= 1
    assert timedelta(0) <= moment(moved["now"]) - starts - timedelta(hours=5) < timedelta(seconds=30)
    edited = page.state["telegram"]["messages"][group][str(card["message_id"])]
    assert 0 <= edited["edit_date"] - starts.timestamp() < 60
    assert not page.state["events"]


async def _publish_event(page: PageClient) -> datetime:
    """Jonas announces an event in two weeks; returns when it starts."""
    chat = page.state["people"]["jonas"]["telegram"]

    async def answered(deed: Any) -> Json:
        count = max(int(number) for number in page.state["telegram"]["messages"][chat])
        await deed
        return await page.until(
            lambda state: next(
                (m for m in telegram_messages(state, chat) if m["message_id"] > count and m["from"]["is_bot"]),
                None,
            )
        )

    for text in ("/termin", "Startup-Night", "in zwei Wochen", "18:30"):
        asked = await answered(page.do("telegram.say", "jonas", chat=chat, text=text))
    where = {"chat": chat, "message_id": asked["message_id"]}
    asked = await answered(page.do("telegram.press", "jonas", **where, **place_of(asked, "Überspringen")))
    for text in ("Dortmund", "Fünf Pitches, danach Essen.", "50"):
        asked = await answered(page.do("telegram.say", "jonas", chat=chat, text=text))
    where = {"chat": chat, "message_id": asked["message_id"]}
    await page.do("telegram.press", "jonas", **where, **place_of(asked, "Veröffentlichen"))
    event = (await page.until(lambda state: state["events"]))[0]
    group = chat_titled(page.state, "Founders Ruhr")
    await page.until(lambda s: "Startup-Night" in json.dumps(telegram_messages(s, group)))
    await page.until(lambda state: state["waiting"] == {"slack": 0, "telegram": 0})
    return moment(event["at"])


# --- whom it refuses -----------------------------------------------------------------------------------------


async def _status(running: RunningPage, path: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(running.url + path, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/js/main.js", "/slack/api/auth.test", "/telegram/bot1:x/getMe", "/nowhere"]
)
async def test_a_foreign_name_or_page_is_refused_everywhere(running: RunningPage, path: str) -> None:
    port = running.url.rpartition(":")[2]
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        f"127.0.0.1.evil.example:{port}",
        "",
    ):
        assert await _status(running, path, Host=host) == 403, host
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"https://127.0.0.1:{port}", ""):
        assert await _status(running, path, Origin=origin) == 403, origin
    assert await _status(running, path, **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) == 403


async def test_its_own_names_are_served_with_headers_that_forbid_the_rest(running: RunningPage) -> None:
    port = running.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert await _status(running, "/", Host=f"{host}:{port}", Origin=f"http://{host}:{port}") == 200
    assert await _status(running, "/", **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}) == 200
    async with aiohttp.ClientSession() as session:
        for path, kind in (("/", "text/html"), ("/js/main.js", "javascript"), ("/style/base.css", "text/css")):
            async with session.get(running.url + path) as answer:
                assert answer.status == 200
                assert kind in answer.headers["Content-Type"]
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Cache-Control"] == "no-cache"
        for path in ("/js/../page.py", "/js/%2e%2e/%2e%2e/page.py", "/static/index.html", "/js/"):
            async with session.get(f"{running.url}{path}") as answer:
                assert answer.status in (403, 404), path


async def test_it_listens_on_this_machine_only(running: RunningPage) -> None:
    assert running.url.startswith("http://127.0.0.1:")


async def test_pictures_are_shown_and_everything_else_is_only_stored(running: RunningPage) -> None:
    world = running.stage.world.telegram.world
    picture: StoredFile = world.add_file("photo", "photo.jpg", "image/jpeg", b"\xff\xd8")
    document: StoredFile = world.add_file("document", "Früh & spät.svg", "image/svg+xml", b"<svg/>")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{running.url}/files/telegram/{picture.file_id}/x") as answer:
            assert (answer.content_type, await answer.read()) == ("image/jpeg", b"\xff\xd8")
            assert answer.headers["Content-Disposition"].startswith("inline")
        async with session.get(f"{running.url}/files/telegram/{document.file_id}/x") as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''Fr%C3%BCh")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in ("/files/telegram/none/x", "/files/slack/F1/x"):
            async with session.get(running.url + path) as answer:
                assert answer.status == 404


# --- whatever a page sends -----------------------------------------------------------------------------------

NAMES = (
    *("slack.say", "slack.edit", "slack.delete", "slack.press", "slack.pick", "slack.submit", "slack.close"),
    *("slack.home", "slack.shortcut", "telegram.say", "telegram.start", "telegram.press", "telegram.open"),
    *("telegram.block", "telegram.unblock", "world.move", "world.fault", "glass.story", "nothing", ""),
)
FIELDS = (
    *("channel", "chat", "text", "thread", "ts", "view", "block_id", "action_id", "value", "values", "all", "tab"),
    *(
        "callback_id",
        "topic",
        "reply_to",
        "message_id",
        "row",
        "col",
        "url",
        "payload",
        "platform",
        "kind",
        "place",
    ),
    *("message", "to"),
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["0", "-1", "hour?"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
deeds = st.fixed_dictionaries(
    {"do": st.sampled_from(NAMES) | anything, "as": st.sampled_from(["lena", "mira", "aylin"]) | anything},
    optional={"id": anything} | dict.fromkeys(FIELDS, anything),
)


@pytest.fixture(scope="module")
def frames() -> list[str]:
    """Frames of all kinds, as hypothesis thinks of them."""
    thought_of: list[str] = []

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(frame=deeds.map(json.dumps) | anything.map(json.dumps) | st.text(max_size=30))
    def think(frame: str) -> None:
        thought_of.append(frame)

    think()
    return thought_of


async def test_no_frame_breaks_the_server_or_the_connection(
    running: RunningPage, page: PageClient, frames: list[str]
) -> None:
    assert len(frames) >= 300
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    half_a_pair = '{"do":"slack.say","as":"lena","text":"\\ud800"}'
    async with wild_page(running) as wild:
        for frame in [*frames, '{"id":1e999}', deep, half_a_pair]:
            await wild.send_str(frame)
        await wild.send_bytes(b"\x00\xff")
        await wild.send_str('{"id": 424242, "do": "slack.say", "as": "lena", "text": "still here"}')
        refused: list[Json] = []
        async with asyncio.timeout(40):
            while (said := json.loads((await wild.receive()).data)).get("id") != 424242:
                if said["type"] == "cannot":
                    refused.append(said)
        assert said["type"] == "done"
    assert len(refused) > 100
    assert all(each["de"] and each["en"] and "terminal" not in each["en"] for each in refused)
    await page.do("slack.say", "sam", text="hello?")
    await page.until(lambda state: answers(state, "sam", "slack"))


async def test_a_frame_that_is_too_large_ends_only_its_own_connection(
    running: RunningPage, page: PageClient
) -> None:
    async with wild_page(running) as wild:
        await wild.send_str("x" * (MOST_BYTES + 1))
        async with asyncio.timeout(5):
            while (await wild.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
    await page.do("slack.say", "lena", text="hi")


@asynccontextmanager
async def wild_page(running: RunningPage) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A page that sends whatever it likes."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{running.url}/ws", origin=running.url, max_msg_size=0) as wild,
    ):
        yield wild


# --- the command ---------------------------------------------------------------------------------------------


class Command:
    """``kumpel demo`` in a process of its own."""

    def __init__(self, *options: str) -> None:
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("KUMPEL_", "SLACK_", "TELEGRAM_", "DISPLAY"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *options],
            cwd=REPOSITORY,
            env=kept | {"LC_ALL": "de_DE.UTF-8", "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().split()[-1]

    def end(self, number: int) -> tuple[int, float, str]:
        began = time.monotonic()
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - began, told


@pytest.fixture
def command() -> Any:
    started: list[Command] = []

    def start(*options: str) -> Command:
        started.append(Command(*options))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("when", ["at once", "ready", "with faults"])
async def test_it_ends_within_a_second_and_leaves_nothing(
    command: Callable[..., Command], number: int, when: str, tmp_path: Path
) -> None:
    pack = SHIPPED_HUB if when == "at once" else pack_about_desks(tmp_path / "pack")
    running = command("--port", "0", "--hub", str(pack))
    url = await asyncio.to_thread(running.url)
    if when != "at once":
        async with open_page(url) as page:
            await page.until(lambda state: state["bot"]["running"] and not state["bot"]["starting"], 30)
            if when == "with faults":
                for platform in ("slack", "telegram"):
                    await page.do("world.fault", platform=platform, kind="silence", on=True)
                await page.do("slack.say", "lena", text=QUESTION)
                await page.do("telegram.say", "lena", chat=page.state["people"]["lena"]["telegram"], text=QUESTION)
                await asyncio.sleep(0.3)
    status, seconds, told = await asyncio.to_thread(running.end, number)
    assert (status, told) == (0, "")
    assert seconds < 4.0  # a second, and what a busy machine takes


def test_a_port_that_is_taken_is_told_in_plain_words(command: Callable[..., Command]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = command("--port", port)
        shown, told = refused.process.communicate(timeout=30)
    assert (refused.process.returncode, shown) == (1, "")
    assert f"Port {port} ist schon belegt" in told
    assert "Traceback" not in told


async def test_the_usual_port_gives_way_to_a_free_one(command: Callable[..., Command]) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8765))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        running = command()
        url = await asyncio.to_thread(running.url)
        assert not url.endswith(":8765")


def test_a_broken_content_pack_ends_it_in_plain_words(command: Callable[..., Command], tmp_path: Path) -> None:
    refused = command("--port", "0", "--hub", str(tmp_path))
    _, told = refused.process.communicate(timeout=30)
    assert refused.process.returncode == 2
    assert "Traceback" not in told


async def test_time_never_runs_back_on_a_kept_database(tmp_path: Path) -> None:
    database = tmp_path / "kept.sqlite3"
    async with demo(database) as running, open_page(running.url) as page:
        moved = moment((await page.do("world.move", to="morning"))["now"])
        await page.do("slack.say", "lena", text=QUESTION)
        await page.until(lambda state: prices(state, "lena", "slack"))
    async with demo(database) as running, open_page(running.url) as page:
        assert moment(page.state["now"]) >= moved
        await page.do("slack.say", "lena", text=QUESTION)
        await page.until(lambda state: prices(state, "lena", "slack"))
