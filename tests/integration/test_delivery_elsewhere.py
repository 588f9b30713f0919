"""What can't arrive in one chat of a person goes to the other one: once, and never twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from delivery_stage import START, Stage, reply

from bot.adapters.port import NotSentError, RefusedError, UncertainError
from bot.delivery import settle
from handlers.core.context import House, system_context
from handlers.core.texts import Texts
from handlers.core.ui import Attachment, Controls, LinkButton, Reply, Section, plain
from storage import chats, linking, people, settings
from storage.outbox import NOTICE, REPLY
from storage.rows import Transaction


@pytest.fixture
async def stage(tmp_path: Path, house: House) -> AsyncIterator[Stage]:
    made = Stage(tmp_path / "kumpel.sqlite3", house)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def lena(stage: Stage) -> int:
    """Somebody with a direct chat on both platforms, who prefers Telegram."""

    def add(tx: Transaction) -> int:
        kept = people.add_account(tx, "slack", "lena", START).person_id
        other = people.add_account(tx, "telegram", "tara", START).person_id
        linking.mark_account_linked(tx, kept, other, START)
        settings.mark_settings(tx, settings.PersonSettings(kept, preferred="telegram"))
        chats.add_chat(tx, "slack", "lena", "direct", "", START)
        chats.add_chat(tx, "telegram", "tara", "direct", "", START)
        return kept

    return await stage.database.write(add)


async def notify(stage: Stage, person: int, text: str, lane: int = NOTICE, content: Reply | None = None) -> None:
    def tell(tx: Transaction) -> None:
        ctx = system_context(stage.house, tx, stage.clock.now())
        assert ctx.notify(person, text, lambda t: content or reply(text), lane=lane)

    await stage.database.write(tell)


def _says(text: str, _: Texts) -> Reply:
    return reply(text)


async def state_of(stage: Stage, platform: str) -> str:
    return str(
        await stage.database.read(lambda tx: tx.value("SELECT state FROM chats WHERE platform = ?", (platform,)))
    )


async def test_a_notice_goes_to_the_chat_that_is_preferred(stage: Stage, lena: int) -> None:
    await notify(stage, lena, "moved")
    await stage.quiet()
    assert (stage.platform.shown(), stage.other.shown()) == (["moved"], [])


async def test_where_the_bot_was_blocked_it_goes_to_the_other_chat_once(stage: Stage, lena: int) -> None:
    stage.platform.fail(RefusedError("bot was blocked by the user", chat="blocked"))
    await notify(stage, lena, "moved")
    await stage.quiet()
    assert (stage.platform.shown(), stage.other.shown()) == ([], ["moved"])
    assert await state_of(stage, "telegram") == "blocked"
    await notify(stage, lena, "next")  # the blocked chat is not even tried
    await stage.quiet()
    assert stage.platform.texts() == ["moved"]
    assert stage.other.shown() == ["moved", "next"]


async def test_several_that_wait_for_a_blocked_chat_all_go_to_the_other_in_order(stage: Stage, lena: int) -> None:
    texts = [f"number {number}" for number in range(5)]

    def tell(tx: Transaction) -> None:
        ctx = system_context(stage.house, tx, stage.clock.now())
        for text in texts:
            assert ctx.notify(lena, text, partial(_says, text))

    stage.platform.fail(RefusedError("bot was blocked by the user", chat="blocked"), times=5)
    await stage.database.write(tell)
    await stage.quiet(10)
    assert stage.other.shown() == texts
    assert stage.platform.texts() == ["number 0"]


async def test_what_a_chat_refuses_goes_to_the_other_and_no_lead_is_bothered(stage: Stage, lena: int) -> None:
    lead = await stage.lead()
    stage.platform.fail(RefusedError("message is too long"))
    await notify(stage, lena, "long")
    await stage.quiet()
    assert stage.other.shown() == ["long"]
    assert await state_of(stage, "telegram") == "open"
    assert not [call for call in stage.other.calls if call.out.chat_id == lead.id]


async def test_where_neither_takes_it_that_is_the_end_and_the_leads_hear(stage: Stage, lena: int) -> None:
    await stage.lead()
    stage.platform.fail(RefusedError("no"))
    stage.other.fail(RefusedError("no either"), fits="both")
    await notify(stage, lena, "both")
    await stage.quiet()
    assert stage.platform.texts() == ["both"]
    assert stage.other.texts().count("both") == 1
    assert any("set aside" in text for text in stage.other.shown())
    states = await stage.database.read(
        lambda tx: tx.values("SELECT key, state FROM outbox WHERE key LIKE 'both%'")
    )
    assert states == [("both", "failed"), ("both:elsewhere", "failed")]


async def test_what_may_have_arrived_is_never_sent_to_the_other_chat(stage: Stage, lena: int) -> None:
    stage.platform.fail(UncertainError("the answer was lost"), arrives=True)
    await notify(stage, lena, "perhaps")
    await stage.quiet()
    assert "perhaps" in stage.platform.shown()
    assert stage.other.calls == []


async def test_after_a_day_without_an_answer_it_goes_to_the_other_chat(
    stage: Stage, lena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "MOST_ATTEMPTS", 3)
    stage.platform.fail(NotSentError("no connection"), times=3)
    await notify(stage, lena, "late")
    await stage.quiet(10)
    assert stage.platform.texts() == ["late"] * 3
    assert (stage.platform.shown(), stage.other.shown()) == ([], ["late"])


async def test_files_go_along(stage: Stage, lena: int) -> None:
    stage.platform.fail(RefusedError("bot was blocked by the user", chat="blocked"), times=2)
    file = Attachment("appointment.ics", "text/calendar", b"x")
    with_file = Reply(blocks=(Section("see you"),), summary="see you", attachments=(file,))
    await notify(stage, lena, "see you", content=with_file)
    await stage.quiet()
    assert stage.other.shown() == ["see you", "appointment.ics"]


async def test_a_crash_between_both_chats_sends_nothing_twice(stage: Stage, lena: int) -> None:
    stage.platform.fail(RefusedError("bot was blocked by the user", chat="blocked"))
    stage.other.fail(None, arrives=True)  # hangs, though it stands
    await notify(stage, lena, "moved", lane=REPLY)
    await stage.reaches(lambda: stage.other.standing)
    await stage.kill()
    stage.other.request_timeout = stage.platform.request_timeout = 0.1
    await stage.start_again()
    await stage.quiet(10)
    assert (stage.platform.shown(), stage.other.shown()) == ([], ["moved"])


async def test_quiet_hours_hold_in_the_other_chat_too(stage: Stage, lena: int) -> None:
    """The message left before they began, and could not arrive."""
    stage.platform.fail(NotSentError("no connection"))
    await notify(stage, lena, "held")
    now = stage.clock.now().astimezone(stage.house.hub.zone)
    begin, end = (now - timedelta(minutes=5)).strftime("%H:%M"), (now + timedelta(hours=5)).strftime("%H:%M")
    row = settings.PersonSettings(lena, preferred="telegram", quiet_from=begin, quiet_until=end)
    await stage.database.write(lambda tx: settings.mark_settings(tx, row))
    stage.platform.fail(RefusedError("bot was blocked by the user", chat="blocked"))

    async def waits() -> bool:
        query = "SELECT not_before > ? FROM outbox WHERE key = 'held:elsewhere' AND state = 'pending'"
        soon = stage.clock.now() + timedelta(hours=1)
        return bool(await stage.database.read(lambda tx: tx.value(query, (soon,))))

    await stage.reaches(waits)
    assert stage.other.calls == []


async def test_somebody_with_one_chat_is_not_written_to_twice(stage: Stage) -> None:
    def add(tx: Transaction) -> int:
        chats.add_chat(tx, "telegram", "gerd", "direct", "", START)
        return people.add_account(tx, "telegram", "gerd", START).person_id

    gerd = await stage.database.write(add)
    stage.platform.fail(RefusedError("no"))
    await notify(stage, gerd, "alone")
    await stage.quiet()
    assert stage.platform.texts() == ["alone"]
    assert await stage.database.read(lambda tx: tx.value("SELECT count(*) FROM outbox")) == 1


async def test_a_button_that_leads_to_the_other_platform_has_its_address(stage: Stage, lena: int) -> None:
    button = LinkButton("Open", start="link_abc", platform="slack")
    content = Reply(blocks=(Section("over there"), Controls((button,))), summary="over there")
    await notify(stage, lena, "over there", content=content)
    await stage.quiet()
    [out] = stage.platform.standing.values()
    assert isinstance(out.content, Reply)
    assert out.content.blocks[1] == Controls((LinkButton("Open", url="https://slack.example/link_abc"),))


async def test_while_the_other_platform_is_not_known_yet_no_dead_button_stands(
    stage: Stage, lena: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.other, "start_link", lambda payload: "")
    button = LinkButton("Open", start="link_abc", platform="slack")
    content = Reply(blocks=(Section("over there"), Controls((button,))), summary="over there")
    await notify(stage, lena, "over there", content=content)
    await stage.quiet()
    [out] = stage.platform.standing.values()
    assert isinstance(out.content, Reply)
    _, told = out.content.blocks
    assert isinstance(told, Section)
    assert "try again" in plain(told.text)
