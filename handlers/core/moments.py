"""Times as people say them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

_WITH_DAY = {"de": "d. MMM, HH:mm", "en": "d MMM, HH:mm"}


def spoken_time(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """Return ``10:42`` for a moment of today, else with its day: ``24. Nov., 10:42``."""
    local = moment.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%H:%M}"
    return format_datetime(local, _WITH_DAY[language], locale=language)


def spoken_month(day: date, language: str) -> str:
    """Return ``Nov. 2026``."""
    return format_date(day, "MMM yyyy", locale=language)
