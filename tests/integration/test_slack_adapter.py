"""The Slack adapter against the local Slack, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from aiohttp import web

from bot.adapters.port import (
    Answer,
    CannotTellError,
    NotSentError,
    NotStoredError,
    Outgoing,
    PostGoneError,
    RefusedError,
    Sent,
    TryLaterError,
    UncertainError,
)
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.check import findings
from bot.adapters.slack.controls import RenderContext
from bot.adapters.slack.directs import Directs
from bot.adapters.slack.manifest import SCOPES
from bot.adapters.slack.outgoing import Sender
from bot.adapters.slack.web import open_session, web_client
from bot.clock import Clock, SystemClock
from bot.sandbox.faults import Fault
from bot.sandbox.slack import Delivery, Message, NotAcknowledgedError, SlackPerson, SlackSandbox
from handlers.core.requests import (
    Actor,
    BotAdded,
    ButtonPress,
    Command,
    FormSubmitted,
    HomeOpened,
    OtherMessage,
    Picked,
    Place,
    Request,
    TextMessage,
)
from handlers.core.seals import Seals
from handlers.core.ui import (
    Action,
    Attachment,
    Button,
    ChoiceField,
    Controls,
    DateField,
    DatePicker,
    Form,
    FormErrors,
    Nothing,
    OpenForm,
    Option,
    PickList,
    Picture,
    Reply,
    Section,
    TextField,
)

SEALS = Seals(["adapter test"])
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
FORM = Form(
    "mentor",
    "instance-1",
    "Mentor finden",
    (
        TextField("topic", "Worum geht's?", multiline=True),
        ChoiceField("camp", "Camp", (Option("Essen", "e"), Option("Dortmund", "d")), required=False),
        DateField("day", "Tag", date(2026, 11, 23), date(2026, 12, 31), required=False),
    ),
    "Senden",
)
REPLY = Reply(blocks=(Section("x"),), summary="x")
Outcome = FormErrors | OpenForm | Nothing


class QuickClock(SystemClock):
    """Fifty seconds a second."""

    def monotonic(self) -> float:
        return super().monotonic() * 50

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / 50)


async def never(word: str) -> None:
    raise AssertionError(word)


class Desk:
    """Takes requests as the dispatcher would; what comes again is dropped by its key."""

    def __init__(self) -> None:
        self.taken: list[Request] = []
        self.deliveries = 0
        self.answer: Callable[[Request], Outcome] = lambda request: Nothing()
        self.broken = False

    async def dispatch(self, request: Request) -> Answer:
        if self.broken:
            raise NotStoredError
        self.deliveries += 1
        if all(request.delivery_key != known.delivery_key for known in self.taken):
            self.taken.append(request)
        return Answer(self.answer(request), 7)

    def last(self, kind: type[Any]) -> Any:
        return [request for request in self.taken if isinstance(request, kind)][-1]


class Scene:
    """A workspace with Aylin in it, the adapter, and the desk that requests land on."""

    def __init__(self, slack: SlackSandbox, adapter: SlackAdapter, desk: Desk, aylin: SlackPerson) -> None:
        self.slack, self.adapter, self.desk, self.aylin = slack, adapter, desk, aylin
        self.notes: list[str] = []

    @property
    def account(self) -> str:
        return f"{self.slack.team_id}:{self.aylin.user.id}"

    async def note(self, word: str) -> None:
        self.notes.append(word)

    def direct(self, *blocks: Any, **options: Any) -> Outgoing:
        content = options.pop("content", None) or Reply(blocks=blocks, summary="Kurz gesagt")
        settings: dict[str, Any] = {
            "key": "k1",
            "chat": self.account,
            "chat_id": 7,
            "kind": "direct",
            "content": content,
        }
        return Outgoing(**(settings | options))

    def group(self, channel: Any, *blocks: Any, **options: Any) -> Outgoing:
        chat = f"{self.slack.team_id}:{channel.id}"
        return self.direct(*blocks, **({"chat": chat, "kind": "group"} | options))

    async def send(self, out: Outgoing) -> Sent:
        return await self.adapter.send(out, self.note)


def adapter_for(slack: SlackSandbox, mode: Literal["socket", "http"], clock: Clock | None = None) -> SlackAdapter:
    return SlackAdapter(
        slack.bot_token,
        slack.app_token if mode == "socket" else None,
        slack.signing_secret if mode == "http" else None,
        mode,
        slack.api_url,
        SEALS,
        clock or SystemClock(),
    )


@asynccontextmanager
async def scene(mode: Literal["socket", "http"] = "socket", **options: Any) -> AsyncIterator[Scene]:
    defaults: dict[str, Any] = {"retry_delays": (0.01, 0.01), "ack_seconds": 1.5, "enforce_limits": False}
    async with SlackSandbox.running(**(defaults | options)) as slack:
        aylin = slack.add_user("Aylin Demir", locale="de-DE")
        adapter, desk = adapter_for(slack, mode), Desk()
        app = web.Application()
        app.router.add_post("/slack/events", adapter.http_handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        await adapter.start(desk.dispatch, datetime.now(UTC))
        try:
            if mode == "http":
                site = web.TCPSite(runner, "127.0.0.1", 0)
                await site.start()
                host, port = runner.addresses[0][:2]
                await slack.deliver_over("http", f"http://{host}:{port}")
            yield Scene(slack, adapter, desk, aylin)
        finally:
            await adapter.stop()
            await adapter.close()
            await runner.cleanup()


@pytest.fixture(params=["socket", "http"])
async def both(request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    """The scene over Socket Mode, and again over HTTP."""
    async with scene(request.param) as built:
        yield built


@pytest.fixture
async def here() -> AsyncIterator[Scene]:
    async with scene() as built:
        yield built


# --- coming in -----------------------------------------------------------------------------------------------


async def test_a_direct_message_arrives_with_who_said_it(both: Scene) -> None:
    delivery = await both.aylin.say("was kost n schreibtisch & wo?")
    await delivery.acked()
    said = both.desk.last(TextMessage)
    assert said.text == "was kost n schreibtisch & wo?"
    assert said.actor == Actor("slack", both.account, "Aylin", "Aylin", "de", trusted=True)
    assert said.place == Place("slack", both.account, "direct")
    assert (
        said.delivery_key
        == f"slack:msg:{both.slack.team_id}:{message_of(delivery).channel}:{message_of(delivery).ts}"
    )
    assert both.adapter.connected


async def test_a_mention_in_a_channel_is_answered_in_its_thread(both: Scene) -> None:
    channel = both.slack.add_channel("allgemein", both.aylin)
    delivery = await both.aylin.mention("wann ist offen", channel)
    await delivery.acked()
    [said] = both.desk.taken
    assert both.desk.deliveries == 2  # app_mention and message
    assert isinstance(said, TextMessage)
    assert (said.text, said.addressed, said.place.thread) == ("wann ist offen", True, message_of(delivery).ts)
    await (await both.aylin.say("nur so unter uns", channel)).acked()
    assert not both.desk.last(TextMessage).addressed


async def test_a_mention_says_what_its_channel_is_called_and_asks_slack_once(both: Scene) -> None:
    channel = both.slack.add_channel("allgemein", both.aylin)
    for text in ("wann ist offen", "und wo"):
        await (await both.aylin.mention(text, channel)).acked()
    assert both.desk.last(TextMessage).place.title == "#allgemein"
    assert len(both.slack.calls_of("conversations.info")) == 1


async def test_without_the_channels_name_a_mention_is_answered_all_the_same(both: Scene) -> None:
    channel = both.slack.add_channel("allgemein", both.aylin)
    both.slack.faults.add(Fault("conversations.info", "5xx", times=None))
    await (await both.aylin.mention("wann ist offen", channel)).acked()
    said = both.desk.last(TextMessage)
    assert (said.text, said.place.title) == ("wann ist offen", "")


async def test_what_is_not_stored_is_not_acknowledged_and_comes_again(both: Scene) -> None:
    await (await both.aylin.say("eins")).acked()
    both.desk.broken = True
    both.slack.sockets.ack_seconds = 0.1
    delivery = await both.aylin.say("zwei")
    with pytest.raises(NotAcknowledgedError):
        await delivery.acked()
    assert delivery.attempts == 3
    both.desk.broken = False
    await both.slack.redeliver(delivery)
    assert both.desk.last(TextMessage).text == "zwei"


async def test_a_command_can_open_a_form_and_gets_its_answers(both: Scene) -> None:
    both.desk.answer = lambda request: OpenForm(FORM) if isinstance(request, Command) else Nothing()
    channel = both.slack.add_channel("leise", both.aylin, with_bot=False)
    await (await both.aylin.command("/kumpel", "Mentor bitte <@U1|x>", channel)).acked()
    command = both.desk.last(Command)
    assert (command.name, command.can_open_form) == ("mentor", True)
    assert command.place.reply_via.startswith("http")
    await until(lambda: both.aylin.modal is not None)
    both.aylin.fill({"Worum geht's?": "Pilotkunden", "Camp": "Dortmund", "Tag": "2026-11-24"})
    await (await both.aylin.submit()).acked()
    form = both.desk.last(FormSubmitted)
    assert (form.form, form.instance) == ("mentor", "instance-1")
    assert form.values == {"topic": "Pilotkunden", "camp": "d", "day": "2026-11-24"}
    assert form.place.chat == both.account
    await until(lambda: both.aylin.modal is None)


async def test_a_refused_form_stays_open_and_its_correction_is_a_new_delivery(both: Scene) -> None:
    both.desk.answer = lambda request: (
        OpenForm(FORM) if isinstance(request, Command) else FormErrors({"xx": "So nicht."})
    )
    await (await both.aylin.command("/kumpel", "mentor")).acked()
    await until(lambda: both.aylin.modal is not None)
    both.aylin.fill({"Worum geht's?": "a"})
    await (await both.aylin.submit()).acked()
    assert both.aylin.modal is not None
    assert both.aylin.modal.errors == {"topic": "So nicht."}
    await (await both.aylin.submit()).acked()
    assert len([request for request in both.desk.taken if isinstance(request, FormSubmitted)]) == 1
    both.desk.answer = lambda request: Nothing()
    both.aylin.fill({"Worum geht's?": "b"})
    await (await both.aylin.submit()).acked()
    assert both.desk.last(FormSubmitted).values == {"topic": "b"}
    assert both.aylin.modal is None


async def test_controls_bring_their_seals_back(both: Scene) -> None:
    await both.send(
        both.direct(
            Section("Wann?"),
            Controls(
                (
                    Button("Nehmen", Action.of("desk.take", 12), "primary"),
                    Button("Nehmen", Action.of("desk.take", 12)),
                    PickList("Platz", Action("desk.pick"), (Option("Platz 1", "1"), Option("Platz 2", "2"))),
                    DatePicker("Tag", Action("desk.day"), date(2026, 11, 23), date(2026, 12, 31)),
                )
            ),
        )
    )
    await (await both.aylin.press("Nehmen")).acked()
    press = both.desk.last(ButtonPress)
    assert SEALS.open(press.token, 7) == "desk.take|12"
    assert press.can_open_form
    assert press.message.startswith("D")
    await (await both.aylin.pick("Platz 2")).acked()
    picked = both.desk.last(Picked)
    assert (SEALS.open(picked.token, 7), picked.value) == ("desk.pick", "2")
    await (await both.aylin.pick_date("2026-11-25")).acked()
    picked = both.desk.last(Picked)
    assert (SEALS.open(picked.token, 7), picked.value) == ("desk.day", "2026-11-25")


async def test_the_home_page_is_published_and_its_buttons_belong_to_the_direct_chat(both: Scene) -> None:
    await (await both.aylin.open_home()).acked()
    assert both.desk.last(HomeOpened).place == Place("slack", both.account, "direct")
    page = both.direct(Section("Hallo"), Controls((Button("Los", Action("go")),)), surface="home")
    sent = await both.send(page)
    assert sent.kind == "home"
    await (await both.aylin.press("Los")).acked()
    press = both.desk.last(ButtonPress)
    assert press.place == Place("slack", both.account, "direct")
    assert SEALS.open(press.token, 7) == "go"
    await both.adapter.edit(both.direct(Section("Neu"), surface="home"), sent)
    assert both.aylin.home is not None
    assert "Neu" in both.aylin.home.plain


async def test_shortcuts_are_commands(here: Scene) -> None:
    await (await here.aylin.shortcut("book_desk")).acked()
    assert here.desk.last(Command).name == "book_desk"
    channel = here.slack.add_channel("fragen", here.aylin)
    said = await here.aylin.say("habt ihr <einen> drucker", channel)
    await (await here.aylin.message_shortcut("ask_human", message_of(said))).acked()
    command = here.desk.last(Command)
    assert (command.name, command.text) == ("ask_human", "habt ihr <einen> drucker")
    assert command.can_open_form
    assert command.place.kind == "group"


async def test_guests_and_strangers_are_not_trusted_and_bots_not_heard(here: Scene) -> None:
    channel = here.slack.add_channel("offen", here.aylin)
    for trait in ("is_restricted", "is_ultra_restricted", "is_stranger"):
        traits: dict[str, Any] = {trait: True}
        guest = here.slack.add_user("Gast", **traits)
        await guest.add_to_channel(channel)
        await (await guest.mention("hallo", channel)).acked()
        assert not here.desk.last(TextMessage).actor.trusted
    before = len(here.desk.taken)
    robot = here.slack.add_bot("Robot")
    await robot.add_to_channel(channel)
    await (await robot.mention("hallo", channel)).acked()
    assert len(here.desk.taken) == before


async def test_an_unknown_person_is_untrusted_while_slack_does_not_say(here: Scene) -> None:
    here.slack.faults.add(Fault("users.info", "5xx", times=None))
    await (await here.aylin.say("hallo")).acked()
    assert here.desk.last(TextMessage).actor.trusted is False


async def test_slow_answers_about_a_person_hold_nobody_longer_than_a_second_and_keep_the_order(
    here: Scene,
) -> None:
    here.slack.faults.add(Fault("users.info", "stall", times=None, seconds=5.0))
    started = asyncio.get_running_loop().time()
    first = await here.aylin.say("eins")
    second = await here.aylin.say("zwei")
    await first.acked()
    await second.acked()
    assert asyncio.get_running_loop().time() - started < 2.0
    assert [request.text for request in here.desk.taken if isinstance(request, TextMessage)] == ["eins", "zwei"]


async def test_coming_into_a_channel_is_told(here: Scene) -> None:
    channel = here.slack.add_channel("neu", here.aylin, with_bot=False)
    delivery = await here.slack.invite_bot(channel, here.aylin)
    assert delivery is not None
    await delivery.acked()
    added = here.desk.last(BotAdded)
    assert added.place.chat == f"{here.slack.team_id}:{channel.id}"
    assert added.actor.account == here.account


async def test_messages_missed_while_away_are_read_in_order(here: Scene) -> None:
    since = datetime.now(UTC) - timedelta(seconds=5)
    await here.adapter.stop()
    for text in ("eins", "zwei", "drei"):
        await here.aylin.say(text)
    await here.slack.deliveries.settled()
    desk = Desk()
    await here.adapter.start(desk.dispatch, since)
    await until(lambda: len(desk.taken) == 3)
    assert [request.text for request in desk.taken if isinstance(request, TextMessage)] == ["eins", "zwei", "drei"]
    assert desk.taken[0].place == Place("slack", here.account, "direct")


async def test_a_picture_said_to_it_is_something_it_cannot_read(here: Scene) -> None:
    await (await here.aylin.say("x")).acked()
    channel = here.desk.last(TextMessage).message.partition(":")[0]
    event = {
        "type": "message",
        "subtype": "file_share",
        "user": here.aylin.user.id,
        "channel": channel,
        "channel_type": "im",
        "ts": "1700000000.000001",
        "text": "",
        "files": [{"id": "F1"}],
    }
    body = {"type": "event_callback", "team_id": here.slack.team_id, "event_id": "Ev1", "event": event}
    await here.slack.deliveries.send("events_api", body).acked()
    assert here.desk.last(OtherMessage).message == f"{channel}:1700000000.000001"


# --- going out -----------------------------------------------------------------------------------------------


async def test_any_text_is_shown_to_the_letter(here: Scene) -> None:
    text = "*Sterne* `ticks` <!channel> <@U1> :smile: & ~so~"
    sent = await here.send(here.direct(Section(text)))
    message = here.slack.messages(sent.ref.partition(":")[0])[-1]
    assert message.plain == text
    assert message.text == "Kurz gesagt"


async def test_a_message_is_sent_edited_found_and_deleted(here: Scene) -> None:
    channel = here.slack.add_channel("allgemein", here.aylin)
    since = datetime.now(UTC)
    out = here.group(channel, Section("Alt"), key="post-1")
    assert await here.adapter.find(out, "", since) is None
    sent = await here.send(out)
    assert await here.adapter.find(out, "", since) == sent
    edited = await here.adapter.edit(here.group(channel, Section("Neu"), key="post-1"), sent)
    assert here.slack.messages(channel)[-1].plain == "Neu"
    assert await here.adapter.find(out, "", since) == edited
    await here.adapter.delete(out, sent)
    await here.adapter.delete(out, sent)
    assert here.slack.messages(channel) == []
    with pytest.raises(PostGoneError):
        await here.adapter.edit(out, sent)


async def test_an_answer_in_a_thread_is_found_there(here: Scene) -> None:
    channel = here.slack.add_channel("allgemein", here.aylin)
    asked = await here.aylin.say("wann?", channel)
    out = here.group(channel, Section("Immer"), thread=message_of(asked).ts, key="post-2")
    sent = await here.send(out)
    assert here.slack.messages(channel)[-1].thread_ts == message_of(asked).ts
    assert await here.adapter.find(out, "", datetime.now(UTC)) == sent


async def test_a_direct_message_whose_answer_was_lost_is_found(here: Scene) -> None:
    out = here.direct(Section("Da"), key="lost")
    here.slack.faults.add(Fault("chat.postMessage", "drop", moment="after"))
    since = datetime.now(UTC)
    with pytest.raises(UncertainError):
        await here.send(out)
    found = await here.adapter.find(out, "", since)
    assert found is not None
    assert len(here.slack.calls_of("chat.postMessage")) == 1


async def test_an_ephemeral_message_is_seen_by_one_and_leaves_no_trace(here: Scene) -> None:
    channel = here.slack.add_channel("allgemein", here.aylin)
    out = here.group(channel, Section("Nur du"), audience=here.account)
    sent = await here.send(out)
    assert sent.ref == ""
    assert [message.plain for message in here.aylin.messages(channel)] == ["Nur du"]
    with pytest.raises(CannotTellError):
        await here.adapter.find(out, "", datetime.now(UTC))
    with pytest.raises(PostGoneError):
        await here.adapter.edit(out, sent)


async def test_a_command_is_answered_through_its_response_url_until_that_is_used_up(here: Scene) -> None:
    channel = here.slack.add_channel("leise", here.aylin, with_bot=False)
    await (await here.aylin.command("/kumpel", "", channel)).acked()
    assert here.desk.last(Command).name == "help"
    via = here.desk.last(Command).place.reply_via
    out = here.group(channel, Section("So geht's"), reply_via=via)
    await here.send(out)
    assert [message.plain for message in here.aylin.messages(channel)] == ["So geht's"]
    for _ in range(4):
        await here.send(out)
    with pytest.raises(RefusedError) as refused:
        await here.send(out)
    assert refused.value.chat == "fine"
    assert via.rpartition("/")[2] not in str(refused.value)


async def test_a_press_on_an_ephemeral_message_is_answered_in_its_place(here: Scene) -> None:
    channel = here.slack.add_channel("allgemein", here.aylin)
    await here.send(here.group(channel, Controls((Button("Ja", Action("yes")),)), audience=here.account))
    await (await here.aylin.press("Ja")).acked()
    press = here.desk.last(ButtonPress)
    assert press.message == ""
    assert press.place.reply_via
    await here.send(
        here.group(
            channel,
            reply_via=press.place.reply_via,
            content=Reply(blocks=(Section("Gut"),), summary="Gut", placement="replace"),
        )
    )
    assert [message.plain for message in here.aylin.messages(channel)] == ["Gut"]


async def test_a_command_in_the_bots_own_direct_message_is_answered_there(here: Scene) -> None:
    await (await here.aylin.command("/kumpel", "hilfe")).acked()
    assert here.desk.last(Command).place == Place("slack", here.account, "direct")


async def test_a_picture_is_uploaded_once_and_shown_in_the_message(here: Scene) -> None:
    out = here.direct(Section("Plan"), Picture("floor", "17 von 40 frei"), picture=PNG)
    sent = await here.send(out)
    assert sent.kind == "picture"
    message = here.slack.messages(sent.ref.partition(":")[0])[-1]
    assert [block["type"] for block in message.blocks] == ["rich_text", "image"]
    await here.send(out)
    assert len(here.slack.calls_of("files.completeUploadExternal")) == 1


async def test_a_picture_that_slack_does_not_show_is_tried_again_and_then_told_in_words() -> None:
    """The answers are those of slackapi/python-slack-sdk issue 1658; the sandbox shows any file."""
    posted: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        match request.match_info["method"]:
            case "files.getUploadURLExternal":
                url = str(request.url.with_path("/api/upload").with_query(None))
                return web.json_response({"ok": True, "upload_url": url, "file_id": "F12345678"})
            case "chat.postMessage":
                posted.append(await request.text())
                if "slack_file" in posted[-1]:
                    problem = "invalid slack file [json-pointer:/blocks/0/slack_file]"
                    return web.json_response({"ok": False, "error": "invalid_blocks", "errors": [problem]})
                return web.json_response({"ok": True, "channel": "D1", "ts": "17.1"})
            case _:
                return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    content = Reply(blocks=(Picture("floor", "17 von 40 frei"),), summary="x")
    out = Outgoing(key="k", chat="T1:U1", chat_id=1, kind="direct", content=content, picture=PNG)
    async with open_session() as session:
        client = web_client("xoxb-1", f"http://{host}:{port}/api/", session)
        sender = Sender(client, session, Directs(client), RenderContext(SEALS))
        for _ in range(4):
            with pytest.raises(NotSentError):
                await sender.send(out, never)
        assert (await sender.send(out, never)).kind == "text"
        assert "17 von 40 frei" in posted[-1]
    await runner.cleanup()


async def test_a_file_is_sent_and_found_by_its_shares(here: Scene) -> None:
    file = Attachment("termin.ics", "text/calendar", b"BEGIN:VCALENDAR", "Termin")
    out = here.direct(content=file)
    assert await here.adapter.find(out, "", datetime.now(UTC)) is None
    here.slack.faults.add(Fault("files.completeUploadExternal", "drop", moment="after"))
    with pytest.raises(UncertainError):
        await here.send(out)
    found = await here.adapter.find(out, here.notes[0], datetime.now(UTC))
    assert found is not None
    assert found.kind == "file"
    here.slack.faults.add(Fault("files.getUploadURLExternal", "drop", moment="after"))
    with pytest.raises(NotSentError):
        await here.send(out)
    sent = await here.send(here.direct(content=file))
    assert await here.adapter.find(out, here.notes[-1], datetime.now(UTC)) == sent
    with pytest.raises(PostGoneError):
        await here.adapter.edit(out, sent)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("chat.postMessage", "429", retry_after=17), TryLaterError),
        (Fault("chat.postMessage", "5xx"), UncertainError),
        (Fault("chat.postMessage", "drop"), UncertainError),
    ],
)
async def test_what_goes_wrong_while_sending_is_told_apart(
    here: Scene, fault: Fault, expected: type[Exception]
) -> None:
    here.slack.faults.add(fault)
    with pytest.raises(expected) as raised:
        await here.send(here.direct(Section("x")))
    if isinstance(raised.value, TryLaterError):
        assert (raised.value.seconds, raised.value.scope) == (17, "chat")
    assert len(here.slack.calls_of("chat.postMessage")) == 1
    assert here.slack.bot_token not in str(raised.value)


async def test_a_channel_that_is_gone_is_told(here: Scene) -> None:
    channel = here.slack.add_channel("alt", here.aylin)
    here.slack.archive(channel)
    with pytest.raises(RefusedError) as refused:
        await here.send(here.group(channel, Section("x")))
    assert refused.value.chat == "gone"


async def test_a_dead_token_blames_no_chat_and_loses_nothing(here: Scene) -> None:
    here.slack.world.workspace.tokens[here.slack.bot_token].revoked = True
    with pytest.raises(TryLaterError) as raised:
        await here.send(here.direct(Section("x")))
    assert raised.value.scope == "platform"


async def test_nothing_is_sent_where_nobody_listens() -> None:
    async with SlackSandbox.running() as slack, open_session() as session:
        client = web_client("xoxb-1", slack.api_url, session)
    async with open_session() as session:
        client.session = session
        sender = Sender(client, session, Directs(client), RenderContext(SEALS))
        with pytest.raises(NotSentError):
            await sender.send(Outgoing(key="k", chat="T1:U1", chat_id=1, kind="direct", content=REPLY), never)


async def test_before_it_has_connected_nothing_is_sent(here: Scene) -> None:
    adapter = adapter_for(here.slack, "socket")
    with pytest.raises(NotSentError):
        await adapter.send(here.direct(Section("x")), here.note)
    assert not adapter.connected


async def test_a_wrong_token_keeps_nobody_from_starting_and_is_tried_again() -> None:
    async with SlackSandbox.running() as slack:
        token = slack.world.workspace.tokens[slack.bot_token]
        token.revoked = True
        adapter = adapter_for(slack, "socket", QuickClock())
        starting = asyncio.create_task(adapter.start(Desk().dispatch, datetime.now(UTC)))
        await until(lambda: len(slack.calls_of("auth.test")) > 1)
        assert not adapter.connected
        token.revoked = False
        await starting
        assert adapter.connected
        await adapter.stop()
        assert not adapter.connected
        await adapter.close()


async def test_admins_and_creators_administrate_a_channel(here: Scene) -> None:
    channel = here.slack.add_channel("mein", here.aylin)
    boss, other = here.slack.add_user("Chefin", is_admin=True), here.slack.add_user("Otto")
    place = Place("slack", f"{here.slack.team_id}:{channel.id}", "group")
    for person, expected in ((here.aylin, True), (boss, True), (other, False)):
        actor = Actor("slack", f"{here.slack.team_id}:{person.user.id}")
        assert await here.adapter.is_chat_admin(actor, place) is expected
    here.slack.faults.add(Fault("conversations.info", "stall", seconds=5.0))
    assert not await here.adapter.is_chat_admin(Actor("slack", here.account), place)


# --- check ---------------------------------------------------------------------------------------------------


async def test_the_check_says_what_is_wrong_in_plain_words() -> None:
    async with SlackSandbox.running(scopes=",".join(SCOPES)) as slack:
        found = await findings(slack.bot_token, slack.app_token, "socket", slack.api_url)
        assert [finding.state for finding in found] == ["ok", "ok", "ok"]
        wrong = await findings("xoxb-nope", "xapp-nope", "socket", slack.api_url)
        assert [(finding.state, finding.key) for finding in wrong] == [
            ("problem", "slack_token"),
            ("problem", "slack_app_token"),
        ]
        slack.add_token("xoxb-little", "bot", "chat:write")
        little = await findings("xoxb-little", None, "http", slack.api_url)
        assert [finding.state for finding in little] == ["ok", "problem"]
        assert "files:write" in little[1].de


def message_of(delivery: Delivery) -> Message:
    assert delivery.message is not None
    return delivery.message


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
