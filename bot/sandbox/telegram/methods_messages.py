"""Methods that send, and what they share with those that edit: formatted text and uploaded files."""

from __future__ import annotations

import struct
from typing import Any

from bot.sandbox.telegram.access import check_writable, find_chat, find_message, find_thread
from bot.sandbox.telegram.entities import find_entities, parse_html, trim, utf16_length
from bot.sandbox.telegram.errors import bad_request, too_many_requests
from bot.sandbox.telegram.keyboard import read_markup
from bot.sandbox.telegram.params import Params, Upload
from bot.sandbox.telegram.state import Chat, Entity, Kind, Message, StoredFile
from bot.sandbox.telegram.wire import message_json, user_json
from bot.sandbox.telegram.world import World

MAX_TEXT = 4096  # "1-4096 characters after entities parsing" (Bot API, sendMessage.text)
MAX_CAPTION = 1024  # "0-1024 characters after entities parsing" (Bot API, sendPhoto.caption)
MAX_PHOTO = 10 * 1024 * 1024  # "The photo must be at most 10 MB in size" (Bot API, sendPhoto.photo)
ACTIONS = frozenset(
    (
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    )
)


def read_text(world: World, params: Params) -> tuple[str, list[Entity]]:
    """The checked ``text`` of a call (Client.cpp, get_input_message_text).

    Raises:
        BotApiError: 400 when it is empty, too long or wrongly marked up.
    """
    if not params.text("text"):
        raise bad_request("message text is empty")
    text, entities = format_text(
        world, params.text("text"), params.text("parse_mode"), params.json("entities", "message entities")
    )
    if not text:
        raise bad_request("text must be non-empty")  # tdlib/td MessageEntity.cpp, fix_formatted_text
    if utf16_length(text) > MAX_TEXT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(world: World, source: Params) -> tuple[str, list[Entity]]:
    """The checked ``caption`` of a call or of an InputMedia; it may be empty."""
    text, entities = format_text(
        world,
        source.text("caption"),
        source.text("parse_mode"),
        source.json("caption_entities", "caption entities"),
    )
    if utf16_length(text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def format_text(world: World, source: str, parse_mode: str, given: Any = None) -> tuple[str, list[Entity]]:
    """Plain text and entities of a marked-up text. Of the parse modes only HTML is spoken here."""
    entities: list[Entity] = []
    text = source
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, entities = parse_html(source)
    elif given is not None:
        if not isinstance(given, list) or not all(map(_is_entity, given)):
            raise bad_request("can't parse entities: expected an Array of MessageEntity")
        entities = given
    text, entities = trim(text, entities)
    entities = find_entities(text, entities)
    # A mention by id holds only for people the bot has met (Bot API, "Formatting options").
    mentions = [(entity, world.users.get(entity.get("user", {}).get("id"))) for entity in entities]
    return text, [
        entity | {"user": user_json(user, language=False)} if user else entity
        for entity, user in mentions
        if user or entity["type"] != "text_mention"
    ]


def _is_entity(given: Any) -> bool:
    return isinstance(given, dict) and all(type(given.get(key)) is int for key in ("offset", "length"))


def send_message(world: World, params: Params) -> Any:
    """Bot API sendMessage."""
    text, entities = read_text(world, params)
    return _send(world, params, "text", text, entities, None)


def send_photo(world: World, params: Params) -> Any:
    """Bot API sendPhoto."""
    return _send_media(world, params, "photo")


def send_document(world: World, params: Params) -> Any:
    """Bot API sendDocument."""
    return _send_media(world, params, "document")


def send_chat_action(world: World, params: Params) -> Any:
    """Bot API sendChatAction."""
    chat = find_chat(world, params.text("chat_id"))
    if params.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    check_writable(world, chat, "text")
    find_thread(chat, params)
    world.changed("typing", chat)
    return True


def _send_media(world: World, params: Params, kind: Kind) -> Any:
    text, entities = read_caption(world, params)
    file = read_file(world, params, params.text(kind), kind, kind)
    if file is None:
        raise bad_request(f"there is no {kind} in the request")  # Client.cpp, process_send_photo_query
    return _send(world, params, kind, text, entities, file)


def _send(
    world: World, params: Params, kind: Kind, text: str, entities: list[Entity], file: StoredFile | None
) -> Any:
    markup = read_markup(params)
    chat = find_chat(world, params.text("chat_id"))
    check_writable(world, chat, kind)
    reply_to = _read_reply(world, chat, params)
    thread_id = find_thread(chat, params)
    if world.limits is not None and (wait := world.limits.take(chat, world.clock.monotonic())):
        raise too_many_requests(wait)
    message = world.post(
        chat,
        world.bot,
        kind,
        text=text,
        entities=entities,
        file=file,
        reply_to=reply_to,
        thread_id=thread_id,
        reply_markup=markup,
    )
    return message_json(message)


def _read_reply(world: World, chat: Chat, params: Params) -> Message | None:
    """The message replied to (Client.cpp, get_reply_parameters and check_reply_parameters)."""
    reply = params.json("reply_parameters", "reply parameters")
    if reply is None:
        message_id = params.number("reply_to_message_id")
        reply = {
            "message_id": message_id,
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not isinstance(reply, dict):
        raise bad_request("object expected as reply parameters")
    message_id = reply.get("message_id", 0)
    if type(message_id) is not int:
        raise bad_request('field "message_id" must be a valid Number')
    if message_id <= 0:
        return None
    other = str(reply.get("chat_id", chat.id))
    there = chat if other == str(chat.id) else find_chat(world, other)
    if reply.get("allow_sending_without_reply") and message_id not in there.messages:
        return None
    found = find_message(there, message_id, "message to be replied")
    return found if there is chat else None


def read_file(world: World, params: Params, given: str, part: str, kind: Kind) -> StoredFile | None:
    """The file of a call: uploaded under ``part`` or attach://name, or known by its file_id.

    None when there is neither (Client.cpp, get_input_file).
    """
    if given and not given.startswith("attach://"):
        if given.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")  # there is no Internet behind the sandbox
        known = world.files.get(given)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if known.kind != kind:
            raise bad_request("type of file mismatch")  # tdlib/td FileManager.cpp, from_persistent_id
        return known
    upload = params.files.get(given.removeprefix("attach://") or part)
    return None if upload is None else _store(world, upload, kind)


def _store(world: World, upload: Upload, kind: Kind) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")  # tdlib/td FileManager.cpp, check_local_location
    if kind != "photo":
        return world.add_file(kind, upload.name, upload.mime_type, upload.data)
    if len(upload.data) > MAX_PHOTO:
        raise bad_request("file is too big")
    size = picture_size(upload.data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    # "width and height must not exceed 10000 in total … ratio must be at most 20" (Bot API, sendPhoto.photo).
    if width + height > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return world.add_file(kind, upload.name, upload.mime_type, upload.data, width=width, height=height)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, JPEG or GIF; None for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        return (width, height) if width and height else None
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        width, height = struct.unpack("<HH", data[6:10])
        return (width, height) if width and height else None
    at = 2
    while data.startswith(b"\xff\xd8") and at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame header
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (width, height) if width and height else None
        at += 2 + length
    return None
