"""What may go next: lanes, order within a chat, pace, and a queue that neither spins nor forgets."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.port import Window
from bot.delivery.pace import Pace
from bot.delivery.queue import SendQueue
from storage.outbox import BROADCAST, NOTICE, REPLY, Queued

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DIRECT, GROUP = (Window(1, 1.0),), (Window(1, 1.0), Window(20, 60.0))
METHODS = {"send": (Window(5, 1.0),), "edit": (Window(3, 2.0),), "file": ()}

Shape = Literal["send", "edit", "file"]


def queue() -> SendQueue:
    return SendQueue(
        chat_pace=lambda kind: Pace(GROUP if kind == "group" else DIRECT),
        method_of=lambda queued: queued.shape,
        method_pace=lambda method: Pace(METHODS[method]),
    )


def waiting(
    number: int,
    chat: int,
    lane: int = REPLY,
    *,
    shape: Shape = "send",
    kind: Literal["direct", "group"] = "direct",
    due: float = 0.0,
) -> Queued:
    return Queued("row", number, "telegram", chat, kind, lane, START + timedelta(seconds=due), shape)


class Line:
    """A queue and a clock; sends last as long as told."""

    def __init__(self) -> None:
        self.queue = queue()
        self.at = 0.0
        self.sent: list[tuple[float, int]] = []

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.at)

    def add(self, *messages: Queued) -> None:
        for message in messages:
            self.queue.add(message, self.now, self.at)

    def take(self, *, replies_only: bool = False) -> int | None:
        taken = self.queue.take(self.now, self.at, replies_only=replies_only)
        return taken[0].queued.id if taken else None

    def run(self, until: float, *, replies_only: bool = False) -> list[int]:
        """Send everything that may go, each at once, up to a time; returns the ids in order."""
        order: list[int] = []
        while True:
            taken = self.queue.take(self.now, self.at, replies_only=replies_only)
            if taken:
                order.append(taken[0].queued.id)
                self.sent.append((self.at, taken[0].queued.id))
                self.queue.done(taken[0].queued.chat_id, self.at)
                continue
            next_at = self.queue.next_at(self.now, self.at, replies_only=replies_only)
            if next_at is None or next_at > until:
                return order
            assert next_at > self.at, "it would spin"
            self.at = next_at


def test_a_reply_goes_before_a_notice_and_a_notice_before_a_broadcast() -> None:
    line = Line()
    line.add(waiting(1, 1, BROADCAST), waiting(2, 2, NOTICE), waiting(3, 3, REPLY))
    assert line.run(1.0) == [3, 2, 1]


def test_within_a_chat_and_lane_first_in_is_first_out() -> None:
    line = Line()
    line.add(*(waiting(number, 1) for number in (5, 3, 9, 1)))
    assert line.run(10.0) == [5, 3, 9, 1]
    assert [at for at, _ in line.sent] == [0.0, 1.0, 2.0, 3.0]


def test_a_reply_overtakes_its_own_chats_waiting_broadcast() -> None:
    line = Line()
    line.add(waiting(1, 1, BROADCAST), waiting(2, 1, BROADCAST))
    assert line.run(0.0) == [1]
    line.add(waiting(3, 1, REPLY))
    assert line.run(10.0) == [3, 2]


def test_a_message_not_yet_due_holds_back_nobody_not_even_in_its_chat() -> None:
    line = Line()
    line.add(waiting(1, 1, due=30.0), waiting(2, 1), waiting(3, 2))
    assert line.run(5.0) == [2, 3]
    assert line.run(60.0) == [1]
    assert line.sent[-1][0] == 30.0


def test_a_busy_chat_holds_back_nobody() -> None:
    line = Line()
    line.add(waiting(1, 1), waiting(2, 1), waiting(3, 2))
    assert line.take() == 1
    assert line.take() == 3
    line.at = 100.0
    assert line.take() is None
    line.queue.done(1, line.at)
    assert line.take() == 2


def test_a_chat_asked_to_wait_holds_back_nobody() -> None:
    line = Line()
    line.add(waiting(1, 1), waiting(2, 1), waiting(3, 2), waiting(4, 2))
    assert line.take() == 1
    line.queue.block_chat(1, 50.0)
    line.queue.done(1, line.at)
    assert line.run(49.0) == [3, 4]
    assert line.run(60.0) == [2]
    assert line.sent[-1][0] == 50.0


def test_a_slow_method_holds_back_no_other_method() -> None:
    line = Line()
    line.add(waiting(1, 1, shape="edit"))
    assert line.take() == 1
    line.queue.block_method("edit", 40.0)
    line.queue.done(1, 0.0)
    line.add(waiting(2, 2, shape="edit"), waiting(3, 3))
    assert line.run(39.0) == [3]
    assert line.run(40.0) == [2]


def test_a_pause_of_the_platform_holds_methods_never_used_before_too() -> None:
    line = Line()
    line.queue.block_all(20.0)
    line.add(waiting(1, 1), waiting(2, 2, shape="file"), waiting(3, 3, BROADCAST))
    assert line.run(19.0) == []
    assert line.run(25.0) == [1, 2, 3]


def test_paused_holds_back_only_notices_and_broadcasts() -> None:
    line = Line()
    line.add(waiting(1, 1, BROADCAST), waiting(2, 1, NOTICE), waiting(3, 1, REPLY), waiting(4, 2, NOTICE))
    assert line.run(100.0, replies_only=True) == [3]
    assert line.run(200.0) == [2, 4, 1]


def test_a_message_tried_again_has_its_old_place() -> None:
    line = Line()
    first, second = waiting(1, 1), waiting(2, 1)
    line.add(first, second)
    assert line.take() == 1
    line.add(waiting(1, 1, due=0.5))  # announced again while under way, due a little later
    line.queue.block_chat(1, 1.5)
    line.queue.done(1, 0.0)
    assert line.run(10.0) == [1, 2]


def test_a_message_under_way_at_the_start_keeps_its_chat_and_its_place() -> None:
    line = Line()
    line.queue.hold(1, "direct", "row", 7)
    line.add(waiting(8, 1), waiting(9, 2))
    assert line.run(5.0) == [9]
    line.add(waiting(7, 1))
    line.queue.done(1, line.at)
    assert line.run(20.0) == [7, 8]


def test_a_message_announced_twice_is_taken_once() -> None:
    line = Line()
    line.add(waiting(1, 1), waiting(1, 1))
    assert len(line.queue) == 1
    assert line.run(10.0) == [1]
    assert len(line.queue) == 0


def test_a_broadcast_leaves_room_for_a_reply_at_any_time() -> None:
    line = Line()
    line.add(*(waiting(number, number, BROADCAST) for number in range(1, 51)))
    line.run(1.0)
    assert 4 <= len(line.sent) <= 6
    line.add(waiting(99, 99, REPLY))
    assert line.run(line.at + 0.21)[0] == 99


def test_a_chat_whose_past_does_not_count_any_more_takes_no_memory() -> None:
    line = Line()
    for number in range(1, 201):
        line.add(waiting(number, number, kind="group", shape="file"))
        line.run(line.at)
    line.at += 61.0
    assert line.take() is None
    assert line.queue.next_at(line.now, line.at) is None
    assert not line.queue._lines


ADD = st.tuples(
    st.integers(1, 5),  # chat
    st.sampled_from([REPLY, NOTICE, BROADCAST]),
    st.sampled_from(["send", "edit", "file"]),
    st.sampled_from([0.0, 0.0, 0.0, 0.5, 2.0, 30.0]),  # due in
    st.sampled_from([0.0, 0.0, 0.1, 0.4, 3.0]),  # how long until the next thing happens
    st.sampled_from([0.0, 0.05, 0.3, 2.0]),  # how long a send takes
)


@settings(max_examples=150, deadline=None)
@given(script=st.lists(ADD, max_size=60), paused=st.booleans())
def test_any_sequence_keeps_limits_and_order_never_spins_and_forgets_nothing(
    script: list[tuple[int, int, Shape, float, float, float]], paused: bool
) -> None:
    line = Line()
    kinds: dict[int, Literal["direct", "group"]] = {1: "direct", 2: "group", 3: "group", 4: "direct", 5: "group"}
    lasting: dict[int, float] = {}
    due: dict[int, float] = {}
    chat_of: dict[int, tuple[int, int]] = {}
    method_of: dict[int, str] = {}
    sent: list[tuple[float, int]] = []
    ends: list[tuple[float, int]] = []
    when = 0.0
    arrivals = []
    for number, (chat, lane, shape, delay, pause, length) in enumerate(script, 1):
        arrivals.append((when, waiting(number, chat, lane, shape=shape, kind=kinds[chat], due=when + delay)))
        lasting[number], due[number] = length, when + delay
        chat_of[number], method_of[number] = (chat, lane), shape
        when += pause
    turns = 0
    while True:
        turns += 1
        assert turns < 4000, "it spins"
        while arrivals and arrivals[0][0] <= line.at:
            line.add(arrivals.pop(0)[1])
        for end, chat in [each for each in ends if each[0] <= line.at]:
            ends.remove((end, chat))
            line.queue.done(chat, line.at)
        hold = paused and line.at < 40.0
        while taken := line.queue.take(line.now, line.at, replies_only=hold):
            item, method = taken
            number = item.queued.id
            assert method == method_of[number]
            assert due[number] <= line.at + 1e-5  # the wall clock counts microseconds
            assert not hold or item.lane == REPLY
            sent.append((line.at, number))
            ends.append((line.at + lasting[number], item.queued.chat_id))
        next_at = line.queue.next_at(line.now, line.at, replies_only=hold)
        if next_at is not None:
            assert next_at > line.at or any(end <= line.at for end, _ in ends), "it would spin"
        times = [at for at in (next_at, *(end for end, _ in ends), *(at for at, _ in arrivals)) if at is not None]
        if hold:
            times.append(40.0)
        if not times:
            break
        line.at = max(line.at, min(times))
    assert sorted(number for _, number in sent) == list(range(1, len(script) + 1)), "something was forgotten"
    _assert_limits(sent, chat_of, method_of, kinds)
    _assert_order(sent, chat_of, due)


def _assert_limits(
    sent: list[tuple[float, int]],
    chat_of: dict[int, tuple[int, int]],
    method_of: dict[int, str],
    kinds: dict[int, Literal["direct", "group"]],
) -> None:
    by_chat: defaultdict[int, list[float]] = defaultdict(list)
    by_method: defaultdict[str, list[float]] = defaultdict(list)
    for at, number in sent:
        by_chat[chat_of[number][0]].append(at)
        by_method[method_of[number]].append(at)
    limits: list[tuple[list[float], tuple[Window, ...]]] = []
    limits += [(by_chat[chat], GROUP if kind == "group" else DIRECT) for chat, kind in kinds.items()]
    limits += [(by_method[method], windows) for method, windows in METHODS.items()]
    for calls, windows in limits:
        for window in windows:
            for start in calls:
                inside = sum(start <= at < start + window.seconds - 1e-9 for at in calls)
                assert inside <= window.calls


def _assert_order(
    sent: list[tuple[float, int]], chat_of: dict[int, tuple[int, int]], due: dict[int, float]
) -> None:
    """Of two in one chat and lane, both due when the first of them went, the one added first went first."""
    for index, (at, number) in enumerate(sent):
        for _, later in sent[index + 1 :]:
            if chat_of[later] == chat_of[number] and later < number:
                assert due[later] > at - 1e-5, "overtaken within a chat"


@pytest.mark.parametrize("lane", [REPLY, NOTICE, BROADCAST])
def test_twenty_a_minute_go_to_a_group_and_not_one_more(lane: int) -> None:
    line = Line()
    line.add(*(waiting(number, 1, lane, kind="group", shape="file") for number in range(1, 31)))
    assert len(line.run(59.9)) == 20
    assert len(line.run(79.9)) == 10
