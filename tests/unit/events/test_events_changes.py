"""An event is changed or called off, and those who come hear it."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
from events_stage import NIGHT, TELEGRAM, TEXT, count, event, plan, post, publish, stands

from handlers.core.ui import FormErrors


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
