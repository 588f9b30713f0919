"""How much one person may ask at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.throttle import BURST_SECONDS, MINUTE, WAITING, Throttle
from handlers.core.requests import Actor, ButtonPress, FormSubmitted, Place, Request, TextMessage

COMMON: dict[str, Any] = {
    "delivery_key": "k",
    "place": Place("slack", "T1:D1", "direct"),
    "received_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
}


def says(account: str = "T1:U1", addressed: bool = True) -> Request:
    return TextMessage(actor=Actor("slack", account), text="hallo", addressed=addressed, **COMMON)


def test_a_burst_ends_after_half_of_a_minute_s_requests_and_begins_again():
    throttle = Throttle(10)
    assert [throttle.seconds_too_soon(says(), 100.0, 0) for _ in range(5)] == [0] * 5
    assert throttle.seconds_too_soon(says(), 102.0, 0) == pytest.approx(BURST_SECONDS - 2)
    assert throttle.seconds_too_soon(says(), 110.0, 0) == 0


def test_others_are_not_counted_with_somebody():
    throttle = Throttle(10)
    for _ in range(20):
        throttle.seconds_too_soon(says("T1:U1"), 100.0, 0)
    assert throttle.seconds_too_soon(says("T1:U2"), 100.0, 0) == 0


def test_what_is_said_among_people_and_filled_in_forms_are_never_too_much():
    throttle = Throttle(10)
    filled = FormSubmitted(actor=Actor("slack", "T1:U1"), form="f", instance="i", values={}, **COMMON)
    for _ in range(50):
        assert throttle.seconds_too_soon(says(addressed=False), 100.0, 0) == 0
        assert throttle.seconds_too_soon(filled, 100.0, 0) == 0


def test_everybody_waits_a_moment_while_too_much_waits():
    press = ButtonPress(actor=Actor("slack", "T1:U1"), token="t", **COMMON)
    assert Throttle(10).seconds_too_soon(press, 100.0, WAITING + 1) > 0


@given(st.lists(st.floats(0, 20), min_size=1, max_size=120), st.integers(5, 40))
def test_no_window_ever_holds_more_than_it_may(gaps: list[float], per_minute: int):
    throttle, now, taken = Throttle(per_minute), 1000.0, []
    for gap in gaps:
        now += gap
        if throttle.seconds_too_soon(says(), now, 0) == 0:
            taken.append(now)
    for at in taken:
        assert sum(at - MINUTE < other <= at for other in taken) <= per_minute
        assert sum(at - BURST_SECONDS < other <= at for other in taken) <= max(1, per_minute // 2)


def test_who_is_quiet_is_forgotten():
    throttle = Throttle(10)
    for number in range(1000):
        throttle.seconds_too_soon(says(f"T1:U{number}"), 100.0, 0)
    throttle.seconds_too_soon(says("T1:U1"), 300.0, 0)
    assert len(throttle._paces) == 1
