"""Who plays in the demo, and where: people, Slack channels, Telegram groups."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import Channel, SlackPerson
from bot.sandbox.telegram import Chat, TelegramPerson
from bot.sandbox.world import SandboxWorld
from bot.wording import Language, Words

LOCALES = {"de": "de-DE", "en": "en-GB"}


class CannotError(Exception):
    """What somebody is to do is not possible; ``words`` advise."""

    def __init__(self, de: str, en: str) -> None:
        self.words = Words(de, en)
        super().__init__(en)


@dataclass(frozen=True)
class Person:
    """Somebody of the cast, with an account on one platform or both."""

    key: str
    role: Words
    language: Language
    slack: SlackPerson | None = None
    telegram: TelegramPerson | None = None

    @property
    def name(self) -> str:
        return self.key.capitalize()

    @property
    def on_slack(self) -> SlackPerson:
        """Their Slack account.

        Raises:
            CannotError: They have none.
        """
        if self.slack is None:
            raise CannotError(f"{self.name} ist nicht in Slack.", f"{self.name} is not on Slack.")
        return self.slack

    @property
    def on_telegram(self) -> TelegramPerson:
        """Their Telegram account.

        Raises:
            CannotError: They have none.
        """
        if self.telegram is None:
            raise CannotError(f"{self.name} ist nicht in Telegram.", f"{self.name} is not on Telegram.")
        return self.telegram


@dataclass
class Cast:
    """Everybody by key, channels by name, groups by title."""

    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, Chat] = field(default_factory=dict)


FOUNDER = Words("gründet", "founder")
MEMBER = Words("Mitglied einer Gruppe", "member of a group")
MANAGER = Words("Community-Manager", "community manager")
LEAD = Words("Leitung", "lead")

_PEOPLE: tuple[tuple[str, Words, Language, str], ...] = (
    ("lena", FOUNDER, "de", "slack telegram"),
    ("sam", FOUNDER, "en", "slack telegram"),
    ("mira", MEMBER, "de", "telegram"),
    ("aylin", MANAGER, "de", "slack"),
    ("jonas", MANAGER, "de", "telegram"),
    ("petra", LEAD, "de", "slack telegram"),
)
GENERAL, FOUNDERS, MANAGERS = "allgemein", "founders", "community-managers"
_CHANNELS = {
    GENERAL: ("petra", "lena", "sam", "aylin"),
    FOUNDERS: ("petra", "lena", "sam", "aylin"),
    MANAGERS: ("petra", "aylin"),
}
FOUNDERS_GROUP, TEAM_GROUP, FORUM = "Founders Ruhr", "Community-Manager", "Themen"
_GROUPS = {
    FOUNDERS_GROUP: ("lena", "sam", "mira"),
    TEAM_GROUP: ("jonas",),
    FORUM: ("lena", "sam", "mira"),
}
_TOPICS = ("Logistik", "Design")


async def seed(world: SandboxWorld) -> Cast:
    """Fill both platforms with people and rooms; always in the same order, so that ids stay the same."""
    cast = Cast()
    for key, role, language, platforms in _PEOPLE:
        accounts: dict[str, Any] = {}
        name = key.capitalize()
        if "slack" in platforms:
            accounts["slack"] = world.slack.add_user(name, locale=LOCALES[language])
        if "telegram" in platforms:
            accounts["telegram"] = world.telegram.add_user(name, language=language, username=f"{key}_essen")
        cast.people[key] = Person(key, role, language, **accounts)
    for name, keys in _CHANNELS.items():
        members = [cast.people[key].on_slack for key in keys]
        cast.channels[name] = world.slack.add_channel(name, *members, private=name == MANAGERS)
    await _found_groups(cast)
    return cast


async def _found_groups(cast: Cast) -> None:
    petra = cast.people["petra"].on_telegram
    for title, keys in _GROUPS.items():
        found = petra.create_forum(title) if title == FORUM else petra.create_group(title, supergroup=True)
        group = cast.groups[title] = await found
        for key in keys:
            await cast.people[key].on_telegram.join(group)
        await petra.add_bot(group)
    for name in _TOPICS:
        await petra.create_topic(cast.groups[FORUM], name)
