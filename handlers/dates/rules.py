r"""Which runs of words name which day: the table, and the arithmetic behind it.

A rule is a pattern over a line (see ``handlers.dates.line``) and the function that turns its match into a day.
Rules are tried in order, at each word of the line. Where a rule has no function, its words name no day though a
later rule would read one: "guten Morgen". A function returns None where there is no such day.

In the patterns ``(?<!\S )`` is the beginning of the line, ``(?<= on )`` asks for a word before.
"""

from __future__ import annotations

import functools
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from handlers.dates.words import MONTHS, WEEKDAYS

Reader = Callable[[re.Match[str], date], date | None]

# A date without a year that lies this close behind is a slip or a question about the past, not next year's.
JUST_PAST = timedelta(days=31)

_WEEKS_ON = {"last": -1, "this": 0, "coming": 1, "next": 1, "overnext": 2}


def _from_today(days: int) -> Reader:
    return lambda _, today: today + timedelta(days=days)


def _count(said: str) -> int:
    return 1 if said == "a" else int(said)


def _in_days(found: re.Match[str], today: date) -> date:
    return today + timedelta(days=_count(found["n"]) * (7 if found["unit"] == "week" else 1))


def _tomorrow_in_days(found: re.Match[str], today: date) -> date:
    return _in_days(found, today + timedelta(days=1))


def _weekday(found: re.Match[str], today: date) -> date:
    """Return the first such weekday from today on."""
    return today + timedelta(days=(WEEKDAYS.index(found["w"]) - today.weekday()) % 7)


def _weekday_after_today(found: re.Match[str], today: date) -> date:
    return _weekday(found, today + timedelta(days=1))


def _weekday_before_today(found: re.Match[str], today: date) -> date:
    return _weekday(found, today - timedelta(days=7))


def _weekday_of_week(found: re.Match[str], today: date) -> date:
    """Return the weekday of this, the next … ISO week."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEKS_ON[found["rel"]], days=WEEKDAYS.index(found["w"]))


def _weekday_in_weeks(found: re.Match[str], today: date) -> date:
    return _weekday(found, today) + timedelta(weeks=_count(found["n"]))


def _weekday_week(found: re.Match[str], today: date) -> date:
    return _weekday(found, today) + timedelta(weeks=1)


def _full_date(found: re.Match[str], _: date) -> date | None:
    year = int(found["y"])
    return _day(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))


def _numbered_month(found: re.Match[str], today: date) -> date | None:
    return _day_of_some_year(int(found["m"]), int(found["d"]), today)


def _named_month(found: re.Match[str], today: date) -> date | None:
    month, day = MONTHS.index(found["month"]) + 1, int(found["d"])
    return _day(int(found["y"]), month, day) if found["y"] else _day_of_some_year(month, day, today)


def _day_of_month(found: re.Match[str], today: date) -> date | None:
    """Return the first such day from today on, in the first month that has it."""
    wanted = int(found["d"])
    year, month = today.year, today.month
    if wanted < today.day:
        year, month = _month_after(year, month)
    while 1 <= wanted <= 31:
        if wanted <= monthrange(year, month)[1]:
            return date(year, month, wanted)
        year, month = _month_after(year, month)
    return None


def _holiday(month: int, day: int) -> Reader:
    return lambda _, today: _day_of_some_year(month, day, today)


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_of_some_year(month: int, day: int, today: date) -> date | None:
    """Return the first such day that is not long past, of last year, this or the next."""
    days = (_day(year, month, day) for year in (today.year - 1, today.year, today.year + 1))
    return next((one for one in days if one and one >= today - JUST_PAST), None)


# Pieces of patterns.
_W = f"(?P<w>{'|'.join(WEEKDAYS)})"
_ANY_WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})~{{0,2}}"
_MONTH = f"(?P<month>{'|'.join(MONTHS)})"
_D = "(?P<d>0?[1-9]|[1-3][0-9])"
# Not 15, 20, 30 …: "12.15." and "49.90." are times and prices; "32.13." was meant as a date.
_M = "(?P<m>0?[1-9]|1[0-46-9])"
_YEAR = r"(?: [,.])?(?: (?P<y>(?:19|20)[0-9]{2}))"
_N = "(?P<n>a|[0-9]{1,3})"
_REL = f"(?P<rel>{'|'.join(_WEEKS_ON)})"
_PART = "(?: (?:daypart|morrow))*"
# What stands in front of a date. "=" is the question a form asks ("which day?").
_CUES = ("=", "on", "for", "from", "starting", "till")
_CUE = "(?:" + "|".join(f"(?<= {word} )" for word in _CUES) + ")"
_WEEKDAY_BEFORE = (f"(?:{'|'.join(WEEKDAYS)})", f"(?:{'|'.join(WEEKDAYS)}) [,.]", "[a-z]{3}~", "[a-z]{3}~ [,.]")
_LED = "(?:" + "|".join(f"(?<= {word} )" for word in (*_CUES, "the", *_WEEKDAY_BEFORE)) + ")"
_NOT_A_MEASURE = "(?! (?:clock|unit))"
# How a sentence may go on behind a bare number that is a day.
_FOLLOW = (
    "(?= (?:go|and|at|for|from|starting|till|in|a|i|on|please|not|daypart|[,.]|[0-9]{1,2}:[0-9]{2})(?: |$)|$)"
)
_END = "(?=(?: (?:please|[.,]))*$)"

_TABLE: list[tuple[str, Reader | None]] = [
    # Words of days that name none: greetings, goodbyes, every week, opening hours.
    (rf"good (?:{_W}~?|morrow|overmorrow|[0-9]+\.[0-9]+\.)", None),
    (r"(?:on|the|every|next|last|a) morrow", None),
    (r"(?<!\S )morrow all", None),
    (rf"(?<!\S )(?:till|bye you(?: on)?) (?:morrow|overmorrow|{_W})(?: all)?(?=(?: [.,])*$)", None),
    (rf"(?:every|a|[0-9]+st|times (?:on|the)) {_W}~?", None),
    (rf"{_W}~{{0,2}}(?: on)? till (?:the )?{_ANY_WEEKDAY}", None),
    (r"times (?:in )?(?:a|[0-9]+) (?:day|week)", None),
    (r"24/7", None),
    # Dates with all their figures.
    (r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})", _full_date),
    (r"(?<! version )(?P<d>[0-9]+)[./](?P<m>[0-9]+)[./](?P<y>[0-9]{2,4})", _full_date),
    (rf"(?<! version ){_D}\.(?P<m>[0-9]{{1,2}})\.?{_YEAR}", _full_date),
    (rf"{_D}\. {_M}\.{_YEAR}", _full_date),
    # Day and month.
    (rf"(?<! version )(?<! at ){_D}\.{_M}\.{_NOT_A_MEASURE}", _numbered_month),
    (rf"{_LED}{_D}\.{_M}{_NOT_A_MEASURE}", _numbered_month),
    (rf"{_LED}{_D}/(?P<m>0[1-9]|1[0-2])", _numbered_month),
    (rf"(?:(?<= on )|(?<= = )){_D}/{_M}", _numbered_month),
    (rf"(?<!\S ){_D}\.{_M}{_END}", _numbered_month),
    (rf"(?<!\S ){_D}/(?P<m>0[1-9]|1[0-2]){_END}", _numbered_month),
    (rf"(?:{_LED}|(?<!\S )){_D}\. (?P<m>0?[1-9]|1[0-2])\.", _numbered_month),
    # Without any sign of a date but its size: "ist 24.11 frei?" No 05 and 10, which make it a time.
    (
        rf"(?<! version )(?<! at )(?P<d>1[3-9]|2[0-9]|3[01])[./](?P<m>0[1-46-9]|1[12]){_NOT_A_MEASURE}",
        _numbered_month,
    ),
    # The first of several: "24. bis 26.11.", "24-26 November".
    (rf"{_D}\.? (?:till|and) (?:the )?[0-9]{{1,2}}\.(?P<m>[0-9]{{1,2}})\.[0-9]*", _numbered_month),
    (rf"{_D}\.? (?:till|and) (?:the )?[0-9]{{1,2}}\.? (?:of )?{_MONTH}(?:{_YEAR})?", _named_month),
    # Months by name.
    (rf"{_D}(?:\.|st)(?: of)? {_MONTH}(?:{_YEAR})?", _named_month),
    (rf"{_D} (?:of )?{_MONTH}{_YEAR}", _named_month),
    (rf"{_D} (?:of )?(?!may|mar){_MONTH}(?P<y>)", _named_month),
    (rf"{_D} {_MONTH}(?P<y>){_FOLLOW}", _named_month),
    (rf"{_MONTH}(?: [.])?(?: the)? {_D}(?:\.|st)?{_YEAR}", _named_month),
    (rf"{_MONTH}(?: [.])?(?: the)? {_D}\.(?P<y>)", _named_month),
    (rf"(?!may|mar){_MONTH}(?: [.])?(?: the)? {_D}(?P<y>)", _named_month),
    (rf"{_MONTH}(?: the)? {_D}(?P<y>){_FOLLOW}", _named_month),
    # Days with a name of their own.
    (r"xmas eve", _holiday(12, 24)),
    (r"xmas day", _holiday(12, 25)),
    (r"boxing day", _holiday(12, 26)),
    (r"new year(?: _)? eve", _holiday(12, 31)),
    (r"new year(?: _)? day", _holiday(1, 1)),
    # The day alone.
    (rf"(?:from|starting) {_D}\. till (?:the )?[0-9]{{1,2}}\.{_FOLLOW}", _day_of_month),
    (rf"(?<= on ){_D}\.(?! (?:thing|day|week|unit))", _day_of_month),
    (rf"(?:(?<= on )|(?<= = )){_D}{_FOLLOW}", _day_of_month),
    (rf"{_LED}{_D}\.{_FOLLOW}", _day_of_month),
    (rf"(?<!\S ){_D}\.{_END}", _day_of_month),
    # So many days or weeks on.
    (rf"in {_N} week (?:on )?{_W}~?", _weekday_in_weeks),
    (rf"(?:today )?in (?!a day){_N} (?P<unit>day|week)", _in_days),
    (rf"(?<! for ){_N} (?P<unit>day|week) from (?:today|now)", _in_days),
    (rf"morrow in {_N} (?P<unit>day|week)", _tomorrow_in_days),
    (rf"(?<! for ){_N} (?P<unit>day|week) from morrow", _tomorrow_in_days),
    (rf"{_W}~?(?: ,)? in {_N} week", _weekday_in_weeks),
    (rf"{_N} week (?:on |from )?{_W}", _weekday_in_weeks),
    (rf"{_W} week", _weekday_week),
    # Weekdays of a week.
    (rf"{_REL} week(?: ,)?(?: (?:on|in|the))* {_W}~?{_PART}", _weekday_of_week),
    (rf"{_W}~?{_PART}(?: ,)?(?: (?:of|in|the))* {_REL} week", _weekday_of_week),
    (rf"(?P<rel>next|overnext) {_W}~?{_PART}", _weekday_of_week),
    (rf"(?:this|coming) {_W}~?{_PART}", _weekday_after_today),
    (rf"last {_W}~?", _weekday_before_today),
    # Today and its neighbours.
    (rf"day after morrow{_PART}", _from_today(2)),
    (rf"overmorrow{_PART}", _from_today(2)),
    (rf"morrow{_PART}", _from_today(1)),
    (rf"today{_PART}", _from_today(0)),
    (r"this daypart", _from_today(0)),
    (rf"yesterday{_PART}", _from_today(-1)),
    # Weekdays alone; abbreviations need a sign of a date.
    (rf"{_W}{_PART}", _weekday),
    (rf"{_CUE}{_W}~{_PART}", _weekday),
    (rf"(?<!\S ){_W}~{_PART}{_END}", _weekday),
    (rf"{_W}~(?= daypart| morrow| [0-9]{{1,2}}:[0-9]| [0-9]{{1,2}} clock| and {_ANY_WEEKDAY}){_PART}", _weekday),
    (rf"(?:(?<= = )|(?<! i on )(?<= on )){_W}~~{_PART}", _weekday),
]


@functools.cache
def rules() -> list[tuple[re.Pattern[str], Reader | None]]:
    """Return the table, compiled when the first text is read: a start need not wait for it."""
    return [(re.compile(f"(?:{pattern})(?= |$)"), reader) for pattern, reader in _TABLE]
