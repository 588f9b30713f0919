"""The Telegram half of what the page shows: the Bot API's own objects, and what people see of the chats."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from bot.sandbox.telegram import Change, Chat, Message, TelegramSandbox
from bot.sandbox.telegram.state import StoredFile, User
from bot.sandbox.telegram.wire import message_json, user_json

Json = dict[str, Any]
Path = tuple[str, ...]
Changes = list[tuple[Path, Callable[[], Any]]]


def state(sandbox: TelegramSandbox) -> Json:
    """All of it."""
    world = sandbox.world
    return {
        "bot": _user(world.bot),
        "users": {str(user.id): _user(user) for user in world.users.values()},
        "chats": {str(chat.id): _chat(chat) for chat in world.chats.values()},
        "messages": {
            str(chat.id): {str(number): _message(message) for number, message in chat.messages.items()}
            for chat in world.chats.values()
        },
        "commands": _commands(sandbox),
    }


def changed(sandbox: TelegramSandbox, change: Change) -> Changes:
    """Where something may look different now."""
    if change.kind == "commands":
        return [(("telegram", "commands"), partial(_commands, sandbox))]
    changes: Changes = []
    if change.chat is not None:
        changes.append((("telegram", "chats", str(change.chat.id)), partial(_chat, change.chat)))
    if change.message is not None:
        number = str(change.message.message_id)
        path = ("telegram", "messages", str(change.message.chat.id), number)
        changes.append((path, partial(_message, change.message)))
    return changes


def _commands(sandbox: TelegramSandbox) -> Json:
    return {f"{scope}|{language}": menu for (scope, language), menu in sandbox.world.commands.items()}


def _user(user: User) -> Json:
    return {**user_json(user, language=False), "id": str(user.id)}


def _chat(chat: Chat) -> Json:
    topics = chat.topics.values()
    return {
        "id": str(chat.id),
        "type": chat.type,
        "title": chat.title,
        "is_forum": chat.is_forum,
        "person": str(chat.person.id) if chat.person else None,
        "started": chat.started,
        "blocked": chat.blocked,
        "migrated_to": str(chat.migrated_to) if chat.migrated_to else None,
        "members": {str(member.user.id): member.status for member in chat.members.values()},
        "topics": {str(topic.thread_id): {"id": str(topic.thread_id), "name": topic.name} for topic in topics},
    }


def _message(message: Message) -> Json | None:
    if message.deleted:
        return None
    shown = message_json(message)
    _add_url(shown, message.file)
    if message.reply_to is not None and "reply_to_message" in shown:
        _add_url(shown["reply_to_message"], message.reply_to.file)
    return shown


def _add_url(shown: Json, file: StoredFile | None) -> None:
    """Say where a picture or document can be fetched."""
    if file is None:
        return
    url = f"/files/telegram/{file.file_id}/{quote(file.name or file.path.rpartition('/')[2], safe='')}"
    for size in shown.get("photo", ()):
        size["url"] = url
    if "document" in shown:
        shown["document"]["url"] = url
