"""Two persons are one: whose desks are whose then."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.ui import Text
from handlers.desks import cards, days
from handlers.desks.plan import Plan
from storage import desks


def merged(plan: Plan, ctx: Context, kept: int, gone: int) -> list[Text]:
    """Hand over the bookings; nobody has two desks on a day, and the one booked first stays."""
    both = desks.merge_bookings(ctx.tx, kept, gone, ctx.now)
    today = days.today(ctx)
    if both:
        ctx.touch_homes(kept, managers=True)
    return [
        ctx.t(
            "You had two desks {day}: {desk} stays yours, {other} is free again.",
            day=days.on_day(ctx, stays.day),
            desk=cards.desk_name(ctx, plan, stays.desk),
            other=cards.desk_name(ctx, plan, given_back.desk),
        )
        for stays, given_back in both
        if stays.day >= today
    ]
