"""Modals and App Home of the local Slack, driven by people and a slack-bolt app."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ManualClock
from bot.sandbox.slack import NotAcknowledgedError, RefusedError, SlackPerson, SlackSandbox


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox.running(clock=clock, enforce_limits=False, retry_delays=()) as sandbox:
        yield sandbox


@pytest.fixture
def ada(slack: SlackSandbox) -> SlackPerson:
    return slack.add_user("Ada", locale="de-DE")


@pytest.fixture
def client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def app(slack: SlackSandbox, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A Bolt app over Socket Mode; the test adds its listeners."""
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.sockets.connected()
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call]


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": words(text), "value": value}


def text_input(label: str, block_id: str, **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "value", **more.pop("element", {})}
    return {"type": "input", "block_id": block_id, "label": words(label), "element": element, **more}


def modal(title: str = "Anfrage", *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": words(title),
        "submit": words("Senden"),
        "blocks": list(blocks) or [text_input("Thema", "topic")],
        **more,
    }


async def trigger(person: SlackPerson) -> str:
    """A trigger_id, got by using a shortcut that nobody answers."""
    return str((await person.shortcut("x")).payload["trigger_id"])


async def refusal(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: dict[str, Any] = caught.value.response.data
    return answer


async def test_a_form_is_opened_filled_and_submitted(slack: SlackSandbox, app: AsyncApp, ada: SlackPerson) -> None:
    bea = slack.add_user("Bea")
    got: dict[str, Any] = {}

    @app.shortcut("ask")
    async def open_form(ack: Any, shortcut: dict[str, Any]) -> None:
        await ack()
        topics = {
            "type": "static_select",
            "action_id": "pick",
            "options": [option("Recht", "law"), option("Geld", "money")],
        }
        who = {"type": "multi_users_select", "action_id": "who"}
        day = {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-30"}
        ticks = {
            "type": "checkboxes",
            "action_id": "ticks",
            "options": [option("eilig", "now"), option("privat", "quiet")],
        }
        blocks = [
            text_input("Thema", "topic", element={"min_length": 3, "max_length": 20}),
            {"type": "input", "block_id": "area", "label": words("Bereich"), "element": topics},
            {"type": "input", "block_id": "who", "label": words("Wer"), "element": who, "optional": True},
            {"type": "input", "block_id": "day", "label": words("Tag"), "element": day},
            {"type": "input", "block_id": "ticks", "label": words("Wie"), "element": ticks, "optional": True},
        ]
        await app.client.views_open(
            trigger_id=shortcut["trigger_id"], view=modal("Anfrage", *blocks, private_metadata="m1")
        )

    @app.view("ask")
    async def take(ack: Any, view: dict[str, Any]) -> None:
        got.update(view)
        await ack()

    await (await ada.shortcut("ask")).acked()
    seen = await ada.sees_modal("Anfrage")
    assert seen.plain.splitlines()[:3] == ["Anfrage", "Thema", "[Thema]"]
    with pytest.raises(RefusedError, match="'Thema' is empty; 'Bereich' is empty"):
        await ada.submit()
    with pytest.raises(LookupError, match="'Thema'"):
        ada.fill({"Farbe": "rot"})
    with pytest.raises(LookupError, match="only 'Recht', 'Geld'"):
        ada.fill({"Bereich": "Kunst"})
    ada.fill({"Thema": "AG", "Bereich": "Geld", "who": [bea], "Wie": ["eilig"]})
    with pytest.raises(RefusedError, match="shorter than 3"):
        await ada.submit()
    ada.fill({"topic": "Marke & Recht"})
    await (await ada.submit()).acked()
    assert ada.modal is None
    values = got["state"]["values"]
    assert values["topic"]["value"] == {"type": "plain_text_input", "value": "Marke & Recht"}
    assert values["area"]["pick"]["selected_option"]["value"] == "money"
    assert values["who"]["who"]["selected_users"] == [bea.id]
    assert values["day"]["day"]["selected_date"] == "2026-11-30"
    assert [o["value"] for o in values["ticks"]["ticks"]["selected_options"]] == ["now"]
    assert got["private_metadata"] == "m1"


async def test_the_answer_to_a_submission_shows_errors_updates_pushes_and_clears(
    app: AsyncApp, client: AsyncWebClient, ada: SlackPerson
) -> None:
    answers: list[dict[str, Any]] = [
        {"response_action": "errors", "errors": {"topic": "Schreib bitte etwas mehr."}},
        {"response_action": "update", "view": modal("Noch eins", text_input("Thema", "topic"))},
        {"response_action": "push", "view": modal("Oben drauf")},
        {"response_action": "clear"},
    ]

    @app.view("ask")
    async def take(ack: Any) -> None:
        await ack(**answers.pop(0))

    await client.views_open(trigger_id=await trigger(ada), view=modal())
    ada.fill({"Thema": "AG"})
    await (await ada.submit()).acked()
    assert ada.modal is not None
    assert ada.modal.errors == {"topic": "Schreib bitte etwas mehr."}
    assert "Schreib bitte etwas mehr." in ada.modal.plain
    ada.fill({"Thema": "Rechtsform"})
    assert ada.modal.errors == {}
    await (await ada.submit()).acked()
    assert ada.modal.title == "Noch eins"
    assert ada.modal.values["topic"]["value"]["value"] == "Rechtsform"  # kept: same block_id and action_id
    await (await ada.submit()).acked()
    assert ada.modal.title == "Oben drauf"
    assert ada.modal.previous_id is not None
    ada.fill({"Thema": "x"})
    await (await ada.submit()).acked()
    assert ada.modal is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": modal("x" * 25)},
        {"response_action": "dance"},
    ],
)
async def test_an_answer_that_slack_cannot_use_leaves_the_form_and_fails(
    app: AsyncApp, client: AsyncWebClient, ada: SlackPerson, answer: dict[str, Any]
) -> None:
    @app.view("ask")
    async def take(ack: Any) -> None:
        await ack(**answer)

    await client.views_open(trigger_id=await trigger(ada), view=modal())
    ada.fill({"Thema": "x"})
    with pytest.raises(NotAcknowledgedError):
        await (await ada.submit()).acked()
    assert ada.modal is not None


async def test_a_trigger_is_good_for_three_seconds_and_once(
    client: AsyncWebClient, ada: SlackPerson, clock: ManualClock
) -> None:
    used = await trigger(ada)
    refused = await refusal(client.views_open(trigger_id=used, view=modal("x" * 25)))
    assert refused["error"] == "invalid_arguments"
    await client.views_open(trigger_id=used, view=modal())  # a refused view has not used it up
    assert (await refusal(client.views_open(trigger_id=used, view=modal())))["error"] == "exchanged_trigger_id"
    assert (await refusal(client.views_open(trigger_id="12345.98765.abcd", view=modal())))[
        "error"
    ] == "invalid_trigger_id"
    late = await trigger(ada)
    clock.advance(3.1)
    assert (await refusal(client.views_open(trigger_id=late, view=modal())))["error"] == "expired_trigger_id"


async def test_three_modals_stand_on_each_other_and_no_more(client: AsyncWebClient, ada: SlackPerson) -> None:
    assert (await refusal(client.views_push(trigger_id=await trigger(ada), view=modal())))["error"] == "not_found"
    root = (await client.views_open(trigger_id=await trigger(ada), view=modal("1")))["view"]
    second = (await client.views_push(trigger_id=await trigger(ada), view=modal("2")))["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (root["id"], root["id"])
    await client.views_push(trigger_id=await trigger(ada), view=modal("3"))
    refused = await refusal(client.views_push(trigger_id=await trigger(ada), view=modal("4")))
    assert refused["error"] == "push_limit_reached"
    await ada.close()
    assert ada.modal is not None
    assert ada.modal.title == "2"
    await ada.close(everything=True)
    assert ada.modal is None


async def test_closing_is_told_where_it_was_asked_for(
    app: AsyncApp, client: AsyncWebClient, ada: SlackPerson
) -> None:
    closed: list[tuple[str, bool]] = []

    @app.view_closed("ask")
    async def take(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        closed.append((body["view"]["title"]["text"], body["is_cleared"]))

    await client.views_open(trigger_id=await trigger(ada), view=modal("1", notify_on_close=True))
    await client.views_push(trigger_id=await trigger(ada), view=modal("2", notify_on_close=True))
    await (await ada.close()).acked()
    await client.views_push(trigger_id=await trigger(ada), view=modal("3"))
    await (await ada.close(everything=True)).acked()
    assert closed == [("2", False), ("1", True)]


async def test_an_update_with_an_old_hash_is_a_conflict(client: AsyncWebClient, ada: SlackPerson) -> None:
    view = (await client.views_open(trigger_id=await trigger(ada), view=modal(external_id="req-1")))["view"]
    updated = await client.views_update(external_id="req-1", view=modal("Neu"), hash=view["hash"])
    assert updated["view"]["id"] == view["id"]
    refused = await refusal(client.views_update(view_id=view["id"], view=modal("x"), hash=view["hash"]))
    assert refused["error"] == "hash_conflict"
    assert (await refusal(client.views_update(view_id="V1", view=modal())))["error"] == "not_found"


@pytest.mark.parametrize(
    ("view", "error", "pointer"),
    [
        (modal("x" * 25), "invalid_arguments", "/view/title/text"),
        (modal(private_metadata="x" * 3001), "invalid_arguments", "/view/private_metadata"),
        (modal(callback_id="x" * 256), "invalid_arguments", "/view/callback_id"),
        (modal("x", *[{"type": "divider"}] * 101), "invalid_arguments", "/view/blocks"),
        (modal(submit=None), "invalid_arguments", "/view/submit/type"),
        (modal("x", text_input("a", "b"), text_input("c", "b")), "invalid_arguments", "/view/blocks/1/block_id"),
        ({**modal(), "type": "home"}, "invalid_arguments", "/view/type"),
        ({key: value for key, value in modal().items() if key != "submit"}, "invalid_arguments", "/view"),
    ],
)
async def test_views_that_slack_refuses(
    client: AsyncWebClient, ada: SlackPerson, view: dict[str, Any], error: str, pointer: str
) -> None:
    refused = await refusal(client.views_open(trigger_id=await trigger(ada), view=view))
    assert refused["error"] == error
    pointers = [message.partition("[json-pointer:")[2] for message in refused["response_metadata"]["messages"]]
    if pointer != "/view/submit/type":
        assert f"{pointer}]" in pointers
    assert ada.modal is None


async def test_a_view_may_not_weigh_more_than_250_kilobytes(client: AsyncWebClient, ada: SlackPerson) -> None:
    heavy = [{"type": "section", "fields": [words("x" * 2000)] * 10} for _ in range(14)]
    refused = await refusal(client.views_open(trigger_id=await trigger(ada), view=modal("x", *heavy)))
    assert refused["error"] == "view_too_large"


async def test_an_external_id_is_taken_once(client: AsyncWebClient, slack: SlackSandbox, ada: SlackPerson) -> None:
    bea = slack.add_user("Bea")
    await client.views_open(trigger_id=await trigger(ada), view=modal(external_id="e"))
    refused = await refusal(client.views_open(trigger_id=await trigger(bea), view=modal(external_id="e")))
    assert refused["error"] == "duplicate_external_id"


async def test_the_app_home_is_published_and_pressed(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient, ada: SlackPerson
) -> None:
    tabs: list[bool] = []

    @app.event("app_home_opened")
    async def publish(event: dict[str, Any]) -> None:
        tabs.append("view" in event)
        button = {"type": "button", "action_id": "more", "text": words("Mehr")}
        menu = {"type": "overflow", "action_id": "menu", "options": [option("Storno", "cancel")]}
        home = {
            "type": "home",
            "blocks": [
                {"type": "header", "text": words("Deine Woche")},
                {"type": "actions", "block_id": "row", "elements": [button, menu]},
            ],
        }
        await client.views_publish(user_id=event["user"], view=home)

    pressed: list[dict[str, Any]] = []

    @app.action("more")
    @app.action("menu")
    async def more(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        pressed.append(body)

    await (await ada.open_home()).acked()
    home = await ada.sees_home("Deine Woche")
    assert home.buttons == ["Mehr"]
    await (await ada.open_home()).acked()
    await slack.deliveries.settled()
    assert tabs == [False, True]
    await (await ada.press("Mehr")).acked()
    await (await ada.pick("Storno")).acked()
    assert "channel" not in pressed[0]
    assert pressed[0]["container"] == {"type": "view", "view_id": home.id}
    assert pressed[1]["actions"][0]["selected_option"]["value"] == "cancel"
    refused = await refusal(client.views_publish(user_id="U1", view={"type": "home", "blocks": []}))
    assert refused["error"] == "invalid_arguments"


async def test_using_a_control_in_a_modal_is_told_and_remembered(
    app: AsyncApp, client: AsyncWebClient, ada: SlackPerson
) -> None:
    seen: list[dict[str, Any]] = []

    @app.action("area")
    async def take(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body)

    menu = {"type": "static_select", "action_id": "area", "options": [option("Recht", "law")]}
    telling = {
        "type": "input",
        "block_id": "a",
        "label": words("Bereich"),
        "element": menu,
        "dispatch_action": True,
    }
    silent = copy.deepcopy(telling) | {"block_id": "b", "label": words("Zweiter"), "dispatch_action": False}
    await client.views_open(trigger_id=await trigger(ada), view=modal("x", telling, silent))
    await (await ada.pick("Recht", "Bereich")).acked()
    assert seen[0]["view"]["state"]["values"]["a"]["area"]["selected_option"]["value"] == "law"
    quiet = await ada.pick("Recht", "Zweiter")
    with pytest.raises(NotAcknowledgedError):
        await quiet.acked()
    assert ada.modal is not None
    assert ada.modal.values["b"]["area"]["selected_option"]["value"] == "law"


async def test_a_message_shortcut_carries_the_message(app: AsyncApp, ada: SlackPerson) -> None:
    got = asyncio.Event()

    @app.shortcut("remember")
    async def take(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(f"Gemerkt: {shortcut['message']['text']}")
        got.set()

    said = (await ada.say("Milch")).message
    assert said is not None
    await (await ada.message_shortcut("remember", said)).acked()
    assert (await ada.hears("Gemerkt: Milch")).ephemeral_for == ada.id
    await got.wait()
