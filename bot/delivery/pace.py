"""How fast a platform lets us go: sliding windows, never a bucket that may burst at its seams."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from bot.adapters.port import Window


class Pace:
    """Remembers when calls were made and says when the next one may be.

    Args:
        windows: Limits that all hold at once.

    Attributes:
        spacing: Seconds between calls that are spread evenly over the tightest window.
    """

    def __init__(self, windows: Iterable[Window]) -> None:
        self._windows = [(window, deque[float](maxlen=window.calls)) for window in windows]
        self._blocked_until = 0.0
        self._last = float("-inf")
        self.spacing = max((window.seconds / window.calls for window, _ in self._windows), default=0.0)

    def free_at(self) -> float:
        """When the next call may be made, on the same clock as :meth:`made`."""
        free = self._blocked_until
        for window, calls in self._windows:
            if len(calls) == window.calls:
                free = max(free, calls[0] + window.seconds)
        return free

    def forgotten_at(self) -> float:
        """When no call made so far counts any more."""
        longest = max((window.seconds for window, _ in self._windows), default=0.0)
        return max(self._blocked_until, self._last + longest)

    def evenly_free_at(self, spacing: float) -> float:
        """The same for calls that leave gaps, so that an urgent one need not wait for a whole window."""
        return max(self.free_at(), self._last + spacing)

    def made(self, at: float) -> None:
        """Note a call."""
        self._last = at
        for _, calls in self._windows:
            calls.append(at)

    def made_later(self, noted: float, at: float) -> None:
        """The call that was noted in advance is only being made now."""
        self._last = max(self._last, at)
        for _, calls in self._windows:
            if noted in calls:
                calls.remove(noted)
            calls.append(at)

    def block(self, until: float) -> None:
        """Make no call before then: the platform asked for a pause."""
        self._blocked_until = max(self._blocked_until, until)
