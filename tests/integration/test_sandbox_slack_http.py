"""HTTP deliveries of the local Slack to a slack-bolt app behind aiohttp."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import NotAcknowledgedError, SlackPerson, SlackSandbox
from bot.sandbox.slack.http_events import UrlNotVerifiedError


class Receiver:
    """An app's web server: answers with ``status`` and ``headers``, or hands over to Bolt."""

    def __init__(self) -> None:
        self.bolt: AsyncApp | None = None
        self.answers: list[web.Response] = []
        self.requests: list[tuple[web.Request, bytes]] = []
        self.url = ""
        self.pause = 0.0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if b"url_verification" in body and self.bolt is None:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        self.requests.append((request, body))
        await asyncio.sleep(self.pause)
        if self.bolt is not None:
            return await to_aiohttp_response(await self.bolt.async_dispatch(await to_bolt_request(request)))
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox.running(enforce_limits=False, retry_delays=(0.0, 0.01, 0.01)) as sandbox:
        yield sandbox


@pytest.fixture
def ada(slack: SlackSandbox) -> SlackPerson:
    return slack.add_user("Ada")


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.add_routes([web.post("/slack/events", receiver.handle)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    receiver.url = f"http://{host}:{port}"
    yield receiver
    await runner.cleanup()


async def test_deliveries_are_signed(slack: SlackSandbox, receiver: Receiver, ada: SlackPerson) -> None:
    await slack.deliver_over("http", receiver.url)
    await (await ada.say("hallo")).acked()
    request, body = receiver.requests[0]
    verifier = SignatureVerifier(slack.signing_secret)
    assert verifier.is_valid_request(body, dict(request.headers))
    assert not verifier.is_valid_request(body + b" ", dict(request.headers))
    assert json.loads(body)["event"]["text"] == "hallo"
    assert "X-Slack-Retry-Num" not in request.headers


async def test_a_url_that_does_not_echo_the_challenge_is_refused(slack: SlackSandbox, receiver: Receiver) -> None:
    receiver.bolt = AsyncApp(token="xoxb-1", signing_secret="another secret")
    with pytest.raises(UrlNotVerifiedError):
        await slack.deliver_over("http", receiver.url)


async def test_events_are_sent_again_with_number_and_reason(
    slack: SlackSandbox, receiver: Receiver, ada: SlackPerson
) -> None:
    await slack.deliver_over("http", receiver.url)
    receiver.answers = [web.Response(status=500), web.Response(status=404), web.Response()]
    said = await ada.say("hallo")
    await said.acked()
    headers = [
        (request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason"))
        for request, _ in receiver.requests
    ]
    assert headers == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in receiver.requests}) == 1


async def test_an_app_can_ask_for_no_retry(slack: SlackSandbox, receiver: Receiver, ada: SlackPerson) -> None:
    await slack.deliver_over("http", receiver.url)
    receiver.answers = [web.Response(status=503, headers={"X-Slack-No-Retry": "1"})]
    said = await ada.say("hallo")
    with pytest.raises(NotAcknowledgedError, match="http_error"):
        await said.acked()
    assert len(receiver.requests) == 1


async def test_an_app_that_is_slow_is_tried_again(receiver: Receiver) -> None:
    async with SlackSandbox.running(ack_seconds=0.02, retry_delays=(0.0, 0.0)) as slack:
        await slack.deliver_over("http", receiver.url)
        receiver.pause = 0.05
        said = await slack.add_user("Ada").say("hallo")
        with pytest.raises(NotAcknowledgedError, match="http_timeout"):
            await said.acked()
    reasons = [request.headers.get("X-Slack-Retry-Reason") for request, _ in receiver.requests]
    assert reasons == [None, "http_timeout", "http_timeout"]


async def test_an_app_that_is_down_is_tried_again(
    slack: SlackSandbox, receiver: Receiver, ada: SlackPerson
) -> None:
    await slack.deliver_over("http", receiver.url)
    slack.deliveries.transport.url = "http://127.0.0.1:9/slack/events"  # type: ignore[attr-defined]
    said = await ada.say("hallo")
    with pytest.raises(NotAcknowledgedError, match="connection_failed"):
        await said.acked()
    assert said.attempts == 4


async def test_bolt_serves_events_actions_commands_and_forms(
    slack: SlackSandbox, receiver: Receiver, ada: SlackPerson
) -> None:
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    receiver.bolt = app = AsyncApp(client=client, signing_secret=slack.signing_secret)

    @app.event("message")
    async def message(event: dict[str, Any], say: Any) -> None:
        button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Los"}}
        await say(text="Bereit?", blocks=[{"type": "actions", "elements": [button]}])

    @app.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        element = {"type": "plain_text_input", "action_id": "v"}
        view = {
            "type": "modal",
            "callback_id": "form",
            "title": {"type": "plain_text", "text": "Formular"},
            "submit": {"type": "plain_text", "text": "Senden"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "b",
                    "label": {"type": "plain_text", "text": "Wort"},
                    "element": element,
                }
            ],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"b": "Nein."})

    @app.command("/kumpel")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"Du schreibst: {command['text']}")

    await slack.deliver_over("http", receiver.url)
    await (await ada.say("hallo")).acked()
    await ada.hears(lambda message: message.buttons == ["Los"])
    await (await ada.press("Los")).acked()
    await ada.sees_modal("Formular")
    ada.fill({"Wort": "ja"})
    await (await ada.submit()).acked()
    assert ada.modal is not None
    assert ada.modal.errors == {"b": "Nein."}
    await ada.close()
    assert await (await ada.command("/kumpel", "hilfe & mehr")).acked() == {"text": "Du schreibst: hilfe & mehr"}
    await ada.hears("Du schreibst: hilfe & mehr")
    await slack.deliver_over("socket")
    assert slack.deliveries.transport is slack.sockets


async def test_it_serves_within_another_server_and_finds_out_its_address() -> None:
    slack = SlackSandbox()
    app = web.Application()
    slack.attach(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = "http://{}:{}".format(*runner.addresses[0][:2])
    client = AsyncWebClient(token=slack.bot_token, base_url=f"{address}/slack/api/", retry_handlers=[])
    assert (await client.auth_test())["ok"]
    assert slack.api_url == client.base_url
    await runner.cleanup()
