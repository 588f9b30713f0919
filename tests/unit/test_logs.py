"""The log: one line an event, and never a secret or what people wrote."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator

import httpx
import pytest
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import QUIET, Redactor, configure_logging
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox

TELEGRAM = "123456789:AAcanaryTelegramTokenOf35Characters"
CANARIES = {
    "telegram": TELEGRAM,
    "slack bot": "xoxb-1234-canarybottoken",
    "slack app": "xapp-1-canaryapptoken",
    "signing": "canarysigningsecret0123456789",
    "webhook": "canary_webhook-secret",
    "seal": "canary seal key".replace(" ", "+") + "x" * 20,
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, as JSON, at the lowest level."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, {name: logging.getLogger(name).level for name in QUIET})
    stream = io.StringIO()
    configure_logging("json", "debug", list(CANARIES.values()), stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


def talkative() -> None:
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def assert_no_canary(log: io.StringIO) -> None:
    text = log.getvalue()
    assert text
    assert "canary" not in text.lower()


def test_an_event_is_one_json_line_with_level_and_time(log: io.StringIO):
    structlog.get_logger("bot.x").info("sent", chat_id=7, took=0.25, ok=True, nothing=None)
    (event,) = lines(log)
    assert (event["event"], event["level"], event["chat_id"], event["took"]) == ("sent", "info", 7, 0.25)
    assert (event["ok"], event["nothing"]) == (True, None)
    assert str(event["timestamp"]).endswith("Z")


def test_what_libraries_log_looks_the_same(log: io.StringIO):
    logging.getLogger("some.library").warning("lost %s\nagain", "connection", extra={"attempt": 3})
    (event,) = lines(log)
    assert event["event"] == "lost connection | again"
    assert (event["level"], event["logger"], event["attempt"]) == ("warning", "some.library", 3)


@pytest.mark.parametrize("library", sorted(QUIET))
def test_libraries_that_tell_each_call_are_quiet_even_at_debug(log: io.StringIO, library: str):
    logging.getLogger(f"{library}.inner").info("a call")
    assert log.getvalue() == ""
    logging.getLogger(library).warning("a warning")
    assert lines(log)[0]["event"] == "a warning"


@pytest.mark.parametrize("secret", CANARIES.values(), ids=CANARIES)
def test_no_secret_gets_into_the_log_in_whatever_shape(log: io.StringIO, secret: str):
    ours = structlog.get_logger("bot.x")
    ours.debug(f"with {secret} inside", url=f"https://x.example/bot{secret}/getMe", token=secret)
    ours.info("nested", details={"deep": [{"er": secret, secret: 1}, (secret,)]}, thing={secret: secret}.items())
    logging.getLogger("some.library").error("failed with %r", {"token": secret}, extra={"extra_token": secret})
    try:
        try:
            raise ValueError(f"inner {secret}")
        except ValueError as error:
            raise RuntimeError(secret) from error
    except RuntimeError:
        ours.exception("failed")
        logging.getLogger("some.library").exception("failed too")
    assert len(lines(log)) == 5
    assert "RuntimeError" in log.getvalue()
    assert secret not in log.getvalue()
    assert_no_canary(log)


@pytest.mark.parametrize(
    "text",
    [
        "GET https://api.telegram.org/bot987654321:AAcanaryForeignTokenOf35Characters1/getUpdates",
        "987654321%3AAAcanaryForeignTokenOf35Characters1",
        "xoxp-canary-1", "xapp-1-A0-canary", "xoxe.xoxp-1-canary",
        "Authorization: Bearer canary.value", "{'authorization': 'Bearer canary'}", '"Authorization": "canary"',
        "(b'Authorization', b'Bearer canary-token')",
        "X-Telegram-Bot-Api-Secret-Token: canary", "x-slack-signature=v0=canary", "cookie: canary",
        "response_url='https://example.org/canary'", '{"response_url": "https://example.org/canary"}',
        "POST https://hooks.slack.com/actions/T1/2/canary 200", "https://hooks.slack-gov.com/services/canary",
        "wss://wss-primary.slack.com/link/?ticket=canary&app_id=canary",
        "https://files.slack.com/upload/v1/canary",
    ],
)  # fmt: skip
def test_secrets_are_known_by_their_shape(text: str):
    assert "canary" not in Redactor().text(text)


def test_what_is_no_secret_stays():
    text = "12:30 booked desk 12 for 2026-11-24, https://slack.com/api/chat.postMessage 429, xylophone, appeal"
    assert Redactor(["a-secret"]).text(text) == text


@pytest.mark.parametrize("key", ["text", "payload", "body", "blocks", "caption", "value", "name"])
def test_what_people_wrote_is_left_out_by_its_key(log: io.StringIO, key: str):
    structlog.get_logger("bot.x").info("seen", **{key: "canary", "nested": {key: ["canary"]}})
    assert_no_canary(log)


async def test_the_telegram_token_stays_out_when_httpx_tells_everything(log: io.StringIO):
    talkative()
    async with TelegramSandbox.running(bot_token=TELEGRAM) as telegram, httpx.AsyncClient() as client:
        for token in (TELEGRAM, TELEGRAM + "wrong"):
            await client.get(
                f"{telegram.api_url}/bot{token}/getMe", headers={"Authorization": "Bearer canary-bearer"}
            )
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:1/bot{TELEGRAM}/getMe")
    assert re.search(r"HTTP Request: GET http.*/bot…/getMe", log.getvalue())
    assert_no_canary(log)


async def test_slack_tokens_stay_out_when_slack_sdk_tells_everything(log: io.StringIO):
    talkative()
    async with SlackSandbox.running() as slack:
        slack.add_token(CANARIES["slack bot"])
        client = AsyncWebClient(CANARIES["slack bot"], base_url=slack.api_url, retry_handlers=[])
        await client.auth_test()
        with pytest.raises(SlackApiError) as refused:
            await client.apps_connections_open(app_token=CANARIES["slack app"])
        structlog.get_logger("bot.x").error("slack_refused", exc_info=refused.value)
    assert "auth.test" in log.getvalue()
    assert_no_canary(log)


def test_the_console_shows_a_plain_traceback_without_secrets_or_local_variables():
    stream = io.StringIO()
    configure_logging("console", "info", [TELEGRAM], stream)
    local = "a local canary"
    try:
        raise RuntimeError(TELEGRAM)
    except RuntimeError:
        structlog.get_logger("bot.x").exception("failed", chat_id=len(local))
        structlog.get_logger("bot.x").debug("too quiet")
    finally:
        logging.getLogger().handlers[:] = []
        structlog.reset_defaults()
    text = stream.getvalue()
    assert "failed" in text
    assert "RuntimeError: …" in text
    assert "too quiet" not in text
    assert "canary" not in text.replace('local = "a local canary"', "").lower()


def test_a_traceback_shows_where_it_happened_and_not_what_was_said(log: io.StringIO):
    said = f"{'Zilp'}zalp is no number\n    {'Kanarien'}vogel\n{'Nachti'}gall: geheim"

    def handler() -> None:
        raise ValueError(said)

    try:
        try:
            handler()
        except ValueError as error:
            raise KeyError(said) from error
    except KeyError:
        structlog.get_logger("t").exception("handler_failed", reference="7K2M")
    [line] = lines(log)
    shown = str(line["exception"])
    for word in ("Zilpzalp", "Kanarienvogel", "Nachtigall", "geheim"):
        assert word not in shown
    assert shown.count("Error: …") == 2
    assert "in handler" in shown
    assert "raise ValueError(said)" in shown


def test_what_the_database_complains_about_is_shown(log: io.StringIO):
    import sqlite3

    try:
        sqlite3.connect(":memory:").execute("SELECT x")
    except sqlite3.OperationalError:
        structlog.get_logger("t").exception("failed")
    [line] = lines(log)
    assert "no such column: x" in str(line["exception"])
