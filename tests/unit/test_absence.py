"""People who stay away for years: told, asked whether they want to stay, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import structs

from bot.privacy_report import report
from handlers.core.context import system_context
from handlers.core.hub import PackError, load_hub
from handlers.privacy import absence
from storage import blocks, linking, merging, people, timers

YEARS = timedelta(days=1096)
"""Three years, as the hub's privacy.toml says."""

LONG = YEARS - absence.TOLD_BEFORE
BOTH = pytest.mark.parametrize("platform", ["slack", "telegram"])


async def looks(bot) -> None:
    """Take the day's look."""

    def look(tx):
        ctx = system_context(bot.house, tx, bot.now)
        absence.start(ctx)
        [timer] = [
            each for each in timers.list_due_timers(tx, bot.now + timedelta(2)) if each.kind == absence.LOOK
        ]
        timers.remove_timer(tx, absence.LOOK, "all")
        absence.look(ctx, timer.subject)

    await bot.database.write(look)


async def value(bot, query: str):
    return await bot.reads(lambda tx: tx.value(query))


async def days_go_by(bot, span: timedelta, each: timedelta = timedelta(days=5)) -> None:
    """Let time pass, with a look now and then."""
    end = bot.now + span
    while bot.now < end:
        bot.now = min(bot.now + each, end)
        await looks(bot)


async def told(bot, who: str = "ada", platform: str = "slack") -> list[str]:
    return [text for text in await bot.texts(who, platform) if "Du warst lange nicht da." in text]


@BOTH
async def test_whoever_stays_away_is_told_a_month_before_and_then_forgotten(bot, platform):
    await bot.says("hallo", platform=platform)
    bot.now += LONG - timedelta(days=1)
    await looks(bot)
    assert await told(bot, platform=platform) == []
    bot.passes(days=2)
    await looks(bot)
    [said] = await told(bot, platform=platform)
    assert said.startswith("Du warst lange nicht da. Am Sa, 24. Nov. lösche ich, was ich über dich weiß")
    await days_go_by(bot, timedelta(days=29))
    assert len(await told(bot, platform=platform)) == 1
    assert await value(bot, "SELECT count(*) FROM persons") == 1
    await days_go_by(bot, timedelta(days=2))
    assert (
        await value(bot, "SELECT count(*) FROM persons") == await value(bot, "SELECT count(*) FROM accounts") == 0
    )
    assert await value(bot, "SELECT count(*) FROM tombstones") == 1


@BOTH
async def test_one_press_and_all_stays(bot, platform):
    await bot.says("hallo", platform=platform)
    bot.now += LONG + timedelta(days=1)
    await looks(bot)
    [stays] = await bot.presses("Bleiben", platform=platform)
    assert stays.text == "Schön, dass du da bist. Alles bleibt, wie es ist."
    assert await told(bot, platform=platform) == [], "it stands in place of the question"
    await days_go_by(bot, timedelta(days=60))
    assert await value(bot, "SELECT count(*) FROM persons") == 1
    bot.now += LONG
    await looks(bot)
    assert len(await told(bot, platform=platform)) == 1, "it begins anew"


async def test_any_word_is_as_good_as_the_button(bot):
    await bot.says("hallo")
    bot.now += LONG + timedelta(days=1)
    await looks(bot)
    await bot.says("Wann ist offen?")
    await days_go_by(bot, timedelta(days=60))
    assert await value(bot, "SELECT count(*) FROM persons") == 1


async def test_whoever_was_told_late_has_their_month_all_the_same(bot):
    await bot.says("hallo")
    bot.now += 2 * YEARS  # nobody looked for long
    await looks(bot)
    assert await value(bot, "SELECT count(*) FROM persons") == 1
    bot.passes(days=31)
    await looks(bot)
    assert await value(bot, "SELECT count(*) FROM persons") == 0


async def test_who_can_not_be_reached_goes_too(bot):
    await bot.database.write(lambda tx: people.add_account(tx, "telegram", "tom", bot.now, name="Tom"))
    bot.now += LONG + timedelta(days=1)
    await days_go_by(bot, timedelta(days=40))
    assert await value(bot, "SELECT count(*) FROM persons") == 0


async def test_whoever_has_a_role_stays(bot):
    await bot.gives("lea", "lead")
    await bot.gives("mona", "project")
    bot.now += 2 * YEARS
    await days_go_by(bot, timedelta(days=60), timedelta(days=20))
    assert await value(bot, "SELECT count(*) FROM persons") == 2


async def test_whoever_was_blocked_is_forgotten_and_stays_blocked(bot):
    await bot.gives("lea", "lead")
    await bot.says("hallo", "eve")
    await bot.commands("sperre", "@Eve Lärm", "lea", mentions=(bot.actor("eve"),))
    bot.now += LONG + timedelta(days=1)
    await looks(bot)
    [asked] = [seen for seen in await bot.screen("eve") if "Bleiben" in seen.buttons]
    await days_go_by(bot, timedelta(days=40))
    assert await value(bot, "SELECT count(*) FROM kept_blocks") == 1
    bot.strangers = True
    [told] = await bot.says("hallo", "eve")
    assert "gesperrt" in told.text
    await bot.presses("Bleiben", "eve", on=asked)
    assert len(await bot.reads(blocks.list_blocks)) == 1


async def test_a_day_is_noted_once_and_no_time(bot):
    await bot.says("hallo")
    assert await value(bot, "SELECT seen_on FROM persons") == "2026-11-23"
    writes = []
    bot.passes(days=1)
    for text in ("hallo", "Was kostet ein Schreibtisch?", "hilfe"):
        before = await value(bot, "SELECT seen_on FROM persons")
        await bot.says(text)
        writes.append(before != await value(bot, "SELECT seen_on FROM persons"))
    assert writes == [True, False, False]
    assert await value(bot, "SELECT seen_on FROM persons") == "2026-11-24"


async def test_a_message_on_a_day_that_is_noted_costs_no_statement_more(bot, monkeypatch):
    noted = []
    monkeypatch.setattr(people, "mark_here", lambda *args: noted.append(args))
    await bot.says("hallo")
    await bot.says("hilfe")
    assert noted == []
    bot.passes(days=1)
    await bot.says("hilfe")
    assert len(noted) == 1


async def test_what_others_say_of_somebody_is_no_sign_of_them(bot):
    await bot.gives("lea", "lead")
    await bot.says("hallo", "ada")
    bot.passes(days=3)
    await bot.commands("sperre", "@Ada Lärm", "lea", mentions=(bot.actor("ada"),))
    days = await bot.reads(lambda tx: dict(tx.values("SELECT name, seen_on FROM persons")))
    assert days == {"Lea": "2026-11-26", "Ada": "2026-11-23"}


async def test_many_at_once_are_taken_some_at_a_time(bot):
    def add(tx):
        for number in range(absence.MOST_A_LOOK + 5):
            people.add_account(tx, "slack", f"p{number}", bot.now, name=f"P{number}")

    await bot.database.write(add)
    bot.now += LONG + timedelta(days=1)
    await looks(bot)
    untold = "SELECT count(*) FROM persons WHERE absence_told_on IS NULL"
    assert await value(bot, untold) == 5
    assert await bot.reads(timers.get_next_due) == bot.now + timedelta(minutes=1)
    await looks(bot)
    assert await value(bot, untold) == 0
    assert await bot.reads(timers.get_next_due) > bot.now + timedelta(hours=1)


async def test_the_look_is_at_ten_and_a_restart_does_not_put_it_off(bot):
    def start(tx):
        absence.start(system_context(bot.house, tx, bot.now))
        return timers.get_next_due(tx)

    first = await bot.database.write(start)
    assert f"{first.astimezone(bot.house.hub.zone):%d %H:%M}" == "24 10:00"
    bot.passes(days=2)
    assert await bot.database.write(start) == first


async def test_the_report_says_who_would_go_and_how_many_went(bot):
    await bot.says("hallo")
    await bot.says("hallo", "ben")
    bot.now += LONG + timedelta(days=1)
    await bot.says("hallo", "ben")
    await looks(bot)
    bot.passes(days=31)

    def persons() -> str:
        lines = report(bot.path, bot.house.pack, "de", bot.now)
        return next(line for line in lines if line.startswith("persons:"))

    assert persons() == "persons: 2 Zeilen · jetzt fällig: 1 · zuletzt entfernt: 0"
    await looks(bot)
    assert persons() == "persons: 1 Zeilen · jetzt fällig: 0 · zuletzt entfernt: 1"


async def test_the_hub_says_how_long_and_people_read_it(bot):
    [text] = await bot.says("datenschutz")
    assert "oder 3 Jahre nicht da warst; einen Monat vorher frage ich" in text.text
    privacy = structs.replace(bot.house.hub.privacy, absence_years=1.5)
    hub = structs.replace(bot.house.hub, privacy=privacy)
    today = bot.now.date()
    assert (today - absence.limits(hub, today)[0]).days == 548


def test_a_time_so_short_that_it_hits_whoever_is_on_leave_is_refused(bot, tmp_path):
    for file in ("hub.toml", "privacy.toml"):
        (tmp_path / file).write_text((bot.house.pack / file).read_text("utf-8"), "utf-8")
    file = tmp_path / "privacy.toml"
    file.write_text(file.read_text("utf-8").replace("absence_years = 3", "absence_years = 0.1"), "utf-8")
    with pytest.raises(PackError, match="people who are only away for a while"):
        load_hub(tmp_path)


async def test_accounts_that_are_linked_or_parted_keep_the_day(bot):
    def link_and_part(tx):
        for account, day in (("one", "2026-11-01"), ("two", "2026-11-20")):
            known = people.add_account(tx, "slack" if account == "one" else "telegram", account, bot.now)
            tx.execute("UPDATE persons SET seen_on = ? WHERE id = ?", (day, known.person_id))
        one, two = (people.get_account(tx, *each) for each in (("slack", "one"), ("telegram", "two")))
        merging.mark_profile(tx, one.person_id, two.person_id)
        new = linking.mark_account_parted(tx, two, one, bot.now)
        return [tx.value("SELECT seen_on FROM persons WHERE id = ?", (person,)) for person in (one.person_id, new)]

    assert await bot.database.write(link_and_part) == ["2026-11-20", "2026-11-20"]
