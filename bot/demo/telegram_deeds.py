"""What people do in the demo's Telegram."""

from __future__ import annotations

import contextlib

from bot.demo.asked import Asked, Json
from bot.demo.cast import CannotError, Person
from bot.demo.stage import Stage
from bot.sandbox.telegram import Chat, Message, NotHeardError, TelegramPerson, Topic

PRESS_SECONDS = 10.0
"""How long the bot's answer to a press is waited for, in real seconds."""


class TelegramDeeds:
    """Each deed takes who does it and what the page asked for, and may raise :class:`CannotError`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def say(self, person: Person, asked: Asked) -> Json:
        """Write a message."""
        account, text = person.on_telegram, asked.text("text")
        chat = self._chat(account, asked)
        topic = self._topic(chat, asked.number_or_none("topic"))
        reply_to = self._message(chat, asked.number("reply_to")) if asked.given("reply_to") else None
        try:
            said = await account.say(text, chat, topic=topic, reply_to=reply_to)
        except ValueError:
            raise CannotError(
                "Das nimmt Telegram so nicht an: höchstens 4096 Zeichen, und nicht an einen blockierten Bot.",
                "Telegram does not take this: 4096 characters at most, and none to a blocked bot.",
            ) from None
        return {"message_id": str(said.message_id)}

    async def start(self, person: Person, asked: Asked) -> Json:
        """Press Start."""
        account = person.on_telegram
        try:
            await account.start(asked.text_or("payload"))
        except ValueError:
            raise CannotError("Dieser Link führt nicht zu Kumpel.", "This link does not lead to Kumpel.") from None
        return {"chat": str(account.chat.id)}

    async def press(self, person: Person, asked: Asked) -> Json:
        """Press a button, and wait for what the bot lets her see."""
        account = person.on_telegram
        chat = self._chat(account, asked)
        message = self._message(chat, asked.number("message_id"))
        row, column = asked.number("row"), asked.number("col")
        rows = message.buttons
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            raise CannotError("Diesen Knopf gibt es nicht mehr.", "This button is gone.")
        button = rows[row][column]
        try:
            press = await account.press(button.callback_data or button.text, message)
        except ValueError:
            raise CannotError("Du hast Kumpel blockiert.", "You have blocked Kumpel.") from None
        with contextlib.suppress(NotHeardError):
            await press.answered(PRESS_SECONDS)
        return {"toast": press.toast, "alert": press.alert, "url": press.url}

    async def open(self, person: Person, asked: Asked) -> Json:
        """Follow a link to the bot; one that brings it into a group needs ``chat``, the group."""
        account = person.on_telegram
        group = self._chat(account, asked) if asked.given("chat") else None
        try:
            said = await account.open_link(asked.text("url"), group)
        except ValueError:
            raise CannotError("Dieser Link führt nicht zu Kumpel.", "This link does not lead to Kumpel.") from None
        return {"chat": str(said.chat.id)}

    async def block(self, person: Person, _: Asked) -> Json:
        """Block the bot."""
        await person.on_telegram.block()
        return {}

    async def unblock(self, person: Person, _: Asked) -> Json:
        """Let the bot write again."""
        await person.on_telegram.unblock()
        return {}

    # --- parts -------------------------------------------------------------------------------------------

    def _chat(self, account: TelegramPerson, asked: Asked) -> Chat:
        chat = self._stage.world.telegram.chats.get(asked.number("chat")) if asked.given("chat") else account.chat
        if chat is None or not (chat.person is account.user or chat.member(account.user).is_present):
            raise CannotError("In diesem Chat bist du nicht.", "You are not in this chat.")
        return chat

    def _topic(self, chat: Chat, number: int | None) -> Topic | None:
        if number is None:
            return None
        if number not in chat.topics:
            raise CannotError("Dieses Thema gibt es nicht mehr.", "This topic is gone.")
        return chat.topics[number]

    def _message(self, chat: Chat, number: int) -> Message:
        if number not in chat.messages:
            raise CannotError("Diese Nachricht gibt es nicht mehr.", "This message is gone.")
        return chat.messages[number]
