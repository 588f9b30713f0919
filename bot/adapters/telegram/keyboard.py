"""Controls as rows of inline buttons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters.telegram.calendar import Row, Seal, note, picker_buttons
from bot.adapters.telegram.limits import (
    BUTTONS,
    LABEL_CHARACTERS,
    OPTIONS,
    ROW_BUTTONS,
    ROW_CHARACTERS,
    START_PAYLOAD,
    clean,
    cut,
    is_visible,
)
from handlers.core.ui import Button, Control, DatePicker, LinkButton, PickList

# A public host, as the server wants it: it refuses a whole message for a button to "localhost".
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#@\"<>]+\.[^\s/?#@.\"<>]{2,}([/?#][^\s\"<>]*)?", re.IGNORECASE)
_ADDRESS_CHARACTERS = 2000
_MORE = {"de": "… und {count} weitere", "en": "… and {count} more"}


def control_rows(controls: Sequence[Control], language: str, seal: Seal, bot_username: str) -> list[Row]:
    """Return one block of controls as rows: buttons side by side while they read well, calendars by themselves."""
    rows: list[Row] = []
    loose: Row = []
    for control in controls:
        match control:
            case Button():
                data = seal(control.action.packed)
                loose.append(InlineKeyboardButton(label_of(control.label), callback_data=data))
            case LinkButton():
                if address := link_address(control, bot_username):
                    loose.append(InlineKeyboardButton(label_of(control.label), url=address))
            case PickList():
                rows += _flow(loose) + _pick_list_rows(control, language, seal)
                loose = []
            case DatePicker():
                calendar_rows, days = picker_buttons(control, language, seal)
                rows += _flow(loose) + calendar_rows + _flow(days)
                loose = []
            case _:
                assert_never(control)
    return rows + _flow(loose)


def keyboard(rows: Sequence[Row]) -> InlineKeyboardMarkup | None:
    """Return the rows as a keyboard, cut to what the server takes; None without buttons."""
    kept: list[Row] = []
    room = BUTTONS
    for row in rows:
        if len(row) > room or (len(row) == room and row is not rows[-1]):
            kept.append([note("…")])
            break
        kept.append(row)
        room -= len(row)
    return InlineKeyboardMarkup(kept) if kept else None


def label_of(text: str) -> str:
    """Return a button's label: one line, never empty."""
    label = cut(" ".join(clean(text).split()), LABEL_CHARACTERS)
    return label if is_visible(label) else "…"


def link_address(control: LinkButton, bot_username: str) -> str:
    """Return where a link button leads; empty if Telegram would refuse it on a button."""
    if control.url:
        fits = _WEB_ADDRESS.fullmatch(control.url) and len(control.url) <= _ADDRESS_CHARACTERS
        return control.url if fits else ""
    return start_link(bot_username, control.start)


def start_link(bot_username: str, payload: str) -> str:
    """Return the deep link that opens the direct chat, with the payload where it is a proper one."""
    address = f"https://t.me/{bot_username}"
    return f"{address}?start={payload}" if START_PAYLOAD.fullmatch(payload) else address


def _pick_list_rows(control: PickList, language: str, seal: Seal) -> list[Row]:
    buttons = []
    for option in control.options[:OPTIONS]:
        mark = "✓ " if control.selected and option.value == control.selected else ""
        data = seal(f"{control.action.packed}~{option.value}")
        buttons.append(InlineKeyboardButton(label_of(mark + option.label), callback_data=data))
    rows = _flow(buttons)
    if left := len(control.options) - len(buttons):
        rows.append([note(_MORE["de" if language == "de" else "en"].format(count=left))])
    return rows


def _flow(buttons: Row) -> list[Row]:
    """Put buttons side by side while a phone shows their labels in full."""
    rows: list[Row] = []
    width = 0
    for button in buttons:
        needed = _width(button.text)
        if rows and len(rows[-1]) < ROW_BUTTONS and width + needed <= ROW_CHARACTERS:
            rows[-1].append(button)
            width += needed
        else:
            rows.append([button])
            width = needed
    return rows


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
