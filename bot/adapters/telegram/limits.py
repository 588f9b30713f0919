"""Telegram's limits, each with its source, and cutting text down to them.

"Bot API" is core.telegram.org/bots/api, "Bot FAQ" is core.telegram.org/bots/faq ("My bot is hitting limits").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from msgspec import structs

from bot.adapters.port import Window
from handlers.core.ui import Span

TEXT_UNITS: Final = 4096  # Bot API, sendMessage: "1-4096 characters after entities parsing"
CAPTION_UNITS: Final = 1024  # Bot API, sendPhoto: "0-1024 characters after entities parsing"
MARKUP_BYTES: Final = (
    32_000  # the server takes 32,768 bytes of text with its tags (Client.cpp, get_formatted_text)
)
CALLBACK_DATA_BYTES: Final = 64  # Bot API, InlineKeyboardButton.callback_data: "1-64 bytes"
CALLBACK_ANSWER_UNITS: Final = 200  # Bot API, answerCallbackQuery: "0-200 characters"
BUTTONS: Final = 100  # core.telegram.org/api/bots/buttons: more are REPLY_MARKUP_TOO_LONG
COMMANDS: Final = 100  # Bot API, setMyCommands: "At most 100 commands can be specified"
COMMAND_DESCRIPTION: Final = 256  # Bot API, BotCommand.description: "1-256 characters"
COMMAND_NAME: Final = re.compile(r"[a-z0-9_]{1,32}")  # Bot API, BotCommand.command
START_PAYLOAD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # core.telegram.org/bots/features#deep-linking
POLL_SECONDS: Final = 50  # the server holds getUpdates no longer (Client.cpp, process_get_updates_query)
POLL_UPDATES: Final = 100  # Bot API, getUpdates.limit: "Values between 1-100 are accepted"
WEBHOOK_CONNECTIONS: Final = 20  # Bot API, setWebhook.max_connections: "1-100. Defaults to 40"

# Ours, so that a phone shows labels in full.
LABEL_CHARACTERS: Final = 48
ROW_CHARACTERS: Final = 36
ROW_BUTTONS: Final = 3
OPTIONS: Final = 24
FILE_NAME_CHARACTERS: Final = 60
READ_CHARACTERS: Final = 4000

SEND_WINDOWS: Final = (Window(30, 1.02),)  # Bot FAQ: about 30 messages a second over all
DIRECT_WINDOWS: Final = (Window(1, 1.0),)  # Bot FAQ: about one message a second in a chat
GROUP_WINDOWS: Final = (Window(1, 1.0), Window(20, 60.5))  # Bot FAQ: 20 messages a minute to the same group

# Controls but for newline and tab; line separators; what turns the reading direction round; half surrogates.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Letters and symbols that are drawn as nothing (the server takes a text of such for an empty one).
_DRAWN_AS_NOTHING = "\u115f\u1160\u2800\u3164\uffa0"
_INVISIBLE_CATEGORIES = ("C", "Z", "Mn")


def clean(text: str) -> str:
    """Return the text without characters that could break a message or reorder what surrounds it."""
    return _UNWANTED.sub(_stand_in, text)


def _stand_in(match: re.Match[str]) -> str:
    character = match[0]
    if character in "\u2028\u2029":
        return "\n"
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else ""


def is_visible(text: str) -> bool:
    """Is there anything to see? Telegram refuses messages and buttons with nothing."""
    return any(
        not unicodedata.category(character).startswith(_INVISIBLE_CATEGORIES)
        and character not in _DRAWN_AS_NOTHING
        for character in text
    )


def utf16_units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, units: int) -> str:
    """Return the text in at most so many UTF-16 units, an ellipsis at its end where something is missing."""
    if utf16_units(text) <= units:
        return text
    room = units - 1
    for at, character in enumerate(text):
        room -= utf16_units(character)
        if room < 0:
            return text[:at].rstrip().rstrip("\u200d") + "…"
    return text


def cut_spans(runs: Iterable[Span], units: int) -> list[Span]:
    """Cut styled text to at most so many UTF-16 units, as :func:`cut` does."""
    runs = list(runs)
    if sum(utf16_units(run.text) for run in runs) <= units:
        return runs
    kept: list[Span] = []
    room = units
    for run in runs:
        length = utf16_units(run.text)
        if length < room:
            kept.append(run)
            room -= length
            continue
        # Exactly full would leave no room for the ellipsis that what follows needs.
        text = cut(run.text, room) if length > room else cut(run.text + "…", room)
        kept.append(structs.replace(run, text=text))
        return kept
    return kept
