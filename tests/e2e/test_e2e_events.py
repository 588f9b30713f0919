"""Events over the real wire: planned in either chat, answered in both, true whatever happens meanwhile."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from e2e_world import Modes, World, eventually, from_bot, heard, said

import bot.delivery.settle
from bot.sandbox.faults import Fault
from bot.sandbox.slack import Channel, SlackPerson
from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.telegram import Chat, TelegramPerson
from bot.sandbox.telegram import Message as TelegramMessage
from handlers.dates.saying import spoken_day

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
TITLE = "Startup-Night"
SUBSCRIBE, UNSUBSCRIBE = said("de", "Subscribe to events"), said("de", "Unsubscribe")
IN, OUT = said("de", "I'm in"), said("de", "I can't")


@pytest.fixture(autouse=True)
def short_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts are edited again after a third of a second, so that nobody waits; the limits hold as they are."""
    monkeypatch.setattr(bot.delivery.settle, "EDIT_GAP", timedelta(seconds=0.3))


def today() -> date:
    return datetime.now(UTC).astimezone(ZoneInfo("Europe/Berlin")).date()


def on(days: int, language: str = "de") -> str:
    """How the day in so many days is said."""
    return spoken_day(today() + timedelta(days), today(), language)


async def manager_in_slack(world: World) -> SlackPerson:
    manager = world.slack.add_user("Mona", locale="de-DE")
    await world.make(manager, "manager")
    await manager.say("Deutsch bitte")  # a one-time code may look like a word of any language
    await manager.hears("Deutsch")
    return manager


async def plan(manager: SlackPerson, days: int = 10, **values: str) -> SlackMessage:
    """Fill in the form; returns the preview."""
    await (await manager.command("/kumpel", "event")).acked()
    await manager.sees_modal()
    day = (today() + timedelta(days)).isoformat()
    manager.fill({"title": TITLE, "day": day, "time": "18:30", "place": "Dortmund", **values})
    await (await manager.submit()).acked()
    return await manager.hears(lambda message: "Dortmund" in message.plain)


async def publish(manager: SlackPerson, days: int = 10, **values: str) -> None:
    shown = await plan(manager, days, **values)
    await (await manager.press(said("de", "Publish"), shown)).acked()
    await manager.hears(lambda message: "**" not in message.plain and said("de", "Call off") in message.plain)


async def group_with_events(
    world: World, title: str = "Gründer Essen", *, supergroup: bool = True
) -> tuple[TelegramPerson, Chat]:
    """A group that has subscribed, and its admin."""
    admin = world.telegram.add_user(f"Anna {title}", language="de")
    group = await admin.create_group(title, supergroup=supergroup)
    await admin.add_bot(group)
    await admin.hears(SUBSCRIBE, group)
    await (await admin.press(SUBSCRIBE)).answered()
    await admin.hears(UNSUBSCRIBE, group)
    return admin, group


async def channel_with_events(world: World, name: str = "founders") -> tuple[SlackPerson, Channel]:
    """A channel that has subscribed, and who made it."""
    owner = world.slack.add_user(f"Owner-{name}", locale="de-DE")
    channel = world.slack.add_channel(name, owner, with_bot=False)
    await world.slack.invite_bot(channel, owner)
    card = await owner.hears(SUBSCRIBE, channel)
    await (await owner.press(SUBSCRIBE, card)).acked()
    await owner.hears(UNSUBSCRIBE, channel)
    return owner, channel


def post_in(world: World, where: Channel | Chat) -> str:
    """The event's post as it stands in a chat."""
    messages: list[SlackMessage | TelegramMessage]
    if isinstance(where, Channel):
        messages = [m for m in world.slack.messages(where) if m.bot_id]
    else:
        messages = [m for m in where.messages.values() if from_bot(m)]
    posts = [message.plain for message in messages if TITLE in message.plain]
    assert len(posts) <= 1, posts
    return posts[0] if posts else ""


def count_in(world: World, where: Channel | Chat) -> int:
    """The number of people who come, as the post says."""
    found = re.search(r"(\d+) dabei", post_in(world, where))
    return int(found[1]) if found else 0


def files(world: World, person: TelegramPerson) -> int:
    calls = world.telegram.calls
    return sum(
        call.method == "sendDocument" and str(call.params.get("chat_id")) == str(person.id) for call in calls
    )


def going(world: World) -> int:
    return int(world.rows("SELECT count(*) FROM event_answers WHERE going = 1")[0][0])


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_planned_in_slack_it_is_answered_in_both_chats_and_counted_on_every_post(world: World) -> None:
    manager = await manager_in_slack(world)
    owner, channel = await channel_with_events(world)
    _, group = await group_with_events(world)
    shown = await plan(manager, text="Fünf Pitches.", seats="50")
    assert "#founders, Gründer Essen" in shown.plain
    assert post_in(world, channel) == post_in(world, group) == ""
    # Pressed twice, it is published once.
    for delivery in await asyncio.gather(*(manager.press(said("de", "Publish"), shown) for _ in range(2))):
        await delivery.acked()
    await world.settled()
    for where in (channel, group):
        assert f"{TITLE}\n{on(10)}, 18:30 · Dortmund · noch niemand dabei, 50 Plätze frei" in post_in(world, where)

    # In Telegram, who never wrote directly is led there, and gets the calendar entry.
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.join(group)
    press = await (await gerd.press(IN)).answered()
    assert "start=event_1" in press.url
    await gerd.open_link(press.url)
    await gerd.hears(said("de", "**You are in.**"))
    # In Slack, the answer is told to that person alone.
    post = await owner.hears(IN, channel)
    await (await owner.press(IN, post)).acked()
    told = await owner.hears(
        said("de", "See you on {day} – the calendar entry comes to you directly.", day=on(10)), channel
    )
    assert told.ephemeral_for == owner.id
    await world.settled()
    assert "2 dabei, 48 Plätze frei" in post_in(world, channel)
    assert "2 dabei, 48 Plätze frei" in post_in(world, group)
    assert files(world, gerd) == 1
    assert any("Owner" not in text and TITLE in text for text in heard(owner))
    # Groups see numbers only.
    assert "Gerd" not in "".join(heard(gerd, group))

    await gerd.press(OUT)
    await eventually(lambda: count_in(world, channel) == count_in(world, group) == 1)


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_planned_in_telegram_question_by_question_over_a_restart(world: World) -> None:
    manager = world.telegram.add_user("Max", language="en")
    await world.make(manager, "manager")
    _, channel = await channel_with_events(world)
    await manager.say("/event")
    await manager.hears(said("en", "Title"))
    await manager.say(TITLE)
    await manager.hears(said("en", "Day"))
    await world.restart()
    await manager.say(f"{today() + timedelta(10):%d.%m.%Y}")
    await manager.hears(said("en", "The time, like 18:30."))
    await manager.say("half past six in the evening")
    await manager.hears(said("en", "Until"))
    await manager.press(said("en", "Skip"))
    await manager.hears(said("en", "Where?"))
    await manager.say("Dortmund")
    await manager.hears(said("en", "What is it about?"))
    await manager.press(said("en", "Skip"))
    await manager.hears(said("en", "How many can come?"))
    await manager.say("50")
    shown = await manager.hears(said("en", "Publish"))
    assert f"{on(10)}, 18:30 · Dortmund" in shown.plain  # as all will see it: in the hub's language
    await world.restart()
    await asyncio.gather(*(manager.press(said("en", "Publish"), shown) for _ in range(2)))
    await manager.hears(said("en", "Call off"))
    await world.settled()
    assert count_in(world, channel) == 0
    assert TITLE in post_in(world, channel)


async def test_only_admins_subscribe_a_group_and_an_anonymous_admin_does_so_as_themselves(world: World) -> None:
    owner = world.telegram.add_user("Olga", language="de")
    group = await owner.create_group("Gründer Essen", supergroup=True)
    await owner.add_bot(group)
    await owner.hears(SUBSCRIBE, group)
    gerd, anonymous = (
        world.telegram.add_user("Gerd", language="de"),
        world.telegram.add_user("Anna", language="en"),
    )
    for person in (gerd, anonymous):
        await person.join(group)
    await owner.promote(anonymous, group, is_anonymous=True)
    press = await (await gerd.press(SUBSCRIBE)).answered()
    assert press.alert == said("de", "Only admins of this group may do that.")
    assert world.rows("SELECT * FROM places") == []
    press = await (await anonymous.press(SUBSCRIBE)).answered()
    assert press.toast == said("en", "Subscribed. Events and notices come here.")
    await owner.hears(UNSUBSCRIBE, group)
    press = await (await gerd.press(UNSUBSCRIBE)).answered()
    assert press.alert == said("de", "Only admins of this group may do that.")
    assert world.rows("SELECT purpose FROM places") == [("events",)]
    await (await anonymous.press(UNSUBSCRIBE)).answered()
    await owner.hears(SUBSCRIBE, group)
    assert world.rows("SELECT * FROM places") == []


async def test_in_slack_who_made_the_channel_subscribes_it_and_others_can_not(world: World) -> None:
    owner, channel = await channel_with_events(world)
    other = world.slack.add_user("Other", locale="en-US")
    await other.add_to_channel(channel)
    card = await other.hears(UNSUBSCRIBE, channel)
    await (await other.press(UNSUBSCRIBE, card)).acked()
    refused = await other.hears(said("en", "Only admins of this group may do that."), channel)
    assert refused.ephemeral_for == other.id
    assert world.rows("SELECT purpose FROM places") == [("events",)]
    await (await owner.press(UNSUBSCRIBE, card)).acked()
    await owner.hears(SUBSCRIBE, channel)
    assert world.rows("SELECT * FROM places") == []


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_subscribed_group_that_becomes_a_supergroup_keeps_its_card_its_posts_and_its_buttons(
    world: World,
) -> None:
    manager = await manager_in_slack(world)
    admin, group = await group_with_events(world, supergroup=False)
    await publish(manager)
    await admin.hears(TITLE, group)
    upgraded = await admin.upgrade(group)
    await admin.hears(UNSUBSCRIBE, upgraded)
    post = await admin.hears(TITLE, upgraded)
    await (await admin.press(IN, post)).answered()
    await eventually(lambda: count_in(world, upgraded) == 1)
    await (await admin.press(UNSUBSCRIBE)).answered()
    await admin.hears(SUBSCRIBE, upgraded)
    await world.settled()
    assert world.rows("SELECT count(*) FROM chats WHERE kind = 'group'") == [(1,)]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_chats_that_can_not_be_written_to_hold_up_no_other_and_the_manager_hears_which(world: World) -> None:
    manager = await manager_in_slack(world)
    _, channel = await channel_with_events(world)
    _, closed = await channel_with_events(world, "closed")
    _, left = await channel_with_events(world, "left")
    admin, group = await group_with_events(world)
    kicking, kicked = await group_with_events(world, "Rauswurf")
    muting, muted = await group_with_events(world, "Stumm")
    await world.settled()
    world.slack.archive(closed)
    world.slack.channel(left).members.remove(world.slack.bot_user_id)  # nobody told the bot
    world.telegram.world.queue.allowed = frozenset({"message", "callback_query"})  # nor here
    await kicking.kick_bot(kicked)
    await muting.mute_bot(muted)
    await publish(manager)
    await world.settled()
    for where in (channel, group):
        assert TITLE in post_in(world, where)
    for where in (closed, left, kicked, muted):
        assert post_in(world, where) == ""
    states = dict(world.rows("SELECT title, state FROM chats WHERE kind = 'group'"))
    assert states == {
        "#founders": "open",
        "#closed": "gone",
        "#left": "gone",
        "Gründer Essen": "open",
        "Rauswurf": "gone",
        "Stumm": "open",  # the right may be given back
    }
    world.clock.shift = timedelta(minutes=3)
    told = await manager.hears("2 von 6 Chats")
    assert all(name in told.plain for name in ("#closed", "#left", "Rauswurf", "Stumm"))
    # The others go on being true; who gives the right back has the post with the next change.
    await muting.mute_bot(muted, muted=False)
    await (await admin.press(IN)).answered()
    await eventually(lambda: count_in(world, channel) == count_in(world, group) == count_in(world, muted) == 1)


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_move_and_a_cancellation_reach_every_post_and_everybody_who_comes(world: World) -> None:
    manager = await manager_in_slack(world)
    owner, channel = await channel_with_events(world)
    admin, group = await group_with_events(world)
    await admin.say("hallo")
    await admin.hears(from_bot)
    await publish(manager)
    post = await owner.hears(IN, channel)
    await (await owner.press(IN, post)).acked()
    await admin.hears(TITLE, group)
    press = await (await admin.press(IN)).answered()
    assert press.toast == said("de", "See you on {day} – the calendar entry comes to you directly.", day=on(10))
    await eventually(lambda: count_in(world, channel) == count_in(world, group) == 2)

    await (await manager.press(said("de", "Change"))).acked()
    await manager.sees_modal()
    manager.fill({"day": (today() + timedelta(11)).isoformat()})
    await world.restart()
    await (await manager.submit()).acked()
    for person in (owner, admin):
        await person.hears(said("de", "Are you still in?"))
    await eventually(
        lambda: all(f"{on(10)} {on(11)}, 18:30" in post_in(world, where) for where in (channel, group))
    )
    struck = next(call for call in reversed(world.telegram.calls) if call.method == "editMessageText")
    assert f"<s>{on(10)}</s> <b>{on(11)}</b>" in struck.params["text"]
    await (await owner.press(said("de", "No"))).acked()
    await (await admin.press(said("de", "Yes"))).answered()
    await eventually(lambda: count_in(world, channel) == count_in(world, group) == 1)
    await world.settled()
    for person in (owner, admin):
        assert sum(said("de", "Are you still in?") in text for text in heard(person)) == 0  # answered in its place

    await (await manager.press(said("de", "Call off"))).acked()
    asked = await manager.hears(said("de", "Really call off"))
    for delivery in await asyncio.gather(*(manager.press(said("de", "Really call off"), asked) for _ in range(2))):
        await delivery.acked()
    off = said("de", "**{title}** on {day} is called off, sorry.", title=TITLE, day=on(11))
    await admin.hears(off)
    await world.settled()
    for where in (channel, group):
        assert f"{TITLE} – {said('de', '**cancelled**')}" in post_in(world, where)
        assert IN not in post_in(world, where)
    assert heard(admin).count(off) == 1
    assert off not in heard(owner)


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_many_press_at_once_and_no_more_come_than_there_are_seats_though_edits_fail(world: World) -> None:
    manager = await manager_in_slack(world)
    _, channel = await channel_with_events(world)
    _, group = await group_with_events(world)
    await publish(manager, seats="5")
    await world.settled()
    slack = [world.slack.add_user(f"Fatma{n}", locale="de-DE") for n in range(6)]
    telegram = [world.telegram.add_user(f"Gerd{n}", language="de") for n in range(6)]
    for person in slack:
        await person.add_to_channel(channel)
    for gerd in telegram:
        await gerd.join(group)
    world.telegram.faults.add(Fault("editMessageText", kind="429", retry_after=1))
    world.telegram.faults.add(Fault("editMessageText", kind="drop", moment="after"))
    world.slack.faults.add(Fault("chat.update", kind="429", retry_after=1))
    world.slack.faults.add(Fault("chat.update", kind="5xx"))
    world.slack.sockets.drop()
    await world.slack.sockets.connected()
    post = next(message for message in world.slack.messages(channel) if TITLE in message.plain)
    pressing = asyncio.gather(*(person.press(IN, post) for person in slack))
    for press in await asyncio.gather(*(gerd.press(IN) for gerd in telegram)):
        await press.answered()
    await pressing
    await eventually(lambda: len(world.rows("SELECT 1 FROM deliveries WHERE key LIKE 'slack:trigger:%'")) >= 8)
    await world.settled(20.0)
    assert going(world) == 5
    for where in (channel, group):
        assert "5 dabei, kein Platz frei" in post_in(world, where)
    assert not world.telegram.faults.active or all(fault.times == 0 for fault in world.telegram.faults.active)


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_an_event_that_begins_while_the_bot_is_down_loses_its_buttons_at_the_next_start(
    world: World,
) -> None:
    manager = await manager_in_slack(world)
    _, channel = await channel_with_events(world)
    admin, group = await group_with_events(world)
    await publish(manager, days=1)
    await world.settled()
    await world.stop()
    world.clock.shift = timedelta(days=3)
    press = await admin.press(IN)
    await world.start()
    await press.answered()
    assert press.toast == said("de", "This event has begun already.")
    began = said("de", "was on {when}", when=f"{on(1)}, 18:30 · Dortmund")
    await eventually(lambda: began in post_in(world, channel) and began in post_in(world, group), 10.0)
    for where in (channel, group):
        assert IN not in post_in(world, where)
    assert going(world) == 0


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_chat_that_subscribes_later_gets_what_is_coming_up_and_anybody_can_ask(world: World) -> None:
    manager = await manager_in_slack(world)
    await (await manager.command("/kumpel", "termine")).acked()
    await manager.hears(said("de", "Nothing is planned right now. As soon as something is, you find it here."))
    await publish(manager)
    lead = world.telegram.add_user("Tara", language="en")
    await world.make(lead, "lead")
    forum = await lead.create_forum("Forum")
    await lead.add_bot(forum)
    topic = await lead.create_topic(forum, "Termine")
    await lead.say(f"/here@{world.telegram.bot_username} events", forum, topic=topic)
    await lead.hears(TITLE, forum, topic=topic)
    gerd = world.telegram.add_user("Gerd", language="en")
    await gerd.say("any events in the next weeks?")
    listed = await gerd.hears(TITLE)
    assert f"{TITLE} – {on(10, 'en')}, 18:30 · Dortmund" in listed.plain
    await gerd.press(said("en", "I'm in"))
    await gerd.hears(said("en", "**You are in.**"))
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.open_home()
    await fatma.sees_home(TITLE)
    await world.settled()
    assert going(world) == 1
