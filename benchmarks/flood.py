"""One person sends 1,000 messages in a minute; how long do the others wait, and is anything lost?

The bot runs in a process of its own between the local Slack and the local Telegram. Twenty people, half of them
in each chat, ask a question every three seconds meanwhile; timed is how long until the answer stands there.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.bot_process import bot_between_platforms
from benchmarks.report import Figure, leave, parser, report
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson
from bot.sandbox.world import SandboxWorld

FLOOD, OTHERS, EVERY = 1000, 20, 3.0
QUESTION = "was kostet ein schreibtisch im monat"
ANSWER = "50 Euro"
MOMENT = "Einen Moment, bitte"
PER_MINUTE = "40"
"""The bot's own default, which the other benchmarks lift."""

Person = SlackPerson | TelegramPerson


class Flooded(NamedTuple):
    """What was seen.

    Attributes:
        waits: Seconds until each answer.
        unanswered: Questions of the others without an answer.
        unheard: Messages of the one that the bot never took.
        moments: How often the one was asked for a moment.
        answered: How many answers the one got.
    """

    waits: list[float]
    unanswered: int
    unheard: int
    moments: int
    answered: int


async def flood(seconds: float) -> Flooded:
    """Let it happen for so many seconds, at the pace of 1,000 a minute."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"KUMPEL_PER_MINUTE": PER_MINUTE}
        async with bot_between_platforms(Path(folder), settings=settings) as (world, process):
            await process.start()
            await process.ready()
            loud = world.telegram.add_user("Ralf", language="de")
            others: list[Person] = [world.slack.add_user(f"S{n}", locale="de-DE") for n in range(OTHERS // 2)]
            others += [world.telegram.add_user(f"T{n}", language="de") for n in range(OTHERS // 2)]
            for person in others:  # the first greeting is longer than an answer
                await _asked(person)
            ends = time.monotonic() + seconds
            asked = [asyncio.create_task(_asks(person, ends, n)) for n, person in enumerate(others)]
            await _floods(loud, int(FLOOD * seconds / 60), ends)
            waits = [wait for found in await asyncio.gather(*asked) for wait in found]
            unheard = await _unheard(world)
            told = [message.plain for message in loud.messages() if message.sender is world.telegram.world.bot]
    return Flooded(
        [wait for wait in waits if wait is not None],
        waits.count(None),
        unheard,
        sum(MOMENT in text for text in told),
        sum(ANSWER in text for text in told),
    )


async def _floods(loud: TelegramPerson, count: int, ends: float) -> None:
    started = time.monotonic()
    for number in range(count):
        await loud.say(f"{QUESTION} {number}")
        await asyncio.sleep(max(0.0, started + (ends - started) * (number + 1) / count - time.monotonic()))


async def _asks(person: Person, ends: float, number: int) -> list[float | None]:
    await asyncio.sleep(EVERY * number / OTHERS)
    waits: list[float | None] = []
    while (asked_at := time.monotonic()) < ends:
        waits.append(await _asked(person))
        await asyncio.sleep(max(0.0, asked_at + EVERY - time.monotonic()))
    return waits


async def _asked(person: Person) -> float | None:
    """Ask, and return how long the answer took; None if there was none."""
    known = sum(ANSWER in message.plain for message in person.messages())
    asked_at = time.monotonic()
    await person.say(QUESTION)
    try:
        await person.hears(
            lambda _: sum(ANSWER in message.plain for message in person.messages()) > known, timeout=20
        )
    except AssertionError:
        return None
    return time.monotonic() - asked_at


async def _unheard(world: SandboxWorld) -> int:
    """Wait until everything was taken, and return how much was not."""
    for _ in range(200):
        if not world.telegram.world.queue.pending_count():
            break
        await asyncio.sleep(0.05)
    return world.telegram.world.queue.pending_count()


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, default=60.0, help="how long; 60 by default")
    given = options.parse_args()
    seen = await flood(given.seconds)
    waits = sorted(seen.waits)
    figures = {
        "others' wait, 95th percentile": Figure(waits[int(len(waits) * 0.95)], "s", 1.0, "lower"),
        "others' wait, median": Figure(statistics.median(waits), "s"),
        "others' wait, longest": Figure(waits[-1], "s"),
        "others' questions": Figure(len(waits) + seen.unanswered, ""),
        "others' questions without an answer": Figure(seen.unanswered, "", 0, "lower"),
        "messages of the one that were never taken": Figure(seen.unheard, "", 0, "lower"),
        "answers to the one": Figure(seen.answered, ""),
        "times the one was asked for a moment": Figure(seen.moments, "", 1),
    }
    return report("flood", figures, as_json=given.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
