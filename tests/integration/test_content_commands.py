"""``kumpel content``: files and store, with a bot running and without."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.clock import ManualClock
from bot.complaints import in_plain_words
from bot.content import NotWrittenError, bring_in, do, load, pack_of, write_out
from bot.control import ControlServer, socket_path
from bot.settings import SHIPPED_HUB
from handlers.core.pack import PackError
from handlers.faq.content import load_entries
from storage import faq
from storage.database import Database
from storage.errors import StoreLockedError
from storage.faq import EntriesChanged

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLOCK = ManualClock(NOW)
COUNT = len(load_entries(SHIPPED_HUB))


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the hub's pack, the settings' own."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SHIPPED_HUB, tmp_path / "hub")
    secrets = f"TELEGRAM_BOT_TOKEN=123456789:AAcanary-telegram-token-of-35-chars\nKUMPEL_SECRET={'k' * 32}\n"
    (tmp_path / ".env").write_text(f"{secrets}KUMPEL_HUB=hub\n", "utf-8")
    return tmp_path / "hub"


@pytest.fixture
def path(pack: Path) -> Path:
    return pack.parent / "kumpel.sqlite3"


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    await database.open()
    server = ControlServer(database, CLOCK)
    await server.start()
    try:
        yield database
    finally:
        await server.stop()
        await database.close()


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    database = Database(path)
    await database.open()
    try:
        yield database
    finally:
        await database.close()


def spoil(pack: Path, old: str, new: str) -> None:
    file = pack / "faq" / "desks.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


async def edit(database: Database, entry_id: str, old: str, new: str) -> None:
    """A manager changes an answer in chat."""
    row = await database.read(lambda tx: faq.get_entry(tx, entry_id))
    assert row is not None
    assert old in row.content
    content = row.content.replace(old, new)
    await database.write(lambda tx: faq.mark_changed_if_version(tx, entry_id, row.version, content, NOW))


def kumpel(*arguments: str) -> tuple[int, str]:
    """Run a command; what it prints on either stream."""
    done = CliRunner().invoke(app, [*arguments, "--language", "en"])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


async def test_the_running_bot_imports_and_hears_of_it(pack: Path, path: Path):
    async with running(path) as database:
        heard: list[object] = []
        database.subscribe(heard.append)
        await bring_in(path, load(pack, pack), False, None, CLOCK)
        assert sum(isinstance(fact, EntriesChanged) for fact in heard) == COUNT
        spoil(pack, "50 Euro im Monat", "60 Euro im Monat")
        heard.clear()
        outlook = await bring_in(path, load(pack, pack), False, None, CLOCK)
        assert heard == [EntriesChanged(("desk-price",))]
        assert [change.entry.id for change in outlook.plan.changes] == ["desk-price"]
        stored = await database.read(lambda tx: faq.get_entry(tx, "desk-price"))
        assert stored is not None
        assert "60 Euro" in stored.content
        assert not (await bring_in(path, load(pack, pack), False, None, CLOCK)).plan


async def test_without_a_bot_the_import_goes_straight_into_the_database(pack: Path, path: Path):
    await bring_in(path, load(pack, pack), False, None, CLOCK)
    async with opened(path) as database:
        assert len(await database.read(faq.list_entries)) == COUNT


async def test_a_conflict_changes_nothing_in_the_running_bot_either(pack: Path, path: Path):
    async with running(path) as database:
        await bring_in(path, load(pack, pack), False, None, CLOCK)
        await edit(database, "desk-price", "50 Euro", "55 Euro")
        spoil(pack, "50 Euro im Monat", "60 Euro im Monat")
        spoil(pack, "40 Arbeitsplätze", "41 Arbeitsplätze")
        before = await database.read(faq.list_entries)
        assert (await bring_in(path, load(pack, pack), False, None, CLOCK)).conflicts == ("desk-price",)
        assert await database.read(faq.list_entries) == before
        await bring_in(path, load(pack, pack), False, "files", CLOCK)
        row = await database.read(lambda tx: faq.get_entry(tx, "desk-price"))
        assert row is not None
        assert "60 Euro" in row.content


async def test_what_was_exported_can_be_edited_and_imported_without_a_conflict(pack: Path, path: Path):
    async with running(path) as database:
        await bring_in(path, load(pack, pack), False, None, CLOCK)
        await edit(database, "desk-price", "50 Euro", "55 Euro")
        done = await asyncio.to_thread(write_out, path, pack, pack, False)
        await do(path, done.noted, CLOCK)
        assert done.changed == (pack / "faq" / "desks.yaml",)
        spoil(pack, "55 Euro im Monat", "60 Euro im Monat")
        outlook = await bring_in(path, load(pack, pack), False, None, CLOCK)
        assert (outlook.conflicts, len(outlook.plan.changes)) == ((), 1)


async def test_a_copy_elsewhere_does_not_count_as_imported(pack: Path, path: Path, tmp_path: Path):
    await bring_in(path, load(pack, pack), False, None, CLOCK)
    async with opened(path) as database:
        await edit(database, "desk-price", "50 Euro", "55 Euro")
    done = write_out(path, tmp_path / "copy", pack, False)
    assert not done.noted
    assert len(done.changed) == 9
    spoil(pack, "50 Euro im Monat", "60 Euro im Monat")
    assert (await bring_in(path, load(pack, pack), False, None, CLOCK)).conflicts == ("desk-price",)
    assert not (await bring_in(path, load(tmp_path / "copy", pack), False, None, CLOCK)).plan.changes


async def test_an_export_does_not_lose_what_was_never_imported(pack: Path, path: Path):
    await bring_in(path, load(pack, pack), False, None, CLOCK)
    spoil(pack, "50 Euro im Monat", "60 Euro im Monat")
    with pytest.raises(NotWrittenError) as caught:
        write_out(path, pack, pack, False)
    assert caught.value.lost == ("desk-price",)
    assert "60 Euro" in (pack / "faq" / "desks.yaml").read_text("utf-8")
    write_out(path, pack, pack, True)
    assert (pack / "faq" / "desks.yaml").read_bytes() == (SHIPPED_HUB / "faq" / "desks.yaml").read_bytes()
    assert not list(pack.glob("faq/.*"))


@pytest.mark.parametrize("body", ["", "{}x", '{"changes": [{}]}', '{"changes": 1}', '{"more": 1}', "[]"])
async def test_an_odd_plan_is_refused(path: Path, body: str):
    async with running(path) as database:
        connector = aiohttp.UnixConnector(socket_path(path).name)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.post("http://kumpel/content", data=body) as response,
        ):
            assert response.status == 400
        assert not await database.read(faq.has_entries)


async def test_a_holder_that_does_not_answer_is_told_as_such(pack: Path, path: Path):
    async with opened(path):
        with pytest.raises(StoreLockedError):
            await bring_in(path, load(pack, pack), False, None, CLOCK)


def test_the_folder_of_the_answers_means_its_pack(pack: Path):
    assert pack_of(pack) == pack
    assert pack_of(Path("hub/faq")).resolve() == pack


def test_the_commands_from_import_to_export(pack: Path, path: Path):
    assert kumpel("content", "check")[1].startswith(f"{COUNT} answers in 9 files, all fine.\nStill to fill in (")
    assert kumpel("content", "import")[1].startswith(f"New ({COUNT}): bot-abilities, ")
    assert kumpel("content", "import") == (0, "The answers stay as they are.\n")
    assert kumpel("content", "diff") == (0, "")
    assert kumpel("content", "export") == (0, "9 files unchanged.\n")

    async def chat() -> None:
        async with opened(path) as database:
            await edit(database, "desk-price", "50 Euro im", "55 Euro im")

    asyncio.run(chat())
    status, shown = kumpel("content", "diff")
    assert status == 1
    assert shown.startswith("desk-price: changed in chat (- file, + Kumpel)\n")
    assert "  +      **55 Euro im Monat**" in shown
    assert kumpel("content", "import")[1].endswith("Changed in chat, and kept so (1): desk-price\n")
    status, told = kumpel("content", "export", "hub/faq")
    assert status == 0
    assert told.endswith("hub/faq/desks.yaml\n8 files unchanged.\n")
    spoil(pack, "**55 Euro", "**60 Euro")
    assert kumpel("content", "import", "--retire") == (0, "Changed (1): desk-price\n")


def test_a_conflict_is_told_with_the_ways_out(pack: Path, path: Path):
    kumpel("content", "import")

    async def chat() -> None:
        async with opened(path) as database:
            await edit(database, "desk-price", "50 Euro im", "55 Euro im")

    asyncio.run(chat())
    spoil(pack, "**50 Euro", "**60 Euro")
    status, told = kumpel("content", "import")
    assert status == 1
    assert "--theirs takes the files, --ours keeps what was written in chat.\n  desk-price\n" in told
    assert kumpel("content", "import", "--theirs", "--ours") == (1, "Either --theirs or --ours.\n")
    assert kumpel("content", "import", "--ours")[1].endswith("Changed in chat, and kept so (1): desk-price\n")
    assert "55 Euro" in kumpel("content", "diff")[1]


def test_a_question_that_leads_to_an_answer_of_the_chat_is_imported_by_nobody(pack: Path, path: Path):
    kumpel("content", "import")
    prices = pack / "faq" / "desks.yaml"
    prices.write_text(prices.read_text("utf-8").replace("- id: desk-price", "- id: price-of-a-desk"), "utf-8")
    status, told = kumpel("content", "import")
    assert status == 1
    assert told.startswith("Nothing imported: ")
    assert "\n  price-of-a-desk: “Was kostet ein Schreibtisch?” → desk-price\n" in told
    assert "price-of-a-desk: not in Kumpel" in kumpel("content", "diff")[1]
    assert kumpel("content", "import", "--retire")[0] == 0


def test_what_is_gone_from_the_files_is_said(pack: Path, path: Path):
    kumpel("content", "import")
    (pack / "faq" / "team.yaml").unlink()
    told = kumpel("content", "import")[1]
    assert "No longer in the files, but still in Kumpel; --retire takes them out (9): team, " in told
    assert "Taken out (9): team, " in kumpel("content", "import", "--retire")[1]


def test_a_broken_file_is_refused_whole(pack: Path, path: Path):
    kumpel("content", "import")
    spoil(pack, "**50 Euro", "**60 Euro")
    spoil(pack, "- id: wifi", "- id: desk-price")
    for command in ("check", "import", "diff", "export"):
        with pytest.raises(PackError) as caught:
            kumpel("content", command)
        told = in_plain_words(caught.value, "de")
        assert told is not None
        assert "die id „desk-price“ gibt es zweimal" in told[0]
    shutil.rmtree(pack / "faq")
    shutil.copytree(SHIPPED_HUB / "faq", pack / "faq")
    assert kumpel("content", "diff") == (0, "")


def test_the_schema_is_printed_for_editors(pack: Path):
    done = CliRunner().invoke(app, ["content", "schema"])
    assert done.output == (SHIPPED_HUB / "faq.schema.json").read_text("utf-8")
