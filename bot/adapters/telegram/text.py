"""Styled text as Telegram's HTML (Bot API, "HTML style").

HTML and not MarkdownV2: three characters to escape, and a stray one can't break a message.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from msgspec import structs

from bot.adapters.telegram.inert import inert, is_live
from bot.adapters.telegram.limits import MARKUP_BYTES, clean, cut_spans, is_visible
from handlers.core.ui import Span

_LINKS = ("https://", "http://", "tg://")
_MAIL = "mailto:"
_BLANK_LINE = Span("\n\n")


def paragraphs_to_html(paragraphs: Sequence[Sequence[Span]], mentions: Mapping[int, str], units: int) -> str:
    """Return the paragraphs as one text of at most ``units`` UTF-16 units; empty if there is nothing to see.

    Args:
        paragraphs: Styled texts; a blank line comes between them.
        mentions: Telegram accounts of the persons mentioned, by our id.
        units: What Telegram allows, counted without tags.
    """
    runs: list[Span] = []
    for paragraph in paragraphs:
        cleaned = [structs.replace(span, text=_readable(span)) for span in paragraph]
        if any(span.text.strip() for span in cleaned):
            runs += [_BLANK_LINE, *cleaned] if runs else cleaned
    runs = cut_spans(runs, units)
    plain = "".join(run.text for run in runs)
    if not is_visible(plain):
        return ""
    runs = inert(runs, lambda run: bool(_address(run, mentions) or run.link.startswith(_MAIL)))
    styled = "".join(_span_to_html(run, mentions) for run in runs)
    if len(styled.encode()) <= MARKUP_BYTES:
        return styled
    # Thousands of tiny spans, or endless links: better without styles than not at all.
    escaped = html.escape(plain, quote=False)
    return f"<code>{escaped}</code>" if is_live(plain) else escaped


def _readable(span: Span) -> str:
    text, address = clean(span.text), clean(span.link)
    if address.startswith(_MAIL) and address.removeprefix(_MAIL) not in text:
        return f"{text} ({address.removeprefix(_MAIL)})"  # Telegram links no mail address, it only finds them
    return text


def _span_to_html(span: Span, mentions: Mapping[int, str]) -> str:
    text = html.escape(span.text, quote=False)
    if not text.strip():
        return text
    if span.code:  # nothing may stand inside it (Bot API, "Formatting options")
        return f"<code>{text}</code>"
    if link := _address(span, mentions):
        text = f'<a href="{html.escape(link)}">{text}</a>'
    for tag, wanted in (("s", span.strike), ("i", span.italic), ("b", span.bold)):
        if wanted:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _address(span: Span, mentions: Mapping[int, str]) -> str:
    """Where a span leads: to the person it mentions, or to its link; empty if nowhere."""
    account = mentions.get(span.person, "") if span.person else ""
    link = f"tg://user?id={account}" if account.isdecimal() else clean(span.link)
    return link if link.startswith(_LINKS) else ""
