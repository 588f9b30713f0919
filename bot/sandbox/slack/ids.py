"""Ids and secrets in the forms that Slack gives them."""

from __future__ import annotations

import itertools
import secrets


def secret(length: int) -> str:
    """Random hexadecimal digits."""
    return secrets.token_hex((length + 1) // 2)[:length]


class Ids:
    """Ids of one workspace, numbered through, so that a run of a test reads the same each time."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        """``prefix`` (``U``, ``C``, ``Ev`` …) and ten digits."""
        return f"{prefix}{next(self._numbers):010d}"

    def go_on_at(self, number: int) -> None:
        """Let the next id have this number."""
        self._numbers = itertools.count(number)


class Timestamps:
    """Message timestamps: microseconds of the clock, never one twice, always rising."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, seconds: float) -> str:
        """``1503435956.000247`` for a time in Unix seconds."""
        self._last = max(int(seconds * 1_000_000), self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
