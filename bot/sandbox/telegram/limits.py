"""How fast a bot may send (core.telegram.org/bots/faq, "My bot is hitting limits")."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from bot.sandbox.telegram.state import Chat


@dataclass(slots=True)
class Limits:
    """Sliding windows over what was sent.

    The FAQ names 30 messages a second over all, one a second in a chat and 20 a minute in a group, and says
    that short bursts in a chat may pass. How short, it does not say; ``chat_burst`` messages within
    ``chat_burst`` seconds pass here (1: none).

    Attributes:
        per_second: Messages in any second, over all chats.
        chat_burst: Messages in a chat within as many seconds.
        group_per_minute: Messages to one group in any minute.
    """

    per_second: int = 30
    chat_burst: int = 3
    group_per_minute: int = 20
    _sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def take(self, chat: Chat, now: float) -> int:
        """Count a message sent at ``now`` (monotonic seconds); a refused one is not counted.

        Returns:
            0 when it may pass, otherwise the whole seconds to wait.
        """
        windows = [(0, self.per_second, 1.0), (chat.id, self.chat_burst, float(self.chat_burst))]
        if chat.type != "private":
            windows.append((chat.id, self.group_per_minute, 60.0))
        waits = [self._wait(key, most, seconds, now) for key, most, seconds in windows]
        if any(wait > 0 for wait in waits):
            return max(1, math.ceil(max(waits)))
        for key in (0, chat.id):
            self._sent[key].append(now)
            while self._sent[key][0] <= now - 60:
                self._sent[key].popleft()
        return 0

    def _wait(self, key: int, most: int, seconds: float, now: float) -> float:
        recent = [at for at in self._sent[key] if at > now - seconds]
        return recent[-most] + seconds - now if len(recent) >= most else 0.0
