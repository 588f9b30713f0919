"""Reading times of day.

Figures mean what they say: "6 Uhr" and "6:00" are in the morning. Hours said by halves and quarters or without
"Uhr" ("halb sieben", "um 6", "quarter past six") name only twelve hours: unless a part of the day stands beside
them, they are taken between 7:00 and 18:59, when people meet.
"""

from __future__ import annotations

import re
from datetime import time

from handlers.retrieval.fold import fold

_LISTINGS = (
    "ein eins one", "zwei two", "drei three", "vier four", "funf five", "sechs six", "sieben seven", "acht eight",
    "neun nine", "zehn ten", "elf eleven", "zwolf twelve",
)  # fmt: skip
_HOURS = {word: number for number, listing in enumerate(_LISTINGS, start=1) for word in listing.split()}
_NUMBERS = _HOURS | {"zwanzig": 20, "twenty": 20, "twenty-five": 25}
_NOON, _FIRST_HOUR, _DAY = 12 * 60, 7 * 60, 24 * 60  # minutes

_WORD = "|".join(sorted(_HOURS, key=len, reverse=True))
_BEGIN = r"(?<![\w.,:/§-])"
_END = r"(?!\w)(?![.,:/-]\d)"
_HOUR = rf"(?P<hour>[01]?[0-9]|2[0-4]|{_WORD})"
_BARE = _HOUR.replace("<hour>", "<bare>")
_FIGURES = "(?P<hour>[01]?[0-9]|2[0-4])"
_MINUTE = "(?P<minute>[0-5][0-9])"
_EVENING = "abends?|nachmittags?|(?:in the |this )?(?:afternoon|evening)|tonight"
_MORNING = "morgens|fruh|vormittags?|(?:in the |this )?morning"
_PART = rf"(?: (?:am )?(?:(?P<late>{_EVENING})|(?P<early>{_MORNING})))?"
_AT = "(?:um|at|gegen|ab|von|bis|around|about|from) "
# "um 6 am Dienstag" has no a.m. in it.
_HALF = r" ?(?P<half>a\.?m|p\.?m)\b\.?(?! (?:\d|\w+tag\b|mittwoch|abend|morgen))"
# How a text may go on behind a bare hour: "um 18, bitte", but not "um 18 Euro".
_FOLLOW = r"(?=\s*(?:$|[,;.!?)])|\s+(?:bitte|please|am|im|in|on|bis|und|oder|and|or|till|to|heute|morgen)\b)"

_PATTERNS = [
    re.compile(_BEGIN + pattern + _END)
    for pattern in (
        rf"{_FIGURES}(?:[:.]{_MINUTE})?{_HALF}",
        rf"{_FIGURES}[:.]{_MINUTE} ?(?:uhr|h){_PART}",
        rf"{_FIGURES}:{_MINUTE}{_PART}",
        rf"{_AT}{_FIGURES}\.{_MINUTE}{_PART}",
        rf"{_HOUR} ?(?:uhr|h|o.clock)(?: ?{_MINUTE})?{_PART}",
        rf"(?P<quarter>halb|viertel vor|viertel nach|dreiviertel) {_HOUR}{_PART}",
        rf"(?P<quarter>half past|quarter past|quarter to) {_HOUR}{_PART}",
        rf"(?P<before>5|10|20|funf|zehn|zwanzig) vor {_HOUR}{_PART}",
        rf"(?P<past>5|10|20|25|funf|zehn|zwanzig|five|ten|twenty|twenty-five) (?:nach|past) {_HOUR}{_PART}",
        r"(?P<name>mittags?|noon|midday|mitternacht|midnight)",
        rf"(?P<late>{_EVENING}) {_AT}{_BARE}",
        rf"{_AT}{_BARE}{_PART}{_FOLLOW}",
    )
]
# As a whole answer also "18.30" and "18".
_WHOLE = [re.compile(_BEGIN + pattern + _PART + _END) for pattern in (rf"{_FIGURES}\.{_MINUTE}(?!\.)", _BARE)]
_QUARTERS = {
    "halb": -30, "viertel vor": -15, "viertel nach": 15, "dreiviertel": -15,
    "half past": 30, "quarter past": 15, "quarter to": -15,
}  # fmt: skip
_NAMES = {"mittag": 12, "mittags": 12, "noon": 12, "midday": 12, "mitternacht": 24, "midnight": 24}
_BEFORE = re.compile(rf"(?:{_AT}|ca\.? |so )+")
_AFTER = re.compile(r"(?:bitte|please|[\s.!?,])+")


def find_time(text: str) -> time | None:
    """Return the first time of day that a message names, None if it names none."""
    plain = _plain(text)
    found = [match for pattern in _PATTERNS if (match := pattern.search(plain))]
    # Of two that start alike, the longer: "6 uhr abends".
    return _time(_minutes(min(found, key=lambda match: (match.start(), -match.end())))) if found else None


def read_time(text: str) -> time | None:
    """Return the time of day that a whole text is ("18:30", "um halb sieben"); None if it is more, or no time."""
    minutes = _whole_minutes(text)
    return None if minutes is None else _time(minutes)


def is_past_midnight(text: str) -> bool:
    """Is a whole text a time that ends its day or is after it: "24:00", "24 Uhr 30", "Mitternacht", not "0:00"?"""
    minutes = _whole_minutes(text)
    return minutes is not None and minutes >= _DAY


def _whole_minutes(text: str) -> int | None:
    plain = _plain(text)
    lead = _BEFORE.match(plain)
    start = lead.end() if lead else 0
    for pattern in (*_PATTERNS, *_WHOLE):
        found = pattern.match(plain, start) or pattern.match(plain)
        if found and (found.end() == len(plain) or _AFTER.fullmatch(plain, found.end())):
            return _minutes(found)
    return None


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _time(minutes: int) -> time:
    hour, minute = divmod(minutes % _DAY, 60)
    return time(hour, minute)


def _minutes(found: re.Match[str]) -> int:
    """From the start of the day that is meant; at 24 o'clock that day is over."""
    said = found.groupdict()
    if name := said.get("name"):
        return _NAMES[name] * 60
    bare = said.get("bare")
    hour = _number(bare or said["hour"])
    minutes = hour * 60 + int(said.get("minute") or 0) + _QUARTERS.get(said.get("quarter") or "", 0)
    minutes += _number(said.get("past") or "0") - _number(said.get("before") or "0")
    vague = bare or said.get("quarter") or said.get("past") or said.get("before")
    if half := said.get("half"):
        if hour <= 12:
            minutes = minutes % _NOON + (_NOON if half.startswith("p") else 0)
    elif said.get("late"):
        minutes += _NOON if minutes < _NOON else 0
    elif vague and not said.get("early") and 0 < hour <= 12 and minutes < _FIRST_HOUR:
        minutes += _NOON
    return minutes


def _number(said: str) -> int:
    return int(said) if said.isdecimal() else _NUMBERS[said]
