"""What the local Telegram puts on the wire, held to the machine-readable Bot API and to the real library."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from telegram import Update

from bot.sandbox.telegram import TelegramSandbox
from bot.sandbox.telegram.methods import METHODS

# One pixel.
GIF = base64.b64decode("R0lGODlhAQABAAAAACwAAAAAAQABAAA=")
KINDS = frozenset(("message", "edited_message", "callback_query", "my_chat_member", "chat_member"))
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "True": bool}


class Spec:
    """Checks values against the Bot API's types: known fields only, required fields, types."""

    def __init__(self, path: Path) -> None:
        api = json.loads(path.read_text(encoding="utf-8"))
        self.types: dict[str, Any] = api["types"]
        self.methods: dict[str, Any] = api["methods"]

    def problems(self, value: Any, types: list[str], where: str) -> Iterator[str]:
        """What speaks against ``value`` being of one of ``types``."""
        found = [list(self._problems_with(value, name, where)) for name in types]
        if all(found):
            yield from min(found, key=len)

    def _problems_with(self, value: Any, name: str, where: str) -> Iterator[str]:
        if name.startswith("Array of "):
            if not isinstance(value, list):
                yield f"{where}: {value!r} is no array"
                return
            for index, item in enumerate(value):
                yield from self.problems(item, [name.removeprefix("Array of ")], f"{where}[{index}]")
        elif name in PLAIN:
            if type(value) is not PLAIN[name]:
                yield f"{where}: {value!r} is no {name}"
        elif name == "Float":
            if type(value) not in (int, float):
                yield f"{where}: {value!r} is no Float"
        elif "subtypes" in self.types[name]:
            yield from self.problems(value, self.types[name]["subtypes"], where)
        elif not isinstance(value, dict):
            yield f"{where}: {value!r} is no {name}"
        else:
            fields = {field["name"]: field for field in self.types[name].get("fields", [])}
            for key in value.keys() - fields.keys():
                yield f"{where}: {name} has no field {key}"
            for key, field in fields.items():
                if key in value:
                    yield from self.problems(value[key], field["types"], f"{where}.{key}")
                elif field["required"]:
                    yield f"{where}: {name} lacks {key}"


@pytest.fixture(scope="module")
def spec(shared_dir: Path) -> Spec:
    return Spec(shared_dir / "specs" / "telegram-bot-api.json")


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSandbox]:
    async with TelegramSandbox.running(enforce_limits=False) as sandbox:
        sandbox.world.queue.allowed = KINDS
        yield sandbox


class Caller:
    """Calls methods as plain JSON and keeps what came back."""

    def __init__(self, telegram: TelegramSandbox, session: ClientSession) -> None:
        self._url = f"{telegram.api_url}/bot{telegram.bot_token}/"
        self._session = session
        self.answers: list[tuple[str, Any]] = []

    async def __call__(self, method: str, **params: Any) -> Any:
        async with self._session.post(self._url + method, json=params) as response:
            body = await response.json()
        assert body["ok"], body
        self.answers.append((method, body["result"]))
        return body["result"]

    async def upload(self, method: str, name: str, data: bytes, **params: str) -> Any:
        form = FormData(params)
        form.add_field(name, data, filename="a.bin")
        async with self._session.post(self._url + method, data=form) as response:
            body = await response.json()
        assert body["ok"], body
        self.answers.append((method, body["result"]))
        return body["result"]


async def _live(telegram: TelegramSandbox, call: Caller) -> None:
    """A day on which everything happens that the sandbox knows of."""
    ada = telegram.add_user("Ada", language="de", last_name="L", username="ada_l")
    bea = telegram.add_user("Bea")
    await ada.start("x")
    said = await ada.say("Bea, @ada_l", mentions=[bea])
    await ada.edit(said, "/hilfe")
    await ada.forward(said)
    await ada.send_photo(caption="c")
    await ada.send_sticker()
    await ada.send_voice()
    await ada.send_contact("+49")
    await ada.send_document("a.pdf", b"x")
    await call("getMe")
    rows = [[{"text": "Ja", "callback_data": "y"}, {"text": "Karte", "url": "https://ruhrhub.de"}]]
    text = '<b>hallo</b> <a href="https://a.de">a</a> <pre><code class="language-x">c</code></pre>'
    sent = await call(
        "sendMessage",
        chat_id=ada.id,
        text=text,
        parse_mode="HTML",
        reply_markup={"inline_keyboard": rows},
        reply_parameters={"message_id": said.message_id},
    )
    press = await ada.press("Ja")
    await ada.press("Ja", inaccessible=True)
    await call("answerCallbackQuery", callback_query_id=press.id, text="ok")
    await call("editMessageText", chat_id=ada.id, message_id=sent["message_id"], text="neu")
    await call(
        "editMessageReplyMarkup",
        chat_id=ada.id,
        message_id=sent["message_id"],
        reply_markup={"inline_keyboard": rows},
    )
    photo = await call.upload("sendPhoto", "photo", GIF, chat_id=str(ada.id), caption="@ada_l")
    await call("editMessageCaption", chat_id=ada.id, message_id=photo["message_id"], caption="b")
    file = await call.upload("sendDocument", "document", b"x", chat_id=str(ada.id))
    media = {"type": "photo", "media": photo["photo"][0]["file_id"], "caption": "<b>x</b>", "parse_mode": "HTML"}
    await call("editMessageMedia", chat_id=ada.id, message_id=file["message_id"], media=media)
    await call("getFile", file_id=file["document"]["file_id"])
    await call("deleteMessage", chat_id=ada.id, message_id=file["message_id"])
    await call("sendChatAction", chat_id=ada.id, action="typing")
    await ada.block()
    await ada.unblock()
    group = await ada.create_group("Gruppe")
    await ada.add_bot(group)
    await ada.mute_bot(group)
    await ada.mute_bot(group, muted=False)
    await ada.add_bot(group, as_admin=True)
    await bea.join(group)
    await ada.promote(bea, group, is_anonymous=True)
    await bea.say("anonym", group, as_anonymous=True)
    for chat_id in (ada.id, group.id):
        await call("getChat", chat_id=chat_id)
    for user in (ada.id, bea.id, telegram.bot_id, telegram.add_user("Cem").id):
        await call("getChatMember", chat_id=group.id, user_id=user)
    await call("getChatAdministrators", chat_id=group.id)
    await call("getChatMemberCount", chat_id=group.id)
    new = await ada.upgrade(group)
    await bea.leave(new)
    forum = await ada.create_forum("Forum")
    await ada.add_bot(forum, as_admin=True)
    topic = await ada.create_topic(forum, "T")
    await ada.say("im Thema", forum, topic=topic)
    await call("sendMessage", chat_id=forum.id, text="x", message_thread_id=topic.thread_id)
    await ada.kick_bot(new)
    await call("leaveChat", chat_id=forum.id)
    await call(
        "setMyCommands", commands=[{"command": "a", "description": "A"}], scope={"type": "all_private_chats"}
    )
    await call("getMyCommands", scope={"type": "all_private_chats"})
    await call("deleteMyCommands")
    for what in ("Name", "Description", "ShortDescription"):
        await call(f"setMy{what}", **{{"ShortDescription": "short_description"}.get(what, what.lower()): "x"})
        await call(f"getMy{what}")
    await call("getWebhookInfo")
    await call("getUpdates")
    await call("setWebhook", url="https://127.0.0.1:1/x", allowed_updates=["message"])
    await call("getWebhookInfo")


async def test_answers_and_updates_fit_the_specification_and_the_library(
    telegram: TelegramSandbox, spec: Spec
) -> None:
    async with ClientSession() as session:
        call = Caller(telegram, session)
        await _live(telegram, call)
    problems: list[str] = []
    for method, result in call.answers:
        problems += spec.problems(result, spec.methods[method]["returns"], method)
    for update in telegram.updates:
        problems += spec.problems(update.json(), ["Update"], f"update {update.type}")
        parsed = Update.de_json(update.json(), None)
        assert parsed.update_id == update.update_id
        assert not parsed.api_kwargs
    assert problems == []
    assert {update.type for update in telegram.updates} == KINDS


def test_every_served_method_exists(spec: Spec) -> None:
    assert METHODS.keys() <= {name.lower() for name in spec.methods}


def test_the_check_finds_unknown_missing_and_mistyped_fields(spec: Spec) -> None:
    user = {"id": 1, "is_bot": False, "first_name": "A"}
    assert list(spec.problems(user, ["User"], "")) == []
    assert list(spec.problems(user | {"colour": 1}, ["User"], "")) == [": User has no field colour"]
    assert list(spec.problems({"id": 1, "is_bot": False}, ["User"], "")) == [": User lacks first_name"]
    assert list(spec.problems(user | {"id": "1"}, ["User"], "")) == [".id: '1' is no Integer"]
    kicked = {"status": "kicked", "user": user, "until_date": 0}
    assert list(spec.problems(kicked, ["ChatMember"], "")) == []


@pytest.mark.parametrize(
    ("limit", "field", "type_or_method"),
    [
        ("1-4096 characters", "text", "sendMessage"),
        ("0-1024 characters", "caption", "sendPhoto"),
        ("0-200 characters", "text", "answerCallbackQuery"),
        ("1-256 characters", "secret_token", "setWebhook"),
        ("At most 100 commands", "commands", "setMyCommands"),
        ("0-512 characters", "description", "setMyDescription"),
        ("0-120 characters", "short_description", "setMyShortDescription"),
        ("0-64 characters", "name", "setMyName"),
        ("1-64 bytes", "callback_data", "InlineKeyboardButton"),
        ("1-256 characters", "description", "BotCommand"),
        ("1-32 characters", "command", "BotCommand"),
    ],
)
def test_the_limits_we_enforce_are_still_the_specifications(
    spec: Spec, limit: str, field: str, type_or_method: str
) -> None:
    owner = spec.methods.get(type_or_method) or spec.types[type_or_method]
    [description] = [f["description"] for f in owner["fields"] if f["name"] == field]
    assert limit in description
