"""A local Telegram: the Bot API for one bot, and people to talk to it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.sandbox.faults import Call, Faults
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.people import TelegramPerson
from bot.sandbox.telegram.server import MAX_REQUEST, Server
from bot.sandbox.telegram.state import Change, Chat, User
from bot.sandbox.telegram.updates import Update, UpdateQueue
from bot.sandbox.telegram.webhook import Webhook
from bot.sandbox.telegram.world import World

T = TypeVar("T")


class TelegramSandbox:
    """One bot's Telegram.

    Attributes:
        world: The state: ``world.chats``, ``world.users``, ``world.files``, …
        api_url: Where the Bot API is served; the bot's base URL is this with ``/bot`` after it, the base URL
            for files with ``/file/bot``. Known once the sandbox runs or was attached with a public address.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        bot_token: str = "700100200:AAEkumpelSandboxTokenForLocalUse001",
        bot_username: str = "kumpel_bot",
        bot_name: str = "Kumpel",
        privacy: bool = True,
        enforce_limits: bool = True,
        limits: Limits | None = None,
        first_update_id: int = 100_000_001,
        first_message_id: int = 1,
        press_lifetime: float = 150.0,
        webhook_delay_scale: float = 1.0,
    ) -> None:
        """Set up an empty Telegram with one bot.

        Args:
            clock: Dates, windows and expiry follow it; the system's clock by default.
            bot_token: As BotFather would hand it out.
            bot_username: Without @.
            bot_name: The bot's first name.
            privacy: Privacy mode, on unless turned off with BotFather.
            enforce_limits: Whether sending too fast is refused.
            limits: The figures, when others than Telegram's are wanted.
            first_update_id: Where update ids begin.
            first_message_id: Where the numbers of messages begin, in each chat.
            press_lifetime: Seconds within which a press must be answered.
            webhook_delay_scale: Factor on the waits between webhook attempts.
        """
        clock = clock or SystemClock()
        bot = User(int(bot_token.split(":")[0]), bot_name, username=bot_username, is_bot=True)
        self.world = World(
            clock,
            bot,
            UpdateQueue(clock, first_update_id),
            privacy=privacy,
            limits=(limits or Limits()) if enforce_limits else None,
            press_lifetime=press_lifetime,
            users={bot.id: bot},
            first_message_id=first_message_id,
        )
        self.bot_token = bot_token
        self.api_url = ""
        self._server = Server(self.world, bot_token, webhook_delay_scale)
        self._waiting: set[asyncio.Event] = set()
        self.people: list[TelegramPerson] = []
        self.subscribe(self._wake)

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *, host: str = "127.0.0.1", port: int = 0, **options: Any
    ) -> AsyncIterator[TelegramSandbox]:
        """A sandbox with a server of its own; ``options`` are those of the class."""
        sandbox = cls(**options)
        app = web.Application(client_max_size=MAX_REQUEST)
        sandbox.attach(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
            bound = runner.addresses[0]
            sandbox.api_url = f"http://{bound[0]}:{bound[1]}/telegram"
            yield sandbox
        finally:
            await runner.cleanup()

    def attach(self, app: web.Application, prefix: str = "/telegram", public_url: str = "") -> None:
        """Serve the Bot API in an application under ``prefix``; it ends with the application.

        Args:
            app: Not yet started; for uploads, its ``client_max_size`` should be :data:`MAX_REQUEST`.
            prefix: The path before ``/bot<token>/``.
            public_url: The application's own address, from which :attr:`api_url` follows.
        """
        self._server.attach(app, prefix)
        if public_url:
            self.api_url = public_url.rstrip("/") + prefix

    async def close(self) -> None:
        """End a held poll and the webhook; done by the application or :meth:`running` on its own."""
        await self._server.close()

    def cut_connections(self) -> None:
        """Cut the connection of every call that waits for its answer, a held poll among them."""
        self._server.cut()

    @property
    def bot_id(self) -> int:
        return self.world.bot.id

    @property
    def bot_username(self) -> str:
        return self.world.bot.username

    @property
    def calls(self) -> list[Call]:
        """What the bot asked for, oldest first, with the answers."""
        return self._server.calls

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self._server.faults

    @property
    def webhook(self) -> Webhook:
        """Where updates are posted, if anywhere."""
        return self._server.webhook

    @property
    def updates(self) -> list[Update]:
        """Every update there ever was for the bot, oldest first."""
        return self.world.queue.history

    @property
    def chats(self) -> dict[int, Chat]:
        return self.world.chats

    def add_user(
        self,
        first_name: str,
        *,
        language: str = "",
        last_name: str = "",
        username: str = "",
        is_bot: bool = False,
    ) -> TelegramPerson:
        """Someone new on Telegram; with ``is_bot``, another bot that is only to be met in groups."""
        world = self.world
        user = User(500_000_000 + 111 * world.serial(), first_name, last_name, username, language, is_bot)
        world.users[user.id] = user
        world.private_chat(user)
        person = TelegramPerson(self, user)
        self.people.append(person)
        return person

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``listener`` at each change; returns how to stop that."""
        self.world.listeners.append(listener)
        return lambda: self.world.listeners.remove(listener)

    async def redeliver(self, update_id: int) -> None:
        """Deliver an update again, although the bot confirmed it.

        Raises:
            LookupError: There was none with this id.
        """
        self.world.queue.redeliver(update_id)
        await asyncio.sleep(0)

    def restart_update_ids(self, at: int | None = None) -> int:
        """Let update ids begin anew, at random unless told.

        "If there are no new updates for at least a week, then identifier of the next update will be chosen
        randomly instead of sequentially" (Bot API, Update.update_id).
        """
        self.world.queue.drop()
        self.world.queue.next_id = at or random.randrange(1, 900_000_000)  # noqa: S311
        return self.world.queue.next_id

    async def until(self, look: Callable[[], T | None], timeout: float) -> T | None:  # noqa: ASYNC109
        """Wait until ``look`` finds something, looking again after each change.

        Args:
            look: Anything but a false value ends the wait.
            timeout: In real seconds.

        Returns:
            What it found, None when the time was over.
        """
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            async with asyncio.timeout(timeout):
                while not (found := look()):
                    changed.clear()
                    await changed.wait()
                return found
        except TimeoutError:
            return None
        finally:
            self._waiting.discard(changed)

    def _wake(self, _: Change) -> None:
        for waiting in self._waiting:
            waiting.set()
