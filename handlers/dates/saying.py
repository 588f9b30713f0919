"""Days as Kumpel says them."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date

from handlers.dates.rules import JUST_PAST

_SHORT = {"de": "ccc, d. MMM", "en": "ccc d MMM"}
_WITH_YEAR = {"de": "ccc, d. MMM y", "en": "ccc d MMM y"}
# From what reading takes for just past to this far ahead, a day is plain without its year.
_SOON = timedelta(days=330)
_NEAR = {"de": ("heute", "morgen", "übermorgen"), "en": ("today", "tomorrow", "the day after tomorrow")}


def spoken_day(day: date, today: date, language: str) -> str:
    """Return ``Di, 24. Nov.`` or ``Tue 24 Nov``, with the year where it is not plain."""
    plain = -JUST_PAST <= day - today <= _SOON
    return format_date(day, (_SHORT if plain else _WITH_YEAR)[language], locale=language)


def spoken_day_near(day: date, today: date, language: str) -> str:
    """Return ``heute``, ``morgen (Di, 24. Nov.)``, ``übermorgen (…)``, and any other day as ``spoken_day``."""
    spoken = spoken_day(day, today, language)
    match (day - today).days:
        case 0:
            return _NEAR[language][0]
        case 1 | 2 as ahead:
            return f"{_NEAR[language][ahead]} ({spoken})"
    return spoken
