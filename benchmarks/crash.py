"""The bot is killed again and again, under load from both sides, and nothing may be lost or come twice.

The real bot runs in a process of its own, as ``python -m bot run`` does, against a local Slack (Socket Mode) and
a local Telegram (long polling). People ask and press buttons, managers decide, and notices and files are put into
the outbox while the bot is down. Then the process gets SIGKILL: soon after its start, amid what comes in, or amid
what goes out, while the platforms let calls wait before or after they take effect. It is started again at once.

In the end all is let come to rest and counted, on the platforms' side: every question must have its answer, every
press that was acknowledged (or was committed, unacknowledged) its effects, every message must have left. On Slack
once; on Telegram, which can't be asked whether a message arrived, at most once more for each chat and kill, and at
most eight times for each kill.

Slack does not bring a press again: one that was killed before its commit counts for nothing. What only one person
sees on Slack (ephemeral) can't be looked for, may come twice, and is not counted. A SIGKILL leaves what the kernel
has taken; whether a power cut loses commits is up to SQLite and the disk (``synchronous=FULL``).

What is not as in real life: the bot waits two seconds for a call instead of ten or twenty
(:mod:`benchmarks.crashing_bot`); Slack's limits are off, since a bot that starts ten times a minute would be told
to pause between connections (apps.connections.open, one a minute); and Slack brings events again after seconds,
where it would take minutes. Telegram's limits hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

from benchmarks.bot_process import BotProcess, bot_between_platforms
from benchmarks.crowd import Crowd
from benchmarks.report import Figure, leave, parser, report
from benchmarks.tally import Tally, tally
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.sandbox.faults import Fault
from bot.sandbox.world import SandboxWorld
from storage.database import Database

KILLS = 50
START_SECONDS = 3.0
LOAD_SECONDS = 1.2
SENDS = 8
STALLS = (0.05, 0.5)
"""Seconds that a call may wait: well under what the bot waits for it."""
QUIET_SECONDS = 180.0
SLACK = {"enforce_limits": False, "ack_seconds": 2.0, "retry_delays": (0.3, 2.0, 6.0)}
STALLED = {"slack": ("chat.*", "files.*"), "telegram": ("send*", "edit*")}
SENDING = ("chat.", "files.complete", "send", "edit")
WAITING = (
    "SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown'))"
    " + (SELECT count(*) FROM posts WHERE state IN ('sending', 'unknown') OR (state = 'idle' AND sent < wanted))"
)

Phase = Literal["start", "load", "sending"]
PHASES: tuple[Phase, ...] = ("start", "load", "sending")


class Run:
    """One run of the benchmark.

    Args:
        world: The platforms.
        process: The bot.
        crowd: The people.
        chance: Decides when what happens.

    Attributes:
        starts: When each process was started, on the steady clock.
        ready_after: How long those that were let come up took, in seconds.
    """

    def __init__(self, world: SandboxWorld, process: BotProcess, crowd: Crowd, chance: random.Random) -> None:
        self._world = world
        self._process = process
        self._crowd = crowd
        self._chance = chance
        self.starts: list[float] = []
        self.ready_after: list[float] = []

    async def prepare(self) -> None:
        """Let the managers and their chats be known."""
        await self._crowd.gather()
        async with self._store() as database:
            await database.write(self._crowd.appoint)

    async def kill_once(self, phase: Phase) -> None:
        """Start the bot, let people be busy, and kill it in the given phase."""
        if self._chance.random() < 0.6:  # otherwise the next process finds the store just as the last one left it
            async with self._store() as database:
                await database.write(lambda tx: self._crowd.announce(tx, self._chance.randint(2, 8)))
        self._stall()
        await self._start()
        if phase != "start":
            await self._ready()
        busy = asyncio.create_task(self._be_busy())
        match phase:
            case "start":
                await asyncio.sleep(self._chance.uniform(0, START_SECONDS))
            case "load":
                await asyncio.sleep(self._chance.uniform(0, LOAD_SECONDS))
            case "sending":
                await self._sends(self._chance.randint(1, SENDS))
                await asyncio.sleep(self._chance.uniform(0, STALLS[1]))
        await self._process.kill()
        await busy

    async def come_to_rest(self) -> None:
        """Let the bot run until nothing waits anywhere and it has read what Slack gave up bringing.

        Where that does not come about in :data:`QUIET_SECONDS`, what is there is counted.
        """
        slack, telegram = self._world.slack, self._world.telegram
        slack.faults.clear()
        telegram.faults.clear()
        await self._start()
        since = len(slack.calls)
        await self._ready()
        chats = sum(channel.kind == "im" for channel in slack.world.workspace.channels.values())
        quiet = 0
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                while quiet < 3:
                    await asyncio.sleep(0.3)
                    read = sum(
                        call.method == "conversations.history" and "include_all_metadata" not in call.params
                        for call in slack.calls[since:]
                    )
                    going = any(not delivery.done for delivery in slack.deliveries.log)
                    busy = read < chats or going or telegram.world.queue.pending_count() or self._waiting()
                    quiet = 0 if busy else quiet + 1
        except TimeoutError:
            print(f"it did not come to rest; {self._waiting()} messages wait", file=sys.stderr)
        await self._process.kill()

    async def _start(self) -> None:
        self.starts.append(time.monotonic())
        await self._process.start()

    async def _ready(self) -> None:
        await self._process.ready()
        self.ready_after.append(time.monotonic() - self.starts[-1])

    async def _be_busy(self) -> None:
        for _ in range(self._chance.randint(3, 7)):
            await self._crowd.ask()
            await asyncio.sleep(self._chance.uniform(0, 0.1))
        await self._crowd.press()
        await self._crowd.decide()

    async def _sends(self, count: int) -> None:
        """Wait until the bot has made so many calls that send something, or has nothing to send."""
        before = self._sent()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while self._sent() < before + count:  # noqa: ASYNC110 - the calls are in two lists
                    await asyncio.sleep(0.01)

    def _sent(self) -> int:
        calls = (*self._world.slack.calls, *self._world.telegram.calls)
        return sum(call.method.startswith(SENDING) for call in calls)

    def _stall(self) -> None:
        """Let calls that send wait a while, before or after they take effect."""
        for name, platform in (("slack", self._world.slack), ("telegram", self._world.telegram)):
            platform.faults.clear()
            for methods in STALLED[name]:
                moment: Literal["before", "after"] = self._chance.choice(("before", "after"))
                seconds = self._chance.uniform(*STALLS)
                platform.faults.add(Fault(methods, kind="stall", times=None, moment=moment, seconds=seconds))

    def _waiting(self) -> int:
        connection = sqlite3.connect(f"{self._process.database.as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            return int(connection.execute(WAITING).fetchone()[0])
        finally:
            connection.close()

    @contextlib.asynccontextmanager
    async def _store(self) -> AsyncIterator[Database]:
        database = Database(self._process.database)
        await database.open()
        try:
            yield database
        finally:
            await database.close()


def figures_of(found: Tally, run: Run, crowd: Crowd, kills: int, seconds: float) -> dict[str, Figure]:
    """Return the figures."""
    by_kill = Counter[int]()
    for (kill, _), count in found.doubles.items():
        by_kill[kill] += count
    return {
        "kills": Figure(kills, ""),
        "messages": Figure(crowd.said + len(crowd.presses), ""),
        "notices and files to send": Figure(sum(each.what == "send" for each in crowd.expected), ""),
        "effects lost": Figure(found.effects_lost, "", 0, "lower"),
        "effects doubled": Figure(found.effects_doubled, "", 0, "lower"),
        "sends lost": Figure(found.sends_lost, "", 0, "lower"),
        "sends doubled on Slack": Figure(found.sends_doubled_on_slack, "", 0, "lower"),
        "sends doubled on Telegram without a kill": Figure(found.unexplained, "", 0, "lower"),
        "most doubles of a Telegram chat in one kill": Figure(
            max(found.doubles.values(), default=0), "", 1, "lower"
        ),
        "most doubles on Telegram in one kill": Figure(
            max(by_kill.values(), default=0), "", TelegramAdapter.in_flight, "lower"
        ),
        "doubles on Telegram": Figure(by_kill.total(), "", None, "lower"),
        "from start to connected (median)": Figure(statistics.median(run.ready_after), "s", None, "lower"),
        "duration": Figure(seconds, "s", None, "lower"),
    }


async def measure(kills: int, seed: int) -> dict[str, Figure]:
    """Kill the bot so many times and return the figures; what went wrong is told on standard error."""
    chance = random.Random(seed)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # a killed bot leaves half a request behind
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with bot_between_platforms(Path(folder), "benchmarks.crashing_bot", slack=SLACK) as (world, process):
            crowd = Crowd(world, 4 + kills // 4, chance)
            run = Run(world, process, crowd, chance)
            await run.prepare()
            for number in range(kills):
                await run.kill_once(PHASES[number % len(PHASES)])
            await run.come_to_rest()
            found = tally(crowd, process.database, run.starts)
    for line in found.told:
        print(line, file=sys.stderr)
    return figures_of(found, run, crowd, kills, time.monotonic() - began)


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--kills", type=int, default=KILLS)
    options.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    chosen = options.parse_args()
    return report("crash", await measure(chosen.kills, chosen.seed), as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
