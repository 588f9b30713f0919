"""The local Telegram itself: the state, and what happens to it whoever asks, bot or person."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock
from bot.sandbox.faults import Call
from bot.sandbox.telegram.limits import Limits
from bot.sandbox.telegram.state import (
    Change,
    Chat,
    ChatType,
    Entity,
    Kind,
    Member,
    Message,
    Status,
    StoredFile,
    User,
)
from bot.sandbox.telegram.updates import UpdateQueue
from bot.sandbox.telegram.wire import chat_json, member_json, message_json, user_json

# Ids of supergroups start at this, going down (core.telegram.org/api/bots/ids).
SUPERGROUP_BASE = -1_000_000_000_000
# Folder on the file server and beginning of the file_id, by kind.
_PLACES: dict[Kind, tuple[str, str]] = {
    "photo": ("photos", "AgACAgIAAxkBAAI"),
    "document": ("documents", "BQACAgIAAxkBAAI"),
    "sticker": ("stickers", "CAACAgIAAxkBAAI"),
    "voice": ("voice", "AwACAgIAAxkBAAI"),
}


@dataclass(slots=True)
class Press:
    """A press of a button, and what the person gets to see when the bot answers it.

    Attributes:
        toast: The notification at the top of the chat.
        alert: The text of a dialog, when the bot asked for one.
        url: The link that opens: of a link button at once, or from the bot's answer.
        expires: Monotonic seconds after which an answer is refused.
        cache_time: Seconds for which the client repeats this answer by itself.
    """

    id: str
    person: User
    message: Message
    data: str
    expires: float
    toast: str = ""
    alert: str = ""
    url: str = ""
    is_answered: bool = False
    answered_at: float = 0.0
    cache_time: int = 0


@dataclass(slots=True)
class World:
    """State and rules shared by the Bot API methods and the people.

    Attributes:
        privacy: The bot's privacy mode (core.telegram.org/bots/features#privacy-mode).
        limits: The rate limits, None to let everything pass.
        press_lifetime: Seconds within which a press can be answered. The documentation names no figure; the
            server itself drops a press from the queue after 150 s.
        log: Posts and edits in order, each with its text at that time; people read it.
    """

    clock: Clock
    bot: User
    queue: UpdateQueue
    privacy: bool = True
    limits: Limits | None = field(default_factory=Limits)
    press_lifetime: float = 150.0
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    presses: dict[str, Press] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    log: list[tuple[Message, str]] = field(default_factory=list)
    listeners: list[Callable[[Change], None]] = field(default_factory=list)
    first_message_id: int = 1
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    # Private chats and basic groups share one count of messages, a supergroup has its own
    # (core.telegram.org/api/ids, "Message IDs").
    _common_id: int = field(init=False)

    def __post_init__(self) -> None:
        self._common_id = self.first_message_id - 1

    def unix_time(self) -> int:
        return int(self.clock.now().timestamp())

    def serial(self) -> int:
        """The next number that was never used before."""
        return next(self._serial)

    def changed(
        self, kind: str, chat: Chat | None = None, message: Message | None = None, call: Call | None = None
    ) -> None:
        """Tell whoever looks on."""
        for listener in list(self.listeners):
            listener(Change(kind, chat, message, call))

    def private_chat(self, user: User) -> Chat:
        """The chat between a person and the bot; it has the person's id."""
        return self.chats.setdefault(user.id, Chat(user.id, "private", person=user))

    def add_chat(self, chat_type: ChatType, title: str, *, is_forum: bool = False) -> Chat:
        """Open an empty group or supergroup."""
        number = 4_000_000 + 77 * self.serial()
        chat_id = SUPERGROUP_BASE - 1_500_000_000 - number if chat_type == "supergroup" else -number
        chat = self.chats[chat_id] = Chat(chat_id, chat_type, title, is_forum=is_forum)
        chat.last_message_id = self.first_message_id - 1
        return chat

    def add_file(self, kind: Kind, name: str, mime_type: str, data: bytes, **size: int) -> StoredFile:
        """Keep a file under new ids."""
        folder, prefix = _PLACES[kind]
        number = self.serial()
        suffix = ".jpg" if kind == "photo" else "." + name.rpartition(".")[2] if "." in name else ""
        file = StoredFile(
            file_id=f"{prefix}{number:08d}ABy",
            unique_id=f"AQAD{number:08d}",
            kind=kind,
            path=f"{folder}/file_{number}{suffix}",
            data=data,
            name=name,
            mime_type=mime_type,
            **size,
        )
        self.files[file.file_id] = file
        return file

    def post(self, chat: Chat, sender: User, kind: Kind = "text", **content: Any) -> Message:
        """Put a message into a chat and show it to the people there; the bot is not told here.

        ``content`` holds further fields of :class:`Message`.
        """
        if chat.type == "supergroup":
            chat.last_message_id += 1
            message_id = chat.last_message_id
        else:
            self._common_id += 1
            message_id = chat.last_message_id = self._common_id
        message = Message(chat, message_id, self.unix_time(), sender, kind, **content)
        self._put_in_thread(message)
        chat.messages[message_id] = message
        if sender.is_bot and message.sender_chat is None:
            chat.last_bot_id = sender.id
        self.log.append((message, message.plain))
        self.changed("message", chat, message)
        return message

    def _put_in_thread(self, message: Message) -> None:
        """Topic messages hang on the one that opened the topic, replies in a supergroup on the first one."""
        chat, opener = message.chat, message.reply_to
        if message.thread_id is not None:
            message.is_topic_message = True
            if opener is None:
                message.reply_to = chat.messages.get(message.thread_id)
        elif opener is not None and opener.is_topic_message:
            message.thread_id, message.is_topic_message = opener.thread_id, True
        elif opener is not None and chat.type == "supergroup" and not chat.is_forum:
            message.thread_id = opener.thread_id or opener.message_id

    def edit(self, message: Message, text: str, entities: list[Entity]) -> None:
        """Give a message a new text or caption."""
        message.text, message.entities = text, entities
        self.touch(message)

    def touch(self, message: Message) -> None:
        """A message has changed."""
        message.edit_date = self.unix_time()
        self.log.append((message, message.plain))
        self.changed("edited", message.chat, message)

    def delete(self, message: Message) -> None:
        """Take a message away for everybody."""
        message.deleted = True
        message.chat.messages.pop(message.message_id, None)
        self.changed("deleted", message.chat, message)

    def tell_bot(self, message: Message, update_type: str = "message") -> None:
        """Queue a message for the bot, if it may see it."""
        if self._bot_sees(message):
            self.queue.add(update_type, message_json(message))

    def _bot_sees(self, message: Message) -> bool:
        """Privacy mode and membership (core.telegram.org/bots/features#privacy-mode)."""
        chat = message.chat
        if message.sender.is_bot and message.sender_chat is None and message.kind != "service":
            return False  # "bots will not be able to see messages from other bots" (Bot FAQ)
        if chat.type == "private":
            return not chat.blocked
        bot = chat.member(self.bot)
        if not bot.is_present:
            return bool(message.service.get("left_chat_member", {}).get("id") == self.bot.id)
        if message.kind == "service" or bot.is_admin or not self.privacy:
            return True
        if message.reply_to is not None and message.reply_to.sender.id == self.bot.id:
            return True
        return self._is_addressed(message)

    def _is_addressed(self, message: Message) -> bool:
        """Commands and mentions meant for this bot.

        "Commands explicitly meant for them (e.g., /command@this_bot)" and "General commands (e.g. /start) if
        the bot was the last bot to send a message to the group"; a group in which no bot has spoken yet
        counts as this bot's.
        """
        at_bot = f"@{self.bot.username}".lower()
        raw = message.text.encode("utf-16-le")
        for entity in message.entities:
            start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
            covered = raw[start:end].decode("utf-16-le").lower()
            if entity["type"] == "mention" and covered == at_bot:
                return True
            if entity["type"] == "text_mention" and entity["user"]["id"] == self.bot.id:
                return True
            if entity["type"] == "bot_command" and covered.endswith(at_bot):
                return True
            if entity["type"] == "bot_command" and "@" not in covered and entity["offset"] == 0:
                return message.chat.last_bot_id in (None, self.bot.id)
        return False

    def set_status(self, chat: Chat, user: User, status: Status, by: User, **rights: bool) -> None:
        """Change someone's standing and tell the bot.

        About itself it always hears (my_chat_member); about others only as an admin that asked for
        chat_member updates (Bot API, Update.chat_member).
        """
        member = chat.member(user)
        new = Member(user, status, **rights)
        update = {
            "chat": chat_json(chat),
            "from": user_json(by),
            "date": self.unix_time(),
            "old_chat_member": member_json(member),
            "new_chat_member": member_json(new),
        }
        chat.members[user.id] = new
        if user.id == self.bot.id:
            self.queue.add("my_chat_member", update)
        elif chat.member(self.bot).is_admin:
            self.queue.add("chat_member", update)
        self.changed("member", chat)

    def announce(self, chat: Chat, by: User, **service: Any) -> Message:
        """Post a service message and tell the bot."""
        message = self.post(chat, by, "service", service=service)
        self.tell_bot(message)
        return message
