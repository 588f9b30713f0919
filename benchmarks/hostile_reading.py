"""Reading what the bot sent as the platforms would: what of a hostile string came alive, or was refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from benchmarks.hostile_strings import SITE, TAGS
from bot.sandbox.slack import SlackPerson
from bot.sandbox.slack.plain import plain_text_of
from bot.sandbox.telegram import TelegramPerson
from bot.sandbox.telegram.entities import find_entities, parse_html, utf16_slice
from bot.sandbox.world import SandboxWorld

OURS = {"hub.ruhr"}
"""Addresses that the bot may lead to."""

PAGE_TAGS = frozenset(
    ("html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "tr", "th", "td")
)
ENTRY = frozenset(
    ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION", "TRANSP", "STATUS")
)


@dataclass
class Seen:
    """What came of it.

    Attributes:
        live: Whatever came alive, with the call that brought it.
        refused: Calls that a platform refused.
        failed: Handlers that failed.
        unsafe: Files that are not what they ought to be.
        calls: How many calls of the bot were read.
        filled: How many values were sent, by form and field.
        forms: The forms that came in whole.
    """

    live: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    unsafe: list[str] = field(default_factory=list)
    calls: int = 0
    files: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)


def read_calls(world: SandboxWorld, seen: Seen, *, notices: bool) -> None:
    """Read all calls since the last look, as the platforms would; in ``notices`` addresses are links."""
    for call in world.slack.calls:
        if call.method.startswith(("chat.", "views.", "response_url", "files.")):
            seen.calls += 1
            if call.status != 200 or not (call.answer or {}).get("ok", True):
                seen.refused.append(f"{call.method}: {call.answer} {str(call.params)[:300]}")
            seen.live += [f"{call.method}: {what}" for what in live_in_slack(call.params, notices=notices)]
    for call in world.telegram.calls:
        if call.method.lower().startswith(("send", "edit", "answercallback")):
            seen.calls += 1
            if call.status != 200 and "message is not modified" not in str(call.answer):
                seen.refused.append(f"{call.method}: {call.answer} {str(call.params)[:300]}")
            seen.live += [f"{call.method}: {what}" for what in live_in_telegram(call.params, notices=notices)]
    world.slack.calls.clear()
    world.telegram.calls.clear()


def read_files(world: SandboxWorld, person: SlackPerson | TelegramPerson, seen: Seen) -> None:
    """Are the calendar entries, pages and data that somebody got what they ought to be?"""
    for name, content in _files(world, person):
        seen.files += 1
        seen.unsafe += [f"{name}: {problem}" for problem in unsafe(name, content)]


def _files(world: SandboxWorld, person: SlackPerson | TelegramPerson) -> list[tuple[str, bytes]]:
    if isinstance(person, SlackPerson):
        return [(file.name, file.content) for message in person.messages() for file in message.files]
    return [(message.file.name, message.file.data) for message in person.messages() if message.file]


def live_in_slack(params: Any, *, notices: bool = False) -> Iterator[str]:
    """What Slack would act on in a call: mentions, links, and markup that came alive."""
    blocks = params.get("blocks") or params.get("view") or []
    content = json.loads(blocks) if isinstance(blocks, str) else blocks
    for text in (params.get("text") or "", *_marked_up(content, notices)):
        for sign in (
            "<!",
            "<@U0EVIL0009",
            "<#C0EVIL0009",
            f"<https://{SITE}",
            f"<http://{SITE}",
            "<mailto:mallory",
        ):
            if sign in text:
                yield f"{sign} in {text[:80]!r}"
    whole = content.get("blocks", []) if isinstance(content, dict) else content
    yield from _live_tags(plain_text_of("", whole, {}))


def _marked_up(node: Any, notices: bool) -> Iterator[str]:
    """Everything that Slack reads as its markup; plain text and text in rich text are taken to the letter."""
    match node:
        case list():
            for part in node:
                yield from _marked_up(part, notices)
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case {"type": "user", "user_id": str(user)}:
            yield f"<@{user}>"
        case {"type": "link", "url": str(url), **more} if not notices or more.get("text", url) != url:
            yield f"<{url}>"
        case {"type": "broadcast" | "usergroup" | "channel" as kind}:
            yield f"<!{kind}>"
        case dict():
            for part in node.values():
                yield from _marked_up(part, notices)


def live_in_telegram(params: Any, *, notices: bool = False) -> Iterator[str]:
    """What Telegram would mark in a call: also what it finds by itself in plain text."""
    for source in (params.get("text"), params.get("caption")):
        if not source or not isinstance(source, str):
            continue
        if params.get("parse_mode") != "HTML":
            continue  # a toast: plain in any case
        text, entities = parse_html(source)
        for entity in find_entities(text, entities):
            said = utf16_slice(text, entity["offset"], entity["length"])
            kind, url = entity["type"], str(entity.get("url", ""))
            found_by_itself = kind in ("mention", "url", "email", "bot_command", "hashtag")
            if found_by_itself and not any(own in said for own in OURS):
                yield f"{kind} {said[:60]!r}"
            elif kind == "text_link" and (SITE in url or "evil.com" in url):
                if not notices or said.rstrip("/") != url.rstrip("/"):
                    yield f"link {url[:60]!r}"
            elif kind == "text_mention" and entity["user"]["id"] == 1:
                yield "a mention that was typed"
        yield from _live_tags(text)


def _live_tags(text: str) -> Iterator[str]:
    """Words whose markup is gone from around them; what was cut off at an end is nothing that came alive."""
    for word, written in TAGS:
        lost = text.count(word) - text.count(written)
        if lost > text.count("…") + 1 or (
            lost > 0 and "…" not in text and len(text) < 1000 and not _is_cut(text, word, written)
        ):
            yield f"{written} is read as {word}"


def _is_cut(text: str, word: str, written: str) -> bool:
    """Did a field's limit cut the string inside its markup?"""
    before = written.partition(word)[0]
    return all(text[max(0, at - len(before)) : at] == before for at in _places(text, word))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def unsafe(name: str, content: bytes) -> Iterator[str]:
    """What is wrong with a file that the bot made."""
    if name.endswith(".ics"):
        import icalendar

        calendar = icalendar.Calendar.from_ical(content)
        events = calendar.walk("VEVENT")
        if len(events) != 1 or calendar.walk("VALARM"):
            yield f"{len(events)} events"
        for event in events:
            if more := set(event) - ENTRY:
                yield f"says {more}"
    elif name.endswith(".json"):
        json.loads(content)
    elif name.endswith(".html"):
        page = _Page()
        page.feed(content.decode())
        yield from page.problems


class _Page(HTMLParser):
    """A page of ours; whatever is no plain table is a problem."""

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in PAGE_TAGS:
            self.problems.append(f"holds <{tag}>")
        for name, _ in attrs:
            if name not in ("lang", "charset", "name", "content", "http-equiv"):
                self.problems.append(f"<{tag}> has {name}")
