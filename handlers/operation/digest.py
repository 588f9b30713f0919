"""The week's digest: on Mondays the team hears in one message what every feature has to tell it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from handlers.core.context import Context
from handlers.core.replies import summary_of
from handlers.core.ui import Block, Reply, Section
from storage import chats, places, timers

KIND = "operation.digest"
_SUBJECT = "week"
_AT = time(9)
WEEK = timedelta(days=7)


def begin(ctx: Context) -> None:
    """See to it that the next digest comes; one that is overdue still does."""
    timers.add_timer_if_none(ctx.tx, KIND, _SUBJECT, next_time(ctx, ctx.now))


def next_time(ctx: Context, after: datetime) -> datetime:
    """Return when the next one is due: Monday at nine, or the first working day of that week."""
    local = after.astimezone(ctx.zone)
    monday = local.date() - timedelta(days=local.weekday())
    working = ctx.hub.working_time
    for week in (monday, monday + WEEK, monday + 2 * WEEK):
        days = (week + timedelta(days=ahead) for ahead in range(7))
        day = next((day for day in days if working.is_working_day(day)), week)
        due = datetime.combine(day, _AT, ctx.zone).astimezone(UTC)
        if due > after:
            return due
    raise AssertionError("one of three weeks is ahead")


def last_time(ctx: Context) -> datetime:
    """Return when the digest before this week's was due: what came since then nobody was told yet."""
    local = ctx.now.astimezone(ctx.zone)
    last_monday = local.date() - timedelta(days=local.weekday()) - WEEK
    return next_time(ctx, datetime.combine(last_monday, time(), ctx.zone))


def send(ctx: Context, subject: str) -> None:
    """Tell the team; a week without anything to tell stays quiet."""
    ctx.schedule(KIND, _SUBJECT, next_time(ctx, ctx.now))
    week = ctx.now.astimezone(ctx.zone).date().isocalendar()
    for place in places.list_places(ctx.tx, "managers"):
        chat = chats.get_chat(ctx.tx, place.chat_id)
        if chat is None:
            continue
        there = ctx.at(chat, place.thread)
        blocks = told(there)
        if blocks:
            head = ctx.t("**Good morning. The week in short:**")
            reply = Reply(blocks=(Section(head), *blocks), summary=summary_of(head), language=ctx.language)
            key = f"digest:{week.year}-{week.week}:{chat.id}:{place.thread}"
            ctx.send(chat, key, reply, thread=place.thread)


def told(ctx: Context) -> tuple[Block, ...]:
    """What the features have to tell in this chat about the time since the last digest."""
    since = last_time(ctx)
    told_by = (feature.digest(ctx, since) for feature in ctx.house.registry.features if feature.digest)
    return tuple(block for blocks in told_by for block in blocks)
