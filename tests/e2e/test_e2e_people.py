"""Who may what: codes, guests, other bots; the home page, the menus, the stop switch."""

from __future__ import annotations

import asyncio
import json

import pytest
from e2e_world import (
    CARD,
    Modes,
    Person,
    World,
    answer_of,
    eventually,
    from_bot,
    heard,
    in_german_or_english,
    said,
)

from bot.control import add_code
from handlers.people.wording import WORDS

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
GERMAN = "was kost n schreibtisch im monat"
SAUNA = "Habt ihr bei euch eine Sauna?"


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_code_works_once_for_one_person(world: World) -> None:
    app = world.running
    code = await add_code(app.database, "lead", app.clock.now())
    people: list[Person] = [world.slack.add_user(f"P{n}", locale="de-DE") for n in range(2)]
    people += [world.telegram.add_user(f"P{n}", language="de") for n in range(2)]
    typed = [code, code.lower(), f"Mein Code: {code}", code.replace("-", " - ")]
    await asyncio.gather(*(p.say(text) for p, text in zip(people, typed, strict=True)))
    await world.settled()
    welcomes = [said(language, WORDS["lead"].welcome) for language in ("de", "en")]
    assert sum(heard(person)[-1].startswith(tuple(welcomes)) for person in people) == 1
    assert world.rows("SELECT count(*) FROM roles") == [(1,)]


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_guessing_codes_ends_after_five(world: World) -> None:
    app = world.running
    gerd = world.telegram.add_user("Gerd", language="de")
    for number in range(5):
        await gerd.say(f"AAAA-22{number + 2}2")
    await world.settled(12.0)
    genuine = await add_code(app.database, "lead", app.clock.now())
    too_many = [
        said(language, "Those were too many codes. Please wait until {time}.", time="…").partition("…")[0]
        for language in ("de", "en")
    ]
    await gerd.say(genuine)
    await gerd.hears(lambda message: any(word in message.plain for word in too_many))
    assert world.rows("SELECT count(*) FROM roles") == [(0,)]
    # Whom it was meant for can still use it.
    lead = world.telegram.add_user("Lena", language="de")
    await lead.say(genuine)
    await lead.hears(in_german_or_english(WORDS["lead"].welcome))


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_code_said_in_a_group_gives_no_role(world: World) -> None:
    app = world.running
    code = await add_code(app.database, "lead", app.clock.now())
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("general", fatma)
    await fatma.mention(code, channel)
    await fatma.hears(from_bot, channel)
    assert world.rows("SELECT count(*) FROM roles") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
@pytest.mark.parametrize("trait", ["is_restricted", "is_ultra_restricted", "is_stranger"])
async def test_guests_and_strangers_are_answered_but_hold_no_role(world: World, trait: str) -> None:
    app = world.running
    guest = world.slack.add_user("Guest", locale="de-DE", **{trait: True})
    code = await add_code(app.database, "lead", app.clock.now())
    if trait == "is_stranger":
        lead = world.slack.add_user("Lena", locale="de-DE")
        channel = world.slack.add_channel("shared", lead, guest)
        await guest.mention(GERMAN, channel)
        await guest.hears(answer_of("desk-price", "de"), channel)
    else:
        await guest.say(GERMAN)
        await guest.hears(answer_of("desk-price", "de"))
        await guest.say(code)
        await guest.hears(in_german_or_english("Roles are for members, and you are a guest here."))
    assert world.rows("SELECT count(*) FROM roles") == [(0,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_other_bots_are_not_answered(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    other = world.slack.add_bot("Other")
    channel = world.slack.add_channel("general", fatma, other)
    await other.mention(GERMAN, channel)
    gerd = world.telegram.add_user("Gerd", language="de")
    robot = world.telegram.add_user("Robot", is_bot=True, username="robot_bot")
    group = await gerd.create_group("Gruppe", supergroup=True)
    await gerd.add_bot(group, as_admin=True)
    await robot.join(group)
    await robot.say(f"@{world.telegram.bot_username} {GERMAN}", group)
    await world.settled()
    assert not [m for m in world.slack.messages(channel) if m.user == world.slack.bot_user_id]
    own = [m for m in group.messages.values() if m.sender.id == world.telegram.bot_id]
    assert all(CARD in m.plain for m in own)


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_an_anonymous_admin_is_nobody_in_particular(world: World) -> None:
    lead = world.telegram.add_user("Tara", language="en")
    await world.make(lead, "lead")
    group = await lead.create_group("Gruppe", supergroup=True)
    await lead.add_bot(group, as_admin=True)
    await lead.say(f"/here@{world.telegram.bot_username} managers", group, as_anonymous=True)
    await world.settled()
    assert world.rows("SELECT count(*) FROM places") == [(0,)]
    assert len(heard(lead, group)) <= 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_what_only_leads_may_is_refused_to_others(world: World) -> None:
    team = await world.team()
    for command in ("anhalten", "lage", "ernenne lead", "hier managers"):
        await team.manager.mention(command, team.channel)
    gerd = world.telegram.add_user("Gerd", language="de")
    for command in ("/pause", "/status", "/grant lead"):
        await gerd.say(command)
    await gerd.hears(said("de", "Only a lead may do that."))
    await world.settled(12.0)
    assert heard(gerd) == [said("de", "Only a lead may do that.")] * 3
    assert world.rows("SELECT count(*) FROM switches WHERE name = 'outgoing_paused'") == [(0,)]
    assert world.rows("SELECT count(*) FROM roles") == [(3,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_the_home_page_opens_and_stays_true(world: World) -> None:
    team = await world.team()
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await (await fatma.open_home()).acked()
    home = await fatma.sees_home("Fatma")
    assert "Sauna" not in home.plain
    await (await team.manager.open_home()).acked()
    await team.manager.sees_home("Mark")
    await fatma.say(SAUNA)
    await fatma.hears(said("de", "Yes, ask"))
    await fatma.press(said("de", "Yes, ask"), fatma.messages()[-1])
    await fatma.sees_home("Sauna", timeout=9.0)
    await team.manager.sees_home(said("en", "See the questions"), timeout=9.0)
    assert fatma.home is not None
    assert len(world.slack.world.workspace.homes) == 2


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_the_home_page_s_menu_button_opens_the_form(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await (await fatma.open_home()).acked()
    home = await fatma.sees_home("Fatma")
    await (await fatma.press(said("de", "Ask the team"), view=home)).acked()
    await fatma.sees_modal()
    fatma.fill({"question": SAUNA})
    await (await fatma.submit()).acked()
    await fatma.hears(from_bot)
    await fatma.sees_home("Sauna", timeout=9.0)


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_command_menus_stand_in_both_languages(world: World) -> None:
    def menus() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for call in world.telegram.calls:
            if call.method == "setMyCommands":
                commands = call.params["commands"]
                listed = json.loads(commands) if isinstance(commands, str) else commands
                found.setdefault(call.params.get("language_code", ""), set()).update(c["command"] for c in listed)
        return found

    await eventually(lambda: menus().keys() == {"", "de"})
    await eventually(lambda: len([c for c in world.telegram.calls if c.method == "setMyCommands"]) == 4)
    assert {"help", "ask"} <= menus()[""]
    assert {"hilfe", "frage"} <= menus()["de"]
    assert not {"pause", "grant", "here"} & menus()[""]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_while_paused_only_answers_leave_and_the_rest_waits(world: World) -> None:
    team = await world.team()
    await team.lead.say("anhalten")
    await team.lead.hears(from_bot)
    await eventually(lambda: world.running.delivery.paused)
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.say(SAUNA)
    await fatma.hears(said("de", "Yes, ask"))
    await fatma.press(said("de", "Yes, ask"))
    await fatma.hears(lambda message: said("de", "Yes, ask") not in message.plain)
    await world.restart()  # the switch outlives it
    assert world.running.delivery.paused
    await fatma.say(GERMAN)
    await fatma.hears(answer_of("desk-price", "de"))
    assert not any("auna" in text for text in heard(team.manager, team.channel))
    assert not any("auna" in text for text in heard(team.helper, team.group))
    await team.helper.say("/resume")
    await team.manager.hears("auna", team.channel)
    await team.helper.hears("auna", team.group)
    await world.settled()
    assert sum("auna" in text for text in heard(team.helper, team.group)) == 1
