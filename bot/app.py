"""The composition root: the one place where parts are built, started and stopped."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.adapters.port import Adapter, Answer, CommandEntry, Dispatch
from bot.backups import Backups
from bot.clock import Clock, SystemClock
from bot.control import ControlServer
from bot.delivery.delivery import Delivery
from bot.dispatch import Dispatcher
from bot.librarian import Librarian
from bot.maintenance import CLEAN_UP_SECONDS, Maintenance
from bot.memory import give_back_memory
from bot.metrics import Metrics
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.watch import LOOK_SECONDS, Watch
from bot.web import Route, WebServer
from handlers.companies import feature as companies
from handlers.core.context import Capabilities, House
from handlers.core.features import Feature, Registry
from handlers.core.hub import Hub, load_hub
from handlers.core.requests import Request
from handlers.core.seals import Seals
from handlers.core.texts import LANGUAGES, Catalogues
from handlers.desks import feature as desks
from handlers.desks.plan import load_plan
from handlers.events import feature as events
from handlers.faq import feature as faq
from handlers.help import feature as help_
from handlers.mentoring import feature as mentoring
from handlers.notices import feature as notices
from handlers.operation import feature as operation
from handlers.people import accounts
from handlers.people import feature as people
from handlers.privacy import feature as privacy
from storage import switches
from storage.database import Database
from storage.rows import Transaction

log = structlog.get_logger(__name__)

PLATFORMS = {
    "slack": Capabilities(
        ephemeral=True, toasts=False, forms=True, topics=False, writes_first=True, deep_links=False, governed=True
    ),
    "telegram": Capabilities(
        ephemeral=False, toasts=True, forms=False, topics=True, writes_first=False, deep_links=True
    ),
}

MISSED_AT_MOST = timedelta(hours=47)
"""How far back missed messages are read: not beyond what delivery keys are remembered for."""

MISSED_MARGIN = timedelta(minutes=5)


def build_features(pack: Path, hub: Hub) -> list[Feature]:
    """Everything the bot does, in the order of its menu. A new feature is a line here."""
    return [
        help_.feature,
        desks.build(load_plan(pack, hub)),
        events.feature,
        mentoring.feature,
        notices.feature,
        faq.feature,
        people.build(hub),
        accounts.feature,
        companies.feature,
        privacy.feature,
        operation.feature,
    ]


def build_house(pack: Path, seals: Seals, platforms: Mapping[str, Capabilities] = PLATFORMS) -> House:
    """Read the content pack and put together what handlers share; what they know comes from the store.

    ``platforms`` are those that the bot serves.

    Raises:
        PackError: The content pack holds something that can't be used.
    """
    hub = load_hub(pack)
    registry = Registry(build_features(pack, hub), unsure=faq.unsure, unknown=faq.unknown)
    return House(pack, hub, Catalogues(), registry, seals, platforms)


class Observer(Protocol):
    """Looks on as the bot works, as the demo's glass wall does; production has none.

    It takes part in putting the bot together instead of being told of things, so that no message ever asks whether
    anybody looks on.
    """

    def database(self, path: Path) -> Database:
        """The store to use."""

    def dispatch(self, app: App) -> Dispatch:
        """What the adapters hand their requests to, in place of the app's dispatcher."""


class App:
    """The running bot.

    Args:
        settings: What to connect to.
        clock: The time.
        observer: Who looks on.

    Raises:
        PackError: The content pack holds something that can't be used.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None, observer: Observer | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.metrics = Metrics()
        seals = Seals(settings.secrets)
        tokens = {"slack": settings.slack_bot_token, "telegram": settings.telegram_bot_token}
        served = {platform: PLATFORMS[platform] for platform, token in tokens.items() if token}
        self.house = build_house(settings.kumpel_hub, seals, served)
        self.database = (observer.database if observer else Database)(settings.kumpel_database)
        self.dispatcher = Dispatcher(
            self.database, self.house, self.clock, self.metrics, settings.kumpel_per_minute
        )
        self.librarian = Librarian(self.database, self.house, self.clock)
        self.adapters: dict[str, Adapter] = {}
        routes: list[Route] = []
        if settings.slack_bot_token:
            self._add_slack(seals, routes)
        if settings.telegram_bot_token:
            self._add_telegram(seals, routes)
        self.dispatcher.adapters = self.adapters
        self.delivery = Delivery(self.adapters, self.house, self.database, self.clock, self.metrics)
        self.watch = Watch(self.database, self.house, self.adapters, Backups(settings), self.clock)
        self.maintenance = Maintenance(self.database, self.house, self.clock)
        chores = ((self.watch.look, LOOK_SECONDS), (self.maintenance.look, CLEAN_UP_SECONDS))
        self.scheduler = Scheduler(self.database, self.house, self.clock, self.metrics, self._hearing, chores)
        self.web = WebServer(self.database, self.adapters, routes, self.clock, self.metrics)
        self.control = ControlServer(self.database, self.clock, self.watch.back_up)
        self._dispatch = observer.dispatch(self) if observer else self.dispatcher.dispatch
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Open the store, listen, send what waits, and only then take deliveries.

        They are handled once the index is built, which happens meanwhile in a thread.

        Raises:
            PackError: The content pack's answers, read for the first time, hold something that can't be used.
            StoreLockedError: Another bot runs on this database.
            StoreUnavailableError: The database can't be opened.
            OSError: The port is taken.
        """
        async with contextlib.AsyncExitStack() as stack:
            await self.database.open()
            stack.push_async_callback(self.database.close)
            await self.maintenance.start()
            await self.librarian.start()
            stack.push_async_callback(self.librarian.stop)
            read_since = await self._read_since()  # before anything notes that we are alive
            await self.web.start(self.settings.kumpel_host, self.settings.kumpel_port)
            stack.push_async_callback(self.web.stop)
            for adapter in self.adapters.values():
                stack.push_async_callback(adapter.close)
            await self.delivery.start()
            stack.push_async_callback(self.delivery.stop)
            await self.control.start()
            stack.push_async_callback(self.control.stop)
            for adapter in self.adapters.values():
                stack.push_async_callback(adapter.stop)
                await adapter.start(self._take, read_since)
            await self.librarian.understands()
            await self.scheduler.start()
            stack.push_async_callback(self.scheduler.stop)  # notes that we were alive while the chats are heard
            self._stack = stack.pop_all()
        menus = asyncio.create_task(self._publish_menus(), name="menus")
        self._stack.callback(menus.cancel)
        give_back_memory()
        log.info("started", platforms=list(self.adapters), port=self.web.port)

    async def stop(self) -> None:
        """Take no more, finish what is at hand, close everything."""
        await self._stack.aclose()
        log.info("stopped")

    async def _take(self, request: Request) -> Answer:
        await self.librarian.understands()
        return await self._dispatch(request)

    def _hearing(self) -> bool:
        return all(adapter.connected and adapter.caught_up for adapter in self.adapters.values())

    async def _read_since(self) -> datetime:
        """When the bot was last alive, less a margin; from its very first start on it is known."""
        now = self.clock.now()

        def last_alive(tx: Transaction) -> str:
            alive = switches.get_switch(tx, switches.ALIVE_AT)
            if not alive:
                switches.mark_switch(tx, switches.ALIVE_AT, now.isoformat())
            return alive

        alive = await self.database.write(last_alive)
        since = datetime.fromisoformat(alive) - MISSED_MARGIN if alive else now - MISSED_MARGIN
        return max(since, now - MISSED_AT_MOST)

    async def _publish_menus(self) -> None:
        menus = command_menus(self.house)
        for platform, adapter in self.adapters.items():
            try:
                await adapter.publish_commands(menus)
            except Exception as error:  # a menu is a convenience: the commands work without it
                log.warning("menu_not_published", platform=platform, reason=type(error).__name__)

    def _add_slack(self, seals: Seals, routes: list[Route]) -> None:
        from bot.adapters.slack.adapter import SlackAdapter

        settings = self.settings
        slack = SlackAdapter(
            token=settings.slack_bot_token or "",
            app_token=settings.slack_app_token,
            signing_secret=settings.slack_signing_secret,
            mode=settings.slack_mode,
            api_url=settings.slack_api_url,
            seals=seals,
            clock=self.clock,
        )
        self.adapters["slack"] = slack
        if settings.slack_mode == "http":
            routes.append(("POST", "/slack/events", slack.http_handler))

    def _add_telegram(self, seals: Seals, routes: list[Route]) -> None:
        from bot.adapters.telegram.adapter import TelegramAdapter

        settings = self.settings
        telegram = TelegramAdapter(
            token=settings.telegram_bot_token or "",
            mode=settings.telegram_mode,
            api_url=settings.telegram_api_url,
            webhook_secret=settings.telegram_webhook_secret,
            public_url=settings.kumpel_public_url,
            seals=seals,
            clock=self.clock,
        )
        self.adapters["telegram"] = telegram
        if settings.telegram_mode == "webhook":
            routes.append(("POST", "/telegram/webhook", telegram.http_handler))


def command_menus(house: House) -> Mapping[str, list[CommandEntry]]:
    """The command menus by language, from what the features offer."""
    menus: dict[str, list[CommandEntry]] = {}
    for language in LANGUAGES:
        texts = house.catalogues.texts(language)
        menus[language] = [
            CommandEntry(
                command.words[-1 if language == "de" else 0], texts.label(command.description), command.scope
            )
            for feature in house.registry.features
            for command in feature.commands
            if command.description and not command.role
        ]
    return menus


async def run(settings: Settings) -> None:
    """Run until the process is told to stop (SIGINT, SIGTERM)."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    app = App(settings)
    await app.start()
    try:
        await told.wait()
    finally:
        await app.stop()
