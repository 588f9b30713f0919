"""Durable transactions a second: functions that share a commit, against one commit each.

Each transaction does what a question does: record the delivery's key, look up who asks and where, keep the
question, put the reply into the outbox. The control does the same statements, taken down from one such
transaction, as aiosqlite's documentation shows: each awaited, under a lock, with a commit of its own. For
information also the control with as few awaits as aiosqlite allows, and our own path with batches of one.
``synchronous=FULL`` throughout.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import aiosqlite

import storage.database
from benchmarks.report import Figure, leave, parser, ratios, report
from storage import arrivals, chats, deliveries, outbox, people, questions
from storage.chats import Chat
from storage.database import Database
from storage.rows import Transaction

ROUNDS = 9
TRANSACTIONS = 1920
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PAYLOAD = '{"kind":"Reply","content":{"type":"Reply","blocks":[],"summary":"50 Euro im Monat"},"v":1}'


class Declined(Exception):  # noqa: N818  (an outcome, not an error)
    """What one in ten does when some fail."""


@contextlib.asynccontextmanager
async def database() -> AsyncIterator[tuple[Database, Chat]]:
    """A fresh store with one person and their chat."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Database(Path(folder) / "bench.sqlite3")
        await opened.open()
        await opened.write(lambda tx: people.add_account(tx, "slack", "T1:U1", NOW, name="Ada"))
        chat = await opened.write(lambda tx: chats.add_chat(tx, "slack", "T1:U1", "direct", "", NOW))
        yield opened, chat
        await opened.close()


def transaction(tx: Transaction, chat: Chat, key: str, *, fails: bool = False) -> None:
    """What a message does."""
    deliveries.add_delivery(tx, key, NOW)
    arrivals.get_arrival(tx, "slack", "T1:U1", "T1:U1")
    if fails:
        raise Declined
    questions.add_draft(tx, 1, chat.id, "", "de", QUESTION, NOW)
    outbox.add_message(tx, chat, key=f"{key}:reply", payload=PAYLOAD, lane=0, now=NOW)


async def batched(callers: int, *, batch: int, one_in: int = 0) -> tuple[float, int, int]:
    """Return transactions a second, how many were done, and how many were declined."""
    storage.database.BATCH = batch
    done = declined = 0
    async with database() as (opened, chat):

        async def caller(number: int) -> None:
            nonlocal done, declined
            for index in range(TRANSACTIONS // callers):
                fails = bool(one_in) and index % one_in == 0
                key = f"{number}:{index}"
                try:
                    await opened.write(partial(transaction, chat=chat, key=key, fails=fails))
                    done += 1
                except Declined:
                    declined += 1

        started = time.perf_counter()
        await asyncio.gather(*(caller(number) for number in range(callers)))
        seconds = time.perf_counter() - started
        stored = await opened.read(lambda tx: tx.value("SELECT count(*) FROM outbox"))
    if stored != done:
        raise AssertionError(f"{done} said done, {stored} stored")
    return (done + declined) / seconds, done, declined


QUESTION = "was kost n schreibtisch im monat"


class TakingDown:
    """A connection that keeps what is executed on it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.statements: list[tuple[str, tuple[Any, ...]]] = []

    def execute(self, sql: str, parameters: Sequence[Any]) -> sqlite3.Cursor:
        """Execute and keep it."""
        self.statements.append((sql, tuple(parameters)))
        return self._connection.execute(sql, parameters)


KEY = "the delivery's key"


def taken_down(path: Path, chat: Chat) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the statements of one transaction, which is rolled back."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        taking = TakingDown(connection)
        transaction(Transaction(cast(sqlite3.Connection, taking)), chat, KEY)
        connection.rollback()
    return taking.statements


async def one_by_one(callers: int, *, fewest_awaits: bool = False) -> float:
    """Return transactions a second of the usual way: awaited statements, one commit each."""
    async with database() as (opened, chat):
        path = opened.path
        await opened.close()
        statements = taken_down(path, chat)
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            await connection.execute("PRAGMA synchronous = FULL")
            await connection.execute("PRAGMA foreign_keys = ON")
            lock = asyncio.Lock()

            async def caller(number: int) -> None:
                for index in range(TRANSACTIONS // callers):
                    async with lock:
                        await awaited(connection, statements, f"{number}:{index}", fewest_awaits)

            started = time.perf_counter()
            await asyncio.gather(*(caller(number) for number in range(callers)))
            seconds = time.perf_counter() - started
            stored = await connection.execute_fetchall("SELECT count(*) FROM outbox")
    if [tuple(row) for row in stored] != [(TRANSACTIONS // callers * callers,)]:
        raise AssertionError("the control did not store what it should")
    return TRANSACTIONS / seconds


async def awaited(
    connection: aiosqlite.Connection,
    statements: Sequence[tuple[str, tuple[Any, ...]]],
    key: str,
    fewest_awaits: bool,
) -> None:
    """Do one transaction, statement by statement."""
    own = {KEY: key, f"{KEY}:reply": f"{key}:reply"}
    await connection.execute("BEGIN IMMEDIATE")
    for sql, parameters in statements:
        values = [own.get(value, value) for value in parameters]
        if fewest_awaits:
            await connection.execute_fetchall(sql, values)
        else:
            async with connection.execute(sql, values) as cursor:
                await cursor.fetchone()
    await connection.commit()


async def measure(callers: int, rounds: int) -> dict[str, list[float]]:
    """Return each round's rates."""
    rates: dict[str, list[float]] = {"ours": [], "usual": [], "fewest awaits": [], "batches of one": []}
    for _ in range(rounds):
        rates["ours"].append((await batched(callers, batch=256))[0])
        rates["usual"].append(await one_by_one(callers))
        rates["fewest awaits"].append(await one_by_one(callers, fewest_awaits=True))
        rates["batches of one"].append((await batched(callers, batch=1))[0])
    return rates


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    figures: dict[str, Figure] = {}
    for callers, goal in ((20, 10.0), (64, 15.0)):
        rates = await measure(callers, chosen.rounds)
        ours = rates.pop("ours")
        at = f"at {callers} callers"
        figures[f"against one commit each, {at}"] = Figure(
            statistics.median(ratios(ours, rates["usual"])), "×", goal
        )
        for control in ("fewest awaits", "batches of one"):
            figures[f"against {control}, {at}"] = Figure(statistics.median(ratios(ours, rates[control])), "×")
        figures[f"shared commits, {at}"] = Figure(statistics.median(ours), "/s")
        figures[f"one commit each, {at}"] = Figure(statistics.median(rates["usual"]), "/s")
    rate, done, declined = await batched(20, batch=256, one_in=10)
    expected = TRANSACTIONS // 20 * 20
    figures["with 1 in 10 failing: others that failed too"] = Figure(expected - done - declined, "", 0, "lower")
    figures["with 1 in 10 failing: transactions"] = Figure(rate, "/s")
    return report("transactions", figures, as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
