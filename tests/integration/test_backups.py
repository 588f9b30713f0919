"""Backups: consistent while the bot writes, encrypted, kept, put back; who was deleted stays deleted."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import MISSED_MARGIN
from bot.backups import ERASED, BackupError, Backups, is_due, list_backups, make_key
from bot.clock import ManualClock
from bot.control import ControlServer, request_backup
from bot.restoring import NoKeyError, restore
from bot.settings import Settings
from storage import chats, outbox, people, switches, tombstones
from storage.backup import HELD_BACK
from storage.database import Database
from storage.errors import StoreLockedError, StoreUnavailableError
from storage.rows import Transaction

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=9)
BERLIN = ZoneInfo("Europe/Berlin")


def settings(folder: Path, **more: object) -> Settings:
    return Settings.given(kumpel_secret="k" * 32, kumpel_database=folder / "kumpel.sqlite3", **more)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "kumpel.sqlite3")
    await database.open()
    yield database
    await database.close()


async def add_person(database: Database, platform: str, account: str, name: str, now: datetime = NOW) -> int:
    def add(tx: Transaction) -> int:
        return people.add_account(tx, platform, account, now, name=name).person_id

    return await database.write(add)


async def names(path: Path) -> list[str]:
    database = Database(path)
    await database.open()
    try:
        found = await database.read(lambda tx: tx.values("SELECT name FROM persons ORDER BY id"))
    finally:
        await database.close()
    return [name for (name,) in found]


async def test_a_backup_is_one_readable_file_of_its_owner_s(database: Database, tmp_path: Path):
    await add_person(database, "slack", "T1:U1", "Lena")
    made = await Backups(settings(tmp_path)).make(NOW)
    assert made.path == tmp_path / "backups" / "kumpel-20261123-020000.sqlite3"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert sorted(path.name for path in made.path.parent.iterdir()) == [ERASED, made.path.name]
    with closing(sqlite3.connect(f"{made.path.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT name FROM persons").fetchall() == [("Lena",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


async def test_a_backup_made_while_the_bot_writes_shows_one_moment(database: Database, tmp_path: Path):
    """Two rows are written in each transaction: no copy may hold an odd number."""

    def pair(tx: Transaction, number: int) -> None:
        for half in "ab":
            people.add_account(tx, "slack", f"T1:U{number}{half}", NOW, name="x" * 500)

    async def write() -> None:
        for number in range(400):
            await database.write(lambda tx, number=number: pair(tx, number))

    writing = asyncio.create_task(write())
    backups = Backups(settings(tmp_path))
    counts = []
    for minute in range(8):
        made = await backups.make(NOW + timedelta(minutes=minute))
        with closing(sqlite3.connect(made.path)) as copy:
            counts.append(copy.execute("SELECT count(*) FROM persons").fetchone()[0])
    assert not writing.done() or counts[-1] == 800
    await writing
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert counts[-1] > 0


async def test_the_newest_backups_are_kept_in_both_folders(database: Database, tmp_path: Path):
    second = tmp_path / "usb"
    second.mkdir()
    (second / "holiday.jpg").write_bytes(b"mine")
    backups = Backups(settings(tmp_path, kumpel_backups_kept=2, kumpel_backups_copy=second))
    made = [await backups.make(NOW + timedelta(days=day)) for day in range(3)]
    for folder in (tmp_path / "backups", second):
        assert [backup.path.name for backup in list_backups(folder)] == [made[2].path.name, made[1].path.name]
    assert (second / "holiday.jpg").exists()
    assert (second / made[2].path.name).read_bytes() == made[2].path.read_bytes()


async def test_a_second_folder_that_is_not_there_is_told_and_the_first_has_its_backup(
    database: Database, tmp_path: Path
):
    backups = Backups(settings(tmp_path, kumpel_backups_copy=tmp_path / "unplugged"))
    with pytest.raises(BackupError, match="unplugged"):
        await backups.make(NOW)
    assert len(list_backups(tmp_path / "backups")) == 1
    assert not (tmp_path / "unplugged").exists()


async def test_what_is_encrypted_only_its_key_opens(database: Database, tmp_path: Path):
    await add_person(database, "slack", "T1:U1", "Lena Canary")
    key, other = tmp_path / "key.txt", tmp_path / "other.txt"
    public = make_key(key)
    make_key(other)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    made = await Backups(settings(tmp_path, kumpel_backup_key=public)).make(NOW)
    await database.close()
    assert made.path.name.endswith(".sqlite3.age")
    assert b"Canary" not in made.path.read_bytes()
    assert sorted(path.name for path in made.path.parent.iterdir()) == [ERASED, made.path.name]
    for wrong in (None, other):
        with pytest.raises(NoKeyError):
            await restore(made.path, database.path, wrong, ManualClock(LATER))
    await restore(made.path, database.path, key, ManualClock(LATER))
    assert await names(database.path) == ["Lena Canary"]


def test_a_key_is_never_overwritten(tmp_path: Path):
    make_key(tmp_path / "key.txt")
    before = (tmp_path / "key.txt").read_text()
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "key.txt")
    assert (tmp_path / "key.txt").read_text() == before


async def test_a_backup_takes_the_database_s_place_and_the_other_stays_beside(database: Database, tmp_path: Path):
    await add_person(database, "slack", "T1:U1", "Lena")
    made = await Backups(settings(tmp_path)).make(NOW)
    await add_person(database, "slack", "T1:U2", "Sam")
    await database.close()
    done = await restore(made.path, database.path, None, ManualClock(LATER))
    assert await names(database.path) == ["Lena"]
    assert done.aside is not None
    assert await names(done.aside) == ["Lena", "Sam"]
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600
    assert made.path.exists()


async def test_nothing_is_restored_under_a_running_bot(database: Database, tmp_path: Path):
    made = await Backups(settings(tmp_path)).make(NOW)
    await add_person(database, "slack", "T1:U1", "Lena")
    with pytest.raises(StoreLockedError):
        await restore(made.path, database.path, None, ManualClock(LATER))
    await database.close()
    assert await names(database.path) == ["Lena"]


@pytest.mark.parametrize("damage", ["cut", "noise", "empty"])
async def test_a_damaged_backup_is_refused_and_changes_nothing(database: Database, tmp_path: Path, damage: str):
    for number in range(50):
        await add_person(database, "slack", f"T1:U{number}", "Lena" * 50)
    made = await Backups(settings(tmp_path)).make(NOW)
    await database.close()
    content = bytearray(made.path.read_bytes())
    broken = {"cut": content[:9000], "noise": content[:4096] + b"\xa5" * (len(content) - 4096), "empty": b""}[
        damage
    ]
    made.path.write_bytes(broken)
    before = database.path.read_bytes()
    with pytest.raises(StoreUnavailableError):
        await restore(made.path, database.path, None, ManualClock(LATER))
    assert database.path.read_bytes() == before
    assert not list(tmp_path.glob("*.restoring*"))


async def test_what_waited_is_asked_for_in_slack_and_held_back_in_telegram(database: Database, tmp_path: Path):
    def fill(tx: Transaction) -> None:
        for platform in ("slack", "telegram"):
            chat = chats.add_chat(tx, platform, f"{platform}1", "direct", "", NOW)
            outbox.add_message(tx, chat, key=f"{platform}:waiting", payload="{}", lane=1, now=NOW)

    await database.write(fill)
    made = await Backups(settings(tmp_path)).make(NOW)
    await database.close()
    done = await restore(made.path, database.path, None, ManualClock(LATER))
    assert done.held == 1
    restored = Database(database.path)
    await restored.open()
    rows = await restored.read(lambda tx: tx.values("SELECT key, state, reason FROM outbox ORDER BY key"))
    alive = await restored.read(lambda tx: switches.get_switch(tx, switches.ALIVE_AT))
    await restored.close()
    assert rows == [("slack:waiting", "unknown", ""), ("telegram:waiting", "cancelled", HELD_BACK)]
    assert (
        datetime.fromisoformat(alive) == LATER + MISSED_MARGIN
    )  # less that margin, messages are read from then on


async def test_what_was_said_while_the_bot_was_stopped_is_read_after_a_restore(database: Database, tmp_path: Path):
    made = await Backups(settings(tmp_path)).make(NOW)
    stopped = NOW + timedelta(hours=5)
    await database.write(lambda tx: switches.mark_switch(tx, switches.ALIVE_AT, stopped.isoformat()))
    await database.close()
    await restore(made.path, database.path, None, ManualClock(LATER))
    restored = Database(database.path)
    await restored.open()
    alive = await restored.read(lambda tx: switches.get_switch(tx, switches.ALIVE_AT))
    await restored.close()
    assert datetime.fromisoformat(alive) - MISSED_MARGIN == stopped


@pytest.mark.parametrize("machine", ["the same", "another"])
async def test_who_was_deleted_after_the_backup_stays_deleted(database: Database, tmp_path: Path, machine: str):
    lena = await add_person(database, "slack", "T1:U1", "Lena Canary")
    await add_person(database, "slack", "T1:U2", "Sam")
    backups = Backups(settings(tmp_path))
    made = await backups.make(NOW)
    await database.write(lambda tx: tombstones.erase_for_good(tx, lena, {}, LATER))
    await backups.keep_tombstones()
    await database.close()
    if machine == "another":
        database.path.unlink()
    done = await restore(made.path, database.path, None, ManualClock(LATER))
    assert done.forgotten == 1
    assert "Lena Canary" not in await names(database.path)
    assert "Sam" in await names(database.path)
    assert b"Canary" not in database.path.read_bytes()


async def test_a_damaged_list_of_the_deleted_stops_a_restore(database: Database, tmp_path: Path):
    made = await Backups(settings(tmp_path)).make(NOW)
    await database.close()
    (tmp_path / "backups" / ERASED).write_text("{broken\n", "utf-8")
    with pytest.raises(StoreUnavailableError, match="tombstones"):
        await restore(made.path, database.path, None, ManualClock(LATER))


async def test_the_command_asks_the_running_bot_and_works_alone(database: Database, tmp_path: Path):
    asked: list[str] = []
    backups = Backups(settings(tmp_path))

    async def back_up() -> Path:
        asked.append("asked")
        return (await backups.make(NOW)).path

    server = ControlServer(database, ManualClock(NOW), back_up)
    await server.start()
    try:
        assert (await request_backup(settings(tmp_path))).name == "kumpel-20261123-020000.sqlite3"
        assert asked == ["asked"]
    finally:
        await server.stop()
    await database.close()
    alone = await request_backup(settings(tmp_path), ManualClock(LATER))
    assert alone.name == "kumpel-20261123-110000.sqlite3"
    assert asked == ["asked"]


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-11-22T03:00", "2026-11-23T02:59", False),
        ("2026-11-22T03:00", "2026-11-23T03:00", True),
        ("2026-11-23T03:00", "2026-11-23T23:59", False),
        ("2026-11-20T12:00", "2026-11-23T02:00", True),  # nights were missed
        ("2026-03-28T03:00", "2026-03-29T03:00", True),  # the night that has no 2 o'clock
        ("2026-10-24T03:00", "2026-10-25T02:59", False),  # the night that has it twice
        ("2026-10-24T03:00", "2026-10-25T03:00", True),
    ],
)
def test_a_backup_is_due_every_night_at_three(last: str, now: str, due: bool):
    moments = [datetime.fromisoformat(text).replace(tzinfo=BERLIN) for text in (last, now)]
    assert is_due(moments[0], moments[1].astimezone(UTC), BERLIN) is due


def test_files_that_are_no_backups_are_left_alone(tmp_path: Path):
    for name in ("kumpel-old.sqlite3", "kumpel-20261123-020000.sqlite3.part", "notes.txt"):
        (tmp_path / name).touch()
    assert list_backups(tmp_path) == []
    assert list_backups(tmp_path / "nowhere") == []
