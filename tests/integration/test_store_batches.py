"""Transactions are functions run many a commit: each stands alone, and only what is durable is told."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import stat
import sys
import threading
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from storage import switches, timers
from storage.database import BATCH, Database, WriterConnection, open_read_only
from storage.errors import StoreLockedError, StoreUnavailableError
from storage.rows import Transaction
from storage.switches import get_switch, mark_switch

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


LOCK_UNTIL_EOF = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    "c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
)


LOCK_UNTIL_EOF = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    "c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); sys.stdin.read()"
)


class TooBadError(Exception):
    """What a function of these tests raises."""


async def on_writer(database: Database, function: Any) -> Any:
    """Run something on the bare writing connection, as a fault would."""
    assert database._writer is not None
    return await database._writer.run(function)


async def traced(database: Database, *functions: Any) -> tuple[list[str], list[Any]]:
    """Write functions at the same time; return the transaction statements that SQLite ran, and the results."""
    seen: list[str] = []
    await on_writer(database, lambda connection: connection.set_trace_callback(seen.append))
    results = await asyncio.gather(*(database.write(each) for each in functions), return_exceptions=True)
    await on_writer(database, lambda connection: connection.set_trace_callback(None))
    return [line for line in seen if line.split()[0] in ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")], (
        results
    )


def setting(name: str, value: str = "yes") -> Any:
    return lambda tx: mark_switch(tx, name, value)


async def value(database: Database, name: str) -> str:
    return await database.read(lambda tx: get_switch(tx, name))


async def test_functions_that_wait_together_share_one_commit(database: Database) -> None:
    statements, _ = await traced(database, *(setting(f"n{number}") for number in range(20)))
    assert statements.count("BEGIN IMMEDIATE") == statements.count("COMMIT") == 1
    assert await value(database, "n19") == "yes"


async def test_where_one_fails_each_has_a_savepoint(database: Database) -> None:
    def failing(tx: Transaction) -> None:
        raise TooBadError

    statements, _ = await traced(database, *(setting(f"n{number}") for number in range(19)), failing)
    assert statements.count("COMMIT") == 1
    assert sum(line.startswith("SAVEPOINT") for line in statements) == 20


async def test_a_batch_has_an_upper_bound(database: Database) -> None:
    statements, _ = await traced(database, *(setting(f"n{number}") for number in range(BATCH + 1)))
    assert statements.count("COMMIT") == 2


async def test_one_in_ten_failing_leaves_the_others_intact(database: Database) -> None:
    def failing(tx: Transaction) -> None:
        mark_switch(tx, "half", "done")
        raise TooBadError

    functions = [setting(f"n{number}") for number in range(9)]
    functions.insert(4, failing)
    statements, results = await traced(database, *functions)
    assert statements.count("COMMIT") == 1
    assert isinstance(results[4], TooBadError)
    assert [each for each in results if each is not None] == [results[4]]
    assert [await value(database, f"n{number}") for number in range(9)] == ["yes"] * 9
    assert await value(database, "half") == ""


async def test_a_wrong_statement_is_its_own_functions_error_and_no_fault_of_the_store(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await database.write(lambda tx: tx.execute("INSERT INTO nowhere VALUES (1)"))
    await database.write(setting("after"))
    assert await value(database, "after") == "yes"


async def test_a_function_that_raises_stop_iteration_leaves_nobody_waiting(database: Database) -> None:
    def bare_next(tx: Transaction) -> Any:
        return next(iter(()))

    async with asyncio.timeout(5):
        results = await asyncio.gather(
            database.write(bare_next), database.write(setting("other")), return_exceptions=True
        )
    assert isinstance(results[0], RuntimeError)
    assert await value(database, "other") == "yes"


async def test_a_failing_commit_fails_all_and_stores_nothing(database: Database) -> None:
    def refuse_commits(connection: sqlite3.Connection) -> None:
        def authorize(action: int, argument: str | None, *_: str | None) -> int:
            refused = action == sqlite3.SQLITE_TRANSACTION and argument == "COMMIT"
            return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK

        connection.set_authorizer(authorize)

    heard: list[object] = []
    database.subscribe(heard.append)
    await on_writer(database, refuse_commits)
    results = await asyncio.gather(
        *(database.write(setting(f"n{number}")) for number in range(5)), return_exceptions=True
    )
    await on_writer(database, lambda connection: connection.set_authorizer(None))
    assert all(isinstance(each, StoreUnavailableError) for each in results)
    assert heard == []
    assert await value(database, "n0") == ""
    await database.write(setting("n0"))
    assert await value(database, "n0") == "yes"


async def limit_pages(database: Database, spare: int) -> None:
    """Leave the file this many pages to grow: what a full disk does."""

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + spare}")

    await on_writer(database, limit)


async def test_a_disk_that_fills_in_the_middle_of_a_batch_costs_only_those_that_do_not_fit(
    database: Database,
) -> None:
    await limit_pages(database, 10)
    names = [f"n{number}" for number in range(6)]
    functions = [setting(name, "x" * 200) for name in names]
    functions.insert(3, setting("huge", "x" * 200_000))
    results = await asyncio.gather(*(database.write(each) for each in functions), return_exceptions=True)
    assert isinstance(results[3], StoreUnavailableError)
    assert [each for each in results if each is not None] == [results[3]]
    assert [bool(await value(database, name)) for name in names] == [True] * 6
    assert await value(database, "huge") == ""


async def test_where_sqlite_drops_the_whole_transaction_each_function_is_run_again_alone(
    database: Database,
) -> None:
    runs: list[str] = []

    def small(name: str) -> Any:
        def write(tx: Transaction) -> str:
            runs.append(name)
            mark_switch(tx, name, "yes")
            return name

        return write

    def drop(tx: Transaction) -> None:
        runs.append("drop")
        mark_switch(tx, "dropped", "yes")
        tx.execute("ROLLBACK")  # SQLite does this by itself when the disk is full or fails
        raise sqlite3.OperationalError("database or disk is full")

    results = await asyncio.gather(
        *(database.write(each) for each in (small("a"), drop, small("b"))), return_exceptions=True
    )
    assert results[0] == "a"
    assert results[2] == "b"
    assert isinstance(results[1], sqlite3.OperationalError)
    assert runs[-3:] == ["a", "drop", "b"]
    assert [await value(database, name) for name in ("a", "dropped", "b")] == ["yes", "", "yes"]


async def test_a_full_disk_is_told_and_once_there_is_room_all_is_well(database: Database) -> None:
    await limit_pages(database, 0)
    with pytest.raises(StoreUnavailableError, match="full"):
        await database.write(setting("big", "x" * 100_000))
    await limit_pages(database, 1000)
    await database.write(setting("big", "x" * 100_000))
    assert len(await value(database, "big")) == 100_000


async def test_a_foreign_lock_is_told_after_the_busy_time_with_nothing_half_done(database: Database) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOCK_UNTIL_EOF, str(database.path), stdin=PIPE, stdout=PIPE
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert await holder.stdout.readline() == b"locked\n"
        results = await asyncio.gather(
            *(database.write(setting(f"n{number}")) for number in range(3)), return_exceptions=True
        )
        assert all(isinstance(each, StoreUnavailableError) for each in results)
        assert await value(database, "n0") == ""  # reading goes on
    finally:
        await holder.communicate(b"")
    await database.write(setting("n0"))
    assert await value(database, "n0") == "yes"


async def test_a_cancelled_caller_cancels_neither_its_function_nor_the_others(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        mark_switch(tx, "slow", "yes")
        begun.set()
        go_on.wait(5)

    slow_caller = asyncio.create_task(database.write(slow))
    other = asyncio.create_task(database.write(setting("other")))
    await asyncio.to_thread(begun.wait, 5)
    slow_caller.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await slow_caller
    await other
    await database.write(setting("after"))
    assert [await value(database, name) for name in ("slow", "other", "after")] == ["yes"] * 3
    assert not await on_writer(database, lambda connection: connection.in_transaction)


async def test_news_are_told_after_the_commit_and_before_the_caller_continues(database: Database) -> None:
    order: list[str] = []
    reader = open_read_only(database.path)

    def hear(fact: object) -> None:
        assert isinstance(fact, switches.SwitchTurned)
        stored = reader.execute("SELECT value FROM switches WHERE name = ?", (fact.name,)).fetchone()
        order.append(f"heard {fact.name}, stored {stored is not None}")

    database.subscribe(hear)
    await database.write(setting("a"))
    order.append("continued")
    reader.close()
    assert order == ["heard a, stored True", "continued"]


async def test_news_of_a_function_that_failed_are_not_told(database: Database) -> None:
    heard: list[object] = []
    database.subscribe(heard.append)

    def failing(tx: Transaction) -> None:
        timers.add_timer(tx, "bell.ring", "1", NOW)
        raise TooBadError

    with pytest.raises(TooBadError):
        await database.write(failing)
    assert heard == []


async def test_a_subscriber_that_fails_keeps_nobody_waiting(database: Database) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    heard: list[object] = []

    def failing(fact: object) -> None:
        raise TooBadError

    database.subscribe(failing)
    database.subscribe(heard.append)
    async with asyncio.timeout(5):
        await asyncio.gather(*(database.write(setting(f"n{number}")) for number in range(3)))
    assert len(heard) == 3
    assert len(complaints) == 3


async def test_a_second_bot_on_the_same_file_is_refused_and_harms_nothing(database: Database) -> None:
    second = Database(database.path)
    with pytest.raises(StoreLockedError, match="Another bot"):
        await second.open()
    await second.close()
    await database.write(setting("still"))
    assert await value(database, "still") == "yes"


async def test_the_lock_is_free_again_after_closing(tmp_path: Path) -> None:
    for _ in range(2):
        store = Database(tmp_path / "kumpel.sqlite3")
        await store.open()
        await store.close()


async def test_a_reader_sees_only_what_is_committed_and_one_state_at_a_time(database: Database) -> None:
    await database.write(setting("a", "old"))
    inside, go_on = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        mark_switch(tx, "a", "new")
        inside.set()
        go_on.wait(5)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(inside.wait, 5)
    assert await value(database, "a") == "old"
    go_on.set()
    await writing
    assert await value(database, "a") == "new"

    first_read, second_read = threading.Event(), threading.Event()

    def twice(tx: Transaction) -> tuple[str, str]:
        first = get_switch(tx, "a")
        first_read.set()
        second_read.wait(5)
        return first, get_switch(tx, "a")

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(first_read.wait, 5)
    await database.write(setting("a", "newest"))
    second_read.set()
    assert await reading == ("new", "new")
    assert await value(database, "a") == "newest"


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(setting("a"))
    await database.write(setting("a"))


async def test_a_failing_reader_leaves_the_next_one_well(database: Database) -> None:
    def failing(tx: Transaction) -> None:
        get_switch(tx, "a")
        raise TooBadError

    with pytest.raises(TooBadError):
        await database.read(failing)
    assert await value(database, "a") == ""


async def test_files_are_for_their_owner_alone(database: Database) -> None:
    await database.write(setting("a"))
    for path in database.path.parent.iterdir():
        if path.name.startswith("kumpel.sqlite3"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


async def test_writing_and_reading_a_closed_store_is_told(tmp_path: Path) -> None:
    store = Database(tmp_path / "kumpel.sqlite3")
    with pytest.raises(StoreUnavailableError):
        await store.write(setting("before"))
    await store.open()
    await store.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        await store.write(setting("after"))
    with pytest.raises(StoreUnavailableError, match="closed"):
        await store.read(lambda tx: get_switch(tx, "after"))


async def test_closing_finishes_what_is_waiting_and_refuses_what_comes_too_late(tmp_path: Path) -> None:
    store = Database(tmp_path / "kumpel.sqlite3")
    await store.open()
    writing = [asyncio.create_task(store.write(setting(f"n{number}"))) for number in range(300)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(store.close())
    late = asyncio.create_task(_write_until_refused(store, closing))
    await asyncio.gather(*writing, closing)
    await late
    reader = open_read_only(store.path)
    assert reader.execute("SELECT count(*) FROM switches WHERE name LIKE 'n%'").fetchone()[0] == 300
    reader.close()


async def _write_until_refused(store: Database, closing: asyncio.Task[None]) -> None:
    """Write until the store is closed: nothing hangs, and nothing else is raised than that it is away."""
    while not closing.done():
        try:
            async with asyncio.timeout(5):
                await store.write(setting("late"))
        except StoreUnavailableError:
            await asyncio.sleep(0)


async def test_closing_leaves_no_thread_and_nothing_unclosed(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    store = Database(tmp_path / "kumpel.sqlite3")
    await store.open()
    await store.write(setting("a"))
    await store.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(2)
        assert not thread.is_alive()
    del store
    gc.collect()  # an unclosed connection would warn, and warnings are failures


async def test_a_store_that_cannot_be_opened_says_so_and_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "kumpel.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    store = Database(path)
    with pytest.raises(StoreUnavailableError):
        await store.open()
    path.unlink()
    await store.open()
    await store.close()
    with pytest.raises(StoreUnavailableError, match="No such file"):
        await Database(tmp_path / "nowhere" / "kumpel.sqlite3").open()


async def test_the_one_hook_into_aiosqlite_runs_in_its_thread_with_its_connection(tmp_path: Path) -> None:
    assert version("aiosqlite") == "0.22.1", "the hook below was read against this version"
    connection = WriterConnection(lambda: sqlite3.connect(tmp_path / "a.sqlite3"), iter_chunk_size=64)
    await connection

    def work(bare: sqlite3.Connection) -> tuple[int, int]:
        return threading.get_ident(), bare.execute("SELECT 40 + 2").fetchone()[0]

    threads = {await connection.run(work) for _ in range(3)}
    assert threads == {(connection._thread.ident, 42)}
    with pytest.raises(TooBadError):
        await connection.run(_raise)
    assert isinstance(connection, aiosqlite.Connection)
    await connection.close()
    with pytest.raises(ValueError, match="no active connection"):
        await connection.run(work)


def _raise(_: sqlite3.Connection) -> None:
    raise TooBadError


async def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    store = Database(tmp_path / "kumpel.sqlite3")
    await store.open()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import sys; sys.stdin.read()", stdin=PIPE, close_fds=False
    )
    try:
        await store.close()
        await store.open()
        await store.close()
    finally:
        await child.communicate(b"")
