"""The Telegram adapter against the local Telegram, over real sockets."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.adapters.port import (
    Adapter,
    Answer,
    CannotTellError,
    ChatMovedError,
    CommandEntry,
    NotSentError,
    NotStoredError,
    Outgoing,
    PostGoneError,
    RefusedError,
    SendError,
    Sent,
    TryLaterError,
    TurnCalendar,
    UncertainError,
)
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.check import check
from bot.clock import Clock, SystemClock
from bot.sandbox.faults import Fault
from bot.sandbox.telegram import TelegramPerson, TelegramSandbox
from handlers.core.requests import Actor, BotAdded, ButtonPress, ChatMoved, Command, Place, Request, TextMessage
from handlers.core.seals import Seals
from handlers.core.ui import (
    Action,
    Attachment,
    Block,
    Button,
    Controls,
    DatePicker,
    LinkButton,
    Nothing,
    Picture,
    Reply,
    Section,
    Span,
    Toast,
)

SEALS = Seals(["adapter test"])
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)
SECRET = "hook-secret_1"


class QuickClock(SystemClock):
    """Real time, but pauses are over at once and are written down."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(0.001)


class Desk:
    """Takes requests as the dispatcher would; ``refuse`` holds keys that the store does not take."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.refuse: dict[str, Exception] = {}
        self.answer: Answer = Answer(Nothing())
        self.gate: asyncio.Event | None = None
        self._changed = asyncio.Event()

    async def __call__(self, request: Request) -> Answer:
        if self.gate is not None:
            await self.gate.wait()
        if error := self.refuse.pop(request.delivery_key, None):
            raise error
        self.requests.append(request)
        self._changed.set()
        return self.answer

    async def until(self, count: int) -> list[Request]:
        async with asyncio.timeout(5):
            while len(self.requests) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.requests


async def until(look: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not look():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSandbox]:
    async with TelegramSandbox.running(enforce_limits=False, webhook_delay_scale=0.01) as sandbox:
        yield sandbox


@pytest.fixture
def desk() -> Desk:
    return Desk()


def make(
    telegram: TelegramSandbox,
    *,
    mode: Literal["polling", "webhook"] = "polling",
    public_url: str | None = None,
    token: str = "",
    api_url: str = "",
    clock: Clock | None = None,
) -> TelegramAdapter:
    return TelegramAdapter(
        token=token or telegram.bot_token,
        mode=mode,
        api_url=api_url or telegram.api_url,
        webhook_secret=SECRET,
        public_url=public_url,
        seals=SEALS,
        clock=clock or QuickClock(),
    )


@asynccontextmanager
async def started(adapter: TelegramAdapter, desk: Desk) -> AsyncIterator[TelegramAdapter]:
    try:
        await adapter.start(desk, NOW)
        yield adapter
    finally:
        await adapter.close()


@pytest.fixture
async def adapter(telegram: TelegramSandbox, desk: Desk) -> AsyncIterator[TelegramAdapter]:
    async with started(make(telegram), desk) as adapter:
        yield adapter


@pytest.fixture
async def ann(telegram: TelegramSandbox) -> TelegramPerson:
    return telegram.add_user("Ann", language="de", username="ann_w")


async def no_note(_: str) -> None:
    raise AssertionError("Telegram has nothing to note")


def outgoing(chat: int, *blocks: Block, kind: Literal["direct", "group"] = "direct", **more: Any) -> Outgoing:
    reply = Reply(blocks=blocks or (Section("Hallo"),), summary="Kurz")
    given: dict[str, Any] = {"content": reply, **more}
    return Outgoing(key="k", chat=str(chat), chat_id=5, kind=kind, **given)


def polls(telegram: TelegramSandbox) -> list[dict[str, Any]]:
    return [call.params for call in telegram.calls if call.method == "getUpdates"]


def confirmed(telegram: TelegramSandbox) -> int:
    """The highest offset the bot asked for: everything below it is gone for good."""
    return max((int(poll["offset"]) for poll in polls(telegram) if "offset" in poll), default=0)


# Coming in, by polling.


async def test_what_people_say_arrives(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    assert adapter.connected
    await ann.start("ticket_7")
    await ann.say("ist morgen ein platz frei")
    first, second = await desk.until(2)
    assert isinstance(first, Command)
    assert (first.name, first.text) == ("start", "ticket_7")
    assert isinstance(second, TextMessage)
    assert second.actor == Actor("telegram", str(ann.id), name="Ann", handle="ann_w", language="de")
    assert second.delivery_key == f"telegram:{telegram.updates[1].update_id}"


async def test_polling_asks_only_for_what_is_read(telegram: TelegramSandbox, adapter: TelegramAdapter) -> None:
    await until(lambda: len(polls(telegram)) > 1)
    assert [poll["allowed_updates"] for poll in polls(telegram)] == [
        ["message", "callback_query", "my_chat_member"]
    ] * len(polls(telegram))
    assert [poll["timeout"] for poll in polls(telegram)[:2]] == ["0", "50"]
    assert "offset" not in polls(telegram)[0]


async def test_an_update_is_confirmed_only_once_it_is_durable(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    desk.gate = asyncio.Event()
    await ann.say("eins")
    await until(lambda: telegram.world.queue.pending_count() == 1)
    await asyncio.sleep(0.03)
    assert confirmed(telegram) == 0
    desk.gate.set()
    await desk.until(1)
    await until(lambda: confirmed(telegram) == telegram.updates[0].update_id + 1)


@pytest.mark.parametrize("error", [NotStoredError("disk full"), RuntimeError("anything else")])
async def test_what_was_not_stored_comes_again_and_what_came_before_does_not(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson, error: Exception
) -> None:
    bea = telegram.add_user("Bea")
    for person, text in ((ann, "eins"), (bea, "zwei"), (ann, "drei")):
        await person.say(text)
    ids = [update.update_id for update in telegram.updates]
    desk.refuse[f"telegram:{ids[1]}"] = error
    clock = QuickClock()
    async with started(make(telegram, clock=clock), desk):
        handled = await desk.until(4)
        await until(lambda: confirmed(telegram) == ids[2] + 1)
    # "drei" was handled beside the failing one and comes along again; its key makes that harmless.
    assert [request.delivery_key for request in handled] == [f"telegram:{ids[n]}" for n in (0, 2, 1, 2)]
    assert str(ids[1]) in [poll.get("offset") for poll in polls(telegram)]
    assert len(clock.pauses) == 1


async def test_updates_of_one_batch_go_side_by_side_in_the_order_they_came(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    for n in range(30):
        await ann.say(str(n))
    order: list[str] = []
    all_there = asyncio.Event()

    async def dispatch(request: Request) -> Answer:
        assert isinstance(request, TextMessage)
        order.append(request.text)
        if len(order) == 30:
            all_there.set()
        await all_there.wait()  # none is done before all have begun
        return Answer(Nothing())

    adapter = make(telegram)
    try:
        await adapter.start(dispatch, NOW)
        async with asyncio.timeout(5):
            await all_there.wait()
    finally:
        await adapter.close()
    assert order == [str(n) for n in range(30)]


async def test_stopping_finishes_the_batch_and_confirms_it(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    desk.gate = asyncio.Event()
    adapter = make(telegram)
    await ann.say("eins")
    async with started(adapter, desk):
        await until(lambda: polls(telegram))
        stopping = asyncio.create_task(adapter.stop())
        await asyncio.sleep(0.02)
        assert not stopping.done()
        desk.gate.set()
        await stopping
        assert len(desk.requests) == 1
        await ann.say("zwei")
        assert not adapter.connected
    assert confirmed(telegram) == telegram.updates[0].update_id + 1
    async with started(make(telegram), desk):
        await desk.until(2)
    assert [r.text for r in desk.requests if isinstance(r, TextMessage)] == ["eins", "zwei"]


async def test_stopping_ends_a_held_poll_at_once(telegram: TelegramSandbox, desk: Desk) -> None:
    adapter = make(telegram)
    async with started(adapter, desk):
        await until(lambda: len(polls(telegram)) == 2)
        async with asyncio.timeout(1):
            await adapter.stop()


async def test_an_update_that_cannot_be_read_holds_nothing_up(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    await ann.say("eins")
    telegram.world.queue.add("message", {"message_id": "?", "date": "never"})
    await ann.say("zwei")
    with capture_logs() as logs:
        async with started(make(telegram), desk):
            await desk.until(2)
            await until(lambda: confirmed(telegram) == telegram.updates[2].update_id + 1)
    assert [log["update_id"] for log in logs if log["event"] == "update not understood"] == [
        telegram.updates[1].update_id
    ]


async def test_a_second_poller_is_told_plainly_and_polling_goes_on(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    adapter = make(telegram, clock=SystemClock())
    with capture_logs() as logs:
        async with started(adapter, desk):
            await until(lambda: len(polls(telegram)) == 2)
            url = f"{telegram.api_url}/bot{telegram.bot_token}/getUpdates"
            async with aiohttp.ClientSession() as session:
                other = asyncio.create_task(session.get(url, params={"timeout": 50}))
                await until(lambda: not adapter.connected)
                other.cancel()
                await asyncio.gather(other, return_exceptions=True)
    assert "another poller runs with this token" in [log["event"] for log in logs]


@pytest.mark.parametrize("kind", ["5xx", "drop", "429"])
async def test_polling_survives_trouble(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson, kind: Literal["5xx", "drop", "429"]
) -> None:
    telegram.faults.add(Fault("getUpdates", kind, times=6, retry_after=7))
    clock = QuickClock()
    adapter = make(telegram, clock=clock)
    async with started(adapter, desk):
        await until(lambda: not adapter.connected)
        await ann.say("noch da?")
        await desk.until(1)
        assert adapter.connected
    assert len(clock.pauses) == 6
    if kind == "429":
        assert clock.pauses == [7.0] * 6
    else:
        assert all(0 < pause <= 30 for pause in clock.pauses)
        assert clock.pauses[5] > clock.pauses[0]


async def test_starting_does_not_wait_for_a_telegram_that_is_down(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    fault = telegram.faults.add(Fault("getMe", "5xx", times=None))
    await ann.start()
    async with started(make(telegram), desk) as adapter:
        assert not adapter.connected
        with pytest.raises(NotSentError):
            await adapter.send(outgoing(ann.id), no_note)
        telegram.faults.remove(fault)
        await desk.until(1)
        assert adapter.connected
        await adapter.send(outgoing(ann.id), no_note)


async def test_polling_takes_a_webhook_away_and_keeps_what_waits(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{telegram.api_url}/bot{telegram.bot_token}/setWebhook"
        (await session.get(url, params={"url": "http://127.0.0.1:9/nobody"})).release()
    telegram._server.webhook._next_change = 0.0  # a second later
    await ann.say("wartet")
    async with started(make(telegram), desk):
        await desk.until(1)


async def test_ids_that_begin_anew_are_read(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    await ann.say("alt")
    await desk.until(1)
    await until(lambda: confirmed(telegram))
    telegram.restart_update_ids(5)
    await ann.say("neu")
    await desk.until(2)


async def test_groups_come_go_and_move(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    group = await ann.create_group("Camp Essen")
    await ann.add_bot(group)
    added = (await desk.until(1))[0]
    assert isinstance(added, BotAdded)
    assert added.place == Place("telegram", str(group.id), "group", title="Camp Essen")
    new = await ann.upgrade(group)
    moved = (await desk.until(2))[1]
    assert isinstance(moved, ChatMoved)
    assert moved.new_chat == str(new.id)
    with pytest.raises(ChatMovedError) as error:
        await adapter.send(outgoing(group.id, kind="group"), no_note)
    assert error.value.new_chat == str(new.id)
    assert len(desk.requests) == 2


# Coming in, by webhook.


@asynccontextmanager
async def webhook(telegram: TelegramSandbox, desk: Desk) -> AsyncIterator[tuple[TelegramAdapter, str]]:
    app = web.Application()
    holder: list[TelegramAdapter] = []

    async def handle(request: web.Request) -> web.Response:
        return await holder[0].http_handler(request)

    app.router.add_post("/telegram/webhook", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        holder.append(make(telegram, mode="webhook", public_url=url + "/"))
        async with started(holder[0], desk) as adapter:
            yield adapter, f"{url}/telegram/webhook"
    finally:
        await runner.cleanup()


async def test_updates_arrive_by_webhook(telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson) -> None:
    async with webhook(telegram, desk) as (adapter, url):
        assert adapter.connected
        await ann.say("hallo")
        await desk.until(1)
        await until(lambda: telegram.world.queue.pending_count() == 0)
    call = next(call for call in telegram.calls if call.method == "setWebhook")
    assert call.params["url"] == url
    assert call.params["secret_token"] == SECRET
    assert call.params["allowed_updates"] == ["message", "callback_query", "my_chat_member"]


async def test_a_webhook_delivery_that_was_not_stored_comes_again(
    telegram: TelegramSandbox, desk: Desk, ann: TelegramPerson
) -> None:
    async with webhook(telegram, desk):
        desk.refuse[f"telegram:{telegram.world.queue.next_id}"] = NotStoredError("disk full")
        await ann.say("hallo")
        await desk.until(1)
    assert not desk.refuse


async def test_the_webhook_refuses_strangers_and_rubbish(telegram: TelegramSandbox, desk: Desk) -> None:
    async def status(session: aiohttp.ClientSession, url: str, body: bytes, secret: str | None = SECRET) -> int:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        async with session.post(url, data=io.BytesIO(body), headers=headers) as response:
            return response.status

    async with webhook(telegram, desk) as (adapter, url), aiohttp.ClientSession() as session:
        update = json.dumps({"update_id": 1}).encode()
        assert await status(session, url, update, None) == 401
        assert await status(session, url, update, "wröng") == 401
        assert await status(session, url, b"{") == 400
        assert await status(session, url, b"\xff") == 400
        assert await status(session, url, b"[1]") == 400
        assert await status(session, url, b'{"update_id": "1"}') == 400
        assert await status(session, url, b" " * (1024 * 1024 + 1)) == 413
        assert await status(session, url, update) == 200
        await adapter.stop()
        assert await status(session, url, update) == 503
    assert desk.requests == []


def test_a_webhook_needs_a_public_url(telegram: TelegramSandbox) -> None:
    with pytest.raises(ValueError, match="public URL"):
        make(telegram, mode="webhook")


# Presses.


async def offer(adapter: TelegramAdapter, ann: TelegramPerson, *blocks: Block) -> Sent:
    await ann.start()
    return await adapter.send(outgoing(ann.id, *blocks), no_note)


async def test_a_press_arrives_and_its_toast_goes_back(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    sent = await offer(adapter, ann, Section("?"), Controls((Button("Dabei", Action("join", ("7",))),)))
    await desk.until(1)
    desk.answer = Answer(Toast("Bis Donnerstag \u202e" + "x" * 300), chat_id=5)
    press = await (await ann.press("Dabei")).answered()
    request = (await desk.until(2))[1]
    assert isinstance(request, ButtonPress)
    assert SEALS.open(request.token, 5) == "join|7"
    assert request.message == sent.ref
    assert press.toast.startswith("Bis Donnerstag xxx")
    assert len(press.toast) == 200
    desk.answer = Answer(Toast("Halt", alert=True))
    assert (await (await ann.press("Dabei")).answered()).alert == "Halt"
    desk.answer = Answer(Toast("Du bist dabei.", start="ticket_7"))
    assert (await (await ann.press("Dabei")).answered()).url == "https://t.me/kumpel_bot?start=ticket_7"


async def test_every_press_is_answered_so_that_the_wheel_stops(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    days = DatePicker("Tag", Action("day"), date(2026, 11, 24), date(2026, 12, 24))
    await offer(adapter, ann, Section("?"), Controls((Button("Ja", Action("yes")), days)))
    await desk.until(1)
    assert not (await (await ann.press("Ja")).answered()).toast
    await (await ann.press("Mo")).answered()
    await (await ann.press("Ja", inaccessible=True)).answered()
    await desk.until(3)
    desk.answer = Answer(Toast("x", start="nicht erlaubt"))
    assert (await (await ann.press("Ja")).answered()).toast == "x"


async def test_a_calendar_turns_in_its_message(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    first, last = date(2026, 11, 24), date(2026, 12, 24)
    days = DatePicker("Tag", Action("day"), first, last)
    await offer(adapter, ann, Section("?"), Controls((days,)), Controls((Button("Zurück", Action("back")),)))
    await desk.until(1)
    desk.answer = Answer(TurnCalendar(Action("day"), date(2026, 12, 1), first, last), chat_id=5)
    await ann.press("›")
    await ann.hears("Dezember 2026")
    message = ann.messages()[-1]
    assert [button.text for button in message.buttons[0]] == ["‹", "Dezember 2026"]
    assert message.buttons[-1][0].text == "Zurück"


async def test_an_old_press_is_taken_without_an_answer(
    telegram: TelegramSandbox, adapter: TelegramAdapter, desk: Desk, ann: TelegramPerson
) -> None:
    await offer(adapter, ann, Section("?"), Controls((Button("Ja", Action("yes")),)))
    telegram.world.press_lifetime = 0.0
    with capture_logs() as logs:
        await ann.press("Ja")
        await until(lambda: any(log["event"] == "press not answered" for log in logs))


# Going out.


async def test_messages_are_sent_edited_and_deleted(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson
) -> None:
    sent = await offer(adapter, ann, Section((Span("17", bold=True), Span(" von 40"))))
    assert sent.kind == "text"
    message = ann.messages()[-1]
    assert (str(message.message_id), message.text) == (sent.ref, "17 von 40")
    assert [entity["type"] for entity in message.entities] == ["bold"]
    changed = outgoing(ann.id, Section("16 von 40"), Controls((LinkButton("Karte", "https://hub.ruhr/x"),)))
    assert await adapter.edit(changed, sent) == sent
    assert await adapter.edit(changed, sent) == sent
    assert message.text == "16 von 40"
    assert message.buttons[0][0].url == "https://hub.ruhr/x"
    await adapter.edit(outgoing(ann.id, Section("16 von 40")), sent)
    assert message.buttons == []
    await adapter.delete(changed, sent)
    await adapter.delete(changed, sent)
    assert message.deleted
    with pytest.raises(PostGoneError):
        await adapter.edit(changed, sent)


async def test_pictures_stay_pictures(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson
) -> None:
    plan = Picture("plan", "Grundriss")
    await ann.start()
    sent = await adapter.send(outgoing(ann.id, Section("17 frei"), plan, picture=PNG), no_note)
    assert sent.kind == "picture"
    message = ann.messages()[-1]
    assert message.photo is not None
    assert (message.text, message.photo.data) == ("17 frei", PNG)
    await adapter.edit(outgoing(ann.id, Section("16 frei"), plan, picture=PNG), sent)
    assert telegram.calls[-1].method == "editMessageCaption"
    await adapter.edit(outgoing(ann.id, Section("15 frei"), plan, picture=PNG + b"2"), sent)
    assert telegram.calls[-1].method == "editMessageMedia"
    assert (message.text, message.photo.data) == ("15 frei", PNG + b"2")
    with pytest.raises(PostGoneError):
        await adapter.edit(outgoing(ann.id, Section("ohne Bild")), sent)
    text = await adapter.send(outgoing(ann.id), no_note)
    with pytest.raises(PostGoneError):
        await adapter.edit(outgoing(ann.id, plan, picture=PNG), text)


async def test_a_file_is_sent_by_itself(adapter: TelegramAdapter, ann: TelegramPerson) -> None:
    await ann.start()
    attachment = Attachment("termin.ics", "text/calendar", b"BEGIN:VCALENDAR", title="Platz 12 & mehr")
    sent = await adapter.send(outgoing(ann.id, content=attachment), no_note)
    document = ann.messages()[-1].document
    assert sent.kind == "file"
    assert document is not None
    assert (document.name, document.mime_type, document.data) == (
        "termin.ics",
        "text/calendar",
        b"BEGIN:VCALENDAR",
    )
    assert ann.messages()[-1].text == "Platz 12 & mehr"
    with pytest.raises(PostGoneError):
        await adapter.edit(outgoing(ann.id, content=attachment), sent)


async def test_topics_and_private_words_in_groups(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson
) -> None:
    forum = await ann.create_forum("Sektor")
    topic = await ann.create_topic(forum, "Termine")
    await ann.add_bot(forum)
    await ann.start()
    await adapter.send(outgoing(forum.id, kind="group", thread=str(topic.thread_id)), no_note)
    assert (await ann.hears("Hallo", forum, topic=topic)).thread_id == topic.thread_id
    await adapter.send(
        outgoing(forum.id, Section("Nur für dich"), kind="group", thread="99", audience=str(ann.id)), no_note
    )
    assert (await ann.hears("Nur für dich")).chat is ann.chat
    with pytest.raises(RefusedError):
        await adapter.send(outgoing(forum.id, kind="group", audience="anon:-5"), no_note)
    await ann.delete_topic(forum, topic)
    with pytest.raises(RefusedError) as error:
        await adapter.send(outgoing(forum.id, kind="group", thread=str(topic.thread_id)), no_note)
    assert error.value.chat == "fine"


async def test_refusals_say_what_they_mean_for_the_chat(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson
) -> None:
    async def refused(chat: int, kind: Literal["direct", "group"] = "direct") -> str:
        with pytest.raises(RefusedError) as error:
            await adapter.send(outgoing(chat, kind=kind), no_note)
        return error.value.chat

    assert await refused(4711) == "gone"
    group = await ann.create_group("G", supergroup=True)
    await ann.add_bot(group)
    assert await refused(ann.id) == "blocked"  # she never wrote to the bot
    await ann.start()
    await ann.block()
    assert await refused(ann.id) == "blocked"
    await ann.mute_bot(group)
    assert await refused(group.id, "group") == "fine"
    await ann.kick_bot(group)
    assert await refused(group.id, "group") == "gone"
    await ann.delete_account()
    assert await refused(ann.id) == "left"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("sendMessage", "429", retry_after=17), TryLaterError),
        (Fault("sendMessage", "5xx"), UncertainError),
        (Fault("sendMessage", "drop"), UncertainError),
        (Fault("sendMessage", "drop", moment="after"), UncertainError),
    ],
)
async def test_a_failed_send_is_tried_once_and_told_exactly(
    telegram: TelegramSandbox,
    adapter: TelegramAdapter,
    ann: TelegramPerson,
    fault: Fault,
    expected: type[SendError],
) -> None:
    await ann.start()
    telegram.faults.add(fault)
    with pytest.raises(expected) as error:
        await adapter.send(outgoing(ann.id), no_note)
    assert len([call for call in telegram.calls if call.method == "sendMessage"]) == 1
    assert telegram.bot_token not in str(error.value)
    assert error.value.__cause__ is None
    if isinstance(error.value, TryLaterError):
        assert (error.value.seconds, error.value.scope) == (17.0, "chat")


async def test_an_answer_that_never_comes_is_uncertain(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ann.start()
    monkeypatch.setattr("bot.adapters.telegram.sending.SEND_SECONDS", 0.05)
    telegram.faults.add(Fault("sendMessage", "stall", seconds=0.2))
    with pytest.raises(UncertainError):
        await adapter.send(outgoing(ann.id), no_note)


async def test_without_a_connection_nothing_was_sent(
    telegram: TelegramSandbox, desk: Desk, unused_tcp_port: int
) -> None:
    async with started(make(telegram, api_url=f"http://127.0.0.1:{unused_tcp_port}"), desk) as adapter:
        assert not adapter.connected
        adapter._sender.bot_username = "kumpel_bot"  # as if it had been connected before
        with pytest.raises(NotSentError) as error:
            await adapter.send(outgoing(1), no_note)
    assert telegram.bot_token not in str(error.value)


async def test_a_wrong_token_is_told_without_showing_it(telegram: TelegramSandbox, desk: Desk) -> None:
    with capture_logs() as logs:
        async with started(make(telegram, token="700100200:wrong"), desk) as adapter:
            assert not adapter.connected
    assert "Telegram refuses the token" in [log["event"] for log in logs]
    assert "700100200:wrong" not in repr(logs)


async def test_nobody_can_look_for_a_sent_message(adapter: TelegramAdapter) -> None:
    fits_the_port: Adapter = adapter
    assert fits_the_port.platform == "telegram"
    with pytest.raises(CannotTellError):
        await adapter.find(outgoing(1), "", NOW)


async def test_limits_are_those_of_telegram(adapter: TelegramAdapter) -> None:
    assert adapter.method(outgoing(1), editing=False) == adapter.method(outgoing(1), editing=True)
    assert [window.calls for window in adapter.method_windows("send")] == [30]
    assert [window.calls for window in adapter.chat_windows("direct")] == [1]
    assert [window.calls for window in adapter.chat_windows("group")] == [1, 20]


# Facts, menus, checks.


async def test_admins_are_known_for_a_minute(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson
) -> None:
    bea = telegram.add_user("Bea")
    group = await ann.create_group("G", supergroup=True)
    await ann.add_bot(group)
    await bea.join(group)
    place = Place("telegram", str(group.id), "group")

    def asked() -> int:
        return len([call for call in telegram.calls if call.method == "getChatMember"])

    assert await adapter.is_chat_admin(Actor("telegram", str(ann.id)), place)
    assert not await adapter.is_chat_admin(Actor("telegram", str(bea.id)), place)
    assert await adapter.is_chat_admin(Actor("telegram", str(ann.id)), place)
    assert asked() == 2
    anonymous = Actor("telegram", f"anon:{group.id}", trusted=False)
    assert not await adapter.is_chat_admin(anonymous, place)
    assert not await adapter.is_chat_admin(
        Actor("telegram", str(ann.id)), Place("telegram", str(ann.id), "direct")
    )
    assert asked() == 2


async def test_an_unknown_admin_is_none(
    telegram: TelegramSandbox, adapter: TelegramAdapter, ann: TelegramPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = await ann.create_group("G", supergroup=True)
    await ann.add_bot(group)
    place, actor = Place("telegram", str(group.id), "group"), Actor("telegram", str(ann.id))
    monkeypatch.setattr("bot.adapters.telegram.admins.ASK_SECONDS", 0.03)
    telegram.faults.add(Fault("getChatMember", "stall", seconds=0.1))
    assert not await adapter.is_chat_admin(actor, place)
    telegram.faults.add(Fault("getChatMember", "5xx"))
    assert not await adapter.is_chat_admin(actor, place)
    monkeypatch.undo()
    assert await adapter.is_chat_admin(actor, place)


MENUS = {
    "de": [CommandEntry("platz", "Platz buchen", "both"), CommandEntry("daten", "Deine Daten", "direct")],
    "en": [CommandEntry("desk", "Book a desk", "both"), CommandEntry("Nicht so", "x", "both")],
}


async def test_the_menu_is_published_by_language_and_only_when_it_changed(
    telegram: TelegramSandbox, adapter: TelegramAdapter
) -> None:
    def published() -> list[tuple[str, str, list[str]]]:
        return [
            (
                call.params.get("language_code", ""),
                call.params["scope"]["type"],
                [command["command"] for command in call.params["commands"]],
            )
            for call in telegram.calls
            if call.method == "setMyCommands"
        ]

    await adapter.publish_commands(MENUS)
    await adapter.publish_commands(MENUS)
    assert published() == [
        ("de", "all_private_chats", ["platz", "daten"]),
        ("de", "all_group_chats", ["platz"]),
        ("", "all_private_chats", ["desk"]),
        ("", "all_group_chats", ["desk"]),
    ]
    telegram.faults.add(Fault("setMyCommands", "429", retry_after=3))
    with pytest.raises(TryLaterError):
        await adapter.publish_commands({"en": []})
    await adapter.publish_commands({"en": []})
    assert published()[-1] == ("", "all_group_chats", [])


async def findings(telegram: TelegramSandbox, **more: Any) -> list[tuple[bool, str]]:
    given: dict[str, Any] = {"token": telegram.bot_token, "mode": "polling", "api_url": telegram.api_url}
    return [(found.ok, found.en) for found in await check(**{**given, "public_url": None, **more})]


async def test_the_check_tells_how_things_stand(
    telegram: TelegramSandbox, desk: Desk, unused_tcp_port: int
) -> None:
    assert await findings(telegram) == [
        (True, "Token is fine: @kumpel_bot"),
        (True, "In groups the bot sees only commands, mentions and replies to it."),
        (True, "Polling works, 0 updates wait."),
        (True, "No command menu yet; the bot makes it when it starts."),
    ]
    assert "No webhook yet" in (await findings(telegram, mode="webhook", public_url="https://hub.ruhr"))[2][1]
    async with webhook(telegram, desk) as (adapter, url):
        await adapter.publish_commands(MENUS)
        assert "A webhook is still set" in (await findings(telegram))[2][1]
        other = await findings(telegram, mode="webhook", public_url="https://hub.ruhr")
        assert other[2] == (
            False,
            f"The webhook points to {url} instead of https://hub.ruhr/telegram/webhook.",
        )
        own = await findings(telegram, mode="webhook", public_url=url.removesuffix("/telegram/webhook"))
        assert own[2:] == [
            (True, "The webhook is set, 0 updates wait."),
            (True, "Command menu: 2 in German, 1 in English."),
        ]
    telegram.world.privacy = False
    assert not (await findings(telegram))[1][0]
    assert await findings(telegram, token="1:wrong") == [
        (False, "Telegram does not know the token. @BotFather hands out a new one with /token.")
    ]
    assert not (await findings(telegram, api_url=f"http://127.0.0.1:{unused_tcp_port}"))[0][0]
