"""Both platforms and the bot, running: real adapters, real wire, a database of their own."""

from __future__ import annotations

import asyncio
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App
from bot.control import add_code
from bot.demo.cast import Cast, on_slack, on_telegram, seed
from bot.sandbox.world import SandboxWorld, running_world
from bot.settings import Settings

SETTLE_SECONDS = 10.0
"""How long an answer is waited for before the demo goes on without it."""

_LOOK_SECONDS = 0.03
_SOON_SECONDS = 2.0


@dataclass
class Stage:
    """Everything that runs."""

    world: SandboxWorld
    cast: Cast
    app: App

    async def settled(self) -> None:
        """Return once the bot has handled and answered all that was said, or gives no answer for too long."""
        await self._until(self._is_calm, looks=2)

    async def handled(self) -> None:
        """Return once the bot has handled all that was said; its answers may still be on their way."""
        await self._until(self._is_handled, looks=1)

    async def _until(self, reached: Callable[[], bool], looks: int) -> None:
        """Wait until so many looks on end have found it reached."""
        deadline = time.monotonic() + SETTLE_SECONDS
        found = 0
        while found < looks and time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_SECONDS)
            found = found + 1 if reached() else 0

    def _is_calm(self) -> bool:
        sent = all(map(self._has_sent, self.app.delivery.senders))
        return self._is_handled() and self.app.database.idle and sent

    def _is_handled(self) -> bool:
        slack, telegram = self.world.slack, self.world.telegram
        return all(each.done for each in slack.deliveries.log) and not telegram.world.queue.pending_count()

    def _has_sent(self, platform: str) -> bool:
        """Nothing under way, and nothing that is due soon."""
        sender, clock = self.app.delivery.senders[platform], self.app.clock
        due = sender.queue.next_at(clock.now(), clock.monotonic()) if len(sender.queue) else None
        return sender.idle and (due is None or due > clock.monotonic() + _SOON_SECONDS)


@asynccontextmanager
async def running_stage(hub: Path, database: Path) -> AsyncIterator[Stage]:
    """Start the platforms, fill them, start the bot, and give the roles in chat.

    Raises:
        PackError: The hub's content can't be used.
        StoreError: The database can't be used.
    """
    # Update and message ids go on from the last run: the database may remember them.
    first = int(time.time())
    async with running_world(
        slack={"retry_delays": (), "team_name": "Kumpel"},
        telegram={"first_update_id": first, "first_message_id": first - 1_700_000_000},
    ) as world:
        cast = await seed(world)
        world.slack.number_from(first)
        app = App(
            Settings.given(
                slack_bot_token=world.slack.bot_token,
                slack_app_token=world.slack.app_token,
                slack_api_url=world.slack.api_url,
                telegram_bot_token=world.telegram.bot_token,
                telegram_api_url=world.telegram.api_url,
                kumpel_secret=_kept_secret(database),
                kumpel_database=database,
                kumpel_hub=hub,
                kumpel_port=_free_port(),
            )
        )
        await app.start()
        try:
            stage = Stage(world, cast, app)
            await _give_roles(stage)
            yield stage
        finally:
            await app.stop()


async def _give_roles(stage: Stage) -> None:
    """What a lead does once: bring the code, say where the team is, name the community managers.

    The bot's answers to that may come later than this returns.
    """
    people, bot = stage.cast.people, stage.world.telegram.bot_username
    petra_in_slack, aylin = on_slack(people["petra"]), on_slack(people["aylin"])
    petra, jonas = on_telegram(people["petra"]), on_telegram(people["jonas"])
    channel, group = (stage.cast.rooms[key] for key in ("#community-managers", "community-manager"))
    codes = [await add_code(stage.app.database, "lead", stage.app.clock.now()) for _ in range(2)]
    await petra_in_slack.say(codes[0])
    await petra.say(codes[1])
    await jonas.start()
    await stage.handled()
    await petra_in_slack.mention("here managers", channel.channel)
    await petra_in_slack.mention(f"grant manager @{aylin.name}", channel.channel)
    await petra.say(f"/here@{bot} managers", group.group)
    await petra.say(f"/grant@{bot} manager @{jonas.user.username}", group.group)
    await stage.handled()


def _kept_secret(database: Path) -> str:
    """The key of the seals, beside a database that is kept, so that its buttons keep working."""
    file = database.with_name(f"{database.name}.key")
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text().strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
