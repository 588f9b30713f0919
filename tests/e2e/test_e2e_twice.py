"""The same thing arrives twice: it has one effect."""

from __future__ import annotations

import asyncio

import pytest
from e2e_world import Modes, World, answer_of, from_bot, heard, said

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
GERMAN = "was kost n schreibtisch im monat"


async def test_a_slack_event_that_comes_again_is_answered_once(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    delivery = await person.say(GERMAN)
    await delivery.acked()
    again = await asyncio.gather(*(world.slack.redeliver(delivery) for _ in range(3)))
    assert [copy.error for copy in again] == ["", "", ""]
    await person.hears(answer_of("desk-price", "de"))
    await world.settled()
    assert len(heard(person)) == 1


async def test_a_slack_event_that_comes_again_after_a_restart_is_answered_once(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    delivery = await person.say(GERMAN)
    await person.hears(answer_of("desk-price", "de"))
    await world.restart()
    await (await world.slack.redeliver(delivery)).acked()
    await world.settled()
    assert len(heard(person)) == 1


async def test_a_mention_comes_as_two_events_and_is_answered_once(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("general", person)
    delivery = await person.mention(GERMAN, channel)
    assert [each.payload["event"]["type"] for each in (delivery, *delivery.also)] == ["message", "app_mention"]
    await delivery.acked()
    await world.slack.redeliver(delivery.also[0])
    await person.hears(answer_of("desk-price", "de"), channel)
    await world.settled()
    assert len(heard(person, channel)) == 1


async def test_a_telegram_update_that_comes_again_is_answered_once(world: World) -> None:
    person = world.telegram.add_user("Gerd", language="de")
    await person.say(GERMAN)
    await person.hears(answer_of("desk-price", "de"))
    update = world.telegram.updates[-1].update_id
    await world.telegram.redeliver(update)
    await world.telegram.redeliver(update)
    await world.settled()
    await world.restart()
    await world.telegram.redeliver(update)
    await world.settled()
    assert len(heard(person)) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_press_that_comes_again_counts_once(world: World) -> None:
    in_slack = world.slack.add_user("Fatma", locale="de-DE")
    in_telegram = world.telegram.add_user("Gerd", language="de")
    for person in (in_slack, in_telegram):
        await person.say(GERMAN)
        await person.hears(said("de", "That helps"))
    press = await in_slack.press(said("de", "That helps"))
    await press.acked()
    await world.slack.redeliver(press)
    await (await in_telegram.press(said("de", "That helps"))).answered()
    await world.telegram.redeliver(world.telegram.updates[-1].update_id)
    await world.settled()
    assert world.rows("SELECT sum(helped) FROM faq_feedback") == [(2,)]
    assert len(heard(in_slack)) == len(heard(in_telegram)) == 1


async def test_two_quick_presses_of_one_button_ask_the_team_once(world: World) -> None:
    team = await world.team()
    in_slack = world.slack.add_user("Fatma", locale="de-DE")
    in_telegram = world.telegram.add_user("Gerd", language="de")
    for person in (in_slack, in_telegram):
        await person.say("Habt ihr bei euch eine Sauna?")
        await person.hears(said("de", "Yes, ask"))
        await asyncio.gather(*(person.press(said("de", "Yes, ask")) for _ in range(3)))
    await world.settled()
    assert world.rows("SELECT count(*) FROM questions WHERE state = 'open'") == [(2,)]
    assert sum("Sauna" in m.plain for m in world.slack.messages(team.channel) if m.bot_id) == 2
    assert sum("Sauna" in m.plain for m in team.helper.messages(team.group) if from_bot(m)) == 2


async def test_a_form_sent_in_twice_counts_once(world: World) -> None:
    await world.team()
    person = world.slack.add_user("Fatma", locale="de-DE")
    await (await person.command("/kumpel", "frage")).acked()
    await person.sees_modal()
    person.fill({"question": "Habt ihr bei euch eine Sauna?"})
    first = await person.submit()
    await first.acked()
    await world.slack.redeliver(first)
    await world.settled()
    assert world.rows("SELECT count(*) FROM questions") == [(1,)]
    assert len(heard(person)) == 1
