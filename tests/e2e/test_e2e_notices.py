"""A notice goes to every chat once, from either side; it is corrected, stopped and resumed, also after a kill."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import NamedTuple

import pytest
from e2e_world import Modes, Team, World, eventually, from_bot, said

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.sandbox.faults import Fault
from bot.sandbox.slack import Channel, SlackPerson
from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.telegram import Chat
from handlers.notices import sending

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
POLLING = pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
WEBHOOK = pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)

TEXT = "Am Freitag bleibt der Hub zu. Mehr auf https://hub.example/zu"
ENGLISH = "The hub stays closed on Friday, and you all know why: *because* & <b>so</b>."
HOSTILE = "Am Freitag **bleibt** der Hub _zu_: https://hub.example/zu <!channel> & <b>mehr</b> {name}"
NEW = "Am Samstag bleibt der Hub zu."
WITHDRAWN = said("de", "_This notice was withdrawn._")


class Audience(NamedTuple):
    """The team, three channels and a few groups where notices appear."""

    team: Team
    channels: list[Channel]
    groups: list[Chat]


async def audience(world: World, groups: int = 5) -> Audience:
    team = await world.team()
    channels = [world.slack.add_channel(f"news-{number}", team.lead) for number in range(3)]
    for channel in channels:
        await team.lead.mention("hier termine", channel)
        await team.lead.hears(from_bot, channel)
    made = [await team.helper.create_group(f"Group {number}") for number in range(groups)]
    for group in made:
        await team.helper.add_bot(group)
        await team.helper.say(f"/here@{world.telegram.bot_username} events", group)
        await team.helper.hears(from_bot, group)
    await world.settled()
    return Audience(team, channels, made)


def in_groups(reached: Audience, text: str) -> list[int]:
    """How often a text stands in each Telegram group."""
    helper = reached.team.helper
    return [sum(text in m.plain for m in helper.messages(group) if from_bot(m)) for group in reached.groups]


def in_channels(world: World, reached: Audience, text: str) -> list[int]:
    """How often a text stands in each Slack channel."""
    return [
        sum(text in m.plain for m in world.slack.messages(channel) if m.bot_id) for channel in reached.channels
    ]


def everywhere(world: World, reached: Audience, text: str) -> list[int]:
    return in_channels(world, reached, text) + in_groups(reached, text)


def held_up(world: World, group: Chat, *, seconds: int = 2) -> None:
    """The next message to this group is put off."""
    world.telegram.faults.add(Fault("sendMessage", kind="429", retry_after=seconds, chat=group.id))


async def write(person: SlackPerson, text: str, where: Channel | None = None) -> SlackMessage:
    """Somebody writes a notice in Slack; returns its card."""
    await (await person.command("/kumpel", f"notice {text}", where)).acked()
    return await person.hears(text, where)


def offers(card: SlackMessage, label: str) -> bool:
    """Has a card a button of this label?"""
    return f"[{label}]" in card.plain


async def submit(person: SlackPerson, text: str) -> None:
    """Somebody fills in the form in front of them."""
    await person.sees_modal()
    person.fill({"text": text})
    await (await person.submit()).acked()


@pytest.fixture(autouse=True)
def fresh_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card is looked after every second, not every twenty."""
    monkeypatch.setattr(sending, "FIRST_LOOK", timedelta(seconds=1))
    monkeypatch.setattr(sending, "NEXT_LOOK", timedelta(seconds=1))


async def test_a_manager_in_slack_reaches_every_channel_and_group_once(world: World) -> None:
    reached = await audience(world)
    manager = reached.team.manager
    await (await manager.command("/kumpel", "notice")).acked()
    await manager.sees_modal()
    manager.fill({"text": HOSTILE})
    await (await manager.submit()).acked()
    card = await manager.hears("Reaches 3 Slack channels and 5 Telegram groups.")
    assert HOSTILE in card.plain
    assert everywhere(world, reached, "Freitag") == [0] * 8
    await (await manager.press("Send it", card)).acked()
    await eventually(lambda: everywhere(world, reached, HOSTILE) == [1] * 8, 10.0)
    await eventually(lambda: "Stands in 8 chats." in card.plain, 10.0)
    await world.settled()
    signed = said("de", "_From the team of the {hub}_", hub="ruhr:HUB")
    assert everywhere(world, reached, signed) == [1] * 8
    assert everywhere(world, reached, manager.name) == [0] * 8
    await eventually(lambda: world.rows("SELECT count(*) FROM timers WHERE kind = 'notices.progress'") == [(0,)])


@WEBHOOK
async def test_a_manager_in_telegram_is_asked_and_reaches_everybody_too(world: World) -> None:
    reached = await audience(world)
    helper = reached.team.helper
    await helper.say("/notice")
    await helper.hears(said("en", "What shall everybody know?"))
    await world.restart()
    await helper.say(ENGLISH)
    await helper.hears(said("en", "Who shall read it?"))
    await helper.press("✓ All chats for events (8)")
    preview = await helper.hears("Reaches 3 Slack channels and 5 Telegram groups.")
    press = await helper.press("Send it", preview)
    await press.answered()
    assert press.toast == "It goes to 8 chats."
    await eventually(lambda: everywhere(world, reached, ENGLISH) == [1] * 8, 10.0)
    await eventually(lambda: "Stands in 8 chats." in preview.plain, 10.0)
    await world.settled()
    assert everywhere(world, reached, ENGLISH) == [1] * 8


@POLLING
async def test_two_who_press_send_at_once_send_it_once(world: World) -> None:
    reached = await audience(world)
    lead, manager, channel = reached.team.lead, reached.team.manager, reached.team.channel
    card = await write(manager, TEXT, channel)
    presses = await asyncio.gather(*(who.press("Senden", card) for who in (lead, manager, lead, manager)))
    for press in presses:
        await press.acked()
    await eventually(lambda: everywhere(world, reached, TEXT) == [1] * 8, 10.0)
    await world.settled()
    assert everywhere(world, reached, TEXT) == [1] * 8
    edited = {call.params.get("channel") for call in world.slack.calls_of("chat.update")}
    assert not edited & {channel.id for channel in reached.channels}


@POLLING
async def test_a_correction_reaches_every_post_and_one_that_waits_is_sent_with_it(world: World) -> None:
    reached = await audience(world)
    manager = reached.team.manager
    late = reached.groups[2]
    held_up(world, late, seconds=3)
    before = len(world.telegram.calls)
    card = await write(manager, TEXT)
    await (await manager.press("Send it", card)).acked()
    await eventually(lambda: sum(everywhere(world, reached, TEXT)) == 7, 10.0)
    await eventually(lambda: offers(card, "Correct"), 5.0)
    await (await manager.press("Correct", card)).acked()
    await submit(manager, NEW)
    await eventually(lambda: everywhere(world, reached, NEW) == [1] * 8, 20.0)
    await world.settled(20.0)
    assert everywhere(world, reached, "Freitag") == [0] * 8
    assert everywhere(world, reached, "Korrigiert um") == [1] * 8
    # What was put off was sent with the new text at once, the others were edited.
    to_late = [call for call in world.telegram.calls[before:] if str(call.params.get("chat_id")) == str(late.id)]
    assert [(call.method, call.status) for call in to_late] == [("sendMessage", 429), ("sendMessage", 200)]
    await eventually(lambda: "Stands in 8 chats." in card.plain, 10.0)


@WEBHOOK
async def test_stopped_midway_it_goes_nowhere_else_and_on_request_to_the_rest_alone(world: World) -> None:
    reached = await audience(world)
    manager, helper = reached.team.manager, reached.team.helper
    for group in reached.groups[2:]:
        held_up(world, group, seconds=3)
    card = await write(manager, TEXT)
    await (await manager.press("Send it", card)).acked()
    await eventually(lambda: everywhere(world, reached, TEXT) == [1, 1, 1, 1, 1, 0, 0, 0], 10.0)
    await eventually(lambda: "Going out: 5 of 8." in card.plain, 10.0)
    # Somebody else stops it, in the other chat, while a lead has paused everything.
    await helper.say("/pause")
    await helper.hears(
        said(
            "en",
            "**Paused.** Notices and announcements wait; who asks me still gets an answer. **resume** goes on.",
        )
    )
    await helper.say("/notices")
    await helper.hears(said("en", "**The last notices**"))
    await (await helper.press("Stop")).answered()
    await eventually(lambda: "Stopped: stands in 5 of 8 chats." in card.plain, 10.0)
    assert "Stopped by Tara" in card.plain
    await helper.say("/resume")
    await asyncio.sleep(3.5)  # by now the platform would take them
    await world.settled()
    assert everywhere(world, reached, TEXT) == [1, 1, 1, 1, 1, 0, 0, 0]
    edits = len(world.slack.calls_of("chat.update"))
    await (await manager.press("Send the rest", card)).acked()
    await eventually(lambda: everywhere(world, reached, TEXT) == [1] * 8, 15.0)
    await eventually(lambda: "Stands in 8 chats." in card.plain, 10.0)
    await world.settled()
    edited = {call.params.get("channel") for call in world.slack.calls_of("chat.update")[edits:]}
    assert not edited & {channel.id for channel in reached.channels}


@POLLING
async def test_a_chat_that_takes_nothing_is_named_and_the_others_can_be_told_that_it_is_withdrawn(
    world: World,
) -> None:
    reached = await audience(world)
    manager, helper = reached.team.manager, reached.team.helper
    await helper.mute_bot(reached.groups[1])
    card = await write(manager, TEXT)
    await (await manager.press("Send it", card)).acked()
    await eventually(lambda: "Stands in 7 chats." in card.plain, 10.0)
    assert "I was not allowed to write in one chat: Group 1" in card.plain
    await (await manager.press("Withdraw", card)).acked()
    await eventually(lambda: sum(everywhere(world, reached, WITHDRAWN)) == 7, 15.0)
    assert everywhere(world, reached, "Freitag") == [0] * 8
    await eventually(lambda: "Withdrawn by" in card.plain, 5.0)
    await world.settled()


def slowly(stage: World, seconds: float = 0.4) -> None:
    """Every message of the platforms takes a while, so that some are always on their way."""
    for faults, method in ((stage.slack.faults, "chat.postMessage"), (stage.telegram.faults, "sendMessage")):
        faults.add(Fault(method, kind="stall", moment="after", seconds=seconds, times=None))


@POLLING
@pytest.mark.timeout(150)
async def test_killed_midway_none_is_lost_and_none_is_doubled_beyond_what_was_on_its_way(stage: World) -> None:
    stage.impatient = True
    await stage.start_process()
    reached = await audience(stage, groups=12)
    manager = reached.team.manager
    card = await write(manager, TEXT)
    slowly(stage)
    await (await manager.press("Send it", card)).acked()
    await eventually(lambda: sum(everywhere(stage, reached, TEXT)) >= 4, 10.0)
    await stage.kill()
    assert sum(everywhere(stage, reached, TEXT)) < 15, "it was done before it was killed"
    await stage.start_process()
    await eventually(lambda: min(everywhere(stage, reached, TEXT)) >= 1, 30.0)
    await eventually(lambda: "Stands in 15 chats." in card.plain, 40.0)
    await stage.settled(30.0)
    assert in_channels(stage, reached, TEXT) == [1] * 3
    counted = in_groups(reached, TEXT)
    assert set(counted) <= {1, 2}
    assert counted.count(2) <= TelegramAdapter.in_flight


@POLLING
@pytest.mark.timeout(150)
async def test_killed_right_after_the_stop_the_card_says_where_it_really_stands(stage: World) -> None:
    stage.impatient = True
    await stage.start_process()
    reached = await audience(stage, groups=14)
    manager = reached.team.manager
    card = await write(manager, TEXT)
    for group in reached.groups[4:]:
        held_up(stage, group, seconds=5)
    slowly(stage, 0.8)
    await (await manager.press("Send it", card)).acked()
    # Stopped when the first of those put off has arrived, its answer and seven others being on their way.
    await eventually(lambda: sum(everywhere(stage, reached, TEXT)) >= 8, 15.0)
    await (await manager.press("Stop", card)).acked()
    await stage.kill()
    before = sum(map(bool, everywhere(stage, reached, TEXT)))
    await stage.start_process()
    await stage.settled(40.0)
    stands = [bool(times) for times in everywhere(stage, reached, TEXT)]
    assert 8 <= before <= sum(stands) <= 7 + TelegramAdapter.in_flight
    await eventually(lambda: f"Stopped: stands in {sum(stands)} of 17 chats." in card.plain, 30.0)
    assert stage.rows("SELECT count(*) FROM posts WHERE subject = 'notice:1' AND ref <> ''") == [(sum(stands),)]
    # A correction reaches each of them, and going on the rest.
    stage.telegram.faults.clear()
    await (await manager.press("Correct", card)).acked()
    await submit(manager, NEW)
    await eventually(lambda: [bool(times) for times in everywhere(stage, reached, NEW)] == stands, 30.0)
    await (await manager.press("Send the rest", card)).acked()
    await eventually(lambda: min(everywhere(stage, reached, NEW)) == 1, 30.0)
    await stage.settled(30.0)
