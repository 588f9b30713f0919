"""From a question to its answer: out of the content pack, or by way of the team's cards in both chats."""

from __future__ import annotations

import asyncio

import pytest
from e2e_world import (
    CARD,
    Modes,
    Person,
    Team,
    World,
    answer_of,
    from_bot,
    heard,
    in_german_or_english,
    said,
    title_of,
)

from handlers.people.wording import WORDS

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")

GERMAN, ENGLISH = "was kost n schreibtisch im monat", "how much is a desk per month?"
UNKNOWN = {"de": "Habt ihr bei euch eine Sauna?", "en": "Do you have a sauna over there?"}


def person_on(world: World, platform: str, language: str) -> Person:
    if platform == "slack":
        return world.slack.add_user("Fatma", locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user("Fatma", language=language)


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_direct_question_is_answered_in_the_language_of_the_message(world: World, platform: str) -> None:
    person = person_on(world, platform, "en")
    await person.say(GERMAN)
    await person.hears(answer_of("desk-price", "de"))
    await person.say(ENGLISH)
    await person.hears(answer_of("desk-price", "en"))
    await world.settled()
    assert len(heard(person)) == 2


async def test_a_mention_in_a_slack_channel_is_answered_in_its_thread(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("general", person)
    asked = await person.mention(GERMAN, channel)
    answer = await person.hears(answer_of("desk-price", "de"), channel)
    assert asked.message is not None
    assert answer.thread_ts == asked.message.ts
    within = await person.mention(ENGLISH, channel, thread_ts=asked.message)
    assert within.message is not None
    assert (await person.hears(answer_of("desk-price", "en"), channel)).thread_ts == asked.message.ts
    await world.settled()
    assert len(heard(person, channel)) == 2


async def test_talk_among_people_in_a_channel_is_none_of_its_business(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("general", person)
    await (await person.say(GERMAN, channel)).acked()
    group_person = world.telegram.add_user("Gerd", language="de")
    group = await group_person.create_group("Talk", supergroup=True)
    await group_person.add_bot(group, as_admin=True)
    await group_person.say(GERMAN, group)
    await world.settled()
    assert heard(person, channel) == []
    assert heard(group_person, group) == []


async def test_the_slash_command_answers_where_the_bot_is_no_member(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    channel = world.slack.add_channel("elsewhere", person, with_bot=False)
    await (await person.command("/kumpel", GERMAN, channel)).acked()
    answer = await person.hears(answer_of("desk-price", "de"), channel)
    assert answer.ephemeral_for == person.id
    assert world.slack.messages(channel) == []  # nobody else saw anything
    assert not world.slack.calls_of("chat.postMessage")


async def test_a_command_for_this_bot_and_a_reply_to_it_are_answered_in_a_telegram_group(world: World) -> None:
    person = world.telegram.add_user("Gerd", language="de")
    group = await person.create_group("Gruppe", supergroup=True)
    await person.add_bot(group)
    await person.hears(CARD, group)
    await person.say(f"/frage@{world.telegram.bot_username} {GERMAN}", group)
    first = await person.hears(from_bot, group)
    await person.say(ENGLISH, group, reply_to=first)
    await person.hears(answer_of("desk-price", "en"), group)
    await person.say("/help@another_bot", group)
    await world.settled()
    assert len(heard(person, group)) == 2


async def test_a_question_in_a_forum_topic_is_answered_in_that_topic(world: World) -> None:
    person = world.telegram.add_user("Gerd", language="de")
    forum = await person.create_forum("Forum")
    await person.add_bot(forum)
    topic = await person.create_topic(forum, "Plätze")
    await person.say(f"@{world.telegram.bot_username} {GERMAN}", forum, topic=topic)
    answer = await person.hears(answer_of("desk-price", "de"), forum, topic=topic)
    assert answer.thread_id == topic.thread_id


@pytest.mark.parametrize(
    ("platform", "language", "question"),
    [("slack", "de", "wo seid ihr"), ("telegram", "en", "where are you")],
)
async def test_did_you_mean_turns_into_the_answer(
    world: World, platform: str, language: str, question: str
) -> None:
    person = person_on(world, platform, language)
    await person.say(question)
    asked_back = await person.hears(said(language, "Do you mean one of these?"))
    entry = "address"
    assert title_of(entry, language) in asked_back.plain
    await person.press(title_of(entry, language))
    await person.hears(answer_of(entry, language))
    await world.settled()
    assert len(heard(person)) == 1  # the answer stands in place of the question back
    assert title_of(entry, language) not in heard(person)[0]


async def asked_the_team(world: World, person: Person, language: str) -> None:
    await person.say(UNKNOWN[language])
    await person.hears(said(language, "Yes, ask"))
    await person.press(said(language, "Yes, ask"))


def cards(world: World, team: Team) -> tuple[str, str]:
    """How the question's card reads in both chats of the team."""
    in_slack = [m for m in world.slack.messages(team.channel) if m.bot_id and "auna" in m.plain]
    in_telegram = [m for m in team.helper.messages(team.group) if from_bot(m) and "auna" in m.plain]
    assert len(in_slack) == len(in_telegram) == 1
    return in_slack[0].plain, in_telegram[0].plain


@pytest.mark.parametrize(
    ("modes", "platform", "language"),
    [
        (SOCKET_AND_POLLING, "slack", "de"),
        (SOCKET_AND_POLLING, "telegram", "en"),
        (HTTP_AND_WEBHOOK, "telegram", "de"),
    ],
    indirect=["modes"],
)
async def test_what_is_not_known_goes_to_the_team_and_comes_back_once(
    world: World, platform: str, language: str
) -> None:
    team = await world.team()
    founder = person_on(world, platform, language)
    await asked_the_team(world, founder, language)
    await team.manager.hears("auna", team.channel)
    await team.helper.hears("auna", team.group)

    # Taken in Telegram: both cards say so, and whoever presses late in Slack hears who was faster.
    await team.helper.press(said("de", "Take"))
    await founder.hears("Tara")
    await world.settled()
    in_slack, in_telegram = cards(world, team)
    assert "Tara" in in_slack
    assert "Tara" in in_telegram
    assert f"[{said('de', 'Take')}]" not in in_slack + in_telegram

    # Answered by the form's question in the direct chat.
    await team.helper.press(said("de", "Answer"))
    await team.helper.hears(said("en", "Your answer"))
    await team.helper.say("Ja, im Keller <b>& warm</b>.")
    await founder.hears("Ja, im Keller <b>& warm</b>.")
    await world.settled()
    assert sum("im Keller" in text for text in heard(founder)) == 1
    in_slack, in_telegram = cards(world, team)
    for card in (in_slack, in_telegram):
        assert "im Keller" in card
        assert card.replace("[…]", "").count("[") == 1  # nothing is left to press
        assert f"[{said('de', 'Done')}]" in card  # but that it is done


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_taken_in_slack_it_is_answered_in_a_modal_and_late_presses_are_told(world: World) -> None:
    team = await world.team()
    founder = person_on(world, "telegram", "en")
    await asked_the_team(world, founder, "en")
    card = await team.manager.hears("auna", team.channel)
    await team.helper.hears("auna", team.group)
    await (await team.manager.press(said("de", "Answer"), card)).acked()
    late, late_in_telegram = await asyncio.gather(
        team.lead.press(said("de", "Take"), card), team.helper.press(said("de", "Take"))
    )
    await late.acked()
    await late_in_telegram.answered()
    winner = team.manager
    await team.lead.hears(winner.name, team.channel)
    assert winner.name in late_in_telegram.toast + late_in_telegram.alert
    assert team.lead.modal is None
    await winner.sees_modal()
    winner.fill({"answer": "Yes, in the basement."})
    await (await winner.submit()).acked()
    await founder.hears("Yes, in the basement.")
    await world.settled()
    assert winner.modal is None
    assert sum("basement" in text for text in heard(founder)) == 1


async def test_only_managers_may_take(world: World) -> None:
    team = await world.team()
    founder = person_on(world, "telegram", "en")
    await asked_the_team(world, founder, "en")
    curious = world.slack.add_user("Curious", locale="en-US")
    await curious.add_to_channel(team.channel)
    card = await curious.hears("auna", team.channel)
    await (await curious.press(said("de", "Take"), card)).acked()
    await curious.hears(said("en", "Only community managers may do that."), team.channel)
    stranger = world.telegram.add_user("Stranger", language="en")
    await stranger.join(team.group)
    press = await stranger.press(said("de", "Take"))
    await press.answered()
    assert press.toast + press.alert == said("en", "Only community managers may do that.")
    await world.settled()
    assert world.rows("SELECT state FROM questions WHERE text LIKE '%sauna%'") == [("open",)]
    assert curious.modal is None


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_manager_who_lost_the_role_meanwhile_can_not_answer(world: World) -> None:
    team = await world.team()
    founder = person_on(world, "telegram", "en")
    await asked_the_team(world, founder, "en")
    card = await team.manager.hears("auna", team.channel)
    await (await team.manager.press(said("de", "Answer"), card)).acked()
    await team.manager.sees_modal()
    await team.lead.say("entziehe manager @Mark")
    await team.manager.hears(in_german_or_english(WORDS["manager"].farewell))
    team.manager.fill({"answer": "Nothing to be read by anybody."})
    await (await team.manager.submit()).acked()
    await team.manager.hears(said("en", "Only community managers may do that."))
    await world.settled()
    assert not any("Nothing to be read" in text for text in heard(founder))
    assert world.rows("SELECT state FROM questions WHERE text LIKE '%sauna%'") == [("taken",)]


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_message_that_is_changed_or_deleted_is_not_answered_again(world: World) -> None:
    fatma, gerd = person_on(world, "slack", "de"), person_on(world, "telegram", "de")
    asked = await fatma.say(GERMAN)
    written = await gerd.say(GERMAN)
    for person in (fatma, gerd):
        await person.hears(answer_of("desk-price", "de"))
    await fatma.edit(asked.message, ENGLISH)  # type: ignore[arg-type,union-attr]
    await gerd.edit(written, ENGLISH)  # type: ignore[arg-type]
    await fatma.delete(asked.message)  # type: ignore[arg-type,union-attr]
    await gerd.delete(written)  # type: ignore[arg-type]
    await world.slack.deliveries.settled()
    await world.settled()
    assert len(heard(fatma)) == len(heard(gerd)) == 1
