"""The page's server side: its files, and a WebSocket for each page that is open."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from typing import Any, Protocol

import structlog
from aiohttp import WSMsgType, web

from bot.demo.board import Board
from bot.demo.cast import CannotError
from bot.demo.files import add_files
from bot.demo.guard import add_headers, ignore_hang_ups, refuse_strangers
from bot.sandbox.telegram.server import MAX_REQUEST
from bot.sandbox.world import SandboxWorld

log = structlog.get_logger(__name__)

Json = dict[str, Any]

MOST_BYTES = 256 * 1024
"""Largest frame taken from a page."""

MOST_FRAMES = 500
"""So many frames wait for a slow page; then it is told everything anew instead."""

MOST_DEEDS = 32
"""Deeds of one page under way at once; the next one waits for its turn."""


class Doer(Protocol):
    """Does what pages ask for; see :class:`bot.demo.deeds.Deeds`."""

    async def do(self, asked: Json) -> Json:
        """Do it and return the result.

        Raises:
            CannotError: It is not possible.
        """


class Pages:
    """All open pages.

    Attributes:
        app: Serves them; the platforms' routes are to be added to it.
    """

    def __init__(self) -> None:
        self.app = web.Application(client_max_size=MAX_REQUEST, middlewares=[refuse_strangers, ignore_hang_ups])
        self.app.on_response_prepare.append(add_headers)
        self.app.on_shutdown.append(self._close)
        self.app.router.add_get("/ws", self._serve)
        self._world: SandboxWorld | None = None
        self._begun: asyncio.Future[tuple[Board, Doer]] = asyncio.get_running_loop().create_future()
        self._open: set[_Page] = set()
        add_files(self.app, lambda: self._world)

    def begin(self, world: SandboxWorld, board: Board, deeds: Doer) -> None:
        """Show the board from now on, and do what pages ask for; those that came earlier have waited."""
        self._world = world
        self._begun.set_result((board, deeds))
        board.subscribe(self.broadcast)

    def broadcast(self, frame: str) -> None:
        """Tell every page."""
        for page in self._open:
            page.tell(frame)

    def broadcast_story(self, story: Json) -> None:
        """Tell every page what happened behind a message."""
        if self._open:
            self.broadcast(json.dumps({**story, "type": "story"}))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        # Uncompressed: nothing is gained on one machine, and what is to be compressed as a page goes is an error.
        socket = web.WebSocketResponse(heartbeat=30.0, max_msg_size=MOST_BYTES, compress=False)
        await socket.prepare(request)
        page = _Page(socket, *await asyncio.shield(self._begun))
        self._open.add(page)
        try:
            await page.run()
        finally:
            self._open.discard(page)
        return socket

    async def _close(self, _: web.Application) -> None:
        await asyncio.gather(*(page.socket.close(code=1001) for page in self._open))


class _Page:
    """One open page."""

    def __init__(self, socket: web.WebSocketResponse, board: Board, deeds: Doer) -> None:
        self.socket = socket
        self._board = board
        self._deeds = deeds
        self._answers: deque[str] = deque()
        self._news: deque[str] = deque()
        self._behind = True
        self._something = asyncio.Event()
        self._something.set()
        self._free = asyncio.Semaphore(MOST_DEEDS)
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, frame: str) -> None:
        """Send a piece of news, in its turn; a page that is too slow gets the whole state later on instead."""
        if self._behind:
            return
        if len(self._news) >= MOST_FRAMES:
            self._news.clear()
            self._behind = True
        else:
            self._news.append(frame)
        self._something.set()

    async def run(self) -> None:
        """Send and listen until the page is closed."""
        sending = asyncio.create_task(self._send())
        try:
            async for frame in self.socket:
                if frame.type is WSMsgType.TEXT:
                    await self._free.acquire()
                    task = asyncio.create_task(self._take(frame.data))
                    self._tasks.add(task)
                    task.add_done_callback(self._taken)
        finally:
            for task in (sending, *self._tasks):
                task.cancel()
            await asyncio.gather(sending, *self._tasks, return_exceptions=True)

    def _taken(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._free.release()

    async def _send(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):  # the page is gone; the listening side ends it
            while True:
                await self._something.wait()
                self._something.clear()
                while self._behind or self._news or self._answers:
                    await self.socket.send_str(self._next())

    def _next(self) -> str:
        """The next frame: news first, so that an answer never tells of what is not shown yet."""
        if self._behind:
            self._behind = False
            return self._board.state()
        return self._news.popleft() if self._news else self._answers.popleft()

    async def _take(self, text: str) -> None:
        number: int | None = None
        try:
            asked = _read(text)
            number = asked.get("id") if type(asked.get("id")) is int else None
            answer: Json = {"type": "done", "id": number, "result": await self._deeds.do(asked)}
        except CannotError as cannot:
            answer = {"type": "cannot", "id": number, "de": cannot.words.de, "en": cannot.words.en}
        except Exception:  # whatever it was: neither this page nor another one may suffer
            log.exception("deed_failed")
            answer = {
                "type": "cannot",
                "id": number,
                "de": "Das hat nicht geklappt. Im Terminal steht, woran es lag.",
                "en": "That did not work. The terminal says why.",
            }
        self._board.flush()
        self._answers.append(json.dumps(answer))
        self._something.set()


def _read(text: str) -> Json:
    """What a page sent; half surrogate pairs, which no store takes, become question marks.

    Raises:
        CannotError: It is no JSON object.
    """
    try:
        asked = json.loads(text, parse_constant=_refuse_constant)
        asked = json.loads(json.dumps(asked, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise CannotError("Die Demo versteht nur JSON-Objekte.", "The demo understands JSON objects only.")
    return asked


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
