"""Whoever knocks at the web server without the right key is turned away, and nothing happens."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time

import aiohttp
import pytest
from e2e_world import WEBHOOK_SECRET, Modes, World, heard

pytestmark = pytest.mark.parametrize("modes", [Modes("http", "webhook")], indirect=True)

SLACK, TELEGRAM = "/slack/events", "/telegram/webhook"
NOBODY_SPOKE = [(0,)]


async def post(world: World, path: str, body: bytes, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(world.url + path, data=io.BytesIO(body), headers=headers) as answer,
    ):
        await answer.read()
        return answer.status


def signed(world: World, body: bytes, timestamp: str | None = None, secret: str = "") -> dict[str, str]:
    at = timestamp or str(int(time.time()))
    key = (secret or world.slack.signing_secret).encode()
    digest = hmac.new(key, f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }


def event(world: World) -> bytes:
    """A message that nobody said."""
    said = {"type": "message", "channel_type": "im", "channel": "D0FORGED001", "user": "U0FORGED001"}
    body = {
        "type": "event_callback",
        "team_id": world.slack.team_id,
        "event_id": "Ev0FORGED",
        "event": said | {"text": "hallo", "ts": "1700000000.000100"},
    }
    return json.dumps(body).encode()


def update() -> bytes:
    person = {"id": 4711, "is_bot": False, "first_name": "Mallory"}
    chat = {"id": 4711, "type": "private", "first_name": "Mallory"}
    message = {"message_id": 1, "date": 1700000000, "chat": chat, "from": person, "text": "hallo"}
    return json.dumps({"update_id": 1, "message": message}).encode()


async def test_telegram_updates_without_the_secret_are_refused(world: World) -> None:
    name = "X-Telegram-Bot-Api-Secret-Token"
    assert await post(world, TELEGRAM, update(), {}) == 401
    for secret in ("", "wrong", WEBHOOK_SECRET + "x", WEBHOOK_SECRET[:-1], "schlüssel", WEBHOOK_SECRET.upper()):
        assert await post(world, TELEGRAM, update(), {name: secret}) == 401, secret
    await world.settled()
    assert world.rows("SELECT count(*) FROM deliveries") == NOBODY_SPOKE


async def test_what_is_no_update_is_refused_and_what_nobody_understands_holds_up_nobody(world: World) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    for body in (b"", b"{", b"[]", b"null", b"7", b'{"update_id": "x"}', b'{"message": {}}', b"\xff\xfe"):
        assert await post(world, TELEGRAM, body, headers) == 400, body
    strange: list[dict[str, object]] = [
        {},
        {"message": None},
        {"message": "hello"},
        {"message": {"text": "x"}},
        {"callback_query": {"id": 3}},
        {"callback_query": {}},
        {"something_new": {"a": [1, 2, {"b": None}]}},
    ]
    for number, content in enumerate(strange):
        body = json.dumps({"update_id": number, **content}).encode()
        assert await post(world, TELEGRAM, body, headers) == 200, content
    assert world.rows("SELECT count(*) FROM deliveries") == NOBODY_SPOKE
    gerd = world.telegram.add_user("Gerd", language="de")
    await gerd.say("hallo")
    await gerd.hears("Kumpel")


async def test_slack_deliveries_with_a_wrong_signature_are_refused(world: World) -> None:
    body, now = event(world), int(time.time())
    for timestamp in ("not a number", "1e9", "-1", "+1", "9" * 40, f"{now - 3600}", f"{now + 3600}", f"{now}.0"):
        assert await post(world, SLACK, body, signed(world, body, timestamp)) == 401, timestamp
    assert await post(world, SLACK, body, signed(world, body, secret="somebody else's secret")) == 401
    await world.settled()
    assert world.rows("SELECT count(*) FROM deliveries") == NOBODY_SPOKE


async def test_slack_deliveries_without_a_signature_are_refused(world: World) -> None:
    body = event(world)
    whole = signed(world, body)
    for missing in ("X-Slack-Request-Timestamp", "X-Slack-Signature"):
        headers = {name: value for name, value in whole.items() if name != missing}
        assert await post(world, SLACK, body, headers) == 401
    assert await post(world, SLACK, body, {"Content-Type": "application/json"}) == 401
    assert await post(world, SLACK, body + b" ", whole) == 401
    assert world.rows("SELECT count(*) FROM deliveries") == NOBODY_SPOKE


async def test_signed_nonsense_breaks_nothing(world: World) -> None:
    for body in (
        b"{",
        b"\xff\xfe\x00",
        b"[1, 2]",
        b"null",
        b'"text"',
        b"7",
        b"hello=world",
        b"payload=%7B",
        b"payload=[]",
        b"payload=null",
        b'{"type": "event_callback", "event": 7}',
        b'{"type": "event_callback", "event": {"type": "message", "user": {}, "channel": [], "ts": 5}}',
        b'{"type": "block_actions", "actions": "x", "user": 1}',
        b'{"type": "view_submission", "view": "x"}',
        b'{"command": 1}',
    ):
        for content_type in ("application/json", "application/x-www-form-urlencoded"):
            await post(world, SLACK, body, signed(world, body) | {"Content-Type": content_type})
    assert world.rows("SELECT count(*) FROM deliveries") == NOBODY_SPOKE
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    await fatma.say("hallo")
    await fatma.hears("Kumpel")


async def test_too_large_a_delivery_is_refused(world: World) -> None:
    body = b'{"x": "' + b"x" * 3_000_000 + b'"}'
    assert await post(world, SLACK, body, signed(world, body)) == 413
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    assert await post(world, TELEGRAM, body, headers) == 413
    # Unsigned, it is not even read.
    assert await post(world, TELEGRAM, body, {}) == 401


async def test_a_genuine_delivery_replayed_later_is_taken_once(world: World) -> None:
    fatma = world.slack.add_user("Fatma", locale="de-DE")
    delivery = await fatma.say("hallo")
    await fatma.hears("Kumpel")
    body = json.dumps(delivery.payload).encode()
    assert await post(world, SLACK, body, signed(world, body)) == 200
    await world.settled()
    assert len(heard(fatma)) == 1


async def test_other_paths_and_methods_lead_nowhere(world: World) -> None:
    assert (await world.get(SLACK))[0] == 405
    assert (await world.get("/.env"))[0] == 404
    assert (await world.get("/slack/../kumpel.sqlite3"))[0] == 404
    status, body = await world.get("/metrics")
    assert status == 200
    for secret in (world.slack.bot_token, world.telegram.bot_token, world.slack.signing_secret, WEBHOOK_SECRET):
        assert secret not in body
