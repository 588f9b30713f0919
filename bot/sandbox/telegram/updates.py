"""The queue of updates and long polling (telegram-bot-api Client.cpp, process_get_updates_query)."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.sandbox.telegram.errors import BotApiError
from bot.sandbox.telegram.params import Params

TYPES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "chosen_inline_result",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "message_reaction",
    "message_reaction_count",
    "poll",
    "poll_answer",
)
# "all update types except chat_member, message_reaction, and message_reaction_count (default)" (Bot API).
DEFAULT_TYPES = frozenset(TYPES) - {"chat_member", "message_reaction", "message_reaction_count"}
DAY = 86400.0
# A press nobody fetches is dropped after 150 s, anything else after a day (Client.cpp, add_update).
LIFETIMES = {"callback_query": 150.0}


@dataclass(slots=True, eq=False)
class Update:
    """An update in the queue; ``expires`` is in monotonic seconds."""

    update_id: int
    type: str
    payload: dict[str, Any]
    expires: float

    def json(self) -> dict[str, Any]:
        return {"update_id": self.update_id, self.type: self.payload}


class UpdateQueue:
    """Updates not yet confirmed, oldest first.

    Attributes:
        history: Every update ever added, for looking at and for delivering again.
        allowed: The types the bot asked for last; others are never queued.
        on_update: Called after each addition; the webhook listens here.
    """

    def __init__(self, clock: Clock, first_id: int) -> None:
        self._clock = clock
        self._waiting: deque[Update] = deque()
        self._again: list[Update] = []
        self._held: asyncio.Future[bool] | None = None
        self._last_offset: int | None = None
        self._last_start = 0.0
        self._next_conflict = 0.0
        self._closing = False
        self.next_id = first_id
        self.history: list[Update] = []
        self.allowed: frozenset[str] = DEFAULT_TYPES
        self.on_update: Callable[[], None] = lambda: None

    def add(self, update_type: str, payload: dict[str, Any]) -> Update | None:
        """Queue an update; None when the bot does not want this type."""
        if update_type not in self.allowed:
            return None
        lifetime = LIFETIMES.get(update_type, DAY)
        # A copy: what happens to the message later must not change what was sent.
        payload = json.loads(json.dumps(payload))
        update = Update(self.next_id, update_type, payload, self._clock.monotonic() + lifetime)
        self.next_id += 1
        self._waiting.append(update)
        self.history.append(update)
        self._wake()
        return update

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more, although it was confirmed.

        Raises:
            LookupError: There was no such update.
        """
        update = next((u for u in self.history if u.update_id == update_id), None)
        if update is None:
            raise LookupError(f"no update {update_id}")
        self._again.append(update)
        self._wake()

    def pending_count(self) -> int:
        """How many updates wait."""
        now = self._clock.monotonic()
        return len(self._again) + sum(update.expires > now for update in self._waiting)

    def first(self) -> Update | None:
        """The oldest waiting update."""
        return next(iter(self._oldest(1)), None)

    def _oldest(self, limit: int) -> list[Update]:
        """At most ``limit`` waiting updates, those to be delivered again first."""
        now = self._clock.monotonic()
        while self._waiting and self._waiting[0].expires <= now:
            self._waiting.popleft()
        living = (update for update in self._waiting if update.expires > now)
        return list(itertools.islice(itertools.chain(self._again, living), limit))

    def confirm(self, update: Update) -> None:
        """Take one delivered update out."""
        if update in self._again:
            self._again.remove(update)
        elif update in self._waiting:
            self._waiting.remove(update)

    def drop(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()
        self._again.clear()

    def allow(self, params: Params) -> None:
        """Take over ``allowed_updates``; absent means as before (Client.cpp, get_allowed_update_types)."""
        try:
            names = json.loads(params.text("allowed_updates") or "null")
        except ValueError:
            return
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            self.allowed = frozenset(TYPES).intersection(name.lower() for name in names) or DEFAULT_TYPES

    async def get(self, params: Params) -> list[dict[str, Any]]:
        """Answer getUpdates, holding the call while there is nothing.

        Raises:
            BotApiError: 409 when another poll or setWebhook ends this one.
        """
        offset = params.number("offset")
        limit = params.integer("limit", 100, 1, 100)
        timeout = params.integer("timeout", 0, 0, 50)
        self.allow(params)
        now = self._clock.monotonic()
        if offset == self._last_offset:  # who asks for the same again and again is slowed down
            if timeout < 3 and now < self._last_start + 3.0:
                timeout = 3
            if now < self._last_start + 0.5:
                limit = 1
        self._last_offset, self._last_start = offset, now
        if offset < 0:
            self._waiting = deque(list(self._waiting)[offset:])
        updates = self._fetch(offset, limit)
        if timeout and not updates and not self._closing:
            self.abort("terminated by other getUpdates request; make sure that only one bot instance is running")
            if await self._hold(timeout):
                updates = self._fetch(max(offset, 0), limit)
        return [update.json() for update in updates]

    def _fetch(self, offset: int, limit: int) -> list[Update]:
        # Beyond the queue's end by more than ten, an offset counts as none (tdlib/td TQueue.cpp, get).
        if offset <= self.next_id + 10:
            while self._waiting and self._waiting[0].update_id < offset:
                self._waiting.popleft()
        updates = self._oldest(limit)
        self._again = self._again[len(updates) :]
        return updates

    async def _hold(self, seconds: float) -> bool:
        """Wait for an update; False when the time is over."""
        held: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._held = held
        timer = asyncio.ensure_future(self._sleep_until(self._clock.monotonic() + seconds))
        timer.add_done_callback(lambda _: None if held.done() else held.set_result(False))
        try:
            return await held
        except BotApiError as conflict:
            await self._delay_conflict()
            raise conflict from None
        finally:
            if self._held is held:
                self._held = None
            timer.cancel()

    async def _sleep_until(self, end: float) -> None:
        """Sleep to a point in time; the clock may have moved on before this task first ran."""
        while (left := end - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)

    async def _delay_conflict(self) -> None:
        """The first conflict is told at once, those right after it 3 s later (fail_query_conflict)."""
        now = self._clock.monotonic()
        if now < self._next_conflict:
            await self._clock.sleep(3.0)
        else:
            self._next_conflict = now + 3.0

    def abort(self, why: str) -> None:
        """End a held poll with a 409."""
        if self._held is not None and not self._held.done():
            self._held.set_exception(BotApiError(409, why))

    def release(self) -> None:
        """End a held poll with an empty answer and hold no other: the server shuts down."""
        self._closing = True
        if self._held is not None and not self._held.done():
            self._held.set_result(False)

    def _wake(self) -> None:
        if self._held is not None and not self._held.done():
            self._held.set_result(True)
        self.on_update()
