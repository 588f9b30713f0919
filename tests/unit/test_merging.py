"""Two persons who turn out to be one: nothing is lost, what both had is settled by a rule and shown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from test_linking import link, opens, person_of, start_of

from handlers.core.context import system_context
from handlers.core.replies import message
from handlers.people.merging import merge as merge_persons
from storage import desks, events, linking, merging, people, roles, settings
from storage.rows import Transaction

TOMORROW = date(2026, 11, 24)


# Every table


def a_value(column: str, kind: str, sql: str) -> Any:
    """Something that fits a column, as its checks want it."""
    if found := re.search(rf"\b{column}\b[^,]*?CHECK \({column} IN \('([^']*)'", sql):
        return found[1]
    if found := re.search(rf"\b{column}\b[^,]*?BETWEEN (\d+)", sql):
        return int(found[1])
    if column.endswith("_at") or column in ("since", "not_before"):
        return "2026-11-23T09:00:00.000000Z"
    if column in ("day", "month"):
        return "2026-12-01"
    return 1 if kind == "INTEGER" else f"{column}-{a_value.count}"


a_value.count = 0


def add_row(tx: Transaction, table: str, given: dict[str, Any]) -> int:
    """Put a row into any table: these columns as given, all others that are needed made up."""
    a_value.count += 1
    sql = tx.value("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
    parents = {
        column: (parent, to or "id")
        for _, _, parent, column, to, *_ in tx.values(f"PRAGMA foreign_key_list({table})")
    }
    values = dict(given)
    for _, column, kind, needed, default, key in tx.values(f"PRAGMA table_info({table})"):
        if column in values or (key and kind == "INTEGER" and column == "id"):
            continue
        if not (needed or key) or (default is not None and not key):
            continue
        if column in parents:
            parent, to = parents[column]
            row = add_row(tx, parent, {})
            values[column] = tx.value(f"SELECT {to} FROM {parent} WHERE rowid = ?", (row,))
        else:
            values[column] = a_value(column, kind, sql)
    marks = ", ".join("?" * len(values))
    return tx.insert(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))


async def test_a_merge_hands_over_every_row_of_every_table_that_refers_to_persons(bot):
    await bot.says("hallo", "lena")
    await bot.says("hallo", "tara", platform="telegram")
    gone = await person_of(bot, "tara", "telegram")
    kept = await person_of(bot, "lena", "slack")
    columns = await bot.reads(merging.list_person_columns)
    assert {("desk_bookings", "person_id"), ("outbox", "person_id"), ("deliveries", "person_id")} <= set(columns)

    def fill(tx: Transaction) -> dict[tuple[str, str], int]:
        rows = {}
        for table, column in columns:
            if (table, column) != ("accounts", "person_id"):
                rows[table, column] = add_row(tx, table, {column: gone})
        return rows

    rows = await bot.database.write(fill)

    def merge(tx: Transaction) -> None:
        asker = people.get_account(tx, "slack", "lena")
        merge_persons(system_context(bot.house, tx, bot.now), asker, gone)

    await bot.database.write(merge)

    def check(tx: Transaction) -> list[str]:
        lost = []
        for (table, column), row in rows.items():
            held = tx.values(f"SELECT * FROM {table} WHERE {column} = ?", (kept,))
            columns_and_keys = tx.values(f"SELECT name, pk FROM pragma_table_info('{table}')")
            if (column, 1) not in columns_and_keys and "WITHOUT ROWID" not in tx.value(
                "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
            ):  # by its key a row can be known again, but where the person is its key
                held = tx.values(f"SELECT 1 FROM {table} WHERE rowid = ? AND {column} = ?", (row, kept))
            if not held:
                lost.append(f"{table}.{column}")
        return lost

    assert await bot.reads(check) == []
    assert await bot.reads(lambda tx: people.get_person(tx, gone)) is None


async def test_a_table_that_no_feature_hands_over_stops_the_merge_and_nothing_is_lost(bot):
    await bot.database.write(
        lambda tx: tx.execute(
            "CREATE TABLE forgotten"
            " (id INTEGER PRIMARY KEY, who INTEGER REFERENCES persons (id) ON DELETE CASCADE)"
        )
    )
    await bot.says("hallo", "tara", platform="telegram")
    tara = await person_of(bot, "tara", "telegram")
    await bot.database.write(lambda tx: tx.execute("INSERT INTO forgotten (who) VALUES (?)", (tara,)))
    with pytest.raises(ValueError, match=r"forgotten\.who"):
        await link(bot)
    assert await person_of(bot, "tara", "telegram") == tara
    assert await bot.reads(lambda tx: tx.value("SELECT count(*) FROM forgotten")) == 1


# What both had


async def books(bot, who: str, platform: str, desk: str, day: date = TOMORROW) -> int:
    person = await person_of(bot, who, platform)
    booking = await bot.database.write(lambda tx: desks.add_booking(tx, person, desk, day, bot.now))
    return booking.id


@pytest.fixture
async def two(bot):
    """Lena in Slack and Tara in Telegram, who are one person and not yet linked."""
    await bot.says("hallo", "lena")
    await bot.says("hallo", "tara", platform="telegram")
    return bot


async def confirmed(bot) -> str:
    return next(seen.text for seen in await link(bot) if "Verbunden" in seen.text)


async def test_of_two_desks_on_a_day_the_one_booked_first_stays(two):
    await books(two, "tara", "telegram", "7")
    await books(two, "lena", "slack", "12")
    await books(two, "lena", "slack", "3", TOMORROW + timedelta(1))
    text = await confirmed(two)
    assert re.search(
        r"Du hattest .*24\. Nov\.\)? zwei Plätze: Platz 7.* bleibt deiner, Platz 12.* ist wieder frei\.", text
    )
    lena = await person_of(two, "lena", "slack")
    held = await two.reads(lambda tx: desks.list_held_by(tx, lena, TOMORROW))
    assert [booking.desk for booking in held] == ["7", "3"]
    assert "12" not in await two.reads(lambda tx: desks.list_taken_desks(tx, TOMORROW))


async def test_past_days_with_two_desks_are_settled_without_a_word(two):
    await books(two, "tara", "telegram", "7", date(2026, 11, 19))
    await books(two, "lena", "slack", "12", date(2026, 11, 19))
    assert "Plätze" not in await confirmed(two)


async def published(bot, seats: int | None = None) -> int:
    def add(tx: Transaction) -> int:
        starts = bot.now + timedelta(days=9)
        details = events.Details("Startup-Night", starts, None, "Dortmund", "", seats)
        person = people.add_account(tx, "slack", "planner", bot.now).person_id
        event = events.add_draft(tx, details, person, bot.now)
        tx.execute("UPDATE events SET state = 'published' WHERE id = ?", (event.id,))
        return event.id

    return await bot.database.write(add)


async def answers(bot, event: int, who: str, platform: str, going: bool) -> None:
    person = await person_of(bot, who, platform)
    answer = events.mark_going_if_free if going else events.mark_not_going
    assert await bot.database.write(lambda tx: answer(tx, event, person, bot.now))
    bot.passes(minutes=1)


async def test_two_yeses_to_one_event_are_one_seat(two):
    event = await published(two, seats=2)
    await answers(two, event, "tara", "telegram", True)
    await answers(two, event, "lena", "slack", True)
    first = await two.reads(lambda tx: tx.value("SELECT min(answered_at) FROM event_answers"))
    assert "Bei Startup-Night warst du doppelt dabei; ein Platz ist wieder frei." in await confirmed(two)
    assert await two.reads(lambda tx: events.get_going_count(tx, event)) == 1
    assert await two.reads(lambda tx: tx.value("SELECT answered_at FROM event_answers")) == first


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (("tara", "telegram", True), ("lena", "slack", False), "Du kannst nicht."),
        (("tara", "telegram", False), ("lena", "slack", True), "Du kommst."),
        (("lena", "slack", False), ("tara", "telegram", True), "Du kommst."),
        (("lena", "slack", True), ("tara", "telegram", False), "Du kannst nicht."),
    ],
)
async def test_of_two_different_answers_the_later_one_holds(two, first, last, said):
    event = await published(two)
    await answers(two, event, *first)
    await answers(two, event, *last)
    assert f"Für Startup-Night gilt, was du zuletzt gesagt hast: {said}" in await confirmed(two)
    assert await two.reads(lambda tx: events.get_going_count(tx, event)) == int(said == "Du kommst.")
    assert await two.reads(lambda tx: tx.value("SELECT count(*) FROM event_answers")) == 1


async def test_the_same_no_twice_is_nothing_to_speak_of(two):
    event = await published(two)
    await answers(two, event, "tara", "telegram", False)
    await answers(two, event, "lena", "slack", False)
    assert "Startup-Night" not in await confirmed(two)


async def test_nobody_looks_after_their_own_request(two):
    await two.gives("lena", "manager")
    lena, tara = await person_of(two, "lena", "slack"), await person_of(two, "tara", "telegram")

    def add(tx: Transaction) -> int:
        return tx.insert(
            "INSERT INTO mentoring_requests (founder_id, language, topic, city, text, state, decided_by,"
            " decided_at, created_at, changed_at)"
            " VALUES (?, 'de', 'other', 'any', 'Pilotkunden', 'accepted', ?, ?, ?, ?)",
            (tara, lena, two.now, two.now, two.now),
        )

    request = await two.database.write(add)
    assert "Du hattest deine eigene Anfrage angenommen" in await confirmed(two)
    state = "SELECT state, founder_id, decided_by FROM mentoring_requests WHERE id = ?"
    assert await two.reads(lambda tx: tx.values(state, (request,))) == [("open", lena, None)]


async def test_both_roles_are_kept_and_none_is_there_twice(two):
    await two.gives("lena", "manager")
    await two.gives("tara", "manager", "telegram")
    await two.gives("tara", "lead", "telegram")
    await link(two)
    lena = await person_of(two, "lena", "slack")
    assert await two.reads(lambda tx: roles.list_roles(tx, lena)) == {"manager", "lead"}


async def test_a_managers_field_is_not_narrowed_by_the_other_account(two):
    await two.gives("lena", "manager")
    await two.gives("tara", "manager", "telegram")
    tara = await person_of(two, "tara", "telegram")
    await two.database.write(lambda tx: roles.mark_scopes(tx, tara, [roles.Scope("city", "essen")]))
    await link(two)
    lena = await person_of(two, "lena", "slack")
    assert await two.reads(lambda tx: roles.list_scopes(tx, lena)) == []


async def test_settings_of_the_account_that_asked_hold_and_it_is_said(two):
    lena, tara = await person_of(two, "lena", "slack"), await person_of(two, "tara", "telegram")

    def choose(tx: Transaction) -> None:
        settings.mark_settings(tx, settings.PersonSettings(lena, quiet_from="22:00", quiet_until="07:00"))
        settings.mark_settings(tx, settings.PersonSettings(tara, quiet_from="20:00", quiet_until="08:00"))
        settings.add_muted_kind(tx, tara, "events")

    await two.database.write(choose)
    assert "Von deinen Einstellungen gelten die aus Slack." in await confirmed(two)
    row = await two.reads(lambda tx: settings.get_settings(tx, lena))
    assert (row.quiet_from, row.quiet_until, row.preferred) == ("22:00", "07:00", "slack")
    assert await two.reads(lambda tx: settings.list_muted_kinds(tx, lena)) == {"events"}


async def test_settings_of_one_side_alone_are_taken_without_a_word(two):
    tara = await person_of(two, "tara", "telegram")
    await two.database.write(
        lambda tx: settings.mark_settings(
            tx, settings.PersonSettings(tara, quiet_from="20:00", quiet_until="08:00")
        )
    )
    assert "Einstellungen gelten" not in await confirmed(two)
    lena = await person_of(two, "lena", "slack")
    assert (await two.reads(lambda tx: settings.get_settings(tx, lena))).quiet_from == "20:00"


async def test_a_chosen_language_outlives_a_heard_one(two):
    await two.commands("sprache", "english", who="tara", platform="telegram")
    [offer] = await two.commands("verbinden", who="lena")
    lena = await person_of(two, "lena", "slack")
    await opens(two, start_of(offer))
    await two.presses("Link", "tara", platform="telegram")
    person = await two.reads(lambda tx: people.get_person(tx, lena))
    assert (person.language, person.language_chosen) == ("en", True)


async def test_a_question_asked_in_telegram_is_answered_there_after_linking(two):
    await two.gives("mona", "manager")
    await two.commands("frage", "Habt ihr einen Helikopter?", who="tara", platform="telegram")
    await two.commands("hier", "manager", who="lea", chat="team")
    await link(two)
    waiting = await two.reads(lambda tx: tx.values("SELECT asker_id FROM questions"))
    assert waiting == [(await person_of(two, "lena", "slack"),)]


async def test_a_form_being_asked_goes_on_after_linking(two):
    [_, *_] = await two.commands("frage", "", who="tara", platform="telegram")
    [offer] = await two.says("verbinden", "lena")
    await opens(two, start_of(offer))
    await two.presses("Verbinden", "tara", platform="telegram")
    await two.says("Habt ihr einen Helikopter?", "tara", platform="telegram")
    assert await two.reads(lambda tx: tx.value("SELECT text FROM questions")) == "Habt ihr einen Helikopter?"


# Parting again


async def test_after_parting_answers_go_to_who_asked_and_not_to_the_new_person(two):
    await link(two)
    await two.commands("frage", "Habt ihr einen Helikopter?", who="tara", platform="telegram")
    await two.commands("trennen", who="lena")
    await two.presses("Trennen", "lena")
    await two.gives("mona", "manager")
    question = await two.reads(lambda tx: tx.value("SELECT id FROM questions"))
    await two.commands("fragen", who="mona")
    before = len(await two.texts("tara", "telegram"))
    await two.presses("Übernehmen", "mona")
    assert question
    assert len(await two.texts("tara", "telegram")) == before
    assert "kümmert sich" in (await two.texts("lena"))[-1]


async def test_what_waited_in_the_chat_that_leaves_goes_to_the_one_that_stays(two):
    await link(two)
    lena = await person_of(two, "lena", "slack")
    await two.database.write(
        lambda tx: settings.mark_settings(
            tx, settings.PersonSettings(lena, preferred="telegram", quiet_from="09:00", quiet_until="20:00")
        )
    )
    event = await published(two)
    await answers(two, event, "lena", "slack", True)

    def notify(tx: Transaction) -> None:
        ctx = system_context(two.house, tx, two.now)
        assert ctx.notify(lena, "a-notice", lambda t: message(t, "Verlegt auf Freitag."), kind="events")

    await two.database.write(notify)
    assert "Verlegt auf Freitag." in await two.texts("tara", "telegram")
    await two.commands("trennen", who="tara", platform="telegram")
    await two.presses("Trennen", "tara", platform="telegram")
    rows = await two.reads(
        lambda tx: tx.values("SELECT key, state FROM outbox WHERE key LIKE 'a-notice%' ORDER BY id")
    )
    assert rows == [("a-notice", "cancelled"), ("a-notice:elsewhere", "pending")]
    assert "Verlegt auf Freitag." in await two.texts("lena")


async def test_the_new_person_has_the_language_and_nothing_else(two):
    await two.commands("sprache", "deutsch", who="lena")
    await books(two, "lena", "slack", "12")
    await link(two)
    await two.commands("trennen", who="lena")
    await two.presses("Trennen", "lena")
    tara = await person_of(two, "tara", "telegram")
    left = await two.reads(lambda tx: merging.list_references(tx, tara))
    assert set(left) <= {"accounts.person_id", "deliveries.person_id", "outbox.person_id"}
    person = await two.reads(lambda tx: people.get_person(tx, tara))
    assert (person.name, person.language, person.language_chosen) == ("Tara", "de", True)
    assert await two.reads(lambda tx: linking.get_linked_account(tx, tara)) is None


async def test_parted_each_is_called_as_their_own_account_is(two):
    await link(two)
    await two.says("hallo", "tara", platform="telegram", name="Tara T.")  # a new name counts for the person
    await two.commands("trennen", who="lena")
    await two.presses("Trennen", "lena")
    names = []
    for who, platform in (("lena", "slack"), ("tara", "telegram")):
        person = await person_of(two, who, platform)
        names.append((await two.reads(lambda tx, p=person: people.get_person(tx, p))).name)
    assert names == ["Lena", "Tara T."]


async def test_who_left_one_platform_is_written_to_on_the_other(two):
    await link(two)
    lena = await person_of(two, "lena", "slack")
    await two.database.write(lambda tx: people.mark_account_left(tx, "slack", "lena", two.now))
    await two.database.write(
        lambda tx: system_context(two.house, tx, two.now).notify(lena, "news", lambda t: message(t, "Neues"))
    )
    assert "Neues" in await two.texts("tara", "telegram")
    assert "Neues" not in await two.texts("lena")


async def test_parted_from_an_account_that_is_gone_everything_stays_with_the_one_that_is_there(two):
    await books(two, "lena", "slack", "12")
    await link(two)
    await two.database.write(lambda tx: people.mark_account_left(tx, "slack", "lena", two.now))
    [asked] = await two.commands("trennen", who="tara", platform="telegram")
    assert "bleibt bei Tara in Telegram. Lena in Slack wird eine eigene Person" in asked.text
    await two.presses("Trennen", "tara", platform="telegram")
    tara = await person_of(two, "tara", "telegram")
    assert [each.desk for each in await two.reads(lambda tx: desks.list_held_by(tx, tara, TOMORROW))] == ["12"]
    assert await person_of(two, "lena", "slack") != tara
