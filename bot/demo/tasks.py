"""Work that can be left in the middle: tasks that end together, and threads that nobody waits for in the end.

Of tasks asyncio itself knows only who awaits whom. A context variable is inherited by every task and callback, so
it tells which family a new task belongs to.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast
from weakref import WeakSet

Result = TypeVar("Result")

_FAMILY: contextvars.ContextVar[WeakSet[asyncio.Task[Any]]] = contextvars.ContextVar("family")


class Family:
    """Runs coroutines and knows every task that came of them."""

    def __init__(self) -> None:
        self._tasks: WeakSet[asyncio.Task[Any]] = WeakSet()

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run ``work`` to its end; tasks it leaves behind belong to it too."""
        loop = asyncio.get_running_loop()
        if loop.get_task_factory() is None:
            loop.set_task_factory(_make_task)
        context = contextvars.copy_context()
        context.run(_FAMILY.set, self._tasks)
        task = asyncio.create_task(work, context=context)
        try:
            return await task
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def cancel(self) -> None:
        """Cancel every task, those that are started meanwhile included, and wait for their end."""
        while running := [task for task in self._tasks if not task.done()]:
            for task in running:
                task.cancel()
            await asyncio.wait(running)


def _make_task(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **options)
    context = options.get("context") or contextvars.copy_context()
    if (family := context.get(_FAMILY)) is not None:
        family.add(task)
    return task


async def run_in_thread(function: Callable[[], Result]) -> Result:
    """Run ``function`` in a thread of its own, which does not keep the program from ending."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: BaseException | None) -> None:
        if not ended.done():  # whoever waited may have gone
            ended.set_exception(error) if error else ended.set_result(cast(Result, result))

    def work() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as caught:
            error = caught
        with contextlib.suppress(RuntimeError):  # the loop may have ended
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="beside", daemon=True).start()
    return await ended
