"""From SQL rows to frozen Python rows and back.

Row classes are array-like structs whose fields stand in the order of the selected columns; times are aware, and
stored in UTC as text of one width, so that they sort as text.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec


class Row(msgspec.Struct, frozen=True, array_like=True):
    """Base of all row classes."""


RowType = TypeVar("RowType", bound=Row)
Parameters = Mapping[str, Any] | Sequence[Any]


def columns(row_type: type[Row], prefix: str = "") -> str:
    """Return the column list that fills a row class, each with the prefix (``"o."``)."""
    return ", ".join(prefix + name for name in row_type.__struct_fields__)


def stored_time(moment: datetime) -> str:
    """Return the text that the store keeps for an aware time.

    Raises:
        ValueError: The time is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("the store takes aware times only")
    return _utc_text(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@functools.lru_cache(maxsize=64)  # one moment is stored many times; of UTC only: elsewhere an hour can come twice
def _utc_text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


sqlite3.register_adapter(datetime, stored_time)
sqlite3.register_adapter(date, date.isoformat)


class Transaction:
    """Statements inside one member of a batch; never kept beyond the function that was given it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.news: list[object] = []

    def announce(self, fact: object) -> None:
        """Tell the store's subscribers a fact, once it is durable; caches and queues follow these."""
        self.news.append(fact)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run a statement and return how many rows it changed."""
        return self._connection.execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        """Run an INSERT and return the new row's id, or 0 where ON CONFLICT did nothing.

        On SQLite the cursor knows the id; asking for it by RETURNING would cost a third of the insert.
        """
        cursor = self._connection.execute(sql, parameters)
        return cursor.lastrowid or 0 if cursor.rowcount == 1 else 0

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Return the first column of the first row, or None."""
        row = self._connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def values(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Return all rows as tuples."""
        return self._connection.execute(sql, parameters).fetchall()

    def one(self, row_type: type[RowType], sql: str, parameters: Parameters = ()) -> RowType | None:
        """Return the first row, or None."""
        row = self._connection.execute(sql, parameters).fetchone()
        return msgspec.convert(row, row_type, strict=False) if row else None

    def all(self, row_type: type[RowType], sql: str, parameters: Parameters = ()) -> list[RowType]:
        """Return all rows."""
        rows = self._connection.execute(sql, parameters).fetchall()
        return msgspec.convert(rows, list[row_type], strict=False)  # type: ignore[valid-type]
