"""Everything the store can say no with; the docstrings are the messages."""

from __future__ import annotations

import sqlite3


class StoreError(Exception):
    """Base of the store's own errors."""


class StoreUnavailableError(StoreError):
    """The store can't write at the moment: disk full, file locked or damaged. Nothing was stored."""


class StoreLockedError(StoreError):
    """Another bot is already running on this database. Stop it first, or give this one its own KUMPEL_DATABASE."""


class MigrationError(StoreError):
    """The database does not fit this version of Kumpel."""


_RESOURCE_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


def is_unavailable(error: BaseException) -> bool:
    """Tell a store that can't work (disk, locks, damage) from a statement that is wrong."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.Error) and code is not None and code & 0xFF in _RESOURCE_CODES


def as_unavailable(error: BaseException) -> StoreUnavailableError:
    """Return what callers are told where the store itself failed."""
    if isinstance(error, StoreUnavailableError):
        return error
    unavailable = StoreUnavailableError(str(error))
    unavailable.__cause__ = error
    return unavailable
