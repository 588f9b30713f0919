"""The command line: what it prints, and what it says when something stands in the way."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import bot.asking
from bot.asking import answer
from bot.remedies import PREFIXES
from bot.settings import SHIPPED_HUB
from handlers.retrieval.index import Index, Way

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAcanary-telegram-token-of-35-chars"
Kumpel = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def kumpel(tmp_path: Path) -> Kumpel:
    """Runs a command as people do, in an empty folder."""

    def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIXES)}
        clean |= {"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "COLUMNS": "120"} | environment
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path, env=clean, input=stdin, text=True, capture_output=True, timeout=50, check=False,
        )  # fmt: skip

    return run


@functools.cache
def index_over(*ways: Way) -> Index:
    """An index over these ways; it never changes."""
    return Index(ways)


@pytest.fixture
def one_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index over the shipped answers is built once for all questions."""
    monkeypatch.setattr(bot.asking, "Index", lambda ways: index_over(*ways))


def env(folder: Path, **values: str) -> None:
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in values.items()), "utf-8")


def test_help_lists_the_commands_in_the_reader_s_language(kumpel: Kumpel):
    english = kumpel("--help")
    assert english.returncode == 0
    for command in ("setup", "slack-manifest", "check", "ask", "run", "demo", "code"):
        assert f"\n  {command} " in english.stdout
    assert "Start the bot." in english.stdout
    assert "Den Bot starten." in kumpel("--help", LC_ALL="de_DE.UTF-8").stdout


def test_help_imports_nothing_heavy():
    program = "import sys, bot.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"aiohttp", "aiosqlite", "numpy", "slack_sdk", "telegram", "handlers", "storage"}
    assert heavy.isdisjoint(loaded.stdout.split())


def test_the_manifest_is_json_for_either_mode(kumpel: Kumpel):
    by_socket = json.loads(kumpel("slack-manifest").stdout)
    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert by_socket["display_information"]["name"] == "Kumpel"
    by_http = kumpel("slack-manifest", "--mode", "http", "--public-url", "https://kumpel.example/")
    assert "https://kumpel.example/slack/events" in by_http.stdout
    assert json.loads(by_http.stdout)["settings"]["socket_mode_enabled"] is False


def test_a_manifest_for_http_needs_an_address(kumpel: Kumpel):
    done = kumpel("slack-manifest", "--mode", "http")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "http needs --public-url https://…\n"


def test_a_question_is_answered_from_the_pack(kumpel: Kumpel):
    asked = kumpel("ask", "how", "much", "is", "a", "desk", "a", "month")
    assert asked.returncode == 0
    assert "50 euros a month" in asked.stdout


def test_the_answer_is_in_the_language_of_the_question_unless_another_is_asked_for(one_index: None):
    assert answer(SHIPPED_HUB, "was kostet ein schreibtisch im monat", None, "en").startswith("50 Euro im Monat")
    assert "50 euros a month" in answer(SHIPPED_HUB, "was kostet ein schreibtisch im monat", "en", "de")


def test_an_unclear_question_is_asked_back(one_index: None):
    unsure = answer(SHIPPED_HUB, "wie komm ich rein", None, "en")
    assert unsure.startswith("Meinst du eins davon?\n- ")
    assert 1 <= unsure.count("?\n- ") <= 3


def test_what_is_not_known_is_said_so(one_index: None):
    assert answer(SHIPPED_HUB, "xyzzy frobnicate", None, "de") == "Das weiß ich nicht."
    assert answer(SHIPPED_HUB, "xyzzy frobnicate", None, "en") == "I don't know that."


def test_a_pack_that_can_not_be_read_is_told_without_a_traceback(kumpel: Kumpel, tmp_path: Path):
    shutil.copytree(ROOT / "hub", tmp_path, dirs_exist_ok=True)
    (tmp_path / "faq" / "a.yaml").write_text('- id: x\n  owner: "lead\n', "utf-8")
    done = kumpel("ask", "--hub", str(tmp_path), "hallo")
    assert done.returncode == 2
    assert "faq/a.yaml, line 2: a quotation mark is not closed" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["run"], ["code", "lead"]])
def test_settings_that_can_not_work_are_told_without_a_traceback_or_a_secret(
    kumpel: Kumpel, tmp_path: Path, command: list[str]
):
    env(tmp_path, SLACK_BOT_TOKEN="canary", KUMPEL_SECRET="canary")
    done = kumpel(*command)
    assert (done.returncode, done.stdout) == (2, "")
    assert "SLACK_BOT_TOKEN (.env, line 1)" in done.stderr
    assert "KUMPEL_SECRET (.env, line 2)" in done.stderr
    assert "canary" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "Zeile 1" in kumpel(*command, LC_ALL="de_DE.UTF-8").stderr


@pytest.mark.parametrize(
    ("role", "told"),
    [("lead", "leads Kumpel"), ("manager", "a community manager"), ("project", "a project manager")],
)
def test_a_code_for_each_role_comes_alone_on_standard_output(kumpel: Kumpel, tmp_path: Path, role: str, told: str):
    env(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, KUMPEL_SECRET="k" * 32)
    done = kumpel("code", role)
    assert done.returncode == 0
    assert len(done.stdout.strip()) == 9
    assert told in done.stderr


def test_a_file_that_is_no_database_is_told(kumpel: Kumpel, tmp_path: Path):
    env(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, KUMPEL_SECRET="k" * 32)
    (tmp_path / "kumpel.sqlite3").write_bytes(b"this is no database" * 100)
    done = kumpel("code", "manager")
    assert done.returncode == 1
    assert "The database can't be used: file is not a database\n" in done.stderr


def test_a_port_that_is_taken_is_told(kumpel: Kumpel, tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        env(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, KUMPEL_SECRET="k" * 32, KUMPEL_PORT=str(port),
            TELEGRAM_API_URL="http://127.0.0.1:1")  # fmt: skip
        done = kumpel("run")
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_setup_ends_cleanly_when_nobody_answers(kumpel: Kumpel, tmp_path: Path):
    started = time.monotonic()
    done = kumpel("setup", "--language", "en")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert time.monotonic() - started < 30
    assert not (tmp_path / ".env").exists()
