"""The Telegram adapter: deliveries in, messages out."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Literal

import structlog
from aiohttp import web
from telegram import Update

from bot.adapters.port import CannotTellError, CommandEntry, Dispatch, NotStoredError, Outgoing, Sent, Window
from bot.adapters.telegram.admins import ChatAdmins
from bot.adapters.telegram.answering import answer_press
from bot.adapters.telegram.client import SEND_SECONDS, Client
from bot.adapters.telegram.keyboard import start_link
from bot.adapters.telegram.limits import (
    DIRECT_WINDOWS,
    GROUP_WINDOWS,
    POLL_SECONDS,
    SEND_WINDOWS,
    WEBHOOK_CONNECTIONS,
)
from bot.adapters.telegram.menu import CommandMenu
from bot.adapters.telegram.parse import ALLOWED_UPDATES, PLATFORM, BotIdentity, parse
from bot.adapters.telegram.polling import Poller, pause_after
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.webhook import PATH, Webhook, secret_from_token
from bot.clock import Clock
from handlers.core.requests import Actor, Place
from handlers.core.seals import Seals

log = structlog.get_logger(__name__)


class TelegramAdapter:
    """The adapter of :mod:`bot.adapters.port` for one Telegram bot account.

    Args:
        token: From BotFather.
        mode: How updates come in.
        api_url: Where the Bot API is, without a path.
        webhook_secret: What Telegram sends along with updates; made from the token if absent.
        public_url: Where Telegram reaches us, without a path; needed for the webhook.
        seals: Makes the tokens of controls.
        clock: For pauses and caches.
        poll_seconds: How long the server may hold a poll, at most 50.

    Raises:
        ValueError: The webhook is wanted, but there is no public URL.
    """

    platform = PLATFORM
    in_flight = 8
    request_timeout = SEND_SECONDS

    def __init__(
        self,
        *,
        token: str,
        mode: Literal["polling", "webhook"],
        api_url: str,
        webhook_secret: str | None,
        public_url: str | None,
        seals: Seals,
        clock: Clock,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        if mode == "webhook" and not public_url:
            raise ValueError("a Telegram webhook needs the public URL of this bot")
        self._mode = mode
        self._webhook_url = f"{(public_url or '').rstrip('/')}{PATH}"
        self._webhook_secret = webhook_secret or secret_from_token(token)
        self._seals = seals
        self._clock = clock
        self._client = Client(token, api_url)
        self._sender = Sender(self._client.bot, seals)
        self._admins = ChatAdmins(self._client.bot, clock)
        self._menu = CommandMenu(self._client.bot)
        self._poller = Poller(self._client.get_updates, self._deliver, clock, min(poll_seconds, POLL_SECONDS))
        self._webhook = Webhook(self._webhook_secret, self._deliver)
        self._dispatch: Dispatch | None = None
        self._me: BotIdentity | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._polling: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self._afterwards: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        return self._webhook.open if self._mode == "webhook" else self._poller.connected

    @property
    def caught_up(self) -> bool:
        """Always: Telegram itself keeps what was not confirmed, and sends it in order."""
        return True

    async def start(self, dispatch: Dispatch, read_since: datetime) -> None:
        """Connect and take deliveries; return after the first attempt, whether or not Telegram was there.

        ``read_since`` is not needed: Telegram itself keeps what was not confirmed, for a day.
        """
        self._dispatch = dispatch
        self._connecting = asyncio.create_task(self._connect(), name="telegram-connect")
        await self._tried.wait()

    async def stop(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        self._poller.stop()
        await self._webhook.close()
        if self._polling is not None:
            await asyncio.wait([self._polling])  # it may have been cancelled: that is its end, not ours
            self._polling = None
        await asyncio.gather(*self._afterwards, return_exceptions=True)

    async def close(self) -> None:
        await self.stop()
        await self._client.close()

    async def http_handler(self, request: web.Request) -> web.Response:
        """Answer Telegram's POST to :data:`~bot.adapters.telegram.webhook.PATH`."""
        return await self._webhook.handle(request)

    def method(self, out: Outgoing, editing: bool) -> str:
        """Sends and edits share Telegram's limits."""
        return "send"

    def method_windows(self, method: str) -> tuple[Window, ...]:
        return SEND_WINDOWS

    def chat_windows(self, kind: Literal["direct", "group"]) -> tuple[Window, ...]:
        return DIRECT_WINDOWS if kind == "direct" else GROUP_WINDOWS

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        return await self._sender.send(out)

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        return await self._sender.edit(out, sent)

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        await self._sender.delete(out, sent)

    async def find(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        """Telegram shows a bot no message that it sent.

        Raises:
            CannotTellError: Always.
        """
        raise CannotTellError("a Telegram bot can't look for its own messages")

    async def is_chat_admin(self, actor: Actor, place: Place) -> bool:
        return await self._admins.is_admin(actor, place)

    def start_link(self, payload: str) -> str:
        return start_link(self._me.username, payload) if self._me else ""

    async def publish_commands(self, menus: Mapping[str, list[CommandEntry]]) -> None:
        await self._menu.publish(menus)

    async def _connect(self) -> None:
        """Learn who we are and set the way in, however long it takes."""
        failures = 0
        while True:
            try:
                user = await self._client.bot.get_me()
                self._me = BotIdentity(user.id, user.username or "")
                self._sender.bot_username = self._me.username
                await self._open_way_in()
            except Exception as error:  # whatever it was: giving up would leave the bot deaf
                failures += 1
                pause = pause_after(error, failures)
                self._tried.set()
                await self._clock.sleep(pause)
            else:
                self._tried.set()
                log.info("connected to Telegram", mode=self._mode, username=self._me.username)
                return

    async def _open_way_in(self) -> None:
        if self._mode == "webhook":
            await self._client.bot.set_webhook(
                self._webhook_url,
                secret_token=self._webhook_secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=WEBHOOK_CONNECTIONS,
            )
            self._webhook.open = True
            return
        if (await self._client.bot.get_webhook_info()).url:  # while one is set, polling is refused
            await self._client.bot.delete_webhook(drop_pending_updates=False)
        self._poller.connected = True
        self._polling = asyncio.create_task(self._poller.run(), name="telegram-poll")

    async def _deliver(self, update_json: dict[str, Any]) -> None:
        """Parse one update and hand it over; return once it is durable.

        An update that can't be read is logged and passed over: it would fail for ever and hold up all others.

        Raises:
            NotStoredError: It must come again.
        """
        if self._dispatch is None or self._me is None:
            raise NotStoredError("the bot has not started")
        try:
            update = Update.de_json(update_json)
            request = parse(update, self._me, self._clock.now())
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[
                -1
            ]  # no full traceback: it may show what people wrote
            where = f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno}"
            update_id = update_json.get("update_id")
            log.error("update not understood", update_id=update_id, error=type(error).__name__, where=where)
            return
        answer = await self._dispatch(request) if request is not None else None
        if update.callback_query is not None:
            self._do_afterwards(
                answer_press(self._client.bot, update.callback_query, answer, self._seals, self._me.username)
            )

    def _do_afterwards(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)
