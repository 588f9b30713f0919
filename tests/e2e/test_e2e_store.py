"""The store can't be written: nothing is acknowledged, and once it can, everything is answered once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from e2e_world import Modes, World, answer_of, eventually, heard, said

from bot.sandbox.faults import Fault
from bot.sandbox.telegram import TelegramPerson
from storage.database import Database
from storage.errors import StoreLockedError

SOCKET_AND_POLLING = Modes("socket", "polling")
HTTP_AND_WEBHOOK = Modes("http", "webhook")
GERMAN = "was kost n schreibtisch im monat"


@contextmanager
def locked(world: World) -> Iterator[None]:
    """Another program holds the database."""
    foreign = sqlite3.connect(world.database, isolation_level=None)
    try:
        foreign.execute("BEGIN EXCLUSIVE")
        yield
        foreign.execute("ROLLBACK")
    finally:
        foreign.close()


async def not_ready_parts(world: World) -> list[str]:
    status, body = await world.get("/readyz")
    parts = json.loads(body)["parts"]
    assert (status == 200) == all(parts.values())
    return [part for part, works in parts.items() if not works]


async def test_a_locked_store_acknowledges_nothing_and_loses_nothing(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    gerd = world.telegram.add_user("Gerd", language="de")
    with locked(world):
        delivery = await fatma.say(GERMAN)
        await gerd.say(GERMAN)
        assert await not_ready_parts(world) == ["store"]
        assert not delivery.done
        assert heard(fatma) == heard(gerd) == []
    await fatma.hears(answer_of("desk-price", "de"), timeout=9.0)
    await gerd.hears(answer_of("desk-price", "de"), timeout=9.0)
    await delivery.acked()
    await world.settled()
    assert len(heard(fatma)) == len(heard(gerd)) == 1
    assert await not_ready_parts(world) == []


@pytest.mark.parametrize("modes", [SOCKET_AND_POLLING], indirect=True)
async def test_a_press_while_the_store_is_locked_is_not_acknowledged(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    gerd = world.telegram.add_user("Gerd", language="de")
    for person in (fatma, gerd):
        await person.say("Habt ihr bei euch eine Sauna?")
        await person.hears(said("de", "Yes, ask"))
    message = fatma.messages()[-1]
    with locked(world):
        in_slack = await fatma.press(said("de", "Yes, ask"), message)
        in_telegram = await gerd.press(said("de", "Yes, ask"))
        await eventually(lambda: in_slack.done, 9.0)  # Slack shows a warning beside the button
        assert in_slack.error
        assert not in_telegram.is_answered
        assert world.rows("SELECT count(*) FROM questions WHERE state = 'open'") == [(0,)]
    await in_telegram.answered(9.0)
    if said("de", "Yes, ask") in message.buttons:  # otherwise it was stored after Slack had given up
        await (await fatma.press(said("de", "Yes, ask"), message)).acked()
    await world.settled()
    assert world.rows("SELECT count(*) FROM questions WHERE state = 'open'") == [(2,)]


async def fill_up(database: Database) -> None:
    """Let the file grow no more, as on a full disk."""

    def limit(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")

    assert database._writer is not None
    await database._writer.run(limit)


async def free_up(database: Database) -> None:
    assert database._writer is not None
    await database._writer.run(lambda connection: connection.execute("PRAGMA max_page_count = 1000000"))


async def test_a_full_disk_acknowledges_nothing_and_loses_nothing(world: World) -> None:
    people: list[TelegramPerson] = [world.telegram.add_user(f"Gerd{n}", language="de") for n in range(12)]
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fill_up(world.running.database)
    long_question = "Wo finde ich eine Sauna? " + "Bitte sagt es mir ganz genau, " * 60
    for person in people:
        await person.say(long_question)
    delivery = await fatma.say(long_question)
    await eventually(lambda: world.telegram.world.queue.pending_count() > 0)
    waiting = world.rows("SELECT count(*) FROM deliveries")[0][0]
    assert waiting < len(people) + 1
    await free_up(world.running.database)
    for person in people:
        await person.hears(said("de", "Yes, ask"), timeout=9.0)
    await fatma.hears(said("de", "Yes, ask"), timeout=9.0)
    await delivery.acked()
    await world.settled()
    assert [len(heard(person)) for person in people] == [1] * 12
    assert len(heard(fatma)) == 1
    assert await not_ready_parts(world) == []


@pytest.mark.parametrize("modes", [HTTP_AND_WEBHOOK], indirect=True)
async def test_a_lock_while_a_message_is_on_its_way_neither_loses_nor_doubles_it(world: World) -> None:
    """What arrived is written down once the store takes it; until then the row is on its way."""
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    gerd = world.telegram.add_user("Gerd", language="de")
    world.slack.faults.add(Fault("chat.postMessage", kind="stall", moment="after", seconds=0.5))
    world.telegram.faults.add(Fault("sendMessage", kind="stall", moment="after", seconds=0.5))
    await fatma.say(GERMAN)
    await gerd.say(GERMAN)
    await fatma.hears(answer_of("desk-price", "de"))
    await gerd.hears(answer_of("desk-price", "de"))
    with locked(world):
        await not_ready_parts(world)  # takes as long as the writer waits for the lock
    await world.settled()
    assert len(heard(fatma)) == len(heard(gerd)) == 1
    assert world.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]


async def test_a_second_bot_on_the_same_store_is_refused(world: World) -> None:
    second = World(world.slack, world.telegram, world.database.parent, world.modes, world.clock)
    with pytest.raises(StoreLockedError):
        await second.start()
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say(GERMAN)
    await gerd.hears(answer_of("desk-price", "de"))
