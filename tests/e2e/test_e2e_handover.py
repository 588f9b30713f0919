"""A question between asker and team over both platforms' wire: by card, thread and reply, to its end."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from e2e_world import Modes, Person, Team, World, eventually, from_bot, heard, said

from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import Message as TelegramMessage
from bot.sandbox.telegram import TelegramPerson

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")

UNKNOWN = {"de": "Habt ihr bei euch eine Sauna?", "en": "Do you have a sauna over there?"}
ANSWER = {"de": "Ja, im Keller <!channel> & warm.", "en": "Yes, down in the basement."}
FURTHER = {"de": "Und wer hat den Schlüssel?", "en": "And who has the key?"}
UNREACHED = "I can't reach {who} any more. Your answer stands on the card."
BOTH = pytest.mark.parametrize(
    ("modes", "platform", "language", "takes_on"),
    [
        (SOCKET_AND_POLLING, "slack", "de", "telegram"),
        (SOCKET_AND_POLLING, "telegram", "en", "slack"),
        (HTTP_AND_WEBHOOK, "telegram", "de", "telegram"),
        (HTTP_AND_WEBHOOK, "slack", "en", "slack"),
    ],
    indirect=["modes"],
)


def person_on(world: World, platform: str, language: str, name: str = "Fatma") -> Person:
    if platform == "slack":
        return world.slack.add_user(name, locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user(name, language=language)


async def asks_the_team(person: Person, language: str) -> None:
    await person.say(UNKNOWN[language])
    await person.hears(said(language, "Yes, ask"))
    await person.press(said(language, "Yes, ask"))


async def replies(person: Person, text: str, to: SlackMessage | TelegramMessage) -> None:
    """Answer a message directly: in its thread on Slack, as a reply on Telegram."""
    if isinstance(person, SlackPerson):
        assert isinstance(to, SlackMessage)
        await person.say(text, thread_ts=to)
    else:
        assert isinstance(to, TelegramMessage)
        await person.say(text, reply_to=to)


class Desk:
    """The managers' chat of one platform: the card in it, who takes, and who only talks."""

    def __init__(self, world: World, team: Team, platform: str) -> None:
        self.world = world
        self.where = team.channel if platform == "slack" else team.group
        self.taker: Person = team.manager if platform == "slack" else team.helper

    async def take(self) -> SlackMessage | TelegramMessage:
        """Take the question from the card, and return the card."""
        card = await self.taker.hears("auna", self.where)  # type: ignore[arg-type]
        await self.taker.press(said("de", "Take"), card)  # type: ignore[arg-type]
        await self.taker.hears(lambda m: self.taken_by in m.plain and "auna" in m.plain, self.where)  # type: ignore[arg-type]
        return card

    @property
    def taken_by(self) -> str:
        return "Mark" if isinstance(self.taker, SlackPerson) else "Tara"

    async def write_below(
        self, text: str, card: SlackMessage | TelegramMessage, who: Person | None = None
    ) -> None:
        who = who or self.taker
        if isinstance(who, SlackPerson):
            assert isinstance(card, SlackMessage)
            await (await who.say(text, self.where, thread_ts=card)).acked()  # type: ignore[arg-type]
        else:
            assert isinstance(card, TelegramMessage)
            await who.say(text, self.where, reply_to=card)  # type: ignore[arg-type]

    def standing(self) -> str:
        """The card as it reads now."""
        if isinstance(self.taker, SlackPerson):
            return next(m.plain for m in self.world.slack.messages(self.where) if m.bot_id and "auna" in m.plain)  # type: ignore[arg-type]
        return next(m.plain for m in self.taker.messages(self.where) if from_bot(m) and "auna" in m.plain)  # type: ignore[arg-type]


def is_confirmation(message: SlackMessage | TelegramMessage) -> bool:
    """Is the taker asked whether what they typed is for the asker?"""
    return (
        from_bot(message) and said("en", "**Send this to the asker?**\n{text}", text="").strip() in message.plain
    )


async def decides(person: Person, label: str, where: Any = None) -> SlackMessage | TelegramMessage:
    """Wait for that question, and press Send or No."""
    asked = await person.hears(is_confirmation, where)
    await person.press(said("en", label), asked)  # type: ignore[arg-type]
    return asked


def stored(world: World) -> str:
    """Everything the store holds of what people wrote."""
    tables = ("questions", "question_turns", "forms", "outbox", "deliveries")
    return str([world.rows(f"SELECT * FROM {table}") for table in tables])


@BOTH
async def test_typed_below_the_card_sent_on_confirmed_written_back_and_done(
    world: World, platform: str, language: str, takes_on: str
) -> None:
    team = await world.team()
    asker = person_on(world, platform, language)
    await asks_the_team(asker, language)
    desk = Desk(world, team, takes_on)
    card = await desk.take()
    await asker.hears(desk.taken_by)

    # What the others say below the card stays there, and leaves no trace.
    other = team.lead if takes_on == "slack" else await joined(world, team)
    await desk.write_below("Das ist doch Quittengelee.", card, other)
    await desk.write_below(ANSWER[language], card)
    await desk.taker.hears(is_confirmation, desk.where)  # type: ignore[arg-type]
    await world.settled()
    assert "Quittengelee" not in stored(world)
    assert not any("Keller" in text or "basement" in text for text in heard(asker))

    # It reaches the asker once confirmed; a restart in between changes nothing.
    await world.restart()
    await desk.taker.press(said("en", "Send"))  # in the taker's language, whatever they write to others
    answer = await asker.hears(ANSWER[language])
    await world.settled()
    assert sum(ANSWER[language] in text for text in heard(asker)) == 1
    assert ANSWER[language] in desk.standing()

    # The asker writes back by answering it, the taker answers where they read it, the asker says that it is done.
    await replies(asker, FURTHER[language], answer)
    told = await desk.taker.hears(FURTHER[language])
    await replies(desk.taker, "Tara has it.", told)
    await decides(desk.taker, "Send")
    await asker.hears("Tara has it.")
    await world.settled()
    await asker.press(said(language, "Thanks, done"))
    await world.settled()
    assert world.rows("SELECT state, ended_by FROM questions WHERE text LIKE '%auna%'") == [("done", "asker")]
    assert "[" not in desk.standing().replace("[…]", "")
    assert world.rows("SELECT kind FROM timers WHERE kind LIKE 'faq.%'") == []


async def joined(world: World, team: Team) -> TelegramPerson:
    """Somebody else in the managers' Telegram group."""
    other = world.telegram.add_user("Olaf", language="de")
    await other.join(team.group)
    return other


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_what_is_not_to_be_sent_stays_among_the_team(world: World) -> None:
    team = await world.team()
    asker = person_on(world, "slack", "de")
    await asks_the_team(asker, "de")
    desk = Desk(world, team, "slack")
    card = await desk.take()
    await desk.write_below("Keine Ahnung, Quittengelee?", card)
    confirm = await team.manager.hears(is_confirmation, team.channel)
    assert isinstance(card, SlackMessage)
    assert confirm.thread_ts == card.ts
    await world.settled()
    await decides(team.manager, "No", team.channel)
    await team.manager.hears(said("en", "_Not sent; it stays among you._"), team.channel)
    await world.settled()
    assert "Quittengelee" not in stored(world)
    assert not any("Quittengelee" in text for text in heard(asker))


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_asked_in_a_channel_it_is_answered_and_goes_on_in_its_thread(world: World) -> None:
    team = await world.team()
    asker, friend = person_on(world, "slack", "de"), person_on(world, "slack", "de", "Gül")
    channel = world.slack.add_channel("founders", asker, friend)  # type: ignore[arg-type]
    assert isinstance(asker, SlackPerson)
    assert isinstance(friend, SlackPerson)
    asked = await asker.mention(UNKNOWN["de"], channel)
    assert asked.message is not None
    offer = await asker.hears(said("de", "Yes, ask"), channel)
    await asker.press(said("de", "Yes, ask"), offer)
    desk = Desk(world, team, "telegram")
    card = await desk.take()
    await desk.write_below("Ja, im Keller.", card)
    await decides(team.helper, "Send", team.group)
    answer = await asker.hears("Ja, im Keller.", channel)
    assert answer.thread_ts == asked.message.ts

    await (await friend.say("Quittengelee wär mir lieber.", channel, thread_ts=asked.message)).acked()
    await (await asker.say("danke", channel, thread_ts=asked.message)).acked()
    await (await asker.say(FURTHER["de"], channel, thread_ts=asked.message)).acked()
    await team.helper.hears(FURTHER["de"])
    told = await asker.hears("Tara", channel, after=answer)
    assert told.thread_ts == asked.message.ts
    await world.settled()
    assert "Quittengelee" not in stored(world)
    assert world.rows("SELECT text FROM question_turns ORDER BY id") == [("Ja, im Keller.",), (FURTHER["de"],)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_asked_in_a_telegram_group_it_is_answered_there_and_written_back_by_reply(world: World) -> None:
    team = await world.team()
    asker = person_on(world, "telegram", "de")
    assert isinstance(asker, TelegramPerson)
    group = await asker.create_group("Gründer", supergroup=True)
    await asker.add_bot(group)
    await asker.say(f"/frage@{world.telegram.bot_username} das Team {UNKNOWN['de']}", group)
    await asker.hears("Community-Managern", group)
    desk = Desk(world, team, "slack")
    card = await desk.take()
    await desk.write_below("Ja, im Keller.", card)
    await decides(team.manager, "Send", team.channel)
    answer = await asker.hears("Ja, im Keller.", group)
    await asker.say(FURTHER["de"], group, reply_to=answer)
    await team.manager.hears(FURTHER["de"])
    await world.settled()
    assert world.rows("SELECT state FROM questions") == [("taken",)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_two_managers_at_once_from_both_chats_one_has_it(world: World) -> None:
    team = await world.team()
    for number in range(6):
        asker = person_on(world, ("slack", "telegram")[number % 2], "de", f"Fatma {number}")
        await asker.say(f"frage das Team: Habt ihr eine Sauna, die {number}.?")
        in_slack = await team.manager.hears(f"die {number}.?", team.channel)
        in_telegram = await team.helper.hears(f"die {number}.?", team.group)
        labels = ("Take", "Answer") if number % 3 else ("Answer", "Take")
        presses = [
            team.manager.press(said("de", labels[0]), in_slack),
            team.helper.press(said("de", labels[1]), in_telegram),
        ]
        await asyncio.gather(*(presses if number % 2 else reversed(presses)))
        await world.settled()
        [(state, by)] = world.rows(
            "SELECT q.state, p.name FROM questions q JOIN persons p ON p.id = q.decided_by WHERE q.text LIKE ?",
            f"%die {number}.?",
        )
        assert state == "taken"
        assert sum("kümmert sich" in text for text in heard(asker)) == 1
        cards = [
            next(m.plain for m in world.slack.messages(team.channel) if m.bot_id and f"die {number}.?" in m.plain),
            next(
                m.plain for m in team.helper.messages(team.group) if from_bot(m) and f"die {number}.?" in m.plain
            ),
        ]
        assert all("Übernommen von" in card and by in card for card in cards)
        assert not any(f"[{said('de', 'Take')}]" in card for card in cards)
        if team.manager.modal:
            await team.manager.close()


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_what_waits_too_long_is_brought_to_mind_once_also_after_a_downtime(world: World) -> None:
    team = await world.team()
    asker = person_on(world, "telegram", "en")
    await asks_the_team(asker, "en")
    await team.helper.hears("auna", team.group)
    await world.settled()
    await world.stop()
    world.clock.shift += timedelta(days=7)
    await world.start()
    reminder = said("de", "This question still waits for an answer:")
    await team.manager.hears(reminder, team.channel)
    await team.helper.hears(reminder, team.group)
    [(kind, due)] = world.rows("SELECT kind, due_at FROM timers WHERE kind LIKE 'faq.%'")
    assert kind == "faq.overdue"

    # Nobody does anything: the leads hear, once.
    await world.settled()
    world.clock.shift += datetime.fromisoformat(due) - world.clock.now() + timedelta(seconds=1)
    await team.lead.hears(said("de", "Nobody has taken this question for long:"), timeout=10)
    await team.helper.hears(said("en", "Nobody has taken this question for long:"))
    world.clock.shift += timedelta(days=30)
    await asyncio.sleep(1.2)  # the scheduler looks once a second
    await world.settled()
    reminded = [m for m in world.slack.messages(team.channel) if m.bot_id and reminder in m.plain]
    assert len(reminded) == 1
    assert sum("for long" in text for text in heard(team.helper)) == 1
    await team.helper.press(said("en", "Answer"))
    await team.helper.hears(said("en", "Your answer"))
    await team.helper.say("Yes, in the basement.")
    await asker.hears("Yes, in the basement.")


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_an_asker_who_blocked_the_bot_can_not_be_reached_and_the_taker_hears_so(world: World) -> None:
    team = await world.team()
    asker = person_on(world, "telegram", "de")
    assert isinstance(asker, TelegramPerson)
    await asks_the_team(asker, "de")
    desk = Desk(world, team, "slack")
    card = await desk.take()
    await world.settled()
    await asker.block()
    await desk.write_below("Ja, im Keller.", card)
    await decides(team.manager, "Send", team.channel)

    async def told() -> bool:
        texts = heard(team.manager) + heard(team.manager, team.channel)
        return any(said("en", UNREACHED, who="Fatma") in text for text in texts)

    await eventually(told)
    await world.settled()
    assert "Ja, im Keller." in desk.standing()


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_taker_who_deletes_their_data_leaves_the_question_to_all(world: World) -> None:
    team = await world.team()
    asker = person_on(world, "slack", "de")
    await asks_the_team(asker, "de")
    desk = Desk(world, team, "slack")
    card = await desk.take()
    await desk.write_below("Ja, im Keller.", card)
    await team.manager.hears(is_confirmation, team.channel)
    await team.manager.say("delete me")
    await team.manager.hears(said("en", "Delete everything"))
    await team.manager.press(said("en", "Delete everything"))
    await team.helper.hears(lambda m: "auna" in m.plain and said("de", "Take") in m.plain, team.group)
    await team.helper.press(said("de", "Answer"))
    await team.helper.hears(said("en", "Your answer"))
    await team.helper.say("No, sorry.")
    await asker.hears("No, sorry.")
    assert not any("Keller" in text for text in heard(asker))
