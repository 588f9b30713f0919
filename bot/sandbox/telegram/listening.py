"""What people see and hear of the chats they are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox.telegram.state import Chat, Message, Topic, User
from bot.sandbox.telegram.world import Press

if TYPE_CHECKING:
    from bot.sandbox.telegram.sandbox import TelegramSandbox

Wanted = str | Callable[[Message], bool]


class NotHeardError(AssertionError):
    """What a person waited for did not come; the text lists what did."""


class PressHandle:
    """A press of a button, filled when the bot answers.

    ``toast`` is the passing notification, ``alert`` the dialog, ``url`` the link that opens.
    """

    def __init__(self, sandbox: TelegramSandbox, press: Press) -> None:
        self._sandbox = sandbox
        self._press = press

    @property
    def id(self) -> str:
        """The callback query's id; empty when the button only opened a link."""
        return self._press.id

    @property
    def toast(self) -> str:
        return self._press.toast

    @property
    def alert(self) -> str:
        return self._press.alert

    @property
    def url(self) -> str:
        return self._press.url

    @property
    def is_answered(self) -> bool:
        return self._press.is_answered

    async def answered(self, timeout: float = 5) -> PressHandle:  # noqa: ASYNC109
        """Wait until the bot has answered, at most ``timeout`` real seconds.

        Raises:
            NotHeardError: It has not.
        """
        if not await self._sandbox.until(lambda: self._press.is_answered, timeout):
            raise NotHeardError(f"the press of {self._press.data!r} was not answered within {timeout} s")
        return self


class Listener:
    """The listening part of a person; see :class:`~bot.sandbox.telegram.people.TelegramPerson`."""

    sandbox: TelegramSandbox
    user: User
    # How far into the log the person has heard, by chat and topic.
    _heard: dict[tuple[int, int | None], int]

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.sandbox.world.private_chat(self.user)

    def messages(self, chat: Chat | None = None) -> list[Message]:
        """What stands in a chat now, oldest first."""
        return list((chat or self.chat).messages.values())

    async def hears(
        self,
        wanted: Wanted,
        chat: Chat | None = None,
        *,
        topic: Topic | None = None,
        timeout: float = 5,  # noqa: ASYNC109
    ) -> Message:
        """Wait for a message, or an edit of one, from somebody else that she has not heard before.

        Each success moves on: the next call for this chat (and topic) looks only at what came after.

        Args:
            wanted: A part of the text with its button labels, or a predicate over the message.
            chat: Where; the chat with the bot by default.
            topic: Only in this forum topic.
            timeout: In real seconds.

        Raises:
            NotHeardError: Nothing like it came in time.
        """
        chat = chat or self.chat
        place = (chat.id, topic.thread_id if topic else None)
        start = self._heard.get(place, 0)

        def look() -> tuple[int, Message] | None:
            for index, (message, plain) in enumerate(self.sandbox.world.log[start:], start):
                if message.chat is not chat or message.sender is self.user or not _in_topic(message, topic):
                    continue
                if wanted in plain if isinstance(wanted, str) else wanted(message):
                    return index, message
            return None

        found = await self.sandbox.until(look, timeout)
        if found is None:
            missed = f"{self.user.first_name} did not hear {wanted!r} within {timeout} s, but:"
            raise NotHeardError(f"{missed}\n{self._transcript(chat)}")
        self._heard[place] = found[0] + 1
        return found[1]

    def _visible(self) -> list[Message]:
        """The messages of all her chats, oldest first."""
        mine = [m for m, _ in self.sandbox.world.log if not m.deleted and self._sees(m.chat)]
        return list(dict.fromkeys(reversed(mine)))[::-1]

    def _sees(self, chat: Chat) -> bool:
        return chat.person is self.user or (chat.person is None and chat.member(self.user).is_present)

    def _transcript(self, chat: Chat | None = None) -> str:
        lines = [f"  {m.sender.first_name}: {m.plain}" for m in self._visible() if chat is None or m.chat is chat]
        return "\n".join(lines[-12:]) or "  (nothing)"


def _in_topic(message: Message, topic: Topic | None) -> bool:
    return topic is None or (message.is_topic_message and message.thread_id == topic.thread_id)
