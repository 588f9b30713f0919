"""How soon the demo's page can be used, and how fast the bot answers on it.

* Start: ``kumpel demo`` in a process of its own, from the command to the moment when the page is served and knows
  who is where, when the bot runs, and when it has answered the first question that was asked as soon as it could
  be: that is a usable page.
* Round trip: a person writes to the bot on the page; from the deed that goes out on the WebSocket to the change
  that brings the answer, rendered by the platform. Both chats in turn, one message after the other.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from benchmarks.bot_process import REPOSITORY
from benchmarks.page_client import Json, PageClient, open_page
from benchmarks.report import Figure, leave, parser, report

STARTS = 3
MESSAGES = 60
PAUSE_SECONDS = 1.6
"""Between two messages of a person: more than forty a minute would be held up, and so would more than one a second
to a chat."""

QUESTIONS = ("Was kostet ein Schreibtisch?", "Wo seid ihr?", "Wer darf in den Hub?", "Habt ihr WLAN?")


class Start(NamedTuple):
    """Seconds from the command to what it names."""

    served: float
    running: float
    answering: float


@asynccontextmanager
async def demo() -> AsyncIterator[tuple[str, float]]:
    """Run the demo; gives its address, and when it was started."""
    ours = ("KUMPEL_", "SLACK_", "TELEGRAM_")
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"),
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if not name.startswith(ours)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the demo can't be listened to")
        yield (await process.stdout.readline()).decode().split()[-1], began
    finally:
        process.terminate()
        await process.wait()


async def start_seconds() -> Start:
    """Start the demo once and end it."""
    async with demo() as (url, began), open_page(url) as page:
        served = time.perf_counter() - began
        await page.until(lambda state: state["bot"]["running"], 60)
        running = time.perf_counter() - began
        await round_trip(page, "slack", QUESTIONS[0])
        return Start(served, running, time.perf_counter() - began)


async def round_trip(page: PageClient, platform: str, text: str) -> float:
    """Have Lena ask the bot something; returns the seconds until its answer stands on the page."""
    known = answers(page.state, platform)
    lena = page.state["people"]["lena"]["telegram"]
    where = {} if platform == "slack" else {"chat": lena}
    began = time.perf_counter()
    saying = asyncio.create_task(page.do(f"{platform}.say", "lena", **where, text=text))
    await page.until(lambda state: bool(answers(state, platform) - known), 30)
    took = time.perf_counter() - began
    await saying
    return took


def answers(state: Json, platform: str) -> set[str]:
    """What the bot has said to Lena directly."""
    lena = state["people"]["lena"][platform]
    if platform == "telegram":
        return {key for key, m in state["telegram"]["messages"].get(lena, {}).items() if m["from"]["is_bot"]}
    pair = {lena, state["slack"]["bot"]}
    chats = (chat["id"] for chat in state["slack"]["channels"].values() if set(chat["members"]) == pair)
    messages = state["slack"]["messages"].get(next(chats, ""), {})
    return {ts for ts, message in messages.items() if message.get("bot_id")}


async def round_trips(count: int) -> dict[str, list[float]]:
    """Measure so many on each platform, once everything that was prepared is said."""
    took: dict[str, list[float]] = {"slack": [], "telegram": []}
    async with demo() as (url, _), open_page(url) as page:
        await page.until(lambda state: not state["bot"]["starting"] and state["bot"]["running"], 60)
        for platform in took:
            await round_trip(page, platform, "hallo")  # the first answer also greets
        for _, text in zip(range(count), itertools.cycle(QUESTIONS), strict=False):
            await asyncio.sleep(PAUSE_SECONDS)
            for platform, found in took.items():
                found.append(await round_trip(page, platform, text))
    return took


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--starts", type=int, default=STARTS, help="of the demo")
    options.add_argument("--messages", type=int, default=MESSAGES, help="to each platform")
    chosen = options.parse_args()
    starts = [await start_seconds() for _ in range(chosen.starts)]
    took = await round_trips(chosen.messages)
    both = [seconds for found in took.values() for seconds in found]

    def median_start(moment: str) -> float:
        seconds: float = statistics.median(getattr(start, moment) for start in starts)
        return seconds

    figures = {
        "from the command to a page that knows everybody (median)": Figure(
            median_start("served"), "s", None, "lower"
        ),
        "from the command to a bot that runs (median)": Figure(median_start("running"), "s", None, "lower"),
        "from the command to the first answer (median)": Figure(median_start("answering"), "s", 5.0, "lower"),
        "message to answer on the page (median)": Figure(statistics.median(both) * 1000, "ms", 150, "lower"),
        **{
            f"message to answer in {platform.title()} (median)": Figure(
                statistics.median(found) * 1000, "ms", None, "lower"
            )
            for platform, found in took.items()
        },
        "the slowest of them": Figure(max(both) * 1000, "ms", None, "lower"),
    }
    return report("page", figures, as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
