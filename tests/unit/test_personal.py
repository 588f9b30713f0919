"""Every table says what it holds about people: held by the list of tables of the migrated database."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.migrate import migrate
from storage.personal import Clear, Delete
from storage.register import HOLDINGS


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, Path(":memory:"))
        yield connection


def tables(database: sqlite3.Connection) -> set[str]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {name for (name,) in database.execute(query)}


def references(database: sqlite3.Connection, target: str) -> set[tuple[str, str]]:
    return {
        (table, column)
        for table in tables(database)
        for _, _, to, column, *_ in database.execute(f"PRAGMA foreign_key_list({table})")
        if to == target
    }


def test_every_table_has_an_entry_and_every_entry_a_table(database: sqlite3.Connection) -> None:
    """A table without one: give its storage module an entry in PERSONAL, listed in storage/register.py."""
    assert {holding.table for holding in HOLDINGS} == tables(database)


def test_every_column_that_refers_to_a_person_is_someones_rows(database: sqlite3.Connection) -> None:
    conditions = {(holding.table, word) for holding in HOLDINGS for word in re.findall(r"\w+", holding.rows)}
    assert references(database, "persons") - conditions == set()


def test_every_entry_is_said_in_words_and_its_sql_works(database: sqlite3.Connection) -> None:
    for holding in HOLDINGS:
        assert holding.title
        assert holding.purpose
        assert holding.kept
        shown = ", ".join(holding.shown) or "1"
        counted = holding.erasure.on if isinstance(holding.erasure, Delete) and holding.erasure.on else "1"
        posts = holding.posts or "1"
        database.execute(
            f"SELECT {shown}, {counted}, {posts} FROM {holding.table} WHERE {holding.rows or '1'}", {"person": 1}
        )
        if isinstance(holding.erasure, Clear):
            for column in holding.erasure.columns:
                database.execute(f"SELECT {column} FROM {holding.table}")


def test_what_is_someones_shows_something() -> None:
    assert [holding.title for holding in HOLDINGS if holding.rows and not holding.shown] == []


def test_only_texts_that_were_published_for_the_hub_stay() -> None:
    assert {(holding.table, column) for holding in HOLDINGS for column in holding.stays} == {
        ("faq_versions", "content"),
        ("events", "title"),
        ("events", "place"),
        ("events", "text"),
        ("events", "was_place"),
        ("notices", "text"),
    }
