"""Both platforms, and the bot between them, which can be stopped, killed and started again: all of it real."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.clock import MovableClock
from bot.demo.cast import Cast, seed
from bot.demo.tasks import Family, run_in_thread
from bot.demo.trouble import Trouble
from bot.sandbox.world import SandboxWorld, running_world

if TYPE_CHECKING:
    from bot.app import App, Observer

SETTLE_SECONDS = 10.0
"""How long the bot is waited for before the demo goes on without it."""

RETRY_DELAYS = (0.5, 2.0, 5.0, 15.0, 60.0, 300.0)
"""When Slack tells an event again: sooner than the real one, who waits for a minute after the first time."""

STOP_SECONDS = 0.6
"""How long the bot may take to stop when the demo ends; then it is cut short."""

_LOOK_SECONDS = 0.02
_SOON_SECONDS = 2.0


class Stage:
    """Everything that runs.

    Args:
        world: The platforms.
        cast: Who is on them.
        clock: Everybody's time.
        hub: The content pack.
        database: The bot's.

    Attributes:
        app: The bot; None while it is stopped.
        starting: It is on its way up, or is being told who is who.
        trouble: What goes wrong on purpose.
        observer: Who looks on, in every bot that is started from now on.
    """

    def __init__(self, world: SandboxWorld, cast: Cast, clock: MovableClock, hub: Path, database: Path) -> None:
        self.world = world
        self.cast = cast
        self.clock = clock
        self.hub = hub
        self.database = database
        self.app: App | None = None
        self._living: App | None = None  # also while it starts or stops
        self.starting = True
        self.observer: Observer | None = None
        self._listeners: list[Callable[[], None]] = []
        self.moving = asyncio.Lock()
        self._turn = asyncio.Lock()
        self._tasks = Family()
        self.trouble = Trouble(world, self.changed)

    # --- watching ----------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` whenever the bot came or went, the clock was moved, or a fault switched."""
        self._listeners.append(listener)

    def changed(self) -> None:
        """Tell whoever watches."""
        for listener in self._listeners:
            listener()

    # --- the bot's life ----------------------------------------------------------------------------------

    async def start(self, prepare: bool = False) -> None:
        """Start the bot, unless it runs. What takes long happens in a thread.

        Args:
            prepare: Also have the cast tell it who is who.

        Raises:
            PackError: The hub's content can't be used.
            StoreError: The database can't be used.
        """
        async with self._turn:
            if self.app is not None:
                return
            self._set_starting(True)
            try:
                app = self._living = await run_in_thread(self._built)
                await self._tasks.run(app.start())
                self.app = app
                self.changed()
                if prepare:
                    from bot.demo.preparing import prepare_chats

                    await prepare_chats(self)
            finally:
                self._set_starting(False)

    async def stop(self) -> None:
        """Stop the bot as Ctrl-C does: it finishes what is at hand."""
        async with self._turn:
            app, self.app = self.app, None
            self.changed()
            if app is not None:
                await self._tasks.run(app.stop())
                self._living = None
                self.changed()

    async def crash(self) -> None:
        """End the bot as abruptly as one process allows: nothing is finished, nobody is told."""
        async with self._turn:
            app, self.app = self.app, None
            self.changed()
            if app is not None:
                await self._cut_short(app)

    async def end(self) -> None:
        """Stop the bot within a second, whatever it is at."""
        self.trouble.heal()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.stop()
        if self._living is not None:
            await self._cut_short(self._living)

    async def _cut_short(self, app: App) -> None:
        """What remains of a process that was killed: a database, and connections that the others see break."""
        self.world.slack.sockets.drop()
        self.world.telegram.cut_connections()
        await self._tasks.cancel()
        await app.database.close()
        for adapter in app.adapters.values():
            await adapter.close()
        for part in (app.scheduler, app.web, app.control):
            await part.stop()
        self._living = None

    def _built(self) -> App:
        from bot.app import App
        from bot.settings import Settings

        slack, telegram = self.world.slack, self.world.telegram
        settings = Settings.given(
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_api_url=slack.api_url,
            telegram_bot_token=telegram.bot_token,
            telegram_api_url=telegram.api_url,
            kumpel_secret=_kept_secret(self.database),
            kumpel_database=self.database,
            kumpel_hub=self.hub,
            kumpel_port=0,
        )
        return App(settings, self.clock, self.observer)

    def _set_starting(self, starting: bool) -> None:
        self.starting = starting
        self.changed()

    # --- waiting for it ----------------------------------------------------------------------------------

    async def settled(self, seconds: float = SETTLE_SECONDS) -> None:
        """Return once the bot has handled and answered all that was said, or gives no answer for too long."""
        await self._until(self._is_calm, 2, seconds)

    async def handled(self, seconds: float = SETTLE_SECONDS) -> None:
        """Return once the bot has handled all that was said; its answers may still be on their way."""
        await self._until(self._is_handled, 1, seconds)

    async def _until(self, reached: Callable[[], bool], looks: int, seconds: float) -> None:
        """Wait until so many looks on end have found it reached."""
        deadline = time.monotonic() + seconds
        found = 0
        while found < looks and time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_SECONDS)
            found = found + 1 if reached() else 0

    def _is_calm(self) -> bool:
        if self.app is None:
            return True
        connected = all(adapter.connected for adapter in self.app.adapters.values())
        sent = all(map(self._has_sent, self.app.delivery.senders))
        return connected and self._is_handled() and self.app.database.idle and sent

    def _is_handled(self) -> bool:
        slack, telegram = self.world.slack, self.world.telegram
        return slack.deliveries.idle and not telegram.world.queue.pending_count()

    def _has_sent(self, platform: str) -> bool:
        """Nothing under way, and nothing that is due soon."""
        if self.app is None:
            return True
        sender, clock = self.app.delivery.senders[platform], self.clock
        due = sender.queue.next_at(clock.now(), clock.monotonic()) if len(sender.queue) else None
        return sender.idle and (due is None or due > clock.monotonic() + _SOON_SECONDS)


@asynccontextmanager
async def running_stage(
    hub: Path, database: Path, *, host: str = "127.0.0.1", port: int = 0, app: web.Application | None = None
) -> AsyncIterator[Stage]:
    """Open both platforms and fill them; the bot is still to be started, and is stopped in the end.

    Args:
        hub: The content pack.
        database: The bot's.
        host: Where the platforms listen.
        port: On which port.
        app: What else is served there.

    Raises:
        OSError: The port is taken.
    """
    clock = MovableClock(kept_ahead(database))
    # Update and message ids go on from the last run: the database may remember them.
    first = int(clock.now().timestamp())
    async with running_world(
        host=host,
        port=port,
        slack={"clock": clock, "retry_delays": RETRY_DELAYS, "team_name": "Kumpel"},
        telegram={"clock": clock, "first_update_id": first, "first_message_id": first - 1_700_000_000},
        app=app,
    ) as world:
        cast = await seed(world)
        world.slack.number_from(first)
        stage = Stage(world, cast, clock, hub, database)
        try:
            yield stage
        finally:
            await stage.end()


def kept_ahead(database: Path) -> float:
    """By how many seconds the clock was moved on in earlier runs on this database."""
    with contextlib.suppress(OSError, ValueError):
        return max(0.0, float(_ahead_file(database).read_text()))
    return 0.0


def keep_ahead(database: Path, seconds: float) -> None:
    """Keep beside the database how far the clock was moved on, so that time never runs back on it."""
    file = _ahead_file(database)
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(f"{seconds:.3f}\n")
    fresh.replace(file)


def _ahead_file(database: Path) -> Path:
    return database.with_name(f"{database.name}.clock")


def _kept_secret(database: Path) -> str:
    """The key of the seals, beside a database that is kept, so that its buttons keep working."""
    file = database.with_name(f"{database.name}.key")
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text().strip()
