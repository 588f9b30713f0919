"""What the runtime and an adapter ask of each other.

An adapter turns deliveries into requests and hands them to ``dispatch``; the delivery room hands it
:class:`Outgoing` messages. Nothing else passes between them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from msgspec import Struct

from handlers.core.answers import Answer as Answer
from handlers.core.answers import TurnCalendar as TurnCalendar
from handlers.core.requests import Actor, Place, Request
from handlers.core.ui import Attachment, Reply

Dispatch = Callable[[Request], Awaitable[Answer]]
"""Handles one request; returns once its effects are durable.

Raises :class:`NotStoredError`: do not acknowledge, the platform delivers again.
"""


class NotStoredError(Exception):
    """The store could not take a request; nothing of it happened."""


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message on its way out.

    Attributes:
        key: Identifies the send for ever; goes along as metadata where the platform has some.
        chat: The platform's id of the chat; of a direct chat the person's account.
        chat_id: Our own id of it.
        kind: Direct chat or group.
        content: A message, or a file of its own.
        thread: Slack thread or Telegram topic.
        audience: Account of the one person who may see it (ephemeral); empty for everybody.
        reply_via: Slack's response_url, where that is the only way.
        surface: A message, or the home page of the person whose direct chat it is.
        mentions: Accounts, on this platform, of the persons mentioned, by our id.
        picture: PNG of the picture block, drawn.
    """

    key: str
    chat: str
    chat_id: int
    kind: Literal["direct", "group"]
    content: Reply | Attachment
    thread: str = ""
    audience: str = ""
    reply_via: str = ""
    surface: Literal["message", "home"] = "message"
    mentions: Mapping[int, str] = {}
    picture: bytes | None = None


class Sent(Struct, frozen=True):
    """A message that stands in a chat. ``ref`` finds it again; ``kind`` is what it may be edited into."""

    ref: str
    kind: Literal["text", "picture", "home", "file"] = "text"


class Window(NamedTuple):
    """At most ``calls`` calls in any ``seconds``."""

    calls: int
    seconds: float


class SendError(Exception):
    """Base of what can go wrong while sending; the text is for logs, in the platform's words."""


class TryLaterError(SendError):
    """The platform asked for a pause (HTTP 429), to the second, for what it concerns."""

    def __init__(self, reason: str, seconds: float, scope: Literal["chat", "method", "platform"]) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.scope = scope


class NotSentError(SendError):
    """Surely not delivered, and worth trying again: no connection, no pool, refused at the door."""


class UncertainError(SendError):
    """It may have been delivered: the answer was lost, or the platform failed in the middle."""


class RefusedError(SendError):
    """It can never be delivered. ``chat`` tells what that says of the chat; ``left``: its person is gone."""

    def __init__(self, reason: str, chat: Literal["fine", "gone", "blocked", "left"] = "fine") -> None:
        super().__init__(reason)
        self.chat = chat


class ChatMovedError(SendError):
    """The chat goes on under a new id; messages in it are numbered anew."""

    def __init__(self, reason: str, new_chat: str) -> None:
        super().__init__(reason)
        self.new_chat = new_chat


class PostGoneError(SendError):
    """The message to edit is not there any more, or can't become this kind of message."""


class CannotTellError(SendError):
    """The platform has no way to ask whether a message arrived."""


class CommandEntry(NamedTuple):
    """A command as a menu lists it."""

    name: str
    description: str
    scope: Literal["direct", "group", "both"]


class Adapter(Protocol):
    """One platform."""

    platform: str

    @property
    def connected(self) -> bool:
        """Is traffic flowing in?"""

    @property
    def caught_up(self) -> bool:
        """Was everything read that was said while the bot was away?"""

    async def start(self, dispatch: Dispatch, read_since: datetime) -> None:
        """Connect and take deliveries; also those missed since ``read_since``, where the platform keeps them."""

    async def stop(self) -> None:
        """Take no more deliveries, finish those at hand, disconnect. Sending still works until :meth:`close`."""

    async def close(self) -> None:
        """Close every connection."""

    def method(self, out: Outgoing, editing: bool) -> str:
        """Name the call that this message takes; calls of one name share the platform's limits."""

    def method_windows(self, method: str) -> tuple[Window, ...]:
        """Limits of a method over all chats."""

    def chat_windows(self, kind: Literal["direct", "group"]) -> tuple[Window, ...]:
        """Limits of one chat."""

    in_flight: int
    """How many sends may be under way at once."""

    request_timeout: float
    """Seconds after which a send that gave no answer is over."""

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        """Deliver a new message. ``note`` durably keeps a word for :meth:`find` before an irreversible step.

        Raises:
            SendError: See its subclasses.
        """

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        """Make a message say this; equal content is fine.

        Raises:
            PostGoneError: It must be posted anew.
            SendError: See its other subclasses.
        """

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        """Take a message away; one that is gone already is fine."""

    async def find(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        """Look whether a message whose answer was lost arrived; None if it surely did not.

        Raises:
            CannotTellError: The platform keeps no trace to ask for.
            SendError: The question itself failed.
        """

    async def is_chat_admin(self, actor: Actor, place: Place) -> bool:
        """Does the person administrate the group? Unknown, or no answer within a second, means no."""

    def start_link(self, payload: str) -> str:
        """Return the address that opens the direct chat here with a payload; empty if there is none (yet)."""

    async def publish_commands(self, menus: Mapping[str, list[CommandEntry]]) -> None:
        """Show the command menus, by language."""


class Finding(NamedTuple):
    """One thing that ``kumpel check`` looked at, in German and English."""

    ok: bool
    de: str
    en: str
