"""getUpdates, webhooks, faults and the HTTP surface of the local Telegram, driven by the real bot library."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from bot.clock import ManualClock
from bot.sandbox.faults import Fault
from bot.sandbox.telegram import TelegramPerson, TelegramSandbox
from bot.sandbox.telegram.webhook import retry_delay


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # otherwise the library warns at each RetryAfter


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 2, 9, tzinfo=UTC))


@pytest.fixture
async def telegram(clock: ManualClock) -> AsyncIterator[TelegramSandbox]:
    async with TelegramSandbox.running(clock=clock, first_update_id=1000) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(telegram: TelegramSandbox) -> AsyncIterator[Bot]:
    async with _bot(telegram) as bot:
        yield bot


def _bot(telegram: TelegramSandbox, token: str = "") -> Bot:
    return Bot(
        token or telegram.bot_token,
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.api_url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )


@pytest.fixture
def ada(telegram: TelegramSandbox) -> TelegramPerson:
    return telegram.add_user("Ada", language="de", username="ada_l")


def texts(updates: Sequence[Update]) -> list[str | None]:
    return [update.message.text for update in updates if update.message is not None]


async def _held(telegram: TelegramSandbox) -> None:
    """Return once a getUpdates call has come in and waits."""
    await _until(lambda: telegram.world.queue._held is not None)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.001)


async def test_an_offset_confirms_what_lies_below_it(bot: Bot, ada: TelegramPerson) -> None:
    for text in ("eins", "zwei", "drei"):
        await ada.say(text)
    assert [u.update_id for u in await bot.get_updates(limit=2)] == [1000, 1001]
    assert texts(await bot.get_updates(offset=1001)) == ["zwei", "drei"]
    assert [u.update_id for u in await bot.get_updates(offset=1)] == [1001, 1002]
    assert [u.update_id for u in await bot.get_updates(offset=1003, limit=1)] == []


async def test_a_negative_offset_keeps_only_the_last_ones(bot: Bot, ada: TelegramPerson) -> None:
    for text in ("eins", "zwei", "drei"):
        await ada.say(text)
    assert texts(await bot.get_updates(offset=-1)) == ["drei"]
    assert texts(await bot.get_updates()) == ["drei"]


async def test_a_held_poll_ends_with_the_next_update(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await _held(telegram)
    await ada.say("da")
    assert texts(await poll) == ["da"]


async def test_a_held_poll_ends_empty_when_its_time_is_over(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=300))
    await _held(telegram)
    clock.advance(49)
    await asyncio.sleep(0.01)
    assert not poll.done()  # the time is cut to 50 s
    clock.advance(1)
    assert await poll == ()


async def test_asking_the_same_again_at_once_is_slowed_down(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson
) -> None:
    await ada.say("eins")
    await ada.say("zwei")
    assert len(await bot.get_updates(offset=1000)) == 2
    assert len(await bot.get_updates(offset=1000)) == 1
    clock.advance(1)
    assert await bot.get_updates(offset=1002) == ()
    poll = asyncio.create_task(bot.get_updates(offset=1002))
    await _held(telegram)
    clock.advance(3)
    assert await poll == ()


async def test_a_second_poller_ends_the_first(telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await _held(telegram)
    async with _bot(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await _held(telegram)
        await ada.say("da")
        assert len(await second) == 1


async def test_updates_last_a_day_and_presses_less(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson
) -> None:
    await ada.start()
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Ja", callback_data="y")]])
    await bot.send_message(ada.id, "?", reply_markup=markup)
    await ada.press("Ja")
    assert len(await bot.get_updates()) == 2
    clock.advance(150)
    assert texts(await bot.get_updates()) == ["/start"]
    clock.advance(timedelta(days=1).total_seconds())
    assert await bot.get_updates(timeout=0) == ()


async def test_only_wanted_kinds_of_updates_are_queued(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson
) -> None:
    assert await bot.get_updates(allowed_updates=["edited_message"]) == ()
    message = await ada.say("eins")
    await ada.edit(message, "zwei")
    clock.advance(5)
    [update] = await bot.get_updates()
    assert update.edited_message is not None
    assert update.edited_message.text == "zwei"
    assert (await bot.get_webhook_info()).allowed_updates == ("edited_message",)


async def test_an_update_can_come_again_and_ids_can_start_anew(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson
) -> None:
    await ada.say("eins")
    assert len(await bot.get_updates()) == 1
    assert await bot.get_updates(offset=1001) == ()
    await telegram.redeliver(1000)
    clock.advance(4)
    [again] = await bot.get_updates(offset=1001)
    assert (again.update_id, texts([again])) == (1000, ["eins"])
    telegram.restart_update_ids(17)
    await ada.say("zwei")
    [anew] = await bot.get_updates(offset=1002)
    assert anew.update_id == 17


async def test_wrong_tokens_methods_and_paths(telegram: TelegramSandbox) -> None:
    async with aiohttp.ClientSession() as session:

        async def ask(path: str) -> tuple[int, str]:
            async with session.get(telegram.api_url + path) as response:
                return response.status, (await response.json())["description"]

        assert await ask("/bot123:wrong/getMe") == (401, "Unauthorized")
        assert await ask("/botnonsense/getMe") == (401, "Unauthorized: invalid token specified")
        assert await ask(f"/bot{telegram.bot_token}/fly") == (404, "Not Found: method not found")
        assert await ask("/elsewhere") == (404, "Not Found")
        assert await ask(f"/file/bot{telegram.bot_token}/photos/none.jpg") == (404, "Not Found")
        async with session.get(f"{telegram.api_url}/bot{telegram.bot_token}/GETME") as response:
            assert (await response.json())["result"]["username"] == telegram.bot_username
    stranger = _bot(telegram, "123:wrong")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    for request in stranger._request:
        await request.shutdown()


@pytest.mark.parametrize("how", ["query", "form", "json", "multipart"])
async def test_parameters_come_in_every_encoding(telegram: TelegramSandbox, ada: TelegramPerson, how: str) -> None:
    await ada.start()
    url = f"{telegram.api_url}/bot{telegram.bot_token}/SendMessage"
    values = {"chat_id": str(ada.id), "text": "Grüße 🙂"}
    async with aiohttp.ClientSession() as session:
        if how == "query":
            response = await session.get(url, params=values)
        elif how == "json":
            response = await session.post(url, json=values | {"chat_id": ada.id})
        elif how == "form":
            response = await session.post(url, data=values)
        else:
            with aiohttp.MultipartWriter("form-data") as writer:
                for name, value in values.items():
                    writer.append(value).set_content_disposition("form-data", name=name)
            response = await session.post(url, data=writer)
        assert (await response.json())["ok"] is True
    assert ada.messages()[-1].text == "Grüße 🙂"
    assert telegram.calls[-1].params["text"] == "Grüße 🙂"


@pytest.mark.parametrize(
    "params",
    [
        {"text": "x", "entities": [{"type": "bold"}]},
        {"text": "x", "entities": "{"},
        {"text": "x", "reply_parameters": {"message_id": "y"}},
        {"text": "x", "reply_markup": "[]"},
        {"text": "x", "reply_markup": {"inline_keyboard": [{}]}},
        {"text": "x", "parse_mode": "Markdown"},
        {"text": "x", "message_thread_id": 5},
        {"text": "x", "chat_id": ""},
        {"text": "x", "chat_id": "@nobody_here"},
    ],
)
async def test_malformed_parameters_are_refused(
    telegram: TelegramSandbox, ada: TelegramPerson, params: dict[str, object]
) -> None:
    await ada.start()
    url = f"{telegram.api_url}/bot{telegram.bot_token}/sendMessage"
    request = {"chat_id": ada.id} | params
    async with aiohttp.ClientSession() as session, session.post(url, json=request) as response:
        body = await response.json()
    assert (response.status, body["ok"], body["error_code"]) == (400, False, 400)
    assert body["description"].startswith("Bad Request: ")


async def test_commands_by_scope_and_language(bot: Bot, ada: TelegramPerson) -> None:
    await bot.set_my_commands([("hilfe", "Was ich kann")], language_code="de")
    await bot.set_my_commands([("help", "What I can do")])
    assert [c.command for c in await bot.get_my_commands(language_code="de")] == ["hilfe"]
    assert [c.command for c in await bot.get_my_commands()] == ["help"]
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Über-uns", "x")])
    await bot.set_my_description("Fragt mich!", language_code="de")
    assert (await bot.get_my_description("de")).description == "Fragt mich!"
    assert (await bot.get_my_description("en")).description == ""


async def test_faults_hit_before_or_after_the_effect(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson
) -> None:
    await ada.start()
    telegram.faults.add(Fault("send*", "5xx"))
    with pytest.raises(NetworkError, match="Internal Server Error"):
        await bot.send_message(ada.id, "nie")
    telegram.faults.add(Fault("sendMessage", "429", retry_after=7, chat=ada.id))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(ada.id, "nie")
    assert refused.value.retry_after == timedelta(seconds=7)
    telegram.faults.add(Fault("sendMessage", "drop", moment="after"))
    with pytest.raises(NetworkError):
        await bot.send_message(ada.id, "doch")
    assert telegram.calls[-1].status == 0
    assert [m.text for m in ada.messages()] == ["/start", "doch"]
    telegram.faults.add(Fault("sendMessage", "stall", seconds=9))
    call = asyncio.create_task(bot.send_message(ada.id, "spät"))
    await _until(lambda: clock.next_wake() is not None)
    assert len(ada.messages()) == 2
    clock.advance(9)
    await call
    assert ada.messages()[-1].text == "spät"


class Hook:
    """A bot's webhook endpoint that answers what it is told to."""

    def __init__(self) -> None:
        self.url = ""
        self.got: list[tuple[str, dict[str, object]]] = []
        self.answers: list[web.Response] = []
        self.arrived = asyncio.Event()

    async def serve(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        self.got.append((secret, await request.json()))
        self.arrived.set()
        return self.answers.pop(0) if self.answers else web.Response()

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.got) < count:
                self.arrived.clear()
                await self.arrived.wait()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = "http://{}:{}/hook".format(*runner.addresses[0])
    yield hook
    await runner.cleanup()


async def test_a_webhook_gets_one_update_a_post_in_order(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson, hook: Hook
) -> None:
    await ada.say("vorher")
    await bot.set_webhook(hook.url, secret_token="a-B_1")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await ada.say("nachher")
    await hook.wait_for(2)
    assert {secret for secret, _ in hook.got} == {"a-B_1"}
    assert [update["message"]["text"] for _, update in hook.got] == ["vorher", "nachher"]  # type: ignore[index]
    await asyncio.sleep(0.01)
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_a_failed_delivery_is_repeated_until_it_succeeds(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson, hook: Hook
) -> None:
    hook.answers = [web.Response(status=500), web.Response(status=404), web.Response(status=204)]
    await bot.set_webhook(hook.url)
    await ada.say("eins")
    await ada.say("zwei")
    await hook.wait_for(2)  # the first repetition comes at once
    await _until(lambda: clock.next_wake() is not None)
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
    assert info.pending_update_count == 2
    clock.advance(2)
    await hook.wait_for(4)
    assert [update["update_id"] for _, update in hook.got] == [1000, 1000, 1000, 1001]


async def test_a_webhook_that_is_gone_for_a_day_is_dropped(
    telegram: TelegramSandbox, clock: ManualClock, bot: Bot, ada: TelegramPerson, hook: Hook
) -> None:
    hook.answers = [web.Response(status=410) for _ in range(9)]
    await bot.set_webhook(hook.url)
    await ada.say("eins")
    await hook.wait_for(2)
    await _until(lambda: clock.next_wake() is not None)
    clock.advance(timedelta(hours=23).total_seconds() + 1)
    await hook.wait_for(3)
    await _until(lambda: not telegram.webhook.url)
    clock.advance(5)
    assert texts(await bot.get_updates()) == ["eins"]


def test_the_waits_between_attempts_grow_to_a_minute_or_two() -> None:
    assert [retry_delay(n) for n in range(6)] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= retry_delay(n) <= 120 for n in range(7, 40))


async def test_a_method_in_the_webhooks_answer_is_executed(
    telegram: TelegramSandbox, bot: Bot, ada: TelegramPerson, hook: Hook
) -> None:
    answer = {"method": "sendMessage", "chat_id": ada.id, "text": "prompt"}
    hook.answers = [web.json_response(answer), web.json_response({"method": "deleteWebhook"})]
    await bot.set_webhook(hook.url)
    await ada.say("eins")
    await ada.hears("prompt")
    await ada.say("zwei")
    await hook.wait_for(2)
    assert (await bot.get_webhook_info()).url == hook.url


async def test_what_set_webhook_refuses(telegram: TelegramSandbox, clock: ManualClock, bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"^Bad webhook: an https url must be provided for webhook$"):
        await bot.set_webhook("http://example.com/hook")
    with pytest.raises(BadRequest, match=r"^Secret token contains unallowed characters$"):
        await bot.set_webhook("https://example.com/hook", secret_token="ü")
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await _held(telegram)
    await bot.set_webhook("https://127.0.0.1:1/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(RetryAfter):
        await bot.delete_webhook()
    clock.advance(1)
    assert await bot.delete_webhook()
    assert await bot.get_updates(offset=5) == ()


async def test_a_held_poll_does_not_keep_the_server_open() -> None:
    started = asyncio.get_running_loop().time()
    async with TelegramSandbox.running() as telegram:
        bot = _bot(telegram)
        await bot.initialize()
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await _held(telegram)
    assert await poll == ()
    assert asyncio.get_running_loop().time() - started < 2
    await bot.shutdown()


async def test_closing_ends_a_held_poll_with_nothing(telegram: TelegramSandbox, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await _held(telegram)
    await telegram.close()
    assert await poll == ()


async def test_both_sandboxes_fit_one_application() -> None:
    app = web.Application()
    telegram = TelegramSandbox()
    telegram.attach(app, "/telegram", public_url="http://127.0.0.1:8080")
    assert telegram.api_url == "http://127.0.0.1:8080/telegram"
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as session:
        url = f"http://{host}:{port}/telegram/bot{telegram.bot_token}/getMe"
        async with session.post(url) as response:
            assert json.loads(await response.text())["result"]["id"] == telegram.bot_id
    await runner.cleanup()
