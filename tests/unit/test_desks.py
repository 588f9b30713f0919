"""A desk for a day: what is free, taking one, giving it back, and who comes."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from msgspec import structs

from bot.adapters.slack.manifest import manifest
from handlers.core.features import Registry
from handlers.core.hub import Wording
from handlers.core.ui import DatePicker, PickList, Toast
from handlers.desks import feature as desks_feature
from handlers.desks.plan import Desk, load_plan
from storage import desks, people, retention

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
ALL_DESKS = tuple(map(str, range(1, 41)))


@pytest.fixture(scope="session")
def plan(house_and_index):
    house, _ = house_and_index
    return load_plan(house.pack, house.hub)


def with_plan(bot, plan):
    """Run the bot with other desks."""
    old = bot.house.registry
    features = [desks_feature.build(plan) if each.name == "desks" else each for each in old.features]
    bot.house = dataclasses.replace(bot.house, registry=Registry(features, old.unsure, old.unknown))


async def taken(bot, day, wanted=ALL_DESKS, name="Someone"):
    """Let strangers hold desks on a day."""

    def add(tx):
        for desk in wanted:
            account = f"{name}-{day}-{desk}"
            person = people.add_account(tx, "slack", account, bot.now, name=f"{name} {desk}").person_id
            assert desks.add_booking(tx, person, desk, day, bot.now)

    await bot.database.write(add)


async def held(bot, day=TUESDAY):
    """Who holds what on a day."""
    return [(each.name, each.desk) for each in await bot.reads(lambda tx: desks.list_coming(tx, day))]


def control(seen, kind):
    return next(each for each in seen.controls if isinstance(each, kind))


def entry(attachment):
    """The one entry of a calendar file, parsed back."""
    [event] = icalendar.Calendar.from_ical(attachment.content).walk("VEVENT")
    return event


# What is free


async def test_tomorrow_is_shown_as_in_scene_5(bot):
    await taken(bot, TUESDAY, ALL_DESKS[:23])
    [card] = await bot.says("ist morgen ein platz frei")
    assert card.text == "Morgen (Di, 24. Nov.): 17 von 40 Plätzen frei."
    assert card.reply.blocks[0].text[0].bold
    assert card.buttons == ["Platz nehmen", "Bestimmten Platz", "Anderer Tag"]


async def test_the_same_in_english_on_telegram(bot):
    [card] = await bot.says("is there a free desk tomorrow?", platform="telegram")
    assert card.text == "Tomorrow (Tue 24 Nov): 40 of 40 desks are free."
    assert card.buttons == ["Take a desk", "A certain desk", "Another day"]


@pytest.mark.parametrize("how", ["platz", "Platz buchen"])
async def test_without_a_day_it_is_today(bot, how):
    [card] = await bot.says(how)
    assert card.text == "Heute: 40 von 40 Plätzen frei."


async def test_without_a_day_on_a_weekend_it_is_monday(bot):
    bot.now = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
    [card] = await bot.commands("platz")
    assert card.text == "Übermorgen (Mo, 30. Nov.): 40 von 40 Plätzen frei."


async def test_days_end_at_midnight_in_essen(bot):
    bot.now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    await bot.says("platz heute")
    await bot.presses("Platz nehmen")
    assert await held(bot) == [("Ada", "1")]


async def test_the_menu_leads_there_and_stays(bot):
    await bot.says("hallo")
    [card] = await bot.presses("Platz buchen")
    assert card.text == "Heute: 40 von 40 Plätzen frei."
    assert len(await bot.screen()) == 2


async def test_the_card_for_all_names_nobody(bot):
    await taken(bot, TUESDAY, ALL_DESKS[:5], name="Grete")
    await bot.says("platz morgen", who="bob")
    await bot.presses("Platz nehmen", who="bob")
    [card] = await bot.says("platz morgen", chat="hall")
    await bot.presses("Bestimmten Platz", chat="hall")
    said = "\n".join([card.text, *(await bot.texts("hall"))])
    assert not {"Grete", "Bob"} & set(said.replace(",", " ").split())


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("platz am samstag", "Sa, 28. Nov.: da gibt es keine Plätze, nur Mo–Fr."),
        ("platz gestern", "Gestern ist vorbei."),
        ("platz am 20.11.", "Fr, 20. Nov. ist vorbei."),
        ("platz am 15.01.", "Fr, 15. Jan. ist noch zu weit weg. Bis Mi, 23. Dez. kannst du buchen."),
        ("platz am 31.12.9999", "Fr, 31. Dez. 9999 ist noch zu weit weg. Bis Mi, 23. Dez. kannst du buchen."),
        ("desk on saturday", "Sat 28 Nov: no desks that day, only Mon–Fri."),
        ("desk yesterday", "Yesterday is over."),
    ],
)
async def test_a_day_that_can_not_be_booked_says_why_and_offers_others(bot, said, answer):
    language = "en" if said.startswith("desk") else "de"
    [card] = await bot.says(said, language=language)
    assert card.text == answer
    assert len(card.buttons) == 3
    assert all(any(word in label for word in ("40 frei", "40 free")) for label in card.buttons[:2])
    [other] = await bot.presses(card.buttons[0], language=language)
    assert other.id == card.id
    assert "40" in other.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("platz am 25.12.", "Fr, 25. Dez. ist Feiertag (Erster Weihnachtstag)."),
        ("desk on 25 december", "Fri 25 Dec is a public holiday (Christmas Day)."),
    ],
)
async def test_a_public_holiday_is_named(bot, said, answer):
    bot.now = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
    [card] = await bot.says(said, language="en" if said.startswith("desk") else "de")
    assert card.text == answer
    assert "26" not in card.buttons[0]


async def test_days_that_the_hub_is_closed_are_none(bot, plan):
    with_plan(bot, structs.replace(plan, closed=(TUESDAY,)))
    [card] = await bot.says("platz morgen")
    assert card.text == "Morgen (Di, 24. Nov.) ist der Hub zu."
    assert card.buttons == ["Übermorgen: 40 frei", "Do, 26. Nov.: 40 frei", "Anderer Tag"]


async def test_the_weekdays_of_the_plan_count(bot, plan):
    with_plan(bot, structs.replace(plan, weekdays=("sat", "mon", "thu")))
    [card] = await bot.says("platz morgen")
    assert card.text.endswith("nur Mo, Do, Sa.")
    assert card.buttons[:2] == ["Do, 26. Nov.: 40 frei", "Sa, 28. Nov.: 40 frei"]


async def test_where_no_day_is_open_it_says_so(bot, plan):
    with_plan(bot, structs.replace(plan, days_ahead=0, closed=(MONDAY,)))
    [card] = await bot.says("platz")
    assert (card.text, card.buttons) == ("Heute ist der Hub zu.", ["Anderer Tag"])


async def test_an_unknown_region_has_no_holidays(bot, plan):
    bot.house = dataclasses.replace(bot.house, hub=structs.replace(bot.house.hub, holidays="XX-YY"))
    bot.now = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
    [card] = await bot.says("platz am 25.12.")
    assert card.text == "Fr, 25. Dez.: 40 von 40 Plätzen frei."


async def test_a_bad_date_is_asked_back_as_in_scene_9(bot):
    [asked] = await bot.says("platz am 32.13.")
    assert asked.text == "Den 32.13. kenne ich nicht. Welchen Tag meinst du?"
    assert asked.buttons == ["Heute", "Morgen", "Anderer Tag"]
    [calendar] = await bot.presses("Anderer Tag")
    picker = control(calendar, DatePicker)
    assert (picker.earliest, picker.latest) == (MONDAY, MONDAY + timedelta(30))


@pytest.mark.parametrize(
    "text", ["blabla", "x" * 20_000, "<!channel> & *fett*", "‮12", "-1", "99999999999999999999"]
)
async def test_what_is_no_day_after_the_command_is_asked_back(bot, text):
    [asked] = await bot.commands("platz", text)
    assert asked.text in ("Welchen Tag meinst du?", "Which day do you mean?")
    assert len(asked.buttons) == 3


async def test_a_full_day_offers_the_next_ones_with_free_desks(bot):
    await taken(bot, TUESDAY)
    await taken(bot, WEDNESDAY, ALL_DESKS[:31])
    [card] = await bot.says("platz morgen")
    assert card.text == "Morgen (Di, 24. Nov.) ist alles belegt."
    assert card.buttons == ["Übermorgen: 9 frei", "Do, 26. Nov.: 40 frei", "Anderer Tag"]


async def test_another_day_is_picked_from_the_calendar(bot):
    [card] = await bot.says("platz morgen")
    [calendar] = await bot.presses("Anderer Tag")
    assert calendar.id == card.id
    action = control(calendar, DatePicker).action
    token = bot.house.seals.seal(f"{action.packed}~2026-11-30", calendar.chat_id)
    [shown] = await bot.presses_token(token, message=calendar.id)
    assert (shown.id, shown.text) == (card.id, "Mo, 30. Nov.: 40 von 40 Plätzen frei.")


# Taking one


async def test_one_press_books_as_in_scene_5(bot):
    [card] = await bot.says("platz morgen")
    [confirmed] = await bot.presses("Platz nehmen")
    assert confirmed.id == card.id
    assert (confirmed.text, confirmed.buttons) == ("Platz 1 ist morgen (Di, 24. Nov.) deiner.", ["Stornieren"])
    assert await held(bot) == [("Ada", "1")]


async def test_in_english_on_telegram_as_well(bot):
    await bot.says("desk on friday", platform="telegram", language="en")
    [confirmed] = await bot.presses("Take a desk", platform="telegram")
    assert (confirmed.text, confirmed.buttons) == ("Desk 1 is yours on Fri 27 Nov.", ["Cancel booking"])
    assert confirmed.reply.attachments[0].filename == "appointment.ics"


async def test_the_calendar_entry_is_the_day_at_the_hub(bot):
    await bot.says("platz morgen")
    [confirmed] = await bot.presses("Platz nehmen")
    [file] = confirmed.reply.attachments
    assert (file.filename, file.media_type) == ("termin.ics", "text/calendar")
    event = entry(file)
    assert event["SUMMARY"] == "Platz 1 im ruhr:HUB"
    assert event["LOCATION"] == "Deutschlandhaus, Lindenallee 10, Essen"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (TUESDAY, WEDNESDAY)
    assert event.decoded("DTSTAMP") == bot.now


async def test_each_booking_has_a_calendar_entry_of_its_own(bot):
    uids = []
    for day in ("morgen", "übermorgen"):
        await bot.says(f"platz {day}")
        [confirmed] = await bot.presses("Platz nehmen")
        uids.append(str(entry(confirmed.reply.attachments[0])["UID"]))
    await bot.presses("Stornieren")
    [again] = await bot.presses("Doch wieder nehmen")
    uids.append(str(entry(again.reply.attachments[0])["UID"]))
    assert len(set(uids)) == 3
    assert all(uid.endswith("@hub.ruhr") for uid in uids)


async def test_the_last_desk_is_preferred_and_otherwise_the_first_free_one(bot):
    await taken(bot, TUESDAY, ("1", "2"))
    await taken(bot, WEDNESDAY + timedelta(1), ("7",))
    for day in ("platz 7 morgen", "platz übermorgen", "platz am 26.11."):
        [card] = await bot.says(day)
        await bot.presses(card.buttons[0])
    assert ("Ada", "7") in await held(bot)
    assert await held(bot, WEDNESDAY) == [("Ada", "7")]
    assert ("Ada", "1") in await held(bot, WEDNESDAY + timedelta(1))


async def test_a_second_press_is_told_and_books_nothing_more(bot):
    [card] = await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    assert await bot.presses("Platz nehmen", on=card) != []
    [*_, told] = await bot.screen()
    assert told.text == "Platz 1 ist morgen (Di, 24. Nov.) schon deiner."
    assert await held(bot) == [("Ada", "1")]


async def test_the_same_delivery_again_changes_nothing(bot):
    [card] = await bot.says("platz morgen")
    action = card.controls[0].action
    token = bot.house.seals.seal(action.packed, card.chat_id)
    for _ in range(2):
        await bot.presses_token(token, key="telegram:7", message=card.id)
    assert await held(bot) == [("Ada", "1")]


async def test_whoever_has_a_desk_that_day_is_told_which(bot):
    await bot.says("platz 12 morgen")
    await bot.presses("Platz 12 nehmen")
    [told] = await bot.says("ist morgen was frei?")
    assert told.text == "Platz 12 ist morgen (Di, 24. Nov.) schon deiner."
    assert told.buttons == ["Stornieren", "Anderer Tag"]


async def test_an_old_button_shows_how_it_is_now(bot):
    [card] = await bot.says("platz morgen")
    bot.passes(days=2)
    [now] = await bot.presses("Platz nehmen")
    assert (now.id, now.text) == (card.id, "Gestern ist vorbei.")
    assert await held(bot) == []


async def test_the_last_desk_can_go_between_card_and_press(bot):
    await bot.says("platz morgen")
    await taken(bot, TUESDAY)
    [told] = await bot.presses("Platz nehmen")
    assert told.text == "Morgen (Di, 24. Nov.) ist alles belegt."


async def test_nobody_holds_more_than_the_plan_allows(bot, plan):
    with_plan(bot, structs.replace(plan, most_held=2))
    for day in ("morgen", "übermorgen", "am 26.11."):
        await bot.says(f"platz {day}")
        [told] = await bot.presses("Platz nehmen")
    assert told.text == "Du hast schon 2 Plätze; mehr geht nicht auf einmal. Gib erst einen zurück."
    [listed] = await bot.presses("Meine Plätze")
    assert listed.buttons == ["Di, 24. Nov. stornieren", "Mi, 25. Nov. stornieren"]
    bot.passes(days=2)  # what is past counts no more
    await bot.says("platz am 26.11.")
    await bot.presses("Platz nehmen")
    assert await held(bot, date(2026, 11, 26)) == [("Ada", "1")]


# A certain one


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_certain_desk_is_picked_from_those_that_are_free(bot, platform):
    await taken(bot, TUESDAY, ("2", "4"))
    [card] = await bot.says("platz morgen", platform=platform)
    [listed] = await bot.presses("Bestimmten Platz", platform=platform)
    assert (listed.id, listed.text) == (card.id, "Welcher Platz morgen (Di, 24. Nov.)?")
    assert [each.label for each in control(listed, PickList).options][:3] == ["1", "3", "5"]
    [confirmed] = await bot.picks("5", platform=platform)
    assert (confirmed.id, confirmed.text) == (card.id, "Platz 5 ist morgen (Di, 24. Nov.) deiner.")


async def test_a_long_list_goes_on_with_the_next_press_and_starts_anew(bot):
    await bot.says("platz morgen")
    shown = []
    [page] = await bot.presses("Bestimmten Platz")
    for _ in range(3):
        shown.append([each.value for each in control(page, PickList).options])
        await bot.presses("Weitere Plätze", on=page)
        [page] = await bot.screen()
    assert shown == [list(ALL_DESKS[:24]), list(ALL_DESKS[24:]), list(ALL_DESKS[:24])]


async def test_a_desk_that_went_meanwhile_is_said_with_what_is_free_now(bot):
    await bot.says("platz morgen")
    await bot.presses("Bestimmten Platz")
    await taken(bot, TUESDAY, ("5",))
    [told] = await bot.picks("5")
    assert told.text == "Platz 5 ist gerade weggegangen. Welcher Platz morgen (Di, 24. Nov.)?"
    assert "5" not in [each.value for each in control(told, PickList).options]
    assert ("Ada", "5") not in await held(bot)


async def test_a_desk_named_in_the_message_is_offered(bot):
    [card] = await bot.says("Platz 12 für morgen")
    assert card.text == "Platz 12 ist frei. Morgen (Di, 24. Nov.): 40 von 40 Plätzen frei."
    [confirmed] = await bot.presses("Platz 12 nehmen")
    assert confirmed.text == "Platz 12 ist morgen (Di, 24. Nov.) deiner."


async def test_a_named_desk_that_is_taken_or_none_is_said(bot):
    await taken(bot, TUESDAY, ("12",))
    [card] = await bot.says("platz 12 morgen")
    assert card.text == "Platz 12 ist vergeben. Morgen (Di, 24. Nov.): 39 von 40 Plätzen frei."
    [card] = await bot.says("platz 99 morgen")
    assert card.text == "Platz 99 gibt es nicht, nur 1–40. Morgen (Di, 24. Nov.): 39 von 40 Plätzen frei."
    assert card.buttons[0] == "Platz nehmen"


async def test_a_desk_that_is_in_the_plan_no_more_can_not_be_taken(bot, plan):
    await bot.says("platz 12 morgen")
    with_plan(bot, structs.replace(plan, desks=plan.desks[:3]))
    [card] = await bot.presses("Platz 12 nehmen")
    assert card.text == "Morgen (Di, 24. Nov.): 3 von 3 Plätzen frei."
    assert await held(bot) == []


async def test_what_is_to_be_known_about_a_desk_is_said(bot, plan):
    window = Desk("A3", Wording("am Fenster", "by the window"))
    with_plan(bot, structs.replace(plan, desks=(window, *plan.desks)))
    [card] = await bot.says("tisch a3 morgen")
    assert card.text.startswith("Platz A3 (am Fenster) ist frei.")
    [listed] = await bot.presses("Bestimmten Platz")
    assert control(listed, PickList).options[0].label == "A3 (am Fenster)"
    [confirmed] = await bot.picks("A3 (am Fenster)")
    assert confirmed.text == "Platz A3 (am Fenster) ist morgen (Di, 24. Nov.) deiner."


# In a group


async def test_in_a_group_the_counts_stand_and_the_presser_alone_hears(bot):
    [card] = await bot.says("platz morgen", chat="hall")
    [confirmed] = await bot.presses("Platz nehmen", who="bob", chat="hall")
    assert (confirmed.text, confirmed.to) == ("Platz 1 ist morgen (Di, 24. Nov.) deiner.", "bob")
    assert confirmed.id != card.id
    [again] = await bot.presses("Platz nehmen", who="bob", chat="hall", on=card)
    assert (again.text, again.to) == ("Platz 1 ist morgen (Di, 24. Nov.) schon deiner.", "bob")
    assert again.buttons == ["Stornieren", "Anderer Tag"]
    [second] = await bot.presses("Platz nehmen", who="ada", chat="hall", on=card)
    assert (second.text, second.to) == ("Platz 2 ist morgen (Di, 24. Nov.) deiner.", "ada")


async def test_a_group_sees_counts_even_if_the_asker_has_a_desk(bot):
    await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    [card] = await bot.says("platz morgen", chat="hall")
    assert card.text == "Morgen (Di, 24. Nov.): 39 von 40 Plätzen frei."


async def test_a_telegram_group_toasts_and_the_direct_chat_has_the_rest(bot):
    await bot.says("hallo", who="bob", platform="telegram")
    await bot.says("platz morgen", chat="hall", platform="telegram")
    [direct] = await bot.presses("Platz nehmen", who="bob", chat="hall", platform="telegram")
    assert bot.toast == direct.text == "Platz 1 ist morgen (Di, 24. Nov.) deiner."
    assert direct in await bot.screen("bob", "telegram")
    assert direct.reply.attachments


async def test_who_never_wrote_gets_a_toast_that_leads_to_the_direct_chat(bot):
    await bot.says("platz morgen", chat="hall", platform="telegram")
    assert await bot.presses("Platz nehmen", who="bob", chat="hall", platform="telegram") == []
    assert bot.answer.outcome == Toast("Platz 1 ist morgen (Di, 24. Nov.) deiner.", start="desks")
    [listed] = await bot.commands("start", "desks", who="bob", platform="telegram")
    assert listed.text == "Deine Plätze:\nPlatz 1, morgen (Di, 24. Nov.)"
    assert listed.buttons == ["Stornieren"]


# Own bookings


async def test_own_bookings_are_listed_and_given_back_one_by_one(bot):
    for day in ("übermorgen", "morgen"):
        await bot.says(f"platz {day}")
        await bot.presses("Platz nehmen")
    [listed] = await bot.says("buchungen")
    assert listed.text == "Deine Plätze:\nPlatz 1, morgen (Di, 24. Nov.)\nPlatz 1, übermorgen (Mi, 25. Nov.)"
    assert listed.buttons == ["Di, 24. Nov. stornieren", "Mi, 25. Nov. stornieren"]
    [left] = await bot.presses("Di, 24. Nov. stornieren")
    assert left.id == listed.id
    assert left.text.startswith(
        "Platz 1 ist morgen (Di, 24. Nov.) wieder frei.\nDeine Plätze:\nPlatz 1, übermorgen"
    )
    [none] = await bot.presses("Stornieren", on=left)
    assert none.text.endswith("Du hast keinen Platz gebucht.")
    assert none.buttons == ["Platz buchen"]


async def test_a_desk_given_back_is_free_at_once(bot, plan):
    with_plan(bot, structs.replace(plan, desks=plan.desks[:1]))
    await bot.says("platz morgen")
    [confirmed] = await bot.presses("Platz nehmen")
    await bot.says("platz morgen", who="bob")
    assert await held(bot) == [("Ada", "1")]
    [given_back] = await bot.presses("Stornieren")
    assert (given_back.id, given_back.text) == (confirmed.id, "Platz 1 ist morgen (Di, 24. Nov.) wieder frei.")
    await bot.says("platz morgen", who="bob")
    await bot.presses("Platz nehmen", who="bob")
    assert await held(bot) == [("Bob", "1")]
    [late] = await bot.presses("Doch wieder nehmen")
    assert late.text == "Platz 1 ist gerade weggegangen. Morgen (Di, 24. Nov.) ist alles belegt."


async def test_giving_back_twice_is_told(bot):
    await bot.says("platz morgen", platform="telegram")
    [confirmed] = await bot.presses("Platz nehmen", platform="telegram")
    await bot.presses("Stornieren", platform="telegram", on=confirmed)
    await bot.presses("Stornieren", platform="telegram", on=confirmed)
    assert bot.toast == "Platz 1 ist morgen (Di, 24. Nov.) schon storniert."


async def test_what_is_past_somebody_elses_or_gone_is_not_given_back(bot):
    await bot.says("platz heute", platform="telegram")
    [confirmed] = await bot.presses("Platz nehmen", platform="telegram")
    await bot.presses_token(
        bot.house.seals.seal("desks:cancel|1", confirmed.chat_id),
        "bob",
        facts=bot._facts("ada", "telegram") | {"actor": bot.actor("bob", "telegram")},
    )
    assert bot.toast == "Diese Buchung kenne ich nicht mehr."
    bot.passes(days=1)
    await bot.presses("Stornieren", platform="telegram", on=confirmed)
    assert bot.toast == "Gestern ist vorbei."
    assert await held(bot, MONDAY) == [("Ada", "1")]
    bot.passes(days=100)
    await bot.database.write(lambda tx: retention.remove_expired(tx, bot.now, desks.RETENTION))
    await bot.presses("Stornieren", platform="telegram", on=confirmed)
    assert bot.toast == "Diese Buchung kenne ich nicht mehr."


async def test_bookings_outlive_a_restart(bot):
    await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    await bot.restart()
    [listed] = await bot.says("Welche Plätze habe ich gebucht?")
    assert listed.text == "Deine Plätze:\nPlatz 1, morgen (Di, 24. Nov.)"


async def test_in_a_group_own_bookings_are_for_the_asker_alone(bot):
    [listed] = await bot.says("buchungen", chat="hall")
    assert listed.to == "ada"


async def test_what_people_say_of_their_bookings_among_themselves_is_left_alone(bot):
    await bot.gives("lea", "lead")
    await bot.commands("here", "help", who="lea", chat="founders")
    assert await bot.says("welche plätze habe ich gebucht?", chat="founders", addressed=False) == []
    [card] = await bot.says("ist morgen ein platz frei?", chat="founders", addressed=False)
    assert card.text == "Morgen (Di, 24. Nov.): 40 von 40 Plätzen frei."


async def test_the_home_page_shows_own_desks_and_follows(bot):
    [page] = await bot.opens_home()
    assert "Platz 1" not in page.text
    await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    home = next(seen for seen in await bot.screen() if seen.id == page.id)
    assert "Deine Plätze:\nPlatz 1, morgen (Di, 24. Nov.)" in home.text
    wanted = await bot.reads(lambda tx: tx.value("SELECT wanted FROM posts WHERE subject LIKE 'home:%'"))
    assert wanted == 2
    await bot.presses("Stornieren", on=home)
    assert "Platz 1 ist morgen (Di, 24. Nov.) wieder frei." in await bot.texts()
    assert "Platz 1" not in next(seen for seen in await bot.screen() if seen.id == page.id).text


# Who comes


async def test_managers_see_who_comes_as_in_scene_10(bot):
    await bot.gives("mona", "manager")
    [page] = await bot.opens_home("mona")
    assert "Heute: Niemand hat einen Platz gebucht." in page.text
    for who in ("bob", "ada"):
        await bot.says("platz heute", who=who)
        await bot.presses("Platz nehmen", who=who)
    home = next(seen for seen in await bot.screen("mona") if seen.id == page.id)
    assert "Heute: 2 Leute kommen." in home.text
    [listed] = await bot.presses("Wer kommt", who="mona", on=home)
    assert listed.text == "Heute: 2 Leute kommen.\nAda: Platz 2\nBob: Platz 1"


@pytest.mark.parametrize("said", ["wer kommt morgen?", "who is coming tomorrow", "wer 24.11."])
async def test_managers_may_ask_for_a_day(bot, said):
    await bot.gives("mona", "manager")
    await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    [listed] = await bot.says(said, who="mona", chat="hall")
    assert listed.to == "mona"
    assert listed.text.splitlines()[1] in ("Ada: Platz 1", "Ada: Desk 1")


async def test_a_manager_hears_of_a_day_that_is_none(bot):
    await bot.gives("mona", "manager")
    [asked] = await bot.commands("wer", "32.13.", who="mona")
    assert asked.text == "Den 32.13. kenne ich nicht. Welchen Tag meinst du?"


async def test_nobody_else_sees_who_comes(bot):
    await bot.says("platz heute", who="bob")
    await bot.presses("Platz nehmen", who="bob")
    [refused] = await bot.says("wer kommt heute")
    assert refused.text == "Das darf nur das Team des Hubs."
    token = bot.house.seals.seal("desks:who|2026-11-23", refused.chat_id)
    [refused] = await bot.presses_token(token)
    assert refused.text == "Das darf nur das Team des Hubs."


async def test_hostile_names_are_shown_to_the_letter(bot):
    await bot.gives("mona", "manager")
    await bot.says("platz heute", who="eve", name="*<!channel>* " + "x" * 5000)
    await bot.presses("Platz nehmen", who="eve", name="*<!channel>* " + "x" * 5000)
    [listed] = await bot.commands("wer", who="mona")
    assert listed.text.splitlines()[1].startswith("*<!channel>* xxx")


async def test_bookings_are_kept_90_days_after_their_day(bot):
    await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    for days, left in ((90, [("Ada", "1")]), (91.5, [])):
        now = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(days=days)
        await bot.database.write(lambda tx, now=now: retention.remove_expired(tx, now, desks.RETENTION))
        assert await held(bot) == left


async def test_bookings_go_with_their_person(bot):
    await bot.says("platz morgen")
    await bot.presses("Platz nehmen")
    await bot.database.write(lambda tx: tx.execute("DELETE FROM persons WHERE name = 'Ada'"))
    assert await held(bot) == []


def test_every_shortcut_of_the_slack_app_is_a_command(bot):
    shortcuts = manifest("Kumpel", None, "socket")["features"]["shortcuts"]
    assert {each["callback_id"] for each in shortcuts} >= {"ask", "desk"}
    assert all(each["callback_id"] in bot.house.registry.commands for each in shortcuts)


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_a_long_row_of_blanks_is_no_day_and_read_at_once(bot, platform):
    for blanks in (" " * 3000, " ." * 300, "\n\t " * 500):
        [reply] = await bot.says(f"platz am{blanks}in", platform=platform)
        assert reply.text
        [reply] = await bot.commands("platz", f"am{blanks}x", platform=platform)
        assert reply.text == "Welchen Tag meinst du?"
