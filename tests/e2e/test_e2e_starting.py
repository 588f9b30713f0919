"""The first seconds: chats are heard while the bot still works out what it can be asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest
from e2e_world import World, answer_of, heard

import bot.librarian
from handlers.retrieval.index import Index, Way

QUESTION = "how much is a desk per month?"


@pytest.fixture
def slow_index(shared_index: None, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """An index that is only built once this is set."""
    may_be_built, build = threading.Event(), bot.librarian.Index

    def built_late(ways: Sequence[Way]) -> Index:
        assert may_be_built.wait(20)
        return build(ways)

    monkeypatch.setattr(bot.librarian, "Index", built_late)
    return may_be_built


async def test_what_is_asked_before_the_index_is_built_is_answered_once_it_is(
    stage: World, slow_index: threading.Event
) -> None:
    starting = asyncio.create_task(stage.start())
    await stage.ready()
    if stage.modes.slack == "http":
        await stage.slack.deliver_over("http", stage.url)
    else:
        await stage.slack.sockets.connected()
    fatma, gerd = stage.slack.add_user("Fatma", locale="en-US"), stage.telegram.add_user("Gerd", language="en")
    await fatma.say(QUESTION)
    await gerd.say(QUESTION)
    await asyncio.sleep(0.2)
    assert not starting.done()
    assert not heard(fatma)
    assert not heard(gerd)
    slow_index.set()
    await starting
    for person in (fatma, gerd):
        await person.hears(answer_of("desk-price", "en"))
    await stage.settled()
    assert len(heard(fatma)) == len(heard(gerd)) == 1


async def test_an_index_that_can_not_be_built_ends_the_start(
    stage: World, shared_index: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(ways: Sequence[Way]) -> Index:
        raise MemoryError

    monkeypatch.setattr(bot.librarian, "Index", fails)
    with pytest.raises(MemoryError):
        await stage.start()
    stage.app = None
    monkeypatch.undo()
    await stage.start()
    fatma = stage.slack.add_user("Fatma", locale="en-US")
    await fatma.say(QUESTION)
    await fatma.hears(answer_of("desk-price", "en"))
