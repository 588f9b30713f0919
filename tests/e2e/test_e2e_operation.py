"""How the bot looks after itself: quiet chats, stuck messages, the nightly backup, people who ask too much."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from e2e_world import Modes, World, eventually, heard, said

from bot.backups import list_backups
from bot.control import request_backup
from bot.sandbox.faults import Fault
from handlers.operation.troubles import WORDS
from storage import outbox
from storage.chats import get_chat_by_external_id

BOTH = Modes("socket", "polling")
SLOW = "One moment, please: that was a lot at once."


def beginning(sentence: str) -> str:
    """What stands in front of the first value, without markup."""
    return sentence.replace("**", "").partition("{")[0].strip(": ")


@pytest.mark.parametrize("modes", [BOTH], indirect=True)
async def test_a_lead_hears_in_the_other_chat_that_one_is_silent_and_that_it_is_back(world: World) -> None:
    team = await world.team()
    world.telegram.faults.add(Fault("getUpdates", "5xx", times=None))
    await team.helper.say("hallo")  # the poll that is held brings it, the next one fails
    await eventually(lambda: not world.running.adapters["telegram"].connected, 10)
    watch = world.running.watch
    await watch.look()
    assert not world.rows("SELECT 1 FROM troubles WHERE told = 1"), "it may be back in a moment"
    world.clock.shift += timedelta(minutes=6)
    await watch.look()
    silent = beginning(said("de", WORDS["telegram_silent"].amiss))
    await team.lead.hears(silent)
    await watch.look()
    world.telegram.faults.clear()
    await eventually(lambda: world.running.adapters["telegram"].connected, 15)
    await watch.look()
    await team.lead.hears(said("de", WORDS["telegram_silent"].over))
    assert sum(silent in text for text in heard(team.lead)) == 1
    assert world.rows("SELECT count(*) FROM troubles") == [(0,)]


@pytest.mark.parametrize("modes", [BOTH], indirect=True)
async def test_stuck_messages_are_told_and_a_pause_is_no_trouble(world: World) -> None:
    team = await world.team()
    await world.settled()
    app = world.running
    world.telegram.faults.add(Fault("sendMessage", "5xx", times=None))

    def waits(tx: object) -> None:
        chat = get_chat_by_external_id(tx, "telegram", str(team.helper.id))  # type: ignore[arg-type]
        assert chat
        outbox.add_message(tx, chat, key="stuck", payload="{}", lane=1, now=app.clock.now())  # type: ignore[arg-type]

    await team.lead.say("anhalten")
    await eventually(lambda: world.rows("SELECT value FROM switches WHERE name = 'outgoing_paused'") == [("on",)])
    await app.database.write(waits)
    world.clock.shift += timedelta(minutes=20)
    await app.watch.look()
    world.clock.shift += timedelta(minutes=2)
    await app.watch.look()
    assert world.rows("SELECT kind FROM troubles") == []
    await team.lead.say("fortsetzen")
    await eventually(lambda: world.rows("SELECT value FROM switches WHERE name = 'outgoing_paused'") == [("",)])
    await app.watch.look()
    assert ("telegram_stuck",) in world.rows("SELECT kind FROM troubles")
    world.clock.shift += timedelta(minutes=2)
    await app.watch.look()
    await team.lead.hears(beginning(said("de", WORDS["telegram_stuck"].amiss)))
    await team.lead.say("status")
    await team.lead.hears("Letzte Sicherung")


@pytest.mark.parametrize("modes", [BOTH], indirect=True)
async def test_the_backup_is_made_every_night_and_its_failure_is_told_once(world: World) -> None:
    team = await world.team()
    app, folder = world.running, world.database.parent / "backups"
    await app.watch.look()
    assert list_backups(folder) == []
    world.clock.shift += timedelta(days=1)
    await app.watch.look()
    await app.watch.look()
    assert len(list_backups(folder)) == 1
    assert (await request_backup(world.settings)).parent == folder
    for old in folder.iterdir():
        old.unlink()
    folder.rmdir()
    folder.touch()  # a file where the folder should be
    world.clock.shift += timedelta(days=1)
    for _ in range(3):
        await app.watch.look()
    failed = beginning(said("de", WORDS["backup"].amiss))
    await team.lead.hears(failed)
    folder.unlink()
    await app.watch.look()
    await team.lead.hears(said("de", WORDS["backup"].over))
    assert sum(failed in text for text in heard(team.lead)) == 1
    assert len(list_backups(folder)) == 1


@pytest.mark.parametrize("modes", [BOTH], indirect=True)
async def test_who_asks_too_much_is_told_once_and_others_notice_nothing(world: World) -> None:
    world.per_minute = 10
    await world.restart()
    flood, quiet = world.telegram.add_user("Ralf", language="de"), world.slack.add_user("Lena", locale="de-DE")
    for number in range(30):
        await flood.say(f"hallo {number}")
    await world.settled(40)
    moment = "Einen Moment, bitte"
    assert sum(moment in text for text in heard(flood)) == 1
    assert len(heard(flood)) == 6
    await quiet.say("hallo")
    await quiet.hears("Kumpel")
    assert not any(moment in text for text in heard(quiet))
    pressed = await flood.press(next(b.text for m in flood.messages() for row in m.buttons for b in row))
    await pressed.answered(timeout=5)
    assert pressed.toast == said("de", SLOW)


@pytest.mark.parametrize("modes", [BOTH], indirect=True)
async def test_after_a_minute_somebody_who_asked_too_much_is_answered_again(world: World) -> None:
    world.per_minute = 5
    await world.restart()
    ralf = world.slack.add_user("Ralf", locale="de-DE")
    await asyncio.gather(*(ralf.say("hallo") for _ in range(8)))
    await world.settled(30)
    world.running.dispatcher._throttle._paces.clear()  # as after a minute
    before = len(heard(ralf))
    await ralf.say("wann ist offen")
    await eventually(lambda: len(heard(ralf)) == before + 1)
