"""An inline calendar: a month of buttons, with arrows to the next ones.

Every day carries ``action~2026-11-24``. An arrow carries ``action~m202612,261124,270131``: the month to show
and both ends of what may be picked, so that turning it needs nothing but the token.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.adapters.port import TurnCalendar
from handlers.core.ui import Action, DatePicker

NO_OP: Final = "-"
"""Callback data of buttons that only show something."""

LIST_DAYS: Final = 7
"""Up to so many days are a list, more are a calendar."""

_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)  # arrows write years in two digits
_MONTHS = {
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_SHORT_MONTHS = {
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WEEKDAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

Row = list[InlineKeyboardButton]
Seal = Callable[[str], str]


def picker_buttons(picker: DatePicker, language: str, seal: Seal) -> tuple[list[Row], Row]:
    """Return a picker as calendar rows or, for a few days, as loose buttons; the other one is empty."""
    earliest, latest = max(picker.earliest, _FIRST_DAY), min(picker.latest, _LAST_DAY)
    language = _known(language)
    if earliest > latest:
        return [[note("·")]], []
    days = (latest - earliest).days + 1
    if days > LIST_DAYS:
        return month_rows(picker.action, picker.initial or earliest, earliest, latest, language, seal), []
    return [], [
        InlineKeyboardButton(_day_name(day, language), callback_data=seal(_day_value(picker.action, day)))
        for day in (earliest + timedelta(n) for n in range(days))
    ]


def month_rows(action: Action, month: date, earliest: date, latest: date, language: str, seal: Seal) -> list[Row]:
    """Return one month: a header with arrows, the weekdays, the weeks.

    Args:
        action: What a day runs.
        month: Any day of the month to show; moved to where there is something to pick.
        earliest: First day that may be picked.
        latest: Last day that may be picked.
        language: ``de``, or English for anything else.
        seal: Makes a token of a packed action.
    """
    language = _known(language)
    first = min(max(month, earliest), latest).replace(day=1)
    before, after = first - timedelta(1), (first + timedelta(31)).replace(day=1)
    header = [note(f"{_MONTHS[language][first.month - 1]} {first.year}")]
    if before >= earliest:
        header.insert(0, _arrow("‹", action, before, earliest, latest, seal))
    if after <= latest:
        header.append(_arrow("›", action, after, earliest, latest, seal))

    def cell(day: date) -> InlineKeyboardButton:
        if day.month != first.month or not earliest <= day <= latest:
            return note("·")
        return InlineKeyboardButton(str(day.day), callback_data=seal(_day_value(action, day)))

    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [
        header,
        [note(name) for name in _WEEKDAYS[language]],
        *([cell(day) for day in week] for week in weeks),
    ]


def turn(keyboard: InlineKeyboardMarkup, wanted: TurnCalendar, seal: Seal) -> InlineKeyboardMarkup | None:
    """Return the keyboard with another month in its calendar; None if that calendar is not in it."""
    rows = keyboard.inline_keyboard
    arrow = f"{wanted.action.packed}~m"
    top = next((at for at, row in enumerate(rows) if any(_carries(button, arrow) for button in row)), None)
    if top is None:
        return None
    end = top + 1
    while end < len(rows) and len(rows[end]) == 7:
        end += 1
    language = _language_of(rows[top + 1 : end])
    month = month_rows(wanted.action, wanted.month, wanted.earliest, wanted.latest, language, seal)
    return InlineKeyboardMarkup([*rows[:top], *month, *rows[end:]])


def note(text: str) -> InlineKeyboardButton:
    """Return a button that only shows something."""
    return InlineKeyboardButton(text, callback_data=NO_OP)


def read_arrow(value: str) -> tuple[date, date, date]:
    """Return month, earliest and latest day of an arrow's value (``m202612,261124,270131``).

    Raises:
        ValueError: It is no arrow's value.
    """
    month, earliest, latest = value.removeprefix("m").split(",")
    return (
        date(int(month[:4]), int(month[4:]), 1),
        date(2000 + int(earliest[:2]), int(earliest[2:4]), int(earliest[4:])),
        date(2000 + int(latest[:2]), int(latest[2:4]), int(latest[4:])),
    )


def _arrow(
    label: str, action: Action, month: date, earliest: date, latest: date, seal: Seal
) -> InlineKeyboardButton:
    value = f"{action.packed}~m{month:%Y%m},{earliest:%y%m%d},{latest:%y%m%d}"
    return InlineKeyboardButton(label, callback_data=seal(value))


def _day_value(action: Action, day: date) -> str:
    return f"{action.packed}~{day.isoformat()}"


def _day_name(day: date, language: str) -> str:
    weekday, month = _WEEKDAYS[language][day.weekday()], _SHORT_MONTHS[language][day.month - 1]
    return f"{weekday} {day.day}. {month}" if language == "de" else f"{weekday} {day.day} {month}"


def _carries(button: InlineKeyboardButton, start: str) -> bool:
    return isinstance(button.callback_data, str) and button.callback_data.startswith(start)


def _known(language: str) -> str:
    return "de" if language == "de" else "en"


def _language_of(rows: Sequence[Sequence[InlineKeyboardButton]]) -> str:
    return "de" if rows and rows[0][0].text == _WEEKDAYS["de"][0] else "en"
