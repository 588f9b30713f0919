"""``kumpel demo`` as a command: how it starts, and how it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from demo_stage import QUESTION
from e2e_world import pack_about_desks

from benchmarks.page_client import open_page
from bot.settings import SHIPPED_HUB

REPOSITORY = Path(__file__).parents[3]


class Command:
    """``kumpel demo`` in a process of its own."""

    def __init__(self, *options: str) -> None:
        kept = {
            k: v for k, v in os.environ.items() if not k.startswith(("KUMPEL_", "SLACK_", "TELEGRAM_", "DISPLAY"))
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "demo", *options],
            cwd=REPOSITORY,
            env=kept | {"LC_ALL": "de_DE.UTF-8", "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().split()[-1]

    def end(self, number: int) -> tuple[int, float, str]:
        began = time.monotonic()
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - began, told


@pytest.fixture
def command() -> Any:
    started: list[Command] = []

    def start(*options: str) -> Command:
        started.append(Command(*options))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("when", ["at once", "ready", "with faults"])
async def test_it_ends_within_a_second_and_leaves_nothing(
    command: Callable[..., Command], number: int, when: str, tmp_path: Path
) -> None:
    pack = SHIPPED_HUB if when == "at once" else pack_about_desks(tmp_path / "pack")
    running = command("--port", "0", "--hub", str(pack))
    url = await asyncio.to_thread(running.url)
    if when != "at once":
        async with open_page(url) as page:
            await page.until(lambda state: state["bot"]["running"] and not state["bot"]["starting"], 30)
            if when == "with faults":
                for platform in ("slack", "telegram"):
                    await page.do("world.fault", platform=platform, kind="silence", on=True)
                await page.do("slack.say", "lena", text=QUESTION)
                await page.do("telegram.say", "lena", chat=page.state["people"]["lena"]["telegram"], text=QUESTION)
                await asyncio.sleep(0.3)
    status, seconds, told = await asyncio.to_thread(running.end, number)
    assert (status, told) == (0, "")
    assert seconds < 4.0  # a second, and what a busy machine takes


def test_a_port_that_is_taken_is_told_in_plain_words(command: Callable[..., Command]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = command("--port", port)
        shown, told = refused.process.communicate(timeout=30)
    assert (refused.process.returncode, shown) == (1, "")
    assert f"Port {port} ist schon belegt" in told
    assert "Traceback" not in told


async def test_the_usual_port_gives_way_to_a_free_one(command: Callable[..., Command]) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8765))
            taken.listen()
        except OSError:
            pass  # somebody else has it: as good
        running = command()
        url = await asyncio.to_thread(running.url)
        assert not url.endswith(":8765")


def test_a_broken_content_pack_ends_it_in_plain_words(command: Callable[..., Command], tmp_path: Path) -> None:
    refused = command("--port", "0", "--hub", str(tmp_path))
    _, told = refused.process.communicate(timeout=30)
    assert refused.process.returncode == 2
    assert "Traceback" not in told
