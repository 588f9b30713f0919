"""The bot of the end-to-end tests: real adapters, real store, both platforms' wire."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import structlog
from e2e_world import Modes, World

import bot.app
import bot.librarian
from bot.clock import SystemClock
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from handlers.faq.content import ContentFile, load_files
from handlers.retrieval.index import Index, Way

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")

_indexes: dict[tuple[Way, ...], Index] = {}


def _index_over(ways: Sequence[Way]) -> Index:
    """The index over these ways; it never changes, so all tests may share it."""
    key = tuple(ways)
    if key not in _indexes:
        _indexes[key] = Index(ways)
    return _indexes[key]


@pytest.fixture(autouse=True)
def plain_tracebacks() -> Iterator[None]:
    """As the running bot writes them; structlog's own take seconds, in which nothing else happens."""
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])
    yield
    structlog.reset_defaults()


@pytest.fixture(params=[SOCKET_AND_POLLING, HTTP_AND_WEBHOOK], ids="-".join)
def modes(request: pytest.FixtureRequest) -> Modes:
    """How the platforms reach the bot; a test may fix it with ``parametrize("modes", …)``."""
    chosen: Modes = request.param
    return chosen


@pytest.fixture
def sandbox_options() -> dict[str, Any]:
    """Options of the Slack sandbox; events come again soon, where Slack would take minutes."""
    return {"retry_delays": (0.3, 1.0, 2.0, 3.0)}


@pytest.fixture
async def stage(modes: Modes, sandbox_options: dict[str, Any], tmp_path: Path) -> AsyncIterator[World]:
    """Both platforms; the bot does not run yet."""
    clock = SystemClock()
    async with (
        SlackSandbox.running(clock=clock, **sandbox_options) as slack,
        TelegramSandbox.running(clock=clock, webhook_delay_scale=0.1) as telegram,
    ):
        world = World(slack, telegram, tmp_path, modes, clock)
        try:
            yield world
        finally:
            await world.close()


@functools.cache
def _files_in(folder: Path) -> list[ContentFile]:
    """The content pack's entries, which never change either."""
    return load_files(folder)


@pytest.fixture
def shared_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is read and its index built once for all tests of a process."""
    monkeypatch.setattr(bot.librarian, "Index", _index_over)
    monkeypatch.setattr(bot.librarian, "load_files", _files_in)
    for module in (bot.app, bot.librarian):  # it looks through all that the test run holds: 0.1 s a time
        monkeypatch.setattr(module, "give_back_memory", lambda: None)


@pytest.fixture
async def world(stage: World, shared_index: None) -> World:
    """Both platforms, and the bot between them."""
    await stage.start()
    return stage
