"""A look at what the database keeps, from outside: how much, what would go now, what went lately."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from storage import absence, figures, retention
from storage.database import open_read_only
from storage.errors import StoreUnavailableError
from storage.figures import Restricted
from storage.register import HOLDINGS
from storage.retention import Rule
from storage.rows import Transaction

LATELY = timedelta(days=30)


class Kept(NamedTuple):
    """One table.

    Attributes:
        rows: How many it has.
        due: How many the next clean-up would remove or clear.
        gone: How many it removed or cleared lately.
    """

    table: str
    rows: int
    due: int
    gone: int


def list_kept(database: Path, rules: Sequence[Rule], now: datetime, gone_by: date, told_until: date) -> list[Kept]:
    """Return all tables by name. A bot may be running; nothing is changed.

    What would go now is found by really removing it, from a copy in memory.

    Args:
        database: The file.
        rules: How long what is kept.
        now: When.
        gone_by: Who was not here since this day is forgotten,
        told_until: if they were told until then.

    Raises:
        StoreUnavailableError: It can't be read, or no bot of this version has run on it yet.
    """
    try:
        with closing(open_read_only(database)) as here, closing(sqlite3.connect(":memory:")) as copy:
            here.backup(copy)
            copy.execute("PRAGMA foreign_keys = ON")
            tx = Transaction(copy)
            gone = Counter(retention.list_removed(tx, (now - LATELY).date()))
            rows = {holding.table: int(tx.value(f"SELECT count(*) FROM {holding.table}")) for holding in HOLDINGS}
            due = Counter(retention.remove_expired(tx, now, rules))
            due[absence.WHAT] = absence.count_to_forget(tx, gone_by, told_until)
    except sqlite3.Error as error:
        raise StoreUnavailableError(str(error)) from error
    ending = {table: [rule.what for rule in rules if rule.table == table] for table in rows}
    ending["persons"].append(absence.WHAT)
    return [
        Kept(
            table,
            rows[table],
            sum(due[what] for what in ending[table]),
            sum(gone[what] for what in ending[table]),
        )
        for table in sorted(rows)
    ]


def list_evidence(database: Path) -> list[Restricted]:
    """Return what is kept of deleted people for a grant's auditors.

    Raises:
        StoreUnavailableError: It can't be read, or no bot of this version has run on it yet.
    """
    try:
        with closing(open_read_only(database)) as connection:
            return figures.list_restricted(Transaction(connection))
    except sqlite3.Error as error:
        raise StoreUnavailableError(str(error)) from error
