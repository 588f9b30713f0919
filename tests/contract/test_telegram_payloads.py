"""Whatever is rendered fits Telegram's rules, and whatever Telegram may send is read.

The rules come from the machine-readable Bot API and, where that only has prose, from the numbers in it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import Bot, InlineKeyboardMarkup, Update

from bot.adapters.port import CommandEntry, Outgoing
from bot.adapters.telegram.client import Client
from bot.adapters.telegram.limits import BUTTONS, CALLBACK_DATA_BYTES
from bot.adapters.telegram.menu import bot_commands
from bot.adapters.telegram.parse import BotIdentity, parse
from bot.adapters.telegram.render import RenderContext, Rendered, render
from handlers.core.requests import Request
from handlers.core.seals import Seals
from handlers.core.ui import (
    Action,
    Attachment,
    Button,
    Controls,
    DatePicker,
    Fields,
    LinkButton,
    Option,
    PickList,
    Picture,
    Reply,
    Section,
    Span,
)

SEALS = Seals(["contract test"])
CONTEXT = RenderContext(SEALS, "kumpel_bot")
ME = BotIdentity(700, "kumpel_bot")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@cache
def spec(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "specs" / "telegram-bot-api.json").read_text())
    return loaded


class Plain(HTMLParser):
    """Reads HTML parse mode strictly: known tags, closed in order, with proper attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("b", "i", "s", "a", "code"), tag
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        assert "code" not in self.open
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def plain(html: str) -> str:
    parser = Plain()
    parser.feed(html)
    parser.close()
    assert not parser.open
    return "".join(parser.text)


def check(rendered: Rendered) -> None:
    assert len(rendered.html.encode()) <= 32_768
    text = plain(rendered.html)
    limit = 4096 if rendered.kind == "text" else 1024
    assert len(text.encode("utf-16-le")) // 2 <= limit
    assert not UNSAFE.search(text)
    assert rendered.kind != "text" or text.strip()
    if rendered.keyboard is not None:
        check_keyboard(rendered.keyboard)


def check_keyboard(keyboard: InlineKeyboardMarkup) -> None:
    buttons = [button for row in keyboard.inline_keyboard for button in row]
    assert 1 <= len(buttons) <= BUTTONS
    assert all(1 <= len(row) <= 8 for row in keyboard.inline_keyboard)
    for button in buttons:
        assert button.text.strip()
        assert len(button.text) <= 64
        assert not UNSAFE.search(button.text)
        assert (button.url is None) != (button.callback_data is None)
        if button.callback_data is not None:
            assert 1 <= len(str(button.callback_data).encode()) <= CALLBACK_DATA_BYTES
        else:
            assert re.fullmatch(r"https?://[^/\s]+\.[^\s]+", str(button.url))


# Text that people really send to break things, besides anything at all.
HOSTILE = st.sampled_from(
    [
        "<b>",
        "</b>",
        "&lt;",
        "&",
        "<a href='x'>",
        "\u202eabc",
        "\ud83d",
        "😀" * 50,
        "\x00",
        "\n\n\n",
        "`",
        '"',
        "﷽" * 40,
    ]
)
TEXT = st.lists(st.one_of(HOSTILE, st.text(max_size=40)), max_size=4).map("".join)
LONG = st.builds(lambda text, times: text * times, TEXT, st.sampled_from([1, 1, 1, 50, 3000]))
SPAN = st.builds(
    Span,
    LONG,
    bold=st.booleans(),
    italic=st.booleans(),
    code=st.booleans(),
    strike=st.booleans(),
    link=st.one_of(st.just(""), TEXT, st.just("https://hub.ruhr/?a=\"'<>&b")),
    person=st.integers(0, 2),
)
RICH = st.one_of(LONG, st.lists(SPAN, max_size=5).map(tuple))
WORD = st.text("abcdefgäö0123456789_", min_size=1, max_size=8)
ACTION = st.builds(lambda name, args: Action(name, tuple(args)), WORD, st.lists(WORD, max_size=1))
LABEL = st.one_of(TEXT, st.text("abc ", min_size=1, max_size=90))
DAYS = st.dates(date(1999, 1, 1), date(2101, 1, 1))
CONTROL = st.one_of(
    st.builds(Button, LABEL, ACTION),
    st.builds(LinkButton, LABEL, url=st.one_of(TEXT, st.just("https://hub.ruhr/x"))),
    st.builds(LinkButton, LABEL, start=st.one_of(WORD, TEXT)),
    st.builds(
        PickList,
        LABEL,
        st.just(Action("pick")),
        st.lists(st.builds(Option, LABEL, WORD), max_size=40).map(tuple),
        WORD,
    ),
    st.builds(
        lambda label, day, days: DatePicker(label, Action("day", ("12",)), day, day + timedelta(days)),
        LABEL,
        DAYS,
        st.integers(-2, 400),
    ),
)
BLOCK = st.one_of(
    st.builds(Section, RICH),
    st.builds(Fields, st.lists(st.tuples(LONG, RICH), max_size=12).map(tuple)),
    st.builds(Picture, st.just("plan"), LONG),
    st.builds(Controls, st.lists(CONTROL, max_size=8).map(tuple)),
)
REPLY = st.builds(
    Reply,
    blocks=st.lists(BLOCK, max_size=8).map(tuple),
    summary=LONG,
    language=st.sampled_from(["de", "en", "fr", ""]),
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(reply=REPLY, picture=st.sampled_from([None, b"png"]))
def test_every_reply_fits(reply: Reply, picture: bytes | None) -> None:
    out = Outgoing(
        key="k", chat="1", chat_id=5, kind="direct", content=reply, picture=picture, mentions={1: "55", 2: 'x"'}
    )
    check(render(out, CONTEXT))


@settings(max_examples=60, deadline=None)
@given(name=LONG, title=LONG)
def test_every_attachment_fits(name: str, title: str) -> None:
    content = Attachment(name, "text/calendar", b"x", title=title)
    rendered = render(Outgoing(key="k", chat="1", chat_id=5, kind="direct", content=content), CONTEXT)
    check(rendered)
    assert re.fullmatch(r'[^\s/\\:*?"<>|\x00-\x1f]{1,71}', rendered.filename)


@pytest.mark.parametrize("extra", [-1, 0, 1])
@pytest.mark.parametrize("character", ["x", "ü", "😀", "&"])
@pytest.mark.parametrize("picture", [None, b"png"])
def test_text_at_and_beyond_its_limit(extra: int, character: str, picture: bytes | None) -> None:
    width = len(character.encode("utf-16-le")) // 2
    limit = 1024 if picture else 4096
    text = character * ((limit + extra * width) // width)
    reply = Reply(blocks=(Section(text), Picture("plan", "")), summary="s")
    rendered = render(
        Outgoing(key="k", chat="1", chat_id=5, kind="direct", content=reply, picture=picture), CONTEXT
    )
    check(rendered)
    shown = plain(rendered.html)
    assert shown == text if extra <= 0 else shown.endswith("…")


@pytest.mark.parametrize("count", [99, 100, 101, 250])
def test_buttons_at_and_beyond_their_limit(count: int) -> None:
    buttons = tuple(Button(str(n), Action("x")) for n in range(count))
    reply = Reply(blocks=(Section("x"), Controls(buttons)), summary="s")
    rendered = render(Outgoing(key="k", chat="1", chat_id=5, kind="direct", content=reply), CONTEXT)
    check(rendered)
    assert rendered.keyboard is not None
    rows = rendered.keyboard.inline_keyboard
    shown = [button.text for row in rows for button in row]
    assert shown == [str(n) for n in range(count)] if count <= 100 else shown[-1] == "…"


def test_an_action_of_full_length_fits_the_callback_data() -> None:
    controls = Controls(
        (
            Button("a", Action("x" * 51)),
            PickList("b", Action("x" * 40), (Option("o", "ö" * 5),)),
            DatePicker("c", Action("x" * 28), date(2026, 1, 1), date(2026, 12, 31), initial=date(2026, 6, 1)),
        )
    )
    reply = Reply(blocks=(controls,), summary="s")
    rendered = render(Outgoing(key="k", chat="1", chat_id=2**62, kind="direct", content=reply), CONTEXT)
    check(rendered)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.builds(CommandEntry, st.one_of(WORD, TEXT), LONG, st.just("both")), max_size=120))
def test_every_command_menu_fits(entries: list[CommandEntry]) -> None:
    commands = bot_commands(entries)
    assert len(commands) <= 100
    for command in commands:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", command.command)
        assert 1 <= len(command.description.encode("utf-16-le")) // 2 <= 256


@pytest.mark.parametrize(
    ("method", "given"),
    [
        (
            "sendMessage",
            {"chat_id", "text", "parse_mode", "message_thread_id", "reply_markup", "link_preview_options"},
        ),
        ("sendPhoto", {"chat_id", "photo", "caption", "parse_mode", "message_thread_id", "reply_markup"}),
        ("sendDocument", {"chat_id", "document", "caption", "parse_mode", "disable_content_type_detection"}),
        (
            "editMessageText",
            {"chat_id", "message_id", "text", "parse_mode", "reply_markup", "link_preview_options"},
        ),
        ("editMessageCaption", {"chat_id", "message_id", "caption", "parse_mode", "reply_markup"}),
        ("editMessageMedia", {"chat_id", "message_id", "media", "reply_markup"}),
        ("answerCallbackQuery", {"callback_query_id", "text", "show_alert", "url"}),
        ("getUpdates", {"offset", "limit", "timeout", "allowed_updates"}),
        ("setWebhook", {"url", "secret_token", "allowed_updates", "max_connections"}),
        ("setMyCommands", {"commands", "scope", "language_code"}),
    ],
)
def test_the_bot_api_knows_what_we_send(shared_dir: Path, method: str, given: set[str]) -> None:
    fields = {field["name"]: field["required"] for field in spec(shared_dir)["methods"][method]["fields"]}
    assert given <= fields.keys()
    assert {name for name, required in fields.items() if required} <= given


def example(types: dict[str, Any], name: str, depth: int = 0) -> Any:
    """A smallest value of a type: its required fields."""
    if name.startswith("Array of "):
        return [example(types, name.removeprefix("Array of "), depth + 1)]
    if name in ("Integer", "Float"):
        return 1
    if name in ("String", "Boolean", "True"):
        return "x" if name == "String" else True
    described = types[name]
    if described.get("subtypes"):
        return example(types, described["subtypes"][0], depth)
    return {
        field["name"]: constant(field) or example(types, field["types"][0], depth + 1)
        for field in described.get("fields", [])
        if field["required"]
    }


def constant(field: dict[str, Any]) -> str:
    """The one value that tells subtypes apart: 'Status of the member, always “creator”'."""
    told = re.search(r"(?:always|must be) [“\"']?(\w+)", field["description"])
    is_discriminator = field["name"] in ("type", "status", "source") and field["types"] == ["String"]
    return told[1] if told and is_discriminator else ""


def test_every_kind_of_message_is_read(shared_dir: Path) -> None:
    types = spec(shared_dir)["types"]
    person = {"id": 111, "is_bot": False, "first_name": "Ann"}
    unread: dict[str, str] = {}
    for chat in ({"id": 111, "type": "private"}, {"id": -5, "type": "group", "title": "G"}):
        base = {"message_id": 7, "date": 1, "from": person, "chat": chat}
        for field in types["Message"]["fields"]:
            if field["name"] in base:
                continue
            value = base if field["types"][0] in ("Message", "MaybeInaccessibleMessage") else None
            message = base | {field["name"]: value or example(types, field["types"][0])}
            request = read(unread, field["name"], {"update_id": 1, "message": message})
            assert request is None or request.delivery_key == "telegram:1"
    assert not unread


def test_every_kind_of_update_is_read_or_passed_over(shared_dir: Path) -> None:
    types = spec(shared_dir)["types"]
    unread: dict[str, str] = {}
    for field in types["Update"]["fields"]:
        if not field["required"]:
            value = example(types, field["types"][0])
            read(unread, field["name"], {"update_id": 1, field["name"]: value})
    assert not unread


def read(unread: dict[str, str], name: str, update: dict[str, Any]) -> Request | None:
    try:
        return parse(Update.de_json(update), ME, NOW)
    except Exception as error:
        unread[name] = repr(error)
        return None


async def test_bot_has_what_polling_relies_on() -> None:
    client = Client("700:token", "http://127.0.0.1:9/x/")
    try:
        assert client.bot.base_url == "http://127.0.0.1:9/x/bot700:token"
        assert isinstance(client.bot, Bot)
    finally:
        await client.close()
