"""Desks over both platforms' wire: shown, taken, given back; never twice."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from e2e_world import Modes, Person, World, from_bot, heard, said

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.manifest import BOOK_DESK
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.sandbox.faults import Fault
from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson
from handlers.core.ui import plain
from handlers.dates.holidays import public_holidays
from handlers.dates.saying import spoken_day_near
from storage import desks, people

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")


def today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()


def open_day() -> date:
    """The next day, from tomorrow on, on which desks can be booked."""
    day = today() + timedelta(1)
    while day.weekday() > 4 or day in public_holidays("DE-NW", day.year, "de"):
        day += timedelta(1)
    return day


def asking(day: date, language: str) -> str:
    numbers = f"{day:%d.%m.%Y}"
    return f"ist am {numbers} ein platz frei?" if language == "de" else f"is a desk free on {numbers}?"


def card(day: date, free: int, language: str) -> str:
    """How a day's card begins."""
    heading = spoken_day_near(day, today(), language)
    heading = heading[:1].upper() + heading[1:]
    return said(language, "**{day}**: {free} of {all} desks are free.", day=heading, free=free, all=40)


def yours(desk: str, day: date, language: str) -> str:
    """How a booking is confirmed."""
    near = spoken_day_near(day, today(), language)
    on_day = near if "(" in near else said(language, "on {day}", day=near)
    name = said(language, "**Desk {desk}**", desk=desk)
    return said(language, "{desk} is yours {day}.", desk=name, day=on_day)


def person_on(world: World, platform: str, language: str, name: str = "Fatma") -> Person:
    if platform == "slack":
        return world.slack.add_user(name, locale="de-DE" if language == "de" else "en-US")
    return world.telegram.add_user(name, language=language)


async def press(person: Person, label: str, message: object = None) -> str:
    """Press, and wait until the platform had its answer; returns the toast, where there is one."""
    if isinstance(person, SlackPerson):
        await (await person.press(label, message)).acked()  # type: ignore[arg-type]
        return ""
    handle = await (await person.press(label, message)).answered()  # type: ignore[arg-type]
    return handle.toast or handle.alert


def files(person: Person) -> list[bytes]:
    """The files that the bot sent somebody directly."""
    if isinstance(person, SlackPerson):
        return [file.content for message in person.messages() for file in message.files]
    return [m.file.data for m in person.messages() if from_bot(m) and m.file is not None]


def held(world: World) -> list[tuple[str, str]]:
    """Who holds which desk, in the order of booking."""
    return world.rows(
        "SELECT p.name, b.desk FROM desk_bookings b JOIN persons p ON p.id = b.person_id WHERE b.state = 'held'"
        " ORDER BY b.id"
    )


async def fill(world: World, day: date, wanted: range) -> None:
    """Let strangers hold desks on a day."""
    now = world.clock.now()
    for number in wanted:
        account = await world.running.database.write(
            lambda tx, number=number: people.add_account(tx, "slack", f"T0:U{number}", now, name="Someone")
        )
        assert await world.running.database.write(
            lambda tx, number=number, who=account.person_id: desks.add_booking(tx, who, str(number), day, now)
        )


@pytest.mark.parametrize(("platform", "language"), [("slack", "de"), ("telegram", "en")])
async def test_a_desk_is_booked_with_one_press_and_given_back(world: World, platform: str, language: str) -> None:
    day = open_day()
    person = person_on(world, platform, language)
    await person.say(asking(day, language))
    await person.hears(card(day, 40, language))
    await press(person, said(language, "Take a desk"))
    await person.hears(yours("1", day, language))
    await world.settled()
    assert held(world) == [("Fatma", "1")]
    [file] = files(person)
    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert event.decoded("DTSTART") == day
    assert event["LOCATION"] == "Deutschlandhaus, Lindenallee 10, Essen"
    assert not any(
        said(language, "Take a desk") in text for text in heard(person)
    )  # it stands in the card's place

    await world.restart()
    await press(person, said(language, "Cancel booking"))
    await person.hears(said(language, "Take it again"))
    await world.settled()
    assert held(world) == []
    assert len(heard(person)) == 3  # the card as it is now, the file, and which company they are here for


async def test_the_last_desk_goes_to_one_of_two_who_press_at_once(world: World) -> None:
    day = open_day()
    await fill(world, day, range(1, 40))
    fatma, gerd = person_on(world, "slack", "de"), person_on(world, "telegram", "de", "Gerd")
    for person in (fatma, gerd):
        await person.say(asking(day, "de"))
        await person.hears(card(day, 1, "de"))
    await asyncio.gather(*(press(person, said("de", "Take a desk")) for person in (fatma, gerd)))
    await world.settled()
    [(winner, desk)] = [(name, desk) for name, desk in held(world) if name != "Someone"]
    assert desk == "40"
    other = gerd if winner == "Fatma" else fatma
    assert "ist alles belegt." in heard(other)[0]
    assert files(other) == []


async def test_pressing_again_and_again_books_once(world: World) -> None:
    day = open_day()
    fatma, gerd = person_on(world, "slack", "de"), person_on(world, "telegram", "de", "Gerd")
    cards = []
    for person in (fatma, gerd):
        await person.say(asking(day, "de"))
        cards.append(await person.hears(card(day, 40, "de")))
    await world.restart()  # the buttons outlive it
    pressers = list(zip((fatma, gerd), cards, strict=True)) * 3
    await asyncio.gather(*(press(person, said("de", "Take a desk"), on) for person, on in pressers))
    await world.settled()
    assert sorted(name for name, _ in held(world)) == ["Fatma", "Gerd"]
    assert len(files(fatma)) == len(files(gerd)) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], indirect=True)
async def test_in_a_slack_channel_only_the_presser_hears_of_the_booking(world: World) -> None:
    day = open_day()
    fatma, other = person_on(world, "slack", "de"), person_on(world, "slack", "de", "Otto")
    assert isinstance(fatma, SlackPerson)
    channel = world.slack.add_channel("general", fatma, other)
    await fatma.mention(asking(day, "de"), channel)
    shown = await other.hears(card(day, 40, "de"), channel)  # type: ignore[arg-type]
    await press(other, said("de", "Take a desk"), shown)
    confirmed = await other.hears(yours("1", day, "de"), channel)  # type: ignore[arg-type]
    assert isinstance(confirmed, SlackMessage)
    assert confirmed.ephemeral_for == other.id
    await world.settled()
    assert not any("deiner" in text for text in heard(fatma, channel))
    assert len(files(other)) == 1  # in the direct messages
    await press(other, said("de", "Cancel booking"), confirmed)
    await other.hears("wieder frei", channel)  # type: ignore[arg-type]
    assert held(world) == []
    assert card(day, 40, "de") in heard(fatma, channel)[0]


async def test_in_a_telegram_group_a_toast_says_it_and_the_rest_comes_directly(world: World) -> None:
    day = open_day()
    gerd, newcomer = person_on(world, "telegram", "de", "Gerd"), person_on(world, "telegram", "de", "Nora")
    assert isinstance(gerd, TelegramPerson)
    assert isinstance(newcomer, TelegramPerson)
    await gerd.say("hallo")
    await gerd.hears("Kumpel")
    group = await gerd.create_group("Gruppe", supergroup=True)
    await gerd.add_bot(group)
    await newcomer.join(group)
    await gerd.say(f"/platz@{world.telegram.bot_username} {day:%d.%m.%Y}", group)
    shown = await newcomer.hears(card(day, 40, "de"), group)
    assert await press(gerd, said("de", "Take a desk"), shown) == yours("1", day, "de")
    await gerd.hears(yours("1", day, "de"))

    handle = await (await newcomer.press(said("de", "Take a desk"), shown)).answered()
    assert handle.url.endswith("?start=desks")
    await newcomer.open_link(handle.url)
    listed = await newcomer.hears(said("de", "**Your desks:**"))
    assert plain(listed.text).splitlines()[1].startswith("Platz 2, ")
    await world.settled()
    assert held(world) == [("Gerd", "1"), ("Nora", "2")]
    assert not any("deiner" in text for text in heard(gerd, group))


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_certain_desk_is_picked_on_both(world: World) -> None:
    day = open_day()
    fatma, gerd = person_on(world, "slack", "en"), person_on(world, "telegram", "de", "Gerd")
    assert isinstance(fatma, SlackPerson)
    await fatma.say(asking(day, "en"))
    await fatma.hears(card(day, 40, "en"))
    await press(fatma, said("en", "A certain desk"))
    await fatma.hears(said("en", "More desks"))
    await (await fatma.pick("12")).acked()
    await fatma.hears(yours("12", day, "en"))

    await gerd.say(asking(day, "de"))
    await gerd.hears(card(day, 39, "de"))
    await press(gerd, said("de", "A certain desk"))
    await gerd.hears(said("de", "More desks"))
    await press(gerd, said("de", "More desks"))
    await gerd.hears("[39]")
    await press(gerd, "39")
    await gerd.hears(yours("39", day, "de"))
    await world.settled()
    assert held(world) == [("Fatma", "12"), ("Gerd", "39")]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_another_day_is_picked_in_the_calendar_on_both(world: World) -> None:
    day = open_day()
    fatma, gerd = person_on(world, "slack", "de"), person_on(world, "telegram", "en", "Gerd")
    assert isinstance(fatma, SlackPerson)
    for person, language in ((fatma, "de"), (gerd, "en")):
        await person.say(asking(day, language))
        await person.hears(card(day, 40, language))
        await press(person, said(language, "Another day"))
        await person.hears(said(language, "Which day?"))
    await (await fatma.pick_date(day.isoformat())).acked()
    await fatma.hears(card(day, 40, "de"))
    if day.month != today().month:
        await press(gerd, "›")
    await press(gerd, str(day.day))
    await gerd.hears(card(day, 40, "en"))
    await world.settled()
    assert len(heard(fatma)) == len(heard(gerd)) == 1


@pytest.mark.parametrize(
    ("platform", "method"),
    [("slack", "chat.update"), ("telegram", "editMessageText"), ("telegram", "sendDocument")],
)
@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_confirmation_comes_although_the_platform_falters(
    world: World, platform: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlackAdapter, "request_timeout", 1.0)  # after which a lost answer is looked for
    monkeypatch.setattr(TelegramAdapter, "request_timeout", 1.0)
    day = open_day()
    person = person_on(world, platform, "de")
    await person.say(asking(day, "de"))
    await person.hears(card(day, 40, "de"))
    sandbox = world.slack if platform == "slack" else world.telegram
    sandbox.faults.add(Fault(method, kind="429", retry_after=1))
    sandbox.faults.add(Fault(method, kind="drop", moment="before"))
    if platform == "slack":
        world.slack.sockets.drop()
        await world.slack.sockets.connected()
    await press(person, said("de", "Take a desk"))
    await person.hears(yours("1", day, "de"))
    await world.settled()
    assert held(world) == [("Fatma", "1")]
    assert len(files(person)) == 1
    assert sum(yours("1", day, "de") in text for text in heard(person)) == 1


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_slacks_shortcut_shows_what_is_free_in_the_direct_chat(world: World) -> None:
    person = world.slack.add_user("Fatma", locale="de-DE")
    await (await person.shortcut(BOOK_DESK)).acked()
    shown = await person.hears(said("de", "Take a desk"))
    assert "40 von 40 Plätzen frei." in shown.plain
    await press(person, said("de", "Take a desk"))
    await person.hears("deiner.")
    await world.settled()
    assert held(world) == [("Fatma", "1")]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_home_page_follows_and_managers_see_who_comes(world: World) -> None:
    day = open_day()
    team = await world.team()
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.open_home()
    await fatma.sees_home(said("de", "Book a desk"))
    await fatma.say(f"platz 7 am {day:%d.%m.%Y}")
    await fatma.hears(said("de", "Take desk {desk}", desk="7"))
    await press(fatma, said("de", "Take desk {desk}", desk="7"))
    await fatma.sees_home("Platz 7, ")

    await team.manager.say(f"who is coming on {day:%d.%m.%Y}")
    await team.manager.hears("Fatma: Desk 7")
    await fatma.say(f"wer kommt am {day:%d.%m.%Y}?")
    await fatma.hears(said("de", "Only the hub's team may do that."))

    home = fatma.home
    await (await fatma.press(said("de", "Cancel booking"), view=home)).acked()
    await fatma.sees_home(lambda view: "Platz 7" not in view.plain)
    await world.settled()
    assert held(world) == []
