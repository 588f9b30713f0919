"""What the local Telegram knows: people, chats, messages, files. Plain data; the rules stand elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.faults import Call

Entity = dict[str, Any]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
ChatType = Literal["private", "group", "supergroup"]
Kind = Literal["text", "photo", "document", "sticker", "voice", "contact", "service"]


@dataclass(slots=True)
class User:
    """A person or a bot. ``language_code`` is an IETF tag, empty when the client tells none."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    deactivated: bool = False


# Messages of anonymous group admins come from this account (Bot API, Message.from).
ANONYMOUS = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


@dataclass(slots=True)
class Member:
    """Someone's standing in a chat; ``can_send`` counts only while ``restricted``."""

    user: User
    status: Status = "member"
    is_anonymous: bool = False
    can_send: bool = True

    @property
    def is_present(self) -> bool:
        return self.status not in ("left", "kicked")

    @property
    def is_admin(self) -> bool:
        return self.status in ("creator", "administrator")


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the service message that opened it."""

    thread_id: int
    name: str


@dataclass(slots=True)
class StoredFile:
    """A file on the server. Width and height in pixels for pictures, duration in seconds for voice."""

    file_id: str
    unique_id: str
    kind: Kind
    path: str
    data: bytes
    name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0
    duration: int = 0


@dataclass(slots=True, eq=False)
class Chat:
    """A chat as the bot's account sees it.

    Attributes:
        person: The other side of a private chat.
        started: The person of a private chat has written to the bot, so the bot may write too.
        blocked: The person has blocked the bot.
        migrated_to: Id of the supergroup that this group has become.
        last_bot_id: The bot that last posted here; general commands go to it.
    """

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    is_forum: bool = False
    person: User | None = None
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    last_bot_id: int | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    last_message_id: int = 0

    def member(self, user: User) -> Member:
        """Someone's standing here; whoever never came counts as having left."""
        return self.members.get(user.id) or Member(user, "left")


@dataclass(slots=True)
class Button:
    """An inline button as a person sees it."""

    text: str
    callback_data: str | None = None
    url: str | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message in a chat; for a picture or a file, ``text`` is the caption.

    ``date`` and ``edit_date`` are Unix seconds. ``service`` holds the fields of a service message.
    """

    chat: Chat
    message_id: int
    date: int
    sender: User
    kind: Kind = "text"
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    sender_chat: Chat | None = None
    thread_id: int | None = None
    is_topic_message: bool = False
    reply_to: Message | None = None
    reply_markup: dict[str, Any] | None = None
    file: StoredFile | None = None
    contact: dict[str, Any] | None = None
    forward_origin: dict[str, Any] | None = None
    service: dict[str, Any] = field(default_factory=dict)
    edit_date: int | None = None
    deleted: bool = False

    @property
    def buttons(self) -> list[list[Button]]:
        """The rows of inline buttons."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url")) for b in row] for row in rows]

    @property
    def plain(self) -> str:
        """What a person reads, the labels of the buttons included."""
        lines = [self.text] if self.text else []
        if self.file is not None:
            lines.insert(0, f"[{self.kind}{': ' + self.file.name if self.file.name else ''}]")
        if self.kind == "service":
            lines.append(f"({', '.join(self.service)})")
        lines += [" ".join(f"[{button.text}]" for button in row) for row in self.buttons]
        return "\n".join(lines)

    @property
    def photo(self) -> StoredFile | None:
        return self.file if self.kind == "photo" else None

    @property
    def document(self) -> StoredFile | None:
        return self.file if self.kind == "document" else None

    @property
    def edited(self) -> bool:
        return self.edit_date is not None

    @property
    def topic(self) -> Topic | None:
        return self.chat.topics.get(self.thread_id) if self.is_topic_message and self.thread_id else None


@dataclass(slots=True)
class Change:
    """Something a viewer may want to redraw.

    ``kind`` is one of ``message``, ``edited``, ``deleted``, ``answered``, ``member``, ``typing``, ``chat``; and
    ``call``, when a call came and when it was answered.
    """

    kind: str
    chat: Chat | None = None
    message: Message | None = None
    call: Call | None = None
