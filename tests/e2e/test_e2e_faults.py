"""The platforms falter: what was to be said is said, as often as it should be, and the bot hears again."""

from __future__ import annotations

import random
from typing import Any

import aiohttp
import pytest
from e2e_world import Modes, Person, World, answer_of, eventually, heard

import bot.adapters.slack.socket
import bot.adapters.telegram.sending
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.socket import ATTEMPT_SECONDS, PAUSES, SILENT_SECONDS
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.sandbox.faults import Call, Fault

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
GERMAN, ENGLISH = "was kost n schreibtisch im monat", "how much is a desk per month?"
POST = {"slack": "chat.postMessage", "telegram": "sendMessage"}


@pytest.fixture
def short_time_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call without an answer is over after a second, not after ten or twenty."""
    monkeypatch.setattr(SlackAdapter, "request_timeout", 1.0)
    monkeypatch.setattr(TelegramAdapter, "request_timeout", 1.0)
    monkeypatch.setattr(bot.adapters.telegram.sending, "SEND_SECONDS", 1.0)


def newcomer(world: World, platform: str) -> Person:
    if platform == "slack":
        return world.slack.add_user("Fatma", locale="de-DE")
    return world.telegram.add_user("Gerd", language="de")


def faulty(world: World, platform: str, **fault: Any) -> None:
    sandbox = world.slack if platform == "slack" else world.telegram
    sandbox.faults.add(Fault(POST[platform], **fault))


def posts(world: World, platform: str) -> list[Call]:
    calls = world.slack.calls if platform == "slack" else world.telegram.calls
    return [call for call in calls if call.method == POST[platform]]


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_429_is_honoured_to_the_second_and_holds_up_nobody_else(world: World, platform: str) -> None:
    first, second = newcomer(world, platform), newcomer(world, platform)
    faulty(world, platform, kind="429", retry_after=2, times=1)
    await first.say(GERMAN)
    await eventually(lambda: len(posts(world, platform)) == 1)
    if platform == "slack":  # Telegram's limits are those of the whole bot
        await second.say(GERMAN)
        await second.hears(answer_of("desk-price", "de"), timeout=1.5)
    await first.hears(answer_of("desk-price", "de"))
    await world.settled()
    of_first = [
        call for call in posts(world, platform) if call.status == 429 or call is posts(world, platform)[-1]
    ]
    waited = of_first[-1].at_monotonic - of_first[0].at_monotonic
    assert 2.0 <= waited < 3.5
    assert len(heard(first)) == 1


@pytest.mark.parametrize("platform", ["slack", "telegram"])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "5xx", "moment": "before"},
        {"kind": "5xx", "moment": "after"},
        {"kind": "drop", "moment": "before"},
        {"kind": "drop", "moment": "after"},
    ],
    ids=lambda fault: f"{fault['kind']}-{fault['moment']}",
)
@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
@pytest.mark.usefixtures("short_time_outs")
async def test_a_lost_answer_is_looked_for(world: World, platform: str, fault: dict[str, Any]) -> None:
    person = newcomer(world, platform)
    faulty(world, platform, **fault)
    await person.say(GERMAN)
    await person.hears(answer_of("desk-price", "de"))
    await world.settled()
    times = len(heard(person))
    assert times == 1 if platform == "slack" or fault["moment"] == "before" else 1 <= times <= 2


@pytest.mark.parametrize("platform", ["slack", "telegram"])
@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
@pytest.mark.usefixtures("short_time_outs")
async def test_a_call_that_hangs_holds_up_nobody_else(world: World, platform: str) -> None:
    first, second = newcomer(world, platform), newcomer(world, platform)
    faulty(world, platform, kind="stall", moment="after", seconds=3.0)
    await first.say(GERMAN)
    await eventually(lambda: len(posts(world, platform)) == 1)
    await second.say(GERMAN)
    await second.hears(answer_of("desk-price", "de"), timeout=1.5)
    await world.settled()
    assert 1 <= len(heard(first)) <= (1 if platform == "slack" else 2)


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
@pytest.mark.usefixtures("short_time_outs")
async def test_a_response_url_that_falters_is_tried_again(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("elsewhere", person, with_bot=False)
    world.slack.faults.add(Fault("response_url", kind="5xx"))
    await (await person.command("/kumpel", GERMAN, channel)).acked()
    await person.hears(answer_of("desk-price", "de"), channel)
    await world.settled()
    assert len(heard(person, channel)) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_dropped_sockets_are_replaced_and_nothing_said_meanwhile_is_lost(world: World) -> None:
    people = [world.slack.add_user(f"Fatma{number}", locale="de-DE") for number in range(6)]
    for number, person in enumerate(people):
        if number % 2 == 0:
            world.slack.sockets.drop()
        await person.say(GERMAN)
    for person in people:
        await person.hears(answer_of("desk-price", "de"))
    await world.settled()
    assert [len(heard(person)) for person in people] == [1] * 6


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_request_to_reconnect_is_followed_without_losing_anything(world: World) -> None:
    people = [world.slack.add_user(f"Fatma{number}", locale="de-DE") for number in range(6)]
    for person, reason in zip(people, ["warning", "refresh_requested", "link_disabled"] * 2, strict=True):
        await world.slack.sockets.ask_to_reconnect(reason)  # type: ignore[arg-type]
        await person.say(GERMAN)
    for person in people:
        await person.hears(answer_of("desk-price", "de"))
    await world.slack.sockets.connected()
    await world.settled()
    assert [len(heard(person)) for person in people] == [1] * 6


def test_a_silent_socket_is_replaced_within_25_seconds_even_if_one_attempt_hangs() -> None:
    looks_every_second = 1.0
    hanging, then = ATTEMPT_SECONDS[0], ATTEMPT_SECONDS[1]
    assert SILENT_SECONDS + looks_every_second + PAUSES[0] + hanging + PAUSES[1] + then <= 25.0


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_silent_socket_is_replaced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.adapters.slack.socket, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(bot.adapters.slack.socket, "PING_SECONDS", 0.5)
    world.slack.sockets.go_silent()
    world.slack.faults.add(Fault("apps.connections.open", kind="stall", seconds=60.0))  # the first attempt hangs
    person = world.slack.add_user("Fatma", locale="de-DE")
    await eventually(lambda: not world.running.adapters["slack"].connected, 4.0)
    await world.slack.sockets.connected(timeout=9.0)
    await person.say(GERMAN)
    await person.hears(answer_of("desk-price", "de"))
    await world.settled()
    assert len(heard(person)) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_second_poller_is_noticed_and_the_bot_polls_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, _: low)
    poller = world.running.adapters["telegram"]
    url = f"{world.telegram.api_url}/bot{world.telegram.bot_token}/getUpdates"
    async with aiohttp.ClientSession() as session:

        async def ousted() -> bool:
            async with session.get(url, params={"timeout": "1"}) as answer:
                await answer.read()
            return not poller.connected

        await eventually(ousted)
        assert (await world.get("/readyz"))[0] == 503
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say(GERMAN)
    await gerd.hears(answer_of("desk-price", "de"), timeout=9.0)
    await eventually(lambda: poller.connected)
    await world.settled()
    assert len(heard(gerd)) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_polls_that_fail_are_repeated(world: World) -> None:
    gerd = world.telegram.add_user("Gerd", language="de")
    for kind in ("5xx", "drop", "429"):
        world.telegram.faults.add(Fault("getUpdates", kind=kind))
    await gerd.say(GERMAN)
    await gerd.hears(answer_of("desk-price", "de"), timeout=9.0)
    await gerd.say(ENGLISH)
    await gerd.hears(answer_of("desk-price", "en"), timeout=9.0)
    await world.settled()
    assert len(heard(gerd)) == 2


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_bot_starts_although_a_platform_is_away(stage: World) -> None:
    stage.slack.faults.add(Fault("auth.test", kind="5xx", times=2))
    stage.telegram.faults.add(Fault("getMe", kind="drop", times=2))
    await stage.start()
    await stage.ready()
    for platform in ("slack", "telegram"):
        person = newcomer(stage, platform)
        await person.say(GERMAN)
        await person.hears(answer_of("desk-price", "de"))
        await stage.settled()
        assert len(heard(person)) == 1


async def test_the_way_in_may_change_with_a_restart(world: World) -> None:
    gerd, fatma = newcomer(world, "telegram"), newcomer(world, "slack")
    world.modes = HTTP_AND_WEBHOOK if world.modes == SOCKET_AND_POLLING else SOCKET_AND_POLLING
    await world.stop()
    await gerd.say(GERMAN)
    if world.modes.slack == "socket":
        await world.slack.deliver_over("socket")
    await world.start()
    await gerd.hears(answer_of("desk-price", "de"))
    await fatma.say(GERMAN)
    await fatma.hears(answer_of("desk-price", "de"))
    await world.settled()
    assert len(heard(gerd)) == len(heard(fatma)) == 1
