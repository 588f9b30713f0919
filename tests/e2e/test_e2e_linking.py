"""One person in two chats, over both platforms' wire: linked, told where they read, parted again."""

from __future__ import annotations

import asyncio
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from e2e_world import Modes, World, eventually, from_bot, heard, said

from bot.sandbox.faults import Fault
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson
from handlers.core.context import system_context
from handlers.core.replies import message
from storage import desks, roles

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
CODE = re.compile(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}")


def linked(message: object) -> bool:
    """Is this what is said once two accounts are linked?"""
    text = getattr(message, "plain", "")
    return text.startswith(("Verbunden.", "Linked."))


def people_of(world: World, language: str) -> tuple[SlackPerson, TelegramPerson]:
    lena = world.slack.add_user("Lena", locale="de-DE" if language == "de" else "en-US")
    return lena, world.telegram.add_user("Tara", language=language)


async def press(person: SlackPerson | TelegramPerson, label: str) -> str:
    if isinstance(person, SlackPerson):
        await (await person.press(label)).acked()
        return ""
    handle = await (await person.press(label)).answered()
    return handle.toast or handle.alert


async def link_from(lena: SlackPerson, language: str) -> str:
    """Ask for a link in Slack; returns its address."""
    await lena.say("verbinden" if language == "de" else "link")
    opener = said(language, "Open {there}", there="Telegram")
    offer = await lena.hears(opener)
    [url] = [block["url"] for row in offer.blocks for block in row.get("elements", ()) if block.get("url")]
    return str(url)


async def link(world: World, lena: SlackPerson, tara: TelegramPerson, language: str = "de") -> None:
    """Link the two, the way that begins in Slack."""
    await tara.open_link(await link_from(lena, language))
    await tara.hears(said(language, "Link"))
    await press(tara, said(language, "Link"))
    await tara.hears(linked)
    await world.settled()


def accounts(world: World) -> list[tuple[str, int]]:
    return world.rows("SELECT platform, person_id FROM accounts ORDER BY platform")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_from_slack_a_link_leads_to_telegram_where_it_is_confirmed(world: World, language: str) -> None:
    lena, tara = people_of(world, language)
    url = await link_from(lena, language)
    assert re.fullmatch(rf"https://t\.me/{world.telegram.bot_username}\?start=link_[\w-]{{22}}", url)
    await tara.open_link(url)
    asked = await tara.hears("Lena")
    assert said(language, "No") in asked.plain
    [(_, slack), (_, telegram)] = accounts(world)
    assert slack != telegram, "nothing is linked before it is confirmed"
    await press(tara, said(language, "Link"))
    await tara.hears(linked)
    await lena.hears(said(language, "Unlink"))
    [(_, slack), (_, telegram)] = accounts(world)
    assert slack == telegram


@pytest.mark.parametrize("language", ["de", "en"])
async def test_from_telegram_a_code_is_typed_in_slack(world: World, language: str) -> None:
    lena, tara = people_of(world, language)
    await tara.say("/verbinden" if language == "de" else "/link")
    offer = await tara.hears(lambda m: CODE.search(m.plain) is not None)
    found = CODE.search(offer.plain)
    assert found
    await lena.say(found[0].lower().replace("-", " "))
    await lena.hears("Tara")
    await press(lena, said(language, "Link"))
    await lena.hears(linked)
    await tara.hears(said(language, "Unlink"))
    [(_, slack), (_, telegram)] = accounts(world)
    assert slack == telegram


async def test_a_restart_between_the_steps_and_a_double_press_change_nothing(world: World) -> None:
    lena, tara = people_of(world, "de")
    url = await link_from(lena, "de")
    await world.restart()
    await tara.open_link(url)
    await tara.hears(said("de", "No"))
    await world.restart()
    presses = [await tara.press(said("de", "Link")) for _ in range(3)]
    await asyncio.gather(*(handle.answered() for handle in presses))
    await tara.hears(linked)
    await world.settled()
    assert world.rows("SELECT count(*) FROM persons") == [(1,)]
    assert world.rows("SELECT count(*) FROM audit WHERE what = 'link'") == [(1,)]
    assert sum(linked(m) for m in tara.messages()) == 1


async def test_somebody_else_with_the_link_gets_nothing(world: World) -> None:
    lena, tara = people_of(world, "de")
    eve = world.telegram.add_user("Eve", language="de")
    url = await link_from(lena, "de")
    await tara.open_link(url)
    await tara.hears(said("de", "No"))
    await eve.open_link(url)
    over = said("de", "This is no longer good: it works once, for ten minutes. Start again where it came from.")
    await eve.hears(lambda m: m.plain.startswith(over))
    await press(tara, said("de", "No"))
    await tara.hears(said("de", "Fine, nothing is linked."))
    await tara.open_link(url)
    await tara.hears(over)
    await world.settled()
    assert len({person for _, person in accounts(world)}) == 3


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_five_wrong_codes_are_the_end_for_a_while(world: World) -> None:
    lena, tara = people_of(world, "de")
    await tara.say("/verbinden")
    offer = await tara.hears(lambda m: CODE.search(m.plain) is not None)
    found = CODE.search(offer.plain)
    assert found
    for number in range(5):
        await lena.say(f"A2CD E4G{number + 2}")
    await world.settled(12.0)
    await lena.say(found[0])
    await lena.hears("Das waren zu viele Codes")
    assert world.rows("SELECT state FROM link_requests") == [("open",)]


async def test_who_books_in_slack_reads_it_in_telegram_and_both_desks_of_a_day_are_settled(world: World) -> None:
    lena, tara = people_of(world, "de")
    await lena.say("hallo")
    await lena.hears(from_bot)
    await tara.say("hallo")
    await tara.hears(from_bot)
    day = datetime.now(ZoneInfo("Europe/Berlin")).date() + timedelta(3)
    await book(world, "slack", "12", day)
    await book(world, "telegram", "7", day)
    await link(world, lena, tara)
    told = next(m.plain for m in tara.messages() if linked(m))
    assert "Platz 12" in told
    assert "Platz 7" in told
    assert world.rows("SELECT desk, state FROM desk_bookings ORDER BY id") == [("12", "held"), ("7", "cancelled")]
    await tara.say("meine buchungen")
    await tara.hears("Platz 12")


async def book(world: World, platform: str, desk: str, day: date) -> None:
    def add(tx: object) -> None:
        [person] = tx.values("SELECT person_id FROM accounts WHERE platform = ?", (platform,))  # type: ignore[attr-defined]
        assert desks.add_booking(tx, person[0], desk, day, world.clock.now())  # type: ignore[arg-type]

    await world.running.database.write(add)


async def notify(world: World, key: str, text: str) -> None:
    """Tell Lena something unasked, and wait until she has it."""
    await tell(world, key, text)
    await world.settled()


async def tell(world: World, key: str, text: str) -> None:

    def write(tx: object) -> None:
        [(person,)] = tx.values("SELECT person_id FROM accounts WHERE platform = 'slack'")  # type: ignore[attr-defined]
        ctx = system_context(world.running.house, tx, world.clock.now())  # type: ignore[arg-type]
        assert ctx.notify(person, key, lambda t: message(t, text))

    await world.running.database.write(write)


async def test_notices_come_to_the_preferred_chat_and_to_the_other_when_that_is_blocked(world: World) -> None:
    lena, tara = people_of(world, "de")
    await link(world, lena, tara)
    await notify(world, "one", "Erstens")
    assert "Erstens" in heard(lena)
    await press(tara, said("de", "Rather in {platform}", platform="Telegram"))
    await notify(world, "two", "Zweitens")
    assert "Zweitens" in heard(tara)
    await tara.block()
    await world.settled()
    await notify(world, "three", "Drittens")
    assert "Drittens" in heard(lena)
    for text in ("Erstens", "Zweitens", "Drittens"):
        assert (heard(lena) + heard(tara)).count(text) == 1


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_refused_notice_goes_to_the_other_chat_once_also_after_a_restart(world: World) -> None:
    lena, tara = people_of(world, "de")
    await link(world, lena, tara)
    await press(tara, said("de", "Rather in {platform}", platform="Telegram"))
    await world.settled()
    world.telegram.faults.add(Fault("sendMessage", kind="stall", seconds=1.0))
    await tell(world, "moved", "Verlegt auf Freitag")
    await eventually(lambda: not world.telegram.faults.active)
    await tara.block()  # while it is on its way
    await lena.hears("Verlegt auf Freitag")
    await world.restart()
    await world.settled()
    assert heard(lena).count("Verlegt auf Freitag") == 1
    assert "Verlegt auf Freitag" not in heard(tara)


@pytest.mark.parametrize("language", ["de", "en"])
async def test_settings_are_changed_on_one_card_in_its_place(world: World, language: str) -> None:
    lena, tara = people_of(world, language)
    person: SlackPerson | TelegramPerson
    for person in (lena, tara):
        await person.say("einstellungen" if language == "de" else "settings")
        await person.hears(said(language, "**Your settings**"))
        await press(person, said(language, "Quiet hours"))
        if isinstance(person, SlackPerson):
            await person.hears(said(language, "Other times"))
            await (await person.pick(said(language, "{begin} to {end}", begin="22:00", end="07:00"))).acked()
        else:
            await person.hears(said(language, "Other times"))
            await press(person, said(language, "{begin} to {end}", begin="22:00", end="07:00"))
        await person.hears(said(language, "Don't name me"))
        await press(person, said(language, "Don't name me"))
        await person.hears(said(language, "without a name"))
        await world.settled()
        cards = [m for m in person.messages() if said(language, "**Your settings**") in m.plain]
        assert len(cards) == 1, "one card, edited"
        assert said(language, "without a name") in cards[0].plain
    assert world.rows("SELECT quiet_from, quiet_until, listed FROM settings") == [("22:00", "07:00", 0)] * 2


async def test_parted_again_each_is_a_person_and_the_role_stays_where_it_was(world: World) -> None:
    lena, tara = people_of(world, "de")
    await world.make(lena, "lead")
    await link(world, lena, tara)
    await tara.say("/status")
    await tara.hears("Offene Fragen")
    await tara.say("trennen")
    await tara.hears("bleibt bei Lena in Slack")
    await press(tara, said("de", "Unlink"))
    await tara.hears("Getrennt.")
    await lena.hears("Getrennt.")
    await tara.say("/status")
    await tara.hears(said("de", "Only a lead may do that."))
    await world.settled()
    [(_, slack), (_, telegram)] = accounts(world)
    assert slack != telegram
    left = await world.running.database.read(lambda tx: [roles.list_roles(tx, each) for each in (slack, telegram)])
    assert left == [{"lead"}, frozenset()]


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_the_home_page_offers_linking_and_then_says_what_is_linked(world: World) -> None:
    lena, tara = people_of(world, "de")
    await (await lena.open_home()).acked()
    home = await lena.sees_home("Du bist auch in Telegram?")
    await (await lena.press(said("de", "Link {platform}", platform="Telegram"), view=home)).acked()
    offer = await lena.hears(said("de", "Open {there}", there="Telegram"))
    [url] = [block["url"] for row in offer.blocks for block in row.get("elements", ()) if block.get("url")]
    await tara.open_link(str(url))
    await tara.hears(said("de", "No"))
    await press(tara, said("de", "Link"))
    await lena.sees_home("Verbunden mit Telegram: Tara", timeout=9.0)
