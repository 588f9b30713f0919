"""The form in which an event is planned: what it asks, what it takes, what it tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from events_stage import NIGHT, TELEGRAM, TEXT, event, plan

from handlers.core.ui import FormErrors, OpenForm


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
