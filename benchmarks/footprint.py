"""What the bot takes before it does anything: the time to import it, and the memory it sits in.

* Import: a fresh interpreter imports the composition root and both adapters, from compiled files.
* Memory: the bot in a process of its own, connected to a local Slack and a local Telegram, five seconds after both
  have it on the line; resident memory as Linux tells it, shared pages of libraries included. How much of it is the
  bot's own, and the most it ever was (while it learns its questions), are told for information.
"""

from __future__ import annotations

import asyncio
import compileall
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.bot_process import REPOSITORY, bot_between_platforms
from benchmarks.report import Figure, leave, parser, report

IMPORTS = 9
ROUNDS = 3
IDLE_SECONDS = 5.0
PACKAGES = ("bot", "handlers", "storage")
IMPORT = """
import time
began = time.perf_counter()
import bot.app, bot.adapters.slack.adapter, bot.adapters.telegram.adapter
print(time.perf_counter() - began)
"""


def import_seconds(times: int) -> list[float]:
    """Return how long each of so many fresh interpreters takes to import the bot."""
    for package in PACKAGES:
        compileall.compile_dir(REPOSITORY / package, quiet=1)
    command = (sys.executable, "-c", IMPORT)
    runs = [subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True) for _ in range(times)]
    return [float(run.stdout) for run in runs]


async def idle_megabytes() -> dict[str, float]:
    """Start the bot, let it rest, and return what Linux says of its memory, in MiB by name."""
    with tempfile.TemporaryDirectory() as folder:
        async with bot_between_platforms(Path(folder)) as (_, process):
            await process.start()
            await process.ready()
            await asyncio.sleep(IDLE_SECONDS)
            return memory_of(process.pid)


def memory_of(pid: int) -> dict[str, float]:
    """Return what Linux says of a process's memory, in MiB by name."""
    told = Path(f"/proc/{pid}/status").read_text("ascii", errors="replace")
    lines = re.findall(r"^(\w+):\s+(\d+) kB$", told, re.MULTILINE)
    return {name: int(kilobytes) / 1024 for name, kilobytes in lines}


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--rounds", type=int, default=ROUNDS, help="of the bot at rest")
    options.add_argument("--imports", type=int, default=IMPORTS, help="fresh interpreters")
    chosen = options.parse_args()
    imports = import_seconds(chosen.imports)
    idle = [await idle_megabytes() for _ in range(chosen.rounds)]

    def median(name: str) -> float:
        return statistics.median(round_[name] for round_ in idle)

    figures = {
        "import of the core and both adapters (median)": Figure(statistics.median(imports), "s", 1.0, "lower"),
        "import, the fastest": Figure(min(imports), "s", None, "lower"),
        "resident memory at rest (median)": Figure(median("VmRSS"), "MiB", 100, "lower"),
        "of it the bot's own, not shared with files": Figure(median("RssAnon"), "MiB", None, "lower"),
        "the most it was": Figure(median("VmHWM"), "MiB", None, "lower"),
    }
    return report("footprint", figures, as_json=chosen.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
