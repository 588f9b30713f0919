"""Numbered, append-only migrations, each in one transaction with the row that says it was done."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from storage.errors import MigrationError, is_unavailable

FOLDER = Path(__file__).parent / "migrations"
_NAME = re.compile(r"(\d{4})_([a-z_]+)\.sql")


class Migration(NamedTuple):
    """One step."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def list_migrations(folder: Path = FOLDER) -> list[Migration]:
    """Return the steps in order.

    Raises:
        MigrationError: A name does not follow ``0001_what_it_does.sql``, or a number is missing or double.
    """
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if not match:
            raise MigrationError(f"{path.name}: migrations are named like 0001_what_it_does.sql")
        found.append(Migration(int(match[1]), match[2], path.read_text("utf-8")))
    if [step.version for step in found] != list(range(1, len(found) + 1)):
        raise MigrationError(f"{folder}: migrations must be numbered 1, 2, 3 … without gaps")
    return found


def migrate(connection: sqlite3.Connection, path: Path, folder: Path = FOLDER) -> list[int]:
    """Bring the tables up to date and return the versions applied.

    A copy of the file as it was is left beside it (``….before-0002``) when it already held data.

    Raises:
        MigrationError: A step that was applied has changed since, a step does not work, or the file is of a newer
            version.
    """
    steps = list_migrations(folder)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_versions ("
        "version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL)"
    )
    done = dict(connection.execute("SELECT version, checksum FROM schema_versions").fetchall())
    if newer := set(done) - {step.version for step in steps}:
        raise MigrationError(f"the database is of a newer version (migration {max(newer)}); update Kumpel")
    for step in steps:
        if done.get(step.version, step.checksum) != step.checksum:
            raise MigrationError(f"migration {step.version} ({step.name}) was changed after it was applied")
    todo = [step for step in steps if step.version not in done]
    if todo and done:
        _copy(path, path.with_name(f"{path.name}.before-{todo[0].version:04}"))
    for step in todo:
        _apply(connection, step)
    return [step.version for step in todo]


def statements(sql: str) -> Iterator[str]:
    """Split a script into its statements; semicolons in strings and triggers do not split."""
    pending = ""
    for line in sql.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if re.sub(r"--.*", "", pending).strip():
        raise MigrationError(f"a statement is not closed by a semicolon: {pending.strip()[:60]}")


def _apply(connection: sqlite3.Connection, step: Migration) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(step.sql):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO schema_versions VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
            (step.version, step.name, step.checksum),
        )
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error) and not is_unavailable(error):
            raise MigrationError(f"migration {step.version} ({step.name}) does not work: {error}") from error
        raise


def _copy(path: Path, target: Path) -> None:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)  # before there is anything to read in it
    with closing(sqlite3.connect(uri, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
