"""What parsing shares: who the bot is, who acts, where it happens."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.adapters.slack import mrkdwn
from bot.adapters.slack.mrkdwn import Said
from bot.adapters.slack.people import Profile
from handlers.core.requests import Actor, Place

Json = dict[str, Any]

PLATFORM = "slack"

_NAMELESS = ("privategroup", "directmessage")
"""What stands for the names of private conversations."""


@dataclass(frozen=True)
class Identity:
    """Who the bot is in this workspace.

    Attributes:
        team: The workspace's id.
        user: The bot's user id.
        bot: Its bot id.
        app: The app's id.
        command: Its slash command, without the slash.
    """

    team: str
    user: str
    bot: str = ""
    app: str = ""
    command: str = "kumpel"


@dataclass(frozen=True)
class Surroundings:
    """What parsing needs besides the payload.

    Attributes:
        bot: Who the bot is.
        profile: Looks a person up by user id; None when nothing is known of them.
        own_directs: Ids of direct messages with the bot: a command may come from one between two people.
        now: When the delivery arrived.
        channel_name: What a channel is called, empty if that is not known.
    """

    bot: Identity
    profile: Callable[[str], Profile | None]
    own_directs: Container[str]
    now: datetime
    channel_name: Callable[[str], str] = lambda channel: ""


def acting_person(body: Json, around: Surroundings) -> Actor | None:
    """Return who acts in an interaction; None for nobody, or the bot itself."""
    user: Json = body.get("user") or {}
    if not user.get("id") or user["id"] == around.bot.user:
        return None
    return actor_of(user["id"], around, user.get("team_id", ""), user.get("username") or user.get("name") or "")


def actor_of(user: str, around: Surroundings, team: str = "", name: str = "") -> Actor:
    """Return the person; ``team`` and ``name`` are what the payload says, where it does."""
    profile = around.profile(user)
    account = f"{around.bot.team}:{user}"
    if profile is None:
        return Actor(PLATFORM, account, name=name, trusted=False, unknown=True)
    ours = not team or team == around.bot.team
    return Actor(
        PLATFORM,
        account,
        profile.name or name,
        profile.handle,
        profile.language,
        trusted=profile.trusted and ours,
        guest=profile.guest and ours,
    )


def mentioned_actors(said: Said, around: Surroundings) -> tuple[Actor, ...]:
    """Return the people whom a text mentions."""
    return tuple(actor_of(user, around) for user in said.mentions)


def read_text(text: str, around: Surroundings) -> Said:
    """Read a text as people see it, with the names we know."""

    def name_of(user: str, label: str) -> str:
        profile = around.profile(user)
        return (profile.name if profile else "") or label or user

    return mrkdwn.read(text, around.bot.user, name_of)


def direct_place(actor: Actor, thread: str = "", reply_via: str = "") -> Place:
    """Return a person's direct chat: its id is their account."""
    return Place(PLATFORM, actor.account, "direct", thread=thread, reply_via=reply_via)


def group_place(
    channel: str, around: Surroundings, thread: str = "", reply_via: str = "", name: str = ""
) -> Place:
    """Return a channel, or a thread in it; ``name`` as some payloads have it."""
    name = name or around.channel_name(channel)
    title = f"#{name}" if name and name not in _NAMELESS else ""
    return Place(PLATFORM, f"{around.bot.team}:{channel}", "group", thread, title, reply_via)


def place_acted(
    actor: Actor, channel: str, reply_via: str, around: Surroundings, thread: str = "", name: str = ""
) -> Place:
    """Return where a command or press belongs.

    One without a channel (home, modal) is the person's direct chat. So is one in a direct message, but between two
    people only ``reply_via`` reaches it; in the bot's own the answer shall stay, so it goes as a message.
    """
    if not channel:
        return direct_place(actor)
    if channel.startswith("D"):
        return direct_place(actor, thread, "" if channel in around.own_directs else reply_via)
    return group_place(channel, around, thread, reply_via, name)
