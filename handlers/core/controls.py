"""What a control's packed action says once its seal was opened."""

from __future__ import annotations

import re
from datetime import date, datetime

from handlers.core.answers import TurnCalendar
from handlers.core.ui import Action

_TURN = re.compile(r"(?P<action>[^~]+)~m(?P<month>\d{6}),(?P<earliest>\d{6}),(?P<latest>\d{6})")


def opened(packed: str) -> tuple[Action, str]:
    """Return the action and the value that was offered with it, empty if none was."""
    action, _, value = packed.partition("~")
    return Action.unpack(action), value


def turned(packed: str) -> TurnCalendar | None:
    """Return the month that a calendar's arrow leads to, or None if this is no arrow.

    An arrow carries ``action~mYYYYMM,yymmdd,yymmdd``: the month and the two ends of what may be picked.
    """
    found = _TURN.fullmatch(packed)
    if not found:
        return None
    try:
        return TurnCalendar(
            Action.unpack(found["action"]),
            month=_day(found["month"] + "01", "%Y%m%d"),
            earliest=_day(found["earliest"], "%y%m%d"),
            latest=_day(found["latest"], "%y%m%d"),
        )
    except ValueError:
        return None


def _day(digits: str, form: str) -> date:
    return datetime.strptime(digits, form).date()  # noqa: DTZ007  (a day has no zone)
