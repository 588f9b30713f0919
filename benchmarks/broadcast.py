"""A broadcast to 1,000 Telegram chats and 50 groups on a fake clock, with the real store and the real delivery.

The bound is what the limits allow: 30 messages in any second over all. Meanwhile people in chats that are free
press buttons, and their replies are timed. Afterwards every sliding window is checked against what was sent.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.report import Figure, leave, parser, report
from benchmarks.scripted import ScriptedAdapter
from bot.adapters.telegram.limits import DIRECT_WINDOWS, GROUP_WINDOWS, SEND_WINDOWS
from bot.app import build_house
from bot.clock import ManualClock
from bot.delivery.delivery import Delivery
from bot.metrics import Metrics
from bot.settings import SHIPPED_HUB
from handlers.core.payloads import dump_message
from handlers.core.seals import Seals
from handlers.core.ui import Reply, Section
from storage import chats, outbox
from storage.chats import Chat, Kind
from storage.database import Database
from storage.outbox import BROADCAST, REPLY
from storage.rows import Transaction

CHATS, GROUPS, REPLIES = 1000, 50, 60
PER_SECOND, PER_GROUP_MINUTE = 30, 20
LATENCY = 0.08
QUIET_TURNS = 10
"""Turns of the event loop without a statement under way, after which only time can bring more."""

Result = TypeVar("Result")
NOTICE = dump_message(Reply(blocks=(Section("Startup-Night am Donnerstag"),), summary="Startup-Night"))


def add_chats(tx: Transaction, kind: Kind, first: int, count: int, now: datetime) -> list[Chat]:
    """Return new chats."""
    return [chats.add_chat(tx, "telegram", str(first + at), kind, "", now) for at in range(count)]


def add_broadcast(tx: Transaction, to: list[Chat], now: datetime) -> None:
    """Put one notice for each chat into the outbox."""
    for chat in to:
        outbox.add_message(tx, chat, key=f"b:{chat.id}", payload=NOTICE, lane=BROADCAST, now=now, broadcast="b")


class WatchedDatabase(Database):
    """A store that tells when nothing is being read or written."""

    reading = 0

    async def read(self, function: Callable[[Transaction], Result]) -> Result:
        """Read, and be counted."""
        self.reading += 1
        try:
            return await super().read(function)
        finally:
            self.reading -= 1


async def settle(database: WatchedDatabase) -> None:
    """Let everything happen that needs no time to pass."""
    quiet = 0
    while quiet < QUIET_TURNS:
        await asyncio.sleep(0)
        quiet = quiet + 1 if database.idle and not database.reading else 0


async def measure() -> dict[str, Figure]:
    """Send the broadcast and return the figures."""
    clock = ManualClock(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    house = build_house(SHIPPED_HUB, Seals(["benchmark" * 4]))
    adapter = ScriptedAdapter(
        "telegram",
        clock,
        latency=LATENCY,
        in_flight=8,
        method_windows=SEND_WINDOWS,
        direct_windows=DIRECT_WINDOWS,
        group_windows=GROUP_WINDOWS,
    )
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        database = WatchedDatabase(Path(folder) / "bench.sqlite3")
        await database.open()
        delivery = Delivery({"telegram": adapter}, house, database, clock, Metrics())
        await delivery.start()
        now = clock.now()
        people = await database.write(lambda tx: add_chats(tx, "direct", 1, CHATS, now))
        groups = await database.write(lambda tx: add_chats(tx, "group", -5000, GROUPS, now))
        pressing = await database.write(lambda tx: add_chats(tx, "direct", 900_000, REPLIES, now))
        await database.write(lambda tx: add_broadcast(tx, people + groups, now))
        asked: dict[str, float] = {}
        while len(adapter.sent) < CHATS + GROUPS + REPLIES:
            await settle(database)
            due = 1 + len(asked) * 0.5
            if len(asked) < REPLIES and clock.monotonic() >= due:
                chat, moment = pressing[len(asked)], clock.now()
                key = f"r:{chat.id}"
                asked[key] = clock.monotonic()
                await database.write(
                    partial(outbox.add_message, chat=chat, key=key, payload=NOTICE, lane=REPLY, now=moment)
                )
                continue
            wake = clock.next_wake()
            clock.advance(min(0.01 if wake is None else wake, 0.05))
        finished = max(at for at, out in adapter.sent if out.key.startswith("b:"))
        waits = [at - asked[out.key] for at, out in adapter.sent if out.key in asked]
        await settle(database)
        clock.advance(1)
        await delivery.stop()
        await database.close()
    replies_meanwhile = sum(1 for at, out in adapter.sent if out.key in asked and at <= finished)
    bound = (CHATS + GROUPS + replies_meanwhile) / PER_SECOND
    return {
        "duration against the bound of the limits": Figure(finished / bound, "×", 1.05, "lower"),
        "duration": Figure(finished, "s"),
        "messages over a sliding window's limit": Figure(broken(adapter), "", 0, "lower"),
        "longest wait of a reply in a free chat": Figure(max(waits), "s", 0.2, "lower"),
        "messages sent twice": Figure(
            len(adapter.sent) - len({out.key for _, out in adapter.sent}), "", 0, "lower"
        ),
    }


def broken(adapter: ScriptedAdapter) -> int:
    """Count the messages that were too many: over all, in a chat, in a group."""
    by_chat: dict[str, list[float]] = defaultdict(list)
    for at, out in adapter.sent:
        by_chat[out.chat].append(at)
    over = excess([at for at, _ in adapter.sent], PER_SECOND, 1.0)
    for chat, times in by_chat.items():
        over += excess(times, 1, 1.0)
        if chat.startswith("-"):
            over += excess(times, PER_GROUP_MINUTE, 60.0)
    return over


def excess(times: list[float], calls: int, seconds: float) -> int:
    """Count the calls with ``calls`` others in the ``seconds`` before."""
    times = sorted(times)
    return sum(1 for at, time in enumerate(times) if at >= calls and time - times[at - calls] < seconds - 1e-9)


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__).parse_args()
    return report("broadcast", await measure(), as_json=options.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
