"""Power cuts: the bot in a process of its own is killed in the middle of its work, and started again."""

from __future__ import annotations

import asyncio

import pytest
from e2e_world import REPOSITORY, Modes, Person, World, answer_of, eventually, heard, said

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.sandbox.faults import Fault

pytestmark = [
    pytest.mark.parametrize("modes", [Modes("socket", "polling")], indirect=True),
    pytest.mark.timeout(90),
]
GERMAN = "was kost n schreibtisch im monat"
PEOPLE = 20


def slowly(stage: World) -> None:
    """Every answer of the platforms takes a while, so that some are always on their way."""
    for faults, method in ((stage.slack.faults, "chat.postMessage"), (stage.telegram.faults, "sendMessage")):
        faults.add(Fault(method, kind="stall", moment="after", seconds=0.3, times=None))


async def test_a_bot_killed_under_load_answers_everybody_after_its_restart(stage: World) -> None:
    slowly(stage)
    stage.impatient = True
    await stage.start_process()
    everybody: list[Person] = []
    in_slack = [stage.slack.add_user(f"Fatma{n}", locale="de-DE") for n in range(PEOPLE)]
    in_telegram = [stage.telegram.add_user(f"Gerd{n}", language="de") for n in range(PEOPLE)]
    for fatma, gerd in zip(in_slack, in_telegram, strict=True):
        everybody += [fatma, gerd]
        await fatma.say(GERMAN)
        await gerd.say(GERMAN)
    await eventually(lambda: sum(len(heard(person)) for person in everybody) >= 10, 10.0)
    await stage.kill()
    before = sum(len(heard(person)) for person in everybody)
    assert before < 2 * PEOPLE, "it was done before it was killed"
    await stage.start_process()
    for person in everybody:
        await person.hears(answer_of("desk-price", "de"), timeout=40.0)
    await stage.settled(40.0)
    assert [len(heard(person)) for person in in_slack] == [1] * PEOPLE
    in_telegram_times = [len(heard(person)) for person in in_telegram]
    assert set(in_telegram_times) <= {1, 2}
    assert in_telegram_times.count(2) <= TelegramAdapter.in_flight
    assert await stage.terminate() == 0
    assert "Traceback" not in stage.log.read_text()


async def test_a_decision_survives_the_kill_and_both_cards_tell_it(stage: World) -> None:
    stage.impatient = True
    await stage.start_process()
    team = await stage.team()
    founder = stage.telegram.add_user("Gerd", language="de")
    await founder.say("Habt ihr bei euch eine Sauna?")
    await founder.hears(said("de", "Yes, ask"))
    await founder.press(said("de", "Yes, ask"))
    card = await team.manager.hears("Sauna", team.channel)
    await team.helper.hears("Sauna", team.group)
    await (await team.manager.press(said("de", "Take"), card)).acked()  # stored, hardly anything sent yet
    await stage.kill()
    await stage.start_process()
    await eventually(lambda: said("de", "Take") not in card.plain, 20.0)
    await team.helper.hears("Mark", team.group, timeout=30.0)
    await founder.hears("Mark", timeout=30.0)
    await stage.settled(30.0)
    assert sum("Mark" in text for text in heard(founder)) <= 2


async def test_a_stop_lets_what_is_under_way_end(stage: World) -> None:
    slowly(stage)
    await stage.start_process()
    people = [stage.telegram.add_user(f"Gerd{n}", language="de") for n in range(PEOPLE)]
    for person in people:
        await person.say(GERMAN)
    await eventually(lambda: sum(len(heard(person)) for person in people) >= 3)
    assert await stage.terminate() == 0
    assert not stage.rows("SELECT id FROM outbox WHERE state IN ('sending', 'unknown')")
    await stage.start_process()
    for person in people:
        await person.hears(answer_of("desk-price", "de"), timeout=10.0)
    await stage.settled(20.0)
    assert [len(heard(person)) for person in people] == [1] * PEOPLE


async def test_the_log_of_a_process_holds_no_secret_and_no_message(stage: World) -> None:
    await stage.start_process()
    gerd = stage.telegram.add_user("Gerd", language="de")
    fatma = stage.slack.add_user("Fatma", locale="de-DE")
    for person in (gerd, fatma):
        await person.say("Habt ihr bei euch eine Sauna?")
        await person.hears(said("de", "Yes, ask"))
    assert await stage.terminate() == 0
    log = stage.log.read_text()
    for secret in (stage.slack.bot_token, stage.slack.app_token, stage.telegram.bot_token.partition(":")[2]):
        assert secret not in log
    assert "Sauna" not in log
    assert log


async def test_a_second_process_on_the_same_store_says_why_it_does_not_start(stage: World) -> None:
    await stage.start_process()
    environment = stage.environment()
    second = await asyncio.create_subprocess_exec(
        *stage.command(), env=environment, cwd=REPOSITORY, stdout=-1, stderr=-1
    )
    _, told = await asyncio.wait_for(second.communicate(), 20)
    assert second.returncode == 1
    assert b"Traceback" not in told
    assert b"KUMPEL_DATABASE" in told
