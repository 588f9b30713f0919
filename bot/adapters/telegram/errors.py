"""What Telegram's refusals mean for the outbox.

The Bot API has no error codes of its own, only sentences (telegram-bot-api Client.cpp, tdlib/td); each is known
by the part that never changed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.adapters.port import (
    ChatMovedError,
    NotSentError,
    PostGoneError,
    RefusedError,
    SendError,
    TryLaterError,
    UncertainError,
)

NOT_MODIFIED = "message is not modified"
_POST_GONE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
    "there is no media in the message to edit",
)
_NOTHING_TO_DELETE = ("message to delete not found", "message identifier is not specified", "message_id_invalid")
_BLOCKED = ("bot was blocked by the user", "can't initiate conversation with a user")
_LEFT = ("user is deactivated",)
_GONE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "bot was kicked",
    "bot is not a member",
    "chat was deleted",
    "chat was deactivated",
    "chat is deactivated",
    "was upgraded to a supergroup",  # without the new id, which is ChatMigrated
    "can't send messages to bots",
)
# The bot is still in the chat, but this message is not wanted there: a topic was closed or deleted, or an
# administrator took the right to write away (and may give it back).
_NOT_HERE = (
    "message thread not found",
    "topic_",
    "not enough rights",
    "have no rights",
    "need administrator rights",
)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def send_error(error: TelegramError, kind: Literal["direct", "group"]) -> SendError:
    """Return what a failed send, edit or deletion means; ``kind`` is of the chat it was for."""
    reason = error.message
    match error:
        case RetryAfter():
            return TryLaterError(reason, retry_seconds(error), "chat")
        case ChatMigrated():
            return ChatMovedError(reason, str(error.new_chat_id))
        case Forbidden():
            return RefusedError(reason, _chat_state(reason, "blocked" if kind == "direct" else "gone"))
        case InvalidToken() | Conflict():
            # No fault of the message; it can go once the operator has set things right.
            return NotSentError(reason)
        case BadRequest() if _says(reason, _POST_GONE):
            return PostGoneError(reason)
        case BadRequest():
            return RefusedError(reason, _chat_state(reason, "fine"))
    if isinstance(error.__cause__, _NEVER_LEFT):
        return NotSentError(reason)
    if _says(reason, ("request entity too large",)):
        return RefusedError(reason)
    return UncertainError(reason)


def retry_seconds(error: RetryAfter) -> float:
    """Return the pause that Telegram asks for."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def is_not_modified(error: TelegramError) -> bool:
    """Does the message say this already?"""
    return isinstance(error, BadRequest) and _says(error.message, (NOT_MODIFIED,))


def is_deleted_already(error: TelegramError) -> bool:
    """Was there nothing left to delete?"""
    return isinstance(error, BadRequest) and _says(error.message, _NOTHING_TO_DELETE)


def _chat_state(
    reason: str, otherwise: Literal["fine", "gone", "blocked"]
) -> Literal["fine", "gone", "blocked", "left"]:
    if _says(reason, _NOT_HERE):
        return "fine"
    if _says(reason, _LEFT):
        return "left"
    if _says(reason, _BLOCKED):
        return "blocked"
    return "gone" if _says(reason, _GONE) else otherwise


def _says(reason: str, parts: tuple[str, ...]) -> bool:
    reason = reason.lower()
    return any(part in reason for part in parts)
