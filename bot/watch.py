"""Looks after the bot itself, once a minute: quiet chats, what is stuck, the disk, the nightly backup."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog

from bot.adapters.port import Adapter
from bot.backups import BackupError, Backups, is_due
from bot.clock import Clock
from handlers.core.context import House, system_context
from handlers.operation import troubles
from storage import backlog, switches
from storage.database import Database
from storage.erasure import Erased
from storage.errors import StoreUnavailableError
from storage.rows import Transaction

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60
STUCK_AFTER = timedelta(minutes=10)
FAILED_WITHIN = timedelta(days=1)
MANY_FAILED = 5
"""So many messages of a day that could not be delivered are worth a word; a single one is a chat's own affair."""
FREE_MEGABYTES = 500
BACKUP_TOO_OLD = timedelta(hours=36)


class Watch:
    """Finds what is amiss and has the leads told.

    Args:
        database: The open store.
        house: What handlers share.
        adapters: By platform.
        backups: Makes the nightly backup.
        clock: The time.
    """

    def __init__(
        self, database: Database, house: House, adapters: Mapping[str, Adapter], backups: Backups, clock: Clock
    ) -> None:
        self._database = database
        self._house = house
        self._adapters = adapters
        self._backups = backups
        self._clock = clock
        self._backup_problem = ""
        self._erased = True  # perhaps shortly before the bot stopped
        database.subscribe(self._hear)

    async def look(self) -> None:
        """Look at everything once."""
        try:
            await self._back_up_if_due()
            await self._keep_tombstones()
            found = await self._database.read(partial(_stuck, now=self._clock.now()))
            now = self._clock.now()
            found |= self._surroundings(now)
            last = await self._database.read(lambda tx: switches.get_switch(tx, switches.BACKUP_AT))
            if self._backup_problem:
                found["backup"] = self._backup_problem
            elif last and now - datetime.fromisoformat(last) > BACKUP_TOO_OLD:
                found["backup"] = f"{datetime.fromisoformat(last).astimezone(self._house.hub.zone):%d.%m. %H:%M}"
            await self._database.write(lambda tx: troubles.kept(system_context(self._house, tx, now), found))
        except StoreUnavailableError as error:
            log.error("store_unavailable", reason=str(error))

    async def back_up(self) -> Path:
        """Make a backup now, note it, and return its file.

        Raises:
            BackupError: There is none.
        """
        now = self._clock.now()
        try:
            made = await self._backups.make(now)
        except BackupError as error:
            self._backup_problem = str(error)
            log.error("backup_failed", reason=str(error))
            raise
        self._backup_problem = ""
        await self._database.write(
            partial(switches.mark_switch, name=switches.BACKUP_AT, value=made.made_at.isoformat())
        )
        log.info("backup_made", file=made.path.name, bytes=made.size)
        return made.path

    async def _back_up_if_due(self) -> None:
        now = self._clock.now()
        last = await self._database.read(lambda tx: switches.get_switch(tx, switches.BACKUP_AT))
        if not last:  # a new database: from now on, a night at a time
            await self._database.write(
                partial(switches.mark_switch, name=switches.BACKUP_AT, value=now.isoformat())
            )
        elif is_due(datetime.fromisoformat(last), now, self._house.hub.zone):
            try:
                await self.back_up()
            except BackupError:
                return  # it is kept in mind, the leads are told, and the next look tries again

    async def _keep_tombstones(self) -> None:
        if self._erased:
            try:
                await self._backups.keep_tombstones()
                self._erased = False
            except OSError as error:
                log.error("tombstones_not_kept", reason=str(error))

    def _hear(self, fact: object) -> None:
        self._erased = self._erased or isinstance(fact, Erased)

    def _surroundings(self, now: datetime) -> dict[str, str]:
        found = {f"{platform}_silent": "" for platform, adapter in self._adapters.items() if not adapter.connected}
        free = free_megabytes(self._database.path)
        if free < FREE_MEGABYTES:
            found["disk"] = str(free)
        return found


def free_megabytes(path: Path) -> int:
    """Room left beside a file."""
    return shutil.disk_usage(path.absolute().parent).free // 1_000_000


def _stuck(tx: Transaction, now: datetime) -> dict[str, str]:
    found = {f"{platform}_stuck": str(count) for platform, count in backlog.list_stuck(tx, now - STUCK_AFTER)}
    failed = backlog.count_failed_since(tx, now - FAILED_WITHIN)
    if failed >= MANY_FAILED:
        found["failed"] = str(failed)
    return found
