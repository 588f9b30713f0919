"""What a Slack workspace is made of: plain data, looked up by id, changed only by :mod:`.world`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.slack.plain import Control, controls_of, plain_text_of

Json = dict[str, Any]
ChannelKind = Literal["channel", "group", "im", "mpim"]

#: What the app is installed with unless a test says otherwise.
DEFAULT_SCOPES = (
    "app_mentions:read,channels:history,channels:join,channels:manage,channels:read,chat:write,commands,"
    "files:read,files:write,groups:history,groups:read,groups:write,im:history,im:read,im:write,"
    "mpim:history,mpim:read,mpim:write,team:read,users:read,users:read.email"
)


@dataclass(slots=True)
class Token:
    """A secret that a client shows: ``bot`` (xoxb-) for methods, ``app`` (xapp-) for Socket Mode."""

    value: str
    kind: Literal["bot", "app"]
    scopes: frozenset[str]
    revoked: bool = False


@dataclass(slots=True)
class User:
    """A person or a bot user as the workspace knows it; names of fields as in Slack's user object."""

    id: str
    name: str
    team_id: str
    real_name: str
    locale: str = "en-US"
    tz: str = "Europe/Berlin"
    email: str | None = None
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    updated: int = 0

    @property
    def mention(self) -> str:
        """How a message's text names this user."""
        return f"<@{self.id}>"


@dataclass(slots=True)
class UploadedFile:
    """A file on its way (``complete`` is False) or shared; sizes in bytes, times in Unix seconds.

    ``ticket`` is the secret end of its upload URL; ``shares`` are pairs of channel id and ts.
    """

    id: str
    name: str
    title: str
    length: int
    user: str
    created: int
    ticket: str
    content: bytes = b""
    complete: bool = False
    alt_txt: str | None = None
    shares: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Message:
    """One message; ``ts`` identifies it within its channel.

    Attributes:
        ephemeral_for: The only user who sees it; such a message is in no history.
        edited: ``{"user", "ts"}`` of the last visible edit.
        picked: What each person has chosen in its menus: user → block_id → action_id → state object.
        names: Names by user id, kept so that :attr:`plain` can spell mentions out.
    """

    channel: str
    ts: str
    user: str | None
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    edited: dict[str, str] | None = None
    files: list[UploadedFile] = field(default_factory=list)
    metadata: Json | None = None
    ephemeral_for: str | None = None
    client_msg_id: str | None = None
    inviter: str | None = None
    deleted: bool = False
    picked: dict[str, dict[str, dict[str, Json]]] = field(default_factory=dict, repr=False)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def plain(self) -> str:
        """Everything a person reads in it, controls included, without markup."""
        return plain_text_of(self.text, self.blocks, self.names, [file.title for file in self.files])

    @property
    def controls(self) -> list[Control]:
        """Buttons, menus and pickers, in the order in which they are shown."""
        return controls_of(self.blocks)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [control.label for control in self.controls if control.type == "button"]


@dataclass(slots=True)
class Channel:
    """A conversation: public or private channel, direct message (``im``) or group message (``mpim``)."""

    id: str
    kind: ChannelKind
    name: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False
    is_open: bool = True
    topic: str = ""
    purpose: str = ""
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)

    def message(self, ts: str) -> Message | None:
        """The message with this ts, ephemeral ones excepted."""
        return next((message for message in self.messages if message.ts == ts), None)


@dataclass(slots=True, eq=False)
class View:
    """A modal in somebody's stack or a published App Home.

    Attributes:
        definition: What the app sent, with the ids that Slack fills in.
        values: What the person has put in so far: block_id → action_id → state object.
        errors: What the app found wrong with it: block_id → sentence.
    """

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def type(self) -> str:
        """``modal`` or ``home``."""
        return str(self.definition["type"])

    @property
    def title(self) -> str:
        """The modal's title; empty for an App Home."""
        return str((self.definition.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """What the app called it."""
        return str(self.definition.get("callback_id") or "")

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, ids filled in."""
        blocks: list[Json] = self.definition["blocks"]
        return blocks

    @property
    def plain(self) -> str:
        """Everything a person reads in it."""
        labels = [(self.definition.get(part) or {}).get("text") for part in ("submit", "close")]
        buttons = [f"[{label}]" for label in labels if label]
        texts = [self.title, plain_text_of("", self.blocks, self.names), *buttons, *self.errors.values()]
        return "\n".join(text for text in texts if text)

    @property
    def controls(self) -> list[Control]:
        """Buttons, menus, pickers and inputs, in the order in which they are shown."""
        return controls_of(self.blocks)

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons."""
        return [control.label for control in self.controls if control.type == "button"]


@dataclass(slots=True)
class Trigger:
    """A trigger_id: for one person, one use, three seconds."""

    id: str
    user: str
    made_at: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer an interaction: five times within thirty minutes."""

    id: str
    channel: str
    user: str
    made_at: float
    message: Message | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(slots=True)
class Workspace:
    """All of it, by id."""

    team_id: str
    team_name: str
    domain: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, UploadedFile] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)

    def im_between(self, one: str, other: str) -> Channel | None:
        """The direct message of these two users, if they have one."""
        pair = {one, other}
        return next((c for c in self.channels.values() if c.kind == "im" and set(c.members) == pair), None)

    def views(self) -> list[View]:
        """Every view that is shown to anybody."""
        return [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
