"""A batch: functions that share one BEGIN … COMMIT, where one that fails undoes nothing of the others."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from storage.errors import as_unavailable, is_unavailable
from storage.rows import Transaction

Result = TypeVar("Result")


class Member(Generic[Result]):
    """One function of a batch and what came of it."""

    __slots__ = ("error", "function", "future", "news", "result")

    def __init__(self, function: Callable[[Transaction], Result], future: asyncio.Future[Result]) -> None:
        self.function = function
        self.future = future
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.news: list[object] = []


class _TransactionLostError(Exception):
    """SQLite rolled the whole transaction back under us (disk full, I/O failure)."""


def run_batch(connection: sqlite3.Connection, batch: list[Member[Any]]) -> None:
    """Run the members in one transaction; where SQLite drops it, each in one of its own.

    Mostly nobody fails, and nobody needs a savepoint. Where one does, all that was done is undone, and everybody
    runs again, each in a savepoint.
    """
    try:
        if len(batch) == 1 or not _run_trusting(connection, batch):
            _run_together(connection, batch)
    except _TransactionLostError:
        for member in batch:
            with contextlib.suppress(_TransactionLostError):  # the member carries its error
                _run_together(connection, [member])


def _run_trusting(connection: sqlite3.Connection, batch: list[Member[Any]]) -> bool:
    """Run the members without savepoints; False if one failed, with nothing done."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        for member in batch:
            member.error = as_unavailable(error)
        return True
    try:
        for member in batch:
            transaction = Transaction(connection)
            member.result = member.function(transaction)
            member.news = transaction.news
        connection.execute("COMMIT")
    except BaseException:  # whose fault it was, the second run finds out
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return False
    return True


def _run_together(connection: sqlite3.Connection, batch: list[Member[Any]]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        for member in batch:
            _run_member(connection, member)
        connection.execute("COMMIT")
    except _TransactionLostError:
        raise
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for member in batch:
            member.error = as_unavailable(error)


def _run_member(connection: sqlite3.Connection, member: Member[Any]) -> None:
    transaction = Transaction(connection)
    member.error = None
    connection.execute("SAVEPOINT member")
    try:
        member.result = member.function(transaction)
        member.news = transaction.news
    except BaseException as error:
        member.error = as_unavailable(error) if is_unavailable(error) else error
        if isinstance(error, StopIteration):  # no future can carry one
            member.error = RuntimeError("a transaction's function raised StopIteration")
            member.error.__cause__ = error
        if not connection.in_transaction:
            raise _TransactionLostError from error
        connection.execute("ROLLBACK TO member")
    connection.execute("RELEASE member")
