"""Two persons are one: whose company is whose then."""

from __future__ import annotations

from handlers.companies.belonging import subject, today
from handlers.core.context import Context
from handlers.core.ui import Text
from storage import companies, company_joins


def merged(ctx: Context, kept: int, gone: int) -> list[Text]:
    """Hand over what is theirs; of two companies the one named with the account that asked stays."""
    lines: list[Text] = []
    if ended := company_joins.merge_joins(ctx.tx, kept, gone, ctx.now):
        ctx.touch_post(subject(ended.id))
    both = companies.merge_people(ctx.tx, kept, gone, ctx.now, today(ctx))
    if both:
        stays, left = both
        lines.append(
            ctx.t(
                "You had two companies: **{company}** stays, **{other}** is left.",
                company=stays.name,
                other=left.name,
            )
        )
    waiting = company_joins.get_open_join_of(ctx.tx, kept)
    if waiting and companies.get_company_of(ctx.tx, kept):
        company_joins.mark_withdrawn_if_open(ctx.tx, kept, ctx.now)
        ctx.touch_post(subject(waiting.id))
    ctx.touch_homes(kept)
    return lines
