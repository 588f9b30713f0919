"""What a test or the demo holds in hand: a local Slack, its people and channels, and what became of calls."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.sandbox.faults import Call, Faults
from bot.sandbox.slack.delivery import ACK_SECONDS, RETRY_DELAYS, Deliveries, Delivery
from bot.sandbox.slack.front import Front
from bot.sandbox.slack.http_events import HttpEvents
from bot.sandbox.slack.ids import Ids, secret
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.people import SlackPerson
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.state import DEFAULT_SCOPES, Channel, Message, Token, User, Workspace
from bot.sandbox.slack.world import Change, World

Json = dict[str, Any]

EVENTS = frozenset(
    {"app_home_opened", "app_mention", "member_joined_channel", "member_left_channel", "message", "user_change"}
)
EVENTS_PATH = "/slack/events"


class SlackSandbox:
    """A local Slack with one workspace and one app in it.

    Args:
        clock: Where its times come from.
        enforce_limits: Whether it answers 429 to an app that is too fast.
        retry_delays: Seconds before the second, third … attempt to deliver an event; empty for a single one.
        ack_seconds: How long it waits for an acknowledgement.
        scopes: What the bot token may do, comma-separated.
        base_url: Where it is reached; found out from the first request when left empty.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        enforce_limits: bool = True,
        retry_delays: Sequence[float] = RETRY_DELAYS,
        ack_seconds: float = ACK_SECONDS,
        scopes: str = DEFAULT_SCOPES,
        bot_name: str = "kumpel",
        team_name: str = "Kumpel Sandbox",
        base_url: str = "",
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        ids = Ids()
        self.team_id, self.app_id = ids.new("T"), ids.new("A")
        self.bot_user_id, self.bot_id = ids.new("U"), ids.new("B")
        self.bot_token, self.app_token = f"xoxb-{secret(24)}", f"xapp-1-{self.app_id}-{secret(24)}"
        self.signing_secret = secret(32)
        self.ack_seconds = ack_seconds
        self.faults = Faults()
        self.calls: list[Call] = []
        self.sockets = SocketMode(self.clock, self.app_id, ack_seconds)
        self.deliveries = Deliveries(self.clock, self.sockets, retry_delays)
        bot = User(self.bot_user_id, bot_name, self.team_id, bot_name.capitalize(), is_bot=True)
        bot.bot_id, bot.app_id = self.bot_id, self.app_id
        self.world = World(
            clock=self.clock,
            workspace=Workspace(self.team_id, team_name, re.sub(r"\W+", "-", team_name.lower())),
            deliveries=self.deliveries,
            sockets=self.sockets,
            faults=self.faults,
            limits=Limits(enforced=enforce_limits),
            calls=self.calls,
            bot=bot,
            signing_secret=self.signing_secret,
            verification_token=secret(24),
            subscribed=EVENTS,
            ids=ids,
            base_url=base_url,
        )
        self._front = Front(self.world)
        self.world.add_user(bot)
        self.add_token(self.bot_token, "bot", scopes)
        self.add_token(self.app_token, "app", "connections:write")

    # --- hosting -----------------------------------------------------------------------------------------

    @classmethod
    @asynccontextmanager
    async def running(cls, *, port: int = 0, **options: Any) -> AsyncIterator[SlackSandbox]:
        """A sandbox with a server of its own on a free local port (or ``port``)."""
        slack = cls(**options)
        app = web.Application()
        slack.attach(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            host, bound = runner.addresses[0][:2]
            slack.base_url = f"http://{host}:{bound}"
            yield slack
        finally:
            await runner.cleanup()

    def attach(self, app: web.Application) -> None:
        """Serve under ``/slack`` of ``app``, and close with it.

        Set :attr:`base_url` once the port is known, unless the app's first call comes before anybody acts.
        """
        app.add_routes(self.routes())
        app.on_shutdown.append(lambda _: self.close())

    def routes(self) -> list[web.RouteDef]:
        """Everything that a Slack client asks for, below ``/slack``."""
        return self._front.routes()

    async def close(self) -> None:
        """Close every connection and stop what is on its way."""
        self._front.closing.set()
        await self.deliveries.close()
        await self.sockets.close()

    @property
    def base_url(self) -> str:
        """Where it is reached, without a path."""
        return self.world.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.world.base_url = url.rstrip("/")

    @property
    def api_url(self) -> str:
        """What ``SLACK_API_URL`` and ``AsyncWebClient(base_url=…)`` want."""
        return f"{self.base_url}/slack/api/"

    # --- setting the scene -------------------------------------------------------------------------------

    def add_user(self, name: str, *, locale: str = "en-US", **traits: Any) -> SlackPerson:
        """Somebody joins the workspace.

        Args:
            name: Shown name; what comes after a space is the family name of ``real_name``.
            locale: Such as ``de-DE``.
            traits: Further fields of :class:`User`: ``is_restricted``, ``is_ultra_restricted``, ``is_admin``,
                ``is_stranger`` (from a connected workspace), ``email``, ``tz``, ``deleted`` …
        """
        team = self.world.new_id("T") if traits.get("is_stranger") else self.team_id
        traits = {"team_id": team, "real_name": name} | traits
        user = User(self.world.new_id("U"), name.partition(" ")[0], locale=locale, **traits)
        return SlackPerson(self.world, self.world.add_user(user))

    def add_bot(self, name: str) -> SlackPerson:
        """Another app's bot; it can say things like a person."""
        world = self.world
        return self.add_user(name, is_bot=True, bot_id=world.new_id("B"), app_id=world.new_id("A"))

    def add_channel(
        self,
        name: str,
        *members: SlackPerson,
        private: bool = False,
        with_bot: bool = True,
        shared: bool = False,
    ) -> Channel:
        """A channel with these members; nobody is told. ``shared`` connects it to another workspace."""
        ids = [person.user.id for person in members] + ([self.bot_user_id] if with_bot else [])
        creator = members[0].user if members else self.world.bot
        channel = self.world.add_channel(name, "group" if private else "channel", creator, ids)
        channel.is_ext_shared = shared or any(person.user.is_stranger for person in members)
        return channel

    async def invite_bot(self, channel: Channel | str, by: SlackPerson) -> Delivery | None:
        """``by`` invites the app into a channel."""
        return self.world.join(self.channel(channel), self.world.bot, by.user)

    def remove_bot(self, channel: Channel | str) -> None:
        """Take the app out of a channel."""
        self.world.leave(self.channel(channel), self.world.bot)

    def archive(self, channel: Channel | str) -> None:
        """Archive a channel."""
        self.channel(channel).is_archived = True

    def add_token(self, value: str, kind: Any = "bot", scopes: str = DEFAULT_SCOPES) -> Token:
        """Accept another token."""
        token = Token(value, kind, frozenset(filter(None, scopes.split(","))))
        self.world.workspace.tokens[value] = token
        return token

    def number_from(self, number: int) -> None:
        """Let the ids of everything to come begin here, for an app that remembers those of an earlier run."""
        self.world.ids.go_on_at(number)

    # --- looking on --------------------------------------------------------------------------------------

    def channel(self, wanted: Channel | str) -> Channel:
        """A conversation by id or name."""
        if isinstance(wanted, Channel):
            return wanted
        for channel in self.world.workspace.channels.values():
            if wanted in (channel.id, channel.name):
                return channel
        raise LookupError(f"there is no channel {wanted!r}")

    def messages(self, channel: Channel | str) -> list[Message]:
        """All messages of a conversation but ephemeral ones, oldest first."""
        return list(self.channel(channel).messages)

    def calls_of(self, method: str) -> list[Call]:
        """What clients asked of one method, in order."""
        return [call for call in self.calls if call.method == method]

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``listener`` at each change; what is returned ends that."""
        return self.world.subscribe(listener)

    # --- reaching the app --------------------------------------------------------------------------------

    async def deliver_over(self, transport: str, app_url: str = "") -> None:
        """Choose how the app is reached: ``socket``, or ``http`` with the app's address (without a path).

        Signatures carry the sandbox's time, so the app's clock must not be more than five minutes off.

        Raises:
            UrlNotVerifiedError: the app does not echo Slack's challenge.
        """
        if transport == "socket":
            await self._use(self.sockets)
            return
        url = app_url.rstrip("/") + EVENTS_PATH
        http = HttpEvents(self.clock, url, self.signing_secret, self.world.verification_token, self.ack_seconds)
        await self._use(http)
        await http.verify()

    async def _use(self, transport: SocketMode | HttpEvents) -> None:
        if self.deliveries.transport is not self.sockets:
            await self.deliveries.transport.close()
        self.deliveries.transport = transport

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the very same thing again (same event_id) and wait for its end."""
        return await self.deliveries.again(delivery)

    async def app_rate_limited(self) -> Delivery:
        """Tell the app that it gets too many events (docs.slack.dev/apis/events-api#rate-limiting)."""
        body = {
            "token": self.world.verification_token,
            "type": "app_rate_limited",
            "team_id": self.team_id,
            "minute_rate_limited": int(self.clock.now().timestamp()) // 60 * 60,
            "api_app_id": self.app_id,
        }
        return self.deliveries.send("events_api", body)
