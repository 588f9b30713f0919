"""The whole bot between a local Slack and a local Telegram: what the end-to-end tests hold in hand."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import aiohttp

from bot.app import App
from bot.clock import SystemClock
from bot.control import add_code, request_code
from bot.sandbox.slack import Channel, SlackPerson, SlackSandbox
from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.telegram import Chat, TelegramPerson, TelegramSandbox
from bot.sandbox.telegram import Message as TelegramMessage
from bot.settings import SHIPPED_HUB, Settings
from handlers.core.markup import parse_markup
from handlers.core.texts import Catalogues
from handlers.core.ui import Text, plain
from handlers.faq.content import load_entries
from handlers.people.wording import WORDS
from storage.roles import Role

REPOSITORY = Path(__file__).parents[2]
SECRET = "nothing-but-an-end-to-end-tests-key"
WEBHOOK_SECRET = "end-to-end-webhook-secret"
PYTHON_RUN = (sys.executable, "-m", "bot", "run")
RUN_IMPATIENTLY = """
from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.service import main

SlackAdapter.request_timeout = TelegramAdapter.request_timeout = 1.0
main()
"""
CATALOGUES = Catalogues()
ENTRIES = {entry.id: entry for entry in load_entries(SHIPPED_HUB)}

Person = SlackPerson | TelegramPerson
Message = SlackMessage | TelegramMessage


class Modes(NamedTuple):
    """How each platform reaches the bot."""

    slack: Literal["socket", "http"]
    telegram: Literal["polling", "webhook"]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def pack_about_desks(folder: Path) -> Path:
    """Copy what of the shipped pack is about desks: to index all of it takes each process seconds."""

    def other_answers(path: str, names: list[str]) -> set[str]:
        return set(names) - {"desks.yaml"} if Path(path).name == "faq" else set()

    return shutil.copytree(SHIPPED_HUB, folder, ignore=other_answers)


def said(language: str, sentence: str, **values: Text | int) -> str:
    """What the bot says for an English sentence of its code, in a language, without markup."""
    texts = CATALOGUES.texts("de")
    assert sentence in texts._singular, f"the bot says no such thing: {sentence!r}"
    return CATALOGUES.texts(language).label(sentence, **values)


def in_german_or_english(sentence: str) -> Callable[[Any], bool]:
    """Whether a message says this in either language: a code, for one, is in none."""
    wordings = [said(language, sentence) for language in ("de", "en")]
    return lambda message: message.plain.startswith(tuple(wordings))  # the first words of all may follow


def answer_of(entry: str, language: str) -> str:
    """The first line of an FAQ answer, as people read it."""
    return plain(parse_markup(ENTRIES[entry].wording(language).answer.strip())).splitlines()[0]


def title_of(entry: str, language: str) -> str:
    """An FAQ entry's question, as it stands on a button."""
    return ENTRIES[entry].wording(language).title


CARD = said("de", "Subscribe to events")
"""Stands on the card that the bot posts when it comes into a group."""


class World:
    """Both sandboxes and the bot between them, which can be stopped, killed and started again.

    Attributes:
        clock: Everybody's time, the bot's too while it runs in this process.
        app: The bot in this process; None while it is stopped or runs in a process of its own.
        process: The bot in a process of its own.
        pack: The content of that process, once there was one.
        per_minute: How many requests of one person are answered in a minute; tests are faster than people.
        impatient: Whether that process looks for lost answers after a second already.
    """

    def __init__(
        self, slack: SlackSandbox, telegram: TelegramSandbox, folder: Path, modes: Modes, clock: SystemClock
    ) -> None:
        self.clock = clock
        self.slack = slack
        self.telegram = telegram
        self.modes = modes
        self.database = folder / "kumpel.sqlite3"
        self.pack = folder / "pack"
        self.port = free_port()
        self.app: App | None = None
        self.process: asyncio.subprocess.Process | None = None
        self.log = folder / "log.txt"
        self.impatient = False
        self.per_minute = 10_000

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        return Settings.given(
            slack_bot_token=self.slack.bot_token,
            slack_app_token=self.slack.app_token,
            slack_signing_secret=self.slack.signing_secret,
            slack_mode=self.modes.slack,
            slack_api_url=self.slack.api_url,
            telegram_bot_token=self.telegram.bot_token,
            telegram_mode=self.modes.telegram,
            telegram_webhook_secret=WEBHOOK_SECRET,
            telegram_api_url=self.telegram.api_url,
            kumpel_secret=SECRET,
            kumpel_database=self.database,
            kumpel_public_url=self.url,
            kumpel_port=self.port,
            kumpel_per_minute=self.per_minute,
        )

    @property
    def running(self) -> App:
        assert self.app is not None, "the bot is not running in this process"
        return self.app

    # --- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        self.app = App(self.settings, self.clock)
        await self.app.start()
        await self._connect_slack()

    async def stop(self) -> None:
        app, self.app = self.app, None
        if app is not None:
            await app.stop()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def command(self) -> tuple[str, ...]:
        """``python -m bot run``, but for how long an answer is waited for."""
        return (sys.executable, "-c", RUN_IMPATIENTLY, ".env") if self.impatient else PYTHON_RUN

    def environment(self) -> dict[str, str]:
        """The settings as a process of its own gets them."""
        settings = self.settings
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KUMPEL_")}
        for name in settings.__struct_fields__:
            value = getattr(settings, name)
            if value is not None:
                environment[name.upper()] = str(value)
        return environment | {"PYTHONPATH": str(REPOSITORY), "KUMPEL_HUB": str(self.pack)}

    async def start_process(self) -> None:
        """Run the bot as people do, in a process of its own; it knows the answers about desks."""
        if not self.pack.exists():
            pack_about_desks(self.pack)
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command(), cwd=self.database.parent, env=self.environment(), stdout=log, stderr=log
            )
        await self.ready()
        await self._connect_slack()

    async def kill(self) -> None:
        """End the bot's process as a power cut would."""
        process, self.process = self.process, None
        if process is not None:
            process.send_signal(signal.SIGKILL)
            await process.wait()

    async def terminate(self) -> int:
        """Ask the bot's process to end; returns its exit status."""
        process, self.process = self.process, None
        assert process is not None
        process.terminate()
        async with asyncio.timeout(15):
            return await process.wait()

    async def close(self) -> None:
        await self.kill()
        await self.stop()

    async def ready(self, seconds: float = 40.0) -> None:
        """Wait until the bot says that all its parts are up."""

        async def is_ready() -> bool:
            try:
                return (await self.get("/readyz"))[0] == 200
            except aiohttp.ClientError:
                return False

        try:
            await eventually(is_ready, seconds)
        except AssertionError:
            shown = self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""
            raise AssertionError(f"the bot is not ready:\n{shown}") from None

    async def _connect_slack(self) -> None:
        if self.modes.slack == "http":
            await self.slack.deliver_over("http", self.url)
        else:
            await self.slack.sockets.connected()

    # --- looking on ------------------------------------------------------------------------------------------

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self.url + path) as answer:
            return answer.status, await answer.text()

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Look into the store with a connection of one's own."""
        connection = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            return connection.execute(query, parameters).fetchall()
        finally:
            connection.close()

    async def settled(self, seconds: float = 10.0) -> None:
        """Wait until everything that was said has been taken in and everything to be said has been sent."""

        async def is_settled() -> bool:
            if self.telegram.world.queue.pending_count() or self.slack.deliveries._tasks:
                return False
            if self.app and not all(sender.idle for sender in self.app.delivery.senders.values()):
                return False
            waiting = self.rows(
                "SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown'))"
                " + (SELECT count(*) FROM posts WHERE state IN ('sending', 'unknown')"
                "    OR (state = 'idle' AND sent < wanted))"
            )
            return waiting == [(0,)]

        def unsettled() -> str:
            unsent = self.rows("SELECT key, state, reason FROM outbox WHERE state NOT IN ('sent', 'failed')")
            coming = self.telegram.world.queue.pending_count()
            going = [d.payload for d in self.slack.deliveries.log if not d.done]
            return f"{unsent=}, {coming} updates, {going=}"

        await eventually(is_settled, seconds, unsettled)

    # --- people ----------------------------------------------------------------------------------------------

    async def make(self, person: Person, role: Role) -> None:
        """Give a role by a one-time code, which the person sends to the bot."""
        code = await (
            add_code(self.app.database, role, self.app.clock.now())
            if self.app
            else request_code(self.database, role)
        )
        await person.say(code)
        await person.hears(in_german_or_english(WORDS[role].welcome))

    async def team(self) -> Team:
        """A lead and a manager in Slack, a manager in Telegram, and a managers' place on each platform."""
        slack, telegram = self.slack, self.telegram
        lead = slack.add_user("Lena", locale="de-DE")
        manager = slack.add_user("Mark", locale="en-US")
        helper = telegram.add_user("Tara", language="en")
        await self.make(lead, "lead")
        await self.make(manager, "manager")
        await self.make(helper, "lead")
        channel = slack.add_channel("team", lead, manager)
        await lead.mention("hier managers", channel)
        await lead.hears(from_bot, channel)
        group = await helper.create_group("Team Telegram")
        await helper.add_bot(group)
        await helper.hears(CARD, group)
        await helper.say(f"/here@{telegram.bot_username} managers", group)
        await helper.hears(from_bot, group)
        return Team(lead, manager, helper, channel, group)


class Team(NamedTuple):
    """Who decides, and where."""

    lead: SlackPerson
    manager: SlackPerson
    helper: TelegramPerson
    channel: Channel
    group: Chat


def heard(person: SlackPerson | TelegramPerson, where: Any = None) -> list[str]:
    """Everything that the bot has said to somebody there, oldest first, but for its card in a new group."""
    if isinstance(person, SlackPerson):
        said_there = [m.plain for m in person.messages(where) if m.bot_id]
    else:
        said_there = [m.plain for m in person.messages(where) if from_bot(m)]
    return [text for text in said_there if CARD not in text]


async def eventually(
    condition: Callable[[], bool | Awaitable[bool]],
    seconds: float = 5.0,
    explain: Callable[[], str] = lambda: "",
) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: It did not, in so many seconds.
    """
    try:
        async with asyncio.timeout(seconds):
            while True:
                result = condition()
                if await result if isinstance(result, Awaitable) else result:
                    return
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"not within {seconds} s. {explain()}") from None


def from_bot(message: Message) -> bool:
    """Did the bot say this?"""
    if isinstance(message, SlackMessage):
        return message.bot_id is not None
    return message.sender.is_bot and message.sender_chat is None and message.kind != "service"
