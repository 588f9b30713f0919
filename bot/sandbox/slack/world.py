"""The workspace at work: every change goes through here, is told to the app, and shown to whoever watches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.sandbox.faults import Call, Faults
from bot.sandbox.slack import objects, payloads
from bot.sandbox.slack.delivery import Deliveries, Delivery
from bot.sandbox.slack.ids import Ids, Timestamps, secret
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.socket_mode import SocketMode
from bot.sandbox.slack.state import Channel, ChannelKind, Message, ResponseUrl, Trigger, User, Workspace

Json = dict[str, Any]

_PREFIX = {"channel": "C", "group": "C", "im": "D", "mpim": "C"}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a watcher may want to draw again.

    Attributes:
        kind: ``message``, ``message_changed``, ``message_deleted``, ``view``, ``home``, ``members``, ``user``,
            ``channel``, ``delivery`` or ``call``.
        subject: The message, view, channel, user, delivery or call itself.
    """

    kind: str
    subject: object


@dataclass(eq=False)
class World:
    """A workspace with the app in it.

    Attributes:
        base_url: Where this server is reached, without a path; upload, response and socket URLs begin with it.
        subscribed: The event types that the app gets.
    """

    clock: Clock
    workspace: Workspace
    deliveries: Deliveries
    sockets: SocketMode
    faults: Faults
    limits: Limits
    calls: list[Call]
    bot: User
    signing_secret: str
    verification_token: str
    subscribed: frozenset[str]
    ids: Ids
    base_url: str = ""

    def __post_init__(self) -> None:
        self._timestamps = Timestamps()
        self._listeners: list[Callable[[Change], None]] = []
        self._waiting: set[asyncio.Future[None]] = set()

    @property
    def app_id(self) -> str:
        """The app's id."""
        return str(self.bot.app_id)

    @property
    def bot_id(self) -> str:
        """The id under which the app's posts stand."""
        return str(self.bot.bot_id)

    # --- naming and timing -------------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """A fresh id that begins with ``prefix``."""
        return self.ids.new(prefix)

    def new_ts(self) -> str:
        """A fresh timestamp id."""
        return self._timestamps.new(self.clock.now().timestamp())

    def secret(self, length: int) -> str:
        """Random hexadecimal digits."""
        return secret(length)

    def new_trigger(self, user: str) -> str:
        """A trigger_id, in the form that Slack's error text for a malformed one names."""
        number = self.new_id("")
        trigger_id = f"{number}.{int(self.workspace.team_id[1:])}.{secret(32)}"
        self.workspace.triggers[trigger_id] = Trigger(trigger_id, user, self.clock.monotonic())
        return trigger_id

    def new_response_url(
        self, channel: Channel, user: User, message: Message | None = None, thread_ts: str | None = None
    ) -> str:
        """A response_url for an interaction of ``user`` in ``channel``."""
        url = ResponseUrl(secret(24), channel.id, user.id, self.clock.monotonic(), message, thread_ts)
        self.workspace.response_urls[url.id] = url
        kind = "actions" if message else "commands"
        return f"{self.base_url}/slack/{kind}/{self.workspace.team_id}/{url.id}"

    def names(self) -> dict[str, str]:
        """What mentions are shown as, by user id."""
        return {user.id: user.name for user in self.workspace.users.values()}

    def user_of_bot(self, bot_id: str) -> User:
        """The bot user behind a bot_id."""
        return next(user for user in self.workspace.users.values() if user.bot_id == bot_id)

    # --- watching ----------------------------------------------------------------------------------------

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``listener`` at each change, until the function that is returned is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self, kind: str, subject: object) -> None:
        """Tell whoever watches or waits."""
        for listener in list(self._listeners):
            listener(Change(kind, subject))
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def next_change(self) -> None:
        """Return at the next change."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)

    # --- people and conversations ------------------------------------------------------------------------

    def add_user(self, user: User) -> User:
        """Let somebody be in the workspace."""
        user.updated = int(self.clock.now().timestamp())
        self.workspace.users[user.id] = user
        self.changed("user", user)
        return user

    def change_user(self, user: User, **traits: Any) -> Delivery | None:
        """Let a profile or standing change; the app hears of it (docs.slack.dev/reference/events/user_change)."""
        for name, value in traits.items():
            setattr(user, name, value)
        user.updated = int(self.clock.now().timestamp())
        delivery = self.tell(payloads.user_change(self, user))
        self.changed("user", user)
        return delivery

    def add_channel(self, name: str, kind: ChannelKind, creator: User, members: list[str]) -> Channel:
        """A new conversation; nobody is told."""
        now = int(self.clock.now().timestamp())
        channel = Channel(self.new_id(_PREFIX[kind]), kind, name, creator.id, now, members)
        self.workspace.channels[channel.id] = channel
        self.changed("channel", channel)
        return channel

    def im_with(self, user: User, other: User | None = None) -> Channel:
        """The direct message of ``user`` with the bot (or somebody else), opened if need be."""
        other = other or self.bot
        found = self.workspace.im_between(user.id, other.id)
        return found or self.add_channel("", "im", user, [user.id, other.id])

    def join(self, channel: Channel, user: User, inviter: User | None = None) -> Delivery | None:
        """Make ``user`` a member; the bot hears of it, in two events, when it is one itself."""
        if user.id in channel.members:
            return None
        channel.members.append(user.id)
        by = inviter.id if inviter else None
        event = payloads.member_event(self, "member_joined_channel", channel, user, by)
        return self._membership(channel, user, event, "channel_join", f"{user.mention} has joined the channel", by)

    def leave(self, channel: Channel, user: User) -> Delivery | None:
        """Take ``user`` out of the channel; the bot hears of it in two events, but not when it is the one."""
        if user.id not in channel.members:
            return None
        channel.members.remove(user.id)
        event = payloads.member_event(self, "member_left_channel", channel, user, None)
        return self._membership(channel, user, event, "channel_leave", f"{user.mention} has left the channel")

    def _membership(
        self, channel: Channel, user: User, event: Json, subtype: str, text: str, inviter: str | None = None
    ) -> Delivery | None:
        """Tell of a membership: as an event of its own, and as the message that stands in the channel."""
        message = Message(channel.id, self.new_ts(), user.id, text, subtype=subtype, inviter=inviter)
        delivery = self.tell(event, channel)
        announced = self.post(message)
        if delivery and announced:
            delivery.also.append(announced)
        self.changed("members", channel)
        return delivery

    # --- messages ----------------------------------------------------------------------------------------

    def post(self, message: Message) -> Delivery | None:
        """Put a message into its conversation; ephemeral ones are told to nobody but their reader."""
        channel = self.workspace.channels[message.channel]
        message.names = self.names()
        if message.ephemeral_for:
            channel.ephemerals.append(message)
            self.changed("message", message)
            return None
        channel.messages.append(message)
        channel.is_open = True
        for file in message.files:
            file.shares.append((channel.id, message.ts))
        delivery = self.tell(payloads.message_event(self, message), channel, message)
        spoken = message.subtype in (None, "file_share") and message.bot_id != self.bot_id
        if delivery and spoken and self.bot.mention in message.text and channel.kind != "im":
            mention = self.tell(payloads.app_mention(self, message), channel, message)
            if mention:
                delivery.also.append(mention)
        self.changed("message", message)
        return delivery

    def edit(self, message: Message, change: Callable[[Message], None]) -> Delivery | None:
        """Apply ``change`` and tell the app how the message was before."""
        channel = self.workspace.channels[message.channel]
        previous = objects.message(self, message)
        change(message)
        message.names = self.names()
        delivery = None
        if not message.ephemeral_for:
            event = payloads.message_changed(self, message, previous, self.new_ts())
            delivery = self.tell(event, channel, message)
        self.changed("message_changed", message)
        return delivery

    def remove(self, message: Message) -> Delivery | None:
        """Delete a message."""
        channel = self.workspace.channels[message.channel]
        previous = objects.message(self, message)
        message.deleted = True
        delivery = None
        if message.ephemeral_for:
            channel.ephemerals.remove(message)
        else:
            channel.messages.remove(message)
            event = payloads.message_deleted(self, message, previous, self.new_ts())
            delivery = self.tell(event, channel, message)
        self.changed("message_deleted", message)
        return delivery

    # --- telling the app ---------------------------------------------------------------------------------

    def tell(self, event: Json, channel: Channel | None = None, message: Message | None = None) -> Delivery | None:
        """Send an event, if the app has subscribed to it and sees the conversation."""
        if event["type"] not in self.subscribed:
            return None
        if channel is not None and self.bot.id not in channel.members:
            return None
        body = payloads.event_callback(self, event, channel)
        delivery = self.deliveries.send("events_api", body, message=message)
        self.changed("delivery", delivery)
        return delivery

    def interact(
        self, payload: Json, on_ack: Callable[[Any], None] | None = None, message: Message | None = None
    ) -> Delivery:
        """Send an interaction; its acknowledgement may change what the person sees."""
        delivery = self.deliveries.send("interactive", payload, on_ack=on_ack, message=message)
        self.changed("delivery", delivery)
        return delivery
