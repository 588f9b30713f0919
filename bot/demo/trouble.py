"""What goes wrong on purpose: faults of either platform, in force until they are switched off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.demo.cast import CannotError
from bot.sandbox.faults import Fault
from bot.sandbox.world import SandboxWorld

Json = dict[str, Any]

PLATFORMS = ("slack", "telegram")
RETRY_AFTER = 5
DROP_SECONDS = 2.0
"""How often connections are cut while that fault is on."""

_FOR_EVER = 1e9
_FAULTS: dict[str, dict[str, Any]] = {
    # What only looks begins with "get": the bot goes on hearing, it only can't say anything.
    "429": {"method": "[!g]*", "kind": "429", "times": None, "retry_after": RETRY_AFTER},
    "5xx": {"method": "[!g]*", "kind": "5xx", "times": None},
    "silence": {"kind": "stall", "times": None, "seconds": _FOR_EVER},
    "drop": {"kind": "drop", "times": 1},
}


class Trouble:
    """Switches faults on and off.

    Args:
        world: The platforms.
        changed: Called whenever a fault came or went.
    """

    def __init__(self, world: SandboxWorld, changed: Callable[[], None]) -> None:
        self._world = world
        self._changed = changed
        self._on: dict[tuple[str, str], Fault] = {}
        self._dropping: dict[str, asyncio.Task[None]] = {}

    def __bool__(self) -> bool:
        return bool(self._on)

    def shown(self) -> dict[str, Json]:
        """What is on, by id, as the page is told."""
        return {
            f"{platform}.{kind}": {"id": f"{platform}.{kind}", "platform": platform, "kind": kind, "left": None}
            for platform, kind in self._on
        }

    def switch(self, platform: str, kind: str, on: bool) -> None:
        """Switch one fault.

        Raises:
            CannotError: There is no such fault.
        """
        if platform not in PLATFORMS or kind not in _FAULTS:
            raise CannotError("Diese Störung gibt es hier nicht.", "There is no such fault here.")
        if not on:
            self._end(platform, kind)
        elif (platform, kind) not in self._on:
            fault = self._on[platform, kind] = Fault(**_FAULTS[kind])
            if kind == "drop":
                self._dropping[platform] = asyncio.create_task(self._drop(platform), name=f"drop-{platform}")
            else:
                self._faults(platform).add(fault)
        self._changed()

    def heal(self) -> None:
        """Let everything work again."""
        for platform, kind in list(self._on):
            self._end(platform, kind)
        self._changed()

    def _end(self, platform: str, kind: str) -> None:
        fault = self._on.pop((platform, kind), None)
        if fault is not None:
            self._faults(platform).remove(fault)
        if kind == "drop" and (dropping := self._dropping.pop(platform, None)):
            dropping.cancel()

    async def _drop(self, platform: str) -> None:
        """Cut what is open, and let the next call lose its connection, again and again."""
        fault: Fault | None = None
        try:
            while True:
                fault = self._faults(platform).add(Fault(**_FAULTS["drop"]))
                if platform == "slack":
                    self._world.slack.sockets.drop()
                else:
                    self._world.telegram.cut_connections()
                await asyncio.sleep(DROP_SECONDS)
                self._faults(platform).remove(fault)
        finally:
            if fault is not None:
                self._faults(platform).remove(fault)

    def _faults(self, platform: str) -> Any:
        return self._world.slack.faults if platform == "slack" else self._world.telegram.faults
