"""The form of a company: its questions, what the answers mean, and a company in a line."""

from __future__ import annotations

from handlers.companies.names import NAME_LENGTH, clean
from handlers.core.context import Context
from handlers.core.requests import FormSubmitted
from handlers.core.texts import N_, Texts
from handlers.core.topics import ANYWHERE, OTHER, city_name, city_options, topic_name, topic_options
from handlers.core.ui import ChoiceField, Field, Form, FormErrors, Option, Text, TextField, join
from storage.companies import Company, Details

FORM = "companies:form"
EARLIEST = 1800
SIZES = {
    "1": N_("1"),
    "2": N_("2 to 9"),
    "10": N_("10 to 49"),
    "50": N_("50 to 249"),
    "250": N_("250 or more"),
}
"""Size classes as the European Union counts them, by how many people one begins with."""

_ELSEWHERE = N_("Somewhere else")


def company_form(ctx: Context, company: Company | None = None) -> Form:
    """Return the form, empty or with what is known of a company; only the name is needed."""
    t = ctx.t
    fields: tuple[Field, ...] = (
        TextField(
            "name",
            t.label("What is your company called?"),
            hint=t.label("A start-up that is just being founded counts too."),
            max_length=NAME_LENGTH,
            initial=company.name if company else "",
        ),
        TextField(
            "founded",
            t.label("Founded in which year?"),
            hint=t.label("Like 2024. Leave it out if it is not founded yet."),
            max_length=20,
            required=False,
            initial=str(company.founded) if company and company.founded else "",
        ),
        ChoiceField(
            "size",
            t.label("How many are you?"),
            tuple(Option(t.label(label), key) for key, label in SIZES.items()),
            required=False,
            initial=company.size if company else "",
        ),
        ChoiceField(
            "city",
            t.label("In which city?"),
            _cities(ctx),
            required=False,
            initial=company.city if company else "",
        ),
        ChoiceField(
            "sector",
            t.label("In which sector?"),
            topic_options(ctx.hub, t),
            required=False,
            initial=company.sector if company else "",
        ),
    )
    context = {"company": str(company.id)} if company else {}
    return Form(FORM, ctx.token(), t.label("Your company"), fields, t.label("Keep"), context, ctx.language)


def read_form(ctx: Context, request: FormSubmitted) -> Details | FormErrors:
    """Return what the form says, or by field what to write instead."""
    values, errors = request.values, dict[str, str]()
    name = clean(values["name"])
    if not name:
        errors["name"] = ctx.t.label("I can't see a name in that. Write it with letters or digits.")
    year, typed = 0, values.get("founded", "").strip()
    if typed:
        year = int(typed) if len(typed) == 4 and typed.isascii() and typed.isdecimal() else 0
        this_year = ctx.now.astimezone(ctx.zone).year
        if not EARLIEST <= year <= this_year:
            errors["founded"] = ctx.t.label("Write the year with four digits, or leave it out.")
    if errors:
        return FormErrors(errors)
    return Details(name, year, values.get("size", ""), values.get("city", ""), values.get("sector", ""))


def facts(ctx: Context, company: Company) -> str:
    """What is known of a company beside its name: "Dortmund, Logistik-IT, seit 2021, 2 bis 9 im Team"."""
    t = ctx.t
    known = (
        _city(ctx, t, company.city),
        topic_name(ctx.hub, t, company.sector) if company.sector else "",
        t.label("since {year}", year=company.founded) if company.founded else "",
        t.label("{size} in the team", size=t.label(SIZES[company.size])) if company.size in SIZES else "",
    )
    return ", ".join(fact for fact in known if fact)


def line(ctx: Context, company: Company) -> Text:
    """A company with all that is known of it and how many people here belong to it."""
    name = ctx.t("**{company}**", company=company.name)
    people = ctx.t.plural("one person here", "{n} people here", company.people)
    return join(name, facts(ctx, company), people, separator=" · ")


def _cities(ctx: Context) -> tuple[Option, ...]:
    own = tuple(option for option in city_options(ctx.hub, ctx.t) if option.value != ANYWHERE)
    return (*own, Option(ctx.t.label(_ELSEWHERE), OTHER))


def _city(ctx: Context, t: Texts, key: str) -> str:
    if key == OTHER:
        return t.label(_ELSEWHERE)
    return city_name(ctx.hub, t, key) if key else ""
