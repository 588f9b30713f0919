"""Which desk on which day a message asks for."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from handlers.dates.reading import find_day

LONGEST = 500
"""Characters that are read; a wish stands in fewer."""

_DESK = re.compile(
    r"\b(?:(?:sitz|arbeits)?platz|(?:schreib)?tisch|desk|seat|place)\s*(?:nr\.?|nummer|no\.?|number|#)?\s*"
    r"(?P<desk>(?:[a-zäöüß]{1,2}-?)?\d{1,3}[a-z]?)\b"
    r"(?!\s*(?:tage?n?|wochen?|monate?n?|stunden?|uhr|personen?|leuten?|mal|euro?|€|%|days?|weeks?|months?|hours?"
    r"|people|persons?|times)\b)",
    re.IGNORECASE,
)
_DAY_WORDS = (
    r"\d[\d./-]*|heute|morgen|übermorgen|gestern|today|tomorrow|yesterday|(?:mon|diens|donners|frei|sams|sonn)tags?"
    r"|mittwochs?|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mo|di|mi|do|fr|sa|so|nächste[nrs]?|kommende[nrs]?"
    r"|diese[nrs]?|next|this|coming|day|after|woche|week|in|tagen|days|einer|a"
    r"|jan(?:uar|uary)?|feb(?:ruar|ruary)?|märz|march|mar|apr(?:il)?|mai|may|june?|juni|july?|juli|aug(?:ust)?"
    r"|sep(?:t|tember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[zc](?:ember)?"
)
_FILLING_WORDS = "für|for|am|an|on|den|der|the|noch|frei|free|bitte|please|denn|alles"
_FILLING = re.compile(rf"(?:{_FILLING_WORDS})?[.,?!]*", re.IGNORECASE)

ARGUMENTS = rf"(?:(?:nr|nummer|no|number|[a-z]?\d+[a-z]?|{_FILLING_WORDS}|{_DAY_WORDS})[.,?!]*(?:\s+|$)){{0,9}}"
"""What follows ``platz`` or ``desk`` when it is plain text and no sentence that merely begins so."""

COMING_ARGUMENTS = rf"(?:kommt|comes|is coming)?\s*(?:(?:{_FILLING_WORDS}|{_DAY_WORDS})[.,?!]*(?:\s+|$)){{0,9}}\?*"
"""The same for ``wer`` and ``who``."""


class Wish(Struct, frozen=True):
    """What somebody asks for.

    Attributes:
        day: The day that is named; None if none is, or ``unknown`` is no day.
        unknown: What was named as a day and is none: "32.13.".
        desk: The desk that is named, as typed; empty if none is.
    """

    day: date | None = None
    unknown: str = ""
    desk: str = ""


def read_wish(text: str, today: date) -> Wish:
    """Read what a message asks for."""
    text = text[:LONGEST]
    said = find_day(text, today)
    if said and said.day is None:
        return Wish(unknown=said.said)
    if said:
        text = text.replace(said.said, " – ", 1)  # so that "Platz 24.11." names no desk
    desk = _DESK.search(text)
    return Wish(said.day if said else None, desk=desk["desk"] if desk else "")


def is_filling(text: str) -> bool:
    """Is this nothing but words that ask for nothing in particular?"""
    return all(_FILLING.fullmatch(word) for word in text.split())
