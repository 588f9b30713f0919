"""Desks booked durably a second by 64 people at once, and never twice.

Speed: each booking is one transaction with what a press on "take a desk" asks the store: does the person hold a
desk that day, how many at all, which had they last, which are taken; then the booking. Ours share commits. The
controls do the same with one commit each: the usual way, each statement awaited under a lock, as aiosqlite's
documentation shows; and, for information, our own path with batches of one. ``synchronous=FULL`` throughout.

Double bookings: 64 people fight for four desks, day after day. First the bot's way; then as a naive bot would,
which reads what is free and books it a transaction later, where only the store's constraint stands in between; at
last the same without the constraint, to know that this can fail.
"""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import aiosqlite

import storage.database
from benchmarks.report import Figure, leave, parser, ratios, report
from handlers.desks.booking import take
from handlers.desks.plan import WEEKDAYS, Desk, Plan
from storage import desks, people
from storage.database import Database
from storage.desks import Booking
from storage.rows import Transaction

ROUNDS = 9
CALLERS = 64
BOOKINGS = 1280
FOUGHT_DAYS = 30
FOUGHT_DESKS = 4
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST_DAY = date(2026, 11, 25)
ADD = "INSERT INTO desk_bookings (person_id, desk, day, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def plan_of(count: int) -> Plan:
    """A plan with so many desks."""
    return Plan(WEEKDAYS, (), 366, 366, tuple(Desk(str(number + 1)) for number in range(count)))


@contextlib.asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """A fresh store with as many people as there are callers; their ids count from 1."""
    with tempfile.TemporaryDirectory() as folder:
        opened = Database(Path(folder) / "bench.sqlite3")
        await opened.open()
        for number in range(CALLERS):
            await opened.write(partial(_add_person, account=f"T1:U{number}"))
        yield opened
        await opened.close()


def _add_person(tx: Transaction, account: str) -> None:
    people.add_account(tx, "slack", account, NOW, name=account)


def book(tx: Transaction, plan: Plan, person: int, day: date) -> Booking | None:
    """What a press does in the store."""
    if desks.get_held_by(tx, person, day) or desks.get_held_count(tx, person, FIRST_DAY) >= plan.most_held:
        return None
    return take(tx, plan, person, day, NOW)


async def by_all(each: Callable[[int, date], Awaitable[None]], days: int) -> float:
    """Let every caller do something for each of so many days, all callers at once; returns the seconds."""

    async def caller(person: int) -> None:
        for number in range(days):
            await each(person, FIRST_DAY + timedelta(number))

    started = time.perf_counter()
    await asyncio.gather(*(caller(person) for person in range(1, CALLERS + 1)))
    return time.perf_counter() - started


async def batched(bookings: int, batch: int) -> float:
    """Return bookings a second through the bot's own path, at most ``batch`` a commit."""
    storage.database.BATCH = batch
    plan, days = plan_of(CALLERS), bookings // CALLERS
    async with database() as opened:

        async def one(person: int, day: date) -> None:
            if not await opened.write(partial(book, plan=plan, person=person, day=day)):
                raise AssertionError("there was a desk for everybody")

        seconds = await by_all(one, days)
        if await opened.read(_held) != days * CALLERS:
            raise AssertionError("not every booking was stored")
    return days * CALLERS / seconds


async def one_by_one(bookings: int) -> float:
    """Return bookings a second of the usual way: awaited statements, one commit each."""
    plan, days = plan_of(CALLERS), bookings // CALLERS
    async with database() as opened:
        path = opened.path
        await opened.close()
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            await connection.execute("PRAGMA synchronous = FULL")
            await connection.execute("PRAGMA foreign_keys = ON")
            lock = asyncio.Lock()

            async def one(person: int, day: date) -> None:
                async with lock:
                    await _awaited(connection, plan, person, day)

            return days * CALLERS / await by_all(one, days)


async def _awaited(connection: aiosqlite.Connection, plan: Plan, person: int, day: date) -> None:
    """Do one booking, statement by statement."""

    async def rows(sql: str, *parameters: object) -> list[str]:
        async with connection.execute(sql, parameters) as cursor:
            return [row[0] for row in await cursor.fetchall()]

    async def add(desk: str) -> bool:
        added = await rows(f"{ADD} RETURNING id", person, desk, day, NOW)
        return bool(added)

    await connection.execute("BEGIN IMMEDIATE")
    await rows("SELECT * FROM desk_bookings WHERE person_id = ? AND day = ? AND state = 'held'", person, day)
    await rows(
        "SELECT count(*) FROM desk_bookings WHERE person_id = ? AND day >= ? AND state = 'held'", person, FIRST_DAY
    )
    last = await rows("SELECT desk FROM desk_bookings WHERE person_id = ? ORDER BY id DESC LIMIT 1", person)
    if not last or not await add(last[0]):
        taken = await rows("SELECT desk FROM desk_bookings WHERE day = ? AND state = 'held'", day)
        await add(next(desk.id for desk in plan.desks if desk.id not in taken))
    await connection.commit()


def _held(tx: Transaction) -> int:
    return int(tx.value("SELECT count(*) FROM desk_bookings WHERE state = 'held'"))


def _doubled(tx: Transaction) -> int:
    """How many bookings are of a desk that somebody else holds that day, or the second of a person."""
    return sum(
        int(
            tx.value(
                f"SELECT count(*) - count(DISTINCT {what} || ' ' || day) FROM desk_bookings WHERE state = 'held'"
            )
        )
        for what in ("desk", "person_id")
    )


async def fought_for(*, apart: bool, constraint: bool) -> tuple[int, int]:
    """Let all callers fight for a few desks.

    Args:
        apart: Reading and booking are transactions of their own, as a naive bot has it.
        constraint: The store's unique indexes are there.

    Returns:
        How many desks were promised, and how many of these doubly.
    """
    storage.database.BATCH = 256
    plan = plan_of(FOUGHT_DESKS)
    promised: list[Booking] = []
    async with database() as opened:
        if not constraint:
            for index in ("desk_bookings_by_desk", "desk_bookings_by_holder"):
                await opened.write(partial(_drop, index=index))

        async def together(person: int, day: date) -> None:
            booked = await opened.write(partial(book, plan=plan, person=person, day=day))
            promised.extend([booked] if booked else ())

        async def naively(person: int, day: date) -> None:
            held = await opened.read(partial(desks.get_held_by, person_id=person, day=day))
            taken = await opened.read(partial(desks.list_taken_desks, day=day))
            free = [desk.id for desk in plan.desks if desk.id not in taken]
            if free and not held:
                booked = await opened.write(partial(_add, person=person, desk=free[0], day=day))
                promised.extend([booked] if booked else ())

        await by_all(naively if apart else together, FOUGHT_DAYS)
        held, doubled = await opened.read(_held), await opened.read(_doubled)
    if held != len(promised):
        raise AssertionError(f"{len(promised)} promised, {held} stored")
    return held, doubled


def _drop(tx: Transaction, index: str) -> None:
    tx.execute(f"DROP INDEX {index}")


def _add(tx: Transaction, person: int, desk: str, day: date) -> Booking | None:
    return desks.add_booking(tx, person, desk, day, NOW)


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--bookings", type=int, default=BOOKINGS)
    chosen = options.parse_args()
    ours, single, usual = [], [], []
    for _ in range(chosen.rounds):
        ours.append(await batched(chosen.bookings, batch=256))
        single.append(await batched(chosen.bookings, batch=1))
        usual.append(await one_by_one(chosen.bookings))
    at = f"at {CALLERS} callers"
    promised, doubled = await fought_for(apart=False, constraint=True)
    _, doubled_apart = await fought_for(apart=True, constraint=True)
    _, doubled_freely = await fought_for(apart=True, constraint=False)
    figures = {
        f"against batches of one, {at}": Figure(statistics.median(ratios(ours, single)), "×"),
        f"against one commit each, {at}": Figure(statistics.median(ratios(ours, usual)), "×", 10.0),
        f"shared commits, {at}": Figure(statistics.median(ours), "/s"),
        f"batches of one, {at}": Figure(statistics.median(single), "/s"),
        f"one commit each, {at}": Figure(statistics.median(usual), "/s"),
        "desks fought for": Figure(promised, "", FOUGHT_DAYS * FOUGHT_DESKS),
        "double bookings": Figure(doubled, "", 0, "lower"),
        "double bookings, read and booked apart": Figure(doubled_apart, "", 0, "lower"),
        "double bookings, so and without the constraint (control)": Figure(doubled_freely, "", 1),
    }
    return report("bookings", figures, as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
