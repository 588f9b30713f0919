"""The demo: both platforms and the bot on this machine, without any account."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import Coroutine
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
    with contextlib.ExitStack() as stack:
        try:
            terminal.show(Pen(terminal.colours).write(_WELCOME.to(language), "bold"))
            if database is None:
                folder = tempfile.TemporaryDirectory(prefix="kumpel-", ignore_cleanup_errors=True)
                database = Path(stack.enter_context(folder)) / "demo.sqlite3"
            _run(hub or SHIPPED_HUB, database, terminal, language)
        except (KeyboardInterrupt, asyncio.CancelledError):
            terminal.show("")  # the shell's prompt is to begin on a line of its own


def _run(hub: Path, database: Path, terminal: Terminal, language: Language) -> None:
    from bot.demo.session import run_session  # the bot and its libraries take a second: the welcome stands first
    from bot.logs import configure_logging
    from handlers.core.hub import load_hub

    load_hub(hub)
    configure_logging("console", "warning")
    asyncio.run(_until_told(run_session(hub, database, terminal, language)))


async def _until_told(session: Coroutine[None, None, None]) -> None:
    """Run the session; SIGTERM ends it as Ctrl-C does."""
    task = asyncio.ensure_future(session)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task
