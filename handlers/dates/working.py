"""Working hours: when somebody is there, how long something has waited, when an answer can be expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date

from handlers.dates.holidays import public_holidays
from handlers.dates.saying import spoken_day

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

LONGEST_LOOK = 366
"""Days: whoever has no working day in a year has none."""


class WorkingHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the team works, by the clock on the wall.

    Attributes:
        days: Days of the week; public holidays are free.
        begin: As ``09:00``.
        end: The same, later on the same day.
    """

    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri")
    begin: str = "09:00"
    end: str = "18:00"

    def wrong(self) -> tuple[str, str, str] | None:
        """Return what can't be used: the field, the problem, the remedy; None if all is well."""
        if not self.days:
            return "days", "there is no working day", 'name those on which somebody is there: ["mon", "tue"]'
        for name in ("begin", "end"):
            if not _TIME.fullmatch(getattr(self, name)):
                return name, f"'{getattr(self, name)}' is no time of day", "write it like 09:00"
        if clock(self.begin) >= clock(self.end):
            return "end", f"{self.end} is not after {self.begin}", "write when the working day ends"
        return None


class WorkingTime(NamedTuple):
    """Working hours at a place: in a time zone, without a region's public holidays (ISO 3166-2: ``DE-NW``)."""

    hours: WorkingHours
    zone: ZoneInfo
    region: str

    def is_working_day(self, day: date) -> bool:
        """Does the team work on this day?"""
        return _WEEK[day.weekday()] in self.hours.days and day not in public_holidays(self.region, day.year, "de")

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield begin and end of the working days from a moment on, in UTC, none of it before that moment."""
        first = start.astimezone(self.zone).date()
        for ahead in range(LONGEST_LOOK):
            day = first + timedelta(ahead)
            if self.is_working_day(day):
                begin, end = (
                    datetime.combine(day, clock(at), self.zone).astimezone(UTC)
                    for at in (self.hours.begin, self.hours.end)
                )
                if end > start:
                    yield max(begin, start), end

    def after(self, start: datetime, working: timedelta) -> datetime:
        """Return the moment at which so much working time has passed."""
        left = working
        for begin, end in self.spans(start):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return start + working

    def day_with(self, start: datetime, room: timedelta) -> date:
        """Return the first day from a moment on that still has so much working time."""
        days = (end.astimezone(self.zone).date() for begin, end in self.spans(start) if end - begin >= room)
        return next(days, start.astimezone(self.zone).date())


def clock(said: str) -> time:
    """Return ``9:00`` as a time of day."""
    hour, _, minute = said.partition(":")
    return time(int(hour), int(minute))


def spoken_clock(said: str, language: str) -> str:
    """Return ``18 Uhr`` or ``18:00`` for a time of day as the settings have it."""
    at = clock(said)
    if language == "de":
        return f"{at.hour} Uhr" if not at.minute else f"{at:%H:%M} Uhr"
    return f"{at:%H:%M}"


def spoken_day_ahead(day: date, today: date, language: str) -> str:
    """Return ``Montag`` for a day of the coming week, and any later one as a date."""
    if (day - today).days < 7:
        return format_date(day, "cccc", locale=language)
    return spoken_day(day, today, language)
