"""Which days can be booked, and why others can't."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from babel.dates import get_day_names

from handlers.core.context import Context
from handlers.core.ui import Text
from handlers.dates.holidays import public_holidays
from handlers.dates.saying import spoken_day, spoken_day_near
from handlers.desks.plan import WEEKDAYS, Plan


def today(ctx: Context) -> date:
    """The day it is at the hub."""
    return ctx.now.astimezone(ctx.zone).date()


def latest(ctx: Context, plan: Plan) -> date:
    """The last day that can be booked today."""
    return today(ctx) + timedelta(plan.days_ahead)


def spoken(ctx: Context, day: date) -> str:
    """The day as a date: "Di, 24. Nov."."""
    return spoken_day(day, today(ctx), ctx.language)


def short(ctx: Context, day: date) -> str:
    """The day for a button: "Morgen", "Mo, 30. Nov."."""
    return as_heading(ctx, day).partition(" (")[0]


def near(ctx: Context, day: date) -> str:
    """The day by itself: "morgen (Di, 24. Nov.)"."""
    return spoken_day_near(day, today(ctx), ctx.language)


def on_day(ctx: Context, day: date) -> str:
    """The day within a sentence: "morgen (Di, 24. Nov.)", "am Mo, 30. Nov."."""
    said = near(ctx, day)
    return said if said != spoken(ctx, day) else ctx.t.label("on {day}", day=said)


def as_heading(ctx: Context, day: date) -> str:
    """The day at the start of a sentence: "Morgen (Di, 24. Nov.)"."""
    said = near(ctx, day)
    return said[:1].upper() + said[1:]


def over(ctx: Context, day: date) -> Text:
    """Say that a day is past."""
    if day == today(ctx) - timedelta(1):
        return ctx.t("**Yesterday** is over.")
    return ctx.t("**{day}** is over.", day=as_heading(ctx, day))


def open_days(ctx: Context, plan: Plan, first: date) -> Iterator[date]:
    """Yield the days that can be booked, from a day on."""
    day = max(first, today(ctx))
    while day <= latest(ctx, plan):
        if _is_open(ctx, plan, day):
            yield day
        day += timedelta(1)


def why_not(ctx: Context, plan: Plan, day: date) -> Text | None:
    """Say why a day can't be booked; None if it can."""
    heading = as_heading(ctx, day)
    if day < today(ctx):
        return over(ctx, day)
    if day > latest(ctx, plan):
        end = spoken(ctx, latest(ctx, plan))
        return ctx.t("**{day}** is too far ahead: until {end} desks can be booked.", day=heading, end=end)
    if WEEKDAYS[day.weekday()] not in plan.weekdays:
        weekdays = _spoken_weekdays(plan, ctx.language)
        return ctx.t("**{day}**: no desks that day, only {weekdays}.", day=heading, weekdays=weekdays)
    if holiday := public_holidays(ctx.hub.holidays, day.year, ctx.language).get(day):
        return ctx.t("**{day}** is a public holiday ({holiday}).", day=heading, holiday=holiday)
    if day in plan.closed:
        return ctx.t("**{day}**: the hub is closed.", day=heading)
    return None


def _is_open(ctx: Context, plan: Plan, day: date) -> bool:
    return (
        WEEKDAYS[day.weekday()] in plan.weekdays
        and day not in plan.closed
        and day not in public_holidays(ctx.hub.holidays, day.year, ctx.language)
    )


def _spoken_weekdays(plan: Plan, language: str) -> str:
    """``Mo–Fr``, or one by one where they do not follow each other."""
    names = get_day_names("abbreviated", "stand-alone", locale=language)
    numbers = sorted(WEEKDAYS.index(day) for day in plan.weekdays)
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{names[numbers[0]]}–{names[numbers[-1]]}"
    return ", ".join(names[number] for number in numbers)
