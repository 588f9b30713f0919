"""The bot without platforms, for tests that drive it (``driven_bot``)."""

from __future__ import annotations

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from driven_bot import Bot, build_house

from handlers.core.context import House
from handlers.core.features import Feature, Registry
from handlers.faq import feature as faq
from handlers.retrieval.index import Index


@pytest.fixture(scope="session")
def house_and_index() -> tuple[House, Index]:
    """The real house, built once: it is immutable."""
    return build_house()


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, house_and_index: tuple[House, Index]) -> Path:
    """A store as the bot's first start leaves it: every test works on a copy."""

    async def stock() -> Path:
        running = Bot(tmp_path_factory.mktemp("stocked") / "kumpel.db", *house_and_index)
        await running.opens()
        await running.database.close()
        return running.path

    return asyncio.run(stock())


@pytest.fixture
async def bot(tmp_path: Path, stocked: Path, house_and_index: tuple[House, Index]) -> AsyncIterator[Bot]:
    """Kumpel with a store that holds the content pack's answers and nothing else."""
    running = Bot(Path(shutil.copy(stocked, tmp_path)), *house_and_index)
    await running.opens()
    yield running
    await running.database.close()


@pytest.fixture
def bot_with(bot: Bot, house_and_index: tuple[House, Index]) -> Callable[..., Bot]:
    """Gives the same bot further features: ``bot_with(feature)``."""

    def extended(*features: Feature) -> Bot:
        registry = Registry(
            [*house_and_index[0].registry.features, *features], unsure=faq.unsure, unknown=faq.unknown
        )
        bot.house = dataclasses.replace(bot.house, registry=registry)
        return bot

    return extended
