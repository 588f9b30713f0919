"""What deletions leave to do: the file written anew at night, old copies removed, people told anew."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import build_house
from bot.maintenance import Maintenance, is_time
from handlers.core.context import House
from handlers.core.seals import Seals
from storage import chats, consents, outbox, people, switches, tombstones
from storage.database import Database, open_read_only

PACK = Path(__file__).parents[2] / "hub"
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 2, 45, tzinfo=UTC)
"""A quarter to four at the hub."""


class StandingClock:
    """A clock that somebody sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@pytest.fixture(scope="module")
def house() -> House:
    return build_house(PACK, Seals(["a secret for tests"]))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "kumpel.db")
    await database.open()
    yield database
    await database.close()


async def forget_somebody(database: Database, now: datetime) -> None:
    account = await database.write(lambda tx: people.add_account(tx, "slack", "T1:U1", now, name="Rotkehlchen"))
    await database.write(lambda tx: tombstones.erase_for_good(tx, account.person_id, {}, now))


async def due(database: Database) -> str:
    return await database.read(lambda tx: switches.get_switch(tx, switches.COMPACT_DUE))


def wal(database: Database) -> Path:
    return database.path.with_name(f"{database.path.name}-wal")


async def test_by_day_it_waits_at_night_it_is_done(database: Database, house: House) -> None:
    await forget_somebody(database, NOON)
    assert b"Rotkehlchen" in wal(database).read_bytes(), "the log holds what the file no longer does"
    clock = StandingClock(NOON)
    maintenance = Maintenance(database, house, clock)
    await maintenance.look()
    assert await due(database)
    clock.moment = NIGHT
    await maintenance.look()
    assert not await due(database)
    assert b"Rotkehlchen" not in wal(database).read_bytes() + database.path.read_bytes()


async def test_what_waited_too_long_is_done_by_day(house: House) -> None:
    assert not is_time(NOON, NOON + timedelta(hours=3), house)
    assert is_time(NOON, NOON + timedelta(hours=48), house)


async def test_without_a_deletion_the_file_stays_as_it_is(database: Database, house: House) -> None:
    await database.write(lambda tx: switches.mark_switch(tx, "x", "y"))
    before = wal(database).stat().st_size
    await Maintenance(database, house, StandingClock(NIGHT)).look()
    assert wal(database).stat().st_size == before > 0


async def test_a_reader_puts_it_off_and_loses_nothing(tmp_path: Path, house: House) -> None:
    database = Database(tmp_path / "kumpel.db", busy_milliseconds=10)
    await database.open()
    await forget_somebody(database, NOON)
    reader = open_read_only(database.path)
    try:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM persons").fetchone()
        maintenance = Maintenance(database, house, StandingClock(NIGHT))
        await maintenance.look()
        assert await due(database)
        reader.execute("ROLLBACK")
        await maintenance.look()
        assert not await due(database)
    finally:
        reader.close()
        await database.close()


async def test_messages_are_taken_while_the_file_is_written_anew(database: Database, house: House) -> None:
    def fill(tx):
        chat = chats.add_chat(tx, "slack", "C1", "group", "", NOON)
        for number in range(2000):
            outbox.add_message(tx, chat, key=f"k{number}", payload="x" * 500, lane=1, now=NOON)

    await database.write(fill)
    cleaning = asyncio.create_task(database.clean_up())
    wrote = await asyncio.gather(
        *(database.write(lambda tx, n=n: switches.mark_switch(tx, f"s{n}", "1")) for n in range(50))
    )
    await cleaning
    assert len(wrote) == 50
    assert await database.read(lambda tx: tx.value("SELECT count(*) FROM switches WHERE value = '1'")) == 50
    assert await database.read(lambda tx: tx.value("PRAGMA integrity_check")) == "ok"


async def test_old_copies_beside_the_database_go(database: Database, house: House) -> None:
    old, new = (database.path.with_name(f"{database.path.name}.before-{name}") for name in ("0007", "0009"))
    for copy in (old, new):
        copy.write_bytes(b"x")
    os.utime(old, (NIGHT.timestamp() - 40 * 86400,) * 2)
    os.utime(new, (NIGHT.timestamp() - 5 * 86400,) * 2)
    await Maintenance(database, house, StandingClock(NIGHT)).look()
    assert (old.exists(), new.exists()) == (False, True)


async def test_whoever_was_told_another_text_is_told_anew(database: Database, house: House) -> None:
    version = house.hub.privacy.version

    def meet(tx):
        for account, told in (("T1:U1", version), ("T1:U2", "2020-01")):
            person = people.add_account(tx, "slack", account, NOON).person_id
            people.mark_greeted(tx, person)
            consents.add_consent(tx, person, "told", told, NOON)

    await database.write(meet)
    await Maintenance(database, house, StandingClock(NOON)).start()
    greeted = await database.read(lambda tx: tx.values("SELECT greeted FROM persons ORDER BY id"))
    assert greeted == [(1,), (0,)]
