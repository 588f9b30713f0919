"""Where stories are kept: the last ones, found by their deliveries and messages, told to whoever listens."""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Callable, Iterator

from bot.clock import Clock
from bot.demo.story import Cleaner, Json, Story

TELL_SECONDS = 0.04
"""Changes of a story within this time are told together."""


class Shelf:
    """Keeps so many stories, the oldest go.

    Args:
        clock: When stories begin.
        clean: Makes what is told presentable.
        most: How many stories are kept.
        forget: Called with each one that goes.
    """

    def __init__(self, clock: Clock, clean: Cleaner, most: int, forget: Callable[[Story], None]) -> None:
        self._clock = clock
        self._clean = clean
        self._most = most
        self._forget = forget
        self._numbers = itertools.count(1)
        self._stories: OrderedDict[int, Story] = OrderedDict()
        self._by_delivery: dict[str, Story] = {}
        self._by_message: dict[tuple[str, str, str], list[Story]] = {}
        self._listeners: list[Callable[[Json], None]] = []
        self._untold: dict[int, Story] = {}
        self._telling: asyncio.TimerHandle | None = None

    def __iter__(self) -> Iterator[Story]:
        """All stories, the newest first."""
        return reversed(self._stories.values())

    def add(self, platform: str, kind: str, delivery_key: str = "") -> Story:
        """Begin a story."""
        now = self._clock.now().isoformat(timespec="milliseconds")
        story = Story(next(self._numbers), now, platform, kind, delivery_key=delivery_key)
        self._stories[story.id] = story
        if delivery_key:
            self._by_delivery[delivery_key] = story
        while len(self._stories) > self._most:
            self._remove(self._stories.popitem(last=False)[1])
        return story

    def of_delivery(self, key: str) -> Story | None:
        """The story of a delivery."""
        return self._by_delivery.get(key)

    def of_message(self, platform: str, place: str, message: str) -> list[Story]:
        """The stories that a message belongs to, in their order."""
        return self._by_message.get((platform, place, message), [])

    def show(self, story: Story, platform: str, place: str, message: str, role: str) -> None:
        """A message belongs to a story: ``said``, ``pressed``, ``made``, ``changed`` or ``deleted`` there."""
        which = platform, place, message
        if which not in story.messages and story.id in self._stories:
            story.messages[which] = role
            self._by_message.setdefault(which, []).append(story)
            self.touch(story)

    def subscribe(self, listener: Callable[[Json], None]) -> Callable[[], None]:
        """Call ``listener`` with each story that is new or goes on; what is returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def touch(self, story: Story) -> None:
        """A story goes on: tell whoever listens, soon."""
        if self._listeners and story.id in self._stories:
            self._untold[story.id] = story
            if self._telling is None:
                self._telling = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell)

    def _tell(self) -> None:
        self._telling = None
        untold, self._untold = self._untold, {}
        for story in untold.values():
            told = {**story.json(self._clean), "type": "story"}
            for listener in list(self._listeners):
                listener(told)

    def _remove(self, story: Story) -> None:
        self._by_delivery.pop(story.delivery_key, None)
        self._untold.pop(story.id, None)
        for which in story.messages:
            others = [other for other in self._by_message.pop(which, []) if other is not story]
            if others:
                self._by_message[which] = others
        self._forget(story)
