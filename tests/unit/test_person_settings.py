"""Settings in both chats: one card, changed in place; notices go where and when a person wants them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_linking import link, person_of

from handlers.core.context import system_context
from handlers.core.reaching import quiet_until
from handlers.core.replies import message
from handlers.core.ui import Action, OpenForm
from storage import chats, consents, desks, people, settings
from storage.outbox import NOTICE, REPLY

BERLIN = ZoneInfo("Europe/Berlin")
BOTH = pytest.mark.parametrize("platform", ["slack", "telegram"])


async def row_of(bot, who: str = "ada", platform: str = "slack"):
    person = await person_of(bot, who, platform)
    return await bot.reads(lambda tx: settings.get_settings(tx, person))


# The card


@BOTH
@pytest.mark.parametrize(
    "said", ["einstellungen", "Zeig mir meine Einstellungen", "Wo ändere ich meine Einstellungen?"]
)
async def test_the_card_shows_all_settings(bot, platform, said):
    [card] = await bot.says(said, platform=platform)
    assert card.text.splitlines() == [
        "Deine Einstellungen",
        "Sprache: Deutsch",
        "Ruhezeit: keine",
        "Du hörst von: Änderungen an deinen Terminen",
        "In „Wer kommt“: mit Namen",
    ]
    other = "Telegram" if platform == "slack" else "Slack"
    assert card.buttons == ["English", "Ruhezeit", "Mich nicht nennen", "Was ich höre", f"{other} verbinden"]


async def test_the_card_in_english(bot):
    [card] = await bot.says("settings", language="en")
    assert card.text.splitlines()[:3] == ["Your settings", "Language: English", "Quiet hours: none"]


async def test_asked_for_in_a_group_the_card_is_for_one_person_alone(bot):
    [card] = await bot.says("einstellungen", chat="general")
    assert card.to == "ada"
    await bot.says("hallo", "gerd", platform="telegram")
    await bot.says("einstellungen", "gerd", chat="gruppe", platform="telegram")
    assert not any("Deine Einstellungen" in text for text in await bot.texts("gruppe", "telegram"))
    assert "Deine Einstellungen" in (await bot.texts("gerd", "telegram"))[-1]


@BOTH
async def test_a_press_changes_the_card_in_its_place(bot, platform):
    [card] = await bot.says("einstellungen", platform=platform)
    await bot.presses("Mich nicht nennen", platform=platform)
    [changed] = [seen for seen in await bot.screen("ada", platform) if "Deine Einstellungen" in seen.text]
    assert changed.id == card.id
    assert "In „Wer kommt“: ohne Namen" in changed.text
    await bot.presses("Mich nennen", platform=platform)
    assert (await row_of(bot, "ada", platform)).listed


async def test_pressed_twice_a_setting_stays_what_the_button_said(bot):
    [card] = await bot.says("einstellungen")
    for _ in range(2):
        await bot.presses("Mich nicht nennen", on=card)
    assert not (await row_of(bot)).listed


@BOTH
async def test_the_language_is_switched_on_the_card(bot, platform):
    await bot.says("einstellungen", platform=platform)
    [card] = await bot.presses("English", platform=platform)
    assert card.text.splitlines()[:2] == ["Your settings", "Language: English"]
    [answer] = await bot.says("hallo", platform=platform)
    person = await person_of(bot, "ada", platform)
    assert (await bot.reads(lambda tx: people.get_person(tx, person))).language_chosen
    assert answer.text


# Quiet hours


@BOTH
async def test_quiet_hours_are_picked(bot, platform):
    await bot.says("einstellungen", platform=platform)
    [offer] = await bot.presses("Ruhezeit", platform=platform)
    assert offer.buttons[1:] == ["Andere Zeiten", "Keine", "Zurück"]
    [card] = await bot.picks("22:00 bis 07:00", platform=platform)
    assert "Ruhezeit: 22:00 bis 07:00" in card.text
    await bot.presses("Ruhezeit", platform=platform)
    [card] = await bot.presses("Keine", platform=platform)
    assert "Ruhezeit: keine" in card.text


async def test_other_quiet_hours_are_typed_into_a_form(bot):
    await bot.says("einstellungen")
    await bot.presses("Ruhezeit")
    await bot.presses("Andere Zeiten")
    assert isinstance(bot.answer.outcome, OpenForm)
    form = bot.answer.outcome.form
    await bot.submits(form=form, begin="mal sehen", end="6:45")
    assert bot.answer.outcome.errors == {"begin": "Diese Uhrzeit kenne ich nicht. Schreib sie wie 22:00."}
    await bot.submits(form=form, begin="7:00", end="07:00")
    assert "end" in bot.answer.outcome.errors
    [card] = await bot.submits(form=form, begin="21:30", end="6:45")
    assert "Ruhezeit: 21:30 bis 06:45" in card.text


async def test_on_telegram_the_times_are_asked_one_by_one(bot):
    await bot.says("einstellungen", platform="telegram")
    await bot.presses("Ruhezeit", platform="telegram")
    await bot.presses("Andere Zeiten", platform="telegram")
    await bot.says("halb zehn abends", platform="telegram")
    await bot.says("6:45", platform="telegram")
    row = await row_of(bot, "ada", "telegram")
    assert (row.quiet_from, row.quiet_until) == ("21:30", "06:45")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("ruhezeit 22-7", ("22:00", "07:00")),
        ("ruhezeit von 21:30 bis 6:45 uhr", ("21:30", "06:45")),
        ("quiet 22:00-7:00", ("22:00", "07:00")),
        ("quiet 10pm to 7am", ("22:00", "07:00")),
        ("ruhezeit aus", ("", "")),
        ("quiet off", ("", "")),
    ],
)
async def test_quiet_hours_are_said(bot, said, kept):
    await bot.says("ruhezeit 20-8")
    [card] = await bot.says(said)
    assert card.text.startswith(("Notiert.", "Noted."))
    row = await row_of(bot)
    assert (row.quiet_from, row.quiet_until) == kept


@pytest.mark.parametrize("said", ["ruhezeit 22", "ruhezeit 22-22", "ruhezeit 99-7", "ruhezeit 22-morgen"])
async def test_what_is_no_span_of_time_is_asked_for_again(bot, said):
    await bot.says("ruhezeit 20-8")
    [asked] = await bot.says(said)
    assert asked.text == "Von wann bis wann? Schreib es so: ruhezeit 22:00-7:00."
    assert (await row_of(bot)).quiet_from == "20:00"


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        ("2026-11-23 22:30", ("22:00", "07:00"), "2026-11-24 07:00"),
        ("2026-11-24 03:00", ("22:00", "07:00"), "2026-11-24 07:00"),
        ("2026-11-24 07:00", ("22:00", "07:00"), None),
        ("2026-11-23 21:59", ("22:00", "07:00"), None),
        ("2026-11-23 22:00", ("22:00", "07:00"), "2026-11-24 07:00"),
        ("2026-11-23 13:00", ("12:00", "14:00"), "2026-11-23 14:00"),
        ("2026-11-23 23:00", ("12:00", "14:00"), None),
        ("2027-03-27 23:00", ("22:00", "07:00"), "2027-03-28 07:00"),  # a night of 8 hours
        ("2027-10-30 23:00", ("22:00", "07:00"), "2027-10-31 07:00"),  # one of 10
        ("2027-03-28 01:30", ("22:00", "02:30"), "2027-03-28 03:30"),  # the clock never shows 02:30
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(now, quiet, until):
    at = datetime.fromisoformat(now).replace(tzinfo=BERLIN).astimezone(UTC)
    ends = quiet_until(at, tuple(map(time.fromisoformat, quiet)), BERLIN)
    assert (ends and ends.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")) == until


def test_in_the_hour_that_comes_twice_quiet_hours_end_once_more():
    second = datetime(2027, 10, 31, 1, 15, tzinfo=UTC)  # 02:15 for the second time
    assert quiet_until(second, (time(22), time(2, 30)), BERLIN) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


SPRING, AUTUMN = datetime(2027, 3, 26, tzinfo=UTC), datetime(2027, 10, 29, tzinfo=UTC)


@given(st.sampled_from([SPRING, AUTUMN]), st.timedeltas(timedelta(), timedelta(days=5)), st.times(), st.times())
def test_what_is_held_leaves_later_and_outside_of_quiet_hours(first, later, begin, end):
    begin, end = (each.replace(second=0, microsecond=0) for each in (begin, end))
    if begin == end:
        return
    now = first + later
    until = quiet_until(now, (begin, end), BERLIN)
    if until is None:
        return
    assert timedelta() < until - now <= timedelta(hours=25)
    assert quiet_until(until, (begin, end), BERLIN) in (None, *([until + timedelta(hours=1)]))  # the hour twice


# What is told, when and where


async def tell(bot, person: int, key: str, **how) -> bool:
    return await bot.database.write(
        lambda tx: system_context(bot.house, tx, bot.now).notify(
            person, key, lambda t: message(t, t.label("Noted.")), **how
        )
    )


async def sent(bot, key: str) -> tuple[str, str]:
    """Platform and earliest time of a message."""
    query = "SELECT c.platform, o.not_before FROM outbox o JOIN chats c ON c.id = o.chat_id WHERE o.key = ?"
    [(platform, not_before)] = await bot.reads(lambda tx: tx.values(query, (key,)))
    return platform, datetime.fromisoformat(not_before).astimezone(BERLIN).strftime("%H:%M")


async def test_a_notice_in_quiet_hours_waits_for_their_end_and_a_reply_does_not(bot):
    await bot.says("ruhezeit 9-17")  # it is 10:42
    ada = await person_of(bot, "ada", "slack")
    assert await tell(bot, ada, "notice")
    assert await tell(bot, ada, "reply", lane=REPLY)
    assert await sent(bot, "notice") == ("slack", "17:00")
    assert await sent(bot, "reply") == ("slack", "10:42")


async def test_notices_go_to_the_chat_that_a_person_chose(bot):
    await link(bot)
    lena = await person_of(bot, "lena", "slack")
    await tell(bot, lena, "first")
    assert (await sent(bot, "first"))[0] == "slack"
    [*_, card] = await bot.presses("Lieber in Telegram", "tara", platform="telegram")
    assert "Ich schreibe dir in: Telegram" in card.text
    await tell(bot, lena, "second")
    assert (await sent(bot, "second"))[0] == "telegram"


async def test_the_reply_to_what_was_asked_comes_where_it_was_asked(bot):
    await link(bot)
    lena = await person_of(bot, "lena", "slack")
    tara = await bot.reads(lambda tx: chats.get_chat_by_external_id(tx, "telegram", "tara"))
    await tell(bot, lena, "reply", near=tara, lane=REPLY)
    assert (await sent(bot, "reply"))[0] == "telegram"


async def test_a_blocked_chat_is_passed_over(bot):
    await link(bot)
    lena = await person_of(bot, "lena", "slack")
    chat = await bot.reads(lambda tx: chats.get_chat_by_external_id(tx, "slack", "lena"))
    await bot.database.write(lambda tx: chats.mark_chat_state(tx, chat.id, "blocked"))
    await tell(bot, lena, "notice")
    assert (await sent(bot, "notice"))[0] == "telegram"


async def test_a_chat_nobody_is_linked_with_cannot_be_chosen(bot):
    await link(bot)
    [card] = await bot.says("einstellungen", "lena")
    await bot.commands("trennen", who="lena")
    await bot.presses("Trennen", "lena")
    [told] = await bot.presses("Lieber in Telegram", "lena", on=card)
    assert told.text == "Du bist nicht mit Telegram verbunden."
    assert (await row_of(bot, "lena")).preferred == ""


@BOTH
async def test_a_kind_of_notice_is_turned_off_and_on(bot, platform):
    await bot.says("einstellungen", platform=platform)
    [kinds] = await bot.presses("Was ich höre", platform=platform)
    assert kinds.buttons == ["✓ Änderungen an deinen Terminen", "Zurück"]
    await bot.presses("✓ Änderungen an deinen Terminen", platform=platform)
    ada = await person_of(bot, "ada", platform)
    assert not await tell(bot, ada, "moved", kind="events")
    assert await tell(bot, ada, "reply")
    [card] = await bot.presses("Zurück", platform=platform)
    assert "Du hörst von: nur dem, wonach du fragst" in card.text
    await bot.presses("Was ich höre", platform=platform)
    await bot.presses("– Änderungen an deinen Terminen", platform=platform)
    assert await tell(bot, ada, "moved", kind="events")


async def test_managers_can_choose_more_kinds(bot):
    await bot.gives("mona", "manager")
    await bot.says("einstellungen", "mona")
    [kinds] = await bot.presses("Was ich höre", "mona")
    assert kinds.buttons == ["✓ Änderungen an deinen Terminen", "✓ Neues von Anfragen, die du betreust", "Zurück"]


async def test_who_objected_is_told_nothing_unasked(bot):
    await bot.says("hallo")
    ada = await person_of(bot, "ada", "slack")
    await bot.database.write(lambda tx: consents.add_objection(tx, ada, bot.now))
    assert not await tell(bot, ada, "moved", kind="events")
    assert await tell(bot, ada, "reply", lane=NOTICE)


async def test_who_does_not_want_to_be_named_is_counted_and_not_named(bot):
    await bot.gives("mona", "manager")
    for who, desk in (("ada", "1"), ("tom", "2"), ("eve", "3")):
        await bot.says("hallo", who)
        person = await person_of(bot, who, "slack")
        await bot.database.write(
            lambda tx, p=person, d=desk: desks.add_booking(tx, p, d, date(2026, 11, 24), bot.now)
        )
    await bot.says("einstellungen", "eve")
    await bot.presses("Mich nicht nennen", "eve")
    [who] = await bot.commands("wer", "morgen", who="mona")
    assert "3" in who.text.splitlines()[0]
    assert "Ada" in who.text
    assert "Eve" not in who.text
    assert who.text.splitlines()[-1] == "und eine Person ohne Namen"


@pytest.mark.parametrize("token_args", [("settings:kind", "nonsense", "1"), ("settings:hours", "25:00-99:00")])
async def test_controls_of_another_time_change_nothing_strange(bot, token_args):
    await bot.says("hallo")
    chat = await bot.reads(lambda tx: chats.get_chat_by_external_id(tx, "slack", "ada"))
    token = bot.house.seals.seal(Action.of(*token_args).packed, chat.id)
    await bot.presses_token(token)
    ada = await person_of(bot, "ada", "slack")
    assert await bot.reads(lambda tx: settings.get_settings(tx, ada)) == settings.PersonSettings(ada)
    assert await bot.reads(lambda tx: settings.list_muted_kinds(tx, ada)) == frozenset()
