"""Faults: which call they hit, and how often."""

from __future__ import annotations

import asyncio

from bot.clock import SystemClock
from bot.sandbox.faults import Fault, Faults


def test_a_fault_is_used_up_after_its_times() -> None:
    faults = Faults()
    fault = faults.add(Fault(method="chat.*", times=2))
    assert [faults.take("chat.update"), faults.take("chat.delete"), faults.take("chat.update")] == [
        fault,
        fault,
        None,
    ]


def test_a_fault_without_times_stays_until_it_is_taken_away() -> None:
    faults = Faults()
    fault = faults.add(Fault(method="sendmessage", times=None))
    assert all(faults.take("sendMessage") is fault for _ in range(5))
    faults.remove(fault)
    assert faults.take("sendMessage") is None


def test_a_fault_for_one_chat_leaves_the_others_alone() -> None:
    faults = Faults()
    fault = faults.add(Fault(chat=-100123))
    assert faults.take("sendMessage", 5) is None
    assert faults.take("sendMessage") is None
    assert faults.take("sendMessage", "-100123") is fault


def test_the_oldest_fault_goes_first_and_clear_ends_all() -> None:
    faults = Faults()
    first, second = faults.add(Fault(kind="429")), faults.add(Fault(kind="drop"))
    assert [faults.take("a"), faults.take("a")] == [first, second]
    faults.add(Fault())
    faults.clear()
    assert faults.take("a") is None


async def test_a_stall_ends_when_the_fault_is_taken_away() -> None:
    faults = Faults()
    stall = faults.add(Fault(kind="stall", times=None, seconds=1e9))
    stalled = asyncio.create_task(stall.stalled(SystemClock()))
    await asyncio.sleep(0.01)
    assert not stalled.done()
    faults.clear()
    await asyncio.wait_for(stalled, 1)


async def test_a_stall_that_is_used_up_still_takes_its_time() -> None:
    faults = Faults()
    stall = faults.add(Fault(kind="stall", times=1, seconds=1e9))
    assert faults.take("sendMessage") is stall
    stalled = asyncio.create_task(stall.stalled(SystemClock()))
    await asyncio.sleep(0.01)
    assert not stalled.done()
    stalled.cancel()
    await asyncio.gather(stalled, return_exceptions=True)
