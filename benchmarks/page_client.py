"""A page without a browser: connects as one does, follows what changes, and has people do things."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp

Json = dict[str, Any]
Found = TypeVar("Found")


class CannotBeDoneError(Exception):
    """The server said that a deed can't be done; ``words`` by language."""

    def __init__(self, words: Json) -> None:
        self.words = words
        super().__init__(words["en"])


class PageClient:
    """One open page.

    Attributes:
        state: Everything that the server told, kept up to date.
        stories: What was told of what happens behind messages.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._changed = asyncio.Event()
        self.state: Json = {}
        self.stories: list[Json] = []

    async def listen(self) -> None:
        """Follow what the server tells, until the connection ends."""
        async for frame in self._socket:
            said = json.loads(frame.data)
            match said["type"]:
                case "state":
                    self.state = said
                case "change":
                    for path, value in said["set"]:
                        _put(self.state, path, value)
                case "story":
                    self.stories.append(said)
                case "done" | "cannot" if answer := self._answers.pop(said["id"], None):
                    answer.set_result(said)
            self._changed.set()

    async def do(self, name: str, who: str = "", **fields: Any) -> Any:
        """Have somebody do something; returns the result.

        Raises:
            CannotBeDoneError: The server said so.
        """
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({**fields, "id": number, "do": name, "as": who}))
        said = await answer
        if said["type"] == "cannot":
            raise CannotBeDoneError(said)
        return said["result"]

    async def until(self, look: Callable[[Json], Found], seconds: float = 10.0) -> Found:
        """Wait until ``look`` finds something in the state, and return it.

        Raises:
            TimeoutError: It did not, in so many seconds.
        """
        async with asyncio.timeout(seconds):
            while not (self.state and (found := look(self.state))):
                self._changed.clear()
                await self._changed.wait()
            return found


@asynccontextmanager
async def open_page(url: str) -> AsyncIterator[PageClient]:
    """Open the page that the demo at ``url`` serves, and wait until it knows everything."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{url}/ws", origin=url, max_msg_size=0) as socket,
    ):
        page = PageClient(socket)
        listening = asyncio.create_task(page.listen())
        try:
            await page.until(bool)
            yield page
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


def _put(tree: Json, path: list[str], value: Any) -> None:
    *way, last = path
    for key in way:
        tree = tree.setdefault(key, {})
    if value is None:
        tree.pop(last, None)
    else:
        tree[last] = value
