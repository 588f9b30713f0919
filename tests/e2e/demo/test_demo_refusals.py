"""Whom and what the demo's server refuses: foreign pages, and frames that are none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from demo_stage import answers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.page_client import Json, PageClient
from bot.demo.page import MOST_BYTES
from bot.demo.serving import RunningPage
from bot.sandbox.telegram.state import StoredFile


async def _status(running: RunningPage, path: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(running.url + path, headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize(
    "path", ["/", "/ws", "/js/main.js", "/slack/api/auth.test", "/telegram/bot1:x/getMe", "/nowhere"]
)
async def test_a_foreign_name_or_page_is_refused_everywhere(running: RunningPage, path: str) -> None:
    port = running.url.rpartition(":")[2]
    for host in (
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        f"127.0.0.1.evil.example:{port}",
        "",
    ):
        assert await _status(running, path, Host=host) == 403, host
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", f"https://127.0.0.1:{port}", ""):
        assert await _status(running, path, Origin=origin) == 403, origin
    assert await _status(running, path, **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}) == 403


async def test_its_own_names_are_served_with_headers_that_forbid_the_rest(running: RunningPage) -> None:
    port = running.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert await _status(running, "/", Host=f"{host}:{port}", Origin=f"http://{host}:{port}") == 200
    assert await _status(running, "/", **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}) == 200
    async with aiohttp.ClientSession() as session:
        for path, kind in (("/", "text/html"), ("/js/main.js", "javascript"), ("/style/base.css", "text/css")):
            async with session.get(running.url + path) as answer:
                assert answer.status == 200
                assert kind in answer.headers["Content-Type"]
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
                assert "unsafe" not in answer.headers["Content-Security-Policy"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Cache-Control"] == "no-cache"
        for path in ("/js/../page.py", "/js/%2e%2e/%2e%2e/page.py", "/static/index.html", "/js/"):
            async with session.get(f"{running.url}{path}") as answer:
                assert answer.status in (403, 404), path


async def test_it_listens_on_this_machine_only(running: RunningPage) -> None:
    assert running.url.startswith("http://127.0.0.1:")


async def test_pictures_are_shown_and_everything_else_is_only_stored(running: RunningPage) -> None:
    world = running.stage.world.telegram.world
    picture: StoredFile = world.add_file("photo", "photo.jpg", "image/jpeg", b"\xff\xd8")
    document: StoredFile = world.add_file("document", "Früh & spät.svg", "image/svg+xml", b"<svg/>")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{running.url}/files/telegram/{picture.file_id}/x") as answer:
            assert (answer.content_type, await answer.read()) == ("image/jpeg", b"\xff\xd8")
            assert answer.headers["Content-Disposition"].startswith("inline")
        async with session.get(f"{running.url}/files/telegram/{document.file_id}/x") as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''Fr%C3%BCh")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in ("/files/telegram/none/x", "/files/slack/F1/x"):
            async with session.get(running.url + path) as answer:
                assert answer.status == 404


NAMES = (
    *("slack.say", "slack.edit", "slack.delete", "slack.press", "slack.pick", "slack.submit", "slack.close"),
    *("slack.home", "slack.shortcut", "telegram.say", "telegram.start", "telegram.press", "telegram.open"),
    *("telegram.block", "telegram.unblock", "world.move", "world.fault", "glass.story", "nothing", ""),
)
FIELDS = (
    *("channel", "chat", "text", "thread", "ts", "view", "block_id", "action_id", "value", "values", "all", "tab"),
    *(
        "callback_id",
        "topic",
        "reply_to",
        "message_id",
        "row",
        "col",
        "url",
        "payload",
        "platform",
        "kind",
        "place",
    ),
    *("message", "to"),
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["0", "-1", "hour?"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
deeds = st.fixed_dictionaries(
    {"do": st.sampled_from(NAMES) | anything, "as": st.sampled_from(["lena", "mira", "aylin"]) | anything},
    optional={"id": anything} | dict.fromkeys(FIELDS, anything),
)


@pytest.fixture(scope="module")
def frames() -> list[str]:
    """Frames of all kinds, as hypothesis thinks of them."""
    thought_of: list[str] = []

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(frame=deeds.map(json.dumps) | anything.map(json.dumps) | st.text(max_size=30))
    def think(frame: str) -> None:
        thought_of.append(frame)

    think()
    return thought_of


async def test_no_frame_breaks_the_server_or_the_connection(
    running: RunningPage, page: PageClient, frames: list[str]
) -> None:
    assert len(frames) >= 300
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    half_a_pair = '{"do":"slack.say","as":"lena","text":"\\ud800"}'
    async with wild_page(running) as wild:
        for frame in [*frames, '{"id":1e999}', deep, half_a_pair]:
            await wild.send_str(frame)
        await wild.send_bytes(b"\x00\xff")
        await wild.send_str('{"id": 424242, "do": "slack.say", "as": "lena", "text": "still here"}')
        refused: list[Json] = []
        async with asyncio.timeout(40):
            while (said := json.loads((await wild.receive()).data)).get("id") != 424242:
                if said["type"] == "cannot":
                    refused.append(said)
        assert said["type"] == "done"
    assert len(refused) > 100
    assert all(each["de"] and each["en"] and "terminal" not in each["en"] for each in refused)
    await page.do("slack.say", "sam", text="hello?")
    await page.until(lambda state: answers(state, "sam", "slack"))


async def test_a_frame_that_is_too_large_ends_only_its_own_connection(
    running: RunningPage, page: PageClient
) -> None:
    async with wild_page(running) as wild:
        await wild.send_str("x" * (MOST_BYTES + 1))
        async with asyncio.timeout(5):
            while (await wild.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert wild.closed
    await page.do("slack.say", "lena", text="hi")


@asynccontextmanager
async def wild_page(running: RunningPage) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A page that sends whatever it likes."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{running.url}/ws", origin=running.url, max_msg_size=0) as wild,
    ):
        yield wild
