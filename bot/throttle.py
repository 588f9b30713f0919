"""How much one person, and everybody together, may ask of the bot at once; who asks more hears "one moment"."""

from __future__ import annotations

from bot.adapters.port import Window
from bot.delivery.pace import Pace
from handlers.core.requests import ButtonPress, Command, HomeOpened, OtherMessage, Picked, Request, TextMessage

MINUTE, BURST_SECONDS = 60.0, 10.0
"""In a burst at most half of a minute's requests: answers leave one a second, and nobody scrolls through forty."""

WAITING = 2000
"""Requests under way or waiting, of all people together."""

_COUNTED = (ButtonPress, Command, HomeOpened, OtherMessage, Picked)
"""What is not counted: a form that was filled in, and what the platform tells by itself."""


class Throttle:
    """Counts requests by person, in sliding windows.

    Args:
        per_minute: Most requests of one person in a minute.
    """

    def __init__(self, per_minute: int) -> None:
        self._windows = (Window(per_minute, MINUTE), Window(max(1, per_minute // 2), BURST_SECONDS))
        self._paces: dict[tuple[str, str], Pace] = {}
        self._forget_at = 0.0

    def seconds_too_soon(self, request: Request, now: float, waiting: int) -> float:
        """Count a request and return 0, or return in how many seconds the person may ask again.

        Args:
            request: What arrived. What people say among themselves is not counted.
            now: Seconds on the steady clock.
            waiting: How many requests of all people are under way or waiting.
        """
        if not isinstance(request, _COUNTED) and not (isinstance(request, TextMessage) and request.addressed):
            return 0.0
        if waiting > WAITING:
            return 1.0
        if now >= self._forget_at:
            self._forget_at = now + MINUTE
            self._paces = {person: pace for person, pace in self._paces.items() if pace.forgotten_at() > now}
        person = (request.actor.platform, request.actor.account)
        pace = self._paces.get(person)
        if pace is None:
            pace = self._paces[person] = Pace(self._windows)
        if pace.free_at() > now:
            return pace.free_at() - now
        pace.made(now)
        return 0.0
