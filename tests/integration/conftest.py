"""A real store, and a house with a few features of the tests' own."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from handlers.core.context import House
from storage.database import Database
from storage.migrate import migrate
from storage.rows import Transaction


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An open store in a file of its own."""
    store = Database(tmp_path / "kumpel.sqlite3", busy_milliseconds=60)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The real hub's pack, the features of ``small_house``, and texts that were not translated."""
    from small_house import build_house

    return build_house(tmp_path)


@pytest.fixture
def tx() -> Iterator[Transaction]:
    """A transaction on an empty store in memory, for what needs no threads."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, Path(":memory:"))
        connection.execute("BEGIN")
        yield Transaction(connection)
