"""Rows, times, and the conditional changes of every table that delivery and the scheduler live on."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import chats, deliveries, forms, outbox, people, places, posts, roles, timers
from storage.chats import Chat
from storage.outbox import BROADCAST, NOTICE, REPLY, Queued
from storage.rows import Transaction, stored_time
from storage.switches import get_switch, mark_switch
from storage.timers import TimerSet

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def chat(tx: Transaction) -> Chat:
    return chats.add_chat(tx, "telegram", "-100", "group", "Group", NOW)


def send(tx: Transaction, chat: Chat, key: str, *, broadcast: str = "", not_before: datetime | None = None) -> int:
    return outbox.add_message(
        tx, chat, key=key, payload="{}", lane=NOTICE, now=NOW, broadcast=broadcast, not_before=not_before
    )


def queued(tx: Transaction) -> list[Queued]:
    """What was announced since the last look."""
    found = [fact for fact in tx.news if isinstance(fact, Queued)]
    tx.news.clear()
    return found


def test_a_time_without_a_zone_is_refused(tx: Transaction) -> None:
    with pytest.raises(ValueError, match="aware"):
        stored_time(datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001
    with pytest.raises((ValueError, sqlite3.Error)):
        timers.add_timer(tx, "bell.ring", "1", datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001
    assert timers.get_next_due(tx) is None


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()),  # noqa: DTZ001
)
def test_times_sort_as_text_whatever_their_zone_and_come_back_the_same(one: datetime, other: datetime) -> None:
    one_utc, other_utc = one.astimezone(UTC), other.astimezone(UTC)
    assert (stored_time(one) < stored_time(other)) == (one_utc < other_utc)
    assert datetime.fromisoformat(stored_time(one)) == one_utc
    assert len(stored_time(one)) == len(stored_time(other)) == 27


def test_the_hour_that_comes_twice_is_kept_apart() -> None:
    summer = datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN)
    winter = summer.replace(fold=1)
    assert stored_time(summer) == "2027-10-31T00:30:00.000000Z"
    assert stored_time(winter) == "2027-10-31T01:30:00.000000Z"


def test_a_message_is_taken_once_for_its_key_for_ever(tx: Transaction, chat: Chat) -> None:
    first = send(tx, chat, "a")
    assert first
    assert send(tx, chat, "a") == 0
    assert len(queued(tx)) == 1
    assert outbox.mark_sending_if_pending(tx, first, NOW)
    assert outbox.mark_sent(tx, first, "1", "text", NOW)
    assert send(tx, chat, "a") == 0


def test_only_one_claims_a_message_and_nobody_before_its_time(tx: Transaction, chat: Chat) -> None:
    row = send(tx, chat, "a", not_before=after(10))
    assert outbox.mark_sending_if_pending(tx, row, after(9)) is None
    claimed = outbox.mark_sending_if_pending(tx, row, after(10))
    assert claimed
    assert (claimed.attempts, claimed.state, claimed.started_at) == (1, "sending", after(10))
    assert outbox.mark_sending_if_pending(tx, row, after(11)) is None


def test_a_message_cannot_end_twice(tx: Transaction, chat: Chat) -> None:
    row = send(tx, chat, "a")
    outbox.mark_sending_if_pending(tx, row, NOW)
    assert outbox.mark_sent(tx, row, "1", "text", NOW)
    assert not outbox.mark_sent(tx, row, "2", "text", NOW)
    assert not outbox.mark_failed(tx, row, "late")
    assert not outbox.mark_pending_again(tx, row, NOW, "late")
    assert not outbox.mark_unknown(tx, row, "late")


def test_what_the_platform_put_off_does_not_count_as_an_attempt(tx: Transaction, chat: Chat) -> None:
    row = send(tx, chat, "a")
    for _ in range(5):
        outbox.mark_sending_if_pending(tx, row, NOW)
        outbox.mark_pending_again(tx, row, NOW, "slowed down", counts=False)
    claimed = outbox.mark_sending_if_pending(tx, row, NOW)
    assert claimed
    assert claimed.attempts == 1


def test_a_cancelled_broadcast_stops_what_has_not_left_and_what_comes_back(tx: Transaction, chat: Chat) -> None:
    rows = [send(tx, chat, f"b{number}", broadcast="party") for number in range(4)]
    other = send(tx, chat, "other", broadcast="another")
    sent, under_way = rows[0], rows[1]
    for row in (sent, under_way):
        outbox.mark_sending_if_pending(tx, row, NOW)
    outbox.mark_sent(tx, sent, "1", "text", NOW)
    assert outbox.mark_broadcast_cancelled(tx, "party") == 2
    outbox.mark_pending_again(tx, under_way, NOW, "slowed down")
    tx.news.clear()
    outbox.announce_row(tx, under_way)
    assert queued(tx) == []
    assert [each.id for each in outbox.list_queued_rows(tx)] == [other]


@pytest.mark.parametrize(
    ("fields", "shape"),
    [
        ({}, "send"),
        ({"file": True, "payload": '{"kind":"Attachment","content":{}}'}, "file"),
        ({"edits": "5"}, "edit"),
        ({"audience": "U1"}, "private"),
        ({"reply_via": "https://hooks.example/1", "audience": "U1"}, "via"),
        ({"payload": '{"kind":"Reply","content":{"summary":"an \\"Attachment\\" in words"}}'}, "send"),
    ],
)
def test_a_message_read_from_the_store_takes_the_same_call_as_when_it_was_added(
    tx: Transaction, chat: Chat, fields: dict[str, str], shape: str
) -> None:
    arguments = {"payload": '{"kind":"Reply"}', **fields}
    outbox.add_message(tx, chat, key="a", lane=REPLY, now=NOW, **arguments)  # type: ignore[arg-type]
    assert [each.shape for each in queued(tx)] == [shape]
    assert [each.shape for each in outbox.list_queued_rows(tx)] == [shape]


def test_waiting_messages_come_back_in_the_order_of_lanes_then_of_arrival(tx: Transaction, chat: Chat) -> None:
    for number, lane in enumerate((BROADCAST, REPLY, NOTICE, REPLY)):
        outbox.add_message(tx, chat, key=str(number), payload="{}", lane=lane, now=NOW)
    assert [(each.lane, each.id) for each in outbox.list_queued_rows(tx)] == [(0, 2), (0, 4), (1, 3), (2, 1)]


def show(tx: Transaction, chat: Chat, subject: str = "board:1") -> int:
    return posts.add_post(tx, subject, "small.board", chat, lane=NOTICE, now=NOW)


def claim(tx: Transaction, post: int, at: datetime = NOW) -> posts.Post:
    claimed = posts.mark_post_sending_if_untrue(tx, post, at)
    assert claimed
    return claimed


def arrive(tx: Transaction, post: int, ref: str = "7", at: datetime = NOW) -> None:
    assert posts.mark_post_sent(tx, post, ref, "text", at, at + timedelta(seconds=3))


def test_an_unsent_post_absorbs_changes_and_a_true_one_is_claimed_by_nobody(tx: Transaction, chat: Chat) -> None:
    post = show(tx, chat)
    for _ in range(5):
        assert posts.mark_posts_wanted(tx, "board:1") == 1
    assert claim(tx, post).sending == 6
    arrive(tx, post)
    assert posts.mark_post_sending_if_untrue(tx, post, after(100)) is None


def test_a_post_changed_while_it_is_sent_is_announced_once_that_ended_for_after_the_gap(
    tx: Transaction, chat: Chat
) -> None:
    post = show(tx, chat)
    claim(tx, post)
    tx.news.clear()
    posts.mark_posts_wanted(tx, "board:1")
    posts.mark_posts_wanted(tx, "board:1")
    assert queued(tx) == [], "announced now, it would be taken before it is due and be forgotten"
    arrive(tx, post)
    posts.announce_post(tx, post)
    (news,) = queued(tx)
    assert (news.shape, news.not_before) == ("edit", after(3))
    assert posts.mark_post_sending_if_untrue(tx, post, after(2.9)) is None
    assert claim(tx, post, after(3)).sending == 3


def test_a_post_that_was_refused_tries_again_with_the_next_change_from_the_first_attempt(
    tx: Transaction, chat: Chat
) -> None:
    post = show(tx, chat)
    claim(tx, post)
    posts.mark_post_failed(tx, post, "no rights")
    assert posts.list_queued_posts(tx) == []
    posts.mark_posts_wanted(tx, "board:1")
    assert claim(tx, post).attempts == 1


def test_a_post_taken_away_and_shown_again_is_posted_anew(tx: Transaction, chat: Chat) -> None:
    post = show(tx, chat)
    claim(tx, post)
    arrive(tx, post)
    posts.mark_posts_wanted(tx, "board:1")
    first = claim(tx, post, after(3))
    posts.mark_post_gone(tx, post)
    assert posts.mark_posts_wanted(tx, "board:1") == 0
    tx.news.clear()
    assert show(tx, chat) == post
    assert [each.shape for each in queued(tx)] == ["send"]
    again = claim(tx, post, after(4))
    assert again.ref == ""
    assert again.generation > first.generation


def test_a_post_that_is_wanted_again_while_it_is_taken_away_is_posted_anew(tx: Transaction, chat: Chat) -> None:
    post = show(tx, chat)
    claim(tx, post)
    arrive(tx, post)
    posts.mark_posts_wanted(tx, "board:1")
    claim(tx, post, after(3))
    posts.mark_posts_wanted(tx, "board:1")
    tx.news.clear()
    posts.mark_post_gone(tx, post)
    posts.announce_post(tx, post)
    assert [each.shape for each in queued(tx)] == ["send"]


def test_a_chat_that_moved_keeps_its_id_and_its_posts_are_posted_anew(tx: Transaction, chat: Chat) -> None:
    post, gone = show(tx, chat), show(tx, chat, "board:2")
    for each in (post, gone):
        claim(tx, each)
        arrive(tx, each)
    posts.mark_posts_wanted(tx, "board:2")
    claim(tx, gone, after(3))
    posts.mark_post_gone(tx, gone)
    waiting = send(tx, chat, "a")
    tx.news.clear()
    assert chats.mark_chat_moved(tx, chat.id, "-200")
    assert posts.mark_posts_anew(tx, chat.id, after(5)) == 1
    assert [(each.id, each.shape) for each in queued(tx)] == [(post, "send")]
    moved = chats.get_chat(tx, chat.id)
    assert moved
    assert moved.external_id == "-200"
    assert [each.chat_id for each in outbox.list_queued_rows(tx) if each.id == waiting] == [chat.id]
    assert not chats.mark_chat_moved(tx, chat.id, "-200")


def test_a_message_that_overtook_the_news_of_the_move_is_folded_in(tx: Transaction, chat: Chat) -> None:
    lead = people.add_account(tx, "telegram", "1", NOW).person_id
    other = chats.add_chat(tx, "telegram", "-200", "group", "Group", NOW)
    waiting = send(tx, other, "a")
    places.add_place(tx, "events", chat.id, "", lead, NOW)
    for purpose in ("events", "help"):
        places.add_place(tx, purpose, other.id, "", lead, NOW)
    assert chats.mark_chat_moved(tx, chat.id, "-200")
    assert chats.get_chat(tx, other.id) is None
    assert outbox.get_chat_id(tx, waiting) == chat.id
    assert [place.chat_id for place in places.list_places(tx, "help")] == [chat.id]
    assert [place.chat_id for place in places.list_places(tx, "events")] == [chat.id]


def test_a_timer_set_again_moves_and_the_claim_of_the_old_time_fails(tx: Transaction) -> None:
    timers.add_timer(tx, "bell.ring", "1", NOW)
    (old,) = timers.list_due_timers(tx, NOW)
    timers.add_timer(tx, "bell.ring", "1", after(60))
    assert not timers.remove_timer_if_due(tx, old, after(100))
    (new,) = timers.list_due_timers(tx, after(60))
    assert new.id == old.id
    assert timers.remove_timer_if_due(tx, new, after(60))
    assert not timers.remove_timer_if_due(tx, new, after(60))
    assert [fact for fact in tx.news if isinstance(fact, TimerSet)] == [TimerSet(NOW), TimerSet(after(60))]


def test_a_timer_moved_while_its_handler_failed_keeps_its_new_time(tx: Transaction) -> None:
    timers.add_timer(tx, "bell.fail", "1", NOW)
    (failed,) = timers.list_due_timers(tx, NOW)
    timers.add_timer(tx, "bell.fail", "1", after(5000))
    assert not timers.mark_timer_failed(tx, failed, "Error", after(60))
    assert timers.get_next_due(tx) == after(5000)


def test_a_delivery_is_new_once(tx: Transaction) -> None:
    assert deliveries.add_delivery(tx, "telegram:1", NOW)
    assert not deliveries.add_delivery(tx, "telegram:1", after(1))
    deliveries.mark_answered(tx, "telegram:1", "said", "7K2M")
    assert deliveries.get_delivery(tx, "telegram:1") == deliveries.Delivery("said", "7K2M")
    assert deliveries.get_delivery(tx, "telegram:2") is None


def test_one_form_is_asked_at_a_time_in_a_chat_and_used_up_once(tx: Transaction, chat: Chat) -> None:
    person = people.add_account(tx, "telegram", "1", NOW).person_id
    for instance in ("one", "two"):
        forms.add_form(tx, instance, person, chat.id, "", "{}", NOW)
        assert forms.mark_form_asking(tx, instance, 0, "{}")
    asking = forms.get_form_asking(tx, chat.id, person)
    assert asking
    assert asking.instance == "two"
    assert not forms.mark_form_asking(tx, "one", 1, "{}")
    assert forms.mark_form_over_if_open(tx, "two", "done")
    assert not forms.mark_form_over_if_open(tx, "two", "done")


def test_a_code_gives_its_role_once_and_not_after_its_end(tx: Transaction) -> None:
    person = people.add_account(tx, "slack", "T1:U1", NOW).person_id
    for code in ("used", "late"):
        roles.add_code(tx, code, "lead", None, after(60))
    assert roles.mark_code_used_if_valid(tx, "used", person, NOW) == "lead"
    assert roles.mark_code_used_if_valid(tx, "used", person, NOW) is None
    assert roles.mark_code_used_if_valid(tx, "late", person, after(60)) is None
    assert roles.mark_code_used_if_valid(tx, "none", person, NOW) is None


def test_a_language_that_was_chosen_outlives_one_that_was_heard(tx: Transaction) -> None:
    person = people.add_account(tx, "slack", "T1:U1", NOW).person_id
    for language, chosen, expected in (("en", False, "en"), ("de", True, "de"), ("en", False, "de")):
        people.mark_language(tx, person, language, chosen=chosen)
        found = people.get_person(tx, person)
        assert found
        assert found.language == expected


def test_a_handle_names_somebody_only_if_it_names_one(tx: Transaction) -> None:
    people.add_account(tx, "telegram", "1", NOW, handle="Kim")
    people.add_account(tx, "slack", "T1:U1", NOW, handle="kim")
    found = people.get_account_by_handle(tx, "telegram", "KIM")
    assert found
    assert found.external_id == "1"
    people.add_account(tx, "telegram", "2", NOW, handle="kim")
    assert people.get_account_by_handle(tx, "telegram", "kim") is None
    assert people.get_account_by_handle(tx, "telegram", "") is None


@pytest.mark.parametrize("state", ["blocked", "gone"])
def test_a_chats_state_is_news_once(tx: Transaction, chat: Chat, state: Literal["blocked", "gone"]) -> None:
    assert chats.mark_chat_state(tx, chat.id, state)
    assert not chats.mark_chat_state(tx, chat.id, state)


@given(st.text(max_size=200))
def test_what_people_write_comes_back_to_the_letter(text: str) -> None:
    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        connection.execute("CREATE TABLE switches (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
        tx = Transaction(connection)
        mark_switch(tx, "a", text)
        assert get_switch(tx, "a") == text
    connection.close()


def test_an_offset_zone_is_stored_in_utc() -> None:
    assert stored_time(datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=2)))) == (
        "2025-12-31T23:00:00.000000Z"
    )
