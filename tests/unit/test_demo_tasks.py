"""Work that can be left in the middle."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.demo.tasks import Family, run_in_thread


async def test_all_tasks_that_came_of_a_coroutine_end_together_and_no_others() -> None:
    ended: list[str] = []
    begun: list[asyncio.Task[None]] = []

    async def last(name: str) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(name)

    async def begin() -> str:
        begun.append(asyncio.create_task(grow()))
        asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(last("by callback")))
        return "begun"

    async def grow() -> None:
        begun.append(asyncio.create_task(last("grandchild")))
        await last("child")

    family = Family()
    stranger = asyncio.create_task(last("stranger"))
    assert await family.run(begin()) == "begun"
    await asyncio.sleep(0.01)
    await family.cancel()
    assert sorted(ended) == ["by callback", "child", "grandchild"]
    assert not stranger.done()
    stranger.cancel()
    await asyncio.gather(stranger, return_exceptions=True)


async def test_a_thread_brings_back_its_result_or_what_went_wrong() -> None:
    assert await run_in_thread(lambda: threading.current_thread().daemon)
    with pytest.raises(ZeroDivisionError):
        await run_in_thread(lambda: 1 // 0)


async def test_who_no_longer_waits_for_a_thread_is_not_disturbed() -> None:
    going, go = threading.Event(), threading.Event()

    def slow() -> None:
        going.set()
        go.wait(5)

    waiting = asyncio.create_task(run_in_thread(slow))
    await asyncio.to_thread(going.wait, 5)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    go.set()
    await asyncio.sleep(0.01)
