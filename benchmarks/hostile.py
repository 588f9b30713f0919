"""500 hostile strings through every field that a person can fill, between the local Slack and Telegram.

Half of them come by Slack, half by Telegram: as a name, in chat, behind every command, in every text field of
every form that the registry knows, as the reason of a block. The team reads them in both chats. Every call of the
bot is read as the platform would: what comes alive, is refused, or makes a handler fail is counted; so is a form
that nobody filled. In the team's own notices an address is a link, which is meant, and says where it leads; a link
that says anything else counts. Limits of pace are off: they would take an hour.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

import bot.delivery.settle
from benchmarks.hostile_hub import PATIENCE, Hub
from benchmarks.hostile_reading import Seen
from benchmarks.hostile_steps import run_batch
from benchmarks.hostile_strings import hostile
from benchmarks.report import Figure, leave, parser, report
from bot.app import App
from bot.sandbox.slack import modals
from bot.sandbox.world import SandboxWorld, running_world
from bot.settings import Settings
from handlers.core.payloads import load_form
from storage.rows import Transaction

STRINGS, BATCH = 500, 25


@asynccontextmanager
async def running(folder: Path, seen: Seen) -> AsyncIterator[Hub]:
    """Run the bot between the platforms, with no limits of pace."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that it is busy is no news here
    gap, bot.delivery.settle.EDIT_GAP = bot.delivery.settle.EDIT_GAP, timedelta(0)
    lifetime, modals.TRIGGER_SECONDS = modals.TRIGGER_SECONDS, PATIENCE
    try:
        async with running_world(
            slack={"enforce_limits": False, "retry_delays": (), "ack_seconds": PATIENCE},
            telegram={"enforce_limits": False},
        ) as world:
            app = App(_settings_of(world, folder))
            for adapter in app.adapters.values():
                adapter.method_windows = lambda method: ()  # type: ignore[method-assign]
                adapter.chat_windows = lambda kind: ()  # type: ignore[method-assign]
            await app.start()
            try:
                await world.slack.sockets.connected()
                hub = Hub(world, app, seen)
                await hub.set_up()
                yield hub
            finally:
                await app.stop()
    finally:
        bot.delivery.settle.EDIT_GAP, modals.TRIGGER_SECONDS = gap, lifetime
        structlog.reset_defaults()


def _settings_of(world: SandboxWorld, folder: Path) -> Settings:
    return Settings.given(
        slack_bot_token=world.slack.bot_token,
        slack_app_token=world.slack.app_token,
        slack_signing_secret=world.slack.signing_secret,
        slack_mode="socket",
        slack_api_url=world.slack.api_url,
        telegram_bot_token=world.telegram.bot_token,
        telegram_mode="polling",
        telegram_api_url=world.telegram.api_url,
        kumpel_secret="a-secret-of-the-benchmarks-and-of-nothing-else",
        kumpel_database=folder / "kumpel.sqlite3",
        kumpel_port=0,
        kumpel_per_minute=10**9,
    )


async def run(texts: Sequence[str], batch: int = BATCH) -> tuple[Seen, set[str]]:
    """Send the strings through everything, some at a time, each time to a bot that knows nobody.

    Returns:
        What was seen, and all forms that the registry knows.
    """
    seen, known = Seen(), set[str]()
    for first in range(0, len(texts), batch):
        with tempfile.TemporaryDirectory() as folder:
            async with running(Path(folder), seen) as hub:
                await run_batch(hub, texts[first : first + batch], first)
                await hub.app.database.read(partial(_count, seen=seen))
                known |= set(hub.app.house.registry.forms)
    return seen, known


def _count(tx: Transaction, seen: Seen) -> None:
    for (payload,) in tx.values("SELECT payload FROM forms WHERE state = 'done'"):
        seen.forms[load_form(payload).id] += 1
    for (reference,) in tx.values("SELECT reference FROM deliveries WHERE reference <> ''"):
        seen.failed.append(f"a handler failed: {reference}")


def figures(seen: Seen, known: set[str], strings: int) -> dict[str, Figure]:
    """Return the figures with their goals."""
    return {
        "hostile strings": Figure(strings, ""),
        "values that went into fields of forms": Figure(sum(seen.filled.values()), ""),
        "calls of the bot that were read": Figure(seen.calls, ""),
        "files that were read": Figure(seen.files, ""),
        "live mentions, tags, links or commands": Figure(len(seen.live), "", 0, "lower"),
        "refusals by the platforms": Figure(len(seen.refused), "", 0, "lower"),
        "handlers that failed": Figure(len(seen.failed), "", 0, "lower"),
        "files that hold what they ought not": Figure(len(seen.unsafe), "", 0, "lower"),
        "forms that were never filled": Figure(len(known - set(seen.forms)), "", 0, "lower"),
    }


async def main() -> int:
    """Measure and report."""
    options = parser(__doc__)
    options.add_argument("--strings", type=int, default=STRINGS, help="how many; 500 by default")
    options.add_argument("--show", action="store_true", help="say what was found")
    given = options.parse_args()
    texts = hostile(given.strings)
    seen, known = await run(texts)
    if given.show:
        for found in (
            *seen.live[:20],
            *seen.refused[:20],
            *seen.failed[:20],
            *seen.unsafe[:20],
            known - set(seen.forms),
        ):
            print(found)
        print(dict(seen.forms))
    return report("hostile", figures(seen, known, len(texts)), as_json=given.json)


if __name__ == "__main__":
    leave(asyncio.run(main()))
