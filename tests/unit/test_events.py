"""Events: planned by managers, seen in chats, answered by people."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from handlers.core import pipeline
from handlers.core.context import system_context
from handlers.core.requests import BotAdded, BotRemoved, ButtonPress, ChatMoved
from handlers.core.ui import FormErrors, OpenForm, PickList, Toast
from storage import events, people, places, posts, retention, timers
from storage.outbox import BROADCAST

TELEGRAM = {"platform": "telegram"}
NIGHT = {"title": "Startup-Night", "day": "2026-12-03", "time": "18:30", "place": "Dortmund"}
CHATS = (("founders", "slack"), ("neue", "slack"), ("gruppe", "telegram"), ("super", "telegram"))
TEXT = "Fünf Pitches, danach Essen und Leute."


@pytest.fixture
async def house(bot):
    """Kumpel with a lead and two managers, who have said hello."""
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.gives("max", "manager", "telegram")
    return bot


@pytest.fixture
async def open_house(house):
    """The same, with two chats that want events."""
    await subscribe(house, "founders")
    await subscribe(house, "gruppe", "telegram")
    return house


async def subscribe(bot, chat, platform="slack", thread=""):
    if platform == "telegram":
        await bot.gives("tara", "lead", "telegram")
    who = "lea" if platform == "slack" else "tara"
    return await bot.commands("here", "events", who=who, chat=chat, platform=platform, thread=thread)


async def plan(bot, who="mona", **values):
    """A manager fills in the form; returns what came of it."""
    await bot.commands("event", who=who)
    return await bot.submits(who, **{**NIGHT, **values})


async def publish(bot, **values):
    await plan(bot, **values)
    return await bot.presses("Veröffentlichen", who="mona")


async def post(bot, chat="founders", platform="slack"):
    """The event's post in a chat."""
    return next(seen for seen in reversed(await bot.screen(chat, platform)) if seen.id.startswith("p"))


async def event(bot, number=1):
    return await bot.reads(lambda tx: events.get_event(tx, number))


async def count(bot, number=1):
    return await bot.reads(lambda tx: events.get_going_count(tx, number))


async def due(bot):
    """Run what is due, as the scheduler does."""

    def run(tx):
        for timer in timers.list_due_timers(tx, bot.now):
            if timers.remove_timer_if_due(tx, timer, bot.now):
                bot.house.registry.timers[timer.kind].handler(
                    system_context(bot.house, tx, bot.now), timer.subject
                )

    await bot.database.write(run)


async def added(bot, chat="neue", platform="telegram", who="gerd"):
    return await bot.does(BotAdded(**bot._facts(who, platform=platform, chat=chat)))


async def standing_in(bot, number=1):
    """The chats in which the event stands or is to stand."""
    found = await bot.reads(lambda tx: posts.list_posts(tx, f"event:{number}", "events.card"))
    ids = {f"p{post.id}" for post in found}
    return {chat for chat, platform in CHATS if ids & {seen.id for seen in await bot.screen(chat, platform)}}


async def stands(bot):
    """All posts were sent."""
    await bot.database.write(
        lambda tx: tx.execute("UPDATE posts SET ref = 'C:1', sent = wanted WHERE subject LIKE 'event:%'")
    )


# The form


async def test_a_manager_plans_an_event_and_sees_it_as_all_will(open_house):
    [shown] = await plan(open_house, until="21:00", text=TEXT, seats="50")
    assert shown.text.splitlines() == [
        "So werden es alle sehen:",
        "Startup-Night",
        "Do, 3. Dez., 18:30–21:00 · Dortmund · noch niemand dabei, 50 Plätze frei",
        TEXT,
        "Kommt hierhin: ein Slack-Kanal, eine Telegram-Gruppe (founders, gruppe).",
    ]
    assert shown.buttons[1:] == ["Veröffentlichen", "Ändern", "Verwerfen"]
    assert await open_house.screen("founders") != []
    assert not [seen for seen in await open_house.screen("founders") if "Startup-Night" in seen.text]
    assert (await event(open_house)).state == "draft"


async def test_the_form_asks_in_both_languages(house):
    await house.commands("event", who="mona", language="en")
    form = house.answer.outcome.form
    assert (form.title, form.submit) == ("New event", "Preview")
    await house.submits("mona", form=form, **NIGHT)
    await house.presses("Change", who="mona")
    assert house.answer.outcome.form.submit == "Preview"
    await house.presses("Publish", who="mona")
    await house.presses("Change", who="mona")
    form = house.answer.outcome.form
    assert (form.title, form.submit) == ("Change the event", "Change everywhere")
    await house.commands("termin", who="lea")
    form = house.answer.outcome.form
    assert [field.label for field in form.fields] == [
        "Titel",
        "Tag",
        "Von",
        "Bis",
        "Wo?",
        "Worum geht’s?",
        "Wie viele können kommen?",
    ]
    assert max(len(form.title) for form in (form,)) <= 24


async def test_members_can_not_plan(house):
    [refused] = await house.commands("event")
    assert refused.text == "Das darf nur das Team des Hubs."
    assert not isinstance(house.answer.outcome, OpenForm)


async def test_who_lost_the_role_meanwhile_can_not_send_the_form_in(house):
    await house.commands("event", who="mona")
    form = house.answer.outcome.form
    await house.commands("revoke", "manager @Mona", who="lea", mentions=(house.actor("mona"),))
    [refused] = await house.submits("mona", form=form, **NIGHT)
    assert refused.text == "Das darf nur das Team des Hubs."
    assert await event(house) is None


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"time": "abends"}, {"time": "Das lese ich nicht als Uhrzeit. Schreib sie so: 18:30."}),
        ({"until": "25:00"}, {"until": "Das lese ich nicht als Uhrzeit. Schreib sie so: 18:30."}),
        ({"until": "18:00"}, {"until": "Das liegt vor dem Anfang (18:30). Schreib eine spätere Uhrzeit."}),
        ({"until": "00:31"}, {"until": "Das liegt vor dem Anfang (18:30). Schreib eine spätere Uhrzeit."}),
        (
            {"day": "2026-11-23", "time": "10:42"},
            {"time": "Das ist schon vorbei. Schreib eine spätere Uhrzeit oder nimm einen anderen Tag."},
        ),
        (
            {"time": "24:00"},
            {"time": "Mitternacht zählt zum nächsten Tag. Schreib 23:59, oder nimm den nächsten Tag mit 0:00."},
        ),
        ({"day": "2026-11-23", "time": "24 Uhr"}, {"time"}),
        ({"time": "Mitternacht", "until": "02:00"}, {"time"}),
        ({"seats": "viele"}, {"seats": "Schreib eine Zahl von 1 bis 10000, oder lass es leer."}),
        ({"seats": "0"}, {"seats": "Schreib eine Zahl von 1 bis 10000, oder lass es leer."}),
        ({"seats": "10001"}, {"seats": "Schreib eine Zahl von 1 bis 10000, oder lass es leer."}),
        ({"seats": "-5"}, {"seats": "Schreib eine Zahl von 1 bis 10000, oder lass es leer."}),
        ({"seats": "٣"}, {"seats": "Schreib eine Zahl von 1 bis 10000, oder lass es leer."}),
        ({"title": " \n "}, {"title": "Das brauche ich noch."}),
        ({"title": "T" * 81}, {"title": "Das sind 81 Zeichen, 80 passen. Bitte etwas kürzer."}),
        ({"text": "x" * 20_000}, {"text": "Das sind 20000 Zeichen, 1500 passen. Bitte etwas kürzer."}),
        ({"day": "2026-11-22"}, {"day": "Der Tag steht nicht zur Wahl. Nimm bitte einen anderen."}),
        ({"day": "2027-11-24"}, {"day": "Der Tag steht nicht zur Wahl. Nimm bitte einen anderen."}),
        ({"time": "egal", "seats": "x"}, {"time", "seats"}),
    ],
)
async def test_what_is_wrong_is_told_by_field_and_nothing_is_kept(house, values, errors):
    assert await plan(house, **values) == []
    told = house.answer.outcome
    assert isinstance(told, FormErrors)
    assert (set(told.errors) if isinstance(errors, set) else told.errors) == errors
    assert await event(house) is None


@pytest.mark.parametrize(
    ("values", "starts", "ends"),
    [
        ({}, datetime(2026, 12, 3, 17, 30, tzinfo=UTC), None),
        ({"time": "um halb sieben"}, datetime(2026, 12, 3, 17, 30, tzinfo=UTC), None),
        ({"until": "00:30"}, datetime(2026, 12, 3, 17, 30, tzinfo=UTC), datetime(2026, 12, 3, 23, 30, tzinfo=UTC)),
        ({"day": "2027-06-03"}, datetime(2027, 6, 3, 16, 30, tzinfo=UTC), None),
        ({"time": "0:00"}, datetime(2026, 12, 2, 23, 0, tzinfo=UTC), None),
        (
            {"time": "10:00", "until": "24 Uhr"},
            datetime(2026, 12, 3, 9, 0, tzinfo=UTC),
            datetime(2026, 12, 3, 23, 0, tzinfo=UTC),
        ),
    ],
)
async def test_times_are_the_hubs_and_an_end_after_midnight_is_the_next_day(house, values, starts, ends):
    await plan(house, **values)
    kept = await event(house)
    assert (kept.starts_at, kept.ends_at) == (starts, ends)


@pytest.mark.parametrize(("typed", "seats"), [("50", 50), ("1.000", 1000), ("10 000", 10000), ("", None)])
async def test_seats_are_a_number_or_none(house, typed, seats):
    await plan(house, **({"seats": typed} if typed else {}))
    assert (await event(house)).seats == seats


async def test_on_telegram_the_form_is_asked_and_changed_question_by_question(house):
    await house.says("hallo", who="max", **TELEGRAM)
    await house.says("termin", who="max", **TELEGRAM)
    for said in ("Startup-Night", "3.12.2026", "18:30"):
        await house.says(said, who="max", **TELEGRAM)
    await house.presses("Überspringen", who="max", **TELEGRAM)
    await house.says("Dortmund", who="max", **TELEGRAM)
    await house.says(TEXT, who="max", **TELEGRAM)
    await house.says("viele", who="max", **TELEGRAM)
    assert (await house.texts("max", "telegram"))[-1].startswith("Schreib eine Zahl von 1 bis 10000")
    [shown] = await house.says("50", who="max", **TELEGRAM)
    assert "Do, 3. Dez., 18:30 · Dortmund" in shown.text
    [asked] = await house.presses("Ändern", who="max", **TELEGRAM)
    assert asked.text == "Titel\nBisher: Startup-Night"
    [asked] = await house.presses("So lassen", who="max", **TELEGRAM)
    assert asked.text == "Tag\nBisher: 03.12.2026"
    await house.says("4.12.2026", who="max", **TELEGRAM)
    for _ in range(1):
        await house.presses("So lassen", who="max", **TELEGRAM)
    await house.presses("Überspringen", who="max", **TELEGRAM)
    for _ in range(3):
        [shown] = await house.presses("So lassen", who="max", **TELEGRAM)
    assert "Fr, 4. Dez., 18:30 · Dortmund · noch niemand dabei, 50 Plätze frei\n" + TEXT in shown.text


# Choosing chats, publishing


async def test_without_subscribed_chats_the_way_to_one_is_told_and_it_can_be_published(house):
    [shown] = await plan(house)
    assert "Noch hat kein Chat Termine abonniert: Dafür schreibt ein Lead dort hier events." in shown.text
    [done] = await house.presses("Veröffentlichen", who="mona")
    assert done.text.endswith("Veröffentlicht. In keinem Chat; wer nach termine fragt, sieht es.")
    [listed] = await house.commands("termine")
    assert "Startup-Night – Do, 3. Dez., 18:30 · Dortmund" in listed.text


async def test_published_it_stands_in_every_subscribed_chat_and_topic(open_house):
    await subscribe(open_house, "forum", "telegram", thread="7")
    [done, *shown] = await publish(open_house, text=TEXT, seats="50")
    assert done.text.endswith("Veröffentlicht: ein Slack-Kanal, 2 Telegram-Gruppen.")
    assert done.buttons == ["Ändern", "Absagen"]
    assert len(shown) == 3
    assert {(seen.lane, tuple(seen.buttons)) for seen in shown} == {(BROADCAST, ("Dabei", "Kann nicht"))}
    assert {seen.text for seen in shown} == {
        f"Startup-Night\nDo, 3. Dez., 18:30 · Dortmund · noch niemand dabei, 50 Plätze frei\n{TEXT}"
    }
    assert [seen.thread for seen in await open_house.screen("forum", "telegram") if seen in shown] == ["7"]


async def test_pressed_twice_it_is_published_once_and_by_whichever_manager(open_house):
    [shown] = await plan(open_house)
    await open_house.presses("Veröffentlichen", who="mona", on=shown)
    [told] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert told.text == "Dieser Termin ist schon veröffentlicht."
    [told] = await open_house.presses("Verwerfen", who="mona", on=shown)
    assert told.text == "Dieser Termin ist schon veröffentlicht."
    assert len(await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))) == 2


async def test_another_manager_finds_the_draft_and_publishes_it(open_house):
    await plan(open_house)
    await open_house.says("hallo", who="max", **TELEGRAM)
    [listed] = await open_house.says("termine", who="max", **TELEGRAM)
    assert "Entwürfe:\nStartup-Night – Do, 3. Dez., 18:30 · Dortmund" in listed.text
    await open_house.picks("Startup-Night · Do, 3. Dez.", who="max", **TELEGRAM)
    await open_house.presses("Veröffentlichen", who="max", **TELEGRAM)
    assert (await event(open_house)).state == "published"


async def test_members_see_neither_drafts_nor_their_buttons_work_for_them(open_house):
    await plan(open_house)
    [listed] = await open_house.commands("termine")
    assert listed.text.startswith("Gerade ist nichts geplant.")
    tokens = [
        open_house.house.seals.seal(packed, listed.chat_id)
        for packed in (
            "events:publish|1|0|2",
            "events:edit|1",
            "events:discard|1",
            "events:really|1",
            "events:new",
        )
    ]
    for token in tokens:
        [refused] = await open_house.presses_token(token)
        assert refused.text == "Das darf nur das Team des Hubs."
    [hidden] = await open_house.presses_token(open_house.house.seals.seal("events:details|1", listed.chat_id))
    assert hidden.text == "Dieser Termin ist noch nicht veröffentlicht."
    assert (await event(open_house)).state == "draft"


async def test_only_what_was_shown_is_published(open_house):
    [shown] = await plan(open_house)
    await open_house.presses("Ändern", who="mona", on=shown)
    await open_house.submits("mona", **{**NIGHT, "title": "Gründerfrühstück"})
    [now] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert "Gründerfrühstück" in now.text
    assert (await event(open_house)).state == "draft"


async def test_nor_is_it_published_to_other_chats_than_shown(open_house):
    [shown] = await plan(open_house)
    await open_house.gives("mia", "manager")
    await open_house.commands("termine", who="mia")
    await open_house.picks("Startup-Night · Do, 3. Dez.", who="mia")
    await open_house.picks("✓ gruppe", who="mia")
    await open_house.picks("✓ founders", who="mia")
    await open_house.picks("– gruppe", who="mia")
    await subscribe(open_house, "neue")  # as many chats as mona saw
    [now] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert now.text.startswith("Inzwischen wurde etwas geändert; jetzt ist es so.")
    assert "Kommt hierhin: ein Slack-Kanal, eine Telegram-Gruppe (gruppe, neue)." in now.text
    await open_house.presses("Veröffentlichen", who="mona", on=now)
    assert (await event(open_house)).state == "published"
    assert await standing_in(open_house) == {"gruppe", "neue"}


@pytest.mark.parametrize("subscribes", [True, False])
async def test_nor_is_it_published_where_a_chat_subscribed_or_left_meanwhile(open_house, subscribes):
    [shown] = await plan(open_house)
    if subscribes:
        await subscribe(open_house, "neue")
    else:
        await open_house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    [now] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert now.text.startswith("Inzwischen wollen andere Chats die Termine. Schau noch mal drüber")
    assert ("neue" in now.text, "gruppe" in now.text) == (subscribes, subscribes)
    assert (await event(open_house)).state == "draft"
    await open_house.presses("Veröffentlichen", who="mona", on=now)
    assert await standing_in(open_house) == ({"founders", "gruppe", "neue"} if subscribes else {"founders"})


async def test_what_would_be_over_is_not_published(open_house):
    [shown] = await plan(open_house)
    open_house.passes(days=11)
    [told] = await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert told.text == "Der Termin wäre schon vorbei. Ändere erst den Tag."
    assert (await event(open_house)).state == "draft"


async def test_a_discarded_draft_is_gone(open_house):
    [shown] = await plan(open_house)
    [told] = await open_house.presses("Verwerfen", who="mona")
    assert told.text == "Startup-Night ist verworfen; niemand hat es gesehen."
    for label in ("Veröffentlichen", "Ändern", "Verwerfen"):
        [late] = await open_house.presses(label, who="mona", on=shown)
        assert late.text == "Diesen Termin gibt es nicht mehr."


async def test_chats_can_be_left_out_and_taken_in_again(open_house):
    await plan(open_house)
    [shown] = await open_house.picks("✓ gruppe", who="mona")
    assert "Kommt hierhin: ein Slack-Kanal (founders)." in shown.text
    [shown] = await open_house.picks("✓ founders", who="mona")
    assert "Geht an keinen Chat; wer nach termine fragt, sieht es." in shown.text
    await open_house.picks("– founders", who="mona")
    shown = (await open_house.screen("mona"))[-1]
    assert "Kommt hierhin: ein Slack-Kanal (founders)." in shown.text
    await open_house.presses("Veröffentlichen", who="mona", on=shown)
    assert len(await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))) == 1
    await open_house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    await subscribe(open_house, "gruppe", "telegram")
    assert "Startup-Night" not in "".join(await open_house.texts("gruppe", "telegram")), "left out stays left out"


async def test_many_chats_are_named_in_part_and_offered_page_by_page(house):
    for number in range(11):
        await subscribe(house, f"g{number}", "telegram")
    [shown] = await plan(house)
    assert "Kommt hierhin: 11 Telegram-Gruppen (g0, g1, g2, g3, g4 und 6 weitere)." in shown.text
    [pick] = [control for control in shown.controls if isinstance(control, PickList)]
    assert [option.label for option in pick.options] == [f"✓ g{n}" for n in range(8)]
    [shown] = await house.presses("Weitere Chats", who="mona")
    [pick] = [control for control in shown.controls if isinstance(control, PickList)]
    assert [option.label for option in pick.options] == ["✓ g8", "✓ g9", "✓ g10"]
    [shown] = await house.picks("✓ g9", who="mona")
    [pick] = [control for control in shown.controls if isinstance(control, PickList)]
    assert [option.label for option in pick.options] == ["✓ g8", "– g9", "✓ g10"]
    [shown] = await house.presses("Weitere Chats", who="mona")
    assert "✓ g0" in [o.label for c in shown.controls if isinstance(c, PickList) for o in c.options]


async def test_a_chat_that_unsubscribed_meanwhile_is_picked_in_vain(open_house):
    [shown] = await plan(open_house)
    await open_house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    [shown] = await open_house.picks("✓ gruppe", who="mona")
    assert "Kommt hierhin: ein Slack-Kanal (founders)." in shown.text


# Answers


async def test_an_answer_counts_on_every_post(open_house):
    await publish(open_house, seats="50")
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    for chat, platform in (("founders", "slack"), ("gruppe", "telegram")):
        assert "· 1 dabei, 49 Plätze frei" in (await post(open_house, chat, platform)).text
    await open_house.presses(
        "Dabei", who="bob", chat="gruppe", on=await post(open_house, "gruppe", "telegram"), **TELEGRAM
    )
    assert "· 2 dabei, 48 Plätze frei" in (await post(open_house)).text
    await open_house.presses("Kann nicht", chat="founders")
    assert "· 1 dabei, 49 Plätze frei" in (await post(open_house)).text
    assert await open_house.reads(lambda tx: tx.values("SELECT count(*) FROM event_answers")) == [(2,)]


async def test_on_slack_the_answer_is_told_to_that_person_alone_with_the_calendar_entry_directly(open_house):
    await publish(open_house)
    sent = await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    told = next(seen for seen in sent if seen.to == "ada")
    assert told.text == "Bis Do, 3. Dez. – den Kalendereintrag schicke ich dir direkt."
    [direct] = await open_house.screen()
    assert direct.text == "Du bist dabei.\nStartup-Night – Do, 3. Dez., 18:30 · Dortmund"
    assert direct.buttons == ["Kann doch nicht"]
    assert [file.filename for file in direct.reply.attachments] == ["event-1.ics"]
    sent = await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    assert [seen.text for seen in sent] == ["Du bist schon dabei."]


async def test_who_never_wrote_directly_is_led_there_by_a_link(open_house):
    await publish(open_house)
    card = await post(open_house, "gruppe", "telegram")
    await open_house.presses("Dabei", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.answer.outcome == Toast(
        "Du bist dabei. Schreib mir einmal direkt, dann sage ich dir, wenn sich etwas ändert.", start="event_1"
    )
    [told] = await open_house.commands("start", "event_1", **TELEGRAM)
    assert "Du bist dabei." in told.text
    assert [file.filename for file in told.reply.attachments] == ["event-1.ics"]
    await open_house.presses("Kann nicht", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.toast.startswith("Notiert: Du kannst nicht.")
    await open_house.presses("Dabei", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.toast == "Bis Do, 3. Dez. – den Kalendereintrag schicke ich dir direkt."


async def test_a_mind_can_be_changed_as_often_as_one_likes(open_house):
    await publish(open_house)
    card = await post(open_house)
    for label, number in (("Dabei", 1), ("Dabei", 1), ("Kann nicht", 0), ("Kann nicht", 0), ("Dabei", 1)):
        await open_house.presses(label, chat="founders", on=card)
        assert await count(open_house) == number
    told = [seen for seen in await open_house.screen() if "Du bist dabei." in seen.text]
    assert len(told) == 1, "the calendar entry comes once"


async def test_in_the_direct_chat_the_message_shows_the_answer(open_house):
    await publish(open_house)
    await open_house.commands("termine")
    await open_house.presses("Dabei")
    shown = (await open_house.screen())[-1]
    assert "· 1 dabei" in shown.text
    assert "Du bist dabei." in shown.text
    assert shown.buttons == ["Kann doch nicht"]
    [shown, *_] = await open_house.presses("Kann doch nicht", on=shown)
    assert shown.text.startswith("Notiert: Du kannst nicht.")
    assert shown.buttons == ["Dabei", "Kann nicht"]
    assert await count(open_house) == 0


async def test_seats_run_out_and_come_back(open_house):
    await publish(open_house, seats="1")
    card = await post(open_house)
    await open_house.presses("Dabei", chat="founders", on=card)
    assert "· 1 dabei, kein Platz frei" in (await post(open_house)).text
    sent = await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    assert [seen.text for seen in sent] == ["Alle Plätze sind weg. Wird einer frei, siehst du es am Termin."]
    await open_house.presses("Kann nicht", who="bob", chat="founders", on=card)
    await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    assert await count(open_house) == 1
    await open_house.presses("Kann nicht", chat="founders", on=card)
    await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    going = await open_house.reads(lambda tx: [person.name for person in events.list_going(tx, 1)])
    assert going == ["Bob"]


async def test_never_more_come_than_there_are_seats_however_many_press_at_once(open_house):
    await publish(open_house, seats="7")
    card = await post(open_house)
    token = open_house.house.seals.seal("events:going|1", card.chat_id)
    requests = [ButtonPress(**open_house._facts(f"p{n}", chat="founders"), token=token) for n in range(40)]
    await asyncio.gather(
        *(
            open_house.database.write(
                lambda tx, request=request: pipeline.process(
                    open_house.house, tx, request, pipeline.Understood(), open_house.now
                )
            )
            for request in requests
        )
    )
    assert await count(open_house) == 7
    assert "· 7 dabei, kein Platz frei" in (await post(open_house)).text


async def test_the_same_press_delivered_twice_counts_once(open_house):
    await publish(open_house)
    card = await post(open_house)
    await open_house.presses("Dabei", chat="founders", on=card, key="slack:one")
    assert await open_house.presses("Dabei", chat="founders", on=card, key="slack:one") == []
    assert await count(open_house) == 1


async def test_once_it_began_the_buttons_go_and_late_presses_hear_so(open_house):
    await publish(open_house, text=TEXT)
    card = await post(open_house)
    await stands(open_house)
    before = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))
    open_house.passes(days=12)  # the timer is late, too
    await due(open_house)
    after = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))
    assert [post.wanted for post in after] == [post.wanted + 1 for post in before]
    over = await post(open_house)
    assert over.text == f"Startup-Night\nwar am Do, 3. Dez., 18:30 · Dortmund\n{TEXT}"
    assert over.buttons == []
    for label in ("Dabei", "Kann nicht"):
        [told] = await open_house.presses(label, chat="founders", on=card)
        assert told.text == "Dieser Termin hat schon begonnen."
    assert await count(open_house) == 0


@pytest.mark.parametrize("label", ["Dabei", "Kann nicht"])
async def test_an_event_that_is_kept_no_more_is_answered_politely(open_house, label):
    await publish(open_house)
    card = await post(open_house)
    await open_house.database.write(lambda tx: tx.execute("DELETE FROM events"))
    [told] = await open_house.presses(label, chat="founders", on=card)
    assert told.text == "Diesen Termin gibt es nicht mehr."


@pytest.mark.parametrize(
    "packed",
    [
        *(
            f"events:{name}|9"
            for name in ("details", "going", "not", "discard", "edit", "cancel", "really", "keep")
        ),
        "events:page|9|1",
        "events:publish|9|0|2",
        "events:place|9~1.",
        "events:open~9",
        "events:draft~9",
    ],
)
async def test_whatever_is_pressed_of_an_event_that_is_gone_hears_so(open_house, packed):
    [shown] = await plan(open_house)
    token = open_house.house.seals.seal(packed, shown.chat_id)
    told = await open_house.presses_token(token, who="mona")
    assert [seen.text for seen in told] == ["Diesen Termin gibt es nicht mehr."]


@pytest.mark.parametrize(
    "payload", ["event_", "event_9", "event_99999999999999999999", "event_x", "event_١", "event_-1"]
)
async def test_a_made_up_link_leads_nowhere(house, payload):
    [told] = await house.commands("start", payload, **TELEGRAM)
    assert told.text == "Diesen Termin gibt es nicht mehr."


async def test_a_draft_is_behind_no_link(house):
    await plan(house)
    [told] = await house.commands("start", "event_1", **TELEGRAM)
    assert told.text == "Diesen Termin gibt es nicht mehr."


# Changes


async def test_a_move_is_shown_struck_on_every_post_and_asked_of_those_who_come(open_house):
    await publish(open_house, seats="50")
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "day": "2026-12-04", "seats": "50"})
    posted = await post(open_house, "gruppe", "telegram")
    assert "Do, 3. Dez. Fr, 4. Dez., 18:30 · Dortmund · 1 dabei, 49 Plätze frei" in posted.text
    spans = [(span.text, span.strike, span.bold) for span in posted.reply.blocks[0].text]
    assert ("Do, 3. Dez.", True, False) in spans
    assert ("Fr, 4. Dez.", False, True) in spans
    asked = (await open_house.screen())[-1]
    assert asked.text == (
        "Startup-Night hat sich geändert: Do, 3. Dez. Fr, 4. Dez., 18:30 · Dortmund\nBleibst du dabei?"
    )
    assert asked.buttons == ["Ja", "Nein"]
    assert (
        "Startup-Night ist geändert, in den Chats auch. Wer zugesagt hat, hört davon."
        in await open_house.texts("mona")
    )
    shown = (await open_house.presses("Ja", on=asked))[0]
    assert "Du bist dabei." in shown.text
    entry = icalendar.Calendar.from_ical(shown.reply.attachments[0].content).walk("VEVENT")[0]
    assert (int(entry["SEQUENCE"]), str(entry["UID"])) == (2, "event-1@hub.ruhr")


async def test_no_takes_the_answer_back(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "place": "Essen"})
    assert "Dortmund Essen" in (await post(open_house)).text
    await open_house.presses("Nein")
    assert await count(open_house) == 0


async def test_a_new_text_is_told_to_nobody(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "text": TEXT, "title": "Startup-Abend"})
    assert (await post(open_house)).text.startswith("Startup-Abend\nDo, 3. Dez., 18:30 · Dortmund")
    assert not any("Bleibst du dabei?" in text for text in await open_house.texts())


async def test_each_move_is_told_once(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    for day in ("2026-12-04", "2026-12-05", "2026-12-05"):
        await open_house.presses("Ändern", who="mona")
        await open_house.submits("mona", **{**NIGHT, "day": day})
    asked = [text for text in await open_house.texts() if "Bleibst du dabei?" in text]
    assert len(asked) == 2
    assert "Fr, 4. Dez. Sa, 5. Dez." in asked[-1]


async def test_those_who_can_not_be_reached_are_passed_over(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="gruppe", on=await post(open_house, "gruppe", "telegram"), **TELEGRAM)
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "day": "2026-12-04"})
    assert "Startup-Night ist geändert, in den Chats auch." in await open_house.texts("mona")
    assert await open_house.screen("ada", "telegram") == []


async def test_fewer_seats_than_people_are_refused_with_their_number(open_house):
    await publish(open_house, seats="5")
    card = await post(open_house)
    for who in ("ada", "bob", "cem"):
        await open_house.presses("Dabei", who=who, chat="founders", on=card)
    await open_house.presses("Ändern", who="mona")
    form = open_house.answer.outcome.form
    await open_house.submits("mona", form=form, **NIGHT, seats="2")
    assert open_house.answer.outcome == FormErrors(
        {"seats": "3 haben schon zugesagt; weniger Plätze gehen nicht."}
    )
    await open_house.submits("mona", form=form, **NIGHT, seats="3")
    assert (await event(open_house)).seats == 3


async def test_the_form_of_a_change_holds_what_is_said_now(open_house):
    await publish(open_house, until="21:00", text=TEXT, seats="50")
    await open_house.presses("Ändern", who="mona")
    form = open_house.answer.outcome.form
    initial = {field.name: str(field.initial) for field in form.fields}
    assert initial == {**NIGHT, "until": "21:00", "text": TEXT, "seats": "50"}


async def test_of_two_changes_at_once_the_later_is_shown_the_earlier(open_house):
    await publish(open_house)
    await open_house.presses("Ändern", who="mona")
    stale = open_house.answer.outcome.form
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "place": "Essen"})
    [told] = await open_house.submits("mona", form=stale, **{**NIGHT, "place": "Bochum"})
    assert told.text.startswith("Jemand anders hat den Termin inzwischen geändert; jetzt ist er so:")
    assert "Essen" in told.text
    assert (await event(open_house)).place == "Essen"


async def test_a_form_opened_on_a_draft_changes_nothing_once_it_is_published(open_house):
    [shown] = await plan(open_house)
    await open_house.presses("Ändern", who="mona", on=shown)
    form = open_house.answer.outcome.form
    await open_house.presses("Veröffentlichen", who="mona", on=shown)
    [told] = await open_house.submits("mona", form=form, **{**NIGHT, "place": "Bochum"})
    assert told.text.startswith("Jemand anders hat den Termin inzwischen geändert; jetzt ist er so:")
    assert told.buttons[-2:] == ["Ändern", "Absagen"]
    assert (await event(open_house)).place == "Dortmund"
    assert "Dortmund" in (await post(open_house)).text


async def test_an_end_at_midnight_is_kept_when_something_else_changes(open_house):
    await plan(open_house, time="10:00", until="24:00")
    await open_house.presses("Ändern", who="mona")
    until = {field.name: field.initial for field in open_house.answer.outcome.form.fields}["until"]
    await open_house.submits("mona", **{**NIGHT, "time": "10:00", "until": until, "place": "Essen"})
    kept = await event(open_house)
    assert (kept.place, kept.ends_at) == ("Essen", datetime(2026, 12, 3, 23, 0, tzinfo=UTC))


async def test_a_move_moves_the_timer(open_house):
    await publish(open_house)
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "day": "2026-12-10"})
    due_at = await open_house.reads(lambda tx: tx.value("SELECT due_at FROM timers WHERE kind = 'events.started'"))
    assert due_at.startswith("2026-12-10T17:30")


async def test_called_off_every_post_says_so_and_those_who_come_hear_it(open_house):
    await publish(open_house)
    card = await post(open_house)
    await open_house.presses("Dabei", chat="founders", on=card)
    [asked] = await open_house.presses("Absagen", who="mona")
    assert asked.text == "Startup-Night am Do, 3. Dez. absagen? Wer zugesagt hat, hört davon."
    assert asked.buttons == ["Wirklich absagen", "Nein"]
    [kept] = await open_house.presses("Nein", who="mona", on=asked)
    assert kept.text == "Gut, Startup-Night bleibt."
    assert (await event(open_house)).state == "published"
    await stands(open_house)
    await open_house.presses("Wirklich absagen", who="mona", on=asked)
    off = await post(open_house, "gruppe", "telegram")
    assert off.text == "Startup-Night – abgesagt\nDo, 3. Dez., 18:30 · Dortmund"
    assert off.buttons == []
    assert (await open_house.texts())[-1] == "Startup-Night am Do, 3. Dez. fällt leider aus."
    for label, who, where in (("Wirklich absagen", "mona", asked), ("Nein", "mona", asked)):
        [late] = await open_house.presses(label, who=who, on=where)
        assert late.text == "Dieser Termin ist abgesagt."
    [late] = await open_house.presses("Dabei", chat="founders", on=card)
    assert late.text == "Dieser Termin ist abgesagt."
    assert await open_house.reads(lambda tx: tx.values("SELECT * FROM timers WHERE kind = 'events.started'")) == []


async def test_called_off_before_it_was_posted_it_is_posted_nowhere(open_house):
    await publish(open_house)
    await open_house.presses("Absagen", who="mona")
    await open_house.presses("Wirklich absagen", who="mona")
    states = await open_house.reads(lambda tx: tx.values("SELECT state FROM posts WHERE subject = 'event:1'"))
    assert states == [("gone",), ("gone",)]


# Where a post does not stand any more, or not yet


async def upgraded(bot):
    """The Telegram group became a supergroup: its posts can't be reached any more."""
    await bot.does(ChatMoved(**bot._facts("gerd", platform="telegram", chat="gruppe"), new_chat="super"))


async def test_in_a_group_that_moved_only_what_is_on_is_posted_again(open_house):
    for title, day in (("Vorbei", "2026-11-26"), ("Fällt aus", "2026-12-03"), ("Kommt", "2026-12-04")):
        await publish(open_house, title=title, day=day)
    await stands(open_house)
    await open_house.commands("termine", who="mona")
    await open_house.picks("Fällt aus · Do, 3. Dez.", who="mona")
    await open_house.presses("Absagen", who="mona")
    await open_house.presses("Wirklich absagen", who="mona")
    open_house.passes(days=5)
    await due(open_house)
    await stands(open_house)
    await upgraded(open_house)
    again = [seen.text for seen in await open_house.screen("super", "telegram") if seen.id.startswith("p")]
    assert [text.split("\n")[0] for text in again] == ["Kommt"]
    there = [seen.text for seen in await open_house.screen("founders") if seen.id.startswith("p")]
    assert len(there) == 3, "where they stand they stay true"


@pytest.mark.parametrize("ends", ["begins", "is called off"])
async def test_a_post_that_an_admin_deleted_does_not_come_back_to_say_that_it_ended(open_house, ends):
    await publish(open_house)
    await stands(open_house)
    if ends == "begins":
        open_house.passes(days=12)
        await due(open_house)
    else:
        await open_house.presses("Absagen", who="mona")
        await open_house.presses("Wirklich absagen", who="mona")

    def find_gone(tx):
        [post] = [post for post in posts.list_posts(tx, "event:1", "events.card") if post.chat_id == 2]
        assert posts.mark_post_sending_if_untrue(tx, post.id, open_house.now)
        posts.mark_post_pending_again(tx, post.id, open_house.now, "message to edit not found", anew=True)

    assert await standing_in(open_house) == {"founders", "gruppe"}
    await open_house.database.write(find_gone)
    assert await standing_in(open_house) == {"founders"}


async def test_called_off_while_the_first_try_is_under_way_it_is_not_tried_again(open_house):
    await publish(open_house)
    [slack, telegram] = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))

    def claim(tx):
        for each in (slack, telegram):
            assert posts.mark_post_sending_if_untrue(tx, each.id, open_house.now)

    def settle(tx):
        posts.mark_post_sent(tx, slack.id, "C:1", "text", open_house.now, open_house.now)
        posts.mark_post_pending_again(tx, telegram.id, open_house.now, "connection refused")

    await open_house.database.write(claim)
    await open_house.presses("Absagen", who="mona")
    await open_house.presses("Wirklich absagen", who="mona")
    await open_house.database.write(settle)
    assert await standing_in(open_house) == {"founders"}
    assert (await post(open_house)).text.startswith("Startup-Night – abgesagt")


@pytest.mark.parametrize("way", ["button", "word"])
async def test_a_group_that_unsubscribed_does_not_get_what_waited(house, way):
    await added(house, "gruppe")
    await house.presses("Termine abonnieren", chat="gruppe", chat_admin=True, **TELEGRAM)
    await publish(house)
    await stands(house)
    await publish(house, title="Frühstück")
    if way == "button":
        await house.presses("Abbestellen", chat="gruppe", chat_admin=True, **TELEGRAM)
    else:
        await house.gives("tara", "lead", "telegram")
        await house.commands("here", "not events", who="tara", chat="gruppe", **TELEGRAM)
    shown = [seen.text.split("\n")[0] for seen in await house.screen("gruppe", "telegram") if seen.id[0] == "p"]
    assert "Frühstück" not in shown
    assert "Startup-Night" in shown, "what stands stays true"
    assert any(text.startswith("Ich bin Kumpel") for text in shown), "so does the card"


async def test_a_topic_that_unsubscribed_does_not_get_what_another_topic_does(house):
    for topic in ("7", "8"):
        await subscribe(house, "forum", "telegram", thread=topic)
    await publish(house)
    await house.commands("here", "not events", who="tara", chat="forum", thread="8", **TELEGRAM)
    shown = [seen for seen in await house.screen("forum", "telegram") if seen.text.startswith("Startup-Night")]
    assert [seen.thread for seen in shown] == ["7"]


# Lists, details


async def test_nothing_planned_is_said_honestly(house):
    for text, answer in (
        ("Was steht an?", "Gerade ist nichts geplant."),
        ("any events this week?", "Nothing is planned"),
    ):
        [told] = await house.says(text)
        assert told.text.startswith(answer)


async def test_the_next_five_stand_in_lines(open_house):
    for day in range(1, 8):
        await publish(open_house, title=f"Abend {day}", day=f"2026-12-{day:02}")
    [listed] = await open_house.commands("termine")
    assert listed.text.splitlines() == [
        "Das steht an:",
        *(
            f"Abend {n} – {name}, {n}. Dez., 18:30 · Dortmund"
            for n, name in zip(range(1, 6), ("Di", "Mi", "Do", "Fr", "Sa"), strict=True)
        ),
    ]
    [shown] = await open_house.picks("Abend 3 · Do, 3. Dez.")
    assert shown.buttons == ["Dabei", "Kann nicht"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Was steht diese Woche an?", ["Geplant für diese Woche:", "Frühstück"]),
        ("Welche Events gibt es nächste Woche?", ["Geplant für nächste Woche:", "Startup-Night"]),
        ("Wann ist die nächste Startup-Night?", ["Das steht an:", "Startup-Night"]),
        ("Gibt es am Donnerstag ein Event?", ["Geplant für Do, 26. Nov.:", "Frühstück"]),
        (
            "Gibt es am Wochenende Veranstaltungen?",
            ["Für das Wochenende ist nichts geplant. Als Nächstes:", "Frühstück", "Startup-Night"],
        ),
        (
            "Any events tomorrow?",
            ["Nothing is planned for tomorrow (Tue 24 Nov). Next up:", "Frühstück", "Startup-Night"],
        ),
        ("Any events this month?", ["Planned for this month:", "Frühstück"]),
        ("Was steht an?", ["Das steht an:", "Frühstück", "Startup-Night"]),
    ],
)
async def test_a_question_gets_the_events_it_is_about(open_house, text, lines):
    await publish(open_house, title="Frühstück", day="2026-11-26", time="9:00")
    await publish(open_house)
    [told] = await open_house.says(text)
    assert [line.partition(" – ")[0] for line in told.text.splitlines()] == lines


async def test_details_show_all_of_it_to_one_person_alone(open_house):
    long = "Fünf Pitches. " * 80
    await publish(open_house, text=long)
    card = await post(open_house)
    assert card.buttons == ["Dabei", "Kann nicht", "Details"]
    assert len(card.text) < 400
    assert card.text.endswith("…")
    [shown] = await open_house.presses("Details", chat="founders", on=card)
    assert shown.to == "ada"
    assert long.strip() in shown.text
    assert "Von Mona" in shown.text
    assert [file.filename for file in shown.reply.attachments] == ["event-1.ics"]
    card = await post(open_house, "gruppe", "telegram")
    await open_house.presses("Details", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.answer.outcome == Toast(
        "Schreib mir einmal direkt, dann kann ich dir dort antworten.", start="event_1"
    )
    await open_house.commands("start", "event_1", **TELEGRAM)
    await open_house.presses("Details", chat="gruppe", on=card, **TELEGRAM)
    assert open_house.toast == "Ich habe dir direkt geschrieben."
    assert not any("Von Mona" in text for text in await open_house.texts("gruppe", "telegram"))


async def test_a_calendar_entry_is_the_same_event_with_each_revision(open_house):
    await publish(open_house, until="21:00", text="Zeile eins\nZeile zwei; mit Strichpunkt, und mehr")
    await open_house.commands("termine")
    [shown] = await open_house.presses("Details")
    entry = icalendar.Calendar.from_ical(shown.reply.attachments[0].content).walk("VEVENT")[0]
    assert str(entry["UID"]) == "event-1@hub.ruhr"
    assert int(entry["SEQUENCE"]) == 1
    assert entry.decoded("DTSTART") == datetime(2026, 12, 3, 17, 30, tzinfo=UTC)
    assert entry.decoded("DTEND") == datetime(2026, 12, 3, 20, 0, tzinfo=UTC)
    assert str(entry["DESCRIPTION"]) == "Zeile eins\nZeile zwei; mit Strichpunkt, und mehr"
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == ("Startup-Night", "Dortmund")


async def test_managers_see_who_comes_and_nobody_else_does(open_house):
    await publish(open_house)
    card = await post(open_house)
    await open_house.presses("Dabei", chat="founders", on=card, name="Ada Lovelace")
    await open_house.presses("Dabei", who="bob", chat="founders", on=card)
    await open_house.commands("termine", who="mona")
    [shown] = await open_house.presses("Details", who="mona")
    assert "Dabei (2): Ada Lovelace, Bob" in shown.text
    assert shown.buttons[-2:] == ["Ändern", "Absagen"]
    await open_house.commands("termine", who="cem")
    [shown] = await open_house.presses("Details", who="cem")
    assert "Lovelace" not in shown.text
    for chat, platform in (("founders", "slack"), ("gruppe", "telegram")):
        assert not any("Lovelace" in text for text in await open_house.texts(chat, platform))


async def test_what_people_write_is_shown_to_the_letter(open_house):
    hostile = "**A** <!channel> [x](https://evil.example) _{who}_ `rm` | ~~b~~ {title} 👩🏽‍🚀"
    await publish(open_house, title=hostile[:80], place="{place} *<b>*", text=hostile + "\nBEGIN:VEVENT\r\n\x00")
    card = await post(open_house)
    assert hostile[:80] in card.text
    assert "{place} *<b>*" in card.text
    assert not any(span.link or span.code or span.strike for span in card.reply.blocks[0].text)
    await open_house.commands("termine")
    [shown] = await open_house.presses("Details")
    calendar = icalendar.Calendar.from_ical(shown.reply.attachments[0].content)
    assert len(calendar.walk("VEVENT")) == 1


async def test_a_list_in_a_group_says_nothing_of_anybody(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    [listed] = [s for s in await open_house.says("termine", chat="founders") if "Das steht an" in s.text]
    assert "du bist dabei" not in listed.text
    [listed] = await open_house.says("termine", who="mona", chat="founders")
    assert "Neuer Termin" not in listed.buttons


async def test_the_home_page_shows_my_events_and_the_next(open_house):
    [home] = await open_house.opens_home("mona")
    assert "Neuer Termin" in home.buttons
    await publish(open_house)
    await publish(open_house, title="Frühstück", day="2026-12-10")
    await open_house.presses("Dabei", chat="founders", on=(await open_house.screen("founders"))[-2])
    await open_house.opens_home()
    home = (await open_house.screen())[-1]
    page = next(seen for seen in await open_house.screen() if seen.id.startswith("p"))
    assert "Termine mit dir:\nStartup-Night" in page.text
    assert "Das steht an:\nFrühstück" in page.text
    assert "Neuer Termin" not in page.buttons


# Subscribing


async def test_added_to_a_group_the_bot_says_what_it_does_there(house):
    [card] = await added(house)
    assert card.text == (
        "Ich bin Kumpel, der Bot des ruhr:HUB. Fragt mich was dazu: einfach erwähnen.\n"
        "Wenn ihr mögt, kündige ich hier Termine und Mitteilungen des Teams an;"
        " das entscheiden die Admins dieser Gruppe."
    )
    assert card.buttons == ["Termine abonnieren"]
    [card] = await added(house, "kanal", "slack")
    assert card.buttons == ["Termine abonnieren"]


@pytest.mark.parametrize("platform", ["slack", "telegram"])
async def test_an_admin_subscribes_and_unsubscribes(house, platform):
    where = {"chat": "neue", "platform": platform}
    await added(house, **where)
    sent = await house.presses("Termine abonnieren", chat_admin=True, **where)
    said = [house.toast] if platform == "telegram" else [seen.text for seen in sent]
    assert "Abonniert. Termine und Mitteilungen kommen hierher." in said
    assert (await post(house, **where)).text.endswith(
        "Abonniert: Termine und Mitteilungen des Teams kommen hierher."
    )
    assert (await post(house, **where)).buttons == ["Abbestellen"]
    await publish(house)
    assert "Startup-Night" in (await post(house, **where)).text
    await house.presses("Abbestellen", chat_admin=True, **where)
    welcome = [seen for seen in await house.screen(**where) if "Termine abonnieren" in seen.buttons]
    assert len(welcome) == 1
    assert await house.reads(lambda tx: places.list_places(tx, "events")) == []


@pytest.mark.parametrize("label", ["Termine abonnieren", "Abbestellen"])
async def test_nobody_but_admins_and_leads_decides_over_a_group(house, label):
    await added(house)
    if label == "Abbestellen":
        await house.presses("Termine abonnieren", chat="neue", chat_admin=True, **TELEGRAM)
    before = await house.reads(lambda tx: places.list_places(tx, "events"))
    for who in ("gerd", "max"):  # not even a manager
        assert await house.presses(label, who=who, chat="neue", **TELEGRAM) == []
        assert house.answer.outcome == Toast("Das dürfen nur Admins dieser Gruppe.", alert=True)
    assert await house.reads(lambda tx: places.list_places(tx, "events")) == before
    await house.gives("tara", "lead", "telegram")
    await house.presses(label, who="tara", chat="neue", **TELEGRAM)
    assert await house.reads(lambda tx: places.list_places(tx, "events")) != before


async def test_pressed_twice_it_is_subscribed_once(house):
    [card] = await added(house)
    for told in ("Abonniert. Termine und Mitteilungen kommen hierher.", "Termine kommen schon hierher."):
        await house.presses("Termine abonnieren", chat="neue", chat_admin=True, on=card, **TELEGRAM)
        assert house.toast == told
    assert len(await house.reads(lambda tx: places.list_places(tx, "events"))) == 1


async def test_a_new_subscriber_gets_the_next_three(house):
    for day in (5, 4, 3, 2, 1):
        await publish(house, title=f"Abend {day}", day=f"2026-12-{day:02}")
    sent = await subscribe(house, "founders")
    assert any("Die nächsten 3 Termine kommen gleich." in seen.text for seen in sent)
    shown = [seen.text.split("\n")[0] for seen in await house.screen("founders") if seen.id.startswith("p")]
    assert shown == ["Abend 1", "Abend 2", "Abend 3"]
    await added(house)
    await house.presses("Termine abonnieren", chat="neue", chat_admin=True, **TELEGRAM)
    screen = await house.screen("neue", "telegram")
    shown = [seen.text.split("\n")[0] for seen in screen if "Abend" in seen.text]
    assert shown == ["Abend 1", "Abend 2", "Abend 3"]


async def test_a_leads_word_changes_the_card_too(house):
    async def wanted():
        return await house.reads(lambda tx: tx.value("SELECT wanted FROM posts WHERE subject LIKE 'welcome:%'"))

    await added(house, "neue", "slack")
    await subscribe(house, "neue")
    assert ((await post(house, "neue")).buttons, await wanted()) == (["Abbestellen"], 2)
    await house.commands("here", "not events", who="lea", chat="neue")
    assert ((await post(house, "neue")).buttons, await wanted()) == (["Termine abonnieren"], 3)


async def test_added_again_the_card_is_posted_again_and_the_subscription_holds(house):
    await added(house)
    await house.presses("Termine abonnieren", chat="neue", chat_admin=True, **TELEGRAM)
    await house.database.write(
        lambda tx: tx.execute(
            "UPDATE posts SET ref = '5', sent = wanted, sending = wanted WHERE subject LIKE 'welcome:%'"
        )
    )
    await house.does(BotRemoved(**house._facts("gerd", platform="telegram", chat="neue")))
    await publish(house)
    await added(house)
    [again] = await house.reads(
        lambda tx: tx.values("SELECT ref, generation FROM posts WHERE subject LIKE 'welcome:%'")
    )
    assert again == ("", 2)
    assert any("Startup-Night" in text for text in await house.texts("neue", "telegram"))


# Where it could not be posted


async def test_the_one_who_published_hears_where_it_could_not_be_posted(open_house):
    await publish(open_house)
    [slack, telegram] = await open_house.reads(lambda tx: posts.list_posts(tx, "event:1", "events.card"))

    def settle(tx):
        posts.mark_post_sending_if_untrue(tx, slack.id, open_house.now)
        posts.mark_post_sent(tx, slack.id, "C:1", "text", open_house.now, open_house.now)

    def refuse(tx):
        posts.mark_post_sending_if_untrue(tx, telegram.id, open_house.now)
        posts.mark_post_failed(tx, telegram.id, "kicked")

    await open_house.database.write(settle)
    open_house.passes(minutes=2)
    await due(open_house)
    assert not any("von 2 Chats" in text for text in await open_house.texts("mona")), "one is on its way yet"
    await open_house.database.write(refuse)
    open_house.passes(minutes=2)
    await due(open_house)
    told = "Startup-Night steht in 1 von 2 Chats. Nicht schreiben darf ich in gruppe."
    assert told in await open_house.texts("mona")
    assert await open_house.reads(lambda tx: tx.values("SELECT 1 FROM timers WHERE kind = 'events.reached'")) == []


# What is kept


async def test_answers_go_90_days_after_the_event_events_after_two_years_and_drafts_after_14_days(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    await plan(open_house, title="Entwurf")
    start = datetime(2026, 12, 3, 17, 30, tzinfo=UTC)

    async def left(now):
        await open_house.database.write(lambda tx: retention.remove_expired(tx, now, events.RETENTION))
        return await open_house.reads(
            lambda tx: tx.values(
                "SELECT (SELECT count(*) FROM events WHERE state = 'draft'), (SELECT count(*) FROM event_answers),"
                " (SELECT count(*) FROM posts WHERE subject = 'event:1'),"
                " (SELECT count(*) FROM events WHERE state = 'published')"
            )
        )

    assert await left(open_house.now + timedelta(days=13.9)) == [(1, 1, 2, 1)]
    assert await left(open_house.now + timedelta(days=14.1)) == [(0, 1, 2, 1)]
    assert await left(start + timedelta(days=89.9)) == [(0, 1, 2, 1)]
    assert await left(start + timedelta(days=90.1)) == [(0, 0, 0, 1)]
    assert await left(start + timedelta(days=729.9)) == [(0, 0, 0, 1)]
    assert await left(start + timedelta(days=730.1)) == [(0, 0, 0, 0)]


async def test_a_forgotten_person_comes_to_nothing_any_more_and_a_forgotten_manager_leaves_the_event(open_house):
    await publish(open_house)
    await open_house.presses("Dabei", chat="founders", on=await post(open_house))
    for who in ("ada", "mona"):
        person = await open_house.reads(lambda tx, who=who: people.get_account(tx, "slack", who).person_id)
        await open_house.database.write(
            lambda tx, person=person: tx.execute("DELETE FROM persons WHERE id = ?", (person,))
        )
    assert await count(open_house) == 0
    assert "noch niemand dabei" in (await post(open_house)).text
    await open_house.commands("termine", who="cem")
    [shown] = await open_house.presses("Details", who="cem")
    assert "Von " not in shown.text


async def test_a_form_sent_in_without_a_change_changes_nothing_and_says_so(open_house):
    await publish(open_house, seats="50")
    before = await open_house.reads(
        lambda tx: tx.value("SELECT sum(wanted) FROM posts WHERE subject LIKE 'event:%'")
    )
    await open_house.presses("Ändern", who="mona")
    await open_house.submits("mona", **{**NIGHT, "seats": "50"})
    assert "Startup-Night bleibt, wie es ist." in await open_house.texts("mona")
    after = await open_house.reads(
        lambda tx: tx.value("SELECT sum(wanted) FROM posts WHERE subject LIKE 'event:%'")
    )
    assert after == before
