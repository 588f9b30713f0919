"""The Bot API's JSON objects, built from the state (types of Bot API 10.1)."""

from __future__ import annotations

from typing import Any

from bot.sandbox.telegram.state import Chat, Member, Message, StoredFile, User

Json = dict[str, Any]


def user_json(user: User, *, language: bool = True) -> Json:
    """A ``User``."""
    out: Json = {"id": user.id, "is_bot": user.is_bot, "first_name": user.first_name}
    if user.last_name:
        out["last_name"] = user.last_name
    if user.username:
        out["username"] = user.username
    if user.language_code and language:
        out["language_code"] = user.language_code
    return out


def chat_json(chat: Chat) -> Json:
    """A ``Chat``."""
    if chat.person is not None:
        person = user_json(chat.person, language=False)
        del person["is_bot"]
        return person | {"type": "private"}
    out: Json = {"id": chat.id, "title": chat.title, "type": chat.type}
    if chat.username:
        out["username"] = chat.username
    if chat.is_forum:
        out["is_forum"] = True
    return out


def full_chat_json(chat: Chat) -> Json:
    """A ``ChatFullInfo``, of which the required and the useful fields."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    out = chat_json(chat) | {
        "accent_color_id": abs(chat.id) % 7,  # the default of those without a colour of their own
        "max_reaction_count": 11,
        "accepted_gift_types": gifts,
    }
    if chat.type != "private":
        out["permissions"] = dict.fromkeys(_SEND_RIGHTS, True) | dict.fromkeys(_MEMBER_RIGHTS, True)
    return out


def file_json(file: StoredFile) -> Json:
    """What the kinds of media have in common: their ids and size in bytes."""
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def media_json(file: StoredFile) -> Json:
    """The field of a message that holds its media: ``{"photo": [PhotoSize]}`` and so on."""
    out = file_json(file)
    match file.kind:
        case "photo":
            return {"photo": [out | {"width": file.width, "height": file.height}]}
        case "sticker":
            size = {"width": file.width, "height": file.height}
            kind = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "🙂"}
            return {"sticker": out | size | kind}
        case "voice":
            return {"voice": out | {"duration": file.duration, "mime_type": file.mime_type}}
        case _:
            return {"document": out | {"file_name": file.name, "mime_type": file.mime_type}}


def message_json(message: Message, *, with_reply: bool = True) -> Json:
    """A ``Message``; the one it replies to is shown once, without its own (Bot API, reply_to_message)."""
    out: Json = {
        "message_id": message.message_id,
        "from": user_json(message.sender),
        "chat": chat_json(message.chat),
        "date": message.date,
    }
    if message.sender_chat is not None:
        out["sender_chat"] = chat_json(message.sender_chat)
    if message.thread_id is not None:
        out["message_thread_id"] = message.thread_id
    if message.is_topic_message:
        out["is_topic_message"] = True
    if message.edit_date is not None:
        out["edit_date"] = message.edit_date
    if message.forward_origin is not None:
        out["forward_origin"] = message.forward_origin
    if with_reply and message.reply_to is not None and not message.reply_to.deleted:
        out["reply_to_message"] = message_json(message.reply_to, with_reply=False)
    if message.file is not None:
        out |= media_json(message.file)
    if message.contact is not None:
        out["contact"] = message.contact
    if message.text:
        text, entities = ("text", "entities") if message.kind == "text" else ("caption", "caption_entities")
        out[text] = message.text
        if message.entities:
            out[entities] = message.entities
    # Only inline keyboards are shown with a message (Bot API, Message.reply_markup).
    if message.buttons:
        out["reply_markup"] = message.reply_markup
    return out | message.service


def inaccessible_json(chat: Chat, message_id: int) -> Json:
    """An ``InaccessibleMessage``; its date is always 0."""
    return {"chat": chat_json(chat), "message_id": message_id, "date": 0}


_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
_SEND_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
)
_MEMBER_RIGHTS = (
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_json(member: Member) -> Json:
    """A ``ChatMember`` of the kind that fits the status."""
    out: Json = {"status": member.status, "user": user_json(member.user)}
    match member.status:
        case "creator":
            out["is_anonymous"] = member.is_anonymous
        case "administrator":
            out |= {"can_be_edited": False, "is_anonymous": member.is_anonymous}
            out |= dict.fromkeys(_ADMIN_RIGHTS, True)
        case "restricted":
            out |= {"is_member": True, "until_date": 0}
            out |= dict.fromkeys(_SEND_RIGHTS, member.can_send) | dict.fromkeys(_MEMBER_RIGHTS, False)
        case "kicked":
            out["until_date"] = 0
    return out
