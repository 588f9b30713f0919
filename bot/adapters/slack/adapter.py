"""The Slack adapter: connects, and puts the parts of this package together."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.port import CommandEntry, Dispatch, NotSentError, Outgoing, Sent, TryLaterError, Window
from bot.adapters.slack import webhook
from bot.adapters.slack.background import Background
from bot.adapters.slack.controls import RenderContext
from bot.adapters.slack.directs import Directs
from bot.adapters.slack.errors import reason_of, send_error
from bot.adapters.slack.incoming import Incoming
from bot.adapters.slack.limits import CHAT_WINDOWS, METHOD_WINDOWS
from bot.adapters.slack.missed import read_missed
from bot.adapters.slack.outgoing import Sender, method_of
from bot.adapters.slack.people import People
from bot.adapters.slack.socket import SocketMode
from bot.adapters.slack.surroundings import PLATFORM, Identity
from bot.adapters.slack.web import REQUEST_TIMEOUT, open_session, web_client
from bot.clock import Clock
from handlers.core.requests import Actor, Place
from handlers.core.seals import Seals

log = structlog.get_logger(__name__)

START_SECONDS = 10.0
"""How long :meth:`SlackAdapter.start` waits for a connection before it goes on trying in the background."""
_ADMIN_SECONDS = 1.0
_GAP_MARGIN = timedelta(minutes=1)
_RECONNECT_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)


class _Parts(NamedTuple):
    """What exists once Slack has told who the bot is."""

    client: AsyncWebClient
    people: People
    incoming: Incoming
    sender: Sender


class SlackAdapter:
    """One workspace, over Socket Mode or HTTP.

    Args:
        token: The bot token (``xoxb-``).
        app_token: The app-level token (``xapp-``), for Socket Mode.
        signing_secret: For HTTP.
        mode: How deliveries come: ``socket``, or ``http`` through :meth:`http_handler`.
        api_url: Where the Web API is.
        seals: Seal what controls carry.
        clock: Gives the time.
        command: The slash command, without the slash.

    Raises:
        ValueError: The mode lacks its token or secret.
    """

    platform = PLATFORM
    in_flight = 20
    request_timeout = REQUEST_TIMEOUT

    def __init__(
        self,
        token: str,
        app_token: str | None,
        signing_secret: str | None,
        mode: Literal["socket", "http"],
        api_url: str,
        seals: Seals,
        clock: Clock,
        command: str = "kumpel",
    ) -> None:
        if mode == "socket" and not app_token:
            raise ValueError("Socket Mode needs the app-level token")
        if mode == "http" and not signing_secret:
            raise ValueError("HTTP mode needs the signing secret")
        self._token = token
        self._app_token = app_token or ""
        self._signing_secret = (signing_secret or "") if mode == "http" else ""
        self._mode = mode
        self._api_url = api_url
        self._seals = seals
        self._clock = clock
        self._command = command
        self._session: aiohttp.ClientSession | None = None
        self._parts: _Parts | None = None
        self._socket: SocketMode | None = None
        self._ready = asyncio.Event()
        self._taking = False
        self._reading_missed = 0
        self._lifetime = Background()
        self._at_hand = Background()

    @property
    def connected(self) -> bool:
        """Is traffic flowing in? Over HTTP: would it be taken?"""
        if self._mode == "http":
            return self._taking and self._parts is not None
        return self._socket is not None and self._socket.connected

    @property
    def caught_up(self) -> bool:
        """Were the direct messages read that were said while the bot was away?"""
        return self._parts is not None and not self._reading_missed

    async def start(self, dispatch: Dispatch, read_since: datetime) -> None:
        """Connect and take deliveries, then read the direct messages missed since ``read_since``.

        Slack being away, or refusing the token, is no reason not to start: it is tried again and logged.
        """
        if self._session is None:
            self._session = open_session()
        self._taking = True
        self._reading_missed = 0
        running = self._lifetime.start(self._run(self._session, dispatch, read_since))
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, running}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()

    async def stop(self) -> None:
        """Take no more deliveries, finish those at hand, disconnect."""
        self._taking = False
        await self._lifetime.cancel()
        if self._socket is not None:
            await self._socket.stop()
            self._socket = None
        await self._at_hand.finish()
        if self._parts is not None:
            await self._parts.incoming.finish()
        self._ready.clear()

    async def close(self) -> None:
        """Close every connection."""
        if self._parts is not None:
            await self._parts.people.close()
        if self._session is not None:
            await self._session.close()
            self._session = None
            self._parts = None

    async def http_handler(self, request: web.Request) -> web.Response:
        """Take a delivery of any kind: mount it at ``POST /slack/events``."""
        if not self._taking or self._parts is None or self._mode != "http":
            return web.Response(status=503)
        # Slack may hang up before the commit; what was begun is brought to its end all the same.
        return await asyncio.shield(self._at_hand.start(webhook.take(request, self._parts.incoming.receive)))

    def method(self, out: Outgoing, editing: bool) -> str:
        """Name the call that this message takes."""
        return method_of(out, editing)

    def method_windows(self, method: str) -> tuple[Window, ...]:
        """Limits of a method over all chats."""
        return METHOD_WINDOWS.get(method, ())

    def chat_windows(self, kind: Literal["direct", "group"]) -> tuple[Window, ...]:
        """Limits of one chat, the same for both kinds."""
        return CHAT_WINDOWS

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        """Deliver a new message; ``note`` gets a file's id."""
        return await self._sender.send(out, note)

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        """Make a message say this."""
        return await self._sender.edit(out, sent)

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        """Take a message away."""
        await self._sender.delete(out, sent)

    async def find(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        """Look for a message by its metadata, for a file by its shares."""
        return await self._sender.find(out, note, since)

    async def is_chat_admin(self, actor: Actor, place: Place) -> bool:
        """Is the person an admin of the workspace, or who made this channel?"""
        if self._parts is None or not actor.trusted or place.kind != "group":
            return False
        try:
            async with asyncio.timeout(_ADMIN_SECONDS):
                return await _is_admin(
                    self._parts, actor.account.rpartition(":")[2], place.chat.rpartition(":")[2]
                )
        except Exception as problem:
            log.info("slack_admin_unknown", reason=reason_of(problem))
            return False

    def start_link(self, payload: str) -> str:
        """A link into Slack carries no payload."""
        return ""

    async def publish_commands(self, menus: Mapping[str, list[CommandEntry]]) -> None:
        """Do nothing: Slack's commands stand in the app's manifest."""

    @property
    def _sender(self) -> Sender:
        if self._parts is None:
            raise NotSentError("Slack is not reached yet")
        return self._parts.sender

    async def _run(self, session: aiohttp.ClientSession, dispatch: Dispatch, read_since: datetime) -> None:
        """Find out who the bot is, connect, read what was missed; until cancelled."""
        client = web_client(self._token, self._api_url, session)
        identity = await self._identity(client)
        directs = Directs(client)
        people = People(client, identity.team, self._clock)
        context = RenderContext(self._seals, identity.team, identity.app)
        incoming = Incoming(client, identity, people, directs, dispatch, self._clock, self._signing_secret)
        self._parts = _Parts(client, people, incoming, Sender(client, session, directs, context))
        log.info("slack_started", team=identity.team, mode=self._mode)
        if self._mode == "http":
            self._ready.set()
            self._reading_missed += 1
            await read_missed(client, identity, directs, incoming.take, read_since, self._clock)
            self._reading_missed -= 1
            return
        missed = Background()

        def read_again(seconds: float) -> None:
            since = self._clock.now() - timedelta(seconds=seconds) - _GAP_MARGIN
            missed.start(self._read_missed(directs, identity, since))

        self._socket = SocketMode(session, self._socket_url, self._take_envelope, self._clock, read_again)
        missed.start(self._read_missed(directs, identity, read_since))
        try:
            await self._socket.run()
        finally:
            await missed.cancel()

    async def _read_missed(self, directs: Directs, identity: Identity, since: datetime) -> None:
        if self._socket is None or self._parts is None:
            return
        self._reading_missed += 1
        await self._socket.opened.wait()
        self._ready.set()
        await read_missed(self._parts.client, identity, directs, self._parts.incoming.take, since, self._clock)
        self._reading_missed -= 1  # not where it failed or was cancelled: then it is read at the next start

    async def _identity(self, client: AsyncWebClient) -> Identity:
        """Ask Slack who the bot is, until it says so."""
        attempt = 0
        while True:
            try:
                answer = await client.auth_test()
                bot = str(answer.get("bot_id") or "")
                app = await _app_id(client, bot)
                return Identity(str(answer["team_id"]), str(answer["user_id"]), bot, app, self._command)
            except Exception as problem:
                error = send_error(problem, "auth.test")
                log.error("slack_not_reached", reason=str(error))
                pause = _RECONNECT_SECONDS[min(attempt, len(_RECONNECT_SECONDS) - 1)]
                await self._clock.sleep(min(error.seconds, 30.0) if isinstance(error, TryLaterError) else pause)
                attempt += 1

    async def _socket_url(self) -> str:
        if self._parts is None:
            raise NotSentError("Slack is not reached yet")
        answer = await self._parts.client.apps_connections_open(app_token=self._app_token)
        return str(answer["url"])

    async def _take_envelope(self, envelope: SocketModeRequest) -> SocketModeResponse | None:
        if self._parts is None:
            return None
        delivery = AsyncBoltRequest(mode="socket_mode", body=envelope.payload)
        response: BoltResponse = await self._parts.incoming.receive(delivery)
        if response.status != 200:
            return None
        payload = response.body or None
        return SocketModeResponse(envelope.envelope_id, _decoded(payload) if payload else None)


def _decoded(body: str) -> dict[str, object]:
    decoded: dict[str, object] = json.loads(body)
    return decoded


async def _app_id(client: AsyncWebClient, bot: str) -> str:
    """Return the app's id, which links to its direct chat carry; without it there are none."""
    try:
        answer = await client.bots_info(bot=bot)
        return str(answer["bot"]["app_id"])
    except Exception as problem:
        log.warning("slack_app_id_unknown", reason=reason_of(problem))
        return ""


async def _is_admin(parts: _Parts, user: str, channel: str) -> bool:
    await parts.people.ask([user])
    profile = parts.people.get(user)
    if profile is None or not profile.trusted:
        return False
    if profile.admin:
        return True
    answer = await parts.client.conversations_info(channel=channel)
    return bool(answer["channel"].get("creator") == user)
