"""A neutral message as what the Bot API takes. Pure, total, and within every limit; for sending and editing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, assert_never

from telegram import InlineKeyboardMarkup

from bot.adapters.port import Outgoing
from bot.adapters.telegram.calendar import Row
from bot.adapters.telegram.keyboard import control_rows, keyboard, label_of, link_address
from bot.adapters.telegram.limits import CAPTION_UNITS, FILE_NAME_CHARACTERS, TEXT_UNITS, clean, cut, is_visible
from bot.adapters.telegram.text import paragraphs_to_html
from handlers.core.seals import Seals
from handlers.core.ui import Attachment, Controls, Fields, LinkButton, Picture, Reply, Section, Span, spans

_NOT_IN_FILE_NAMES = re.compile(r'[\s/\\:*?"<>|]+')


class RenderContext(NamedTuple):
    """What rendering needs besides the message: the seals, and our name for deep links."""

    seals: Seals
    bot_username: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """One call's worth of message.

    Attributes:
        kind: ``text`` for sendMessage, ``picture`` for sendPhoto, ``file`` for sendDocument.
        html: Text or caption in HTML parse mode; only a text is never empty.
        keyboard: Inline buttons, if there are any.
        content: Bytes of the picture or file.
        filename: Name of the file.
    """

    kind: Literal["text", "picture", "file"]
    html: str
    keyboard: InlineKeyboardMarkup | None = None
    content: bytes = b""
    filename: str = ""


def render(out: Outgoing, context: RenderContext) -> Rendered:
    """Render a message.

    A picture needs its bytes in ``out.picture``; without them, and for any further picture, its ``alt`` is shown.
    """
    match out.content:
        case Reply():
            return _render_reply(out, out.content, context)
        case Attachment(filename=filename, title=title, content=content):
            caption = paragraphs_to_html([(Span(title),)], {}, CAPTION_UNITS)
            return Rendered("file", caption, content=content, filename=_file_name(filename))
        case _:
            assert_never(out.content)


def _render_reply(out: Outgoing, reply: Reply, context: RenderContext) -> Rendered:
    def seal(packed: str) -> str:
        return context.seals.seal(packed, out.chat_id)

    paragraphs: list[tuple[Span, ...]] = []
    rows: list[Row] = []
    picture = b""
    for block in reply.blocks:
        match block:
            case Section(text=text):
                paragraphs.append(spans(text))
            case Fields():
                paragraphs.append(_field_lines(block))
            case Picture(alt=alt):
                if out.picture and not picture:
                    picture = out.picture
                else:
                    paragraphs.append((Span(alt, italic=True),))
            case Controls(items=controls):
                rows += control_rows(controls, reply.language, seal, context.bot_username)
                paragraphs += [
                    (Span(f"{label_of(link.label)}: {link.url}"),)
                    for link in controls
                    if isinstance(link, LinkButton) and not link_address(link, context.bot_username)
                ]
            case _:
                assert_never(block)
    html = paragraphs_to_html(paragraphs, out.mentions, CAPTION_UNITS if picture else TEXT_UNITS)
    if picture:
        return Rendered("picture", html, keyboard(rows), picture)
    html = html or paragraphs_to_html([(Span(reply.summary),)], {}, TEXT_UNITS) or "…"
    return Rendered("text", html, keyboard(rows))


def _field_lines(fields: Fields) -> tuple[Span, ...]:
    lines: list[Span] = []
    for label, value in fields.items:
        if lines:
            lines.append(Span("\n"))
        lines += [Span(label, bold=True), Span(" "), *spans(value)]
    return tuple(lines)


def _file_name(name: str) -> str:
    stem, dot, ending = _NOT_IN_FILE_NAMES.sub("_", clean(name)).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    stem = cut(stem.strip("._"), FILE_NAME_CHARACTERS)
    return f"{stem if is_visible(stem) else 'kumpel'}{dot}{cut(ending, 10)}"
