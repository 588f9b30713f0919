"""A demo, and a page that is open on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from demo_stage import demo

from benchmarks.page_client import PageClient, open_page
from bot.demo.serving import RunningPage


@pytest.fixture
async def running(tmp_path: Path, shared_index: None) -> AsyncIterator[RunningPage]:
    async with demo(tmp_path / "demo.sqlite3") as running:
        yield running


@pytest.fixture
async def page(running: RunningPage) -> AsyncIterator[PageClient]:
    async with open_page(running.url) as page:
        yield page
