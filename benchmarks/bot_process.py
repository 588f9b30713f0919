"""A local Slack and a local Telegram, and the bot in a process of its own between them, as people run it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.sandbox.world import SandboxWorld, running_world

REPOSITORY = Path(__file__).parents[1]
READY_SECONDS = 30.0


class BotProcess:
    """The bot, which can be started and killed again and again; its files are in one folder.

    Args:
        world: The platforms that it connects to.
        folder: Where the database and the log are.
        module: What is run: ``bot``, or a launcher that changes something first.
        settings: Further settings.

    Attributes:
        pid: Of the running process; 0 while there is none.
    """

    def __init__(
        self, world: SandboxWorld, folder: Path, module: str = "bot", settings: Mapping[str, str] | None = None
    ) -> None:
        self._world = world
        self._settings = settings or {}
        self._module = module
        self._process: asyncio.subprocess.Process | None = None
        self._polls = 0
        self.database = folder / "kumpel.sqlite3"
        self.log = folder / "log.txt"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start it; :meth:`ready` tells when it is up."""
        self._polls = len(self._world.telegram.calls)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self._module, "run"),
                cwd=self.log.parent,
                env=self._environment(),
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until both platforms have it on the line.

        Raises:
            RuntimeError: It ended, or it took too long; the text shows its log.
        """
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not self._on_the_line():
                    if self._process is None or self._process.returncode is not None:
                        raise TimeoutError
                    await asyncio.sleep(0.02)
        except TimeoutError:
            shown = self.log.read_text(errors="replace")[-3000:]
            raise RuntimeError(f"the bot did not come up:\n{shown}") from None

    async def kill(self) -> None:
        """End it without any warning, as the kernel does when memory runs out."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
            await process.wait()

    def _on_the_line(self) -> bool:
        calls = self._world.telegram.calls[self._polls :]
        polled = any(call.method == "getUpdates" and call.status == 200 for call in calls)
        return polled and bool(self._world.slack.sockets.connections)

    def _environment(self) -> Mapping[str, str]:
        slack, telegram = self._world.slack, self._world.telegram
        ours = ("KUMPEL_", "SLACK_", "TELEGRAM_")
        return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | {
            "PYTHONPATH": str(REPOSITORY),
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "TELEGRAM_BOT_TOKEN": telegram.bot_token,
            "TELEGRAM_API_URL": telegram.api_url,
            "KUMPEL_SECRET": "a-secret-of-the-benchmarks-and-of-nothing-else",
            "KUMPEL_DATABASE": str(self.database),
            "KUMPEL_PORT": "0",
            "KUMPEL_PER_MINUTE": "1000000",  # few people say what hundreds would
            "KUMPEL_LOG": "json:warning",
            **self._settings,
        }


@asynccontextmanager
async def bot_between_platforms(
    folder: Path,
    module: str = "bot",
    *,
    slack: Mapping[str, Any] | None = None,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[SandboxWorld, BotProcess]]:
    """Run both platforms; the bot is not started yet, and is killed in the end.

    Args:
        folder: For the bot's files.
        module: What is run as the bot.
        slack: Options of the local Slack.
        settings: Further settings of the bot.
    """
    async with running_world(slack=slack) as world:
        process = BotProcess(world, folder, module, settings)
        try:
            yield world, process
        finally:
            await process.kill()
