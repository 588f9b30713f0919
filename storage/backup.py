"""Copies of the database: made while it is written, checked before they count, put back in its place."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage import switches
from storage.database import open_read_only
from storage.errors import StoreUnavailableError
from storage.rows import Transaction

HELD_BACK = "restored"
"""Why a message of a restored database is not sent: it may have been, after the backup was made."""


def copy_database(source: Path, target: Path) -> None:
    """Write a consistent copy as one file that its owner alone can read; the bot may go on writing meanwhile.

    Raises:
        StoreUnavailableError: It can't be read or written, or the copy is damaged; then there is no copy.
    """
    try:
        target.touch(mode=0o600)  # before there is anything to read in it
        with closing(open_read_only(source)) as here, closing(sqlite3.connect(target)) as there:
            here.backup(there)  # in one step: the state of one moment, and no writer waits
            there.execute("PRAGMA journal_mode = DELETE")
        check_copy(target)
        _flush(target)
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise StoreUnavailableError(str(error)) from error
    except StoreUnavailableError:
        target.unlink(missing_ok=True)
        raise


def check_copy(path: Path) -> None:
    """Read all of a copy.

    Raises:
        StoreUnavailableError: It is damaged, or no database of Kumpel's.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            complaints = [line for (line,) in connection.execute("PRAGMA quick_check(3)") if line != "ok"]
            known = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'schema_versions'"
            ).fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailableError(f"{path}: {error}") from error
    if complaints or not known[0]:
        raise StoreUnavailableError(f"{path}: {'; '.join(complaints) or 'no database of Kumpel'}")


def put_back(copy: Path, path: Path, moment: datetime) -> Path | None:
    """Put a copy in the database's place and return where the present one went; the lock must be held.

    Raises:
        StoreUnavailableError: It can't be moved; then the present one is still in its place.
    """
    aside = path.with_name(f"{path.name}.before-restore-{moment:%Y%m%d-%H%M%S}")
    try:
        present = path.exists()
        if present:
            with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what the log holds goes along
            path.replace(aside)
        for end in ("-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        copy.replace(path)
        path.chmod(0o600)
        _flush(path)
    except OSError as error:
        if not path.exists() and aside.exists():
            aside.replace(path)
        raise StoreUnavailableError(str(error)) from error
    return aside if present else None


def last_alive(path: Path) -> datetime | None:
    """When a bot last ran on a database; None if that can't be told."""
    try:
        with closing(open_read_only(path)) as connection:
            alive = switches.get_switch(Transaction(connection), switches.ALIVE_AT)
    except sqlite3.Error:
        return None
    return datetime.fromisoformat(alive) if alive else None


def mark_restored(tx: Transaction, answered_until: datetime) -> int:
    """Keep a restored database from saying again what was said since; returns how many messages are held back.

    What was waiting may have left after the backup was made. Slack can be asked, as after a crash; Telegram can't:
    there it stays unsent. Posts are shown anew, since editing them to what is true now hurts nobody. What was said
    to the bot until ``answered_until`` was answered then, and is not read again.
    """
    asked = "chat_id IN (SELECT id FROM chats WHERE platform = 'slack')"
    waiting = "state IN ('pending', 'sending')"
    tx.execute(f"UPDATE outbox SET state = 'unknown', started_at = created_at WHERE {waiting} AND {asked}")
    held = tx.execute(f"UPDATE outbox SET state = 'cancelled', reason = ? WHERE {waiting}", (HELD_BACK,))
    tx.execute("UPDATE posts SET wanted = wanted + 1 WHERE state <> 'gone'")
    tx.execute(
        "UPDATE posts SET state = 'unknown', sending = wanted, started_at = created_at"
        f" WHERE state = 'idle' AND ref = '' AND surface = 'message' AND {asked}"
    )
    switches.mark_switch(tx, switches.ALIVE_AT, answered_until.isoformat())
    return held


def _flush(path: Path) -> None:
    """Have the disk hold the file and its name."""
    for place in (path, path.absolute().parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
