"""The running bot's local door, and what commands do when none is running."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import ManualClock, SystemClock
from bot.control import ControlServer, request_code, request_status, socket_path
from handlers.people.codes import hash_code
from storage import people, roles
from storage.database import Database
from storage.errors import StoreLockedError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[tuple[Database, ControlServer]]:
    database = Database(path)
    await database.open()
    server = ControlServer(database, ManualClock(NOW))
    await server.start()
    try:
        yield database, server
    finally:
        await server.stop()
        await database.close()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "kumpel.sqlite3"


async def post(path: Path, body: Any) -> tuple[int, Any]:
    connector = aiohttp.UnixConnector(socket_path(path).name)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.post("http://kumpel/codes", data=body, headers={"Content-Type": "application/json"}) as response,
    ):
        return response.status, await response.json()


async def redeemed(path: Path, code: str, now: datetime) -> str | None:
    """The role that a code gives at a time."""
    database = Database(path)
    await database.open()
    try:
        account = await database.write(lambda tx: people.add_account(tx, "slack", "T1:U1", now))
        return await database.write(
            lambda tx: roles.mark_code_used_if_valid(tx, hash_code(code), account.person_id, now)
        )
    finally:
        await database.close()


@pytest.mark.parametrize("role", ["lead", "manager", "project"])
async def test_the_running_bot_gives_a_code_that_works_for_seven_days(path: Path, role: Any):
    async with running(path):
        code = await request_code(path, role)
    assert await redeemed(path, code, NOW + timedelta(days=6, hours=23)) == role


async def test_a_code_ends_after_seven_days(path: Path):
    async with running(path):
        code = await request_code(path, "lead")
    assert await redeemed(path, code, NOW + timedelta(days=7, seconds=1)) is None


async def test_without_a_running_bot_the_code_goes_straight_into_the_database(path: Path):
    code = await request_code(path, "manager")
    assert await redeemed(path, code, SystemClock().now()) == "manager"


async def test_the_code_itself_is_nowhere_in_the_database(path: Path):
    code = await request_code(path, "lead")
    stored = b"".join(file.read_bytes() for file in path.parent.glob("kumpel.sqlite3*") if file.is_file())
    assert stored
    assert code.encode() not in stored
    assert code.replace("-", "").encode() not in stored


async def test_many_asking_at_once_get_a_code_each(path: Path):
    async with running(path):
        codes = await asyncio.gather(*(request_code(path, "manager") for _ in range(20)))
    assert len(set(codes)) == 20


async def test_the_status_tells_of_the_running_bot_and_none_without(path: Path):
    assert await request_status(path) is None
    async with running(path):
        status = await request_status(path)
    assert status is not None
    assert status["pid"] > 0
    assert status["started_at"] == NOW.isoformat()
    assert await request_status(path) is None


async def test_only_the_owner_may_knock_and_nothing_is_left_behind(path: Path):
    async with running(path):
        assert stat.S_IMODE(socket_path(path).stat().st_mode) == 0o600
    assert not socket_path(path).exists()


async def test_a_socket_left_by_a_killed_bot_is_taken_away(path: Path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(socket_path(path).name)
    left.close()
    assert socket_path(path).exists()
    assert await request_status(path) is None
    async with running(path):
        assert await request_status(path) is not None


async def test_a_holder_that_does_not_answer_is_told_as_such(path: Path):
    database = Database(path)
    await database.open()
    try:
        with pytest.raises(StoreLockedError):
            await request_code(path, "lead")
    finally:
        await database.close()


@pytest.mark.parametrize("body", ['{"role": "king"}', "{}", "[]", "not json", '{"role": ["lead"]}', "\xff"])
async def test_an_odd_question_is_refused_and_adds_no_code(path: Path, body: str):
    async with running(path) as (database, _):
        status, answer = await post(path, body)
        assert status == 400
        assert "role is one of" in answer["problem"]
        assert await database.read(lambda tx: tx.value("SELECT count(*) FROM codes")) == 0


async def test_a_store_that_can_not_write_is_told_in_words(path: Path):
    async with running(path) as (database, _):
        await database.close()
        status, answer = await post(path, '{"role": "lead"}')
    assert status == 503
    assert answer["problem"] == "the store is closed"


async def test_a_path_too_long_for_a_socket_only_costs_the_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / ("deep" * 20) / ("deeper" * 10)
    folder.mkdir(parents=True)
    monkeypatch.chdir("/")
    async with running(folder / "kumpel.sqlite3"):
        assert not socket_path(folder / "kumpel.sqlite3").exists()
        assert await request_status(folder / "kumpel.sqlite3") is None
