"""Slack's refusals and broken connections as the port's errors; no URL and no token gets into their texts."""

from __future__ import annotations

from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.adapters.port import NotSentError, PostGoneError, RefusedError, SendError, TryLaterError, UncertainError

Scope = Literal["chat", "method", "platform"]

_RATE_LIMITS = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_CHAT_GONE = {
    "channel_not_found",
    "is_archived",
    "is_inactive",
    "not_in_channel",
    "restricted_action",
    "restricted_action_read_only_channel",
    "messages_tab_disabled",
    "user_not_found",
    "users_not_found",
    "user_not_visible",
    "cannot_dm_bot",
}
_LEFT = {"user_disabled"}
_POST_GONE = {
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "block_mismatch",
    "update_failed",
    "streaming_state_conflict",
}
# The bot itself is locked out: no chat is to blame, and everything waits until somebody has put it right.
_LOCKED_OUT = {
    "not_authed",
    "invalid_auth",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "team_access_not_granted",
    "org_login_required",
}
_LOCKED_OUT_SECONDS = 60.0
_HALF_DONE = {"fatal_error", "internal_error", "service_unavailable", "team_added_to_org"}
_NOT_TAKEN = {"request_timeout"}  # "the POST data was missing or truncated"
_DEFAULT_WAIT = 30.0


def error_code(problem: BaseException) -> str:
    """Return Slack's own word for what it refused; empty for anything else."""
    if isinstance(problem, SlackApiError):
        data = getattr(problem.response, "data", None)
        if isinstance(data, dict):
            return str(data.get("error", ""))
    return ""


def reason_of(problem: BaseException) -> str:
    """Return what went wrong, for logs: Slack's word, or the kind of failure."""
    if isinstance(problem, SlackApiError):
        return error_code(problem) or f"HTTP {_status(problem)}"
    return str(problem) if isinstance(problem, SendError) else type(problem).__name__


def send_error(problem: BaseException, method: str, *, editing: bool = False) -> SendError:
    """Return the port's error for a failed call.

    Args:
        problem: What was raised by the call.
        method: The call's name, for the text and the scope of a pause.
        editing: Whether a post was to be changed or taken away.
    """
    if isinstance(problem, SendError):
        return problem
    if isinstance(problem, SlackApiError):
        headers: Any = getattr(problem.response, "headers", None) or {}
        return refusal(method, _status(problem), error_code(problem), headers.get("Retry-After"), editing=editing)
    text = f"{method}: {type(problem).__name__}"
    before_sending = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
    if isinstance(problem, before_sending):
        return NotSentError(text)
    return UncertainError(text)


def refusal(
    method: str, status: int, code: str, retry_after: str | None = None, *, editing: bool = False
) -> SendError:
    """Return the port's error for an answer that is not ok."""
    text = f"{method}: {code or f'HTTP {status}'}"
    if status == 429 or code in _RATE_LIMITS:
        return TryLaterError(text, _seconds(retry_after), _scope(method))
    if code in _HALF_DONE or status >= 500:
        return UncertainError(text)
    if code in _NOT_TAKEN:
        return NotSentError(text)
    if code in _LOCKED_OUT:
        return TryLaterError(text, _LOCKED_OUT_SECONDS, "platform")
    if editing and code in _POST_GONE:
        return PostGoneError(text)
    if not code and status < 400:
        return UncertainError(f"{method}: unreadable answer")
    if code in _LEFT:
        return RefusedError(text, "left")
    return RefusedError(text, "gone" if code in _CHAT_GONE else "fine")


def _seconds(retry_after: str | None) -> float:
    try:
        return max(float(retry_after or _DEFAULT_WAIT), 0.0)
    except ValueError:
        return _DEFAULT_WAIT


def _scope(method: str) -> Scope:
    """Messages are limited by channel, all else by method (docs.slack.dev/apis/web-api/rate-limits)."""
    return "chat" if method in ("chat.postMessage", "chat.postEphemeral", "response_url") else "method"


def _status(problem: SlackApiError) -> int:
    response: Any = problem.response
    return int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
