"""``kumpel restore``: a backup takes the database's place, and who was forgotten since stays forgotten."""

from __future__ import annotations

import asyncio
import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.app import MISSED_MARGIN
from bot.backups import ERASED
from bot.clock import Clock
from storage import tombstones
from storage.backup import check_copy, last_alive, mark_restored, put_back
from storage.database import Database, take_lock
from storage.errors import StoreUnavailableError
from storage.rows import Transaction


class NoKeyError(Exception):
    """The backup is encrypted, and there is no key, or not the right one."""


class Restored(NamedTuple):
    """How it went.

    Attributes:
        aside: Where the database is that was there before; None if there was none.
        forgotten: How many people were forgotten again.
        held: How many messages that waited are not sent, since they may have been.
    """

    aside: Path | None
    forgotten: int
    held: int


async def restore(backup: Path, database: Path, key: Path | None, clock: Clock) -> Restored:
    """Prepare the backup beside the database, and only then put it in its place.

    Args:
        backup: The file.
        database: Where it goes.
        key: File with the secret key, for a backup whose name ends in ``.age``.
        clock: The time.

    Raises:
        NoKeyError: It is encrypted, and the key is missing or another one.
        StoreLockedError: A bot is running on the database.
        StoreUnavailableError: The backup is damaged, or can't be put in place; the database is as it was.
        MigrationError: The backup is of a newer version of Kumpel.
    """
    os.close(take_lock(database))  # whoever still has a bot running hears it before the work begins
    prepared = database.with_name(f"{database.name}.restoring")
    try:
        await asyncio.to_thread(_bring, backup, prepared, key)
        known = await asyncio.to_thread(_forgotten_by, database, backup.parent)
        answered_until = last_alive(database) or clock.now()
        forgotten, held = await _prepare(prepared, known, clock.now(), answered_until)
        lock = take_lock(database)
        try:
            aside = await asyncio.to_thread(put_back, prepared, database, clock.now())
        finally:
            os.close(lock)
    finally:
        for end in ("", "-wal", "-shm", ".lock"):
            prepared.with_name(prepared.name + end).unlink(missing_ok=True)
    return Restored(aside, forgotten, held)


def _bring(backup: Path, target: Path, key: Path | None) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    try:
        if backup.suffix == ".age":
            _decrypt(backup, target, key)
        else:
            shutil.copyfile(backup, target)
    except OSError as error:
        raise StoreUnavailableError(f"{error.filename or backup}: {error.strerror}") from error
    check_copy(target)


def _decrypt(backup: Path, target: Path, key: Path | None) -> None:
    from pyrage import DecryptError, IdentityError, decrypt_file, x25519

    if key is None:
        raise NoKeyError
    lines = [line.strip() for line in key.read_text("utf-8").splitlines()]
    try:
        identities = [x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        decrypt_file(str(backup), str(target), identities)
    except (DecryptError, IdentityError) as error:
        raise NoKeyError from error


def _forgotten_by(database: Path, folder: Path) -> tombstones.Known:
    """Who was forgotten, by what the present database and the file beside the backup know."""
    known: tombstones.Known = frozenset()
    if database.exists():
        known |= tombstones.load(database)
    if (folder / ERASED).exists():
        known |= tombstones.parse((folder / ERASED).read_text("utf-8"))
    return known


async def _prepare(
    path: Path, known: tombstones.Known, now: datetime, answered_until: datetime
) -> tuple[int, int]:
    """Bring the copy up to date: its tables, who was forgotten, what may have been sent."""
    database = Database(path)
    await database.open()
    try:

        def prepare(tx: Transaction) -> tuple[int, int]:
            return tombstones.apply(tx, known, now), mark_restored(tx, answered_until + MISSED_MARGIN)

        done = await database.write(prepare)
        await database.clean_up()
        return done
    finally:
        await database.close()
