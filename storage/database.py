"""The store: one writing connection whose transactions are synchronous functions, many a commit.

``write`` runs a function in the writer's thread. Functions that wait at the same time share one BEGIN … COMMIT,
each in its own savepoint, so that one disk flush serves them all; each caller continues when it is durable.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage.batches import Member, run_batch
from storage.errors import StoreLockedError, StoreUnavailableError, as_unavailable, is_unavailable
from storage.migrate import migrate
from storage.rows import Transaction

Result = TypeVar("Result")

BATCH = 256
"""Most functions in one commit; bounds how long the first of them waits."""

BUSY_MILLISECONDS = 2000
"""How long the writer waits for a foreign lock: less than Slack's 3 s for an acknowledgement."""


class WriterConnection(aiosqlite.Connection):
    """aiosqlite's connection, with one method more: a function in its thread, given the bare connection."""

    async def run(self, function: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run ``function`` in the connection's thread."""
        result: Result = await self._execute(function, self._conn)  # type: ignore[no-untyped-call]
        return result


class Database:
    """A SQLite file, opened for this process alone.

    Args:
        path: The file; its folder must exist. ``path + ".lock"`` guards against a second bot.
        busy_milliseconds: How long a batch waits for a foreign lock.
    """

    def __init__(self, path: Path, busy_milliseconds: int = BUSY_MILLISECONDS) -> None:
        self.path = path
        self._busy_milliseconds = busy_milliseconds
        self._lock_file: int | None = None
        self._writer: WriterConnection | None = None
        self._reader: WriterConnection | None = None
        self._waiting: list[Member[Any]] = []
        self._batching: asyncio.Task[None] | None = None
        self._subscribers: list[Callable[[object], None]] = []

    def subscribe(self, subscriber: Callable[[object], None]) -> None:
        """Have a function called in the event loop with every fact announced, once it is durable."""
        self._subscribers.append(subscriber)

    @property
    def idle(self) -> bool:
        """Is nothing being written?"""
        return self._batching is None

    async def open(self) -> None:
        """Lock the file, bring its tables up to date, and open the connections.

        Raises:
            StoreLockedError: Another process has it.
            MigrationError: The file was made by a newer or a changed version.
            StoreUnavailableError: The file can't be opened or written.
        """
        self._lock_file = take_lock(self.path)
        try:
            self._writer = await _connect(self._open_writer)
            await self._writer.run(lambda connection: migrate(connection, self.path))
            self._reader = await _connect(self._open_reader)
        except sqlite3.Error as error:
            await self.close()
            raise StoreUnavailableError(str(error)) from error
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what is waiting and close everything."""
        if self._batching:
            await asyncio.wait([self._batching])  # which neither ends with us nor takes us along when cancelled
        connections = (self._reader, self._writer)
        self._reader = self._writer = None  # who comes now is told that the store is closed
        try:
            for connection in connections:
                if connection:
                    await connection.close()
        finally:
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None

    async def write(self, function: Callable[[Transaction], Result]) -> Result:
        """Run a function in a transaction and return its result once it is durable.

        What the function announced reaches the subscribers before the caller continues. A caller that is
        cancelled does not cancel the function.

        Raises:
            StoreUnavailableError: Nothing was stored.
            Exception: Whatever the function raised; its changes are undone.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append(Member(function, future))
        if self._batching is None:
            self._batching = asyncio.create_task(self._commit_waiting())
        return await future

    async def read(self, function: Callable[[Transaction], Result]) -> Result:
        """Run a reading function on the read-only connection, seeing one committed state.

        Raises:
            StoreUnavailableError: The store is closed or can't be read.
            Exception: Whatever the function raised.
        """
        if self._reader is None:
            raise StoreUnavailableError("the store is closed")
        try:
            return await self._reader.run(lambda connection: _read(connection, function))
        except sqlite3.Error as error:
            if is_unavailable(error) and error.sqlite_errorcode != sqlite3.SQLITE_READONLY:
                raise StoreUnavailableError(str(error)) from error
            raise  # to write here is a mistake that no waiting mends

    async def clean_up(self) -> bool:
        """Write the file anew without what was deleted, and empty its log; nothing else is written meanwhile.

        Deleted rows are overwritten at once (``secure_delete``), yet the log holds them until it is emptied, and
        pages that were split may hold copies.

        Returns:
            False if a reader kept the log from being emptied: ask again later.

        Raises:
            StoreUnavailableError: The store is closed, or there is no room for a second copy; nothing has changed.
        """
        if self._writer is None:
            raise StoreUnavailableError("the store is closed")
        try:
            return await self._writer.run(_clean_up)
        except sqlite3.Error as error:
            raise as_unavailable(error) from error

    async def _commit_waiting(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(batch)
        finally:
            self._batching = None

    async def _commit(self, batch: list[Member[Any]]) -> None:
        try:
            if self._writer is None:
                raise StoreUnavailableError("the store is closed")
            await self._writer.run(lambda connection: run_batch(connection, batch))
        except asyncio.CancelledError:  # the loop is being torn down
            for member in batch:
                member.future.cancel()
            raise
        except Exception as error:  # the batch owner itself failed: nothing was committed
            for member in batch:
                member.error = as_unavailable(error)
        for member in batch:
            if member.error is None:
                self._tell(member.news)
            if member.future.done():
                continue
            if member.error is None:
                member.future.set_result(member.result)
            else:
                member.future.set_exception(member.error)

    def _tell(self, news: list[object]) -> None:
        """Tell the subscribers; one that fails must not keep the others, or the callers, waiting."""
        for fact in news:
            for subscriber in self._subscribers:
                try:
                    subscriber(fact)
                except Exception as error:
                    asyncio.get_running_loop().call_exception_handler(
                        {"message": "a subscriber of the store failed", "exception": error}
                    )

    def _open_writer(self) -> sqlite3.Connection:
        if not self.path.exists():
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        for pragma in (
            f"busy_timeout = {self._busy_milliseconds}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _open_reader(self) -> sqlite3.Connection:
        return open_read_only(self.path)


def take_lock(path: Path) -> int:
    """Lock a database for this process and return the lock's descriptor; closing it ends the lock.

    Raises:
        StoreLockedError: Another process has it.
        StoreUnavailableError: The lock file can't be made.
    """
    try:
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnavailableError(f"{path}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise StoreLockedError(StoreLockedError.__doc__) from error
    return lock


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open a connection that can't write, for reading beside the writer and for backups."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    return connection


async def _connect(connector: Callable[[], sqlite3.Connection]) -> WriterConnection:
    connection = WriterConnection(connector, iter_chunk_size=64)
    await connection
    return connection


def _read(connection: sqlite3.Connection, function: Callable[[Transaction], Result]) -> Result:
    """Run a reading function on one state of the store, whatever is committed meanwhile."""
    connection.execute("BEGIN")
    try:
        return function(Transaction(connection))
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _clean_up(connection: sqlite3.Connection) -> bool:
    connection.execute("VACUUM")
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
