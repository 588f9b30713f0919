"""A booking as a calendar entry."""

from __future__ import annotations

from datetime import UTC, timedelta

from handlers.core.context import Context
from handlers.core.ui import Attachment
from storage.desks import Booking


def calendar_file(ctx: Context, booking: Booking) -> Attachment:
    """Return the entry as a file: the whole day, without blocking it, at the hub's address (RFC 5545)."""
    import icalendar  # only where somebody books: it is 3 MiB

    hub = ctx.hub
    title = ctx.t.label("Desk {desk} at the {hub}", desk=booking.desk, hub=hub.short_name)
    event = icalendar.Event()
    event.add("uid", f"desk-{booking.id}-{booking.day:%Y%m%d}@{hub.website.removeprefix('https://')}")
    event.add("dtstamp", booking.changed_at.astimezone(UTC))
    event.add("dtstart", booking.day)
    event.add("dtend", booking.day + timedelta(1))
    event.add("summary", title)
    event.add("location", f"{hub.seat.building}, {hub.seat.street}, {hub.seat.city}")
    event.add("transp", "TRANSPARENT")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Kumpel//Desks//DE")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return Attachment(ctx.t.label("appointment.ics"), "text/calendar", calendar.to_ical(), title)
