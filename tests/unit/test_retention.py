"""What is kept, and for how long."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import chats, deliveries, forms, outbox, people, posts, retention, roles, timers
from storage.chats import Chat
from storage.migrate import migrate
from storage.outbox import NOTICE
from storage.rows import Transaction

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, Path(":memory:"))
        connection.execute("BEGIN")
        yield Transaction(connection)


@pytest.fixture
def chat(tx: Transaction) -> Chat:
    return chats.add_chat(tx, "slack", "T1:C1", "group", "Group", NOW)


def count(tx: Transaction, table: str) -> int:
    return int(tx.value(f"SELECT count(*) FROM {table}"))


def days(number: float) -> datetime:
    return NOW + timedelta(days=number)


def send(tx: Transaction, chat: Chat, key: str, *, sent_at: datetime | None, created_at: datetime = NOW) -> int:
    row = outbox.add_message(tx, chat, key=key, payload="words", lane=NOTICE, now=created_at)
    if sent_at:
        outbox.mark_sending_if_pending(tx, row, sent_at)
        outbox.mark_sent(tx, row, "1", "text", sent_at)
    return row


def payload(tx: Transaction, row: int) -> str | None:
    value: str | None = tx.value("SELECT payload FROM outbox WHERE id = ?", (row,))
    return value


def test_deliveries_are_remembered_for_48_hours(tx: Transaction) -> None:
    deliveries.add_delivery(tx, "a", NOW)
    retention.remove_expired(tx, NOW + timedelta(hours=47, minutes=59))
    assert count(tx, "deliveries") == 1
    assert retention.remove_expired(tx, NOW + timedelta(hours=48, minutes=1))["deliveries"] == 1
    assert count(tx, "deliveries") == 0


def test_a_sent_messages_text_goes_after_7_days_and_its_row_after_30(tx: Transaction, chat: Chat) -> None:
    row = send(tx, chat, "a", sent_at=NOW)
    retention.remove_expired(tx, days(6.9))
    assert payload(tx, row) == "words"
    assert retention.remove_expired(tx, days(7.1))["texts of messages sent"] == 1
    assert payload(tx, row) == ""
    assert retention.remove_expired(tx, days(7.2))["texts of messages sent"] == 0, "a text is cleared once"
    retention.remove_expired(tx, days(29.9))
    assert count(tx, "outbox") == 1
    retention.remove_expired(tx, days(30.1))
    assert count(tx, "outbox") == 0


def test_the_days_count_from_the_sending_not_from_when_a_message_was_planned(tx: Transaction, chat: Chat) -> None:
    row = send(tx, chat, "planned", sent_at=days(40))
    retention.remove_expired(tx, days(41))
    assert payload(tx, row) == "words"


def test_what_still_waits_is_never_removed(tx: Transaction, chat: Chat) -> None:
    waiting = send(tx, chat, "waiting", sent_at=None)
    unknown = send(tx, chat, "unknown", sent_at=None)
    outbox.mark_sending_if_pending(tx, unknown, NOW)
    outbox.mark_unknown(tx, unknown, "lost")
    timers.add_timer(tx, "a.b", "1", NOW)
    post = posts.add_post(tx, "s:1", "v", chat, lane=NOTICE, now=NOW)
    retention.remove_expired(tx, days(1000))
    assert payload(tx, waiting) == payload(tx, unknown) == "words"
    assert count(tx, "timers") == 1
    assert tx.value("SELECT id FROM posts") == post


def test_a_failed_messages_text_goes_too(tx: Transaction, chat: Chat) -> None:
    row = send(tx, chat, "a", sent_at=None)
    outbox.mark_failed(tx, row, "no")
    retention.remove_expired(tx, days(7.1))
    assert payload(tx, row) == ""


def test_forms_codes_parked_timers_and_posts_taken_away_go_in_their_time(tx: Transaction, chat: Chat) -> None:
    person = people.add_account(tx, "slack", "T1:U1", NOW).person_id
    forms.add_form(tx, "f", person, chat.id, "", "{}", NOW)
    roles.add_code(tx, "c", "lead", person, NOW)
    timers.add_timer(tx, "a.b", "1", NOW)
    timers.mark_timer_failed(tx, timers.list_due_timers(tx, NOW)[0], "Error", None)
    post = posts.add_post(tx, "s:1", "v", chat, lane=NOTICE, now=NOW)
    posts.mark_post_sending_if_untrue(tx, post, NOW)
    posts.mark_post_gone(tx, post)
    for kept, tables in ((2, ["forms"]), (7, ["codes"]), (90, ["timers", "posts"])):
        retention.remove_expired(tx, days(kept - 0.1))
        assert [count(tx, table) for table in tables] == [1] * len(tables)
        retention.remove_expired(tx, days(kept + 0.1))
        assert [count(tx, table) for table in tables] == [0] * len(tables)


def test_every_rule_names_what_it_ends_and_its_statement_works(tx: Transaction) -> None:
    removed = retention.remove_expired(tx, NOW)
    assert list(removed) == [what for what, _, _ in retention.RULES]
    assert set(removed.values()) == {0}


def test_whoever_left_is_forgotten_a_year_later_with_their_chat(tx: Transaction) -> None:
    stays, left = (people.add_account(tx, "slack", account, NOW) for account in ("T1:U1", "T1:U2"))
    for account in (stays, left):
        chats.add_chat(tx, "slack", account.external_id, "direct", "", NOW)
    people.mark_account_left(tx, "slack", "T1:U2", NOW)
    chats.mark_chat_state(tx, 2, "gone")
    retention.remove_expired(tx, days(364))
    assert count(tx, "persons") == count(tx, "chats") == 2
    retention.remove_expired(tx, days(366))
    assert tx.values("SELECT id FROM persons") == [(stays.person_id,)]
    assert count(tx, "chats") == count(tx, "accounts") == 1


def test_what_was_removed_is_counted_by_day(tx: Transaction) -> None:
    for key in ("a", "b"):
        deliveries.add_delivery(tx, key, NOW)
    retention.remove_expired(tx, days(3))
    assert retention.list_removed(tx, days(2).date()) == {"deliveries": 2}
    assert retention.list_removed(tx, days(4).date()) == {}
    retention.remove_expired(tx, days(400))
    assert tx.value("SELECT count(*) FROM removals WHERE what = 'deliveries'") == 0
