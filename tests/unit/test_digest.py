"""The week's digest, and the figures of the questions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.faq_stats import WEEKS, chart, read_figures, told
from handlers.core.context import system_context
from handlers.operation import digest
from storage import faq, faq_figures, timers
from storage.errors import StoreUnavailableError

PRICE = "was kostet ein schreibtisch im monat"
PRINTER = {
    "title": "Gibt es einen 3D-Drucker?",
    "answer": "Ja, neben der Küche.",
    "ask": "habt ihr einen 3d drucker",
    "language": "de",
}


@pytest.fixture
async def team(bot):
    """A bot with a lead and a team chat."""
    await bot.gives("lea", "lead")
    await bot.commands("here", "managers", who="lea", chat="team")
    return bot


async def sends_digest(bot):
    await bot.database.write(lambda tx: digest.send(system_context(bot.house, tx, bot.now), "week"))
    return [seen for seen in await bot.screen("team") if "Die Woche in Kürze" in seen.text]


async def outcomes(bot):
    since = bot.now.date() - timedelta(days=1)
    rows = await bot.reads(lambda tx: faq_figures.list_outcomes(tx, since, since + timedelta(days=3)))
    return {(row.outcome, row.entry): row.number for row in rows}


async def test_what_became_of_each_question_is_noted(bot):
    await bot.says(PRICE)
    await bot.presses("Hilft nicht")
    await bot.says("Welche Camps gibt es?", who="bob")
    await bot.says("Habt ihr einen Helikopter auf dem Dach?")
    found = await outcomes(bot)
    assert found[("not_helped", "desk-price")] == 1
    assert found[("unknown", "")] == 1


async def test_a_picked_suggestion_counts_once_and_is_proposed(bot):
    await bot.says("was bringt mir das")
    await bot.presses("Was bietet ihr Start-ups?")
    assert {kind for kind, _ in await outcomes(bot)} == {"picked"}
    assert sum((await outcomes(bot)).values()) == 1
    rows = await bot.reads(lambda tx: tx.values("SELECT why, state FROM faq_proposals"))
    assert rows == [("picked", "open")]


async def test_a_picked_suggestion_that_did_not_help_counts_once_and_is_no_way_to_ask(bot):
    await bot.says("was bringt mir das")
    await bot.presses("Was bietet ihr Start-ups?")
    await bot.presses("Hilft nicht")
    assert await outcomes(bot) == {("not_helped", "for-startups"): 1}
    assert await bot.reads(lambda tx: tx.values("SELECT entry_id, why FROM faq_proposals")) == [
        ("for-startups", "not_helped")
    ]


async def test_what_did_not_help_is_proposed_once_however_often_it_is_pressed(bot):
    [answer] = await bot.says(PRICE)
    await bot.presses("Hilft nicht", on=answer)
    await bot.presses("Hilft nicht", on=answer)
    assert await bot.reads(lambda tx: tx.values("SELECT entry_id, why FROM faq_proposals")) == [
        ("desk-price", "not_helped")
    ]


async def test_nobody_elses_press_says_anything_of_a_question(bot):
    [answer] = await bot.says(PRICE, chat="founders")
    await bot.presses("Hilft nicht", who="eve", on=answer, chat="founders")
    assert await bot.reads(lambda tx: tx.values("SELECT * FROM faq_proposals")) == []
    assert ("answered", "desk-price") in await outcomes(bot)


async def test_the_digest_groups_what_could_not_be_answered(team):
    for who, said in (
        ("ada", "habt ihr einen 3d drucker"),
        ("bob", "gibt es 3D-Drucker bei euch?"),
        ("eve", "3d drucker?"),
        ("ada", "Habt ihr einen Helikopter auf dem Dach?"),
    ):
        await team.says(said, who=who)
    await team.says(PRICE)
    await team.presses("Hilft nicht")
    team.passes(days=1)
    [seen] = await sends_digest(team)
    assert "(3)" in seen.text
    assert "Helikopter" in seen.text
    assert "Half nicht:\nWas kostet ein Schreibtisch?" in seen.text
    assert "sind zu prüfen" in seen.text


async def test_what_is_answered_by_now_is_not_missed_any_more_but_what_lacks_its_fact_is(team):
    await team.says("Habt ihr einen Helikopter auf dem Dach?")
    await team.says("habt ihr einen 3d drucker")
    await team.says("wann habt ihr offen?")
    await team.commands("faq", "neu", "lea")
    await team.submits("lea", **PRINTER)
    await team.presses("Veröffentlichen", "lea")
    await team.understands("der index folgt")
    [seen] = await sends_digest(team)
    assert "Noch ohne Antwort (2)" in seen.text
    assert "Helikopter" in seen.text
    assert "wann habt ihr offen" in seen.text
    assert "3d drucker" not in seen.text


async def test_the_digest_comes_once_a_week_to_each_chat(team):
    await team.says("Habt ihr einen Helikopter auf dem Dach?")
    assert len(await sends_digest(team)) == 1
    assert len(await sends_digest(team)) == 1
    team.passes(days=7)
    await team.says("Habt ihr einen Helikopter auf dem Dach?")
    assert len(await sends_digest(team)) == 2


async def test_each_question_is_told_in_one_digest(team):
    zone = team.house.hub.zone
    team.now = datetime(2026, 11, 29, 23, 0, tzinfo=zone)
    await team.says("Habt ihr einen Helikopter auf dem Dach?")
    team.now = datetime(2026, 11, 30, 8, 0, tzinfo=zone)
    await team.says(PRICE)
    team.now = datetime(2026, 11, 30, 9, 0, tzinfo=zone)
    [first] = await sends_digest(team)
    team.now = datetime(2026, 12, 7, 9, 0, tzinfo=zone)
    [_, second] = await sends_digest(team)
    assert "Eine Frage, 0 % beantwortet." in first.text
    assert "Helikopter" in first.text
    assert "Eine Frage, 100 % beantwortet." in second.text
    assert "Helikopter" not in second.text


async def test_after_a_free_monday_the_digest_tells_of_the_monday_before_as_well(team):
    zone = team.house.hub.zone
    team.now = datetime(2027, 3, 22, 12, 0, tzinfo=zone)
    await team.says("Habt ihr einen Helikopter auf dem Dach?")
    team.now = datetime(2027, 3, 30, 9, 0, tzinfo=zone)
    [seen] = await sends_digest(team)
    assert "Helikopter" in seen.text
    assert "Eine Frage, 0 % beantwortet." in seen.text


async def test_proposals_for_an_answer_that_is_given_no_more_are_not_counted(team):
    await team.says("was bringt mir das")
    await team.presses("Was bietet ihr Start-ups?")

    def retire(tx):
        row = faq.get_entry(tx, "for-startups")
        faq.mark_changed_if_version(
            tx, row.id, row.version, row.content, team.now, what="retired", state="retired"
        )

    await team.database.write(retire)
    team.passes(days=1)
    [seen] = await sends_digest(team)
    assert seen.buttons == ["Antworten prüfen"]


async def test_people_are_told_that_the_team_reads_what_had_no_answer(team):
    await team.says("Habt ihr einen Helikopter auf dem Dach?")
    [seen] = await sends_digest(team)
    assert "Helikopter" in seen.text
    readers = team.house.hub.privacy.readers
    assert "auch das Team, ohne deinen Namen" in readers.de
    assert "the team too, without your name" in readers.en


async def test_the_next_digest_is_due_on_monday_at_nine_or_the_first_working_day(bot):
    def due(after: datetime) -> str:
        return f"{digest.next_time(context, after).astimezone(bot.house.hub.zone):%Y-%m-%d %H:%M}"

    context = await bot.reads(lambda tx: system_context(bot.house, tx, bot.now))
    assert due(datetime(2026, 11, 23, 7, 59, tzinfo=UTC)) == "2026-11-23 09:00"
    assert due(datetime(2026, 11, 23, 8, 0, tzinfo=UTC)) == "2026-11-30 09:00"
    assert due(datetime(2026, 11, 28, 12, 0, tzinfo=UTC)) == "2026-11-30 09:00"
    assert due(datetime(2027, 3, 27, 12, 0, tzinfo=UTC)) == "2027-03-30 09:00"  # Easter Monday is free
    assert due(datetime(2027, 3, 30, 6, 0, tzinfo=UTC)) == "2027-03-30 09:00"


async def test_a_start_neither_loses_an_overdue_digest_nor_moves_the_next_one(bot):
    def begun(tx):
        digest.begin(system_context(bot.house, tx, bot.now))
        return timers.get_next_due(tx)

    first = await bot.database.write(begun)
    bot.now = first + timedelta(hours=5)
    assert await bot.database.write(begun) == first


# The figures on the command line


async def test_the_weeks_figures_are_told_in_both_languages_and_drawn(bot):
    await bot.says(PRICE)
    await bot.presses("Hilft mir")
    await bot.says("what does a desk cost per month?", who="bob")
    await bot.says("Habt ihr einen Helikopter auf dem Dach?")
    figures = read_figures(bot.path, "de", bot.now)
    assert len(figures.weeks) == WEEKS
    lines = list(told(figures, "de"))
    assert lines[0] == "Woche 23. Nov. bis 29. Nov."
    assert "      2  beantwortet (67 %)" in "\n".join(lines)
    assert "  Sprachen: Deutsch 2, Englisch 1" in lines
    assert "  Hilft mir: 1, hilft nicht: 0" in lines
    assert lines[-1].endswith("2  Was kostet ein Schreibtisch?")
    assert "  Languages: German 2, English 1" in list(told(read_figures(bot.path, "en", bot.now), "en"))
    assert chart(figures, "de").startswith(b"\x89PNG")


async def test_a_week_without_questions_is_told_too(bot):
    figures = read_figures(bot.path, "en", bot.now)
    assert list(told(figures, "en"))[1] == "  Nobody asked anything."
    assert chart(figures, "en").startswith(b"\x89PNG")


async def test_what_went_after_its_time_is_still_counted(bot):
    await bot.says(PRICE)
    await bot.database.write(lambda tx: tx.execute("DELETE FROM questions"))
    assert read_figures(bot.path, "de", bot.now).weeks[-1].number == 1


def test_without_a_database_it_says_so(tmp_path):
    with pytest.raises(StoreUnavailableError):
        read_figures(tmp_path / "none.db", "de", datetime(2026, 11, 23, tzinfo=UTC))
