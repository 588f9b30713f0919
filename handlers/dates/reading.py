"""Reading the day that a message names.

What a message says is taken as people here mean it:

* A weekday alone is the first from today on; on that very weekday it is today. "Diesen", "kommenden", "this" and
  "coming" mean the first after today, "nächsten" and "next" the one of the next ISO week (Monday to Sunday).
* A date without a year is the next from today on, but one that passed within the last 31 days is that past day: on
  22 November "20.11." is a slip, which the caller can point out. A date with a year is that date.
* A day of the month alone ("am 24.") is the next from today on; "am 31." skips months that have no such day.
* Figures are day before month. Where a weekday stands beside a date, the date counts.
* Of several days, the first counts that is neither past nor impossible nor ruled out ("nicht morgen, sondern
  Dienstag"); if none is left, the first of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from handlers.dates.line import Line
from handlers.dates.rules import rules
from handlers.dates.words import MONTHS, WEEKDAYS

# What may stand between a weekday and its date, and around a day that is a whole answer.
_BETWEEN = {",", ".", "on", "the"}
_WEEKDAY = {weekday + mark for weekday in WEEKDAYS for mark in ("", "~", "~~")}
_FILLERS = {"on", "the", "of", "for"}
_IDLE = {"_", "go", ",", ".", "unit", "version"}  # no rule begins with these
_AROUND = {*_BETWEEN, *_WEEKDAY, "=", "for", "from", "starting", "till", "please"}


class SaidDay(msgspec.Struct, frozen=True):
    """A day as it was named.

    Attributes:
        said: The words as typed.
        day: The day; None if there is no such day ("32.13.", "30. Februar").
    """

    said: str
    day: date | None


class _Named(msgspec.Struct, frozen=True):
    first: int
    end: int
    day: date | None


def find_day(text: str, today: date) -> SaidDay | None:
    """Return the day that a message names, None if it names none."""
    line = Line(text)
    named = list(_days(line, today))
    if not named:
        return None
    meant = next((one for one in named if _is_meant(one, line, today)), named[0])
    return SaidDay(line.said(meant.first, meant.end), meant.day)


def read_day(text: str, today: date) -> SaidDay | None:
    """Return the day that a whole text is, as an answer to the question for a day; None if it is more or no day.

    Here abbreviations count that mean other things in a sentence ("so", "Do"), and bare numbers ("24"). A day may
    be said twice ("morgen, 24.11.").
    """
    line = Line(text, lead="=")
    named = list(_days(line, today))
    inside = {at for one in named for at in range(one.first, one.end)}
    around = {token for at, token in enumerate(line.tokens) if at not in inside}
    if len({one.day for one in named}) != 1 or not around <= _AROUND:
        return None
    return SaidDay(line.said(named[0].first, named[-1].end), named[0].day)


def _days(line: Line, today: date) -> Iterator[_Named]:
    """Yield the days that a line names, in order; a weekday with a date beside it is no day of its own."""
    weekday: _Named | None = None
    at = 0
    while at < len(line.tokens):
        one, end = _named_at(line, at, today)
        if one is not None:
            if weekday is not None:
                beside = set(line.tokens[weekday.end : one.first]) <= _BETWEEN
                if not (beside and _is_date(line.tokens[one.first])):
                    yield weekday
                weekday = None
            if line.tokens[one.first] in _WEEKDAY and one.end == one.first + 1:
                weekday = one
            else:
                yield one
        at = end
    if weekday is not None:
        yield weekday


def _named_at(line: Line, at: int, today: date) -> tuple[_Named | None, int]:
    """Return the day named from a token on, if there is one, and where to read on."""
    if line.tokens[at] not in _IDLE:
        for pattern, reader in rules():
            if found := pattern.match(line.words, line.starts[at]):
                end = line.token_at(found.end())
                return (_Named(at, end, reader(found, today)) if reader else None), end
    return None, at + 1


def _is_date(token: str) -> bool:
    return token[0].isdigit() or token in MONTHS


def _is_meant(one: _Named, line: Line, today: date) -> bool:
    """Return whether a day among several is one that somebody may want."""
    if one.day is None or one.day < today:
        return False
    if one.first == 0 and line.tokens[0] == "morrow" and line.tokens[1:2] in ([","], ["."]):
        return False  # "Morgen, ist am Dienstag was frei?"
    before = [token for token in line.tokens[max(0, one.first - 3) : one.first] if token not in _FILLERS]
    return before[-1:] != ["not"]
