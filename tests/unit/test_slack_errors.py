"""What Slack refuses, told as the port's errors."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.port import (
    NotSentError,
    PostGoneError,
    RefusedError,
    SendError,
    TryLaterError,
    UncertainError,
)
from bot.adapters.slack.errors import reason_of, refusal, send_error
from bot.adapters.slack.web import web_client


def slack_error(status: int, error: str, **headers: str) -> SlackApiError:
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data={"ok": False, "error": error} if error else {},
        headers=headers,
        status_code=status,
    )
    return SlackApiError("xoxb-secret", response)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (429, "ratelimited", TryLaterError),
        (200, "rate_limited", TryLaterError),
        (200, "fatal_error", UncertainError),
        (200, "internal_error", UncertainError),
        (503, "service_unavailable", UncertainError),
        (502, "", UncertainError),
        (200, "", UncertainError),
        (200, "request_timeout", NotSentError),
        (200, "channel_not_found", RefusedError),
        (200, "invalid_blocks", RefusedError),
        (200, "something_new", RefusedError),
        (200, "message_not_found", RefusedError),
        (200, "token_revoked", TryLaterError),
    ],
)
def test_refusals(status: int, error: str, kind: type[SendError]) -> None:
    raised = send_error(slack_error(status, error), "chat.postMessage")
    assert type(raised) is kind
    assert "xoxb" not in str(raised)


@pytest.mark.parametrize(
    ("error", "chat"),
    [
        ("is_archived", "gone"),
        ("not_in_channel", "gone"),
        ("user_disabled", "left"),
        ("restricted_action", "gone"),
        ("invalid_blocks", "fine"),
        ("missing_scope", "fine"),
        ("user_not_in_channel", "fine"),
    ],
)
def test_what_a_refusal_says_of_the_chat(error: str, chat: str) -> None:
    raised = send_error(slack_error(200, error), "chat.postMessage")
    assert isinstance(raised, RefusedError)
    assert raised.chat == chat


@pytest.mark.parametrize(
    "error", ["message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch"]
)
def test_a_message_that_cannot_be_edited_is_gone(error: str) -> None:
    assert isinstance(send_error(slack_error(200, error), "chat.update", editing=True), PostGoneError)


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("chat.postMessage", "chat"),
        ("response_url", "chat"),
        ("chat.update", "method"),
        ("views.publish", "method"),
    ],
)
def test_a_pause_is_to_the_second_and_for_what_it_concerns(method: str, scope: str) -> None:
    raised = refusal(method, 429, "ratelimited", "7")
    assert isinstance(raised, TryLaterError)
    assert (raised.seconds, raised.scope) == (7, scope)
    unreadable = refusal(method, 429, "ratelimited", "soon")
    assert isinstance(unreadable, TryLaterError)
    assert unreadable.seconds == 30


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (aiohttp.ConnectionTimeoutError(), NotSentError),
        (aiohttp.ServerDisconnectedError(), UncertainError),
        (TimeoutError(), UncertainError),
        (aiohttp.ClientOSError(), UncertainError),
    ],
)
def test_broken_connections(problem: Exception, kind: type[SendError]) -> None:
    assert type(send_error(problem, "chat.postMessage")) is kind
    assert reason_of(problem) == type(problem).__name__


async def test_the_client_sends_nothing_twice_by_itself() -> None:
    async with aiohttp.ClientSession() as session:
        client = web_client("xoxb-1", "https://slack.example/api", session)
        assert client.retry_handlers == []
        assert client.base_url == "https://slack.example/api/"
