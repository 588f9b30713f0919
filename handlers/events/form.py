"""The form of an event: its questions, and what the answers mean."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from handlers.core.context import Context
from handlers.core.requests import FormSubmitted
from handlers.core.ui import DateField, Field, Form, FormErrors, TextField
from handlers.dates.times import is_past_midnight, read_time
from storage.events import Details, Event

TITLE_LENGTH, PLACE_LENGTH, TEXT_LENGTH = 80, 120, 1500
MOST_SEATS = 10_000
AHEAD = timedelta(days=365)
OVERNIGHT = timedelta(hours=6)
"""An end before the start is on the next day, if that makes the event no longer than this."""

_SEATS = re.compile(r"\d{1,3}(?:[. ,']?\d{3})*|\d+")
_TIME_LENGTH = 40


def event_form(ctx: Context, event: Event | None = None) -> Form:
    """Return the form, empty or with what an event says."""
    t = ctx.t
    today = ctx.now.astimezone(ctx.zone).date()
    starts = event.starts_at.astimezone(ctx.zone) if event else None
    ends = event.ends_at.astimezone(ctx.zone) if event and event.ends_at else None
    fields: tuple[Field, ...] = (
        TextField("title", t.label("Title"), max_length=TITLE_LENGTH, initial=event.title if event else ""),
        DateField("day", t.label("Day"), today, today + AHEAD, initial=starts.date() if starts else None),
        TextField(
            "time",
            t.label("From"),
            hint=t.label("The time, like 18:30."),
            max_length=_TIME_LENGTH,
            initial=f"{starts:%H:%M}" if starts else "",
        ),
        TextField(
            "until",
            t.label("Until"),
            hint=t.label("The time, if there is an end."),
            max_length=_TIME_LENGTH,
            required=False,
            initial=_until(starts, ends) if starts and ends else "",
        ),
        TextField("place", t.label("Where?"), max_length=PLACE_LENGTH, initial=event.place if event else ""),
        TextField(
            "text",
            t.label("What is it about?"),
            multiline=True,
            max_length=TEXT_LENGTH,
            required=False,
            initial=event.text if event else "",
        ),
        TextField(
            "seats",
            t.label("How many can come?"),
            hint=t.label("A number; leave it empty if there is room for all."),
            max_length=10,
            required=False,
            initial=str(event.seats) if event and event.seats else "",
        ),
    )
    context = {"event": str(event.id), "revision": str(event.revision)} if event else {}
    title = t.label("Change the event") if event else t.label("New event")
    submit = t.label("Change everywhere") if event and event.state == "published" else t.label("Preview")
    return Form("events:form", ctx.token(), title, fields, submit, context, ctx.language)


def read_form(ctx: Context, request: FormSubmitted, going: int = 0) -> Details | FormErrors:
    """Return what the form says, or by field what to write instead.

    Args:
        ctx: Who asks, and when.
        request: The answers; days and lengths are checked.
        going: How many have said that they come.
    """
    values, errors = request.values, dict[str, str]()
    day = date.fromisoformat(values["day"])
    begin = _time(ctx, values["time"], "time", errors)
    end = _time(ctx, values["until"], "until", errors) if "until" in values else None
    if begin and is_past_midnight(values["time"]):
        errors["time"] = ctx.t.label(
            "Midnight belongs to the next day. Write 23:59, or pick the next day with 0:00."
        )
        begin = None
    starts_at = _moment(ctx, day, begin) if begin else None
    if starts_at and starts_at <= ctx.now:
        errors["time"] = ctx.t.label("That is over already. Write a later time, or pick another day.")
    ends_at = _moment(ctx, day, end) if end else None
    if end and is_past_midnight(values["until"]):
        ends_at = _moment(ctx, day + timedelta(days=1), end)
    if starts_at and ends_at and ends_at <= starts_at:
        ends_at = _moment(ctx, day + timedelta(days=1), end)
        if ends_at and ends_at - starts_at > OVERNIGHT:
            errors["until"] = ctx.t.label(
                "That is before it starts ({begin}). Write a later time.", begin=f"{begin:%H:%M}"
            )
    seats = _seats(ctx, values.get("seats", ""), going, errors)
    if errors or starts_at is None:
        return FormErrors(errors)
    title, place = " ".join(values["title"].split()), " ".join(values["place"].split())
    return Details(title, starts_at, ends_at, place, values.get("text", "").strip(), seats)


def _time(ctx: Context, typed: str, field: str, errors: dict[str, str]) -> time | None:
    read = read_time(typed)
    if read is None:
        errors[field] = ctx.t.label("I can't read that as a time. Write it like 18:30.")
    return read


def _until(starts: datetime, ends: datetime) -> str:
    """An end as it is typed: that of a long day as 24:00, since 0:00 would be before its start."""
    return f"24:{ends:%M}" if ends.date() > starts.date() and ends.hour == 0 else f"{ends:%H:%M}"


def _moment(ctx: Context, day: date, at: time | None) -> datetime | None:
    return datetime.combine(day, at, ctx.zone).astimezone(UTC) if at is not None else None


def _seats(ctx: Context, typed: str, going: int, errors: dict[str, str]) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    seats = int(re.sub(r"\D", "", typed)) if _SEATS.fullmatch(typed) and typed.isascii() else 0
    if not 1 <= seats <= MOST_SEATS:
        errors["seats"] = ctx.t.label("Write a number from 1 to 10000, or leave it empty.")
    elif seats < going:
        errors["seats"] = ctx.t.label("{n} have said yes already; fewer seats won't do.", n=going)
    return seats
