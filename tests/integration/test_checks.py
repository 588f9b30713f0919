"""``kumpel check`` against the local Slack, the local Telegram and real databases."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.adapters.slack.manifest import SCOPES
from bot.checks import check_everything
from bot.env_file import write_env
from bot.remedies import PREFIXES
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from bot.settings import SHIPPED_HUB
from storage import chats, people, places, roles
from storage.database import Database
from storage.rows import Transaction

ENV = Path(".env")
DATABASE = Path("kumpel.sqlite3")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


class Report(NamedTuple):
    """The lines in English, by section, ✓ or ✗ in front."""

    sections: dict[str, list[str]]

    def wrong(self) -> list[str]:
        return [line for lines in self.sections.values() for line in lines if line.startswith("✗")]


async def report() -> Report:
    sections = {}
    async for section, findings in check_everything(ENV):
        assert all(finding.de and finding.en for finding in findings)
        sections[section.en] = [f"{'✓' if finding.ok else '✗'} {finding.en}" for finding in findings]
    return Report(sections)


def at(slack: SlackSandbox | None = None, telegram: TelegramSandbox | None = None, **more: str) -> None:
    values = {"KUMPEL_SECRET": "k" * 32}
    if slack:
        values |= {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
        }
    if telegram:
        values |= {"TELEGRAM_API_URL": telegram.api_url, "TELEGRAM_BOT_TOKEN": telegram.bot_token}
    write_env(ENV, values | more)


async def store(*managers: tuple[str, str]) -> None:
    """A database with a lead, and these chats for the managers."""

    def fill(tx: Transaction) -> None:
        lead = people.add_account(tx, "slack", "T1:U1", NOW).person_id
        roles.add_role(tx, lead, "lead", None, NOW)
        for platform, external_id in managers:
            chat = chats.add_chat(tx, platform, external_id, "group", "managers", NOW)
            places.add_place(tx, "managers", chat.id, "", lead, NOW)

    database = Database(DATABASE)
    await database.open()
    try:
        await database.write(fill)
    finally:
        await database.close()


async def test_when_all_is_well_nothing_is_wrong():
    async with SlackSandbox.running() as slack, TelegramSandbox.running() as telegram:
        at(slack, telegram)
        channel = slack.add_channel("team")
        lead = telegram.add_user("Lena")
        group = await lead.create_group("Team")
        await lead.add_bot(group)
        await store(("slack", f"{slack.team_id}:{channel.id}"), ("telegram", str(group.id)))
        found = await report()
    assert found.wrong() == []
    assert "✓ Complete, for Slack + Telegram." in found.sections["Settings"]
    assert "✓ kumpel.sqlite3 is fine." in found.sections["Database"]
    assert "✓ No bot is running on it at the moment." in found.sections["Database"]
    assert "✓ #team (managers): may write." in found.sections["Slack"]
    assert any("(managers): may write." in line for line in found.sections["Telegram"])


async def test_placeholders_are_listed_by_file_and_are_not_wrong():
    at()
    content = (await report()).sections["Content"]
    desks = next(line for line in content if "hub/faq/desks.yaml" in line)
    assert desks.startswith("✓")
    expected = (SHIPPED_HUB / "faq" / "desks.yaml").read_text("utf-8").count("[[AUSFÜLLEN: ")
    assert f"{expected} still to fill in" in desks


async def test_broken_settings_and_a_broken_pack_are_both_told(tmp_path: Path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "hub.toml").write_text("name = \n", "utf-8")
    at(KUMPEL_HUB="pack", KUMPEL_PORT="many")
    found = await report()
    assert list(found.sections) == ["Settings", "Content"]
    assert any("KUMPEL_PORT" in line for line in found.wrong())
    assert any("pack/hub.toml, line 1" in line for line in found.wrong())


async def test_a_file_of_settings_that_others_may_read_is_wrong():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        ENV.chmod(0o644)
        assert "✗ .env holds secrets, and others may read it: chmod 600 .env" in (await report()).wrong()


async def test_tokens_that_are_not_known_are_wrong():
    async with SlackSandbox.running() as slack, TelegramSandbox.running() as telegram:
        foreign = telegram.bot_token[:-1] + "x"
        at(slack, telegram, SLACK_BOT_TOKEN="xoxb-foreign-token", TELEGRAM_BOT_TOKEN=foreign)
        found = await report()
    assert any(line.startswith("✗") for line in found.sections["Slack"])
    assert any(line.startswith("✗") for line in found.sections["Telegram"])
    assert foreign not in str(found)
    assert "xoxb-foreign-token" not in str(found)


async def test_platforms_that_can_not_be_reached_are_wrong_and_hide_nothing():
    at(
        SLACK_API_URL="http://127.0.0.1:1/api/",
        SLACK_BOT_TOKEN="xoxb-canary-token",
        SLACK_APP_TOKEN="xapp-canary-token",
        TELEGRAM_API_URL="http://127.0.0.1:1",
        TELEGRAM_BOT_TOKEN="123456789:AAcanary-telegram-token-of-35-chars",
    )
    await store(("slack", "T1:C1"), ("telegram", "-100"))
    found = await report()
    for platform in ("Slack", "Telegram"):
        assert sum(line.startswith("✗") for line in found.sections[platform]) >= 2
    assert "canary" not in str(found)


@pytest.mark.parametrize("what", ["left", "archived", "gone"])
async def test_a_slack_channel_that_can_not_be_written_to_is_wrong(what: str):
    async with SlackSandbox.running() as slack:
        at(slack)
        channel = slack.add_channel("team", slack.add_user("Lena"), with_bot=what != "left")
        if what == "archived":
            slack.archive(channel)
        await store(("slack", f"{slack.team_id}:{'C0GONE' if what == 'gone' else channel.id}"))
        found = await report()
    (line,) = found.wrong()
    expected = {
        "left": "✗ Kumpel is not in #team (managers)",
        "archived": "✗ #team (managers) is archived.",
        "gone": "can't be seen by Kumpel: channel_not_found.",
    }
    assert expected[what] in line


@pytest.mark.parametrize("what", ["muted", "kicked", "gone"])
async def test_a_telegram_group_that_can_not_be_written_to_is_wrong(what: str):
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        lead = telegram.add_user("Lena")
        group = await lead.create_group("Team")
        await lead.add_bot(group)
        chat_id = str(group.id)
        match what:
            case "gone":
                chat_id = "-4999"
            case "muted":
                await lead.mute_bot(group)
            case "kicked":
                await lead.kick_bot(group)
        await store(("telegram", chat_id))
        found = await report()
    (line,) = found.wrong()
    expected = {
        "muted": "✗ Kumpel may not write in “Team” (managers)",
        "kicked": "(managers) can't be seen by Kumpel: Forbidden: bot was kicked from the group chat.",
        "gone": "✗ -4999 (managers) can't be seen by Kumpel: Bad Request: chat not found.",
    }
    assert expected[what] in line


async def test_a_running_bot_is_no_hindrance():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        await store()
        database = Database(DATABASE)
        await database.open()
        try:
            found = await report()
        finally:
            await database.close()
    assert "✓ kumpel.sqlite3 is fine." in found.sections["Database"]
    assert found.wrong() == ["✗ No chat for the managers: write `here managers` there, as a lead."]


async def test_before_the_first_start_the_database_is_no_problem_but_made_by_nobody():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        assert (await report()).wrong() == []
        assert not DATABASE.exists()


async def test_a_damaged_database_is_wrong():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        await store()
        pages = bytearray(DATABASE.read_bytes())
        for page in range(2, len(pages) // 4096):
            pages[page * 4096 : page * 4096 + 200] = b"\xff" * 200
        DATABASE.write_bytes(pages)
        assert any("kumpel.sqlite3" in line for line in (await report()).wrong())


async def test_a_database_of_a_newer_version_is_wrong():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        await store()
        database = Database(DATABASE)
        await database.open()
        try:
            await database.write(
                lambda tx: tx.execute("INSERT INTO schema_versions VALUES (999, 'later', 'x', 'now')")
            )
        finally:
            await database.close()
        assert "✗ kumpel.sqlite3 is of another version (migration 999): update Kumpel." in (await report()).wrong()


async def test_nobody_leading_is_wrong():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        database = Database(DATABASE)
        await database.open()
        await database.close()
        assert any("Nobody leads Kumpel yet" in line for line in (await report()).wrong())


# --- security -------------------------------------------------------------------------------------------------


async def security() -> list[str]:
    found = [
        findings async for section, findings in check_everything(ENV, security=True) if section.en == "Security"
    ]
    return [f"{'✓' if finding.ok else '✗'} {finding.en}" for finding in found[0]]


async def test_security_names_every_file_that_is_open_to_others():
    async with SlackSandbox.running() as slack:
        at(slack)
        ENV.chmod(0o600)
        database = Database(DATABASE)
        await database.open()
        await database.close()
        Path("backups").mkdir(mode=0o755)
        Path("backups/kumpel-20261123-020000.sqlite3").touch(mode=0o644)
        told = await security()
        here = Path.cwd()
        assert f"✗ {here}/backups is open to others: chmod 700 {here}/backups" in told
        assert any("chmod 600" in line and "kumpel-20261123" in line for line in told)
        Path("backups").chmod(0o700)
        Path("backups/kumpel-20261123-020000.sqlite3").chmod(0o600)
        assert "✓ Settings, database and backups are readable by their owner alone." in await security()


async def test_security_tells_scopes_that_nobody_needs():
    async with SlackSandbox.running() as slack:
        at(slack)
        needed = ",".join(SCOPES)
        token = slack.add_token("xoxb-needed-only", scopes=needed)
        at(slack, SLACK_BOT_TOKEN=token.value)
        assert "✓ The Slack token may do no more than needed." in await security()
        greedy = slack.add_token("xoxb-greedy-one", scopes=f"{needed},admin.users:write")
        at(slack, SLACK_BOT_TOKEN=greedy.value)
        assert any(line.startswith("✗ The Slack token may do more") and "admin.users:write" in line
                   for line in await security())  # fmt: skip


async def test_security_minds_where_the_bot_listens_and_unsealed_copies():
    async with SlackSandbox.running() as slack:
        at(slack, KUMPEL_HOST="0.0.0.0", KUMPEL_BACKUPS_COPY="/mnt/usb")
        told = await security()
        assert any(line.startswith("✗ Listens on 0.0.0.0:8080") for line in told)
        assert any(line.startswith("✗ The backups in /mnt/usb are not encrypted") for line in told)
        at(slack, KUMPEL_HOST="127.0.0.1")
        assert any(line.startswith("✓ Listens on this machine only") for line in await security())
