"""Socket Mode against the local Slack, with slack_sdk's client and a slack-bolt app."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import NotAcknowledgedError, RefusedError, SlackPerson, SlackSandbox


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox.running(enforce_limits=False, retry_delays=(0.01, 0.01, 0.01)) as sandbox:
        yield sandbox


@pytest.fixture
def ada(slack: SlackSandbox) -> SlackPerson:
    return slack.add_user("Ada", locale="de-DE")


def web_client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@asynccontextmanager
async def bolt(slack: SlackSandbox, build: Callable[[AsyncApp], None]) -> AsyncIterator[AsyncApp]:
    """A Bolt app that is connected over Socket Mode."""
    app = AsyncApp(client=web_client(slack), signing_secret=slack.signing_secret)
    build(app)
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.sockets.connected()
    try:
        yield app
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def raw_client(
    slack: SlackSandbox,
    handle: Callable[[SocketModeClient, SocketModeRequest], Awaitable[None]],
    ping_interval: float = 5,
) -> AsyncIterator[SocketModeClient]:
    """slack_sdk's own Socket Mode client, with nothing around it."""
    client = SocketModeClient(slack.app_token, web_client=web_client(slack), ping_interval=ping_interval)
    client.socket_mode_request_listeners.append(handle)  # type: ignore[arg-type]
    await client.connect()  # type: ignore[no-untyped-call]
    try:
        yield client
    finally:
        await client.close()  # type: ignore[no-untyped-call]


class Recorder:
    """Acknowledges envelopes, or leaves them alone, and keeps them."""

    def __init__(self, ignore: int = 0) -> None:
        self.requests: list[SocketModeRequest] = []
        self.ignore = ignore

    async def __call__(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if len(self.requests) > self.ignore:
            await client.send_socket_mode_response({"envelope_id": request.envelope_id})


async def test_a_message_is_answered(slack: SlackSandbox, ada: SlackPerson) -> None:
    def build(app: AsyncApp) -> None:
        @app.event("message")
        async def answer(event: dict[str, Any], say: Any) -> None:
            await say(f"Du sagst: {event['text']}")

    async with bolt(slack, build):
        said = await ada.say("Tisch & Stuhl")
        await said.acked()
        heard = await ada.hears("Du sagst: Tisch & Stuhl")
        assert heard.text == "Du sagst: Tisch &amp; Stuhl"
        # the bot's own post comes back to it with its bot_id, and Bolt lets it lie
        await slack.deliveries.settled()
        own = slack.deliveries.log[-1].payload["event"]
        assert (own["bot_id"], own["text"]) == (slack.bot_id, heard.text)


async def test_a_mention_comes_twice_with_two_event_ids(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    channel = slack.add_channel("general", ada)
    async with raw_client(slack, recorder):
        said = await ada.mention("wann ist Camp?", channel)
        await said.acked()
    first, second = (request.payload for request in recorder.requests)
    assert {first["event"]["type"], second["event"]["type"]} == {"message", "app_mention"}
    assert first["event_id"] != second["event_id"]
    assert first["event"]["ts"] == second["event"]["ts"]
    assert first["event"]["text"] == f"<@{slack.bot_user_id}> wann ist Camp?"


async def test_the_bot_hears_nothing_where_it_is_not(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    channel = slack.add_channel("leads", ada, private=True, with_bot=False)
    async with raw_client(slack, recorder):
        said = await ada.mention("hallo?", channel)
        with pytest.raises(NotAcknowledgedError):
            await said.acked()
        joined = await slack.invite_bot(channel, by=ada)
        assert joined is not None
        await joined.acked()
        slack.remove_bot(channel)
        with pytest.raises(NotAcknowledgedError):
            await (await ada.say("und jetzt?", channel)).acked()
    joins = [request.payload["event"] for request in recorder.requests]
    assert {(event["type"], event.get("subtype")) for event in joins} == {
        ("member_joined_channel", None),
        ("message", "channel_join"),
    }
    assert {event["inviter"] for event in joins} == {ada.id}


async def test_an_event_is_sent_again_until_it_is_acknowledged(slack: SlackSandbox, ada: SlackPerson) -> None:
    slack.sockets.ack_seconds = 0.02
    recorder = Recorder(ignore=2)
    async with raw_client(slack, recorder):
        said = await ada.say("hallo")
        await said.acked()
    assert said.attempts == 3
    assert len({request.payload["event_id"] for request in recorder.requests}) == 1
    assert [(r.retry_attempt, r.retry_reason) for r in recorder.requests] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
    ]


async def test_redelivery_brings_the_very_same_event(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    async with raw_client(slack, recorder):
        said = await ada.say("hallo")
        await said.acked()
        await slack.redeliver(said)
    first, second = recorder.requests
    assert first.payload == second.payload
    assert (second.retry_attempt, second.envelope_id != first.envelope_id) == (1, True)


async def test_interactions_are_sent_once(slack: SlackSandbox, ada: SlackPerson) -> None:
    slack.sockets.ack_seconds = 0.02
    recorder = Recorder(ignore=9)
    async with raw_client(slack, recorder):
        pressed = await ada.command("/kumpel", "hilfe")
        with pytest.raises(NotAcknowledgedError):
            await pressed.acked()
    assert (len(recorder.requests), pressed.error) == (1, "http_timeout")


async def test_a_bot_that_is_down_misses_events_but_finds_them_in_the_history(
    slack: SlackSandbox, ada: SlackPerson
) -> None:
    said = await ada.say("Ist da jemand?")
    with pytest.raises(NotAcknowledgedError, match="connection_failed"):
        await said.acked()
    assert said.attempts == 4
    assert said.message is not None
    history = await web_client(slack).conversations_history(channel=said.message.channel)
    assert [message["text"] for message in history["messages"]] == ["Ist da jemand?"]


async def test_envelopes_take_turns_between_connections(slack: SlackSandbox, ada: SlackPerson) -> None:
    one, other = Recorder(), Recorder()
    async with raw_client(slack, one), raw_client(slack, other):
        await slack.sockets.connected(2)
        for number in range(4):
            await (await ada.say(str(number))).acked()
    assert (len(one.requests), len(other.requests)) == (2, 2)


async def test_a_ticket_is_good_for_one_connection(slack: SlackSandbox) -> None:
    answer = await web_client(slack).apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(answer["url"]) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            assert hello["connection_info"] == {"app_id": slack.app_id}
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(answer["url"])
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await web_client(slack).apps_connections_open(app_token=slack.bot_token)


async def test_an_eleventh_connection_is_turned_away(slack: SlackSandbox) -> None:
    async with aiohttp.ClientSession() as http:
        sockets = []
        for _ in range(11):
            answer = await web_client(slack).apps_connections_open(app_token=slack.app_token)
            sockets.append(await http.ws_connect(answer["url"]))
        frames = [await socket.receive_json() for socket in sockets]
        assert [frame["type"] for frame in frames] == ["hello"] * 10 + ["disconnect"]
        assert frames[-1]["reason"] == "too_many_websockets"
        for socket in sockets:
            await socket.close()


async def test_a_disconnect_frame_makes_the_client_come_back(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    async with raw_client(slack, recorder):
        await slack.sockets.connected()
        await slack.sockets.ask_to_reconnect()
        await slack.sockets.connected()
        await (await ada.say("noch da?")).acked()
    assert len(slack.calls_of("apps.connections.open")) == 2


async def test_dropped_sockets_are_replaced(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    async with raw_client(slack, recorder, ping_interval=0.05):
        await slack.sockets.connected()
        slack.sockets.drop()
        await slack.sockets.connected()
        await (await ada.say("noch da?")).acked()
    assert len(slack.calls_of("apps.connections.open")) == 2


async def test_a_silent_connection_swallows_events_and_pings(slack: SlackSandbox, ada: SlackPerson) -> None:
    slack.sockets.ack_seconds = 0.02
    answer = await web_client(slack).apps_connections_open(app_token=slack.app_token)
    async with aiohttp.ClientSession() as http, http.ws_connect(answer["url"], autoping=False) as socket:
        await socket.receive_json()
        await socket.ping(b"1")
        assert (await socket.receive()).data == b"1"
        slack.sockets.go_silent()
        await socket.ping(b"2")
        said = await ada.say("hallo")
        with pytest.raises(NotAcknowledgedError, match="timeout"):
            await said.acked()
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.01)


async def test_a_command_is_answered_in_the_acknowledgement_or_later(
    slack: SlackSandbox, ada: SlackPerson
) -> None:
    bea = slack.add_user("Bea")
    channel = slack.add_channel("general", ada, bea, with_bot=False)

    def build(app: AsyncApp) -> None:
        @app.command("/kumpel")
        async def answer(ack: Any, command: dict[str, Any], respond: Any) -> None:
            if command["text"] == "laut":
                await ack(response_type="in_channel", text="Für alle")
            else:
                await ack("Sofort")
                await respond("Später")

    async with bolt(slack, build):
        delivery = await ada.command("/kumpel", "hilfe", channel)
        assert await delivery.acked() == {"text": "Sofort"}
        assert (await ada.hears("Später", channel)).ephemeral_for == ada.id
        assert {message.plain for message in ada.messages(channel)} == {"Sofort", "Später"}
        assert bea.messages(channel) == []
        await (await ada.command("/kumpel", "laut", channel)).acked()
        assert (await bea.hears("Für alle", channel)).ephemeral_for is None


async def test_a_button_changes_its_message(slack: SlackSandbox, ada: SlackPerson) -> None:
    def build(app: AsyncApp) -> None:
        @app.action("book")
        async def answer(ack: Any, body: dict[str, Any], respond: Any) -> None:
            await ack()
            chosen = body["state"]["values"]["when"]["day"]["selected_date"]
            await respond(f"Gebucht: {body['actions'][0]['value']} am {chosen}", replace_original=True)

        @app.action("day")
        async def quiet(ack: Any) -> None:
            await ack()

    async with bolt(slack, build) as app:
        controls = {
            "type": "actions",
            "block_id": "when",
            "elements": [
                {"type": "datepicker", "action_id": "day"},
                {
                    "type": "button",
                    "action_id": "book",
                    "value": "A1",
                    "text": {"type": "plain_text", "text": "Buchen"},
                },
            ],
        }
        await app.client.chat_postMessage(channel=ada.id, text="Tisch?", blocks=[controls])
        with pytest.raises(LookupError, match="Buchen"):
            await ada.press("Stornieren")
        await (await ada.pick_date("2026-11-24")).acked()
        pressed = await ada.press("Buchen")
        await pressed.acked()
        heard = await ada.hears("Gebucht: A1 am 2026-11-24")
        assert (heard.buttons, pressed.message) == ([], heard)


async def test_a_response_url_is_used_up_after_five_times(slack: SlackSandbox, ada: SlackPerson) -> None:
    command = await ada.command("/kumpel")
    url = command.payload["response_url"]
    async with aiohttp.ClientSession() as http:
        statuses = []
        for _ in range(6):
            async with http.post(url, json={"text": "x"}) as answer:
                statuses.append(answer.status)
        assert statuses == [200] * 5 + [404]
        async with http.post((await ada.command("/kumpel")).payload["response_url"], json={}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "no_text")


async def test_people_edit_and_delete_what_they_said(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    bea = slack.add_user("Bea")
    async with raw_client(slack, recorder):
        said = await ada.say("Dienstag")
        assert said.message is not None
        with pytest.raises(RefusedError):
            await bea.edit(said.message, "x")
        await (await ada.edit(said.message, "Mittwoch")).acked()
        await (await ada.delete(said.message)).acked()
    changed, deleted = (request.payload["event"] for request in recorder.requests[1:])
    assert changed["subtype"] == "message_changed"
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("Dienstag", "Mittwoch")
    assert changed["message"]["edited"]["user"] == ada.id
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", said.message.ts)


async def test_strangers_and_other_bots_show_who_they_are(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    stranger, robot = slack.add_user("Stella", is_stranger=True), slack.add_bot("Ticker")
    shared = slack.add_channel("shared", ada, stranger, robot)
    async with raw_client(slack, recorder):
        await (await stranger.say("hi", shared)).acked()
        await (await robot.say("tick", shared)).acked()
    foreign, ticked = (request.payload for request in recorder.requests)
    assert foreign["is_ext_shared_channel"]
    assert foreign["event"]["team"] != slack.team_id
    assert ticked["event"]["bot_id"] == robot.user.bot_id


async def test_what_is_typed_arrives_as_slack_writes_it(slack: SlackSandbox, ada: SlackPerson) -> None:
    recorder = Recorder()
    bea = slack.add_user("Bea")
    async with raw_client(slack, recorder):
        said = await ada.say("<b> @Bea & @Nobody: https://ruhrhub.de?a=1&b=2 oder bea@ruhrhub.de")
        await said.acked()
    assert recorder.requests[0].payload["event"]["text"] == (
        f"&lt;b&gt; <@{bea.id}> &amp; @Nobody: <https://ruhrhub.de?a=1&amp;b=2> "
        "oder <mailto:bea@ruhrhub.de|bea@ruhrhub.de>"
    )
    assert said.message is not None
    assert said.message.plain == "<b> @Bea & @Nobody: https://ruhrhub.de?a=1&b=2 oder bea@ruhrhub.de"


async def test_changes_are_told_to_whoever_watches(slack: SlackSandbox, ada: SlackPerson) -> None:
    kinds: list[str] = []
    stop = slack.subscribe(lambda change: kinds.append(change.kind))
    await ada.say("hallo")
    stop()
    await ada.say("noch was")
    assert kinds == ["channel", "delivery", "message"]


async def test_closing_with_open_sockets_and_waiting_deliveries_is_clean() -> None:
    async with SlackSandbox.running() as slack:
        ada = slack.add_user("Ada")
        session = aiohttp.ClientSession()
        answer = await web_client(slack).apps_connections_open(app_token=slack.app_token)
        socket = await session.ws_connect(answer["url"])
        await socket.receive_json()
        await ada.say("das wartet")
        await socket.receive_json()
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    await session.close()
