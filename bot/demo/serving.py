"""The demo put together: the page, the platforms behind it, and the bot, which starts while the page is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.demo.board import Board
from bot.demo.deeds import Deeds
from bot.demo.page import Pages
from bot.demo.stage import Stage, running_stage
from bot.demo.tasks import run_in_thread
from bot.wording import Language
from handlers.core.hub import load_hub

if TYPE_CHECKING:
    from bot.demo.glass import Glass


class RunningPage(NamedTuple):
    """The demo, up: its address, its parts, and the bot's start, which may still be going on or have failed."""

    url: str
    stage: Stage
    pages: Pages
    starting: asyncio.Task[None]


@asynccontextmanager
async def running_page(hub: Path, database: Path, port: int, language: Language) -> AsyncIterator[RunningPage]:
    """Serve the page, and start the bot behind it.

    Args:
        hub: The content pack.
        database: The bot's.
        port: Where to listen; 0 for any free port.
        language: The page begins in it.

    Raises:
        PackError: The hub's general facts can't be used.
        OSError: The port is taken.
    """
    name = load_hub(hub).name
    pages = Pages()
    async with running_stage(hub, database, port=port, app=pages.app) as stage:
        board = Board(stage, name, language, _version())
        deeds = Deeds(stage, board)
        pages.begin(stage.world, board, deeds)
        starting = asyncio.create_task(_start(stage, pages, deeds), name="start")
        watching = asyncio.create_task(board.watch_store(), name="watch")
        try:
            yield RunningPage(stage.world.url, stage, pages, starting)
        finally:
            for task in (starting, watching):
                task.cancel()
            await asyncio.gather(starting, watching, return_exceptions=True)


async def _start(stage: Stage, pages: Pages, deeds: Deeds) -> None:
    """Start the bot, with the glass wall around it."""
    make_glass = await run_in_thread(_glass)
    glass = deeds.stories = make_glass(stage)
    glass.subscribe(pages.broadcast_story)
    await stage.start(prepare=True)


def _glass() -> type[Glass]:
    from bot.demo.glass import Glass  # it knows the bot from inside, and to load that takes a while

    return Glass


def _version() -> str:
    try:
        return version("kumpel")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return ""
