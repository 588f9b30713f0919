"""Companies for the team: figures and a list, a name put right, two that are one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from handlers.companies.belonging import today
from handlers.companies.form import line
from handlers.companies.mine import alone, in_place, short
from handlers.companies.names import NAME_LENGTH, clean, closeness, folded
from handlers.core.context import Context
from handlers.core.replies import message, say, summary_of
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Picked
from handlers.core.texts import Texts
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    Form,
    FormErrors,
    OpenForm,
    Option,
    Outcome,
    PickList,
    Reply,
    Section,
    Text,
    TextField,
    Toast,
    join,
)
from storage import audit, companies, enterprises
from storage.companies import Company
from storage.enterprises import Use

LISTED = 20
ARGUMENTS = r"(?:in |im )?(?:20\d\d)?"

_USED: Mapping[Use, Callable[[Texts, int], Text]] = {
    "desks": lambda t, number: t.plural("one with a desk", "{n} with a desk", number),
    "mentoring": lambda t, number: t.plural(
        "one with a request for a mentor", "{n} with requests for a mentor", number
    ),
    "events": lambda t, number: t.plural("one at an event", "{n} at events", number),
}


def listed(ctx: Context, request: Command) -> Outcome:
    """``companies``, ``companies 2025``: what enterprises used in a year, and all that are known."""
    year = request.text.strip()[-4:] or str(today(ctx).year)
    return alone(_page(ctx, 0, _figures(ctx, year)))


def turned(ctx: Context, request: ButtonPress) -> Outcome:
    """A further page of the list."""
    return in_place(_page(ctx, int(request.action.args[0])))


def picked(ctx: Context, request: Picked | ButtonPress) -> Outcome:
    """One was picked: what is known of it, and what can be done."""
    chosen = request.value if isinstance(request, Picked) else request.action.args[0]
    company = companies.get_company(ctx.tx, int(chosen))
    return in_place(_card(ctx, company)) if company and company.name else _not_kept(ctx)


def rename_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """A name is to be put right."""
    company = companies.get_company(ctx.tx, int(request.action.args[0]))
    if company is None:
        return _not_kept(ctx)
    field = TextField("name", ctx.t.label("What is it called?"), max_length=NAME_LENGTH, initial=company.name)
    title, keep = ctx.t.label("Correct the name"), ctx.t.label("Keep")
    context = {"company": str(company.id)}
    return OpenForm(Form("companies:rename", ctx.token(), title, (field,), keep, context, ctx.language))


def renamed(ctx: Context, request: FormSubmitted) -> Outcome:
    """The right name came."""
    name = clean(request.values["name"])
    if not name:
        return FormErrors({"name": ctx.t.label("I can't see a name in that. Write it with letters or digits.")})
    company_id = int(request.context["company"])
    if not companies.mark_name(ctx.tx, company_id, name, folded(name)):
        return _not_kept(ctx)
    audit.add_entry(ctx.tx, ctx.person.id, "company-name", ctx.now, detail=str(company_id))
    ctx.touch_homes(*companies.list_members(ctx.tx, company_id))
    company = companies.get_company(ctx.tx, company_id)
    return alone(_card(ctx, company, ctx.t("Noted."))) if company else _not_kept(ctx)


def merge_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Two are one: with which one is this one to be joined? The likeliest come first."""
    company = companies.get_company(ctx.tx, int(request.action.args[0]))
    others = [each for each in companies.list_companies(ctx.tx) if company and each.id != company.id]
    if company is None or not others:
        return _not_kept(ctx) if company is None else Toast(ctx.t.label("There is no other company."))
    others.sort(key=lambda each: -closeness(company.folded, each.folded))
    question = ctx.t("**{company}** is the same as which one? Its people go there.", company=company.name)
    options = tuple(Option(short(each.name), str(each.id)) for each in others[:LISTED])
    picks = PickList(ctx.t.label("Pick a company"), Action.of("companies:into", company.id), options)
    back = Button(ctx.t.label("Back"), Action.of("companies:pick", company.id))
    blocks = (Section(question), Controls((picks,)), Controls((back,)))
    return in_place(Reply(blocks=blocks, summary=summary_of(question), language=ctx.language))


def into(ctx: Context, request: Picked) -> Outcome:
    """Say what would happen, and ask."""
    gone = companies.get_company(ctx.tx, int(request.action.args[0]))
    stays = companies.get_company(ctx.tx, int(request.value))
    if gone is None or stays is None or gone.id == stays.id:
        return _not_kept(ctx)
    lines = (line(ctx, gone), "→", line(ctx, stays))
    question = ctx.t("Shall I make one of both? The second name stays. That can't be undone.")
    merge = Button(ctx.t.label("Make one of both"), Action.of("companies:merge", gone.id, stays.id), "danger")
    back = Button(ctx.t.label("Back"), Action.of("companies:pick", gone.id))
    return in_place(say(ctx, join(*lines, question, separator="\n"), merge, back))


def merged(ctx: Context, request: ButtonPress) -> Outcome:
    """Make one of two; their people hear of it."""
    gone_id, stays_id = (int(each) for each in request.action.args)
    gone = companies.get_company(ctx.tx, gone_id)
    moved = companies.list_members(ctx.tx, gone_id)
    if gone is None or not companies.merge_companies(ctx.tx, stays_id, gone_id):
        return _not_kept(ctx)
    stays = companies.get_company(ctx.tx, stays_id)
    if stays is None:
        return _not_kept(ctx)
    audit.add_entry(ctx.tx, ctx.person.id, "company-merge", ctx.now, detail=f"{gone_id} → {stays_id}")
    told = partial(_told, gone.name, stays.name)
    for person_id in moved:
        ctx.notify(person_id, f"company:{gone_id}:merged:{person_id}", told)
    ctx.touch_homes(*companies.list_members(ctx.tx, stays_id))
    return in_place(_card(ctx, stays, ctx.t("Done, they are one.")))


def _told(gone: str, stays: str, t: Texts) -> Reply:
    return message(
        t,
        t("Your company **{gone}** is kept as **{company}** now; the team joined both.", gone=gone, company=stays),
    )


def _page(ctx: Context, start: int, first: Text = "") -> Reply:
    found = companies.list_companies(ctx.tx)
    start = start if start < len(found) else 0
    page = found[start : start + LISTED]
    head = ctx.t.plural("**One company**", "**{n} companies**", len(found))
    if not found:
        head = ctx.t("Nobody has named a company yet.")
    lines = [line(ctx, company) for company in page]
    if (nameless := companies.get_nameless_count(ctx.tx)) and start + LISTED >= len(found):
        lines.append(ctx.t.plural("and one without people or name", "and {n} without people or name", nameless))
    text = join(first, head, *lines, separator="\n")
    blocks: list[Block] = [Section(text)]
    if page:
        options = tuple(Option(short(company.name), str(company.id)) for company in page)
        picks = PickList(ctx.t.label("Pick a company"), Action("companies:pick"), options)
        blocks.append(Controls((picks,)))
    if start + LISTED < len(found):
        more = Button(ctx.t.label("More companies"), Action.of("companies:page", start + LISTED))
        blocks.append(Controls((more,)))
    return Reply(blocks=tuple(blocks), summary=summary_of(head), language=ctx.language)


def _figures(ctx: Context, year: str) -> Text:
    """What enterprises used in a year: each counts once."""
    enterprises.note_uses(ctx.tx, ctx.now)
    counted = [
        said(ctx.t, enterprises.get_enterprise_count(ctx.tx, kind, f"{year}-01", f"{year}-12"))
        for kind, said in _USED.items()
    ]
    what = join(*counted, separator=", ")
    return ctx.t("**{year}**, each company once: {what}.", year=year, what=what)


def _card(ctx: Context, company: Company, first: Text = "") -> Reply:
    buttons = (
        Button(ctx.t.label("Correct the name"), Action.of("companies:rename", company.id)),
        Button(ctx.t.label("Same as another"), Action.of("companies:same", company.id)),
        Button(ctx.t.label("All companies"), Action.of("companies:page", 0)),
    )
    return say(ctx, join(first, line(ctx, company), separator="\n"), *buttons)


def _not_kept(ctx: Context) -> Toast:
    return Toast(ctx.t.label("This company is not there any more."))
