"""``kumpel setup`` against the local Slack and the local Telegram."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.env_file import EnvFile, write_env
from bot.remedies import PREFIXES
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from bot.settings import load_settings
from bot.setup import set_up
from handlers.people.codes import PATTERN, hash_code
from storage import people, roles
from storage.database import Database


class Person:
    """Answers the questions in order, and reads what is said."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, bool]] = []
        self.heard: list[str] = []

    def ask(self, question: str, hidden: bool) -> str:
        self.asked.append((question, hidden))
        return self._answers.pop(0)

    def say(self, text: str) -> None:
        self.heard.append(text)

    @property
    def transcript(self) -> str:
        return "\n".join(self.heard)

    @property
    def left(self) -> Sequence[str]:
        return self._answers


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith(PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


ENV = Path(".env")


def at(slack: SlackSandbox | None = None, telegram: TelegramSandbox | None = None, **more: str) -> None:
    """Have the settings point to the sandboxes."""
    values = {
        "SLACK_API_URL": slack.api_url if slack else "",
        "TELEGRAM_API_URL": telegram.api_url if telegram else "",
    }
    write_env(ENV, values | more)


async def test_both_chats_are_tried_at_once_and_the_bot_can_run():
    async with SlackSandbox.running(team_name="ruhr:HUB") as slack, TelegramSandbox.running() as telegram:
        at(slack, telegram)
        person = Person(slack.bot_token, slack.app_token, telegram.bot_token)
        assert await set_up(ENV, person.ask, person.say, "en")
        assert "Slack: workspace ruhr:HUB, bot kumpel." in person.heard
        assert "Slack: the connection opens." in person.heard
        assert "Telegram: bot Kumpel, @kumpel_bot." in person.heard
        settings = load_settings(ENV)
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token == slack.bot_token
    assert settings.telegram_webhook_secret is not None
    assert len(settings.secrets[0]) >= 32
    assert all(hidden for _, hidden in person.asked)
    assert stat.S_IMODE(ENV.stat().st_mode) == 0o600
    assert not list(Path().glob(".env.*"))


async def test_the_code_makes_the_first_lead():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        person = Person("", telegram.bot_token)
        assert await set_up(ENV, person.ask, person.say, "de")
    code = next(text.strip() for text in person.heard if re.fullmatch(PATTERN, text))
    now = datetime.now(UTC)
    database = Database(Path("kumpel.sqlite3"))
    await database.open()
    try:
        account = await database.write(lambda tx: people.add_account(tx, "telegram", "7", now))
        role = await database.write(
            lambda tx: roles.mark_code_used_if_valid(tx, hash_code(code), account.person_id, now)
        )
    finally:
        await database.close()
    assert role == "lead"
    assert "direkt" in person.transcript


async def test_a_token_that_is_refused_is_asked_for_again():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram)
        wrong = telegram.bot_token[:-1] + "x"
        person = Person("", "not a token", wrong, telegram.bot_token)
        assert await set_up(ENV, person.ask, person.say, "en")
        assert "That does not look like it." in person.heard
        assert any(said.startswith("Telegram does not take it: ") for said in person.heard)
        assert wrong not in person.transcript
    token = load_settings(ENV).telegram_bot_token
    assert token is not None
    assert token == telegram.bot_token


async def test_a_platform_that_can_not_be_reached_does_not_stop_the_setup():
    write_env(ENV, {"TELEGRAM_API_URL": "http://127.0.0.1:1"})
    token = "123456789:AAcanary-telegram-token-of-35-chars"
    person = Person("", token)
    assert await set_up(ENV, person.ask, person.say, "en")
    assert any("can't be reached right now" in said for said in person.heard)
    assert token not in person.transcript


async def test_run_again_everything_is_kept_that_is_not_changed():
    async with SlackSandbox.running() as slack, TelegramSandbox.running() as telegram:
        at(slack, telegram, KUMPEL_PORT="9999")
        ENV.write_text(f"# mine\nFOREIGN=1\n{ENV.read_text('utf-8')}", "utf-8")
        first = Person(slack.bot_token, slack.app_token, telegram.bot_token)
        await set_up(ENV, first.ask, first.say, "en")
        before = ENV.read_text("utf-8")
        again = Person("", "", "")
        assert await set_up(ENV, again.ask, again.say, "en")
        assert ENV.read_text("utf-8") == before
        assert all("(is there)" in question for question, _ in again.asked)
        removed = Person("-", "")
        assert await set_up(ENV, removed.ask, removed.say, "en")
    text = ENV.read_text("utf-8")
    assert text.startswith("# mine\nFOREIGN=1\n")
    assert slack.bot_token not in text
    assert slack.app_token not in text
    settings = load_settings(ENV)
    assert settings.slack_bot_token is None
    assert settings.kumpel_port == 9999


async def test_without_any_chat_nothing_is_written():
    person = Person("english", "", "")
    assert not await set_up(ENV, person.ask, person.say)
    assert not ENV.exists()
    assert "nothing to do" in person.transcript


async def test_over_http_the_signing_secret_and_the_address_are_asked_for():
    async with SlackSandbox.running() as slack:
        at(slack, SLACK_MODE="http")
        person = Person(
            "de", slack.bot_token, slack.signing_secret, "kumpel.example", "https://kumpel.example", ""
        )
        assert await set_up(ENV, person.ask, person.say)
    assert not person.left
    assert load_settings(ENV).kumpel_public_url == "https://kumpel.example"


async def test_another_setting_that_can_not_work_is_told_after_writing():
    async with TelegramSandbox.running() as telegram:
        at(telegram=telegram, KUMPEL_PORT="many")
        person = Person("", telegram.bot_token)
        assert not await set_up(ENV, person.ask, person.say, "en")
    assert "KUMPEL_PORT (.env, line " in person.transcript


def test_a_new_file_begins_as_the_example_with_its_notes():
    write_env(ENV, {"KUMPEL_SECRET": "two keys", "KUMPEL_DATABASE": "it's \\ here #1.sqlite3"})
    assert "# --- Slack" in ENV.read_text("utf-8")
    read = EnvFile.read(ENV)
    assert not read.problems
    assert read.values["KUMPEL_SECRET"] == "two keys"
    assert read.values["KUMPEL_DATABASE"] == "it's \\ here #1.sqlite3"


def test_a_write_that_fails_leaves_the_file_as_it_was(monkeypatch: pytest.MonkeyPatch):
    write_env(ENV, {"KUMPEL_PORT": "1"})
    before = ENV.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_env(ENV, {"KUMPEL_PORT": "2"})
    assert ENV.read_bytes() == before
    assert list(Path().iterdir()) == [ENV]
