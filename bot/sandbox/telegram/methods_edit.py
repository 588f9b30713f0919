"""Methods that change or delete messages, and those that answer presses."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.telegram.access import check_editable, find_chat, find_message
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.keyboard import read_markup
from bot.sandbox.telegram.methods_messages import read_caption, read_file, read_text
from bot.sandbox.telegram.params import Params, from_mapping
from bot.sandbox.telegram.state import Kind, Message
from bot.sandbox.telegram.wire import message_json
from bot.sandbox.telegram.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
MEDIA: dict[str, Kind] = {"photo": "photo", "document": "document"}
DELETABLE = 48 * 3600  # "if it was sent less than 48 hours ago" (Bot API, deleteMessage)
UNDELETABLE = ("migrate_from_chat_id", "supergroup_chat_created", "forum_topic_created")


def _find_own(world: World, params: Params) -> Message:
    """The bot's own message that an edit names (Client.cpp, check_message with AccessRights::Edit)."""
    if not params.text("chat_id") and not params.text("message_id"):
        raise bad_request("message identifier is not specified")
    chat = find_chat(world, params.text("chat_id"))
    check_editable(world, chat)
    message = find_message(chat, params.number("message_id"), "message to edit")
    # An upgraded group lets nothing be changed any more.
    if message.sender.id != world.bot.id or message.kind == "service" or chat.migrated_to is not None:
        raise bad_request("message can't be edited")
    return message


def edit_message_text(world: World, params: Params) -> Any:
    """Bot API editMessageText; a keyboard that is not given again is taken away."""
    text, entities = read_text(world, params)
    markup = read_markup(params, inline_only=True)
    message = _find_own(world, params)
    if message.kind != "text":
        raise bad_request("there is no text in the message to edit")
    if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
        raise bad_request(NOT_MODIFIED)
    message.reply_markup = markup
    world.edit(message, text, entities)
    return message_json(message)


def edit_message_caption(world: World, params: Params) -> Any:
    """Bot API editMessageCaption."""
    text, entities = read_caption(world, params)
    markup = read_markup(params, inline_only=True)
    message = _find_own(world, params)
    if message.file is None:
        raise bad_request("there is no caption in the message to edit")
    if (text, entities, markup) == (message.text, message.entities, message.reply_markup):
        raise bad_request(NOT_MODIFIED)
    message.reply_markup = markup
    world.edit(message, text, entities)
    return message_json(message)


def edit_message_media(world: World, params: Params) -> Any:
    """Bot API editMessageMedia; it may also turn a text into media, but nothing turns media into text."""
    media = params.json("media", "input media")
    if media is None:
        params.required("media")
    if not isinstance(media, dict) or media.get("type") not in MEDIA:
        kind_given = media.get("type") if isinstance(media, dict) else None
        raise bad_request(f'can\'t parse InputMedia: type "{kind_given}" is unsupported')
    kind = MEDIA[media["type"]]
    text, entities = read_caption(world, from_mapping(media))
    markup = read_markup(params, inline_only=True)
    message = _find_own(world, params)
    file = read_file(world, params, str(media.get("media", "")), "", kind)
    if file is None:
        raise bad_request("can't parse InputMedia: media not found")
    same = (message.file, message.text, message.entities, message.reply_markup)
    if (file, text, entities, markup) == same:
        raise bad_request(NOT_MODIFIED)
    message.kind, message.file, message.reply_markup = kind, file, markup
    world.edit(message, text, entities)
    return message_json(message)


def edit_message_reply_markup(world: World, params: Params) -> Any:
    """Bot API editMessageReplyMarkup."""
    markup = read_markup(params, inline_only=True)
    message = _find_own(world, params)
    if markup == message.reply_markup:
        raise bad_request(NOT_MODIFIED)
    message.reply_markup = markup
    world.touch(message)
    return message_json(message)


def delete_message(world: World, params: Params) -> Any:
    """Bot API deleteMessage, within the limits its description lists."""
    chat = find_chat(world, params.text("chat_id"))
    check_editable(world, chat)
    message = find_message(chat, params.number("message_id"), "message to delete")
    own = message.sender.id == world.bot.id
    may = own or chat.type == "private" or chat.member(world.bot).is_admin
    if not may or any(name in message.service for name in UNDELETABLE) or chat.migrated_to is not None:
        raise bad_request("message can't be deleted")
    if world.unix_time() - message.date >= DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    world.delete(message)
    return True


def answer_callback_query(world: World, params: Params) -> Any:
    """Bot API answerCallbackQuery; a second answer to the same press changes nothing."""
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or press.expires <= world.clock.monotonic():
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text, url = params.text("text"), params.text("url")
    if len(text) > 200:  # "0-200 characters" (Bot API, answerCallbackQuery.text)
        raise bad_request("MESSAGE_TOO_LONG")
    if url and not re.match(rf"(https?://)?(t\.me/|telegram\.me/){re.escape(world.bot.username)}\?", url):
        raise bad_request("URL_INVALID")  # "links like t.me/your_bot?start=XXXX" (…answerCallbackQuery.url)
    if not press.is_answered:
        press.is_answered = True
        press.answered_at = world.clock.monotonic()
        press.cache_time = params.number("cache_time")
        press.url = url
        if params.flag("show_alert"):
            press.alert = text
        else:
            press.toast = text
        world.changed("answered", press.message.chat, press.message)
    return True
