"""The demo: one page with both chats on this machine, the real bot behind it, without any account."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path

from bot.env_file import NOWHERE, Problem
from bot.remedies import REMEDIES
from bot.settings import SHIPPED_HUB, SettingsError
from bot.wording import Words, system_language

PORT = 8765
"""Where the page is, unless somebody else is there already."""

_WHERE = Words(
    "Kumpel zum Ausprobieren: {url}\nOhne Konto, ohne Netz. Strg-C beendet.",
    "Kumpel, to try out: {url}\nWithout any account or network. Ctrl-C ends it.",
)
_TAKEN = Words(
    "Port {port} ist schon belegt. --port 0 sucht einen freien.",
    "Port {port} is taken already. --port 0 looks for a free one.",
)


def main(
    hub: Path | None = None, database: Path | None = None, port: int | None = None, browser: bool = True
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        hub: The content pack; the shipped one by default.
        database: Keeps what the bot knows from one demo to the next; by default all is gone afterwards.
        port: Where to listen, 0 for any free port; by default :data:`PORT`, or a free one where that is taken.
        browser: Open the page, where there is a screen.

    Raises:
        SettingsError: There is no folder for the database.
        PackError: The content pack holds something that can't be used.
        StoreError: The database can't be used.
        OSError: The port is taken.
    """
    if database is not None and (database.is_dir() or not database.absolute().parent.is_dir()):
        raise SettingsError([Problem("--database", NOWHERE, REMEDIES["KUMPEL_DATABASE"])])
    with contextlib.ExitStack() as stack:
        if database is None:
            folder = tempfile.TemporaryDirectory(prefix="kumpel-", ignore_cleanup_errors=True)
            database = Path(stack.enter_context(folder)) / "demo.sqlite3"
        stack.enter_context(contextlib.suppress(KeyboardInterrupt))
        asyncio.run(_serve(hub or SHIPPED_HUB, database, port, browser))


async def _serve(hub: Path, database: Path, port: int | None, browser: bool) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)

    from bot.demo.serving import running_page
    from bot.logs import configure_logging

    configure_logging("console", "error")
    logging.getLogger("apscheduler").setLevel(
        logging.CRITICAL
    )  # that a bot is killed while a job runs is wanted here
    language = system_language()
    async with contextlib.AsyncExitStack() as stack:
        try:
            page = await stack.enter_async_context(
                running_page(hub, database, PORT if port is None else port, language)
            )
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            if port is not None:
                raise OSError(errno.EADDRINUSE, _TAKEN.to(language).format(port=port)) from None
            page = await stack.enter_async_context(running_page(hub, database, 0, language))
        sys.stdout.write(f"{_WHERE.to(language).format(url=page.url)}\n")
        sys.stdout.flush()
        if browser and _has_screen():
            await asyncio.to_thread(webbrowser.open, page.url)
        ended = asyncio.create_task(told.wait())
        await asyncio.wait({ended, page.starting}, return_when=asyncio.FIRST_COMPLETED)
        if page.starting.done():
            page.starting.result()  # what stands in the way of the bot ends the demo
        await ended


def _has_screen() -> bool:
    """Is there somebody at a desktop who would want a browser to open?"""
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(desktop) and sys.stdout.isatty()
