"""What we send is what Slack documents; what Slack documents is what we read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft7Validator
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from bot.adapters.port import Outgoing
from bot.adapters.slack import limits
from bot.adapters.slack.controls import RenderContext
from bot.adapters.slack.forms import render_form
from bot.adapters.slack.manifest import EVENTS, SCOPES, manifest
from bot.adapters.slack.parse import parse, people_in
from bot.adapters.slack.people import Profile, profile_of
from bot.adapters.slack.render import render, size_of
from bot.adapters.slack.surroundings import Identity, Surroundings
from bot.sandbox.slack.blocks import message_problems, view_problems, view_size
from handlers.core.requests import Request
from handlers.core.seals import Seals
from handlers.core.ui import (
    Action,
    Block,
    Button,
    ChoiceField,
    Controls,
    DateField,
    DatePicker,
    Fields,
    Form,
    LinkButton,
    Option,
    PickList,
    Picture,
    Reply,
    Section,
    Span,
    TextField,
)

CONTEXT = RenderContext(Seals(["contract"]), "T1", "A1")
DAY, LATER = date(2026, 11, 23), date(2026, 12, 31)

hostile = st.text(st.characters() | st.sampled_from("<>&*`_~:@#!|\u202e\u2066\ud800\x00\u200d😀\n"), max_size=90)
long_text = hostile | st.sampled_from(["x" * 5000, "😀 <&>" * 1000, "\u202e\n" * 4000])
styled = st.builds(
    Span,
    long_text,
    bold=st.booleans(),
    italic=st.booleans(),
    code=st.booleans(),
    strike=st.booleans(),
    link=st.sampled_from(["", "https://hub.ruhr", "javascript:x", "https://x.de/" + "y" * 4000]),
    person=st.sampled_from([0, 3, 4]),
)
texts = long_text | st.lists(styled, max_size=6).map(tuple)
actions = st.builds(Action.of, st.sampled_from(["a", "desk.take"]), st.integers(0, 99))
option_lists = st.lists(st.builds(Option, hostile, st.sampled_from(["", "1", "2", "x" * 40])), max_size=12).map(
    lambda some: tuple(some) * 11
)
controls: st.SearchStrategy[Any] = st.one_of(
    st.builds(Button, long_text, actions, st.sampled_from(["plain", "primary", "danger"])),
    st.builds(
        LinkButton, hostile, st.sampled_from(["", "https://hub.ruhr", "ftp://x"]), st.sampled_from(["", "go"])
    ),
    st.builds(PickList, hostile, st.just(Action("p")), option_lists, st.sampled_from(["", "1", "9"])),
    st.builds(DatePicker, hostile, st.just(Action("d")), st.just(DAY), st.just(LATER), st.none() | st.just(DAY)),
)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Section, texts),
    st.builds(Fields, st.lists(st.tuples(hostile, texts), max_size=12).map(tuple)),
    st.builds(Picture, st.just("floor"), long_text),
    st.builds(Controls, st.lists(controls, max_size=8).map(tuple)),
)
block_lists = st.lists(blocks, max_size=6).map(tuple)
fields: st.SearchStrategy[Any] = st.one_of(
    st.builds(
        TextField,
        st.just("f"),
        hostile,
        hostile,
        st.booleans(),
        st.integers(-1, 9000),
        st.booleans(),
        long_text,
    ),
    st.builds(
        ChoiceField, st.just("f"), hostile, option_lists, hostile, st.booleans(), st.sampled_from(["", "1"])
    ),
    st.builds(
        DateField,
        st.just("f"),
        hostile,
        st.just(DAY),
        st.just(LATER),
        hostile,
        st.booleans(),
        st.none() | st.just(DAY),
    ),
)


@pytest.fixture(scope="module")
def known_block(shared_dir: Path) -> Draft7Validator:
    return _schema(shared_dir, "KnownBlock")


@pytest.fixture(scope="module")
def modal_view(shared_dir: Path) -> Draft7Validator:
    return _schema(shared_dir, "ModalView")


def _schema(shared_dir: Path, name: str) -> Draft7Validator:
    schema = json.loads((shared_dir / "specs" / "slack-types-3.2.0.schema.json").read_text())
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": schema["definitions"]})


def check_message(found: list[dict[str, Any]], known_block: Draft7Validator, home: bool) -> None:
    json.dumps(found).encode()
    if home:
        view = {"type": "home", "blocks": found}
        assert view_problems(view, "home") == []
        assert view_size(view) <= 250_000
    else:
        assert message_problems(found) == []
        assert size_of(found) <= 11_000
    for block in found:
        known_block.validate(block)
        parsed = SdkBlock.parse(block)
        assert parsed is not None
        parsed.validate_json()
    action_ids = [
        element["action_id"] for block in found if block["type"] == "actions" for element in block["elements"]
    ]
    assert len(action_ids) == len(set(action_ids))


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(block_lists, st.sampled_from([1, 1, 3, 30]), hostile, st.booleans(), st.sampled_from(["", "F12345678"]))
def test_any_reply_gives_a_payload_within_every_limit(
    known_block: Draft7Validator, some: tuple[Block, ...], times: int, summary: str, home: bool, file_id: str
) -> None:
    reply = Reply(blocks=some * times, summary=summary)
    out = Outgoing(
        key="k",
        chat="T1:U1",
        chat_id=7,
        kind="direct",
        content=reply,
        surface="home" if home else "message",
        mentions={3: "T1:U0000003"},
    )
    message = render(out, CONTEXT, file_id)
    check_message(message.blocks, known_block, home)
    assert 0 < len(message.text) <= 5 * limits.SUMMARY_TEXT


@pytest.mark.parametrize("extra", [-1, 0, 1, 1000])
@pytest.mark.parametrize("letter", ["x", "😀", "&"])
def test_each_block_at_and_beyond_its_limit(known_block: Draft7Validator, extra: int, letter: str) -> None:
    def text(most: int) -> str:
        return letter * (most + extra)

    options = tuple(Option(text(75), str(number)) for number in range(100 + max(extra, 0)))
    some: list[tuple[Block, ...]] = [
        (Section(text(3000)),),
        (Section((Span(text(3000), bold=True), Span(text(3000)))),),
        (Fields(((text(150), text(2000)),) * 12),),
        (Picture("floor", text(2000)),),
        (Controls((Button(text(75), Action("a")),) * (25 + max(extra, 0))),),
        (Controls((PickList(text(150), Action("p"), options),)),),
        (Controls((PickList(text(150), Action("p"), options),) * 6),),
        (Controls((DatePicker(text(150), Action("d"), DAY, LATER),)),),
        (Controls((LinkButton(text(75), "https://hub.ruhr/" + text(2983)),)),),
        (Section("x"),) * (50 + max(extra, 0)),
        (Section("x"), Controls((Button("y", Action("y")),))) * (25 + max(extra, 0)),
    ]
    for number, reply_blocks in enumerate(some):
        out = Outgoing(
            key="k",
            chat="T1:U1",
            chat_id=7,
            kind="direct",
            content=Reply(blocks=reply_blocks, summary=text(3000)),
        )
        file_id = "F12345678" if number == 3 else ""
        check_message(render(out, CONTEXT, file_id).blocks, known_block, home=False)


def test_no_button_of_a_usual_card_is_lost(known_block: Draft7Validator) -> None:
    some = (Section("x" * 9000), Controls(tuple(Button(f"Knopf {n}" * 9, Action.of("a", n)) for n in range(40))))
    out = Outgoing(key="k", chat="T1:U1", chat_id=7, kind="direct", content=Reply(blocks=some, summary="x"))
    found = render(out, CONTEXT).blocks
    check_message(found, known_block, home=False)
    assert sum(len(block["elements"]) for block in found if block["type"] == "actions") == 40


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(fields, min_size=1, max_size=8),
    st.sampled_from([1, 20]),
    hostile,
    hostile,
    st.sampled_from(["de", "en"]),
)
def test_any_form_gives_a_modal_within_every_limit(
    modal_view: Draft7Validator, some: list[Any], times: int, title: str, submit: str, language: str
) -> None:
    named = [type(field)(**{**_parts(field), "name": f"f{number}"}) for number, field in enumerate(some * times)]
    view = render_form(Form("mentor", "i1", title, tuple(named), submit, language=language))
    modal_view.validate(view)
    SdkView(**view).validate_json()
    assert view_problems(view, "modal") == []
    assert view_size(view) <= 250_000


def _parts(field: Any) -> dict[str, Any]:
    return {name: getattr(field, name) for name in field.__struct_fields__}


# --- reading what Slack recorded -------------------------------------------------------------------------------

AROUND = Surroundings(
    Identity("T1", "UBOT", "BBOT", "A1"),
    lambda user: Profile("Aylin", trusted=True),
    set(),
    datetime(2026, 11, 23, tzinfo=UTC),
)


def filled(sample: Any) -> Any:
    """A recorded sample has its strings emptied; give each id a value again."""
    if isinstance(sample, dict):
        values = {
            "user": "U1",
            "channel": "C1",
            "ts": "17.1",
            "text": "hi",
            "tab": "home",
            "event_id": "Ev1",
            "trigger_id": "1.2.3",
            "id": "U1",
        }
        return {
            key: values[key] if value == "" and key in values else filled(value) for key, value in sample.items()
        }
    return [filled(part) for part in sample] if isinstance(sample, list) else sample


def test_every_recorded_event_can_be_read(shared_dir: Path) -> None:
    folder = shared_dir / "specs" / "slack-samples" / "json-logs" / "samples"
    read: dict[str, Request] = {}
    paths = sorted(folder.glob("events/*.json")) + sorted(folder.glob("app-backend/**/*.json"))
    assert len(paths) > 90
    for path in paths:
        sample = json.loads(path.read_text())
        for body in (sample, filled(sample)):
            if "event" in body:
                body["type"] = "event_callback"
                body["event"].pop("bot_id", None)
                if body["event"].get("type") in ("message", "app_mention"):
                    body["event"]["subtype"] = body["event"].get("subtype") or None
            people_in(body)
            if request := parse(body, AROUND):
                read[path.name.removesuffix("Payload.json")] = request
    assert {
        "AppMention",
        "Message",
        "MessageFileShare",
        "MessageThreadBroadcast",
        "MessageMe",
        "AppHomeOpened",
        "ChannelArchive",
        "ChannelLeft",
        "MessageShortcut",
        "UserChange",
    } <= read.keys()
    silent = {
        "MessageChanged",
        "MessageDeleted",
        "MessageBot",
        "MessageChannelJoin",
        "MemberJoinedChannel",
    }
    assert not silent & read.keys()


def test_a_recorded_user_can_be_read(shared_dir: Path) -> None:
    sample = shared_dir / "specs" / "slack-samples" / "json-logs" / "samples" / "api" / "users.info.json"
    assert profile_of(json.loads(sample.read_text())["user"], "T00000000").trusted


# --- the manifest ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "url"), [("socket", None), ("http", "https://kumpel.example/")])
def test_the_manifest_is_valid(shared_dir: Path, mode: Any, url: str | None) -> None:
    schema = json.loads((shared_dir / "specs" / "slack-app-manifest.schema.json").read_text())
    app = manifest("Kumpel", url, mode)
    Draft4Validator(schema).validate(app)
    assert app["settings"]["socket_mode_enabled"] is (mode == "socket")
    assert app["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    [command] = app["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/kumpel", True)
    expected = "https://kumpel.example/slack/events" if url else None
    assert app["settings"]["event_subscriptions"].get("request_url") == expected
    assert app["settings"]["interactivity"].get("request_url") == expected
    assert command.get("url") == expected


def test_over_http_the_manifest_needs_an_address() -> None:
    with pytest.raises(ValueError, match="https"):
        manifest("Kumpel", None, "http")


def test_every_event_is_known_and_covered_by_a_scope(shared_dir: Path) -> None:
    listed = json.loads((shared_dir / "specs/slack-api-ref/docs.slack.dev/events/events.json").read_text())
    known = {event["name"]: {scope.replace(".", ":") for scope in event.get("scopes", ())} for event in listed}
    unlisted = {"channel_archive", "channel_unarchive", "group_archive", "group_unarchive"}
    for event in EVENTS:
        scopes = known.get(event, set())
        assert event in known or event in unlisted
        assert not scopes or scopes & SCOPES.keys() or "app_mentions:read" in scopes


def test_every_method_we_call_is_covered_by_a_scope(shared_dir: Path) -> None:
    methods = (
        "chat.postMessage chat.postEphemeral chat.update chat.delete conversations.history conversations.info "
        "conversations.list conversations.open conversations.replies files.completeUploadExternal files.delete "
        "files.getUploadURLExternal files.info users.info bots.info"
    )
    for method in methods.split():
        page = json.loads(
            (shared_dir / "specs/slack-api-ref/docs.slack.dev/methods" / f"{method}.json").read_text()
        )
        assert set(page["scope"]["bot"]) & SCOPES.keys(), method
