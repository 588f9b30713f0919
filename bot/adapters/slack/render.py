"""Replies as Block Kit.

All prose becomes ``rich_text``: its elements are shown to the letter (``*stars*``, ``<!channel>``, ``:smile:``),
carry styles, links and mentions without markup that would have to be escaped, and stand in messages, modals and
App Home alike. ``mrkdwn`` has no way to escape a star, ``plain_text`` has no styles. Section fields know only
those two, so facts are lines of "label value". An edit never turns rich text into something else either, which
chat.update would refuse (``block_mismatch``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, assert_never

from bot.adapters.port import Outgoing
from bot.adapters.slack import limits
from bot.adapters.slack.controls import Json, RenderContext, rows_of
from bot.adapters.slack.limits import clean, cut, units
from handlers.core.ui import (
    Attachment,
    Block,
    Controls,
    Fields,
    Picture,
    Reply,
    Section,
    Span,
    Text,
    join,
    plain,
    spans,
)

_ELLIPSIS: Json = {"type": "text", "text": "…"}
_LINK_SCHEMES = ("https://", "http://", "mailto:", "tel:")


class SlackMessage(NamedTuple):
    """What is posted: ``text`` is for notifications, escaped; ``blocks`` is what people see."""

    text: str
    blocks: list[Json]


@dataclass
class _Room:
    """Characters that are left for prose; running out of them is shown by one ellipsis."""

    left: int

    def elements(self, text: Text, mentions: dict[int, str]) -> list[Json]:
        """Rich text elements for as much of ``text`` as there is room for."""
        if self.left <= 0:
            return []
        found: list[Json] = []
        left = min(self.left, limits.SECTION_TEXT)
        for span in _merged(spans(text)):
            full = left <= limits.CONTAINER_CHARACTERS
            element = _ELLIPSIS if full else _element(span, mentions, left - limits.CONTAINER_CHARACTERS)
            if element:
                found.append(element)
                cost = limits.CONTAINER_CHARACTERS + sum(units(element.get(part, "")) for part in ("text", "url"))
                left, self.left = left - cost, self.left - cost
            if full:
                break
        return found


def escape(text: str) -> str:
    """Return text that Slack shows to the letter in a message's ``text``: & < > are all that is special there.

    Source: docs.slack.dev/messaging/formatting-message-text#escaping.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render(out: Outgoing, context: RenderContext, file_id: str = "") -> SlackMessage:
    """Return a message or a home page as Slack takes it: within every limit, whatever the reply.

    Args:
        out: What to say; for an attachment only its title is rendered, its bytes go another way.
        context: Seals and the bot's identity.
        file_id: Slack's id of the uploaded picture; without it a picture is told in words.
    """
    match out.content:
        case Reply() as reply:
            text = escape(cut(reply.summary or _first_words(reply), limits.SUMMARY_TEXT))
            return SlackMessage(text, _blocks(reply, out, context, file_id))
        case Attachment() as attachment:
            return SlackMessage(escape(cut(attachment.title or attachment.filename, limits.FILE_TITLE)), [])
        case _ as never:
            assert_never(never)


def _blocks(reply: Reply, out: Outgoing, context: RenderContext, file_id: str) -> list[Json]:
    home = out.surface == "home"
    most = limits.VIEW_BLOCKS if home else limits.MESSAGE_BLOCKS
    characters = limits.VIEW_CHARACTERS if home else limits.MESSAGE_CHARACTERS
    controls = [block for block in reply.blocks if isinstance(block, Controls)]
    rows, used = rows_of(controls, out.chat_id, context, characters * 3 // 4)
    room = _Room(characters - used)
    mentions = {person: account.rpartition(":")[2] for person, account in out.mentions.items()}
    blocks: list[Json] = []
    remaining = iter(rows)
    for block in reply.blocks:
        picture = file_id if not any(shown["type"] == "image" for shown in blocks) else ""
        blocks.extend(_rendered(block, room, mentions, remaining, picture))
    if len(blocks) > most:
        blocks = list(_compact(blocks))
    if len(blocks) > most:
        kinds = ("rich_text", "image", "actions")
        blocks = list(_compact(sorted(blocks, key=lambda block: kinds.index(block["type"]))))
    return blocks or [_prose([_ELLIPSIS])]


def _rendered(
    block: Block, room: _Room, mentions: dict[int, str], rows: Iterator[list[Json]], file_id: str
) -> list[Json]:
    match block:
        case Section(text=text):
            elements = room.elements(text, mentions)
        case Fields(items=items):
            facts = [join((Span(f"{label} ", bold=True),), value) for label, value in items]
            elements = room.elements(join(*facts, separator="\n"), mentions)
        case Picture(alt=alt) if file_id:
            alt = cut(alt, limits.ALT_TEXT)
            room.left -= units(alt)
            return [{"type": "image", "slack_file": {"id": file_id}, "alt_text": alt}]
        case Picture(alt=alt):
            elements = room.elements((Span(alt, italic=True),), mentions)
        case Controls():
            return next(rows)
        case _ as never:
            assert_never(never)
    return [_prose(elements)] if elements else []


def _prose(elements: list[Json]) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _compact(blocks: Iterable[Json]) -> Iterator[Json]:
    """Put neighbours together: prose into one block, controls into full rows."""
    last: Json | None = None
    for block in blocks:
        if last is not None and block["type"] == last["type"] and block["type"] in ("rich_text", "actions"):
            elements = last["elements"] + block["elements"]
            if block["type"] == "rich_text" or len(elements) <= limits.ACTIONS_ELEMENTS:
                last = {**last, "elements": elements}
                continue
            last = {**last, "elements": elements[: limits.ACTIONS_ELEMENTS]}
            block = {**block, "elements": elements[limits.ACTIONS_ELEMENTS :]}
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last


def _merged(parts: Iterable[Span]) -> Iterator[Span]:
    """Join unstyled neighbours, so that a text of many strings stays one element."""
    waiting = ""
    for span in parts:
        if span == Span(span.text):
            waiting += span.text
            continue
        if waiting:
            yield Span(waiting)
            waiting = ""
        yield span
    if waiting:
        yield Span(waiting)


def _element(span: Span, mentions: dict[int, str], most: int) -> Json:
    """Return the span in at most ``most`` characters; an empty one for a span that shows nothing."""
    style = {
        name: True
        for name, wanted in (
            ("bold", span.bold),
            ("italic", span.italic),
            ("code", span.code),
            ("strike", span.strike),
        )
        if wanted
    }
    styled: Json = {"style": style} if style else {}
    if span.person and (user := mentions.get(span.person)):
        return {"type": "user", "user_id": user, **styled}
    text = clean(span.text)
    if not text:
        return {}
    if units(text) > most:
        text = cut(text, most)
    url = clean(span.link)
    if url.startswith(_LINK_SCHEMES) and units(url) <= min(limits.URL, most - units(text)):
        return {"type": "link", "url": url, "text": text, **styled}
    return {"type": "text", "text": text, **styled}


def _first_words(reply: Reply) -> str:
    for block in reply.blocks:
        match block:
            case Section(text=text) if plain(text).strip():
                return plain(text).strip()[:200]
            case Picture(alt=alt) if alt:
                return alt
            case _:
                continue
    return ""


def size_of(blocks: Any) -> int:
    """Characters of all texts in blocks, each with room for its container, as :mod:`.limits` counts them."""
    if isinstance(blocks, list):
        return sum(map(size_of, blocks))
    if not isinstance(blocks, dict):
        return 0
    own = blocks.get("text")
    counted = limits.CONTAINER_CHARACTERS + units(own) if isinstance(own, str) else 0
    return counted + sum(size_of(value) for value in blocks.values())
