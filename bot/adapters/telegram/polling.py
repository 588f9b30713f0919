"""Long polling that confirms an update only after its effects are durable."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapters.telegram.errors import retry_seconds
from bot.adapters.telegram.limits import POLL_UPDATES
from bot.adapters.telegram.parse import ALLOWED_UPDATES
from bot.clock import Clock

log = structlog.get_logger(__name__)

UpdateJson = dict[str, Any]
_Result = TypeVar("_Result")
_LONGEST_PAUSE = 30.0
_CONFIRM_SECONDS = 5.0
_PROBE_SECONDS = 5


class GetUpdates(Protocol):
    """The Bot API's getUpdates, for plain JSON."""

    def __call__(
        self, *, offset: int | None, limit: int, hold: int, allowed_updates: tuple[str, ...]
    ) -> Coroutine[Any, Any, list[UpdateJson]]:
        """Return the updates from ``offset`` on.

        Raises:
            TelegramError: It did not work out.
        """


class Poller:
    """Fetches updates and hands them over, batch by batch.

    The offset of a call confirms everything below it for good (Bot API, getUpdates): it moves on only past
    updates that ``deliver`` has returned for. No offset is remembered between starts: what was confirmed is gone
    from the server, and ids may start anew after a quiet week.

    Args:
        get_updates: Asks the server.
        deliver: Returns once the update's effects are durable; raises if it must come again.
        clock: For pauses.
        hold: Whole seconds that the server may hold a poll.

    Attributes:
        connected: The last poll went well.
    """

    def __init__(
        self, get_updates: GetUpdates, deliver: Callable[[UpdateJson], Awaitable[None]], clock: Clock, hold: int
    ) -> None:
        self._get_updates = get_updates
        self._deliver = deliver
        self._clock = clock
        self._hold = hold
        self._offset: int | None = None
        self._asked: int | None = None
        self._stopping = asyncio.Event()
        self._failures = 0
        self.connected = False

    async def run(self) -> None:
        """Poll until :meth:`stop`; return once the batch at hand is durable and confirmed."""
        hold = 0  # the first answer comes at once and tells that the connection stands
        while not self._stopping.is_set():
            try:
                updates = await self._unless_stopped(self._fetch(hold))
            except Exception as error:  # whatever it was: a bot that stopped asking would be deaf
                self.connected = False
                self._asked = None
                await self._pause(self._wait_after(error))
                # Only a poll that is held shows whether the other poller is gone.
                hold = min(_PROBE_SECONDS, self._hold) if isinstance(error, Conflict) else 0
                continue
            if updates is None:
                break
            self.connected = True
            hold = self._hold
            if await self._deliver_batch(updates):
                self._failures = 0
            else:
                self._failures += 1
                await self._pause(back_off(self._failures))
        self.connected = False
        await self._confirm()

    def stop(self) -> None:
        """Let :meth:`run` return soon."""
        self._stopping.set()

    async def _fetch(self, hold: int) -> list[UpdateJson]:
        self._asked = self._offset
        updates = await self._get_updates(
            offset=self._offset, limit=POLL_UPDATES, hold=hold, allowed_updates=ALLOWED_UPDATES
        )
        if not updates:
            self._offset = None  # everything below it is confirmed now
        return updates

    async def _deliver_batch(self, updates: list[UpdateJson]) -> bool:
        """Hand a batch over, different people's updates side by side; False if some must come again."""
        tasks = [asyncio.create_task(self._take(update)) for update in updates]  # they start in this order
        stored = await asyncio.gather(*tasks)
        for update, is_stored in zip(updates, stored, strict=True):
            if not is_stored:
                self._offset = update["update_id"]
                log.warning("updates come again: the store did not take them", first=update["update_id"])
                return False
            self._offset = update["update_id"] + 1
        return True

    async def _take(self, update: UpdateJson) -> bool:
        try:
            await self._deliver(update)
        except Exception as error:
            log.warning("update not stored", update_id=update["update_id"], error=type(error).__name__)
            return False
        return True

    async def _confirm(self) -> None:
        """Tell the server what was handled, so that it does not come again at the next start."""
        if self._offset in (None, self._asked):  # the poll just given up has told it already
            return
        try:
            async with asyncio.timeout(_CONFIRM_SECONDS):
                # What this returns is not confirmed by it: it comes again at the next start.
                await self._get_updates(offset=self._offset, limit=1, hold=0, allowed_updates=ALLOWED_UPDATES)
        except (TelegramError, TimeoutError) as error:
            log.info("updates not confirmed", error=type(error).__name__)  # the delivery keys know them

    def _wait_after(self, error: Exception) -> float:
        self._failures += 1
        if isinstance(error, Conflict):
            log.error("another poller runs with this token", reason=error.message)
            return 5.0 + random.uniform(0, 5.0)  # noqa: S311 - spreads pollers, guards nothing
        return pause_after(error, self._failures)

    async def _pause(self, seconds: float) -> None:
        await self._unless_stopped(self._clock.sleep(seconds))

    async def _unless_stopped(self, work: Coroutine[Any, Any, _Result]) -> _Result | None:
        """Await ``work``, or give it up and return None when stopping."""
        task, stopped = asyncio.create_task(work), asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stopped.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)


def pause_after(error: Exception, failures: int) -> float:
    """Log a failed call and return how many seconds to wait, after so many failures on end."""
    if isinstance(error, InvalidToken):
        log.error("Telegram refuses the token")
        return _LONGEST_PAUSE
    log.warning("Telegram can't be reached", error=type(error).__name__, failures=failures)
    if isinstance(error, RetryAfter):
        return retry_seconds(error)
    return back_off(failures)


def back_off(failures: int) -> float:
    """Return seconds to wait: doubled with each failure up to half a minute, with jitter."""
    return min(0.5 * 2.0 ** min(failures, 10), _LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311
