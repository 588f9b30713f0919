"""What people wrote, read from Slack's mrkdwn: mentions by name, links spelt out, escapes undone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import NamedTuple

from bot.adapters.slack.limits import INCOMING_TEXT, clean

_ENTITY = re.compile(r"<([@#!][^<>\n]+|[a-zA-Z][a-zA-Z0-9+.-]*:[^<>\s][^<>\n]*)>")
"""Somebody, a channel, a command of Slack's, or a link. What else stands in angle brackets was typed: a slash
command's text comes as it was written."""
_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>\n]*))?>")


class Said(NamedTuple):
    """A text as people read it.

    Attributes:
        text: Without the bot's own mention, mentioned people as ``@name``, at most 4,000 characters.
        mentions: Ids of the people mentioned, in order, each once, the bot left out.
        to_bot: Whether the bot is mentioned.
    """

    text: str
    mentions: tuple[str, ...] = ()
    to_bot: bool = False


def mentioned(text: str) -> list[str]:
    """Ids of everybody whom a text mentions."""
    return [found[1] for found in _USER.finditer(text)] if "<@" in text else []


def read(text: str, bot_user: str, name_of: Callable[[str, str], str]) -> Said:
    """Read a text that Slack delivered.

    Args:
        text: Slack's ``text``: mrkdwn with entities in angle brackets and & < > escaped
            (docs.slack.dev/messaging/formatting-message-text).
        bot_user: The bot's own user id.
        name_of: Gives a person's name by id and by the label that came along, which may be empty.
    """
    if "<" not in text and "&" not in text:
        return Said(_tidy(text))
    mentions: dict[str, None] = {}
    to_bot = False

    def shown(found: re.Match[str]) -> str:
        nonlocal to_bot
        target, _, label = found[1].partition("|")
        kind, rest = target[0], target[1:]
        if kind == "@":
            if rest == bot_user:
                to_bot = True
                return " "
            mentions[rest] = None
            return f"@{name_of(rest, label)}"
        if kind == "#":
            return f"#{label or rest}"
        if kind == "!":
            return label or f"@{rest.partition('^')[0]}"
        return _link(target, label)

    plain = html.unescape(_ENTITY.sub(shown, text))
    return Said(_tidy(plain), tuple(mentions), to_bot)


def _link(url: str, label: str) -> str:
    """Spell a link out; Slack itself labels "hub.ruhr" and an e-mail address with what was typed."""
    bare = url.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == bare:
        return bare
    if bare.split("://", 1)[-1].rstrip("/") == label.rstrip("/"):
        return label
    return f"{label} ({bare})"


def _tidy(text: str) -> str:
    lines = (re.sub(r"[ \t\xa0]+", " ", line).strip() for line in clean(text).split("\n"))
    return "\n".join(lines).strip()[:INCOMING_TEXT]
