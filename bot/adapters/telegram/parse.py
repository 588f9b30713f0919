"""Telegram's updates as requests. Pure functions; None means: not for us."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from telegram import CallbackQuery, Chat, ChatMember, ChatMemberUpdated, Message, MessageEntity, Update, User

from bot.adapters.telegram.calendar import NO_OP
from bot.adapters.telegram.limits import READ_CHARACTERS
from handlers.core.requests import (
    Actor,
    BotAdded,
    BotRemoved,
    ButtonPress,
    ChatMoved,
    Command,
    OtherMessage,
    Place,
    Request,
    TextMessage,
)

PLATFORM = "telegram"
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What we ask for. Edited messages are left out: what was said first has been acted on."""

OWN_COMMAND = "kumpel"
"""``/kumpel here managers`` is the command ``here``, as on Slack."""

ANONYMOUS = "anon:"
"""Starts the account of whoever speaks in a chat's name; they can't be told apart, so they hold no role."""

_ANONYMOUS_ADMIN = 1087968824  # Bot API, Message.from: GroupAnonymousBot
_INSIDE = {ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER}
# What people send besides text; everything else without text is a service message.
_CONTENTS = (
    *("animation", "audio", "checklist", "contact", "dice", "document", "game", "location", "paid_media"),
    *("photo", "poll", "sticker", "story", "video", "video_note", "voice"),
)
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@(\w+))?", re.ASCII)


class BotIdentity(NamedTuple):
    """Who we are on Telegram; the username without the @."""

    id: int
    username: str


def parse(update: Update, me: BotIdentity, received_at: datetime) -> Request | None:
    """Return what an update asks of us."""
    facts: dict[str, Any] = {"delivery_key": f"telegram:{update.update_id}", "received_at": received_at}
    if update.message is not None:
        return _parse_message(update.message, me, facts)
    if update.callback_query is not None:
        return _parse_press(update.callback_query, facts)
    if update.my_chat_member is not None:
        return _parse_membership(update.my_chat_member, facts)
    return None


def _parse_message(message: Message, me: BotIdentity, facts: dict[str, Any]) -> Request | None:
    chat, sender = message.chat, message.from_user
    if chat.type == Chat.CHANNEL or sender is None or message.is_automatic_forward:
        return None
    facts["place"] = _place(chat, message)
    facts["message"] = str(message.message_id)
    actor = _author(message, sender)
    if message.migrate_to_chat_id:
        return ChatMoved(actor=actor, new_chat=str(message.migrate_to_chat_id), **facts)
    if sender.is_bot and not actor.account.startswith(ANONYMOUS):
        return None
    facts["actor"] = actor
    direct = chat.type == Chat.PRIVATE
    answered = message.reply_to_message
    if answered is not None and answered.forum_topic_created:
        answered = None  # in a topic, every message formally answers the one that opened it
    to_us = direct or (answered is not None and answered.from_user is not None and answered.from_user.id == me.id)
    if not message.text:
        return OtherMessage(**facts) if to_us and any(getattr(message, kind) for kind in _CONTENTS) else None
    command = _command(message)
    if command is not None:
        name, addressee, length = command
        if addressee and addressee.lower() != me.username.lower():
            return None
        text, mentions, _ = _read(message, me, length)
        if name == OWN_COMMAND:
            words = text.split(maxsplit=1)
            name, text = (words[0].lower() if words else "help"), (words[1] if len(words) > 1 else "")
        return Command(name=name, text=text, mentions=mentions, **facts)
    text, mentions, mentions_us = _read(message, me)
    reply_to = "" if answered is None else str(answered.message_id)
    return TextMessage(
        text=text,
        addressed=to_us or mentions_us,
        mentions=mentions,
        reply_to=reply_to,
        forwarded=message.forward_origin is not None or message.via_bot is not None,
        by_name=mentions_us,
        **facts,
    )


def _parse_press(query: CallbackQuery, facts: dict[str, Any]) -> Request | None:
    message = query.message
    if message is None or not query.data or query.data == NO_OP or query.from_user.is_bot:
        return None
    return ButtonPress(
        actor=_person(query.from_user),
        place=_place(message.chat, message if isinstance(message, Message) else None),
        message=str(message.message_id),
        token=query.data,
        **facts,
    )


def _parse_membership(change: ChatMemberUpdated, facts: dict[str, Any]) -> Request | None:
    was_in, is_in = _is_inside(change.old_chat_member), _is_inside(change.new_chat_member)
    if was_in == is_in or change.chat.type == Chat.CHANNEL:
        return None
    kind = BotAdded if is_in else BotRemoved
    return kind(actor=_person(change.from_user), place=_place(change.chat, None), **facts)


def _is_inside(member: ChatMember) -> bool:
    restricted_inside = member.status == ChatMember.RESTRICTED and bool(getattr(member, "is_member", False))
    return member.status in _INSIDE or restricted_inside


def _place(chat: Chat, message: Message | None) -> Place:
    direct = chat.type == Chat.PRIVATE
    return Place(
        platform=PLATFORM,
        chat=str(chat.id),
        kind="direct" if direct else "group",
        # Outside forums the field numbers reply threads, which are no place to write to.
        thread=str(message.message_thread_id) if message is not None and message.is_topic_message else "",
        title="" if direct else chat.title or "",
    )


def _author(message: Message, sender: User) -> Actor:
    spoken_for = message.sender_chat or (message.chat if sender.id == _ANONYMOUS_ADMIN else None)
    if spoken_for is None:
        return _person(sender)
    return Actor(PLATFORM, f"{ANONYMOUS}{spoken_for.id}", name=spoken_for.title or "", trusted=False)


def _person(user: User) -> Actor:
    return Actor(
        PLATFORM,
        str(user.id),
        name=user.full_name,
        handle=user.username or "",
        language=_language(user.language_code),
    )


def _language(code: str | None) -> str:
    language = (code or "")[:2].lower()
    return language if language in ("de", "en") else ""


def _command(message: Message) -> tuple[str, str, int] | None:
    """Return name, addressee and length of the command that a message starts with."""
    if not message.entities or message.forward_origin is not None or message.via_bot or not message.text:
        return None
    first = message.entities[0]
    if first.type != MessageEntity.BOT_COMMAND or first.offset != 0:
        return None
    match = _COMMAND.fullmatch(message.text[: first.length])  # all ASCII: units are characters
    return (match[1].lower(), match[2] or "", first.length) if match else None


def _read(message: Message, me: BotIdentity, skip: int = 0) -> tuple[str, tuple[Actor, ...], bool]:
    """Return a message's text from the unit ``skip`` on, whom it mentions, and whether it mentions us."""
    text = message.text or ""
    if not message.entities:
        return text[skip:].strip()[:READ_CHARACTERS], (), False
    # Offsets count UTF-16 units (Bot API, MessageEntity.offset).
    wide = not text.isascii()
    units = text.encode("utf-16-le", "surrogatepass") if wide else text.encode()
    size, encoding = (2, "utf-16-le") if wide else (1, "ascii")

    def part(start: int, end: int) -> str:
        return units[start * size : end * size].decode(encoding, "replace")

    parts: list[str] = []
    mentions: list[Actor] = []
    mentions_us = False
    at = skip
    for entity in _telling(message.entities):
        if entity.offset < at:
            continue
        end = entity.offset + entity.length
        said = part(entity.offset, end)
        if entity.type == MessageEntity.TEXT_LINK:
            said = said if entity.url is None or entity.url.rstrip("/") == said else f"{said} ({entity.url})"
        else:
            actor = _person(entity.user) if entity.user else Actor(PLATFORM, "", handle=said[1:])
            if actor.account == str(me.id) or (not actor.account and actor.handle.lower() == me.username.lower()):
                mentions_us = True
                said = ""
            else:
                mentions.append(actor)
                said = said if said.startswith("@") else f"@{said}"
        parts += (part(at, entity.offset), said)
        at = end
    parts.append(part(at, len(units)))
    read = "".join(parts).strip()
    if mentions_us:
        read = read.replace("  ", " ")  # where our name stood
    return read[:READ_CHARACTERS], tuple(mentions), mentions_us


def _telling(entities: Iterable[MessageEntity]) -> Iterable[MessageEntity]:
    kinds = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.TEXT_LINK)
    return (entity for entity in entities if entity.type in kinds)
