"""What Telegram makes live by itself, in any plain text: addresses, @names, #tags, /commands.

The bot shows people's words to others. Nobody is to be called or led anywhere by them, so what would come alive is
set as code: Telegram marks nothing in it (tdlib/td MessageEntity.cpp), it stays as typed, and a tap copies it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import structs

from handlers.core.ui import Span

MOST = 30
"""More such places become one: a message may hold 100 entities (core.telegram.org/method/messages.sendMessage)."""

_ENDINGS = (
    "com|net|org|info|biz|io|me|app|dev|xyz|link|click|top|site|online|shop|gg|ly|co|to|ai|tk|cn|ru|de|eu|at|ch|uk|fr"
    "|nl|it|es|pl|us|tv|cc"
)
_LIVE = re.compile(
    r"[a-z][a-z0-9+.-]*://\S+"
    r"|[\w.+-]*@[\w.-]+"
    rf"|(?<![\w@])(?:[\w-]+\.)+(?:{_ENDINGS})(?![\w-])(?:[/?#:]\S*)?"
    r"|(?<![\w/])/\w+(?:@\w+)?"
    r"|#\w+|\$[a-z]{1,8}(?!\w)",
    re.IGNORECASE,
)


def is_live(text: str) -> bool:
    """Would Telegram mark anything in it?"""
    return _LIVE.search(text) is not None


def inert(runs: Sequence[Span], is_ours: Callable[[Span], bool]) -> list[Span]:
    """Return the styled text with all that would come alive as code, but for the links that are ``is_ours``."""
    plain = "".join(run.text for run in runs)
    places = [found.span() for found in _LIVE.finditer(plain)]
    if not places:
        return list(runs)
    if len(places) > MOST:
        places = [(places[0][0], places[-1][1])]
    found: list[Span] = []
    at = 0
    for run in runs:
        end = at + len(run.text)
        if is_ours(run):
            found.append(run)
        else:
            for start, stop, live in _pieces(at, end, places):
                text = plain[start:stop]
                found.append(Span(text, code=True) if live else structs.replace(run, text=text))
        at = end
    return found


def _pieces(begin: int, end: int, places: Sequence[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """Cut a stretch of text at the places: where each piece begins and ends, and whether it is one of them."""
    pieces: list[tuple[int, int, bool]] = []
    at = begin
    for start, stop in places:
        start, stop = max(start, begin), min(stop, end)
        if start >= stop:
            continue
        if at < start:
            pieces.append((at, start, False))
        pieces.append((start, stop, True))
        at = stop
    if at < end:
        pieces.append((at, end, False))
    return pieces
