"""The demo's bot is stopped or killed, and the wire disturbed: nothing is lost."""

from __future__ import annotations

import asyncio

import pytest
from demo_stage import QUESTION, answers, buttons, channel_named, prices, slack_messages

from benchmarks.page_client import CannotBeDoneError, Json, PageClient
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.telegram.adapter import TelegramAdapter


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
    await page.until(lambda state: len(prices(state, "lena", "slack")) >= 4, 40)
    await page.until(lambda state: len(prices(state, "lena", "telegram")) >= 4, 40)
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
