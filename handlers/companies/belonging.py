"""Who belongs to which company, as it changes: founded, joined, left; and every night what enterprises used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from handlers.companies.names import folded
from handlers.core.context import Context
from storage import companies, company_joins, enterprises
from storage.companies import Details
from storage.company_joins import Join

CARD = "companies.join"
COUNT = "companies.count"
COUNTED_AT = time(3, 30)


def subject(join_id: int) -> str:
    """The subject of the cards that ask whether somebody belongs to a company."""
    return f"company_join:{join_id}"


def today(ctx: Context) -> date:
    """The day at the hub."""
    return ctx.now.astimezone(ctx.zone).date()


def start(ctx: Context, details: Details) -> None:
    """The acting person is the first of a company that nobody has named yet."""
    withdraw(ctx, ctx.person.id)
    company_id = companies.add_company(ctx.tx, details, folded(details.name), ctx.now)
    belong(ctx, ctx.person.id, company_id)


def belong(ctx: Context, person_id: int, company_id: int) -> None:
    """A person belongs to a company from now on."""
    before = companies.get_company_of(ctx.tx, person_id)
    companies.add_member(ctx.tx, person_id, company_id, ctx.now, today(ctx))
    if before and before.id != company_id:
        _left_behind(ctx, before.id)
    schedule_count(ctx)
    ctx.touch_homes(*companies.list_members(ctx.tx, company_id))


def leave(ctx: Context, person_id: int) -> int:
    """A person leaves their company; returns its id, 0 if they had none."""
    withdraw(ctx, person_id)
    company_id = companies.remove_member(ctx.tx, person_id, ctx.now, today(ctx))
    if company_id:
        ctx.touch_homes(person_id, *companies.list_members(ctx.tx, company_id))
        _left_behind(ctx, company_id)
    return company_id


def left(ctx: Context, person_id: int) -> Mapping[str, int]:
    """Somebody is gone for good, and belongs to no company any more."""
    leave(ctx, person_id)
    return {}


def withdraw(ctx: Context, person_id: int) -> Join | None:
    """A person waits for no company any more; returns what they waited for."""
    join = company_joins.mark_withdrawn_if_open(ctx.tx, person_id, ctx.now)
    if join:
        ctx.touch_post(subject(join.id))
    return join


def ask_managers(ctx: Context, join_id: int) -> None:
    """Where nobody of the company can say it, the team decides."""
    ctx.show_at_places("managers", subject(join_id), CARD)


def count(ctx: Context, subject_id: str) -> None:
    """Keep what enterprises used, before the rows that say so go."""
    enterprises.note_uses(ctx.tx, ctx.now)
    if companies.has_members(ctx.tx):
        schedule_count(ctx)


def schedule_count(ctx: Context) -> None:
    """Have the next night's count done."""
    night = datetime.combine(today(ctx) + timedelta(1), COUNTED_AT, ctx.zone)
    ctx.schedule(COUNT, "all", night.astimezone(ctx.now.tzinfo))


def _left_behind(ctx: Context, company_id: int) -> None:
    """Whoever waits for the word of a company that somebody left; the team answers where nobody else is there."""
    someone = companies.list_members(ctx.tx, company_id)
    for join in company_joins.list_open_joins(ctx.tx, company_id):
        ctx.touch_post(subject(join.id))
        if not someone:
            ask_managers(ctx, join.id)
