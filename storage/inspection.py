"""A look at the database from outside: is it sound, and does it fit this version? Changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from storage.database import open_read_only
from storage.errors import StoreUnavailableError
from storage.migrate import list_migrations
from storage.places import PURPOSES, list_places
from storage.rows import Transaction

Result = TypeVar("Result")


class Inspection(NamedTuple):
    """What the database looks like.

    Attributes:
        damage: What SQLite's quick_check complains about; empty when all is well.
        waiting: Migrations that the next start applies.
        foreign: Migrations that this version does not know, or knows otherwise.
        leads: How many leads there are.
        places: Purpose, platform and the platform's id of each chat that serves one.
    """

    damage: tuple[str, ...]
    waiting: tuple[str, ...]
    foreign: tuple[int, ...]
    leads: int
    places: tuple[tuple[str, str, str], ...]


def read_alone(path: Path, read: Callable[[Transaction], Result]) -> Result:
    """Return what a function reads through a connection that can't write; a bot may be running on it.

    Raises:
        StoreUnavailableError: It can't be opened or read.
    """
    try:
        with closing(open_read_only(path)) as connection:
            return read(Transaction(connection))
    except sqlite3.Error as error:
        raise StoreUnavailableError(str(error)) from error


def inspect_database(path: Path) -> Inspection:
    """Look at a database through a connection that can't write; a bot may be running on it.

    Raises:
        StoreUnavailableError: It can't be opened or read.
    """
    try:
        with closing(open_read_only(path)) as connection:
            return _inspect(connection)
    except sqlite3.Error as error:
        raise StoreUnavailableError(str(error)) from error


def read_from(path: Path, function: Callable[[Transaction], Result]) -> Result:
    """Run a reading function on a database; a bot may be running on it.

    Raises:
        StoreUnavailableError: It can't be read, or no bot of this version has run on it yet.
    """
    if not path.exists():
        raise StoreUnavailableError(f"{path}: no such file")
    try:
        with closing(open_read_only(path)) as connection:
            connection.execute("BEGIN")  # one state, whatever is committed meanwhile
            return function(Transaction(connection))
    except sqlite3.Error as error:
        raise StoreUnavailableError(str(error)) from error


def _inspect(connection: sqlite3.Connection) -> Inspection:
    found = tuple(line for (line,) in connection.execute("PRAGMA quick_check(5)") if line != "ok")
    known = {step.version: step for step in list_migrations()}
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    done: dict[int, str] = {}
    if "schema_versions" in tables:
        done = dict(connection.execute("SELECT version, checksum FROM schema_versions").fetchall())
    waiting = tuple(f"{step.version:04} {step.name}" for step in known.values() if step.version not in done)
    foreign = tuple(
        version
        for version, checksum in done.items()
        if version not in known or known[version].checksum != checksum
    )
    tx = Transaction(connection)
    if not {"roles", "places", "chats"} <= tables:
        return Inspection(found, waiting, foreign, 0, ())
    leads = int(tx.value("SELECT count(*) FROM roles WHERE role = 'lead'"))
    return Inspection(found, waiting, foreign, leads, tuple(_places(tx)))


def _places(tx: Transaction) -> list[tuple[str, str, str]]:
    found = []
    for purpose in PURPOSES:
        for place in list_places(tx, purpose):
            chat = tx.values("SELECT platform, external_id FROM chats WHERE id = ?", (place.chat_id,))
            found += [(purpose, platform, external_id) for platform, external_id in chat]
    return list(dict.fromkeys(found))
