"""Joining a company that is known: its people confirm it, or the team where they don't answer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Literal

from msgspec import structs

from handlers.companies import belonging, mine
from handlers.companies.belonging import CARD, subject
from handlers.companies.mine import company_name
from handlers.companies.names import folded
from handlers.core.context import NOBODY, Context, mention
from handlers.core.replies import message, summary_of
from handlers.core.requests import ButtonPress
from handlers.core.texts import N_, Texts
from handlers.core.ui import Action, Block, Button, Controls, Outcome, Reply, Section, Text, Toast
from storage import companies, company_joins, people, places
from storage.company_joins import Join
from storage.outbox import REPLY
from storage.people import Person

UNANSWERED = "companies.unanswered"
PATIENCE = timedelta(days=7)
MOST_A_DAY = 3
"""Cards that one person can have put before other people in a day."""


def wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """It is that company: ask its people."""
    offer, company_id = (int(each) for each in request.action.args)
    if own := companies.get_company_of(ctx.tx, ctx.person.id):
        return Toast(ctx.t.label("You belong to {company} already.", company=mine.short(own.name)))
    said, company = company_joins.get_join(ctx.tx, offer), companies.get_company(ctx.tx, company_id)
    if said and said.person_id == ctx.person.id and said.state == "open":
        return mine.in_place(mine.card(ctx))  # pressed twice
    if said is None or said.state != "offered" or company is None or not company.name:
        return _over(ctx)
    if company_joins.was_declined(ctx.tx, ctx.person.id, company_id):
        return Toast(ctx.t.label("They have said no already. Write to the team if that is a mistake."), alert=True)
    if company_joins.get_recent_count(ctx.tx, ctx.person.id, ctx.now - timedelta(days=1)) >= MOST_A_DAY:
        return Toast(ctx.t.label("That is enough for today. Try again tomorrow."), alert=True)
    belonging.withdraw(ctx, ctx.person.id)
    join = company_joins.mark_open_if_offered(ctx.tx, offer, ctx.person.id, company_id, ctx.now)
    if join is None:
        return _over(ctx)
    _ask(ctx, join)
    ctx.touch_homes(ctx.person.id)
    return mine.in_place(mine.card(ctx))


def withdrawn(ctx: Context, request: ButtonPress) -> Outcome:
    """Whoever waits does so no longer."""
    join = company_joins.get_open_join_of(ctx.tx, ctx.person.id)
    if join is None or str(join.id) != request.action.args[0]:
        return Toast(ctx.t.label("That has been decided already."))
    belonging.withdraw(ctx, ctx.person.id)
    ctx.touch_homes(ctx.person.id)
    return mine.in_place(mine.card(ctx))


def confirmed(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody of the company, or a manager, says that they belong to it."""
    join = _decided(ctx, request, "confirmed")
    if isinstance(join, Toast):
        return join
    if join.company_id is None:
        return Toast(ctx.t.label("This is not kept any more."))
    company = companies.get_company(ctx.tx, join.company_id)
    if company and not company.name:  # its last member was deleted; whoever comes back brings the name
        companies.mark_name(ctx.tx, company.id, join.name, folded(join.name))
    belonging.belong(ctx, join.person_id, join.company_id)
    _tell(ctx, join, N_("It is confirmed: you belong to **{company}** now."))
    return Toast(ctx.t.label("Noted, and they know."))


def declined(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody of the company, or a manager, says that they don't."""
    join = _decided(ctx, request, "declined")
    if isinstance(join, Toast):
        return join
    told = N_("At **{company}** they say that you don't belong to it. Is it another one?")
    _tell(ctx, join, told, (N_("It is a new one"), Action.of("companies:new", join.id)))
    return Toast(ctx.t.label("Noted, and they know."))


def unanswered(ctx: Context, subject_id: str) -> None:
    """Nobody of the company has answered: the team gets the card."""
    join = company_joins.get_join(ctx.tx, int(subject_id))
    if join and join.state == "open":
        belonging.ask_managers(ctx, join.id)


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The card, for people of the company and for the team; who has left the company sees it no more."""
    join = company_joins.get_join(ctx.tx, int(subject_id))
    if join is None or not _may_see(ctx, join):
        return None
    who = (mention(_person(ctx, join.person_id)),)
    head = ctx.t(
        "{who} says they belong to **{company}**. Is that right?", who=who, company=company_name(ctx, join)
    )
    blocks: list[Block] = [Section(head)]
    if ctx.chat.kind == "group":
        blocks.append(Section(ctx.t("_Nobody of the company has answered, so it is for you to say._")))
    match join.state:
        case "open":
            yes = Button(ctx.t.label("Yes, belongs to it"), Action.of("companies:yes", join.id))
            no = Button(ctx.t.label("No"), Action.of("companies:no", join.id))
            blocks.append(Controls((yes, no)))
        case "withdrawn" | "offered":
            blocks.append(Section(ctx.t("_Taken back_")))
        case _:
            blocks.append(Section(_outcome(ctx, join)))
    return Reply(blocks=tuple(blocks), summary=summary_of(head), language=ctx.language)


def _over(ctx: Context) -> Toast:
    return Toast(ctx.t.label("That is no longer open. Write “company” to start anew."))


def _ask(ctx: Context, join: Join) -> None:
    """Put the card before the company's people; before the team, if none of them can be reached."""
    reached = 0
    for person_id in companies.list_members(ctx.tx, join.company_id or 0):
        if chat := ctx.direct_chat(person_id):
            ctx.show(subject(join.id), CARD, chat)
            reached += 1
    if reached:
        ctx.schedule(UNANSWERED, str(join.id), ctx.now + PATIENCE)
    else:
        belonging.ask_managers(ctx, join.id)


def _may_see(ctx: Context, join: Join) -> bool:
    if ctx.chat.kind == "group":
        return places.is_place(ctx.tx, "managers", ctx.chat.id)
    own = companies.get_company_of(ctx.tx, ctx.person.id)
    return own is not None and own.id == join.company_id and ctx.person.id != join.person_id


def _decided(ctx: Context, request: ButtonPress, state: Literal["confirmed", "declined"]) -> Join | Toast:
    """Decide, if this person may and nobody has; else say how it is."""
    join = company_joins.get_join(ctx.tx, int(request.action.args[0]))
    if join is None:
        return Toast(ctx.t.label("This is not kept any more."))
    own = companies.get_company_of(ctx.tx, ctx.person.id)
    is_one_of_them = own is not None and own.id == join.company_id
    if join.person_id == ctx.person.id or not (is_one_of_them or ctx.may("manager")):
        return Toast(ctx.t.label("Only people of this company can say that."), alert=True)
    decided = company_joins.mark_decided_if_open(ctx.tx, join.id, state, ctx.person.id, ctx.now)
    if decided is None:
        return Toast(_late(ctx, join))
    ctx.unschedule(UNANSWERED, str(join.id))
    ctx.touch_post(subject(join.id))
    ctx.touch_homes(join.person_id)
    return decided


def _late(ctx: Context, join: Join) -> str:
    if join.decided_by is None:
        return ctx.t.label("That has been taken back.")
    return ctx.t.label("{who} has decided that already.", who=_person(ctx, join.decided_by).name or "?")


def _outcome(ctx: Context, join: Join) -> Text:
    who = (mention(_person(ctx, join.decided_by)),)
    return (
        ctx.t("_Confirmed by {who}_", who=who)
        if join.state == "confirmed"
        else ctx.t("_Declined by {who}_", who=who)
    )


def _tell(ctx: Context, join: Join, sentence: str, button: tuple[str, Action] | None = None) -> None:
    """Let whoever waited know; by whom it was decided stays among the company's people."""

    def build(name: str, t: Texts) -> Reply:
        buttons = (Button(t.label(button[0]), button[1]),) if button else ()
        return message(t, t(sentence, company=name), *buttons)

    ctx.notify(
        join.person_id, f"{subject(join.id)}:{join.state}", partial(build, company_name(ctx, join)), lane=REPLY
    )


def _person(ctx: Context, person_id: int | None) -> Person:
    """The person, or a stand-in for somebody who asked to be forgotten."""
    known = people.get_person(ctx.tx, person_id) if person_id else None
    return known or structs.replace(NOBODY, name=ctx.t.label("somebody"))
