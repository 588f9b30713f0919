"""What the page shows: everything that stands on both platforms, as JSON, and each change of it as it happens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from bot.demo import slack_side, telegram_side
from bot.demo.stage import Stage
from bot.sandbox import slack, telegram
from bot.wording import Language

Json = dict[str, Any]
Path = tuple[str, ...]

ZONE = "Europe/Berlin"
LOOK_SECONDS = 0.2
"""How often the store is asked whether it changed."""

MOST_TIMERS, MOST_EVENTS = 5, 20


class Board:
    """Knows the whole state, and tells what changed: paths into it with their new values.

    Changes that happen together are told together, in the next turn of the event loop, each only if it makes a
    difference.

    Args:
        stage: What runs.
        hub_name: What the hub is called.
        language: The page begins in it.
        version: Of the program.
    """

    def __init__(self, stage: Stage, hub_name: str, language: Language, version: str) -> None:
        self._stage = stage
        self._about: Json = {"language": language, "version": version, "hub": {"name": hub_name}, "zone": ZONE}
        self._listeners: list[Callable[[str], None]] = []
        self._touched: dict[Path, Callable[[], Any]] = {}
        self._told: dict[Path, str] = {}
        self._store: Json = {"unsent": {}, "next": [], "events": []}
        self._store_version: object = None
        self._flushing: asyncio.Handle | None = None
        stage.subscribe(self._stage_changed)
        stage.world.slack.subscribe(self._slack_changed)
        stage.world.telegram.subscribe(self._telegram_changed)

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call ``listener`` with each change, a text frame; what is returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def state(self) -> str:
        """Everything there is to know now, as a text frame."""
        self.flush()
        state = {
            "type": "state",
            **self._about,
            "now": self._now(),
            **{path[0]: value() for path, value in self._general().items()},
            "people": {person.key: _person(person) for person in self._stage.cast.people.values()},
            "order": list(self._stage.cast.people),
            "slack": slack_side.state(self._stage.world.slack),
            "telegram": telegram_side.state(self._stage.world.telegram),
        }
        return json.dumps(state)

    def flush(self) -> None:
        """Tell at once what changed."""
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        touched, self._touched = self._touched, {}
        changes = []
        for path, value in touched.items():
            encoded = json.dumps(value())
            if self._told.get(path) != encoded:
                self._told[path] = encoded
                changes.append(f"[{json.dumps(path)},{encoded}]")
        if changes:
            frame = f'{{"type":"change","set":[{",".join(changes)}]}}'
            for listener in list(self._listeners):
                listener(frame)

    async def watch_store(self) -> None:
        """Look again and again what the store says of the time to come; until cancelled."""
        while True:
            await self.look_into_store()
            self.touch(("waiting",), self._waiting)  # a delivery that ends is no change of anything else
            await asyncio.sleep(LOOK_SECONDS)

    async def look_into_store(self) -> None:
        """Ask the store, if it changed since it was asked last."""
        from bot.demo.store_side import look, version_of
        from storage.errors import StoreError

        app = self._stage.app
        if app is None:
            return
        try:
            version = app, await app.database.read(version_of)
            if version != self._store_version:
                now = self._stage.clock.now()
                self._store = await app.database.read(
                    partial(look, now=now, timers=MOST_TIMERS, events=MOST_EVENTS)
                )
                self._store_version = version
                self._touch_general()
        except StoreError:  # it was just closed
            return

    # --- what changes ------------------------------------------------------------------------------------

    def touch(self, path: Path, value: Callable[[], Any]) -> None:
        """Something may have changed."""
        self._touched[path] = value
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_soon(self._flush_later)

    def _flush_later(self) -> None:
        self._flushing = None
        self.flush()

    def touch_all(self, changes: Sequence[tuple[Path, Callable[[], Any]]]) -> None:
        """Several things may have changed."""
        for path, value in changes:
            self.touch(path, value)

    def _stage_changed(self) -> None:
        self._store_version = None
        self.touch(("now",), self._now)
        self._touch_general()

    def _touch_general(self) -> None:
        self.touch_all(list(self._general().items()))

    def _slack_changed(self, change: slack.Change) -> None:
        self.touch_all(slack_side.changed(self._stage.world.slack, change))
        if change.kind == "delivery":
            self.touch(("waiting",), self._waiting)

    def _telegram_changed(self, change: telegram.Change) -> None:
        self.touch_all(telegram_side.changed(self._stage.world.telegram, change))
        self.touch(("waiting",), self._waiting)

    # --- what there is besides the chats -------------------------------------------------------------------

    def _general(self) -> dict[Path, Callable[[], Any]]:
        stage = self._stage
        return {
            ("bot",): lambda: {"running": stage.app is not None, "starting": stage.starting},
            ("faults",): stage.trouble.shown,
            ("waiting",): self._waiting,
            ("next",): lambda: self._store["next"],
            ("events",): lambda: self._store["events"],
        }

    def _now(self) -> str:
        return self._stage.clock.now().isoformat(timespec="milliseconds")

    def _waiting(self) -> dict[str, int]:
        unsent, world = self._store["unsent"], self._stage.world
        return {
            "slack": unsent.get("slack", 0) + len(world.slack.deliveries.open),
            "telegram": unsent.get("telegram", 0) + world.telegram.world.queue.pending_count(),
        }


def _person(person: Any) -> Json:
    return {
        "key": person.key,
        "name": person.name,
        "role": {"de": person.role.de, "en": person.role.en},
        "language": person.language,
        "slack": person.slack.id if person.slack else None,
        "telegram": str(person.telegram.id) if person.telegram else None,
    }
