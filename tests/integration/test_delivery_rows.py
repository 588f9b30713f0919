"""Messages leave once, in order, at the platform's pace, and whatever the platform does, none is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from delivery_stage import Stage, reply

from bot.adapters.port import (
    ChatMovedError,
    NotSentError,
    PostGoneError,
    RefusedError,
    TryLaterError,
    UncertainError,
    Window,
)
from bot.delivery import settle
from bot.delivery.settle import backoff
from handlers.core.context import House, system_context
from handlers.core.payloads import dump_message
from handlers.core.ui import Attachment, Picture, Reply
from storage import chats, outbox
from storage.outbox import BROADCAST, NOTICE, REPLY
from storage.switches import PAUSED, mark_switch


@pytest.fixture
async def stage(tmp_path: Path, house: House) -> AsyncIterator[Stage]:
    made = Stage(tmp_path / "kumpel.sqlite3", house)
    await made.start()
    yield made
    await made.stop()


async def test_each_message_is_sent_once_in_the_order_of_its_chat(stage: Stage) -> None:
    one, two = await stage.chat("1"), await stage.chat("2")
    texts = [f"message {number}" for number in range(5)]
    rows = await stage.say(one, *texts)
    await stage.say(two, *texts)
    await stage.say(one, *texts)  # the same keys again
    await stage.quiet()
    for chat in (one, two):
        assert [call.text for call in stage.platform.calls if call.out.chat_id == chat.id] == texts
    assert [await stage.state(row) for row in rows] == ["sent"] * 5


async def test_a_chats_pace_is_kept_from_call_to_call_however_long_each_takes(stage: Stage) -> None:
    stage.platform.latency = 0.4
    chat = await stage.chat()
    await stage.say(chat, *"abcde")
    await stage.quiet()
    times = [call.at for call in stage.platform.calls]
    assert all(later - earlier >= 0.999 for earlier, later in pairwise(times))


async def test_different_chats_go_side_by_side_up_to_the_platforms_bound(stage: Stage) -> None:
    stage.platform.latency = 4.5  # so long that a busy machine has begun all it may before the first ends
    for number in range(12):
        await stage.say(await stage.chat(str(number)), "hello")
    await stage.quiet()
    assert stage.platform.most_under_way == stage.platform.in_flight
    assert len(stage.platform.shown()) == 12


async def test_a_reply_goes_before_notices_and_broadcasts_that_wait(stage: Stage) -> None:
    stage.platform.windows["send"] = (Window(1, 2.0),)
    wanted = [("b1", BROADCAST), ("n", NOTICE), ("b2", BROADCAST), ("r", REPLY)]
    here = [(await stage.chat(name), name, lane) for name, lane in wanted]
    now = stage.clock.now()

    def add(tx: Any) -> None:
        for chat, name, lane in here:
            outbox.add_message(tx, chat, key=name, payload=dump_message(reply(name)), lane=lane, now=now)

    await stage.database.write(add)
    await stage.quiet()
    assert stage.platform.texts() == ["r", "n", "b1", "b2"]


@pytest.mark.parametrize("scope", ["chat", "method", "platform"])
async def test_a_pause_is_kept_to_the_second_for_what_it_concerns_and_order_stays(
    stage: Stage, scope: Any
) -> None:
    stage.platform.fail(TryLaterError("slow down", 60.0, scope), fits="first")
    chat, other = await stage.chat("1"), await stage.chat("2")
    (row,) = await stage.say(chat, "first")
    await stage.reaches(lambda: stage.platform.calls)
    asked_at = stage.platform.calls[0].at
    await stage.say(chat, "second")
    await stage.say(other, "elsewhere")
    await stage.quiet()
    first, second, elsewhere = (
        next(call.at for call in reversed(stage.platform.calls) if call.text == text)
        for text in ("first", "second", "elsewhere")
    )
    assert first >= asked_at + 60.0
    assert second > first
    assert (elsewhere < asked_at + 60.0) == (scope == "chat")
    attempts = await stage.database.read(lambda tx: tx.value("SELECT attempts FROM outbox WHERE id = ?", (row,)))
    assert attempts == 1, "being put off is no failure"


async def test_a_pause_of_a_method_leaves_other_methods_going(stage: Stage) -> None:
    stage.platform.fail(TryLaterError("slow down", 60.0, "method"), fits="first")
    chat, other = await stage.chat("1"), await stage.chat("2")
    await stage.say(chat, "first")
    await stage.reaches(lambda: stage.platform.calls)
    await stage.say(other, "changed", edits="m9")
    await stage.reaches(lambda: stage.platform.texts("edit"))
    assert stage.platform.calls[-1].at - stage.platform.calls[0].at < 60.0
    await stage.quiet()


async def test_what_was_surely_not_sent_is_tried_again_with_growing_pauses_before_those_behind_it(
    stage: Stage,
) -> None:
    stage.platform.fail(NotSentError("no connection"), fits="first", times=3)
    chat = await stage.chat()
    await stage.say(chat, "first", "second")
    await stage.quiet()
    assert stage.platform.texts() == ["first"] * 4 + ["second"]
    times = [call.at for call in stage.platform.calls]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert all(pause >= 2.0**number for number, pause in enumerate(pauses[:3]))


def test_the_back_off_grows_to_a_quarter_of_an_hour_and_lasts_about_a_day() -> None:
    pauses = [backoff(attempt) for attempt in range(1, settle.MOST_ATTEMPTS)]
    assert pauses[:4] == [timedelta(seconds=each) for each in (1, 2, 4, 8)]
    assert max(pauses) == backoff(10_000) == timedelta(minutes=15)
    assert timedelta(hours=20) < sum(pauses, timedelta()) < timedelta(hours=28)


async def test_a_message_that_fails_on_and_on_is_set_aside_and_the_leads_are_told_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "MOST_ATTEMPTS", 3)
    await stage.lead()
    stage.platform.fail(NotSentError("no connection"), times=99)
    rows = await stage.say(await stage.chat("1"), "one", report="small.heard:one")
    rows += await stage.say(await stage.chat("2"), "two")
    await stage.quiet()
    assert [await stage.state(row) for row in rows] == ["failed", "failed"]
    assert len(stage.platform.calls) == 6
    assert stage.other.texts() == ["A message could not be delivered and was set aside: no connection"]
    assert await stage.switch("heard") == "small.heard:one refused no connection;"


async def test_telling_the_leads_does_not_multiply_when_that_fails_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "MOST_ATTEMPTS", 2)
    await stage.lead()
    for platform in (stage.platform, stage.other):
        platform.fail(NotSentError("no connection"), times=99)
    await stage.say(await stage.chat("1"), "one")
    await stage.quiet()
    assert len(stage.other.calls) == 2


async def test_a_lost_answer_is_looked_for_and_a_message_that_arrived_is_not_sent_again(stage: Stage) -> None:
    stage.platform.fail(UncertainError("timed out"), arrives=True)
    chat = await stage.chat()
    rows = await stage.say(chat, "first", "second", report="small.heard:it")
    await stage.quiet()
    assert stage.platform.texts() == ["first", "second"]
    assert [await stage.state(row) for row in rows] == ["sent", "sent"]
    lost, asked = stage.platform.calls[0].at, next(call.at for call in stage.platform.calls if call.kind == "find")
    assert asked - lost >= stage.platform.request_timeout
    assert (await stage.switch("heard")).count("it delivered") == 2


async def test_a_lost_answer_to_a_message_that_did_not_arrive_sends_it_again_before_those_behind_it(
    stage: Stage,
) -> None:
    stage.platform.fail(UncertainError("dropped"))
    await stage.say(await stage.chat(), "first", "second")
    await stage.quiet()
    assert stage.platform.shown() == ["first", "second"]
    assert stage.platform.texts() == ["first", "first", "second"]


async def test_where_the_platform_cannot_tell_a_message_may_come_twice_but_is_never_lost(stage: Stage) -> None:
    stage.platform.can_tell = False
    stage.platform.fail(UncertainError("dropped"), fits="gone")
    stage.platform.fail(UncertainError("dropped"), fits="there", arrives=True)
    chat = await stage.chat()
    rows = await stage.say(chat, "gone", "there")
    await stage.quiet()
    assert stage.platform.shown() == ["gone", "there", "there"]
    assert [await stage.state(row) for row in rows] == ["sent", "sent"]


@pytest.mark.parametrize(
    "error", [NotSentError("away"), UncertainError("away"), TryLaterError("slow", 3.0, "method")]
)
async def test_the_question_for_a_lost_message_is_repeated_until_it_is_answered(
    stage: Stage, error: Exception
) -> None:
    stage.platform.fail(UncertainError("timed out"), arrives=True)
    stage.platform.fail(error, kind="find", times=2)
    await stage.say(await stage.chat(), "first")
    await stage.quiet()
    assert len(stage.platform.texts("find")) == 3
    assert stage.platform.texts() == ["first"]


@pytest.mark.parametrize("error", [RefusedError("not allowed"), RuntimeError("a fault of ours")])
async def test_where_the_question_itself_is_refused_the_message_is_sent_again(
    stage: Stage, error: Exception
) -> None:
    stage.platform.fail(UncertainError("timed out"))
    stage.platform.fail(error, kind="find")
    (row,) = await stage.say(await stage.chat(), "first")
    await stage.quiet()
    assert await stage.state(row) == "sent"


async def test_the_word_kept_before_the_irreversible_step_finds_the_message(stage: Stage) -> None:
    stage.platform.fail(UncertainError("timed out"), arrives=True, note="file 7")
    await stage.say(await stage.chat(), "first")
    await stage.quiet()
    assert [call.ref for call in stage.platform.calls if call.kind == "find"] == ["file 7"]


async def test_a_fault_of_ours_in_the_middle_of_a_call_is_treated_as_a_lost_answer(stage: Stage) -> None:
    stage.platform.fail(RuntimeError("a fault of ours"), arrives=True)
    (row,) = await stage.say(await stage.chat(), "first")
    await stage.quiet()
    assert await stage.state(row) == "sent"
    assert stage.platform.texts() == ["first"]


async def test_a_refused_message_is_reported_marks_its_chat_and_tells_the_leads_once_a_day(stage: Stage) -> None:
    await stage.lead()
    stage.platform.fail(RefusedError("bot was kicked", "gone"), times=3)
    chat = await stage.chat()
    rows = await stage.say(chat, "one", "two", "three", report="small.heard:it")
    await stage.quiet()
    assert [await stage.state(row) for row in rows] == ["failed"] * 3
    found = await stage.database.read(lambda tx: chats.get_chat(tx, chat.id))
    assert found
    assert found.state == "gone"
    assert await stage.switch("heard") == "small.heard:it refused bot was kicked;" * 3
    assert stage.other.texts() == ["I can't write in Chat 1 any more: bot was kicked"]


async def test_a_person_who_blocked_the_bot_is_nobodys_business(stage: Stage) -> None:
    await stage.lead()
    stage.platform.fail(RefusedError("blocked by the user", "blocked"))
    chat = await stage.chat(kind="direct")
    await stage.say(chat, "one")
    await stage.quiet()
    found = await stage.database.read(lambda tx: chats.get_chat(tx, chat.id))
    assert found
    assert found.state == "blocked"
    assert stage.other.calls == []


async def test_a_refusal_that_leaves_the_chat_fine_is_told_too_but_not_that_an_answer_address_is_spent(
    stage: Stage,
) -> None:
    await stage.lead()
    stage.platform.fail(RefusedError("the topic is closed"))
    stage.platform.fail(RefusedError("used up"))
    chat = await stage.chat()
    await stage.say(chat, "one")
    await stage.say(chat, "two", reply_via="https://answers.example/1")
    await stage.quiet()
    assert stage.other.texts() == ["A message could not be delivered and was set aside: the topic is closed"]
    found = await stage.database.read(lambda tx: chats.get_chat(tx, chat.id))
    assert found
    assert found.state == "open"


async def test_when_a_chat_moves_our_id_stays_and_what_waits_follows(stage: Stage) -> None:
    stage.platform.fail(ChatMovedError("upgraded", "-1001"))
    chat = await stage.chat("-1")
    rows = await stage.say(chat, "first", "second")
    await stage.quiet()
    assert [call.out.chat for call in stage.platform.calls] == ["-1", "-1001", "-1001"]
    assert stage.platform.shown() == ["first", "second"]
    assert {call.out.chat_id for call in stage.platform.calls} == {chat.id}
    assert [await stage.state(row) for row in rows] == ["sent", "sent"]


async def test_an_edit_of_a_message_that_is_gone_is_sent_as_a_new_one(stage: Stage) -> None:
    stage.platform.fail(PostGoneError("message to edit not found"), kind="edit")
    (row,) = await stage.say(await stage.chat(), "outcome", edits="m77")
    await stage.quiet()
    assert [call.kind for call in stage.platform.calls] == ["edit", "send"]
    assert await stage.state(row) == "sent"


async def test_an_edit_whose_answer_was_lost_is_just_made_again(stage: Stage) -> None:
    stage.platform.request_timeout = 60.0
    stage.platform.fail(UncertainError("timed out"), kind="edit")
    (row,) = await stage.say(await stage.chat(), "outcome", edits="m77")
    await stage.quiet()
    assert [call.kind for call in stage.platform.calls] == ["edit", "edit"]
    assert stage.platform.calls[1].at - stage.platform.calls[0].at < stage.platform.request_timeout
    assert await stage.state(row) == "sent"


async def test_a_payload_that_cannot_be_read_is_set_aside_and_the_others_go_on(stage: Stage) -> None:
    await stage.lead()
    chat = await stage.chat()
    now = stage.clock.now()

    def add(tx: Any) -> int:
        return outbox.add_message(tx, chat, key="x", payload='{"kind":"Hologram"}', lane=REPLY, now=now)

    row = await stage.database.write(add)
    await stage.say(chat, "behind it")
    await stage.quiet()
    assert await stage.state(row) == "failed"
    assert stage.platform.texts() == ["behind it"]
    assert "can't be rendered" in stage.other.texts()[0]


async def test_a_picture_is_drawn_when_it_is_sent_and_one_that_cannot_be_is_set_aside(stage: Stage) -> None:
    chat = await stage.chat()
    now = stage.clock.now()

    def add(tx: Any) -> list[int]:
        return [
            outbox.add_message(
                tx,
                chat,
                key=name,
                payload=dump_message(Reply(blocks=(Picture(name, "alt"),), summary="s")),
                lane=REPLY,
                now=now,
            )
            for name in ("camps", "nowhere")
        ]

    rows = await stage.database.write(add)
    await stage.quiet()
    assert [await stage.state(row) for row in rows] == ["sent", "failed"]
    picture = stage.platform.calls[0].out.picture
    assert picture
    assert picture.startswith(b"\x89PNG")


async def test_attachments_are_messages_of_their_own_behind_theirs(stage: Stage) -> None:
    chat = await stage.chat()
    files = tuple(Attachment(f"{name}.ics", "text/calendar", b"BEGIN:VCALENDAR") for name in "ab")
    now = stage.clock.now()

    def add(tx: Any) -> None:
        ctx = system_context(stage.house, tx, now)
        ctx.send(chat, "booked", Reply(blocks=reply("booked").blocks, summary="", attachments=files), lane=REPLY)

    await stage.database.write(add)
    await stage.database.write(add)
    await stage.quiet()
    assert stage.platform.texts() == ["booked", "a.ics", "b.ics"]


async def test_a_broadcast_cancelled_midway_stops_and_nothing_else_does(stage: Stage) -> None:
    stage.platform.windows["send"] = (Window(1, 8.0),)
    for number in range(10):
        await stage.say(await stage.chat(str(number)), f"party {number}", lane=BROADCAST, broadcast="party")
    await stage.say(await stage.chat("x"), "another", lane=BROADCAST, broadcast="another")
    await stage.reaches(lambda: len(stage.platform.calls) >= 3)
    stopped = await stage.database.write(lambda tx: outbox.mark_broadcast_cancelled(tx, "party"))
    await stage.quiet()
    parties = [text for text in stage.platform.texts() if text.startswith("party")]
    assert len(parties) == 10 - stopped
    assert stopped
    assert "another" in stage.platform.texts()


async def test_the_stop_switch_holds_all_but_replies_also_over_a_restart(stage: Stage) -> None:
    await stage.database.write(lambda tx: mark_switch(tx, PAUSED, "yes"))
    chat = await stage.chat()
    await stage.say(chat, "notice", lane=NOTICE)
    await stage.say(chat, "broadcast", lane=BROADCAST)
    await stage.say(chat, "reply", lane=REPLY)
    await stage.reaches(lambda: stage.platform.texts() == ["reply"])
    await stage.stop()
    await stage.start_again()
    assert stage.delivery.paused
    await stage.say(chat, "reply 2", lane=REPLY)
    await stage.reaches(lambda: stage.platform.texts() == ["reply", "reply 2"])
    await asyncio.sleep(0.05)
    assert stage.platform.texts() == ["reply", "reply 2"]
    await stage.database.write(lambda tx: mark_switch(tx, PAUSED, ""))
    await stage.quiet()
    assert stage.platform.texts() == ["reply", "reply 2", "notice", "broadcast"]


async def test_a_message_not_yet_due_waits_and_holds_nobody(stage: Stage) -> None:
    chat = await stage.chat()
    due = stage.clock.now() + timedelta(seconds=60)
    await stage.say(chat, "later", not_before=due)
    await stage.say(chat, "now")
    await stage.quiet()
    assert stage.platform.texts() == ["now", "later"]
    assert stage.platform.calls[1].at - stage.platform.calls[0].at > 15


async def test_a_wall_clock_set_back_loses_no_message(stage: Stage) -> None:
    chat = await stage.chat()
    stage.platform.fail(NotSentError("wait"), times=1)
    await stage.say(chat, "first")
    await stage.reaches(lambda: stage.platform.calls)
    stage.clock.shift = timedelta(seconds=-8)
    (row,) = await stage.say(chat, "second", not_before=stage.clock.now() + timedelta(seconds=8))
    await stage.quiet()
    assert await stage.state(row) == "sent"


async def test_a_wall_clock_set_forward_is_noticed(stage: Stage) -> None:
    chat = await stage.chat()
    await stage.say(chat, "tomorrow", not_before=stage.clock.now() + timedelta(days=1))
    await asyncio.sleep(0.02)
    stage.clock.shift = timedelta(days=1)
    await stage.quiet()
    assert stage.platform.texts() == ["tomorrow"]


async def test_a_report_that_fails_does_not_send_the_message_again(stage: Stage) -> None:
    chat = await stage.chat()
    (row,) = await stage.say(chat, "one", report="small.heard:broken")
    await stage.say(chat, "two")
    await stage.quiet()
    assert await stage.state(row) == "sent"
    assert stage.platform.texts() == ["one", "two"]


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_a_killed_bot_was_sending_is_looked_for_after_the_requests_own_time(
    stage: Stage, arrived: bool
) -> None:
    stage.platform.request_timeout = 60.0
    stage.platform.fail(None, fits="first", arrives=arrived)
    chat, other = await stage.chat("1"), await stage.chat("2")
    rows = await stage.say(chat, "first", "second")
    await stage.reaches(lambda: stage.platform.calls)
    began = stage.platform.calls[0].at
    await stage.kill()
    await stage.start_again()
    assert await stage.state(rows[0]) == "sending"
    await stage.say(other, "elsewhere")
    await stage.quiet()
    assert [await stage.state(row) for row in rows] == ["sent", "sent"]
    found = next(call for call in stage.platform.calls if call.kind == "find")
    assert found.at - began >= stage.platform.request_timeout
    elsewhere = next(call for call in stage.platform.calls if call.text == "elsewhere")
    assert elsewhere.at < found.at, "other chats do not wait"
    mine = [call.text for call in stage.platform.calls if call.kind == "send" and call.out.chat_id == chat.id]
    assert mine == (["first", "second"] if arrived else ["first", "first", "second"])


async def test_a_file_whose_id_was_kept_is_looked_for_by_it_after_a_kill(stage: Stage) -> None:
    stage.platform.fail(None, arrives=True, note="F7")
    (row,) = await stage.say(await stage.chat(), "first")
    await stage.reaches(lambda: stage.platform.calls)
    await stage.reaches(
        lambda: stage.database.read(lambda tx: tx.value("SELECT note FROM outbox WHERE id = ?", (row,)))
    )
    await stage.kill()
    await stage.start_again()
    await stage.quiet()
    assert [call.ref for call in stage.platform.calls if call.kind == "find"] == ["F7"]
    assert stage.platform.texts() == ["first"]


async def test_stopping_waits_for_what_is_on_the_wire_but_not_for_what_is_looked_for(stage: Stage) -> None:
    stage.platform.latency = 3.0
    stage.platform.fail(UncertainError("timed out"), fits="lost")
    stage.platform.fail(NotSentError("away"), kind="find", times=99)
    (lost,) = await stage.say(await stage.chat("1"), "lost")
    await stage.reaches(lambda: stage.platform.texts("find"))
    (row,) = await stage.say(await stage.chat("2"), "on the wire")
    await stage.reaches(lambda: "on the wire" in stage.platform.texts())
    async with asyncio.timeout(2):
        await stage.stop()
    stage.platform.faults.clear()
    await stage.start_again()
    assert await stage.state(row) == "sent"
    assert await stage.state(lost) == "unknown"
    await stage.quiet()
    assert await stage.state(lost) == "sent"


@pytest.mark.parametrize(
    ("error", "arrives", "texts"),
    [
        (None, True, ["one", "two"]),
        (NotSentError("no connection"), False, ["one", "one", "two"]),
        (RefusedError("no"), False, ["one", "two"]),
        (UncertainError("lost"), True, ["one", "two"]),
    ],
)
async def test_a_store_that_is_down_while_a_send_ends_is_waited_for_and_nothing_is_sent_twice(
    stage: Stage, error: Exception | None, arrives: bool, texts: list[str]
) -> None:
    stage.platform.latency = 4.0
    if error:
        stage.platform.fail(error, arrives=arrives)
    chat = await stage.chat()
    rows = await stage.say(chat, "one", "two")
    await stage.reaches(lambda: stage.platform.calls)
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(0.15)  # fifteen seconds: the call has ended, and a few tries to write it have failed
        assert stage.platform.under_way == 0
        foreign.execute("ROLLBACK")
    await stage.quiet()
    assert stage.platform.texts() == texts
    states = [await stage.state(row) for row in rows]
    assert states == ["failed" if isinstance(error, RefusedError) else "sent", "sent"]


async def test_a_store_that_is_down_when_a_message_is_claimed_costs_time_and_not_its_place(stage: Stage) -> None:
    chat = await stage.chat()
    await stage.say(chat, "one", "two", not_before=stage.clock.now() + timedelta(seconds=5))
    with closing(sqlite3.connect(stage.path, isolation_level=None)) as foreign:
        foreign.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(0.15)
        assert stage.platform.calls == []
        foreign.execute("ROLLBACK")
    await stage.quiet()
    assert stage.platform.texts() == ["one", "two"]


async def test_a_bot_that_sleeps_does_no_work(stage: Stage) -> None:
    await stage.say(await stage.chat(), "later", not_before=stage.clock.now() + timedelta(hours=5))
    await asyncio.sleep(0.02)
    looks = 0
    queue = stage.delivery.senders["telegram"].queue
    take = queue.take

    def counted(*args: Any, **named: Any) -> Any:
        nonlocal looks
        looks += 1
        return take(*args, **named)

    queue.take = counted  # type: ignore[method-assign]
    await asyncio.sleep(0.3)  # thirty seconds
    assert looks <= 8
