"""Companies on the real wire: asked below the first booking, named in a form, joined by somebody's word."""

from __future__ import annotations

import pytest
from e2e_world import Modes, Person, World, from_bot, heard, said

from bot.sandbox.slack import SlackPerson

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")

ASKED = "One more thing: which company or start-up are you here for? Reports then count each one once."
COMMAND = {"de": "firma", "en": "company"}
BOOK = {"de": "platz", "en": "desk"}


def newcomer(world: World, platform: str, language: str, name: str) -> Person:
    if platform == "slack":
        return world.slack.add_user(name, locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user(name, language=language)


async def press(world: World, person: Person, label: str) -> None:
    """Press the newest button of that label."""
    if isinstance(person, SlackPerson):
        await (await person.press(label)).acked()
    else:
        await (await person.press(label)).answered()
    await world.settled()


async def book(world: World, person: Person, language: str) -> None:
    await person.say(BOOK[language])
    await person.hears(lambda message: said(language, "Take a desk") in message.plain)
    await press(world, person, said(language, "Take a desk"))


async def name(world: World, person: Person, company: str, language: str) -> None:
    """Name a company: in a modal, or question by question."""
    await press(world, person, said(language, "Name it"))
    if isinstance(person, SlackPerson):
        modal = await person.sees_modal()
        field = next(control for control in modal.controls if control.type == "plain_text_input")
        person.fill({field.block_id: company})
        await (await person.submit()).acked()
        await world.settled()
        return
    await person.say(company)
    for _ in range(4):
        await world.settled()
        await press(world, person, said(language, "Skip"))


def belonging(world: World) -> list[tuple[str, str]]:
    return world.rows(
        "SELECT p.name, c.name FROM company_members m JOIN persons p ON p.id = m.person_id"
        " JOIN companies c ON c.id = m.company_id ORDER BY p.name"
    )


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
@pytest.mark.parametrize(
    ("one", "other", "language"),
    [("slack", "telegram", "de"), ("telegram", "slack", "en"), ("slack", "slack", "en")],
)
async def test_two_of_one_company_find_each_other(world: World, one: str, other: str, language: str) -> None:
    fatma, gerd = newcomer(world, one, language, "Fatma"), newcomer(world, other, language, "Gerd")
    await book(world, fatma, language)
    await fatma.hears(said(language, ASKED))
    await name(world, fatma, "Lagerkraft GmbH", language)
    await book(world, gerd, language)
    await gerd.hears(said(language, ASKED))
    await world.restart()
    await name(world, gerd, "lager-kraft", language)
    await gerd.hears(said(language, "Do you mean **{company}**?", company="Lagerkraft GmbH"))
    await press(world, gerd, said(language, "Yes, that one"))
    assert belonging(world) == [("Fatma", "Lagerkraft GmbH")]
    assert not any("Fatma" in text for text in heard(gerd)), "who is there is nobody's business"
    card = said(
        language, "{who} says they belong to **{company}**. Is that right?", who="Gerd", company="Lagerkraft GmbH"
    )
    await fatma.hears(lambda message: card.removeprefix("Gerd") in message.plain and "Gerd" in message.plain)
    await press(world, fatma, said(language, "Yes, belongs to it"))
    await gerd.hears(
        said(language, "It is confirmed: you belong to **{company}** now.", company="Lagerkraft GmbH")
    )
    await world.settled()
    assert belonging(world) == [("Fatma", "Lagerkraft GmbH"), ("Gerd", "Lagerkraft GmbH")]


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
@pytest.mark.parametrize(("platform", "language"), [("slack", "en"), ("telegram", "de")])
async def test_none_yet_is_an_answer_and_it_is_not_asked_again(world: World, platform: str, language: str) -> None:
    person = newcomer(world, platform, language, "Fatma")
    await book(world, person, language)
    await press(world, person, said(language, "None yet"))
    await person.hears(said(language, "Noted. Once there is one, write **company**."))
    await press(world, person, said(language, "Cancel booking"))
    await press(world, person, said(language, "Take it again"))
    await world.settled()
    assert not any(said(language, ASKED) in text for text in heard(person))
    assert world.rows("SELECT answer FROM company_answers") == [("none",)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_booking_in_a_group_asks_in_private(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("plaetze", fatma)
    await fatma.mention("platz", channel)
    await fatma.hears(said("de", "Take a desk"), channel)
    await press(world, fatma, said("de", "Take a desk"))
    await fatma.hears(said("de", ASKED))
    assert not any(said("de", ASKED) in text for text in heard(fatma, channel))


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_managers_join_two_that_are_one_in_slack(world: World) -> None:
    team = await world.team()
    for who, company in (("Fatma", "Lagerkraft"), ("Gerd", "LK Logistik")):
        person = newcomer(world, "telegram", "de", who)
        await person.say("/firma")
        await person.hears(from_bot)
        await name(world, person, company, "de")
    await (await team.lead.command("/kumpel", "firmen")).acked()
    page = await team.lead.hears("LK Logistik")
    assert "eine Person hier" in page.plain
    await (await team.lead.pick("LK Logistik")).acked()
    await world.settled()
    await press(world, team.lead, said("de", "Same as another"))
    await (await team.lead.pick("Lagerkraft")).acked()
    await world.settled()
    await press(world, team.lead, said("de", "Make one of both"))
    assert belonging(world) == [("Fatma", "Lagerkraft"), ("Gerd", "Lagerkraft")]


@pytest.mark.parametrize(
    ("modes", "platform", "language"),
    [(SOCKET_AND_POLLING, "slack", "de"), (HTTP_AND_WEBHOOK, "telegram", "en")],
    indirect=["modes"],
)
async def test_who_is_let_in_again_names_the_company_anew_once_it_was_freed(
    world: World, platform: str, language: str
) -> None:
    team = await world.team()
    eve = newcomer(world, platform, language, "Eve")
    await eve.say(f"/{COMMAND[language]}" if platform == "telegram" else COMMAND[language])
    await eve.hears(from_bot)
    await name(world, eve, "Lagerkraft GmbH", language)
    assert belonging(world) == [("Eve", "Lagerkraft GmbH")]
    lead: Person = team.lead if platform == "slack" else team.helper
    words = {"de": ("sperre @Eve Werbung", "entsperre @Eve"), "en": ("/block Eve spam", "/unblock Eve")}[language]
    for free in (False, True):
        if isinstance(lead, SlackPerson):
            await lead.say(words[0])
        else:
            await lead.say(words[0], mentions=[eve])
        await world.settled()
        if free:
            await press(world, lead, said("de" if platform == "slack" else "en", "Free what they hold"))
        if isinstance(lead, SlackPerson):
            await lead.say(words[1])
        else:
            await lead.say(words[1], mentions=[eve])
        await world.settled()
        assert belonging(world) == ([] if free else [("Eve", "Lagerkraft GmbH")])
    await eve.say(f"/{COMMAND[language]}" if platform == "telegram" else COMMAND[language])
    await world.settled()
    await name(world, eve, "Lagerkraft GmbH", language)
    await press(world, eve, said(language, "Yes, that one"))
    label = said("de", "Yes, belongs to it")  # both chats of the team speak German
    card = await lead.hears(label, team.channel if platform == "slack" else team.group)
    await lead.press(label, card)
    await world.settled()
    assert belonging(world) == [("Eve", "Lagerkraft GmbH")]
