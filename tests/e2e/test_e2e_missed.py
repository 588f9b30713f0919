"""What people said while the bot was away is answered when it is back, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from e2e_world import Modes, World, answer_of, heard, said

from bot.adapters.slack import socket
from bot.sandbox.faults import Fault

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
GERMAN, ENGLISH = "was kost n schreibtisch im monat", "how much is a desk per month?"


@pytest.fixture
def sandbox_options() -> dict[str, object]:
    """Slack gives up at once: what was said meanwhile is only in the history."""
    return {"retry_delays": ()}


async def test_messages_missed_while_stopped_are_answered_once(world: World) -> None:
    slack_people = [world.slack.add_user(f"Fatma{number}", locale="de-DE") for number in range(2)]
    known, new = slack_people
    await known.say(ENGLISH)
    await known.hears(answer_of("desk-price", "en"))
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say(ENGLISH)
    await gerd.hears(answer_of("desk-price", "en"))
    await world.stop()
    await known.say(GERMAN)
    await new.say(GERMAN)
    await gerd.say(GERMAN)
    world.clock.shift += timedelta(hours=23)  # a day, nearly
    await world.start()
    for person in (known, new, gerd):
        await person.hears(answer_of("desk-price", "de"))
    await world.settled()
    assert [len(heard(person)) for person in (known, new, gerd)] == [2, 1, 2]
    # A second start reads the same history again and finds nothing new in it.
    await world.restart()
    await world.settled()
    calls = len(world.slack.calls_of("conversations.history"))
    assert calls >= 2
    assert [len(heard(person)) for person in (known, new, gerd)] == [2, 1, 2]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_what_was_said_while_slack_was_out_of_reach_is_answered_after_the_reconnect(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "GAP_SECONDS", 0.1)
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.say(ENGLISH)
    await fatma.hears(answer_of("desk-price", "en"))
    outage = world.slack.faults.add(Fault("apps.connections.open", "5xx", times=None))
    world.slack.sockets.drop()
    await fatma.say(GERMAN)  # nobody takes it, and Slack gives it up
    await asyncio.sleep(0.3)
    world.slack.faults.remove(outage)
    await fatma.hears(answer_of("desk-price", "de"), timeout=9)
    await world.settled()
    assert len(heard(fatma)) == 2


async def test_missed_messages_are_answered_in_their_order(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.say("/hilfe")
    await world.settled()
    await world.stop()
    for text in (GERMAN, ENGLISH):
        await fatma.say(text)
    await world.start()
    await fatma.hears(answer_of("desk-price", "en"))
    await world.settled()
    answers = heard(fatma)[1:]
    assert [
        answer_of("desk-price", language) in text for language, text in zip(("de", "en"), answers, strict=True)
    ]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_telegram_press_and_a_block_while_stopped_are_taken_in_their_order(world: World) -> None:
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say(GERMAN)
    await gerd.hears(said("de", "That helps"))
    await world.stop()
    await gerd.press(said("de", "That helps"))
    await gerd.block()
    await world.start()
    await world.settled()
    assert world.rows("SELECT sum(helped) FROM faq_feedback") == [(1,)]
    assert world.rows("SELECT state FROM chats WHERE platform = 'telegram'") == [("blocked",)]
    await gerd.start()
    await gerd.hears("Was brauchst du?")
    assert world.rows("SELECT state FROM chats WHERE platform = 'telegram'") == [("open",)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_from_its_first_moment_the_bot_knows_when_it_was_last_alive(world: World) -> None:
    """Killed a moment later, it must not take the time of its next start for it."""
    assert world.rows("SELECT count(*) FROM switches WHERE name = 'alive_at'") == [(1,)]
