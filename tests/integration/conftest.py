"""A real store, and a house with a few features of the tests' own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.core.context import House
from storage.database import Database


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
