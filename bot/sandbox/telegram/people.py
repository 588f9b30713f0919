"""The people of the local Telegram, as tests and demonstrations drive them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.telegram.entities import find_entities, utf16_length
from bot.sandbox.telegram.groups import GroupActs
from bot.sandbox.telegram.listening import Listener, PressHandle
from bot.sandbox.telegram.state import ANONYMOUS, Button, Chat, Entity, Kind, Member, Message, Topic, User
from bot.sandbox.telegram.wire import inaccessible_json, message_json, user_json
from bot.sandbox.telegram.world import Press

if TYPE_CHECKING:
    from bot.sandbox.telegram.sandbox import TelegramSandbox


class TelegramPerson(GroupActs, Listener):
    """Somebody with a Telegram account. Without ``chat``, everything happens in the chat with the bot."""

    def __init__(self, sandbox: TelegramSandbox, user: User) -> None:
        self.sandbox = sandbox
        self.user = user
        self._heard = {}

    def __repr__(self) -> str:
        return f"TelegramPerson({self.user.first_name!r}, {self.user.id})"

    @property
    def id(self) -> int:
        return self.user.id

    async def say(
        self,
        text: str,
        chat: Chat | None = None,
        *,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        as_anonymous: bool = False,
        mentions: Sequence[TelegramPerson] = (),
    ) -> Message:
        """Write a message.

        Args:
            text: At most 4096 UTF-16 units, as clients cut longer ones.
            chat: Where; the person must be a member.
            topic: The forum topic.
            reply_to: The message replied to.
            as_anonymous: As an admin who stays anonymous; then the group itself speaks.
            mentions: People without a username whose first names in the text become text mentions.
        """
        entities: list[Entity] = []
        for person in mentions:
            start = text.index(person.user.first_name)
            size = utf16_length(person.user.first_name)
            mention = {"type": "text_mention", "offset": utf16_length(text[:start]), "length": size}
            entities.append(mention | {"user": user_json(person.user)})
        content: dict[str, Any] = {"text": text, "entities": find_entities(text, entities)}
        return await self._post("text", chat, topic, reply_to, as_anonymous, **content)

    async def send_photo(self, data: bytes = b"", chat: Chat | None = None, *, caption: str = "") -> Message:
        """Send a picture, of 320 × 240 as far as the bot is told."""
        file = self.sandbox.world.add_file("photo", "photo.jpg", "image/jpeg", data, width=320, height=240)
        content: dict[str, Any] = {"file": file, "text": caption, "entities": find_entities(caption, [])}
        return await self._post("photo", chat, **content)

    async def send_document(
        self, name: str, data: bytes, chat: Chat | None = None, *, mime_type: str = "application/pdf"
    ) -> Message:
        """Send a file."""
        file = self.sandbox.world.add_file("document", name, mime_type, data)
        return await self._post("document", chat, file=file)

    async def send_sticker(self, chat: Chat | None = None) -> Message:
        """Send a sticker."""
        file = self.sandbox.world.add_file("sticker", "a.webp", "image/webp", b"", width=512, height=512)
        return await self._post("sticker", chat, file=file)

    async def send_voice(self, chat: Chat | None = None) -> Message:
        """Send a voice message of three seconds."""
        file = self.sandbox.world.add_file("voice", "a.oga", "audio/ogg", b"", duration=3)
        return await self._post("voice", chat, file=file)

    async def send_contact(self, phone_number: str, chat: Chat | None = None) -> Message:
        """Share one's own contact."""
        contact = {"phone_number": phone_number, "first_name": self.user.first_name, "user_id": self.id}
        return await self._post("contact", chat, contact=contact)

    async def forward(self, message: Message, chat: Chat | None = None) -> Message:
        """Pass a message on; its origin is its sender."""
        date = message.date
        origin = {"type": "user", "date": date, "sender_user": user_json(message.sender, language=False)}
        content: dict[str, Any] = {"text": message.text, "entities": message.entities, "file": message.file}
        return await self._post(message.kind, chat, forward_origin=origin, **content)

    async def _post(
        self,
        kind: Kind,
        chat: Chat | None,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        as_anonymous: bool = False,
        **content: Any,
    ) -> Message:
        world = self.sandbox.world
        chat = chat or self.chat
        if chat.person is not None:
            if chat.person is not self.user:
                raise ValueError("nobody writes in somebody else's private chat")
            if chat.blocked:
                raise ValueError("unblock the bot before writing to it")
            chat.started = True
        else:
            self._check_member(chat)
        if utf16_length(content.get("text", "")) > 4096:
            raise ValueError("clients send no more than 4096 characters in a message")
        sender = self.user
        if as_anonymous:
            if not chat.member(self.user).is_admin:
                raise ValueError("only admins stay anonymous")
            # Bot API, Message.from and Message.sender_chat: "for messages from anonymous group admins".
            sender, content["sender_chat"] = ANONYMOUS, chat
        thread_id = topic.thread_id if topic else None
        message = world.post(chat, sender, kind, thread_id=thread_id, reply_to=reply_to, **content)
        world.tell_bot(message)
        await asyncio.sleep(0)
        return message

    async def start(self, payload: str = "") -> Message:
        """Press Start, perhaps after a deep link with ``payload`` (Bot API features, "Deep linking")."""
        if payload and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload) is None:
            raise ValueError("a start parameter has 1 to 64 of A-Z a-z 0-9 _ -")
        if self.chat.blocked:
            await self.unblock()
        return await self.say(f"/start {payload}".rstrip())

    async def open_link(self, url: str, chat: Chat | None = None) -> Message:
        """Follow a t.me link to the bot: ``?start=`` here, ``?startgroup=`` by adding it to ``chat``.

        Raises:
            ValueError: It is no such link.
        """
        world = self.sandbox.world
        parts = urlsplit(url if "://" in url else f"https://{url}")
        if parts.netloc not in ("t.me", "telegram.me") or parts.path.strip("/") != world.bot.username:
            raise ValueError(f"{url} does not lead to the bot")
        query = parse_qs(parts.query, keep_blank_values=True)
        if "startgroup" not in query:
            return await self.start(query.get("start", [""])[0])
        if chat is None:
            raise ValueError("a startgroup link needs the group that is picked")
        await self.add_bot(chat)
        return await self.say(f"/start@{world.bot.username} {query['startgroup'][0]}".rstrip(), chat)

    async def press(
        self, button: str, message: Message | None = None, *, inaccessible: bool = False
    ) -> PressHandle:
        """Press a button, named by its text or its callback data.

        Args:
            button: Text or callback data.
            message: The message; by default the latest visible one that has such a button.
            inaccessible: The bot is told only where the message is (Bot API, InaccessibleMessage).

        Raises:
            LookupError: She sees no such button.
        """
        world = self.sandbox.world
        seen = [message] if message else list(reversed(self._visible()))
        at, found = next(((m, b) for m in seen if (b := _find_button(m, button))), (None, None))
        if at is None or found is None:
            raise LookupError(f"{self.user.first_name} sees no button {button!r} among:\n{self._transcript()}")
        if found.url is not None:
            return PressHandle(self.sandbox, Press("", self.user, at, "", 0, url=found.url, is_answered=True))
        if at.chat.blocked:
            raise ValueError("unblock the bot before pressing its buttons")
        data, now = found.callback_data or "", world.clock.monotonic()
        for old in world.presses.values():
            same = old.person is self.user and old.message is at and old.data == data and old.is_answered
            if same and now < old.answered_at + old.cache_time:
                return PressHandle(self.sandbox, old)  # the client repeats the answer by itself
        number = f"{self.user.id * 2**32 + world.serial()}"
        press = world.presses[number] = Press(number, self.user, at, data, now + world.press_lifetime)
        gone = inaccessible or at.deleted
        query = {
            "id": number,
            "from": user_json(self.user),
            "message": inaccessible_json(at.chat, at.message_id) if gone else message_json(at),
            "chat_instance": str(-(2**60) - at.chat.id),
            "data": data,
        }
        if at.chat.person is not None or at.chat.member(world.bot).is_present:
            world.queue.add("callback_query", query)
        await asyncio.sleep(0)
        return PressHandle(self.sandbox, press)

    async def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        world = self.sandbox.world
        world.edit(message, text, find_entities(text, []))
        world.tell_bot(message, "edited_message")
        await asyncio.sleep(0)

    async def delete(self, message: Message) -> None:
        """Delete a message for everybody; bots are not told."""
        self.sandbox.world.delete(message)
        await asyncio.sleep(0)

    async def block(self) -> None:
        """Block the bot."""
        await self._set_blocked(True)

    async def unblock(self) -> None:
        """Let the bot write again."""
        await self._set_blocked(False)

    async def _set_blocked(self, blocked: bool) -> None:
        if self.chat.blocked != blocked:
            self.chat.blocked = blocked
            bot = self.sandbox.world.bot
            self.chat.members.setdefault(bot.id, Member(bot))
            self.sandbox.world.set_status(self.chat, bot, "kicked" if blocked else "member", self.user)
        await asyncio.sleep(0)

    async def delete_account(self) -> None:
        """Leave Telegram for good."""
        self.user.deactivated = True


def _find_button(message: Message, name: str) -> Button | None:
    buttons = [button for row in message.buttons for button in row]
    by_text = next((button for button in buttons if button.text == name), None)
    return by_text or next((button for button in buttons if button.callback_data == name), None)
