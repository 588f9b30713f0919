"""Lists of events, and all that is told of one."""

from __future__ import annotations

from datetime import UTC, datetime

import icalendar
import pytest
from events_stage import TELEGRAM, post, publish

from handlers.core.ui import Toast


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
