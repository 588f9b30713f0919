"""Time moves in the demo, and what is due comes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from demo_stage import QUESTION, chat_titled, demo, moment, place_of, prices, telegram_messages

from benchmarks.page_client import CannotBeDoneError, Json, PageClient, open_page
from bot.demo.moving import goal_of


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
