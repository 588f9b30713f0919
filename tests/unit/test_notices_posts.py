"""Posts of which the rest is held back, and posts that are shown once more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import chats, posts
from storage.chats import Chat
from storage.migrate import migrate
from storage.outbox import BROADCAST, Queued
from storage.posts import Post
from storage.rows import Transaction

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SUBJECT, VIEW = "notice:1", "notices.post"


@pytest.fixture
def tx() -> Iterator[Transaction]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, Path(":memory:"))
        connection.execute("BEGIN")
        yield Transaction(connection)


def chat(tx: Transaction, name: str) -> Chat:
    return chats.add_chat(tx, "telegram", name, "group", name, NOW)


def shown(tx: Transaction, name: str, subject: str = SUBJECT) -> int:
    return posts.add_post(tx, subject, VIEW, chat(tx, name), lane=BROADCAST, now=NOW)


def claim(tx: Transaction, post: int) -> Post:
    claimed = posts.mark_post_sending_if_untrue(tx, post, NOW)
    assert claimed
    return claimed


def arrive(tx: Transaction, post: int) -> None:
    claim(tx, post)
    posts.mark_post_sent(tx, post, f"ref{post}", "text", NOW, NOW)


def state(tx: Transaction, post: int) -> str:
    return str(tx.value("SELECT state FROM posts WHERE id = ?", (post,)))


def queued(tx: Transaction) -> list[int]:
    return [each.id for each in posts.list_queued_posts(tx)]


def test_only_what_stands_nowhere_and_is_not_under_way_is_held_back(tx: Transaction) -> None:
    waiting, standing, sending, unknown, refused = (shown(tx, name) for name in "abcde")
    other = shown(tx, "f", "notice:2")
    arrive(tx, standing)
    claim(tx, sending)
    claim(tx, unknown)
    posts.mark_post_unknown(tx, unknown, "lost")
    claim(tx, refused)
    posts.mark_post_failed(tx, refused, "no rights")
    assert posts.mark_unsent_posts_gone(tx, SUBJECT) == 1
    states = [state(tx, post) for post in (waiting, standing, sending, unknown, refused, other)]
    assert states == ["gone", "idle", "sending", "unknown", "failed", "idle"]
    assert queued(tx) == [other]
    assert posts.mark_unsent_posts_gone(tx, SUBJECT) == 0


def test_a_standing_post_that_is_to_change_is_not_held_back(tx: Transaction) -> None:
    post = shown(tx, "a")
    arrive(tx, post)
    posts.mark_posts_wanted(tx, SUBJECT)
    assert posts.mark_unsent_posts_gone(tx, SUBJECT) == 0
    assert queued(tx) == [post]


def test_what_was_held_back_stays_away_from_changes_until_it_is_shown_again(tx: Transaction) -> None:
    post = shown(tx, "a")
    posts.mark_unsent_posts_gone(tx, SUBJECT)
    assert posts.mark_posts_wanted(tx, SUBJECT) == 0
    assert posts.mark_post_sending_if_untrue(tx, post, NOW) is None
    tx.news.clear()
    assert shown(tx, "a") == post
    assert [news.id for news in tx.news if isinstance(news, Queued)] == [post]
    arrive(tx, post)
    assert queued(tx) == []


def test_one_that_was_tried_before_the_stop_begins_anew(tx: Transaction) -> None:
    post = shown(tx, "a")
    claim(tx, post)
    posts.mark_post_pending_again(tx, post, NOW, "no connection")
    posts.mark_unsent_posts_gone(tx, SUBJECT)
    shown(tx, "a")
    assert claim(tx, post).attempts == 1


def test_a_post_is_found_by_where_it_stands_also_when_it_is_gone(tx: Transaction) -> None:
    first, second = shown(tx, "a"), shown(tx, "b")
    posts.mark_unsent_posts_gone(tx, SUBJECT)
    found = posts.get_post(tx, SUBJECT, VIEW, chat(tx, "b").id, "")
    assert found
    assert (found.id, found.state) == (second, "gone")
    assert posts.get_post(tx, SUBJECT, VIEW, chat(tx, "b").id, "7") is None
    assert [post.id for post in posts.list_posts(tx, SUBJECT, VIEW)] == [first, second]
    assert posts.list_posts(tx, SUBJECT, "another.view") == []


def test_a_settled_post_is_posted_once_more_under_another_key(tx: Transaction) -> None:
    post = shown(tx, "a")
    assert not posts.mark_post_anew_if_settled(tx, post, NOW), "it stands nowhere yet"
    arrive(tx, post)
    tx.news.clear()
    later = NOW + timedelta(minutes=1)
    assert posts.mark_post_anew_if_settled(tx, post, later)
    assert [(news.id, news.shape) for news in tx.news if isinstance(news, Queued)] == [(post, "send")]
    again = posts.mark_post_sending_if_untrue(tx, post, later)
    assert again
    assert (again.ref, again.generation) == ("", 2)
    assert not posts.mark_post_anew_if_settled(tx, post, later), "it is under way"
