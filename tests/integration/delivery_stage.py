"""A stage for delivery: a real store and house, and a platform that does what a test wrote down for it.

The platform is made up; that the real adapters raise what it raises is held by their own tests.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple

from bot.adapters.port import (
    CannotTellError,
    Dispatch,
    Outgoing,
    Sent,
    Window,
)
from bot.delivery.delivery import Delivery
from bot.metrics import Metrics
from handlers.core.context import House
from handlers.core.payloads import dump_message
from handlers.core.requests import Actor, Place
from handlers.core.ui import Attachment, Reply, Section, plain
from storage import chats, outbox, people, posts, roles
from storage.chats import Chat
from storage.database import Database
from storage.outbox import REPLY
from storage.switches import get_switch, mark_switch

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class FastClock:
    """Real time, running faster: what lasts a minute is over in a fraction of a second.

    The wall clock can be set, as people and time servers do.
    """

    def __init__(self, speed: float = 100.0) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self.shift = timedelta()

    def now(self) -> datetime:
        return START + self.shift + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


class Call(NamedTuple):
    """One call that arrived at the platform."""

    kind: Literal["send", "edit", "delete", "find"]
    at: float
    out: Outgoing
    ref: str

    @property
    def text(self) -> str:
        return text_of(self.out)


class Fault(NamedTuple):
    """What happens to the next calls that fit.

    Attributes:
        error: Raised in the end; None hangs until cancelled.
        arrives: Does the message stand all the same?
        note: A word to keep before the irreversible step.
    """

    kind: str
    fits: str
    error: BaseException | None
    arrives: bool = False
    note: str = ""


def text_of(out: Outgoing) -> str:
    content = out.content
    if isinstance(content, Attachment):
        return content.filename
    return " ".join(plain(block.text) for block in content.blocks if isinstance(block, Section))


class Platform:
    """An adapter whose network is a list of faults."""

    in_flight = 4
    request_timeout = 5.0

    def __init__(self, platform: str, clock: FastClock) -> None:
        self.platform = platform
        self.connected = True
        self.caught_up = True
        self.can_tell = True
        self.latency = 0.0
        self.windows: dict[str, tuple[Window, ...]] = {}
        self.chat_window: tuple[Window, ...] = (Window(1, 1.0),)
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.standing: dict[str, Outgoing] = {}
        self.under_way = self.most_under_way = 0
        self.admin: bool | Exception = False
        self._clock = clock
        self._refs = 0

    def fail(
        self,
        error: BaseException | None,
        *,
        kind: str = "send",
        fits: str = "",
        times: int = 1,
        arrives: bool = False,
        note: str = "",
    ) -> None:
        """Let the next calls of a kind whose text holds ``fits`` fail."""
        self.faults += [Fault(kind, fits, error, arrives, note)] * times

    def texts(self, kind: str = "send") -> list[str]:
        return [call.text for call in self.calls if call.kind == kind]

    def shown(self) -> list[str]:
        """What people see, in the order in which it was posted."""
        return [text_of(out) for out in self.standing.values()]

    def method(self, out: Outgoing, editing: bool) -> str:
        if isinstance(out.content, Attachment):
            return "file"
        return "home" if out.surface == "home" else "edit" if editing else "send"

    def method_windows(self, method: str) -> tuple[Window, ...]:
        return self.windows.get(method, ())

    def chat_windows(self, kind: Literal["direct", "group"]) -> tuple[Window, ...]:
        return self.chat_window

    async def send(self, out: Outgoing, note: Callable[[str], Awaitable[None]]) -> Sent:
        self._refs += 1
        ref = f"m{self._refs}"
        async with _Under(self):
            fault = self._called("send", out, ref)
            if fault and fault.note:
                await note(fault.note)
            if not fault or fault.arrives:
                self.standing[ref] = out
            await self._end(fault)
        return Sent(ref, "home" if out.surface == "home" else "text")

    async def edit(self, out: Outgoing, sent: Sent) -> Sent:
        async with _Under(self):
            fault = self._called("edit", out, sent.ref)
            if not fault or fault.arrives:
                self.standing[sent.ref] = out
            await self._end(fault)
        return sent

    async def delete(self, out: Outgoing, sent: Sent) -> None:
        await self._end(self._called("delete", out, sent.ref))
        self.standing.pop(sent.ref, None)

    async def find(self, out: Outgoing, note: str, since: datetime) -> Sent | None:
        await self._end(self._called("find", out, note))
        if not self.can_tell:
            raise CannotTellError("no trace")
        return next((Sent(ref) for ref, standing in self.standing.items() if standing.key == out.key), None)

    async def is_chat_admin(self, actor: Actor, place: Place) -> bool:
        if isinstance(self.admin, Exception):
            raise self.admin
        return self.admin

    async def start(self, dispatch: Dispatch, read_since: datetime) -> None: ...

    async def stop(self) -> None: ...

    async def close(self) -> None: ...

    def start_link(self, payload: str) -> str:
        return f"https://{self.platform}.example/{payload}"

    async def publish_commands(self, menus: Any) -> None: ...

    def _called(self, kind: Literal["send", "edit", "delete", "find"], out: Outgoing, ref: str) -> Fault | None:
        call = Call(kind, self._clock.monotonic(), out, ref)
        self.calls.append(call)
        for fault in self.faults:
            if fault.kind == kind and fault.fits in call.text:
                self.faults.remove(fault)
                return fault
        return None

    async def _end(self, fault: Fault | None) -> None:
        if self.latency:
            await self._clock.sleep(self.latency)
        if fault is None:
            return
        if fault.error is None:
            await asyncio.Event().wait()
        else:
            raise fault.error


class _Under:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def __aenter__(self) -> None:
        self._platform.under_way += 1
        self._platform.most_under_way = max(self._platform.under_way, self._platform.most_under_way)

    async def __aexit__(self, *_: object) -> None:
        self._platform.under_way -= 1


class Stage:
    """A running delivery, which can be stopped, killed and started again on the same store."""

    def __init__(self, path: Path, house: House, speed: float = 100.0) -> None:
        self.house = house
        self.clock = FastClock(speed)
        self.platform = Platform("telegram", self.clock)
        self.other = Platform("slack", self.clock)
        self.metrics = Metrics()
        self.path = path
        self.database = Database(path, busy_milliseconds=20)
        self.delivery = self._delivery()

    def _delivery(self) -> Delivery:
        platforms = {"telegram": self.platform, "slack": self.other}
        return Delivery(platforms, self.house, self.database, self.clock, self.metrics)

    async def start(self) -> None:
        await self.database.open()
        await self.delivery.start()

    async def stop(self) -> None:
        await self.delivery.stop()
        await self.database.close()

    async def kill(self) -> None:
        """End as kill -9 does: nothing is settled, nothing is waited for."""
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        senders = [
            task
            for task in tasks
            if "Sender." in repr(task.get_coro()) or task.get_name().startswith(("send-", "settle-"))
        ]
        for task in senders:
            task.cancel()
        await asyncio.gather(*senders, return_exceptions=True)
        await self.database.close()

    async def start_again(self) -> None:
        self.database = Database(self.path, busy_milliseconds=20)
        self.delivery = self._delivery()
        await self.start()

    async def chat(
        self, name: str = "1", kind: Literal["direct", "group"] = "group", on: str = "telegram"
    ) -> Chat:
        now = self.clock.now()
        return await self.database.write(lambda tx: chats.add_chat(tx, on, name, kind, f"Chat {name}", now))

    async def lead(self) -> Chat:
        """Somebody who is a lead, on Slack, and their direct chat."""

        def add(tx: Any) -> None:
            person = people.add_account(tx, "slack", "lead", START).person_id
            roles.add_role(tx, person, "lead", None, START)

        await self.database.write(add)
        return await self.chat("lead", "direct", on="slack")

    async def say(self, chat: Chat, *texts: str, lane: int = REPLY, key: str = "", **more: Any) -> list[int]:
        """Put messages into the outbox, in one transaction; a text is also its key."""
        now = self.clock.now()

        def add(tx: Any) -> list[int]:
            return [
                outbox.add_message(
                    tx,
                    chat,
                    key=key or f"{chat.id}:{text}",
                    payload=dump_message(reply(text)),
                    lane=lane,
                    now=now,
                    **more,
                )
                for text in texts
            ]

        return await self.database.write(add)

    async def show(self, chat: Chat, subject: str = "board:1", text: str = "first", **more: Any) -> None:
        now = self.clock.now()

        def add(tx: Any) -> None:
            mark_switch(tx, subject, text)
            posts.add_post(tx, subject, "small.board", chat, lane=REPLY, now=now, **more)

        await self.database.write(add)

    async def change(self, text: str, subject: str = "board:1") -> None:
        def write(tx: Any) -> None:
            mark_switch(tx, subject, text)
            posts.mark_posts_wanted(tx, subject)

        await self.database.write(write)

    async def switch(self, name: str) -> str:
        return await self.database.read(lambda tx: get_switch(tx, name))

    async def state(self, row: int, table: str = "outbox") -> str:
        return str(
            await self.database.read(lambda tx: tx.value(f"SELECT state FROM {table} WHERE id = ?", (row,)))
        )

    async def reaches(self, what: Callable[[], Any], seconds: float = 5.0) -> None:
        """Wait until something is so; ``seconds`` are real ones."""
        async with asyncio.timeout(seconds):
            while True:
                found = what()
                if asyncio.iscoroutine(found):
                    found = await found
                if found:
                    return
                await asyncio.sleep(0.002)

    async def quiet(self, seconds: float = 5.0) -> None:
        """Wait until nothing is under way and nothing waits."""
        await self.reaches(self._is_quiet, seconds)

    def _is_quiet(self) -> bool:
        senders = self.delivery.senders.values()
        return self.database.idle and all(sender.idle and not len(sender.queue) for sender in senders)


def reply(text: str) -> Reply:
    return Reply(blocks=(Section(text),), summary=text)
