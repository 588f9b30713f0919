"""Managers teach the bot in either chat, and founders in the other one get the new answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from e2e_world import Message, Modes, Person, Team, World, answer_of, eventually, from_bot, heard, said, title_of

from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")

SAUNA = {
    "de": {
        "title": "Habt ihr eine Sauna?",
        "answer": "**Ja, im Keller.** Schlüssel am Empfang.",
        "ask": "Gibt es bei euch eine Sauna?\nkann man im hub saunieren\nwo ist die sauna",
    },
    "en": {
        "title": "Do you have a sauna?",
        "answer": "**Yes, in the basement.** The keys are at the desk.",
        "ask": "Is there a sauna at your place?\ncan I have a sauna in the hub\nwhere is the sauna",
    },
}
ASKED = {"de": "Habt ihr bei euch eine Sauna?", "en": "Do you have a sauna over there?"}
GIVEN = {"de": "Ja, im Keller.", "en": "Yes, in the basement."}
DESK = {"de": "was kostet ein schreibtisch im monat", "en": "how much is a desk per month?"}


def founder_on(world: World, platform: str, language: str, name: str = "Fatma") -> Person:
    if platform == "slack":
        return world.slack.add_user(name, locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user(name, language=language)


async def manager_on(world: World, platform: str, language: str, name: str = "Mona") -> Person:
    """A manager whom the bot speaks with in a language."""
    manager = founder_on(world, platform, language, name)
    await world.make(manager, "manager")
    await manager.say("Deutsch bitte" if language == "de" else "English please")
    await manager.hears("Deutsch" if language == "de" else "English")
    return manager


async def fills(manager: Person, **values: str) -> None:
    """Fill in the form that was opened: a modal, or one question a message."""
    if isinstance(manager, SlackPerson):
        await manager.sees_modal()
        manager.fill(values)
        await (await manager.submit()).acked()
        return
    for value in values.values():
        await manager.hears(from_bot)
        await manager.say(value)


async def presses(manager: Person, label: str, on: Any = None) -> None:
    press = await manager.press(label, on)
    await (press.acked() if isinstance(manager, SlackPerson) else press.answered())  # type: ignore[union-attr]


async def orders(manager: Person, text: str) -> None:
    """Give the ``faq`` command, as each platform has it."""
    if isinstance(manager, SlackPerson):
        await (await manager.command("/kumpel", f"faq {text}".strip())).acked()
    else:
        await manager.say(f"faq {text}".strip())


async def previews(manager: Person, language: str) -> Message:
    """Write a new answer; returns its preview, as it stands in the direct chat."""
    await orders(manager, "new")
    await fills(manager, **SAUNA[language], language=said(language, "German" if language == "de" else "English"))
    return await manager.hears(GIVEN[language])


async def publishes(world: World, manager: Person, language: str, preview: Message) -> None:
    await presses(manager, said(language, "Publish"), preview)
    await manager.hears(said(language, "**From now on I answer this.**"))


async def understands(world: World, question: str, entry: str = "") -> None:
    """Wait until the index has followed: a question is answered by an entry, or no more by the new one."""

    def follows() -> bool:
        index = world.running.house.knowledge.index
        ranked = index.rank(question)
        first = ranked[0].key if ranked and index.judge(ranked) == "answer" else ""
        return first == f"faq:{entry}" if entry else "sauna" not in first

    await eventually(follows, 15)


async def asks(person: Person, question: str, wanted: str) -> None:
    await person.say(question)
    await person.hears(wanted)


def editing(language: str) -> str:
    """The button that opens an answer's text in a language."""
    return said("de", "Edit {language}").replace("{language}", said("de", language))


async def card_of(manager: Person, language: str, words: str, title: str) -> None:
    await orders(manager, words)
    await manager.hears(said(language, "Which one?"))
    await presses(manager, title)


@pytest.mark.parametrize(
    ("modes", "teaches", "hears", "language"),
    [(SOCKET_AND_POLLING, "slack", "telegram", "de"), (HTTP_AND_WEBHOOK, "telegram", "slack", "en")],
    indirect=["modes"],
)
async def test_what_is_taught_in_one_chat_is_answered_in_the_other(
    world: World, teaches: str, hears: str, language: str
) -> None:
    manager = await manager_on(world, teaches, language)
    founder = founder_on(world, hears, language)
    entry = "habt-ihr-eine-sauna" if language == "de" else "do-you-have-a-sauna"

    await asks(founder, ASKED[language], said(language, "I do not know that."))
    await publishes(world, manager, language, await previews(manager, language))
    await understands(world, ASKED[language], entry)
    await asks(founder, ASKED[language], GIVEN[language])

    # It outlives a restart, and so does a card.
    await card_of(manager, language, "sauna", SAUNA[language]["title"])
    await manager.hears(said(language, "Retire"))
    await world.restart()
    await asks(founder, ASKED[language], GIVEN[language])

    # Retired it is not known; undone, it is back.
    await presses(manager, said(language, "Retire"))
    await manager.hears(said(language, "Retired: nobody gets this answer any more."))
    await understands(world, ASKED[language])
    await asks(founder, ASKED[language], said(language, "I do not know that."))
    await presses(manager, said(language, "History"))
    await manager.hears(said(language, "Undo the latest"))
    await presses(manager, said(language, "Undo the latest"))
    await manager.hears(said(language, "Undone: it is as it was before."))
    await understands(world, ASKED[language], entry)
    await asks(founder, ASKED[language], GIVEN[language])


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_an_edit_in_slack_is_what_people_hear_from_then_on(world: World) -> None:
    manager = await manager_on(world, "slack", "de")
    founder = founder_on(world, "telegram", "en")
    await asks(founder, DESK["en"], answer_of("desk-price", "en"))
    await card_of(manager, "de", "schreibtisch", title_of("desk-price", "de"))
    edit = editing("English")
    await manager.hears(edit)
    await presses(manager, edit)
    await fills(manager, answer="**Sixty euros a month.**")
    preview = await manager.hears("Sixty euros a month.")
    await publishes(world, manager, "de", preview)
    await asks(founder, DESK["en"], "Sixty euros a month.")
    await asks(founder, DESK["de"], answer_of("desk-price", "de"))


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_two_managers_publish_one_answer_at_once_from_both_chats(world: World) -> None:
    in_slack = await manager_on(world, "slack", "de", "Mona")
    in_telegram = await manager_on(world, "telegram", "de", "Max")
    title, edit = title_of("desk-price", "de"), editing("German")
    for manager, price in ((in_slack, "Sechzig"), (in_telegram, "Siebzig")):
        await card_of(manager, "de", "schreibtisch", title)
        await manager.hears(edit)
        await presses(manager, edit)
        if isinstance(manager, SlackPerson):
            await fills(manager, answer=f"**{price} Euro.**")
        else:
            await manager.hears(said("de", "Keep it"))
            await presses(manager, said("de", "Keep it"))
            await manager.hears(said("de", "The answer"))
            await manager.say(f"**{price} Euro.**")
            await manager.hears(said("de", "Other ways to ask"))
            await presses(manager, said("de", "Keep it"))
        await manager.hears(f"{price} Euro.")
    publish = said("de", "Publish")
    await asyncio.gather(presses(in_slack, publish), presses(in_telegram, publish))
    await world.settled()
    published = world.rows(
        "SELECT content, author_id FROM faq_versions WHERE entry_id = 'desk-price' AND number > 1"
    )
    assert len(published) == 1
    [(content, _)] = published
    winner, loser = (in_slack, in_telegram) if "Sechzig" in content else (in_telegram, in_slack)
    told = said("de", "{who} changed this answer meanwhile ({time}).", who=_name(winner), time="").split("(")[0]
    assert any(told in text for text in heard(loser))
    assert not any(told in text for text in heard(winner))
    await presses(loser, said("de", "Publish mine anyway"))
    await loser.hears(said("de", "**From now on I answer this.**"))
    [(now,)] = world.rows("SELECT content FROM faq_entries WHERE id = 'desk-price'")
    assert ("Siebzig" if loser is in_telegram else "Sechzig") in now


def _name(person: Person) -> str:
    return person.user.first_name if isinstance(person, TelegramPerson) else person.name


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_draft_begun_in_a_channel_is_seen_by_its_author_alone(world: World) -> None:
    team: Team = await world.team()
    manager = team.manager
    await (await manager.command("/kumpel", "faq new", team.channel)).acked()
    await fills(manager, **SAUNA["en"], language=said("en", "English"))
    await manager.hears(GIVEN["en"])
    await world.settled()
    for person, where in (
        (team.lead, team.channel),
        (team.lead, None),
        (team.helper, team.group),
        (team.helper, None),
    ):
        assert not any("basement" in text for text in heard(person, where))
    await orders(team.lead, "sauna")
    await team.lead.hears("sauna")
    await world.settled()
    assert not any(SAUNA["en"]["title"] in text for text in heard(team.lead))


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_an_answer_of_the_team_is_published_from_its_card(world: World) -> None:
    team = await world.team()
    founder = founder_on(world, "telegram", "en")
    await founder.say(ASKED["en"])
    await founder.hears(said("en", "Yes, ask"))
    await founder.press(said("en", "Yes, ask"))
    card = await team.manager.hears("sauna", team.channel)
    await presses(team.manager, said("de", "Answer and publish"), card)
    await fills(team.manager, answer="Yes, in the basement.")
    await founder.hears("Yes, in the basement.")
    await team.manager.hears(said("en", "Make it an entry"))
    await presses(team.manager, said("en", "Make it an entry"))
    await team.manager.sees_modal()
    await (await team.manager.submit()).acked()
    preview = await team.manager.hears(said("en", "_This is how people will see it:_"))
    assert ASKED["en"] in preview.plain
    await publishes(world, team.manager, "en", preview)
    await world.settled()
    assert sum("basement" in text for text in heard(founder)) == 1  # who asked has the answer
    another = founder_on(world, "slack", "en", "Another")
    await understands(world, ASKED["en"], "do-you-have-a-sauna")
    await asks(another, ASKED["en"], "Yes, in the basement.")
