"""A person's own company: looked at, changed, left; and what they wait for."""

from __future__ import annotations

from msgspec import structs

from handlers.companies import belonging
from handlers.companies.form import company_form, line
from handlers.core.context import Context
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress
from handlers.core.ui import Action, Block, Button, Controls, OpenForm, Outcome, Reply, Section, Text, Toast, join
from storage import companies, company_joins
from storage.companies import Company
from storage.company_joins import Join

SHORT = 40
"""Letters of a name that fit a button or a passing line."""


def card(ctx: Context, first: Text = "") -> Reply:
    """The person's company, what they wait for, or the way to name one."""
    own = companies.get_company_of(ctx.tx, ctx.person.id)
    waiting = company_joins.get_open_join_of(ctx.tx, ctx.person.id)
    if own:
        text = join(ctx.t("**Your company**"), line(ctx, own), separator="\n")
        buttons = _buttons(ctx, own)
    elif waiting:
        text, buttons = _waiting(ctx, waiting), (_withdraw(ctx, waiting),)
    else:
        text = ctx.t("You have named no company yet. Which company or start-up are you here for?")
        name = Button(ctx.t.label("Name it"), Action("companies:name"), "primary")
        buttons = (name, Button(ctx.t.label("None yet"), Action("companies:none")))
    return alone(message(ctx.t, join(first, text, separator=" "), *buttons))


def changing(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody of a company wants to change what is known of it."""
    own = _own(ctx, request)
    return own if isinstance(own, Toast) else OpenForm(company_form(ctx, own))


def leaving(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody wants to leave: ask, since only others can let them in again."""
    own = _own(ctx, request)
    if isinstance(own, Toast):
        return own
    question = ctx.t(
        "Do you really leave **{company}**? To come back, somebody there has to confirm it.", company=own.name
    )
    leave = Button(ctx.t.label("Leave it"), Action.of("companies:left", own.id), "danger")
    stay = Button(ctx.t.label("Stay"), Action("companies:mine", ("stay",)))
    return in_place(say(ctx, question, leave, stay))


def gone(ctx: Context, request: ButtonPress) -> Outcome:
    """They do."""
    own = _own(ctx, request)
    if isinstance(own, Toast):
        return own
    belonging.leave(ctx, ctx.person.id)
    told = ctx.t("You no longer belong to **{company}**.", company=own.name)
    return in_place(say(ctx, told, Button(ctx.t.label("Name another one"), Action("companies:name"))))


def pressed(ctx: Context, request: ButtonPress) -> Outcome:
    """Show the card: alone, or in place of a question about it."""
    return in_place(card(ctx)) if request.action.args else card(ctx)


def home(ctx: Context) -> tuple[Block, ...]:
    """The own company, or what the person waits for; nothing for whoever has named none."""
    if own := companies.get_company_of(ctx.tx, ctx.person.id):
        text = ctx.t("**Your company**: {company}", company=own.name)
        return (Section(text), Controls((Button(ctx.t.label("View company"), Action("companies:mine")),)))
    if waiting := company_joins.get_open_join_of(ctx.tx, ctx.person.id):
        return (Section(_waiting(ctx, waiting)), Controls((_withdraw(ctx, waiting),)))
    return ()


def short(name: str) -> str:
    """A name where there is little room."""
    return name if len(name) <= SHORT else name[: SHORT - 1] + "…"


def alone(reply: Reply) -> Reply:
    """For the person's eyes only."""
    return structs.replace(reply, audience="person")


def in_place(reply: Reply) -> Reply:
    """The same, instead of what was pressed."""
    return structs.replace(reply, audience="person", placement="replace")


def company_name(ctx: Context, waiting: Join) -> str:
    """What a company is called that somebody waits for; as they said it where it has no name any more."""
    company = companies.get_company(ctx.tx, waiting.company_id) if waiting.company_id else None
    return company.name if company and company.name else waiting.name


def _own(ctx: Context, request: ButtonPress) -> Company | Toast:
    """The company that a button is about, if the person belongs to it still."""
    own = companies.get_company_of(ctx.tx, ctx.person.id)
    if own and str(own.id) == request.action.args[0]:
        return own
    return Toast(ctx.t.label("You do not belong to this company any more."))


def _buttons(ctx: Context, own: Company) -> tuple[Button, ...]:
    return (
        Button(ctx.t.label("Change"), Action.of("companies:change", own.id)),
        Button(ctx.t.label("Leave"), Action.of("companies:leave", own.id)),
    )


def _waiting(ctx: Context, waiting: Join) -> Text:
    return ctx.t(
        "I have asked at **{company}**; as soon as somebody confirms it, I tell you.",
        company=company_name(ctx, waiting),
    )


def _withdraw(ctx: Context, waiting: Join) -> Button:
    return Button(ctx.t.label("Take it back"), Action.of("companies:withdraw", waiting.id))
