"""Backups: one file each, made while the bot runs, every night by itself; encrypted and copied if wanted."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.settings import Settings
from storage import tombstones
from storage.backup import copy_database
from storage.errors import StoreUnavailableError

NIGHTLY = time(3)
"""When the nightly backup is due, by the hub's clock."""

ERASED = "erased.jsonl"
"""The tombstones, beside the backups: so that a deletion holds for a database restored on another machine, too."""

_NAME = re.compile(r"kumpel-(\d{8}-\d{6})\.sqlite3(\.age)?")


class BackupError(Exception):
    """There is no new backup; the text says why."""


class Backup(NamedTuple):
    """One backup.

    Attributes:
        path: The file; its name ends in ``.age`` if it is encrypted.
        made_at: When.
        size: Bytes.
    """

    path: Path
    made_at: datetime
    size: int


class Backups:
    """Makes backups of a database and keeps the newest.

    Args:
        settings: The database, the folders, the key, how many are kept.
    """

    def __init__(self, settings: Settings) -> None:
        self._database = settings.kumpel_database
        self.folder = settings.kumpel_backups or settings.kumpel_database.absolute().parent / "backups"
        self._second = settings.kumpel_backups_copy
        self._key = settings.kumpel_backup_key
        self._kept = settings.kumpel_backups_kept

    async def make(self, now: datetime) -> Backup:
        """Make a backup, bring it to the second folder, and drop those that are too old.

        Raises:
            BackupError: There is none, or none in the second folder.
        """
        return await asyncio.to_thread(self._make, now)

    async def keep_tombstones(self) -> None:
        """Write down beside the backups who was deleted since; nothing is written where there are no backups."""
        await asyncio.to_thread(self._keep_tombstones)

    def _make(self, now: datetime) -> Backup:
        try:
            made = self._written(now)
            self._keep_tombstones()
            for old in list_backups(self.folder)[self._kept :]:
                old.path.unlink(missing_ok=True)
            if self._second:
                self._copied(made, self._second)
        except (StoreUnavailableError, OSError) as error:
            raise BackupError(str(error)) from error
        return made

    def _keep_tombstones(self) -> None:
        text = tombstones.dump(tombstones.load(self._database))
        for folder in filter(None, (self.folder, self._second)):
            if folder.is_dir():
                with _unfinished(folder / ERASED) as unfinished:
                    unfinished.touch(mode=0o600)
                    unfinished.write_text(text, "utf-8")
                    unfinished.replace(folder / ERASED)

    def _written(self, now: datetime) -> Backup:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        name = f"kumpel-{now.astimezone(UTC):%Y%m%d-%H%M%S}.sqlite3"
        with _unfinished(self.folder / name) as plain:
            copy_database(self._database, plain)
            if not self._key:
                return _finished(plain, self.folder / name, now)
            with _unfinished(self.folder / f"{name}.age") as sealed:
                _encrypt(plain, sealed, self._key)
                return _finished(sealed, self.folder / f"{name}.age", now)

    def _copied(self, made: Backup, folder: Path) -> None:
        """Bring a finished backup to the second folder, which may be another disk and must be there."""
        target = folder / made.path.name
        with _unfinished(target) as unfinished:
            shutil.copyfile(made.path, unfinished)
            unfinished.chmod(0o600)
            unfinished.replace(target)
        for old in list_backups(folder)[self._kept :]:
            old.path.unlink(missing_ok=True)


def list_backups(folder: Path) -> list[Backup]:
    """The backups in a folder, the newest first; other files are none."""
    found = []
    for path in folder.glob("kumpel-*") if folder.is_dir() else ():
        if named := _NAME.fullmatch(path.name):
            made_at = datetime.strptime(named[1], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
            found.append(Backup(path, made_at, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def is_due(last: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Has a night passed since the last backup?"""
    local = now.astimezone(zone)
    night = datetime.combine(local.date(), NIGHTLY, zone)
    if local < night:
        night -= timedelta(days=1)
    return last < night


def make_key(file: Path) -> str:
    """Write a new secret key into a file of its owner's, and return the public one that encrypts.

    Raises:
        FileExistsError: The file is there: keys are not overwritten.
    """
    from pyrage import x25519

    identity = x25519.Identity.generate()
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


def _encrypt(plain: Path, sealed: Path, key: str) -> None:
    from pyrage import EncryptError, encrypt_file, x25519

    sealed.touch(mode=0o600)
    try:
        encrypt_file(str(plain), str(sealed), [x25519.Recipient.from_str(key)])
    except EncryptError as error:
        raise BackupError(str(error)) from error


def _finished(unfinished: Path, target: Path, now: datetime) -> Backup:
    unfinished.replace(target)
    return Backup(target, now, target.stat().st_size)


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A name beside the target to write under; what is left of it goes."""
    path = target.with_name(f".{target.name}.part")
    path.unlink(missing_ok=True)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
