"""What deletions leave to do: the file written anew at night, old copies removed; and who is to be told anew."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.clock import Clock
from handlers.core.context import House, system_context
from storage import consents, switches
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.rows import Transaction

log = structlog.get_logger(__name__)

CLEAN_UP_SECONDS = 600.0
NIGHT = (time(3, 30), time(5))
"""Between these, by the hub's clock, the file may be written anew; after the backup, before anybody is up."""

LONGEST_WAIT = timedelta(hours=36)
"""After that it is written anew at any hour: the bot was not running at night."""

COPIES_KEPT = timedelta(days=30)
"""For the copies that a migration or a restore left beside the database."""


class Maintenance:
    """Looks after what a deletion leaves behind.

    Args:
        database: The open store.
        house: What handlers share: the hub's clock, the version of the privacy text.
        clock: The time.
    """

    def __init__(self, database: Database, house: House, clock: Clock) -> None:
        self._database = database
        self._house = house
        self._clock = clock

    async def start(self) -> None:
        """Have people told again whose text has changed, and the features begin."""
        version = self._house.hub.privacy.version
        untold = await self._database.write(partial(consents.mark_untold, text_version=version))
        if untold:
            log.info("privacy_text_is_new", people=untold)
        now = self._clock.now()
        await self._database.write(lambda tx: begin(self._house, tx, now))

    async def look(self) -> None:
        """Clean up if it is due and the time is right."""
        now = self._clock.now()
        try:
            due = await self._database.read(lambda tx: switches.get_switch(tx, switches.COMPACT_DUE))
            if due and is_time(datetime.fromisoformat(due), now, self._house):
                await self._clean_up(due)
        except StoreUnavailableError as error:  # no room for a second copy: tried again
            log.error("not_cleaned_up", reason=str(error))
        await asyncio.to_thread(remove_old_copies, self._database.path, now)

    async def _clean_up(self, due: str) -> None:
        started = self._clock.monotonic()
        if not await self._database.clean_up():
            return  # somebody was reading: the next look does it

        def done(tx: Transaction) -> None:
            if switches.get_switch(tx, switches.COMPACT_DUE) == due:  # nobody was deleted meanwhile
                switches.mark_switch(tx, switches.COMPACT_DUE, "")

        await self._database.write(done)
        log.info("cleaned_up", seconds=round(self._clock.monotonic() - started, 2))


def begin(house: House, tx: Transaction, now: datetime) -> None:
    """Let every feature do what it does when the bot starts."""
    for feature in house.registry.features:
        if feature.on_start:
            feature.on_start(system_context(house, tx, now))


def is_time(due: datetime, now: datetime, house: House) -> bool:
    """Is it night at the hub, or was it due for too long?"""
    begin, end = NIGHT
    return begin <= now.astimezone(house.hub.zone).time() < end or now - due > LONGEST_WAIT


def remove_old_copies(database: Path, now: datetime) -> None:
    """Remove the copies that a migration or a restore left, and nobody needed since."""
    for copy in database.parent.glob(f"{database.name}.before-*"):
        if now.timestamp() - copy.stat().st_mtime > COPIES_KEPT.total_seconds():
            copy.unlink(missing_ok=True)
