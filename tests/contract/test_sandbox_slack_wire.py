"""What the local Slack sends and refuses, held to Slack's published schemas, samples and method pages."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models import blocks as models
from slack_sdk.models.views import View as ViewModel
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackPerson, SlackSandbox
from bot.sandbox.slack.blocks import completed, message_problems, view_problems
from bot.sandbox.slack.methods import METHODS

Json = dict[str, Any]

#: Keys whose contents are free or held to the schema elsewhere.
FREE = {"blocks", "values", "event_payload", "icons", "shares", "state", "profile"}


@pytest.fixture(scope="session")
def schema(shared_dir: Path) -> Json:
    loaded: Json = json.loads((shared_dir / "specs" / "slack-types-3.2.0.schema.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def valid(schema: Json) -> Callable[[str, Any], None]:
    """Fails unless a thing is what the named definition says."""

    def check(definition: str, thing: Any) -> None:
        wanted = {"$ref": f"#/definitions/{definition}", "definitions": schema["definitions"]}
        problems = [error.message[:300] for error in Draft7Validator(wanted).iter_errors(thing)]
        assert not problems, f"{definition}: {problems}\n{json.dumps(thing, indent=1)}"

    return check


@pytest.fixture(scope="session")
def samples(shared_dir: Path) -> Path:
    return shared_dir / "specs" / "slack-samples" / "json-logs" / "samples"


@pytest.fixture(scope="session")
def pages(shared_dir: Path) -> Path:
    return shared_dir / "specs" / "slack-api-ref" / "docs.slack.dev" / "methods"


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox.running(enforce_limits=False, retry_delays=()) as sandbox:
        yield sandbox


@pytest.fixture
def ada(slack: SlackSandbox) -> SlackPerson:
    return slack.add_user("Ada Lovelace", email="ada@example.org")


@pytest.fixture
def client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def unknown_keys(thing: Any, sample: Any, path: str = "") -> list[str]:
    """Paths in ``thing`` that the sample does not have."""
    if isinstance(thing, list) and isinstance(sample, list):
        each = sample[0] if sample else {}
        return [found for item in thing for found in unknown_keys(item, each, f"{path}[]")]
    if not isinstance(thing, dict) or not isinstance(sample, dict):
        return []
    found = []
    for key, value in thing.items():
        if key in FREE or value is None:
            continue
        if key not in sample:
            found.append(f"{path}.{key}")
        else:
            found += unknown_keys(value, sample[key], f"{path}.{key}")
    return found


def words(text: str) -> Json:
    return {"type": "plain_text", "text": text}


BUTTON: Json = {"type": "button", "text": words("Los"), "action_id": "go", "value": "1", "style": "primary"}
OPTION: Json = {"text": words("Recht"), "value": "law"}

#: One of each kind of block that a message may carry.
MESSAGE_BLOCKS: list[Json] = [
    {"type": "header", "text": words("Titel")},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Hallo*"},
        "accessory": {"type": "overflow", "action_id": "o", "options": [OPTION]},
    },
    {"type": "section", "fields": [words("a"), {"type": "mrkdwn", "text": "b"}]},
    {"type": "divider"},
    {"type": "image", "image_url": "https://ruhrhub.de/a.png", "alt_text": "Plan", "title": words("Plan")},
    {
        "type": "context",
        "elements": [words("klein"), {"type": "image", "image_url": "https://ruhrhub.de/a.png", "alt_text": "x"}],
    },
    {
        "type": "actions",
        "elements": [
            BUTTON,
            {
                "type": "static_select",
                "action_id": "s",
                "options": [OPTION],
                "placeholder": words("Wähle"),
                "initial_option": OPTION,
            },
            {
                "type": "static_select",
                "action_id": "g",
                "option_groups": [{"label": words("G"), "options": [OPTION]}],
            },
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-24"},
            {"type": "timepicker", "action_id": "t", "initial_time": "09:30"},
            {"type": "users_select", "action_id": "u"},
            {"type": "checkboxes", "action_id": "c", "options": [OPTION]},
            {"type": "radio_buttons", "action_id": "r", "options": [OPTION]},
        ],
    },
    {"type": "markdown", "text": "**fett**"},
]


def form() -> Json:
    elements: list[Json] = [
        {"type": "plain_text_input", "action_id": "v", "multiline": True, "max_length": 500},
        {"type": "email_text_input", "action_id": "v"},
        {"type": "url_text_input", "action_id": "v"},
        {"type": "number_input", "action_id": "v", "is_decimal_allowed": False, "min_value": "1"},
        {"type": "multi_static_select", "action_id": "v", "options": [OPTION]},
        {"type": "multi_users_select", "action_id": "v"},
        {"type": "datetimepicker", "action_id": "v"},
    ]
    blocks = [
        {"type": "input", "block_id": f"b{i}", "label": words(f"Feld {i}"), "element": element, "optional": True}
        for i, element in enumerate(elements)
    ]
    return {
        "type": "modal",
        "callback_id": "f",
        "title": words("Anfrage"),
        "submit": words("Senden"),
        "close": words("Zurück"),
        "private_metadata": "x",
        "notify_on_close": True,
        "blocks": blocks,
    }


# --- the method pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(METHODS))
def test_tier_scopes_and_body_are_what_the_page_says(name: str, pages: Path) -> None:
    page = json.loads((pages / f"{name}.json").read_text())
    method = METHODS[name]
    assert method.tier == page["rate_limits"]
    assert set(method.scopes) == set((page["scope"] or {}).get("bot", ()))
    # files.getUploadURLExternal, conversations.history and the like say nothing where JSON is not read
    assert method.reads_json == bool(page.get("json_input_supported"))


def test_every_refusal_has_a_code_of_slack(pages: Path) -> None:
    loaded = [json.loads(page.read_text()) for page in pages.glob("*.*.json")]
    known = {code for page in loaded for code in page.get("errors", {})}
    source = Path(__file__).parents[2] / "bot" / "sandbox" / "slack"
    raised = {
        code for file in source.glob("*.py") for code in re.findall(r'ApiError\(\s*f?"(\w+)"', file.read_text())
    }
    assert len(raised) > 30
    elsewhere = {
        "invalid_json",  # of every method that reads JSON; the scrape leaves common codes out
        "json_not_object",
        "unknown_method",  # for every method that does not exist
        "invalid_thread_ts",  # seen in the wild, not on the page
        "cannot_dm_bot",  # seen in the wild, not on the page
        "used_url",  # response_url, which is no method
        "expired_url",
    }
    assert raised - known <= elsewhere


# --- events ------------------------------------------------------------------------------------------------------


async def events(slack: SlackSandbox) -> list[Json]:
    await slack.deliveries.settled()
    return [delivery.payload for delivery in slack.deliveries.log if delivery.kind == "events_api"]


async def test_events_are_what_the_types_say(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, valid: Callable[[str, Any], None]
) -> None:
    bea = slack.add_user("Bea")
    channel = slack.add_channel("general", ada)
    said = (await ada.mention("schau https://ruhrhub.de & @Bea", channel)).message
    assert said is not None
    await ada.say("im Direktchat")
    await client.chat_postMessage(
        channel=channel.id,
        thread_ts=said.ts,
        text="x",
        blocks=MESSAGE_BLOCKS,
        metadata={"event_type": "t", "event_payload": {"id": 1}},
    )
    await client.files_upload_v2(channel=channel.id, filename="a.png", content=b"x", title="A")
    await bea.add_to_channel(channel, by=ada)
    await bea.leave_channel(channel)
    await ada.open_home()
    await bea.become(is_restricted=True)
    await bea.deactivate()
    kinds = set()
    for payload in await events(slack):
        event = payload["event"]
        kinds.add((event["type"], event.get("subtype")))
        valid("SlackEvent", event)
    assert kinds == {
        ("message", None),
        ("app_mention", None),
        ("message", "file_share"),
        ("member_joined_channel", None),
        ("member_left_channel", None),
        ("message", "channel_join"),
        ("message", "channel_leave"),
        ("app_home_opened", None),
        ("user_change", None),
    }


async def test_changed_and_deleted_messages_are_what_the_types_say(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, valid: Callable[[str, Any], None]
) -> None:
    """The types want channel, channel_type and event_ts in the inner messages, where Slack's samples have none."""
    said = (await ada.say("Dienstag")).message
    assert said is not None
    await ada.edit(said, "Mittwoch")
    await ada.delete(said)
    posted = await client.chat_postMessage(channel=said.channel, text="x")
    await client.chat_update(channel=said.channel, ts=posted["ts"], text="y")
    found = [payload["event"] for payload in await events(slack) if payload["event"].get("subtype")]
    assert [event["subtype"] for event in found] == ["message_changed", "message_deleted", "message_changed"]
    for event in found:
        event = copy.deepcopy(event)
        for inner in ("message", "previous_message"):
            if inner in event:
                assert "channel" not in event[inner]
                shown = {k: v for k, v in event[inner].items() if k != "app_id"}
                event[inner] = shown | {key: event[key] for key in ("channel", "channel_type", "event_ts")}
        valid("SlackEvent", event)


async def test_the_wrapper_and_the_home_event_have_the_keys_of_the_samples(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, samples: Path
) -> None:
    await client.views_publish(user_id=ada.id, view={"type": "home", "blocks": MESSAGE_BLOCKS[:2]})
    await ada.open_home()
    await ada.say("hallo")
    opened, said = await events(slack)
    newer = {".context_team_id"}  # newer than the samples
    for payload, name in ((opened, "AppHomeOpened"), (said, "Message")):
        sample = json.loads((samples / "events" / f"{name}Payload.json").read_text())
        assert set(unknown_keys(payload, sample)) == newer
        left_out = {"authed_users", "authed_teams", "enterprise_id"}  # deprecated, or of enterprise grids
        assert set(sample) - set(payload) == left_out


# --- interactions ------------------------------------------------------------------------------------------------


async def test_interactions_and_commands_have_the_keys_of_the_samples(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, samples: Path
) -> None:
    await client.chat_postMessage(channel=ada.id, text="x", blocks=MESSAGE_BLOCKS)
    pressed = (await ada.press("Los")).payload
    picked = (await ada.pick("Recht", "Wähle")).payload
    trigger = (await ada.shortcut("ask")).payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form())
    shut = (await ada.close()).payload
    trigger = (await ada.shortcut("ask")).payload["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form())
    sent = (await ada.submit()).payload
    said = (await ada.say("x")).message
    assert said is not None
    noted = (await ada.message_shortcut("note", said)).payload
    command = (await ada.command("/kumpel", "x")).payload
    folder = samples / "app-backend"
    for payload, file in (
        (pressed, "interactive-components/BlockActionPayload.json"),
        (picked, "interactive-components/BlockActionPayload.json"),
        (shut, "views/ViewClosedPayload.json"),
        (sent, "views/ViewSubmissionPayload.json"),
        (noted, "interactive-components/MessageShortcutPayload.json"),
        (command, "slash-commands/SlashCommandPayload.json"),
    ):
        sample = json.loads((folder / file).read_text())
        allowed = {".response_urls", ".user.username", ".channel.name", ".message.inviter"}
        assert set(unknown_keys(payload, sample)) <= allowed, file
    assert isinstance(pressed["container"]["is_ephemeral"], bool)
    assert all(isinstance(value, str) for value in command.values())


# --- answers -----------------------------------------------------------------------------------------------------


async def test_answers_have_the_keys_of_the_samples(
    slack: SlackSandbox, client: AsyncWebClient, ada: SlackPerson, samples: Path
) -> None:
    general = slack.add_channel("general", ada)
    posted = await client.chat_postMessage(channel=general.id, text="x")
    trigger = (await ada.shortcut("ask")).payload["trigger_id"]
    opened = await client.views_open(trigger_id=trigger, view=form())
    pushed = (await ada.shortcut("ask")).payload["trigger_id"]
    home = {"type": "home", "blocks": MESSAGE_BLOCKS[:1]}
    answers = {
        "auth.test": await client.auth_test(),
        "bots.info": await client.bots_info(bot=slack.bot_id),
        "chat.getPermalink": await client.chat_getPermalink(channel=general.id, message_ts=posted["ts"]),
        "chat.postEphemeral": await client.chat_postEphemeral(channel=general.id, user=ada.id, text="x"),
        "conversations.info": await client.conversations_info(channel=general.id, include_num_members=True),
        "conversations.list": await client.conversations_list(types="public_channel,im"),
        "conversations.members": await client.conversations_members(channel=general.id),
        "files.completeUploadExternal": await client.files_upload_v2(
            channel=general.id, filename="a.png", content=b"x", alt_txt="Plan"
        ),
        "team.info": await client.team_info(),
        "users.info": await client.users_info(user=ada.id, include_locale=True),
        "users.list": await client.users_list(),
        "views.open": opened,
        "views.push": await client.views_push(trigger_id=pushed, view=form()),
        "views.update": await client.views_update(view_id=opened["view"]["id"], view=form()),
        "views.publish": await client.views_publish(user_id=ada.id, view=home),
        "chat.delete": await client.chat_delete(channel=general.id, ts=posted["ts"]),
        "apps.connections.open": await client.apps_connections_open(app_token=slack.app_token),
    }
    for name, answer in answers.items():
        sample = json.loads((samples / "api" / f"{name}.json").read_text())
        body = {key: value for key, value in answer.data.items() if key != "file"}  # type: ignore[union-attr]
        allowed = {".channels[].is_open", ".view.submit_disabled", ".files[].alt_txt"}
        assert set(unknown_keys(body, sample)) <= allowed, name


# --- Block Kit ---------------------------------------------------------------------------------------------------


def test_blocks_that_are_accepted_are_what_the_types_say(valid: Callable[[str, Any], None]) -> None:
    assert message_problems(MESSAGE_BLOCKS) == []
    assert view_problems(form(), "modal") == []
    for block in completed([*MESSAGE_BLOCKS, *form()["blocks"]]):
        valid("KnownBlock", block)
    valid("ModalView", form())


def accepted(block: Json) -> bool:
    return not message_problems([block])


def model_accepts(make: Callable[[], Any]) -> bool:
    try:
        make().validate_json()
    except SlackObjectFormationError:
        return False
    return True


@pytest.mark.parametrize(
    ("limit", "block", "model"),
    [
        (
            models.HeaderBlock.text_max_length,
            lambda n: {"type": "header", "text": words("x" * n)},
            lambda n: models.HeaderBlock(text="x" * n),
        ),
        (
            models.SectionBlock.text_max_length,
            lambda n: {"type": "section", "text": {"type": "mrkdwn", "text": "x" * n}},
            lambda n: models.SectionBlock(text="x" * n),
        ),
        (
            models.SectionBlock.fields_max_length,
            lambda n: {"type": "section", "fields": [words("x")] * n},
            lambda n: models.SectionBlock(fields=["x"] * n),
        ),
        (
            models.ButtonElement.text_max_length,
            lambda n: {"type": "actions", "elements": [BUTTON | {"text": words("x" * n)}]},
            lambda n: models.ButtonElement(text="x" * n, action_id="a"),
        ),
        (
            models.ButtonElement.value_max_length,
            lambda n: {"type": "actions", "elements": [BUTTON | {"value": "x" * n}]},
            lambda n: models.ButtonElement(text="x", action_id="a", value="x" * n),
        ),
        (
            models.ButtonElement.action_id_max_length,
            lambda n: {"type": "actions", "elements": [BUTTON | {"action_id": "x" * n}]},
            lambda n: models.ButtonElement(text="x", action_id="x" * n),
        ),
        (
            models.ActionsBlock.elements_max_length,
            lambda n: {"type": "actions", "elements": [BUTTON | {"action_id": str(i)} for i in range(n)]},
            lambda n: models.ActionsBlock(
                elements=[models.ButtonElement(text="x", action_id=str(i)) for i in range(n)]
            ),
        ),
        (
            models.ContextBlock.elements_max_length,
            lambda n: {"type": "context", "elements": [words("x")] * n},
            lambda n: models.ContextBlock(elements=[models.PlainTextObject(text="x")] * n),
        ),
        (
            models.ImageBlock.alt_text_max_length,
            lambda n: {"type": "image", "image_url": "https://a.de", "alt_text": "x" * n},
            lambda n: models.ImageBlock(image_url="https://a.de", alt_text="x" * n),
        ),
        (
            models.Option.value_max_length,
            lambda n: {
                "type": "actions",
                "elements": [{"type": "static_select", "options": [OPTION | {"value": "x" * n}]}],
            },
            lambda n: models.Option(value="x" * n, text="x"),
        ),
        (
            models.Option.label_max_length,
            lambda n: {
                "type": "actions",
                "elements": [{"type": "static_select", "options": [OPTION | {"text": words("x" * n)}]}],
            },
            lambda n: models.Option(value="x", text="x" * n),
        ),
        (
            models.StaticSelectElement.options_max_length,
            lambda n: {"type": "actions", "elements": [{"type": "static_select", "options": [OPTION] * n}]},
            lambda n: models.StaticSelectElement(options=[models.Option(value="x", text="x")] * n),
        ),
        (
            models.OverflowMenuElement.options_max_length,
            lambda n: {"type": "actions", "elements": [{"type": "overflow", "options": [OPTION] * n}]},
            lambda n: models.OverflowMenuElement(options=[models.Option(value="x", text="x")] * n),
        ),
        (
            models.MarkdownBlock.text_max_length,
            lambda n: {"type": "markdown", "text": "x" * n},
            lambda n: models.MarkdownBlock(text="x" * n),
        ),
    ],
)
def test_limits_are_those_of_the_sdk(
    limit: int, block: Callable[[int], Json], model: Callable[[int], Any]
) -> None:
    for count, fits in ((limit, True), (limit + 1, False)):
        assert accepted(block(count)) is fits
        assert model_accepts(lambda count=count: model(count)) is fits  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("title", ViewModel.title_max_length),
        ("submit", ViewModel.submit_max_length),
        ("close", ViewModel.close_max_length),
        ("private_metadata", ViewModel.private_metadata_max_length),
        ("callback_id", 255),
    ],
)
def test_limits_of_views_are_those_of_the_sdk(field: str, limit: int) -> None:
    for count, fits in ((limit, True), (limit + 1, False)):
        value: Any = "x" * count
        view = form() | {field: words(value) if field in ("title", "submit", "close") else value}
        assert (view_problems(view, "modal") == []) is fits
        assert model_accepts(lambda view=view: ViewModel(**copy.deepcopy(view))) is fits  # type: ignore[misc]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "text", "elements", "block_id", "accessory", "fields", "element", "label"]
                ),
                inner | st.sampled_from(["section", "actions", "button", "plain_text", "input", "context"]),
            )
        ),
        max_leaves=12,
    )
)
def test_any_blocks_are_answered_and_never_crash(block: Any) -> None:
    assert isinstance(message_problems([block]), list)
