"""A handler of ours fails: an apology with a number, the lead is told, everything else goes on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from e2e_world import World, answer_of, from_bot, heard, said

from handlers.core.context import Context

GERMAN = "was kost n schreibtisch im monat"
NUMBER = re.compile(r"\b[2-9A-HJ-NP-Z]{4}\b")


def fails(ctx: Context, *_: Any) -> NoReturn:
    ctx.touch_post("something")
    ctx.tell_leads("never to be read", lambda t: None)  # type: ignore[arg-type,return-value]
    raise RuntimeError("a handler of ours is broken")


def is_never_drawn(*_: Any) -> NoReturn:
    raise RuntimeError("a view of ours is broken")


async def test_a_command_that_always_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    team = await world.team()
    registry = world.running.house.registry
    broken = replace(registry.commands["hilfe"], handler=fails)
    monkeypatch.setitem(registry.commands, "hilfe", broken)
    gerd = world.telegram.add_user("Gerd", language="de")
    other = world.telegram.add_user("Other", language="de")
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await gerd.say("/hilfe")
    await gerd.say(GERMAN)
    await other.say(GERMAN)
    delivery = await fatma.say("hilfe")
    await delivery.acked()
    await fatma.say(GERMAN)
    for person in (gerd, other, fatma):
        await person.hears(answer_of("desk-price", "de"))
    for person in (gerd, fatma):
        sorry = heard(person)[0]
        number = NUMBER.findall(sorry.split("(")[-1])[0]
        await team.lead.hears(number)
        await team.helper.hears(number)
    await world.slack.redeliver(delivery)
    await world.telegram.redeliver(world.telegram.updates[-3].update_id)
    await world.settled()
    assert [len(heard(person)) for person in (gerd, other, fatma)] == [2, 1, 2]
    assert world.rows("SELECT count(*) FROM deliveries WHERE reference <> ''") == [(2,)]


async def test_a_press_that_always_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = world.running.house.registry
    monkeypatch.setitem(registry.actions, "faq:helped", replace(registry.actions["faq:helped"], handler=fails))
    gerd = world.telegram.add_user("Gerd", language="de")
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    for person in (gerd, fatma):
        await person.say(GERMAN)
        await person.hears(said("de", "That helps"))
    await (await gerd.press(said("de", "That helps"))).answered()
    await (await fatma.press(said("de", "That helps"))).acked()
    for person in (gerd, fatma):
        await person.hears(lambda message: from_bot(message) and "(Nr. " in message.plain)
        assert answer_of("desk-price", "de") in heard(person)[0]  # the answer stands as it was


async def test_a_form_whose_handler_fails_is_not_used_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = world.running.house.registry
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await (await fatma.command("/kumpel", "frage")).acked()
    await fatma.sees_modal()
    fatma.fill({"question": "Eine Sauna?"})
    with monkeypatch.context() as broken:
        broken.setitem(registry.forms, "faq:ask", fails)
        await (await fatma.submit()).acked()
        await fatma.hears(lambda message: from_bot(message) and "(Nr. " in message.plain)
    await world.settled()
    assert world.rows("SELECT count(*) FROM questions") == [(0,)]


async def test_a_card_that_can_not_be_drawn_stops_no_other_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = await world.team()
    registry = world.running.house.registry
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    with monkeypatch.context() as broken:
        broken.setitem(registry.views, "faq.question", is_never_drawn)
        await fatma.say("Habt ihr bei euch eine Sauna?")
        await fatma.hears(said("de", "Yes, ask"))
        await fatma.press(said("de", "Yes, ask"))
        await team.lead.hears("RuntimeError")
        await world.settled()
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say(GERMAN)
    await gerd.hears(answer_of("desk-price", "de"))
    # The next change shows it after all.
    await fatma.say("Habt ihr ein Schwimmbad im Keller?")
    await world.settled()
    assert not any("auna" in text for text in heard(team.helper, team.group))
