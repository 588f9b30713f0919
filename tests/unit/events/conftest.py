"""The hub in which events are planned."""

from __future__ import annotations

import pytest
from events_stage import subscribe


@pytest.fixture
async def house(bot):
    """Kumpel with a lead and two managers, who have said hello."""
    await bot.gives("lea", "lead")
    await bot.gives("mona", "manager")
    await bot.gives("max", "manager", "telegram")
    return bot


@pytest.fixture
async def open_house(house):
    """The same, with two chats that want events."""
    await subscribe(house, "founders")
    await subscribe(house, "gruppe", "telegram")
    return house
