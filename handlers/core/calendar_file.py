"""Something with a date as a file for people's calendars."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from handlers.core.hub import Hub
from handlers.core.ui import Attachment


def calendar_file(
    hub: Hub,
    key: str,
    title: str,
    place: str,
    begins: date | datetime,
    ends: date | datetime | None,
    changed_at: datetime,
    *,
    filename: str,
    text: str = "",
    revision: int = 0,
) -> Attachment:
    """Return the entry as an ``.ics`` (RFC 5545); a later one with the same key takes its place.

    Args:
        hub: Whose it is.
        key: Names the entry for good.
        title: What stands in the calendar.
        place: Where.
        begins: A day for a whole one, which does not block other plans, or a time.
        ends: The day or time after it; None where nobody knows.
        changed_at: When it became what it is.
        filename: With ``.ics``.
        text: Anything more.
        revision: Rises with every change.
    """
    import icalendar  # only where somebody wants one: it is 3 MiB

    event = icalendar.Event()
    event.add("uid", f"{key}@{urlsplit(hub.website).hostname}")
    event.add("sequence", revision)
    event.add("dtstamp", changed_at)
    event.add("dtstart", begins)
    if ends:
        event.add("dtend", ends)
    event.add("summary", title)
    event.add("location", place)
    if text:
        event.add("description", text)
    if not isinstance(begins, datetime):
        event.add("transp", "TRANSPARENT")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kumpel//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return Attachment(filename, "text/calendar", calendar.to_ical(), title)
