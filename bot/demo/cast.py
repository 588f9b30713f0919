"""Who plays in the demo, and where: people, Slack channels, Telegram groups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import slack, telegram
from bot.sandbox.slack import SlackPerson
from bot.sandbox.telegram import TelegramPerson, Topic
from bot.sandbox.world import SandboxWorld
from bot.wording import Words

LOCALES = {"de": "de-DE", "en": "en-GB"}


class CannotError(Exception):
    """What somebody is to do is not possible; ``words`` advise."""

    def __init__(self, de: str, en: str) -> None:
        self.words = Words(de, en)
        super().__init__(en)


@dataclass(frozen=True)
class Room:
    """A channel, group or topic; without any of them the direct chat with the bot.

    Attributes:
        platform: ``slack`` or ``telegram``.
        key: What to type for it after the @.
        title: Its name on the platform; empty for the direct chat.
    """

    platform: str
    key: str
    title: str = ""
    channel: slack.Channel | None = None
    group: telegram.Chat | None = None
    topic: Topic | None = None

    def has(self, person: Person) -> bool:
        """Whether somebody can write here."""
        if self.platform == "slack":
            return person.slack is not None and (self.channel is None or person.slack.id in self.channel.members)
        if person.telegram is None or self.group is None:
            return person.telegram is not None
        return self.group.member(person.telegram.user).is_present


@dataclass(frozen=True)
class Person:
    """Somebody of the cast, with an account on one platform or both."""

    key: str
    role: Words
    language: str
    slack: SlackPerson | None = None
    telegram: TelegramPerson | None = None

    @property
    def name(self) -> str:
        return self.key.capitalize()


@dataclass
class Cast:
    """Everybody and every room, by what is typed for them."""

    people: dict[str, Person] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)

    def person(self, typed: str) -> Person | None:
        """Somebody by name, or by what they are: ``founder``."""
        typed = typed.lower()
        return self.people.get(self.aliases.get(typed, typed))

    def room(self, typed: str) -> Room | None:
        """A room by its key, or by its name on the platform."""
        return self.rooms.get(key_of(typed))


FOUNDER = Words("gründet", "founder")
MEMBER = Words("Mitglied einer Gruppe", "member of a group")
MANAGER = Words("Community-Manager", "community manager")
LEAD = Words("Leitung", "lead")

_PEOPLE = (
    ("lena", FOUNDER, "de", "slack telegram"),
    ("sam", FOUNDER, "en", "slack telegram"),
    ("mira", MEMBER, "de", "telegram"),
    ("aylin", MANAGER, "de", "slack"),
    ("jonas", MANAGER, "de", "telegram"),
    ("petra", LEAD, "de", "slack telegram"),
)
_ALIASES = {
    "founder": "lena",
    "gründerin": "lena",
    "member": "mira",
    "mitglied": "mira",
    "manager": "aylin",
    "lead": "petra",
    "leitung": "petra",
}


async def seed(world: SandboxWorld) -> Cast:
    """Fill both platforms with people and rooms; always in the same order, so that ids stay the same."""
    cast = Cast(aliases=_ALIASES)
    for key, role, language, platforms in _PEOPLE:
        accounts: dict[str, Any] = {}
        name = key.capitalize()
        if "slack" in platforms:
            accounts["slack"] = world.slack.add_user(name, locale=LOCALES[language])
        if "telegram" in platforms:
            accounts["telegram"] = world.telegram.add_user(name, language=language, username=f"{key}_essen")
        cast.people[key] = Person(key, role, language, **accounts)
    rooms = [Room("slack", "slack"), Room("telegram", "telegram"), *_channels(world, cast), *await _groups(cast)]
    cast.rooms = {room.key: room for room in rooms}
    return cast


def _channels(world: SandboxWorld, cast: Cast) -> list[Room]:
    members = {
        "allgemein": ("petra", "lena", "sam", "aylin"),
        "founders": ("petra", "lena", "sam", "aylin"),
        "community-managers": ("petra", "aylin"),
    }
    rooms = []
    for name, keys in members.items():
        people = [account for key in keys if (account := cast.people[key].slack)]
        channel = world.slack.add_channel(name, *people, private=name == "community-managers")
        rooms.append(Room("slack", f"#{name}", f"#{name}", channel=channel))
    return rooms


async def _groups(cast: Cast) -> list[Room]:
    accounts = {person.key: person.telegram for person in cast.people.values() if person.telegram}
    petra = accounts["petra"]
    ruhr = await petra.create_group("Founders Ruhr", supergroup=True)
    team = await petra.create_group("Community-Manager", supergroup=True)
    themes = await petra.create_forum("Themen")
    for chat, keys in ((ruhr, ("lena", "sam", "mira")), (team, ("jonas",)), (themes, ("lena", "sam", "mira"))):
        for key in keys:
            await accounts[key].join(chat)
        await petra.add_bot(chat)
    rooms = [Room("telegram", key_of(chat.title), chat.title, group=chat) for chat in (ruhr, team, themes)]
    for name in ("Logistik", "Design"):
        topic = await petra.create_topic(themes, name)
        rooms.append(Room("telegram", key_of(name), f"{themes.title} › {name}", group=themes, topic=topic))
    return rooms


def on_slack(person: Person, room: Room | None = None) -> SlackPerson:
    """Somebody's Slack account.

    Raises:
        CannotError: They have none, or are not in the room.
    """
    if person.slack is None:
        raise CannotError(f"{person.name} ist nicht in Slack.", f"{person.name} is not on Slack.")
    _check_is_in(person, room)
    return person.slack


def on_telegram(person: Person, room: Room | None = None) -> TelegramPerson:
    """Somebody's Telegram account.

    Raises:
        CannotError: They have none, or are not in the room.
    """
    if person.telegram is None:
        raise CannotError(f"{person.name} ist nicht in Telegram.", f"{person.name} is not on Telegram.")
    _check_is_in(person, room)
    return person.telegram


def _check_is_in(person: Person, room: Room | None) -> None:
    if room is not None and not room.has(person):
        raise CannotError(f"{person.name} ist nicht in {room.title}.", f"{person.name} is not in {room.title}.")


def key_of(title: str) -> str:
    """What is typed for a room: ``Founders Ruhr`` is ``founders-ruhr``."""
    return re.sub(r"[\s_]+", "-", title.strip().lower())
