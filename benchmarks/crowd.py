"""People of both platforms who ask, press buttons and decide, and what they may expect of the bot for it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from typing import Literal, NamedTuple

from bot.app import build_house
from bot.sandbox.slack import Delivery, SlackPerson
from bot.sandbox.slack import Message as SlackMessage
from bot.sandbox.telegram import Message as TelegramMessage
from bot.sandbox.telegram import TelegramPerson
from bot.sandbox.world import SandboxWorld
from bot.settings import SHIPPED_HUB
from handlers.core.markup import parse_markup
from handlers.core.payloads import dump_message
from handlers.core.seals import Seals
from handlers.core.texts import Catalogues
from handlers.core.ui import Attachment, Reply, Section, plain
from handlers.faq.content import load_entries
from handlers.faq.entries import ways
from handlers.retrieval.index import Index
from storage import chats, outbox, people, places, roles
from storage.outbox import BROADCAST, NOTICE
from storage.rows import Transaction

CHANNELS = 4
"""Channels and groups besides the team's, on each platform."""

MOST_HANDED_OVER = 8
"""Questions of one person that go to the team; the bot takes ten at once."""

_TEXTS = Catalogues().texts("de")
HELPED, HUMAN, DECLINE = (_TEXTS.label(label) for label in ("That helps", "Ask a human", "Not for us"))
DECLINED = "The team has read your question and cannot help with it: “{text}”. Ask me about anything else."

Platform = Literal["slack", "telegram"]
Person = SlackPerson | TelegramPerson
Message = SlackMessage | TelegramMessage


class Known(NamedTuple):
    """A question that the bot surely knows, and the first line of its answer, which no other answer has."""

    entry: str
    question: str
    answer: str


class Expected(NamedTuple):
    """Something that the bot must say once.

    Attributes:
        what: The effect of something that a person did, or a message that was only to be sent.
        chat: As its platform calls it.
        words: All of them stand in the message, and together in no other one of that chat.
    """

    what: Literal["effect", "send"]
    platform: Platform
    chat: str
    words: tuple[str, ...]


class Press(NamedTuple):
    """A button that was pressed.

    Attributes:
        delivery: How Slack brought it to the bot, once only; None on Telegram, which brings it until it is taken.
        then: What is expected if the bot took it.
    """

    label: str
    entry: str
    message: Message
    delivery: Delivery | None
    then: tuple[Expected, ...] = ()


class Asked(NamedTuple):
    """A question that somebody asked."""

    person: Person
    known: Known


@dataclass
class Crowd:
    """Everybody.

    Attributes:
        world: Where they are.
        size: How many people on each platform.
        chance: Decides what they do.
        expected: What they may expect for what they said, and what was put into the outbox.
        presses: What they pressed.
        said: How many messages they wrote.
    """

    world: SandboxWorld
    size: int
    chance: random.Random
    expected: list[Expected] = field(default_factory=list)
    presses: list[Press] = field(default_factory=list)
    said: int = 0

    def __post_init__(self) -> None:
        slack, telegram = self.world.slack, self.world.telegram
        self._known = list(known_questions())
        self._slack_people = [slack.add_user(f"Fatma{n:02}", locale="de-DE") for n in range(self.size)]
        self._telegram_people = [telegram.add_user(f"Gerd{n:02}", language="de") for n in range(self.size)]
        self._lena = slack.add_user("Lena", locale="de-DE")
        self._tara = telegram.add_user("Tara", language="de")
        self._team = slack.add_channel("team", self._lena)
        self._channels = [slack.add_channel(f"runde-{n}", self._lena) for n in range(CHANNELS)]
        turns = product(range(len(self._known)), range(self.size))
        self._to_ask = [(number, (number + turn) % len(self._known)) for turn, number in turns][::-1]
        self._unpressed: list[Asked] = []
        self._handed_over: dict[str, int] = {}
        self._open: list[Asked] = []
        self._notices = 0

    async def gather(self) -> None:
        """Open the groups on Telegram, and the threads on Slack."""
        self._team_group = await self._tara.create_group("Team")
        self._groups = [await self._tara.create_group(f"Runde {n}") for n in range(CHANNELS)]
        for group in (self._team_group, *self._groups):
            await self._tara.add_bot(group)
        self._threads = [(await self._lena.say("Willkommen.", channel)).message for channel in self._channels]

    def appoint(self, tx: Transaction) -> None:
        """Make Lena and Tara managers, and the team's chats theirs."""
        now = datetime.now(UTC)
        slack = self.world.slack
        for platform, account, name, chat_id in (
            ("slack", f"{slack.team_id}:{self._lena.id}", "Lena", f"{slack.team_id}:{self._team.id}"),
            ("telegram", str(self._tara.id), "Tara", str(self._team_group.id)),
        ):
            manager = people.add_account(tx, platform, account, now, name=name).person_id
            roles.add_role(tx, manager, "manager", None, now)
            chat = chats.add_chat(tx, platform, chat_id, "group", "Team", now)
            places.add_place(tx, "managers", chat.id, "", manager, now)

    # --- what they do ------------------------------------------------------------------------------------

    async def ask(self) -> None:
        """On each platform somebody asks something that they never asked before."""
        if not self._to_ask:
            return  # everybody has asked everything
        number, at = self._to_ask.pop()
        known = self._known[at]
        for person in (self._slack_people[number], self._telegram_people[number]):
            await person.say(known.question)
            self.said += 1
            self.expected.append(Expected("effect", platform_of(person), direct_chat(person), (known.answer,)))
            self._unpressed.append(Asked(person, known))

    async def press(self) -> None:
        """Some who have an answer say that it helped, or want a human."""
        for asked in list(self._unpressed):
            message = _with_button(asked.person.messages(), HELPED, asked.known.answer)
            if message is None:
                continue
            self._unpressed.remove(asked)
            name = name_of(asked.person)
            wish = self.chance.random()
            if wish < 0.5:
                await self._pressed(asked.person, HELPED, asked.known, message)
            elif wish < 0.8 and self._handed_over.get(name, 0) < MOST_HANDED_OVER:
                self._handed_over[name] = self._handed_over.get(name, 0) + 1
                words = (name, asked.known.question)
                cards = (
                    Expected("send", "slack", self._team.id, words),
                    Expected("send", "telegram", str(self._team_group.id), words),
                )
                await self._pressed(asked.person, HUMAN, asked.known, message, *cards)
                self._open.append(asked)

    async def decide(self) -> None:
        """The managers turn down some of the questions that lie before them."""
        for asked in list(self._open):
            by_lena = self.chance.random() < 0.5
            cards = self._lena.messages(self._team) if by_lena else self._tara.messages(self._team_group)
            card = _with_button(cards, DECLINE, name_of(asked.person), asked.known.question)
            if card is None or self.chance.random() < 0.5:
                continue
            self._open.remove(asked)
            told = _TEXTS.label(DECLINED, text=asked.known.question)
            hears = Expected("send", platform_of(asked.person), direct_chat(asked.person), (told,))
            await self._pressed(self._lena if by_lena else self._tara, DECLINE, asked.known, card, hears)

    async def _pressed(self, person: Person, label: str, known: Known, message: Message, *then: Expected) -> None:
        delivery: Delivery | None = None
        if isinstance(person, SlackPerson) and isinstance(message, SlackMessage):
            delivery = await person.press(label, message)
        elif isinstance(person, TelegramPerson) and isinstance(message, TelegramMessage):
            await person.press(label, message)
        self.presses.append(Press(label, known.entry, message, delivery, then))

    # --- what the bot is to send unasked -----------------------------------------------------------------

    def announce(self, tx: Transaction, count: int) -> None:
        """Put notices and files into the outbox, for people, channels, threads and groups."""
        for _ in range(count):
            now = datetime.now(UTC)
            platform, external, kind, chat_id, thread = self.chance.choice(list(self._reachable()))
            chat = chats.add_chat(tx, platform, external, kind, "", now)
            self._notices += 1
            text, is_file = f"Ansage {self._notices:05}.", self.chance.random() < 0.15
            outbox.add_message(
                tx,
                chat,
                key=f"benchmark:{self._notices}",
                payload=dump_message(
                    Attachment(f"ansage-{self._notices}.txt", "text/plain", text.encode(), title=text)
                    if is_file
                    else Reply(blocks=(Section(text),), summary=text)
                ),
                lane=self.chance.choice((NOTICE, BROADCAST)),
                now=now,
                file=is_file,
                thread=thread,
            )
            self.expected.append(Expected("send", platform, chat_id, (text,)))

    def _reachable(self) -> Iterator[tuple[Platform, str, chats.Kind, str, str]]:
        """Platform, our address, kind, the platform's own id, and thread, of every chat the bot may write to."""
        team = self.world.slack.team_id
        for person in self._slack_people:
            yield "slack", f"{team}:{person.id}", "direct", direct_chat(person), ""
        for channel, parent in zip(self._channels, self._threads, strict=True):
            for thread in ("", parent.ts if parent else ""):
                yield "slack", f"{team}:{channel.id}", "group", channel.id, thread
        for gerd in self._telegram_people:
            if gerd.chat.started:
                yield "telegram", str(gerd.id), "direct", str(gerd.id), ""
        for group in self._groups:
            yield "telegram", str(group.id), "group", str(group.id), ""


def known_questions() -> Iterator[Known]:
    """The content pack's questions that the bot answers at once and whose answers can be told apart."""
    entries = load_entries(SHIPPED_HUB)
    house = build_house(SHIPPED_HUB, Seals(["benchmark" * 4]))
    index = Index([*house.registry.ways, *ways(entries)])
    for entry in entries:
        if entry.de is None:
            continue
        answer = plain(parse_markup(entry.de.answer.strip())).splitlines()[0]
        ranked = index.rank(entry.de.title)
        sure = index.judge(ranked) == "answer" and ranked[0].key == entry.key
        if entry.filled and sure and "](" not in entry.de.answer:
            yield Known(entry.id, entry.de.title, answer)


def platform_of(person: Person) -> Platform:
    """Where somebody is."""
    return "slack" if isinstance(person, SlackPerson) else "telegram"


def direct_chat(person: Person) -> str:
    """The direct chat of somebody with the bot, as the platform calls it."""
    if isinstance(person, SlackPerson):
        return person.world.im_with(person.user).id
    return str(person.id)


def labels(message: Message) -> list[str]:
    """The labels of a message's buttons."""
    if isinstance(message, SlackMessage):
        return message.buttons
    return [button.text for row in message.buttons for button in row]


def name_of(person: Person) -> str:
    """What the others call somebody."""
    return person.user.name if isinstance(person, SlackPerson) else person.user.first_name


def _with_button(messages: Sequence[Message], label: str, *words: str) -> Message | None:
    """The latest of some messages that has this button and all these words."""
    fits = (m for m in reversed(messages) if label in labels(m) and all(each in m.plain for each in words))
    return next(fits, None)
