"""Asking for somebody's company, once and below what they came for; and what they say."""

from __future__ import annotations

from datetime import timedelta

from handlers.companies import belonging, mine
from handlers.companies.form import company_form, read_form
from handlers.companies.names import folded, similar
from handlers.core.context import Context
from handlers.core.first_contact import with_notice
from handlers.core.replies import message, say, summary_of
from handlers.core.requests import ButtonPress, Command, FormSubmitted, TextMessage
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    FormErrors,
    Nothing,
    OpenForm,
    Outcome,
    Reply,
    Section,
    Toast,
)
from storage import companies, company_joins, consents
from storage.companies import Company
from storage.outbox import BROADCAST

AGAIN_AFTER = timedelta(days=90)
"""Whoever did not want to say, or said nothing, is asked again after this; whoever has no company is not."""

MOST_ALIKE = 3


def after(ctx: Context) -> None:
    """Somebody has used the hub: ask for their company in their direct chat, where that was not asked yet."""
    direct = ctx.chat if ctx.chat.kind == "direct" else ctx.open_direct_chat()
    if direct is None or not _is_to_be_asked(ctx):
        return
    companies.mark_asked(ctx.tx, ctx.person.id, ctx.now)
    question = message(
        ctx.t,
        ctx.t("One more thing: which company or start-up are you here for? Reports then count each one once."),
        Button(ctx.t.label("Name it"), Action("companies:name")),
        Button(ctx.t.label("None yet"), Action("companies:none")),
        Button(ctx.t.label("Not now"), Action("companies:later")),
    )
    note = with_notice(ctx.at(direct), question)
    if isinstance(note, Reply):
        ctx.send(direct, f"company:{ctx.person.id}:{ctx.now:%Y%m%d}", note, lane=BROADCAST)


def _is_to_be_asked(ctx: Context) -> bool:
    """Not the team, nobody who has a company or waits for one, and nobody who has said so already."""
    if not ctx.may("member") or ctx.may("project") or consents.objects(ctx.tx, ctx.person.id):
        return False
    if companies.get_company_of(ctx.tx, ctx.person.id) or company_joins.get_open_join_of(ctx.tx, ctx.person.id):
        return False
    asked_before = companies.get_asked(ctx.tx, ctx.person.id)
    if asked_before is None:
        return True
    return asked_before.answer != "none" and asked_before.asked_at + AGAIN_AFTER <= ctx.now


def none_yet(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody has no company."""
    if own := companies.get_company_of(ctx.tx, ctx.person.id):
        return _known(ctx, own)
    companies.mark_answer(ctx.tx, ctx.person.id, "none", ctx.now)
    return mine.in_place(say(ctx, ctx.t("Noted. Once there is one, write **company**.")))


def not_now(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody does not want to say."""
    if own := companies.get_company_of(ctx.tx, ctx.person.id):
        return _known(ctx, own)
    companies.mark_answer(ctx.tx, ctx.person.id, "later", ctx.now)
    return mine.in_place(say(ctx, ctx.t("Fine. If you want to tell me later, write **company**.")))


def asked(ctx: Context, request: TextMessage, key: str = "") -> Outcome:
    """Somebody speaks of their company in their own words."""
    return mine.card(ctx) if request.addressed else Nothing()


def wanted(ctx: Context, request: Command | ButtonPress) -> Outcome:
    """``company``, or the button of the home page."""
    return mine.card(ctx)


def naming(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody wants to name their company."""
    if own := companies.get_company_of(ctx.tx, ctx.person.id):
        return _known(ctx, own)
    return OpenForm(company_form(ctx))


def filled(ctx: Context, request: FormSubmitted) -> Outcome:
    """The form came back: to change the own company, or to name one."""
    details = read_form(ctx, request)
    if isinstance(details, FormErrors):
        return details
    own = companies.get_company_of(ctx.tx, ctx.person.id)
    if changing := request.context.get("company"):
        if own is None or str(own.id) != changing:
            return say(ctx, ctx.t("You do not belong to this company any more; nothing was changed."))
        companies.mark_details(ctx.tx, own.id, details, folded(details.name))
        ctx.touch_homes(*companies.list_members(ctx.tx, own.id))
        return mine.card(ctx, ctx.t("Noted."))
    if own:
        return mine.card(ctx)
    if alike := similar(details.name, companies.list_companies(ctx.tx), MOST_ALIKE):
        return _which(ctx, company_joins.add_offer(ctx.tx, ctx.person.id, details, ctx.now), alike)
    belonging.start(ctx, details)
    return mine.card(ctx, ctx.t("Noted."))


def new_after_all(ctx: Context, request: ButtonPress) -> Outcome:
    """It is none of those that are known."""
    if own := companies.get_company_of(ctx.tx, ctx.person.id):
        return _known(ctx, own)
    said = company_joins.remove_if_new(ctx.tx, int(request.action.args[0]), ctx.person.id)
    if said is None:
        return Toast(ctx.t.label("That is no longer open. Write “company” to start anew."))
    belonging.start(ctx, said.details)
    return mine.in_place(mine.card(ctx, ctx.t("Noted.")))


def _which(ctx: Context, offer: int, alike: list[Company]) -> Reply:
    """Ask whether it is one that is known already."""
    new = Button(ctx.t.label("No, it is new"), Action.of("companies:new", offer))
    if len(alike) == 1:
        yes = Button(ctx.t.label("Yes, that one"), Action.of("companies:join", offer, alike[0].id), "primary")
        question = ctx.t("Do you mean **{company}**?", company=alike[0].name)
        return mine.alone(say(ctx, question, yes, new))
    question = ctx.t("Do you mean one of these?")
    buttons = [Button(mine.short(each.name), Action.of("companies:join", offer, each.id)) for each in alike]
    rows: tuple[Block, ...] = tuple(Controls((button,)) for button in (*buttons, new))
    blocks = (Section(question), *rows)
    return mine.alone(Reply(blocks=blocks, summary=summary_of(question), language=ctx.language))


def _known(ctx: Context, own: Company) -> Toast:
    return Toast(ctx.t.label("You belong to {company} already.", company=mine.short(own.name)))
