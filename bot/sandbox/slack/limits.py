"""How fast an app may call, counted in sliding windows on the sandbox's clock.

Sources: docs.slack.dev/apis/web-api/rate-limits (tiers; "one message per second per channel, short bursts
allowed"), and the tier that each method's own reference page names.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

Tier = Literal["t1", "t2", "t3", "t4", "t5"]

#: Calls a minute of one method in one workspace. ``t5`` are the methods with special conditions: Slack
#: names no figure but "hundreds a minute" for them; chat.postMessage is held per channel besides.
PER_MINUTE: dict[Tier, int] = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600}


@dataclass(frozen=True, slots=True)
class Window:
    """At most ``count`` calls within any ``seconds``."""

    count: int
    seconds: float


@dataclass(slots=True)
class Limits:
    """The limits in force.

    Attributes:
        enforced: False lets everything through.
        posts: Messages into one channel. The default lets four come at once and holds a steady sender to
            little over one a second, so that 1/s with some jitter on the way passes and 2/s does not.
    """

    enforced: bool = True
    posts: Window = field(default_factory=lambda: Window(count=4, seconds=3.0))
    _taken: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def take(self, method: str, tier: Tier, now: float, channel: str | None = None) -> int | None:
        """Count one call; the whole seconds to wait when it is one too many (it is then not counted)."""
        if not self.enforced:
            return None
        windows = [((method, ""), Window(PER_MINUTE[tier], 60.0))]
        if channel is not None:
            windows.append((("message", channel), self.posts))
        for key, window in windows:
            times = self._taken.setdefault(key, deque())
            while times and times[0] <= now - window.seconds:
                times.popleft()
            if len(times) >= window.count:
                return max(1, math.ceil(times[0] + window.seconds - now))
        for key, _ in windows:
            self._taken[key].append(now)
        return None
