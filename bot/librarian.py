"""Keeps what the bot understands at what the store holds: read once at the start, followed from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from bot.clock import Clock
from bot.memory import give_back_memory
from handlers.core.context import House
from handlers.faq import library
from handlers.faq.content import load_files
from handlers.retrieval.index import Index, Way
from storage import faq
from storage.database import Database
from storage.faq import EntriesChanged
from storage.rows import Transaction

log = structlog.get_logger(__name__)

REST_SECONDS = 1.0
"""After a change it is waited so long for the next one before the index is built anew."""


class Librarian:
    """Builds the index, and follows every change: at once by replacing what changed, then by building it anew.

    Args:
        database: The store; open once this starts.
        house: Whose knowledge it is.
        clock: The time.
    """

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self._database, self._house, self._clock = database, house, clock
        self._new: set[str] = set()  # ids of entries that the index does not know as they are
        self._unbuilt: set[str] = set()  # those it knows, but was not built with
        self._changed, self._build_due = asyncio.Event(), asyncio.Event()
        self._replacing = asyncio.Lock()
        self._first: asyncio.Task[None]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Read the content pack into a store without answers, and begin to understand what the store holds.

        Raises:
            PackError: The content pack holds something that can't be used.
        """
        if not await self._database.read(faq.has_entries):
            files, now = await asyncio.to_thread(load_files, self._house.pack), self._clock.now()
            await self._database.write(lambda tx: library.first_import(tx, files, now))
        self._database.subscribe(self._heard)
        self._first = asyncio.create_task(self._build(), name="librarian-begins")
        self._tasks = [
            self._first,
            asyncio.create_task(self._follow(), name="librarian"),
            asyncio.create_task(self._keep_building(), name="librarian-builds"),
        ]

    async def understands(self) -> None:
        """Return once there is an index: a few seconds after the start, at once from then on."""
        await asyncio.shield(self._first)

    async def stop(self) -> None:
        """Follow no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _heard(self, fact: object) -> None:
        if isinstance(fact, EntriesChanged):
            self._new.update(fact.ids)
            self._changed.set()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            ids, self._new = self._new, set()
            self._unbuilt |= ids
            try:
                async with self._replacing:
                    self._house.knowledge.index = await self._replaced(self._house.knowledge.index, ids)
            except Exception:  # the old index still answers, and is built anew in a moment
                log.exception("index_not_followed")
            self._build_due.set()

    async def _keep_building(self) -> None:
        await asyncio.wait([self._first])
        while True:
            await self._build_due.wait()
            await self._clock.sleep(REST_SECONDS)
            self._build_due.clear()
            try:
                await self._build()
                await asyncio.to_thread(give_back_memory)
            except Exception:
                log.exception("index_not_built")

    async def _build(self) -> None:
        self._unbuilt.clear()
        ways = await self._database.read(self._everything)
        index = await asyncio.to_thread(Index, ways)
        async with self._replacing:  # what changed meanwhile is not in it
            self._house.knowledge.index = await self._replaced(index, self._unbuilt)

    async def _replaced(self, index: Index, ids: Iterable[str]) -> Index:
        """Return the index with some entries as the store holds them now."""
        wanted = sorted(ids)
        if not wanted:
            return index
        now = {way.key: way for way in await self._database.read(lambda tx: library.ways(tx, wanted))}
        for key in (f"faq:{entry_id}" for entry_id in wanted):
            index = await asyncio.to_thread(index.replaced, key, [now[key]] if key in now else [])
        return index

    def _everything(self, tx: Transaction) -> list[Way]:
        self._house.knowledge.titles = {entry.key: entry.titles for entry in library.live(tx)}
        return everything_asked_for(self._house, tx)


def everything_asked_for(house: House, tx: Transaction) -> list[Way]:
    """Return the ways to ask for all that the features do, and for all that the store holds."""
    learned = house.registry.learned.values()
    return [*house.registry.ways, *(way for each in learned for way in each.ways(tx, ()))]
