"""Faults that a sandbox plays on its clients, and the record of what clients asked of it.

Both sandboxes (Slack, Telegram) use these; neither knows the other.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from bot.clock import Clock

FaultKind = Literal["429", "5xx", "stall", "drop"]
Moment = Literal["before", "after"]


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong with a matching call.

    Attributes:
        method: Glob over method names, matched without regard to case (``chat.*``, ``send*``).
        kind: ``429`` refuses with the platform's rate-limit answer, ``5xx`` with an internal error,
            ``stall`` waits ``seconds``, or until the fault is taken out of force, and then goes on as usual,
            ``drop`` closes the connection without an answer.
        times: How many calls it hits; None for all of them.
        retry_after: Whole seconds a ``429`` asks the client to wait.
        moment: ``before`` the call has any effect, or ``after`` it: the effect stands, the answer is lost.
        seconds: Length of a ``stall``, in the sandbox's clock.
        chat: Only calls for this channel or chat, compared as text; None for any.
        over: Set when it is taken out of force before it is used up.
    """

    method: str = "*"
    kind: FaultKind = "5xx"
    times: int | None = 1
    retry_after: int = 1
    moment: Moment = "before"
    seconds: float = 0.0
    chat: str | int | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event, repr=False, compare=False)

    def matches(self, method: str, chat: str | int | None) -> bool:
        """Whether this fault concerns a call of ``method`` for ``chat``."""
        if self.times is not None and self.times <= 0:
            return False
        if self.chat is not None and str(self.chat) != str(chat):
            return False
        return fnmatchcase(method.lower(), self.method.lower())

    async def stalled(self, clock: Clock) -> None:
        """Wait as long as this stall lasts."""
        waits = [asyncio.ensure_future(clock.sleep(self.seconds)), asyncio.ensure_future(self.over.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


class Faults:
    """The faults in force, oldest first."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put ``fault`` in force and return it, so that it can be taken out again by :meth:`remove`."""
        self.active.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take one fault out of force; nothing happens when it is already used up."""
        self._drop(fault)
        fault.over.set()

    def clear(self) -> None:
        """Let everything work again."""
        for fault in list(self.active):
            self.remove(fault)

    def take(self, method: str, chat: str | int | None = None) -> Fault | None:
        """The first fault that hits this call, counted down by one; None when the call goes through."""
        for fault in self.active:
            if fault.matches(method, chat):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._drop(fault)
                return fault
        return None

    def _drop(self, fault: Fault) -> None:
        self.active = [other for other in self.active if other is not fault]


@dataclass(slots=True)
class Call:
    """One request that a client made.

    Attributes:
        method: The platform's method name, as the client spelled it.
        params: Its arguments after decoding (query, form or JSON); never a token.
        at_monotonic: When it came, in seconds of the sandbox's clock.
        status: The HTTP status that was sent; 0 when the connection was closed without an answer.
        answer: The decoded answer; empty when there was none.
        about: The id of what its address names, for addresses that are no methods (a response_url, an upload).
    """

    method: str
    params: dict[str, Any]
    at_monotonic: float
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    about: str = ""
