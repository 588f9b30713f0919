"""The store itself keeps a desk for one person a day, whatever the code above it thinks."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

from storage import desks, people
from storage.database import Database
from storage.desks import Booking
from storage.rows import Transaction

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY, NEXT = date(2026, 11, 24), date(2026, 11, 25)
ADD = "INSERT INTO desk_bookings (person_id, desk, day, changed_at) VALUES (?, ?, ?, ?)"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A store with ten people, numbered from 1."""
    opened = Database(tmp_path / "kumpel.sqlite3")
    await opened.open()
    for number in range(10):
        await opened.write(partial(_add_person, account=f"U{number}"))
    yield opened
    await opened.close()


def _add_person(tx: Transaction, account: str) -> None:
    people.add_account(tx, "slack", account, NOW, name=account)


async def add(database: Database, person: int, desk: str, day: date = DAY) -> Booking | None:
    return await database.write(lambda tx: desks.add_booking(tx, person, desk, day, NOW))


async def test_a_desk_is_held_by_one_person_a_day(database: Database) -> None:
    assert await add(database, 1, "12")
    assert await add(database, 2, "12") is None
    assert await add(database, 2, "12", NEXT)
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(lambda tx: tx.execute(ADD, (2, "12", DAY, NOW)))


async def test_a_person_holds_one_desk_a_day(database: Database) -> None:
    assert await add(database, 1, "12")
    assert await add(database, 1, "13") is None
    with pytest.raises(sqlite3.IntegrityError):
        await database.write(lambda tx: tx.execute(ADD, (1, "13", DAY, NOW)))


async def test_what_was_given_back_can_be_held_again_and_is_given_back_once(database: Database) -> None:
    first = await add(database, 1, "12")
    assert first
    give_back = partial(desks.mark_cancelled_if_held, booking_id=first.id, today=DAY, now=NOW)
    assert await database.write(partial(give_back, person_id=2)) is None
    assert await database.write(partial(give_back, person_id=1, today=NEXT)) is None
    cancelled = await database.write(partial(give_back, person_id=1))
    assert cancelled
    assert cancelled.state == "cancelled"
    assert await database.write(partial(give_back, person_id=1)) is None
    again = await add(database, 2, "12")
    assert again
    assert again.id != first.id


async def test_of_many_who_want_one_desk_one_gets_it(database: Database) -> None:
    """Each reads first and books a transaction later; only the constraint stands in between."""

    async def naively(person: int) -> Booking | None:
        taken = await database.read(lambda tx: desks.list_taken_desks(tx, DAY))
        return await add(database, person, "1") if "1" not in taken else None

    booked = await asyncio.gather(*(naively(person) for person in range(1, 11)))
    assert sum(each is not None for each in booked) == 1
    assert await database.read(lambda tx: len(desks.list_coming(tx, DAY))) == 1
