"""What may be sent next: the store's waiting messages in the order of lanes, each chat's in their own order.

A chat that is busy, resting or paused holds back nobody else; a message not yet due holds back not even those
behind it in its own chat. One that is tried again has its old place.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.delivery.pace import Pace
from storage.outbox import BROADCAST, REPLY, Queued


class Item(NamedTuple):
    """A message's place in line, and which message it is."""

    lane: int
    order: int
    queued: Queued

    @property
    def identity(self) -> tuple[str, int]:
        return self.queued.source, self.queued.id


class _Line:
    """One chat's waiting messages and its pace; while something of it is under way, which and its place.

    ``offered`` is the place of the message that may go, 0 while the chat is busy or rests.
    """

    def __init__(self, pace: Pace) -> None:
        self.items: list[Item] = []
        self.pace = pace
        self.under_way: dict[tuple[str, int], int] = {}
        self.offered = 0

    @property
    def busy(self) -> bool:
        return bool(self.under_way)


class SendQueue:
    """One platform's waiting messages.

    Args:
        chat_pace: Makes the pace of a chat, by its kind.
        method_of: The call that a queued message takes.
        method_pace: Makes the pace of a method.
    """

    def __init__(
        self,
        chat_pace: Callable[[str], Pace],
        method_of: Callable[[Queued], str],
        method_pace: Callable[[str], Pace],
    ) -> None:
        self._chat_pace = chat_pace
        self._method_of = method_of
        self._new_method_pace = method_pace
        self._methods: dict[str, Pace] = {}
        self._lines: dict[int, _Line] = {}
        self._later: list[tuple[datetime, int, Item]] = []
        self._ready: dict[tuple[str, int], list[tuple[int, int, int]]] = {}
        self._resting: list[tuple[float, int]] = []
        self._known: set[tuple[str, int]] = set()
        self._order = 0
        self._blocked_until = 0.0

    def __len__(self) -> int:
        return len(self._known)

    def add(self, queued: Queued, now: datetime, at: float) -> None:
        """Take a message in; one that is in already keeps its place."""
        identity = (queued.source, queued.id)
        if identity in self._known:
            return
        line = self._lines.get(queued.chat_id)
        order = line.under_way.get(identity) if line else None
        item = Item(queued.lane, order or self._next_order(), queued)
        self._known.add(identity)
        if queued.not_before > now:
            heapq.heappush(self._later, (queued.not_before, item.order, item))
        else:
            self._line_up(item, at)

    def hold(self, chat_id: int, kind: str, source: str, message_id: int) -> None:
        """Keep a chat busy until :meth:`done` for a message that is under way, though not taken from here."""
        self._line(chat_id, kind).under_way[source, message_id] = self._next_order()

    def take(self, now: datetime, at: float, *, replies_only: bool = False) -> tuple[Item, str] | None:
        """Return what is to be sent now and by which method, or None. Its chat is busy until :meth:`done`."""
        self._wake(now, at)
        best: tuple[int, int, int] | None = None
        chosen: tuple[str, int] | None = None
        for (method, lane), heap in self._ready.items():
            if replies_only and lane != REPLY:
                continue
            head = self._head(heap)
            if head and self._method_free_at(method, lane) <= at and (best is None or head < best):
                best, chosen = head, (method, lane)
        if best is None or chosen is None:
            return None
        method = chosen[0]
        heapq.heappop(self._ready[chosen])
        line = self._lines[best[2]]
        item = heapq.heappop(line.items)
        self._known.discard(item.identity)
        line.under_way[item.identity] = item.order
        line.offered = 0
        line.pace.made(at)
        self._method(method).made(at)
        return item, method

    def calling(self, chat_id: int, method: str, taken_at: float, at: float) -> None:
        """What was taken then is on the wire only now: from now on it counts."""
        self._lines[chat_id].pace.made_later(taken_at, at)
        self._method(method).made_later(taken_at, at)

    def done(self, chat_id: int, at: float) -> None:
        """A chat's message is settled; the next one may go as soon as the chat's pace allows."""
        self._lines[chat_id].under_way.clear()
        self._go_on(chat_id, at)

    def block_chat(self, chat_id: int, until: float) -> None:
        """A chat asked for a pause."""
        self._lines[chat_id].pace.block(until)

    def block_method(self, method: str, until: float) -> None:
        """A method asked for a pause."""
        self._method(method).block(until)

    def block_all(self, until: float) -> None:
        """The platform asked for a pause."""
        self._blocked_until = max(self._blocked_until, until)

    def next_at(self, now: datetime, at: float, *, replies_only: bool = False) -> float | None:
        """When :meth:`take` may have something again, on the steady clock; None if nothing waits."""
        times = [at + (self._later[0][0] - now).total_seconds()] if self._later else []
        if self._resting:
            times.append(self._resting[0][0])
        for (method, lane), heap in self._ready.items():
            if (lane == REPLY or not replies_only) and self._head(heap):
                times.append(self._method_free_at(method, lane))
        return min(times, default=None)

    def _wake(self, now: datetime, at: float) -> None:
        while self._later and self._later[0][0] <= now:
            self._line_up(heapq.heappop(self._later)[2], at)
        while self._resting and self._resting[0][0] <= at:
            chat_id = heapq.heappop(self._resting)[1]
            if chat_id in self._lines and not self._lines[chat_id].busy:
                self._go_on(chat_id, at)

    def _line_up(self, item: Item, at: float) -> None:
        chat_id = item.queued.chat_id
        line = self._line(chat_id, item.queued.kind)
        heapq.heappush(line.items, item)
        if line.items[0] is item and not line.busy:
            self._go_on(chat_id, at)

    def _go_on(self, chat_id: int, at: float) -> None:
        """Offer a free chat's first message, let the chat rest, or forget it once its past does not count."""
        line = self._lines[chat_id]
        if line.items:
            free = line.pace.free_at()
            if free <= at:
                self._offer(line, line.items[0])
                return
        else:
            free = line.pace.forgotten_at()
            if free <= at:
                del self._lines[chat_id]
                return
        heapq.heappush(self._resting, (free, chat_id))

    def _offer(self, line: _Line, item: Item) -> None:
        line.offered = item.order
        heap = self._ready.setdefault((self._method_of(item.queued), item.lane), [])
        heapq.heappush(heap, (item.lane, item.order, item.queued.chat_id))

    def _head(self, heap: list[tuple[int, int, int]]) -> tuple[int, int, int] | None:
        """Return the first offer that still stands: offers are dropped lazily."""
        while heap:
            _, order, chat_id = heap[0]
            line = self._lines.get(chat_id)
            if line and line.offered == order:
                return heap[0]
            heapq.heappop(heap)
        return None

    def _next_order(self) -> int:
        self._order += 1
        return self._order

    def _line(self, chat_id: int, kind: str) -> _Line:
        line = self._lines.get(chat_id)
        if line is None:
            line = self._lines[chat_id] = _Line(self._chat_pace(kind))
        return line

    def _method(self, method: str) -> Pace:
        pace = self._methods.get(method)
        if pace is None:
            pace = self._methods[method] = self._new_method_pace(method)
        return pace

    def _method_free_at(self, method: str, lane: int) -> float:
        pace = self._method(method)
        free = pace.free_at() if lane < BROADCAST else pace.evenly_free_at(pace.spacing)
        return max(free, self._blocked_until)
