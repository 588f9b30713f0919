"""The Bot API's methods by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.sandbox.telegram import methods_chats as chats
from bot.sandbox.telegram import methods_edit as edit
from bot.sandbox.telegram import methods_messages as messages
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.world import World

Method = Callable[[World, Params], Any]

# Names are compared without regard to case (Bot API, "Making requests"). getUpdates and the webhook methods
# are served by the server itself, since they wait.
_NAMED: dict[str, Method] = {
    "getMe": chats.get_me,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "getFile": chats.get_file,
    "setMyCommands": chats.set_my_commands,
    "getMyCommands": chats.get_my_commands,
    "deleteMyCommands": chats.delete_my_commands,
    # Lengths: Bot API, setMyName, setMyDescription, setMyShortDescription.
    "setMyName": partial(chats.set_my_profile, field="name", longest=64),
    "getMyName": partial(chats.get_my_profile, field="name"),
    "setMyDescription": partial(chats.set_my_profile, field="description", longest=512),
    "getMyDescription": partial(chats.get_my_profile, field="description"),
    "setMyShortDescription": partial(chats.set_my_profile, field="short_description", longest=120),
    "getMyShortDescription": partial(chats.get_my_profile, field="short_description"),
    "sendMessage": messages.send_message,
    "sendPhoto": messages.send_photo,
    "sendDocument": messages.send_document,
    "sendChatAction": messages.send_chat_action,
    "editMessageText": edit.edit_message_text,
    "editMessageCaption": edit.edit_message_caption,
    "editMessageMedia": edit.edit_message_media,
    "editMessageReplyMarkup": edit.edit_message_reply_markup,
    "deleteMessage": edit.delete_message,
    "answerCallbackQuery": edit.answer_callback_query,
}
METHODS = {name.lower(): method for name, method in _NAMED.items()}
