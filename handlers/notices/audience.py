"""Who a notice reaches: the chats for events, all of them, those of one platform, or a single one."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from handlers.core.context import Context
from handlers.core.texts import N_
from handlers.core.ui import Option, Span, Text
from storage import chats, places
from storage.chats import Chat

ALL = "all"
ONLY = {"slack": N_("Only Slack channels"), "telegram": N_("Only Telegram groups")}
LISTED_CHATS = 20
_ONE_CHAT = "chat:"


class Recipient(NamedTuple):
    """A chat for events, or one of its topics."""

    chat: Chat
    thread: str


def recipients(ctx: Context, audience: str) -> list[Recipient]:
    """The places that an audience consists of now."""
    found = [
        Recipient(chat, place.thread)
        for place in places.list_places(ctx.tx, "events")
        if (chat := chats.get_chat(ctx.tx, place.chat_id))
    ]
    if audience == ALL:
        return found
    return [each for each in found if audience in (each.chat.platform, f"{_ONE_CHAT}{each.chat.id}")]


def options(ctx: Context) -> tuple[Option, ...]:
    """What can be chosen as an audience; a platform by itself only where there is another one."""
    reached = [each.chat for each in recipients(ctx, ALL)]
    by_platform = Counter(chat.platform for chat in reached)
    found = [Option(ctx.t.label("All chats for events ({n})", n=len(reached)), ALL)]
    for platform, label in ONLY.items():
        if 0 < by_platform[platform] < len(reached):
            found.append(Option(f"{ctx.t.label(label)} ({by_platform[platform]})", platform))
    single = {chat.id: chat for chat in reached}
    if len(single) > 1:
        listed = list(single.values())[:LISTED_CHATS]
        found += [Option(f"{name_of(chat)} ({chat.platform.title()})", f"{_ONE_CHAT}{chat.id}") for chat in listed]
    return tuple(found)


def whom(ctx: Context, reached: list[Recipient]) -> Text:
    """Say how many chats of which kind these are; a single one by its name."""
    if len(reached) == 1 and reached[0].chat.title:
        return (Span(reached[0].chat.title, bold=True),)
    counted = Counter(each.chat.platform for each in reached)
    parts = []
    if slack := counted["slack"]:
        parts.append(ctx.t.plural("**one Slack channel**", "**{n} Slack channels**", slack))
    if telegram := counted["telegram"]:
        parts.append(ctx.t.plural("**one Telegram group**", "**{n} Telegram groups**", telegram))
    if len(parts) == 2:
        return ctx.t("{these} and {those}", these=parts[0], those=parts[1])
    return parts[0] if parts else ""


def name_of(chat: Chat) -> str:
    """What people call a chat; one without a title by its platform's id."""
    return chat.title or chat.external_id.rpartition(":")[2]
