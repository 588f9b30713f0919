"""Numbered steps, each whole or not at all, over files of any age."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import MigrationError, StoreUnavailableError
from storage.migrate import FOLDER, list_migrations, migrate, statements


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "0001_first.sql").write_text("CREATE TABLE a (x INTEGER);\nINSERT INTO a VALUES (1);\n")
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite3"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        yield opened


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_an_empty_file_gets_every_table_and_a_second_start_does_nothing(
    connection: sqlite3.Connection, path: Path
) -> None:
    applied = migrate(connection, path)
    assert applied == [step.version for step in list_migrations()]
    assert {"chats", "persons", "outbox", "posts", "timers", "deliveries"} <= tables(connection)
    assert migrate(connection, path) == []
    assert not list(path.parent.glob("*.before-*"))


def test_half_a_migration_rolls_back_whole_and_runs_once_it_is_mended(
    connection: sqlite3.Connection, path: Path, folder: Path
) -> None:
    migrate(connection, path, folder)
    step = folder / "0002_second.sql"
    step.write_text("CREATE TABLE b (x INTEGER);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(MigrationError, match=r"migration 2 \(second\) does not work: no such table: nowhere"):
        migrate(connection, path, folder)
    assert "b" not in tables(connection)
    assert not connection.in_transaction
    step.write_text("CREATE TABLE b (x INTEGER);\n")
    assert migrate(connection, path, folder) == [2]
    assert "b" in tables(connection)


def test_a_step_changed_after_it_was_applied_is_refused(
    connection: sqlite3.Connection, path: Path, folder: Path
) -> None:
    migrate(connection, path, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE a (x INTEGER, y INTEGER);\n")
    with pytest.raises(MigrationError, match="was changed after it was applied"):
        migrate(connection, path, folder)


def test_a_file_of_a_newer_version_is_refused_untouched(
    connection: sqlite3.Connection, path: Path, folder: Path
) -> None:
    second = folder / "0002_second.sql"
    second.write_text("CREATE TABLE b (x INTEGER);\n")
    migrate(connection, path, folder)
    second.unlink()
    with pytest.raises(MigrationError, match=r"newer version \(migration 2\)"):
        migrate(connection, path, folder)
    assert "b" in tables(connection)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("0003_third.sql", "without gaps"),
        ("0001_twin.sql", "without gaps"),
        ("2_second.sql", "named like"),
        ("0002_Second.sql", "named like"),
    ],
)
def test_numbers_have_no_gaps_and_names_one_form(folder: Path, name: str, complaint: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=complaint):
        list_migrations(folder)


def test_a_copy_of_what_was_is_left_before_the_second_one_for_the_owner_alone(
    connection: sqlite3.Connection, path: Path, folder: Path
) -> None:
    migrate(connection, path, folder)
    connection.execute("INSERT INTO a VALUES (2)")
    (folder / "0002_second.sql").write_text("DROP TABLE a;\n")
    migrate(connection, path, folder)
    copy = path.with_name("store.sqlite3.before-0002")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT x FROM a ORDER BY x").fetchall() == [(1,), (2,)]
    assert "a" not in tables(connection)


def test_a_stale_copy_is_replaced(connection: sqlite3.Connection, path: Path, folder: Path) -> None:
    migrate(connection, path, folder)
    copy = path.with_name("store.sqlite3.before-0002")
    copy.write_bytes(b"half a copy, left by a full disk" * 200)
    (folder / "0002_second.sql").write_text("CREATE TABLE b (x INTEGER);\n")
    migrate(connection, path, folder)
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("SELECT x FROM a").fetchall() == [(1,)]


def test_every_step_runs_on_a_file_that_holds_rows(
    connection: sqlite3.Connection, path: Path, tmp_path: Path
) -> None:
    """Each step is applied over the one before, whose tables all hold a row; rows are not lost."""
    connection.execute("PRAGMA ignore_check_constraints = ON")  # the rows are made up
    grown = tmp_path / "grown"
    grown.mkdir()
    for source in sorted(FOLDER.glob("*.sql")):
        shutil.copy(source, grown)
        kept = {table: _count(connection, table) for table in tables(connection)}
        migrate(connection, path, grown)
        for table, count in kept.items():
            if table not in ("schema_versions", "sqlite_sequence"):
                assert _count(connection, table) == count, f"{source.name} changed how many rows {table} has"
        _fill(connection)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _fill(connection: sqlite3.Connection) -> None:
    """Give every empty table a row."""
    for table in sorted(tables(connection) - {"schema_versions", "sqlite_sequence"}):
        if _count(connection, table):
            continue
        columns = [
            (name, kind)
            for _, name, kind, required, default, key in connection.execute(f"PRAGMA table_info({table})")
            if (required and default is None) or key
        ]
        values = ", ".join("1" if kind == "INTEGER" else "'x'" for _, kind in columns)
        connection.execute(f"INSERT INTO {table} ({', '.join(name for name, _ in columns)}) VALUES ({values})")


def test_every_table_says_how_long_its_rows_are_kept() -> None:
    for step in list_migrations():
        for statement in statements(step.sql):
            if re.search(r"^CREATE TABLE", statement, re.MULTILINE):
                comment = " ".join(line for line in statement.splitlines() if line.startswith("--"))
                assert re.search(r"[Kk]ept|[Gg]o(es)? with|after \d+ (days|hours)", comment), (
                    statement.splitlines()[-1]
                )


def test_statements_split_at_semicolons_outside_strings_triggers_and_comments() -> None:
    script = (
        "-- a comment; with a semicolon\nCREATE TABLE a (x TEXT DEFAULT ';');\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET x = 1;\n  DELETE FROM a;\nEND;\n-- the end\n"
    )
    assert [each.splitlines()[-1] for each in statements(script)] == [
        "CREATE TABLE a (x TEXT DEFAULT ';');",
        "END;",
    ]


def test_a_statement_without_its_semicolon_is_refused() -> None:
    with pytest.raises(MigrationError, match="not closed by a semicolon"):
        list(statements("CREATE TABLE a (x TEXT);\nCREATE TABLE b (x TEXT)"))


async def test_opening_the_store_brings_an_old_file_up_to_date_and_tells_a_newer_one(path: Path) -> None:
    store = Database(path)
    await store.open()
    await store.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO schema_versions VALUES (999, 'future', 'x', '2030-01-01')")
    with pytest.raises(MigrationError, match="update Kumpel"):
        await store.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM schema_versions WHERE version = 999")
    await store.open()
    await store.close()


async def test_a_file_that_is_locked_while_opening_is_unavailable_not_wrong(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        store = Database(path, busy_milliseconds=30)
        with pytest.raises(StoreUnavailableError, match="locked"):
            await store.open()
        holder.execute("ROLLBACK")
    await store.open()
    await store.close()


def test_ids_that_others_remember_are_never_used_twice(connection: sqlite3.Connection, path: Path) -> None:
    migrate(connection, path)
    add = "INSERT INTO persons (name, first_seen) VALUES ('', 'x') RETURNING id"
    first = connection.execute(add).fetchone()
    connection.execute("DELETE FROM persons")
    assert connection.execute(add).fetchone() > first
