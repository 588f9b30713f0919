"""Keeps what the bot understands at what the store holds: read once at the start, followed from then on."""

from __future__ import annotations

import asyncio

import structlog

from bot.clock import Clock
from handlers.core.context import House
from handlers.faq import library
from handlers.faq.content import load_files
from handlers.retrieval.index import Index, Way
from storage import faq
from storage.database import Database
from storage.faq import EntriesChanged
from storage.rows import Transaction

log = structlog.get_logger(__name__)


class Librarian:
    """Builds the index, and another one whenever what can be asked for has changed.

    Args:
        database: The store; open once this starts.
        house: Whose knowledge it is.
        clock: The time.
    """

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self._database, self._house, self._clock = database, house, clock
        self._changed = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read the content pack into a store without answers, and understand what the store holds.

        Raises:
            PackError: The content pack holds something that can't be used.
        """
        if not await self._database.read(faq.has_entries):
            files, now = load_files(self._house.pack), self._clock.now()
            await self._database.write(lambda tx: library.first_import(tx, files, now))
        self._house.knowledge.index = Index(await self._database.read(self._ways))
        self._database.subscribe(self._heard)
        self._following = asyncio.create_task(self._follow(), name="librarian")

    async def stop(self) -> None:
        """Follow no more."""
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    def _heard(self, fact: object) -> None:
        if isinstance(fact, EntriesChanged):
            self._changed.set()

    async def _follow(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                ways = await self._database.read(self._ways)
                self._house.knowledge.index = await asyncio.to_thread(Index, ways)
            except Exception:  # the old index still answers, and the next change tries again
                log.exception("index_not_built")

    def _ways(self, tx: Transaction) -> list[Way]:
        return everything_asked_for(self._house, tx)


def everything_asked_for(house: House, tx: Transaction) -> list[Way]:
    """Return the ways to ask for all that the features do, and for all that the store holds."""
    learned = house.registry.learned.values()
    return [*house.registry.ways, *(way for each in learned for way in each.ways(tx, ()))]
