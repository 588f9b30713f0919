"""The demo: both platforms and the bot on this machine, without any account."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from pathlib import Path

from bot.demo.reading import Pen
from bot.demo.terminal import Terminal
from bot.env_file import NOWHERE, Problem
from bot.remedies import REMEDIES
from bot.settings import SHIPPED_HUB, SettingsError
from bot.wording import Language, Words, system_language

_WELCOME = Words(
    "Kumpel zum Ausprobieren: Slack und Telegram laufen auf diesem Rechner, ohne Konto, ohne Netz.",
    "Kumpel, to try out: Slack and Telegram run on this machine, without any account or network.",
)


def main(hub: Path | None = None, database: Path | None = None) -> None:
    """Play the tour; on a terminal, take lines after it until somebody quits.

    Args:
        hub: The content pack; the shipped one by default.
        database: Keeps what the bot knows from one demo to the next; by default all is gone afterwards.

    Raises:
        SettingsError: There is no folder for the database.
        PackError: The content pack holds something that can't be used.
        StoreError: The database can't be used.
    """
    if database is not None and (database.is_dir() or not database.absolute().parent.is_dir()):
        raise SettingsError([Problem("--database", NOWHERE, REMEDIES["KUMPEL_DATABASE"])])
    language, terminal = system_language(), Terminal()
    terminal.show(Pen(terminal.colours).write(_WELCOME.to(language), "bold"))
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as stack:
        if database is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kumpel-", ignore_cleanup_errors=True))
            database = Path(folder) / "demo.sqlite3"
        asyncio.run(_run(hub or SHIPPED_HUB, database, terminal, language))
        return
    terminal.show("")  # the shell's prompt is to begin on a line of its own


async def _run(hub: Path, database: Path, terminal: Terminal, language: Language) -> None:
    from bot.demo.session import run_session  # the bot and its libraries take a second: the welcome stands first
    from bot.logs import configure_logging
    from handlers.core.hub import load_hub

    load_hub(hub)
    configure_logging("console", "warning")
    task = asyncio.current_task()
    if task:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await run_session(hub, database, terminal, language)
