"""Posts say what is so: the current state, without needless edits, in every chat that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from delivery_stage import Stage

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
from bot.delivery.settle import EDIT_GAP
from handlers.core.context import House
from storage.outbox import REPLY, Queued
from storage.posts import mark_posts_wanted
from storage.switches import mark_switch

GAP = EDIT_GAP.total_seconds()


@pytest.fixture
async def stage(tmp_path: Path, house: House) -> AsyncIterator[Stage]:
    made = Stage(tmp_path / "kumpel.sqlite3", house)
    await made.start()
    yield made
    await made.stop()


async def test_a_post_is_sent_once_and_edited_with_each_change(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    await stage.change("second")
    await stage.quiet()
    assert [(call.kind, call.text) for call in stage.platform.calls] == [("send", "first"), ("edit", "second")]
    assert stage.platform.shown() == ["second"]


async def test_all_posts_of_a_subject_change_together(stage: Stage) -> None:
    for number in range(6):
        await stage.show(await stage.chat(str(number)))
    await stage.quiet()
    await stage.change("moved")
    await stage.quiet()
    assert stage.platform.shown() == ["moved"] * 6
    assert len(stage.platform.texts("send")) == 6


async def test_an_unsent_post_absorbs_changes(stage: Stage) -> None:
    stage.platform.windows["send"] = (Window(1, 60.0),)
    await stage.say(await stage.chat("0"), "takes the window")
    await stage.show(await stage.chat())
    for number in range(5):
        await stage.change(f"change {number}")
    await stage.quiet()
    assert stage.platform.texts() == ["takes the window", "change 4"]
    assert stage.platform.texts("edit") == []


async def test_changes_while_a_post_is_being_sent_become_one_edit_not_before_the_gap(stage: Stage) -> None:
    stage.platform.latency = 5.0
    await stage.show(await stage.chat())
    await stage.reaches(lambda: stage.platform.calls)
    for number in range(4):
        await stage.change(f"change {number}")
    await stage.quiet()
    assert [(call.kind, call.text) for call in stage.platform.calls] == [("send", "first"), ("edit", "change 3")]
    sent, edited = stage.platform.calls
    assert edited.at - (sent.at + stage.platform.latency) >= GAP


async def test_changes_in_quick_succession_are_merged_and_the_last_one_always_goes_out(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    for number in range(40):
        await stage.change(f"change {number}")
        await asyncio.sleep(0.003)
    await stage.quiet()
    assert stage.platform.shown() == ["change 39"]
    edits = [call.at for call in stage.platform.calls if call.kind == "edit"]
    assert all(later - earlier >= GAP for earlier, later in pairwise(edits))


async def test_an_announcement_that_came_too_early_does_not_swallow_the_next_one(stage: Stage) -> None:
    chat = await stage.chat()
    await stage.show(chat)
    await stage.quiet()
    stage.platform.latency = 5.0
    await stage.change("second")
    await stage.reaches(lambda: stage.platform.texts("edit"))
    sender = stage.delivery.senders["telegram"]
    sender.add(Queued("post", 1, "telegram", chat.id, "group", REPLY, stage.clock.now(), "edit"))
    await stage.change("third")
    await stage.quiet()
    assert stage.platform.shown() == ["third"]


async def test_a_view_that_returns_none_takes_the_post_away_and_a_later_one_posts_it_anew(stage: Stage) -> None:
    chat = await stage.chat()
    await stage.show(chat)
    await stage.quiet()
    await stage.change("gone")
    await stage.quiet()
    assert stage.platform.shown() == []
    await stage.change("nobody is to see this")
    await stage.quiet()
    assert stage.platform.shown() == []
    await stage.show(chat, text="back")
    await stage.quiet()
    assert stage.platform.shown() == ["back"]


async def test_a_post_whose_subject_ended_before_it_was_sent_is_never_sent(stage: Stage) -> None:
    await stage.show(await stage.chat(), text="gone")
    await stage.quiet()
    assert stage.platform.calls == []
    assert await stage.state(1, "posts") == "gone"


async def test_a_subject_that_comes_back_while_its_post_is_taken_away_is_posted_anew(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    stage.platform.latency = 5.0
    await stage.change("gone")
    await stage.reaches(lambda: stage.platform.texts("delete"))
    await stage.change("back")
    await stage.quiet()
    assert stage.platform.shown() == ["back"]


async def test_a_view_that_fails_is_set_aside_tells_the_leads_and_harms_no_other(stage: Stage) -> None:
    await stage.lead()
    chat = await stage.chat()
    await stage.show(chat, "board:1", "broken")
    await stage.show(chat, "board:2", "fine")
    await stage.say(chat, "a message")
    await stage.quiet()
    assert stage.platform.shown() == ["fine", "a message"]
    assert len(stage.other.texts()) == 1
    assert "can't be rendered" in stage.other.texts()[0]
    await stage.change("mended")
    await stage.quiet()
    assert "mended" in stage.platform.shown()


async def test_a_post_deleted_by_hand_is_posted_anew(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    stage.platform.standing.clear()
    stage.platform.fail(PostGoneError("message to edit not found"), kind="edit")
    await stage.change("second")
    await stage.quiet()
    assert stage.platform.shown() == ["second"]
    first, again = (call.out.key for call in stage.platform.calls if call.kind == "send")
    assert first != again


async def test_a_platform_that_says_gone_for_ever_is_not_asked_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "MOST_ATTEMPTS", 4)
    stage.platform.fail(PostGoneError("gone"), times=99)
    await stage.show(await stage.chat())
    await stage.quiet()
    assert len(stage.platform.calls) == 4


async def test_when_a_chat_moves_its_living_posts_are_posted_anew_and_those_gone_stay_away(stage: Stage) -> None:
    chat = await stage.chat("-1")
    await stage.show(chat, "board:1", "one")
    await stage.show(chat, "board:2", "two")
    await stage.show(chat, "board:3", "three")
    await stage.quiet()
    await stage.change("gone", "board:3")
    await stage.quiet()
    stage.platform.fail(ChatMovedError("upgraded", "-1001"), kind="edit")
    calls = len(stage.platform.calls)
    await stage.change("one more", "board:1")
    await stage.quiet()
    after = stage.platform.calls[calls + 1 :]
    assert sorted(call.text for call in after) == ["one more", "two"]
    assert {(call.kind, call.out.chat, call.out.chat_id) for call in after} == {("send", "-1001", chat.id)}


async def test_an_edit_whose_answer_was_lost_is_made_again_without_asking(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    stage.platform.fail(UncertainError("timed out"), kind="edit", arrives=True)
    await stage.change("second")
    await stage.quiet()
    assert stage.platform.texts("edit") == ["second", "second"]
    assert stage.platform.texts("find") == []


async def test_a_first_posting_whose_answer_was_lost_is_looked_for_and_then_edited_never_doubled(
    stage: Stage,
) -> None:
    stage.platform.fail(UncertainError("timed out"), arrives=True)
    await stage.show(await stage.chat())
    await stage.reaches(lambda: stage.platform.calls)
    await stage.change("second")
    await stage.quiet()
    assert stage.platform.shown() == ["second"]
    assert stage.platform.texts("send") == ["first"]


async def test_a_first_posting_that_arrived_unheard_and_ended_meanwhile_is_taken_away(stage: Stage) -> None:
    stage.platform.fail(UncertainError("timed out"), arrives=True)
    await stage.show(await stage.chat())
    await stage.reaches(lambda: stage.platform.calls)
    await stage.change("gone")
    await stage.quiet()
    assert stage.platform.shown() == []
    assert stage.platform.texts("delete")


@pytest.mark.parametrize("error", [NotSentError("no connection"), TryLaterError("slow down", 5.0, "method")])
async def test_an_edit_that_failed_shows_the_newest_state_when_it_goes(stage: Stage, error: Exception) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    stage.platform.fail(error, kind="edit")
    await stage.change("second")
    await stage.reaches(lambda: stage.platform.texts("edit"))
    await stage.change("third")
    await stage.quiet()
    assert stage.platform.shown() == ["third"]


async def test_a_refused_edit_tries_again_with_the_next_change_even_one_made_meanwhile(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    stage.platform.latency = 3.0
    stage.platform.fail(RefusedError("too long"), kind="edit")
    await stage.change("far too long")
    await stage.reaches(lambda: stage.platform.texts("edit"))
    await stage.change("short")
    await stage.quiet()
    assert stage.platform.shown() == ["short"]


async def test_a_home_page_is_published_and_published_again(stage: Stage) -> None:
    await stage.show(await stage.chat("1", "direct"), surface="home")
    await stage.quiet()
    await stage.change("second")
    await stage.quiet()
    assert [(call.kind, call.out.surface) for call in stage.platform.calls] == [("send", "home"), ("edit", "home")]


@pytest.mark.parametrize("arrived", [True, False])
async def test_an_edit_that_a_killed_bot_was_making_is_made_again(stage: Stage, arrived: bool) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    stage.platform.fail(None, kind="edit", arrives=arrived)
    await stage.change("second")
    await stage.reaches(lambda: stage.platform.texts("edit"))
    await stage.kill()
    await stage.start_again()
    await stage.quiet()
    assert stage.platform.shown() == ["second"]
    assert stage.platform.texts("find") == [], "the original message would be found, and taken for the edit"


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_first_posting_that_a_killed_bot_was_making_stands_once(stage: Stage, arrived: bool) -> None:
    stage.platform.fail(None, arrives=arrived)
    await stage.show(await stage.chat())
    await stage.reaches(lambda: stage.platform.calls)
    await stage.kill()
    await stage.start_again()
    await stage.change("second")
    await stage.quiet()
    assert stage.platform.shown() == ["second"]


async def test_posts_that_are_not_true_at_the_start_are_made_true(stage: Stage) -> None:
    await stage.show(await stage.chat())
    await stage.quiet()
    await stage.delivery.stop()

    def change(tx: object) -> None:
        mark_switch(tx, "board:1", "while away")  # type: ignore[arg-type]
        mark_posts_wanted(tx, "board:1")  # type: ignore[arg-type]

    await stage.database.write(change)
    await stage.database.close()
    await stage.start_again()
    await stage.quiet()
    assert stage.platform.shown() == ["while away"]


async def test_a_post_shown_twice_is_one_post(stage: Stage) -> None:
    chat = await stage.chat()
    await stage.show(chat)
    await stage.show(chat, text="again")
    await stage.quiet()
    assert stage.platform.shown() == ["again"]
