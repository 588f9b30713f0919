"""A canary: somebody with rows in every table, who is exported in full and deleted without a trace.

The rows are made from the migrated database and from what each table declares (``storage.register``). A new table
fails here until its rows are found, shown and erased.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_house
from bot.clock import SystemClock
from bot.restoring import restore
from handlers.core import pipeline
from handlers.core.context import House, system_context
from handlers.core.payloads import dump_message, load_message
from handlers.core.requests import Actor, ButtonPress, Place, TextMessage
from handlers.core.router import NOT_UNDERSTOOD, understand
from handlers.core.seals import Seals
from handlers.core.ui import Attachment, Controls, Reply, Section, Span
from handlers.faq import library
from handlers.faq.content import load_entries, load_files
from handlers.faq.entries import ways
from handlers.retrieval.index import Index
from storage import chats, erasure, outbox, people, posts, retention, timers, tombstones
from storage.backup import copy_database
from storage.database import Database
from storage.personal import Delete, Holding
from storage.register import HOLDINGS
from storage.rows import Transaction

PACK = Path(__file__).parents[2] / "hub"
NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
NAME, HANDLE, ACCOUNT, TEXT = "Zilpzalp Kanarienvogel", "zilpzalp", "T1:UZILPZALP", "Quittegelbegeheimnis"
CANARIES = (NAME, "Kanarienvogel", HANDLE, ACCOUNT, TEXT)

SPECIAL: dict[str, dict[str, Any]] = {
    "Word to you where an event could not be posted": {"subject": "7:{person}"},
    "Questions you asked": {"language": "de", "outcome": "answered", "entry": "desk-price"},
    "Questions you took or turned down for the team": {"language": "de", "outcome": "", "entry": ""},
    "Answers you wrote or changed for the team": {"number": 99, "what": "edited"},
    "What I wrote to others, with your name in it": {"state": "sent", "ref": "s1", "ref_kind": "text"},
}
"""Values that can't be guessed, by the title of what is held."""

KEYWORDS = {
    *(("audit", "what"), ("codes", "role"), ("places", "purpose")),
    *(("questions", column) for column in ("language", "outcome", "entry", "ended_by")),
}
"""Columns of which something stays without the person, which hold words of ours and never theirs."""

_numbers = itertools.count(100)


@pytest.fixture(scope="module")
def house() -> House:
    built = build_house(PACK, Seals(["a secret for tests"]))
    built.knowledge.index = Index([*built.registry.ways, *ways(load_entries(PACK))])
    return built


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(tmp_path / "kumpel.db")
    await database.open()
    await database.write(lambda tx: library.first_import(tx, load_files(PACK), NOW))
    yield database
    await database.close()


class Canary:
    """Somebody with rows in every table, beside somebody without a story."""

    def __init__(self, tx: Transaction) -> None:
        self.tx = tx
        self.person = people.add_account(tx, "slack", ACCOUNT, NOW, name=NAME, handle=HANDLE).person_id
        self.other = people.add_account(tx, "slack", "T1:UOTHER", NOW, name="Berta Beispiel").person_id
        self.chat = chats.add_chat(tx, "slack", ACCOUNT, "direct", TEXT, NOW).id
        self.group = chats.add_chat(tx, "slack", "T1:C1", "group", "Gruppe", NOW).id
        for holding in HOLDINGS:
            if holding.rows and not self.count(holding):
                self.add(holding)

    def count(self, holding: Holding) -> int:
        query = f"SELECT count(*) FROM {holding.table} WHERE {holding.rows}"
        return int(self.tx.value(query, {"person": self.person}))

    def add(self, holding: Holding) -> None:
        """Insert a row that is theirs in this way, with their words wherever words can stand that are theirs."""
        self.insert(holding.table, holding)
        assert self.count(holding), f"{holding.table}: teach the canary what '{holding.title}' looks like"

    def insert(self, table: str, holding: Holding | None = None) -> int:
        sql = str(self.tx.value("SELECT sql FROM sqlite_master WHERE name = ?", (table,)))
        foreign = {
            column: target for _, _, target, column, *_ in self.tx.values(f"PRAGMA foreign_key_list({table})")
        }
        row = {}
        for _, column, kind, required, default, key in self.tx.values(f"PRAGMA table_info({table})"):
            if key and kind == "INTEGER" and column == "id":
                continue
            row[column] = self.value(table, sql, column, kind, default, bool(required or key), foreign, holding)
        marks = ", ".join(f":{column}" for column in row)
        return self.tx.insert(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", row)

    def value(
        self,
        table: str,
        sql: str,
        column: str,
        kind: str,
        default: str | None,
        required: bool,
        foreign: dict[str, str],
        holding: Holding | None,
    ) -> Any:
        rows = holding.rows if holding else ""
        special = SPECIAL.get(holding.title, {}) if holding else {}
        if column in special:
            value = special[column]
            return value.format(person=self.person) if isinstance(value, str) else value
        if re.search(rf"(?<![\w.]){column} = :person", rows):
            return self.person
        if given := re.search(rf"(?<![\w.]){column} = '(\w+(?:\.\w+)?)'", rows):
            return given[1]
        if column in foreign:
            return self.reference(foreign[column], column, required, rows)
        if allowed := re.search(rf"\b{column} IN \(([^)]*)\)", sql.partition("(")[2]):
            return next(iter(re.findall(r"'(\w*)'", allowed[1])), 1)
        if kind == "INTEGER":
            return int(default) if default and default.isdigit() else None if not required else 1
        if column in ("platform", "to_platform"):
            return "slack"
        if column == "day":
            return "2026-11-24"
        if re.search(r"(?:^|_)(?:at|since|before|until|from)$", column):
            return NOW
        return self.words(table, column, holding)

    def reference(self, target: str, column: str, required: bool, rows: str) -> Any:
        if target == "persons":
            return self.other if required else None
        if target == "chats":
            return self.chat if f"{column} IN" in rows and "NOT" not in rows else self.group
        if target == "accounts":
            return {"platform": "slack"}.get(column, ACCOUNT)
        known = self.tx.value(f"SELECT max(id) FROM {target}")
        return known or self.insert(target)

    def words(self, table: str, column: str, holding: Holding | None) -> str:
        theirs = holding is not None and (isinstance(holding.erasure, Delete) or column in holding.shown)
        mentions = holding is not None and "your name in it" in holding.title
        kept = holding is None or column in holding.stays or (table, column) in KEYWORDS
        words = TEXT if theirs and not kept else "Worte"
        match column:
            case "payload" if mentions:
                named = (Span("Neu: "), Span(NAME, person=self.person), Span(f" ({NAME}, @{HANDLE})"))
                return dump_message(Reply(blocks=(Section(named),), summary=f"Neu: {NAME}"))
            case "payload":
                return dump_message(Reply(blocks=(Section(f"{words} {NAME}"),), summary=words))
            case "answers" | "answer" | "freed":
                return json.dumps({"text": words})
            case "quiet_from" | "quiet_until":
                return "22:00"
        return f"{words} {next(_numbers)}" if words == TEXT else f"worte{next(_numbers)}"


def hits(path: Path) -> list[str]:
    """The canaries that stand in a file, also inside what is stored as base64."""
    data = path.read_bytes() if path.exists() else b""
    found = [word for word in CANARIES if word.encode() in data or word.encode("utf-16-le") in data]
    for word in (NAME, TEXT):
        for shift in range(3):
            coded = base64.b64encode(b"x" * shift + word.encode())
            if coded[4 if shift else 0 : -4] in data:
                found.append(f"{word} in base64")
    return found


class Conversation:
    """What the canary says and presses, and what becomes of it."""

    def __init__(self, database: Database, house: House) -> None:
        self.database, self.house = database, house
        self.now = NOW

    def facts(self) -> dict[str, Any]:
        return {
            "delivery_key": f"slack:{next(_numbers)}",
            "actor": Actor("slack", ACCOUNT, NAME, HANDLE, "en"),
            "place": Place("slack", ACCOUNT, "direct"),
            "received_at": self.now,
        }

    async def says(self, text: str) -> None:
        request = TextMessage(**self.facts(), text=text)
        understood = understand(self.house.registry, self.house.knowledge.index, text)
        await self.database.write(lambda tx: pipeline.process(self.house, tx, request, understood, self.now))

    async def presses(self, label: str) -> None:
        def newest(tx: Transaction) -> str:
            for chat, payload in tx.values(
                "SELECT chat_id, payload FROM outbox WHERE payload <> '' ORDER BY id DESC"
            ):
                content = load_message(payload)
                for block in content.blocks if isinstance(content, Reply) else ():
                    for control in block.items if isinstance(block, Controls) else ():
                        if control.label == label:
                            return self.house.seals.seal(control.action.packed, chat)  # type: ignore[union-attr]
            raise AssertionError(f"no button {label!r}")

        token = await self.database.read(newest)
        press = ButtonPress(**self.facts(), token=token)
        await self.database.write(lambda tx: pipeline.process(self.house, tx, press, NOT_UNDERSTOOD, self.now))

    async def exported(self) -> Any:
        def files(tx: Transaction) -> list[Attachment]:
            rows = tx.values("SELECT payload FROM outbox WHERE payload LIKE '%\"Attachment\"%' ORDER BY id")
            return [content for (payload,) in rows if isinstance(content := load_message(payload), Attachment)]

        return {each.filename.rpartition(".")[2]: each.content for each in await self.database.read(files)}

    async def settles(self) -> None:
        """Deliver what waits and let time pass, until the chats are closed."""
        for _ in range(3):
            await self.database.write(self._deliver)
            self.now += timedelta(minutes=5)
            await self.database.write(self._run_timers)

    def _deliver(self, tx: Transaction) -> None:
        for queued in outbox.list_queued_rows(tx):
            if row := outbox.mark_sending_if_pending(tx, queued.id, self.now):
                outbox.mark_sent(tx, row.id, f"s{row.id}", "text", self.now)
                pipeline.report(self.house, tx, row, None, self.now)
        for queued in posts.list_queued_posts(tx):
            if post := posts.mark_post_sending_if_untrue(tx, queued.id, self.now):
                posts.mark_post_gone(tx, post.id)

    def _run_timers(self, tx: Transaction) -> None:
        for timer in timers.list_due_timers(tx, self.now):
            if timer.kind == "privacy.close" and timers.remove_timer_if_due(tx, timer, self.now):
                self.house.registry.timers[timer.kind].handler(
                    system_context(self.house, tx, self.now), timer.subject
                )


@pytest.fixture
async def canary(database: Database, house: House) -> Conversation:
    await database.write(Canary)
    return Conversation(database, house)


async def test_the_canary_is_in_every_table_that_holds_anything_about_people(
    database: Database, canary: Conversation
) -> None:
    def empty(tx: Transaction) -> list[str]:
        tables = {holding.table for holding in HOLDINGS if holding.rows}
        return [table for table in tables if not tx.value(f"SELECT count(*) FROM {table}")]

    assert await database.read(empty) == []


async def test_the_export_holds_every_row_and_every_word(database: Database, canary: Conversation) -> None:
    def counted(tx: Transaction) -> dict[str, int]:
        person = people.get_account(tx, "slack", ACCOUNT)
        assert person
        known = erasure.list_known(tx, person.person_id, HOLDINGS)
        return {each.holding.title: len(each.rows) for each in known}

    expected = await database.read(counted)
    assert set(expected) == {holding.title for holding in HOLDINGS if holding.rows}
    await canary.says("my data")
    files = await canary.exported()
    data = json.loads(files["json"])["data"]
    told = {
        "What I answered at once to a press or a form of yours",
        "What you were told, asked for or objected to",
    }
    titles = {each.title: canary.house.catalogues.texts("en").label(each.title) for each in HOLDINGS}
    got = {each["what"]: len(each["rows"]) for each in data}
    for title, number in expected.items():
        assert got[titles[title]] >= number if title in told else got[titles[title]] == number, title
    page = files["html"].decode()
    for holding in HOLDINGS:
        if holding.rows:
            assert titles[holding.title].replace("'", "&#x27;") in page
    words = json.dumps(data, ensure_ascii=False)
    for word in CANARIES:
        assert word in words
    assert "Berta" not in words, "what others are called is not theirs"


async def test_after_deletion_and_clean_up_nothing_is_left(
    database: Database, canary: Conversation, tmp_path: Path
) -> None:
    await canary.says("my data")
    backup = tmp_path / "backup.sqlite3"
    copy_database(database.path, backup)
    assert hits(backup) != []
    await canary.says("delete me")
    await canary.presses("Delete everything")
    await canary.settles()
    assert await database.clean_up()
    for ending in ("", "-wal", "-shm"):
        assert hits(database.path.with_name(database.path.name + ending)) == [], ending
    await database.close()
    restored = await restore(backup, database.path, None, SystemClock())
    assert restored.forgotten == 1
    for ending in ("", "-wal", "-shm"):
        assert hits(database.path.with_name(database.path.name + ending)) == [], f"restored{ending}"


async def test_who_came_back_before_the_backup_is_not_forgotten_by_it(
    database: Database, canary: Conversation
) -> None:
    await canary.says("delete me")
    await canary.presses("Delete everything")
    await canary.settles()
    canary.now += timedelta(days=1)
    await canary.says("hello")
    known = await database.read(lambda tx: frozenset(tx.all(tombstones.Tombstone, "SELECT * FROM tombstones")))
    assert known == tombstones.load(database.path) == tombstones.parse(tombstones.dump(known))
    assert await database.write(lambda tx: tombstones.apply(tx, known, canary.now)) == 0
    assert await database.read(lambda tx: people.get_account(tx, "slack", ACCOUNT))


async def test_a_tombstone_names_nobody(database: Database, canary: Conversation, tmp_path: Path) -> None:
    await canary.says("delete me")
    await canary.presses("Delete everything")
    (tmp_path / "list").write_text(tombstones.dump(tombstones.load(database.path)), "utf-8")
    assert hits(tmp_path / "list") == []


async def test_what_a_grant_needs_stays_locked_away_until_its_end(
    database: Database, canary: Conversation
) -> None:
    person = await database.read(lambda tx: people.get_account(tx, "slack", ACCOUNT))
    assert person

    def erase(tx: Transaction) -> erasure.Erased:
        return tombstones.erase_for_good(tx, person.person_id, {"mentoring": 10}, NOW)

    erased = await database.write(erase)
    assert erased.restricted == 1

    def left(tx: Transaction) -> tuple[int, int]:
        return (
            int(tx.value("SELECT count(*) FROM mentoring_requests WHERE text LIKE '%' || ? || '%'", (TEXT,))),
            int(tx.value("SELECT count(*) FROM restricted_records WHERE record LIKE '%' || ? || '%'", (TEXT,))),
        )

    assert await database.read(left) == (0, 1)
    rules = canary.house.registry.retention
    await database.write(lambda tx: retention.remove_expired(tx, NOW + timedelta(days=365 * 9), rules))
    assert await database.read(left) == (0, 1)
    await database.write(lambda tx: retention.remove_expired(tx, NOW + timedelta(days=366 * 10), rules))
    assert await database.read(left) == (0, 0)


async def test_every_table_has_an_end(database: Database, canary: Conversation) -> None:
    """A rule ends its rows, or the entry says when they go."""
    ruled = {rule.table for rule in canary.house.registry.retention}
    for holding in HOLDINGS:
        ends = holding.kept.startswith(("until ", "as long as ", "while "))
        assert holding.table in ruled or ends or not holding.rows, f"{holding.table}: kept {holding.kept}"
    assert {rule.table for rule in canary.house.registry.retention} <= {holding.table for holding in HOLDINGS}


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" + base64.b64encode(f"ab{NAME}cd".encode()))
    assert hits(file) != []
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (?)", (TEXT,))
        connection.commit()
    assert hits(tmp_path / "db") == [TEXT]
