"""Events as calendar entries (RFC 5545)."""

from __future__ import annotations

from urllib.parse import urlsplit

from handlers.core.ui import Attachment
from storage.events import Event


def calendar_entry(event: Event, website: str) -> Attachment:
    """Return the ``.ics`` of an event: its UID stays, its SEQUENCE rises with every change.

    Args:
        event: As it is now.
        website: The hub's, for a UID that is nobody else's.
    """
    import icalendar  # here: most messages need none, and it takes memory

    entry = icalendar.Event()
    entry.add("uid", f"event-{event.id}@{urlsplit(website).hostname}")
    entry.add("sequence", event.revision)
    entry.add("dtstamp", event.changed_at)
    entry.add("dtstart", event.starts_at)
    if event.ends_at:
        entry.add("dtend", event.ends_at)
    entry.add("summary", event.title)
    entry.add("location", event.place)
    if event.text:
        entry.add("description", event.text)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kumpel//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return Attachment(f"event-{event.id}.ics", "text/calendar", calendar.to_ical(), event.title)
