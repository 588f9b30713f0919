"""Whoever has not been here for years is told so, may stay by one press, and is forgotten a month later."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.hub import Hub
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, Outcome, Reply
from handlers.dates.saying import spoken_day
from handlers.privacy.deleting import close_later
from storage import absence, timers, tombstones

LOOK = "privacy.absence"
LOOKS_AT = time(10)
"""By the hub's clock: people are told of it by day."""

STAY = Action("privacy:stay")
TOLD_BEFORE = timedelta(days=30)
MOST_A_LOOK = 50
"""People told, and people forgotten, in one transaction; the rest follow in the next minutes."""

ON = timedelta(minutes=1)


def start(ctx: Context) -> None:
    """Have the first look taken, unless it is set already."""
    timers.add_timer_if_none(ctx.tx, LOOK, "all", _next_look(ctx))


def look(ctx: Context, subject: str) -> None:
    """Tell those whose time is nearly over, and forget those who were told and stayed away."""
    today = ctx.now.date()
    gone_by, told_until = limits(ctx.hub, today)
    told = absence.list_untold(ctx.tx, gone_by + TOLD_BEFORE, MOST_A_LOOK)
    for person_id in told:
        _tell(ctx, person_id)
    ending = absence.list_to_forget(ctx.tx, gone_by, told_until, MOST_A_LOOK)
    for person_id in ending:
        evidence = {name: each.years for name, each in ctx.hub.privacy.evidence.items()}
        close_later(ctx, tombstones.erase_for_good(ctx.tx, person_id, evidence, ctx.now))
    if ending:
        absence.note_forgotten(ctx.tx, len(ending), today)
        ctx.touch_homes(managers=True)
    more = MOST_A_LOOK in (len(told), len(ending))
    ctx.schedule(LOOK, subject, ctx.now + ON if more else _next_look(ctx))


def stayed(ctx: Context, request: ButtonPress) -> Outcome:
    """They are here again, which the press itself has noted."""
    return structs.replace(say(ctx, ctx.t("Good to have you. All stays as it is.")), placement="replace")


def limits(hub: Hub, today: date) -> tuple[date, date]:
    """Return since when who is forgotten today was not here, and by when they must have been told."""
    return today - timedelta(days=round(365.25 * hub.privacy.absence_years)), today - TOLD_BEFORE


def _tell(ctx: Context, person_id: int) -> None:
    absence.mark_told(ctx.tx, person_id, ctx.now.date())
    day = (ctx.now + TOLD_BEFORE).astimezone(ctx.zone).date()

    def build(t: Texts) -> Reply:
        text = t(
            "You have not been here for long. On **{day}** I delete what I keep of you, unless you want to stay.",
            day=spoken_day(day, ctx.now.date(), t.language),
        )
        return message(t, text, Button(t.label("Stay"), STAY, "primary"))

    ctx.notify(person_id, f"absence:{person_id}:{ctx.now.date()}", build)


def _next_look(ctx: Context) -> datetime:
    local = ctx.now.astimezone(ctx.zone)
    day = local.date() if local.time() < LOOKS_AT else local.date() + timedelta(1)
    return datetime.combine(day, LOOKS_AT, ctx.zone).astimezone(ctx.now.tzinfo)
