"""Which chats and messages the bot may touch (telegram-bot-api Client.cpp, check_chat_access)."""

from __future__ import annotations

from bot.sandbox.telegram.errors import bad_request, forbidden
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import Chat, Kind, Message
from bot.sandbox.telegram.world import World

MEDIA_RIGHTS: dict[Kind, str] = {"text": "text messages", "photo": "photos", "document": "documents"}


def find_chat(world: World, name: str) -> Chat:
    """The chat that ``chat_id`` names, by number or @username; access is not looked at.

    Raises:
        BotApiError: 400 when it names none the bot has met.
    """
    if not name:
        raise bad_request("chat_id is empty")
    chat = None
    if name.startswith("@"):
        chats = (c for c in world.chats.values() if c.username and c.type == "supergroup")
        chat = next((c for c in chats if c.username.lower() == name[1:].lower()), None)
    elif name.lstrip("-").isdecimal():
        chat = world.chats.get(int(name))
    if chat is None or (chat.person is not None and not chat.started and not _knows(world, chat)):
        raise bad_request("chat not found")
    return chat


def _knows(world: World, chat: Chat) -> bool:
    """Whether the bot has met the person of this chat in a group; before, their id means nothing to it."""
    return any(
        other.type != "private" and chat.id in other.members and world.bot.id in other.members
        for other in world.chats.values()
    )


def check_readable(world: World, chat: Chat) -> None:
    """Refuse a supergroup that the bot is not in; the rest may be read."""
    if chat.type == "supergroup":
        bot = chat.member(world.bot)
        if bot.status == "kicked":
            raise forbidden("bot was kicked from the supergroup chat")
        if not bot.is_present and not chat.username:
            raise forbidden("bot is not a member of the supergroup chat")


def check_editable(world: World, chat: Chat) -> None:
    """Refuse a chat in which the bot may not even edit its own messages."""
    if chat.person is not None:
        if chat.person.deactivated:
            raise forbidden("user is deactivated")
        return
    check_readable(world, chat)
    bot = chat.member(world.bot)
    if chat.type == "group" and chat.migrated_to is None:
        if bot.status == "kicked":
            raise forbidden("bot was kicked from the group chat")
        if not bot.is_present:
            raise forbidden("bot is not a member of the group chat")
    elif chat.type == "supergroup" and not bot.is_present:
        raise forbidden("bot is not a member of the supergroup chat")


def check_writable(world: World, chat: Chat, kind: Kind) -> None:
    """Refuse a chat to which the bot may not send.

    A person who blocked the bot, or never wrote to it, is refused by the server behind (Client.cpp turns
    USER_IS_BLOCKED into the 403; "bots can't initiate conversations", core.telegram.org/bots).
    """
    if chat.migrated_to is not None:
        raise bad_request("group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat.migrated_to})
    check_editable(world, chat)
    if chat.person is not None:
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        return
    bot = chat.member(world.bot)
    if bot.status == "restricted" and not bot.can_send:
        raise bad_request(f"not enough rights to send {MEDIA_RIGHTS.get(kind, 'messages')} to the chat")


def find_message(chat: Chat, message_id: int, what: str) -> Message:
    """A message by its number; ``what`` names it in the refusal (Client.cpp, check_message)."""
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"{what} not found")
    return message


def find_thread(chat: Chat, params: Params) -> int | None:
    """The topic to send to, None outside topics (Client.cpp, TdOnCheckMessageThreadCallback)."""
    thread_id = params.number("message_thread_id")
    if thread_id <= 0:
        return None
    if thread_id in chat.topics:
        return thread_id
    if chat.type == "supergroup" and not chat.is_forum and thread_id in chat.messages:
        raise bad_request("message thread is not a forum topic thread")
    raise bad_request("message thread not found")
