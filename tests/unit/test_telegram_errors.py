"""What Telegram's refusals mean for the outbox."""

from __future__ import annotations

from typing import Literal

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.port import (
    ChatMovedError,
    NotSentError,
    PostGoneError,
    RefusedError,
    SendError,
    TryLaterError,
    UncertainError,
)
from bot.adapters.telegram.errors import is_deleted_already, is_not_modified, send_error
from bot.adapters.telegram.polling import back_off


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (caused(TimedOut(), httpx.ConnectTimeout("")), NotSentError),
        (caused(TimedOut(), httpx.PoolTimeout("")), NotSentError),
        (caused(NetworkError("x"), httpx.ConnectError("")), NotSentError),
        (caused(TimedOut(), httpx.ReadTimeout("")), UncertainError),
        (caused(TimedOut(), httpx.WriteTimeout("")), UncertainError),
        (caused(NetworkError("x"), httpx.RemoteProtocolError("")), UncertainError),
        (NetworkError("Bad Gateway"), UncertainError),
        (NetworkError("Internal Server Error"), UncertainError),
        (TelegramError("the answer is not JSON"), UncertainError),
        (NetworkError("Request Entity Too Large"), RefusedError),
        (InvalidToken(), NotSentError),
        (Conflict("x"), NotSentError),
        (BadRequest("Message to edit not found"), PostGoneError),
        (BadRequest("Message can't be edited"), PostGoneError),
        (BadRequest("There is no text in the message to edit"), PostGoneError),
        (BadRequest("Can't parse entities: whatever"), RefusedError),
    ],
)
def test_only_what_surely_never_left_counts_as_not_sent(error: TelegramError, meaning: type[SendError]) -> None:
    assert type(send_error(error, "direct")) is meaning


@pytest.mark.parametrize(
    ("error", "kind", "chat"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), "direct", "blocked"),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), "direct", "blocked"),
        (Forbidden("Forbidden: user is deactivated"), "direct", "left"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "group", "gone"),
        (Forbidden("Forbidden: bot is not a member of the group chat"), "group", "gone"),
        (Forbidden("Forbidden: the group chat was deleted"), "group", "gone"),
        (Forbidden("Forbidden: something new"), "direct", "blocked"),
        (Forbidden("Forbidden: something new"), "group", "gone"),
        (Forbidden("Forbidden: not enough rights to send photos to the chat"), "group", "fine"),
        (BadRequest("Chat not found"), "direct", "gone"),
        (BadRequest("PEER_ID_INVALID"), "direct", "gone"),
        (BadRequest("Message thread not found"), "group", "fine"),
        (BadRequest("TOPIC_CLOSED"), "group", "fine"),
        (BadRequest("Not enough rights to send text messages to the chat"), "group", "fine"),
    ],
)
def test_a_refusal_tells_what_became_of_the_chat(
    error: TelegramError, kind: Literal["direct", "group"], chat: str
) -> None:
    refused = send_error(error, kind)
    assert isinstance(refused, RefusedError)
    assert refused.chat == chat


def test_a_pause_is_kept_to_the_second_and_a_move_names_the_new_chat() -> None:
    later = send_error(RetryAfter(42), "group")
    assert isinstance(later, TryLaterError)
    assert (later.seconds, later.scope) == (42.0, "chat")
    moved = send_error(ChatMigrated(-1009), "group")
    assert isinstance(moved, ChatMovedError)
    assert moved.new_chat == "-1009"


def test_nothing_to_do_is_no_refusal() -> None:
    assert is_not_modified(BadRequest("Message is not modified: specified new message content and reply markup"))
    assert not is_not_modified(BadRequest("Message to edit not found"))
    assert is_deleted_already(BadRequest("Message to delete not found"))
    assert not is_deleted_already(BadRequest("Message can't be deleted for everyone"))


def test_pauses_grow_to_half_a_minute_and_no_further() -> None:
    assert all(0.5 <= back_off(1) <= 1.0 for _ in range(50))
    assert all(15 <= back_off(failures) <= 30 for failures in (6, 7, 1000))
