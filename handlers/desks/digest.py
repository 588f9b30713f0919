"""What the team hears of the desks once a week."""

from __future__ import annotations

from datetime import datetime

from handlers.core.context import Context
from handlers.core.ui import Block, Section
from storage import desks


def digest(ctx: Context, since: datetime) -> tuple[Block, ...]:
    """Say how many desks were booked, and how many are for the week that begins."""
    first, today = since.astimezone(ctx.zone).date(), ctx.now.astimezone(ctx.zone).date()
    before = desks.count_held(ctx.tx, first, today)
    coming = desks.count_held(ctx.tx, today, today + (today - first))
    if not before and not coming:
        return ()
    return (
        Section(
            ctx.t("**Desks**: {before} booked last week, {coming} this week so far.", before=before, coming=coming)
        ),
    )
