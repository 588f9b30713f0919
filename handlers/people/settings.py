"""A person's settings: one card that shows them all, changed by its buttons and kept in its place."""

from __future__ import annotations

import re
from datetime import time

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Picked, TextMessage
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    Fields,
    Form,
    FormErrors,
    Nothing,
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
from handlers.dates.times import read_time
from handlers.people.linking import UNLINK, account_on, link_button, other_platform
from storage import people, settings
from storage.settings import PersonSettings

LANGUAGES = {"de": "Deutsch", "en": "English"}
HOURS = ("20:00-08:00", "21:00-07:00", "22:00-07:00", "22:00-08:00", "23:00-08:00", "18:00-09:00")
NEVER = "never"
_SPAN = re.compile(
    r"(?:von |from |between |zwischen )?(.{1,12}?) ?(?:-|–| bis | to | until | till | und | and ) ?(.{1,12})"
)
_OFF = re.compile(r"(?:off|none|never|aus|keine?|nie|weg|ende)", re.IGNORECASE)
QUIET_ARGUMENTS = rf"(?:{_OFF.pattern}|(?:von |from |between |zwischen )?\d.{{0,30}})?"


def asked(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Somebody asks in their own words."""
    return _alone(card(ctx)) if request.addressed else Nothing()


def wanted(ctx: Context, request: Command) -> Outcome:
    """``settings``."""
    return _alone(card(ctx))


def shown(ctx: Context, request: ButtonPress) -> Outcome:
    """A button elsewhere, or the way back to the card from one of its lists."""
    return _in_place(card(ctx)) if request.action.args else _alone(card(ctx))


def card(ctx: Context, first: Text = "") -> Reply:
    """All settings, and what changes them."""
    row = settings.get_settings(ctx.tx, ctx.person.id)
    t, to = ctx.t, other_platform(ctx)
    linked = bool(to and account_on(ctx, ctx.person.id, to))
    facts: list[tuple[str, Text]] = [(t.label("Language"), LANGUAGES[t.language])]
    if linked:
        facts.append((t.label("I write to you in"), (row.preferred or ctx.chat.platform).title()))
    facts += [
        (t.label("Quiet hours"), _hours(ctx, row)),
        (t.label("I tell you of"), _heard(ctx)),
        (t.label("In “who is coming”"), t.label("by name") if row.listed else t.label("without a name")),
    ]
    title = t("**Your settings**")
    blocks: list[Block] = [
        Section(join(first, title, separator="\n")),
        Fields(tuple(facts)),
        Controls(_first_row(ctx, row)),
        Controls(_second_row(ctx, row, to, linked)),
    ]
    return Reply(blocks=tuple(blocks), summary=summary_of(title), language=t.language)


def _first_row(ctx: Context, row: PersonSettings) -> tuple[Button, ...]:
    other = "en" if ctx.language == "de" else "de"
    named = ctx.t.label("Don't name me") if row.listed else ctx.t.label("Name me")
    return (
        Button(LANGUAGES[other], Action("settings:language", (other,))),
        Button(ctx.t.label("Quiet hours"), Action("settings:quiet")),
        Button(named, Action("settings:listed", ("0" if row.listed else "1",))),
    )


def _second_row(ctx: Context, row: PersonSettings, to: str, linked: bool) -> tuple[Button, ...]:
    buttons = [Button(ctx.t.label("What I hear"), Action("settings:kinds"))] if _kinds(ctx) else []
    if linked:
        rather = to if (row.preferred or ctx.chat.platform) == ctx.chat.platform else ctx.chat.platform
        label = ctx.t.label("Rather in {platform}", platform=rather.title())
        buttons += [Button(label, Action("settings:chat", (rather,))), Button(ctx.t.label("Unlink"), UNLINK)]
    elif to:
        buttons.append(link_button(ctx, to))
    return tuple(buttons)


def language_chosen(ctx: Context, request: ButtonPress) -> Outcome:
    """Deutsch or English, for good."""
    language = request.action.args[0]
    people.mark_language(ctx.tx, ctx.person.id, language, chosen=True)
    ctx.touch_homes(ctx.person.id)
    ctx.t = ctx.house.catalogues.texts(language)  # the card is in it already
    return _in_place(card(ctx))


def listed_chosen(ctx: Context, request: ButtonPress) -> Outcome:
    """Named in "who is coming", or not."""
    return _set(ctx, listed=request.action.args[0] == "1")


def chat_chosen(ctx: Context, request: ButtonPress) -> Outcome:
    """Where notices go."""
    platform = request.action.args[0]
    if account_on(ctx, ctx.person.id, platform) is None:
        return Toast(ctx.t.label("You are not linked with {platform}.", platform=platform.title()))
    return _set(ctx, preferred=platform)


def quiet_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Offer the usual quiet hours, and any others."""
    text = ctx.t("When shall I keep quiet? What comes then waits until it is over. Replies to you always come.")
    row = settings.get_settings(ctx.tx, ctx.person.id)
    options = tuple(Option(_spoken(ctx, *value.split("-")), value) for value in HOURS)
    picks = PickList(
        ctx.t.label("Quiet hours"),
        Action("settings:hours"),
        options,
        selected=f"{row.quiet_from}-{row.quiet_until}" if row.quiet_from else "",
    )
    buttons = (
        Button(ctx.t.label("Other times"), Action("settings:times")),
        Button(ctx.t.label("None"), Action("settings:hours", (NEVER,))),
        _back(ctx),
    )
    blocks = (Section(text), Controls((picks,)), Controls(buttons))
    return _in_place(Reply(blocks=blocks, summary=summary_of(text), language=ctx.language))


def hours_chosen(ctx: Context, request: ButtonPress | Picked) -> Outcome:
    """Quiet hours were picked, or none."""
    value = request.value if isinstance(request, Picked) else request.action.args[0]
    begin, _, end = value.partition("-") if value in HOURS else ("", "", "")
    return _set(ctx, quiet_from=begin, quiet_until=end)


def times_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Other times are typed."""
    row = settings.get_settings(ctx.tx, ctx.person.id)
    hint = ctx.t.label("For example 22:00")
    fields = (
        TextField("begin", ctx.t.label("Quiet from"), hint, max_length=20, initial=row.quiet_from),
        TextField("end", ctx.t.label("Quiet until"), hint, max_length=20, initial=row.quiet_until),
    )
    title, keep = ctx.t.label("Quiet hours"), ctx.t.label("Keep")
    return OpenForm(Form("settings:times", ctx.token(), title, fields, keep, language=ctx.language))


def times_given(ctx: Context, request: FormSubmitted) -> Outcome:
    """The form with the times came back."""
    begin, end = (read_time(request.values[name]) for name in ("begin", "end"))
    unknown = ctx.t.label("I do not know that time. Write it like 22:00.")
    errors = {name: unknown for name, at in (("begin", begin), ("end", end)) if at is None}
    if begin is None or end is None:
        return FormErrors(errors)
    if begin == end:
        return FormErrors({"end": ctx.t.label("That would be all day. Choose another end.")})
    return _kept(ctx, quiet_from=f"{begin:%H:%M}", quiet_until=f"{end:%H:%M}")


def quiet_said(ctx: Context, request: Command) -> Outcome:
    """``quiet 22-7``, ``quiet off``; alone it shows the card."""
    text = " ".join(request.text.split()).lower().removesuffix(" uhr")
    if not text:
        return _alone(card(ctx))
    if _OFF.fullmatch(text):
        return _kept(ctx, quiet_from="", quiet_until="")
    span = _SPAN.fullmatch(text)
    begin, end = (_time(part) for part in span.groups()) if span else (None, None)
    if begin is None or end is None or begin == end:
        return _alone(say(ctx, ctx.t("From when until when? Write it like this: **quiet 22:00-7:00**.")))
    return _kept(ctx, quiet_from=f"{begin:%H:%M}", quiet_until=f"{end:%H:%M}")


def kinds_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """What a person wants to hear of unasked."""
    return _in_place(_kinds_card(ctx))


def kind_chosen(ctx: Context, request: ButtonPress) -> Outcome:
    """One kind is wanted, or not any more."""
    kind, wanted_ = request.action.args
    if kind not in ctx.house.registry.kinds:
        return _in_place(_kinds_card(ctx))
    change = settings.remove_muted_kind if wanted_ == "1" else settings.add_muted_kind
    change(ctx.tx, ctx.person.id, kind)
    return _in_place(_kinds_card(ctx))


def _kinds_card(ctx: Context) -> Reply:
    text = ctx.t("What shall I tell you of? Replies to what you asked or booked always come.")
    muted = settings.list_muted_kinds(ctx.tx, ctx.person.id)
    buttons = [
        Button(
            f"{'–' if kind in muted else '✓'} {ctx.t.label(label)}",
            Action("settings:kind", (kind, "1" if kind in muted else "0")),
        )
        for kind, label in _kinds(ctx).items()
    ]
    rows = [Controls((button,)) for button in (*buttons, _back(ctx))]
    return Reply(blocks=(Section(text), *rows), summary=summary_of(text), language=ctx.language)


def _kinds(ctx: Context) -> dict[str, str]:
    """The kinds of notices that the person can get, with their names."""
    return {key: kind.label for key, kind in ctx.house.registry.kinds.items() if ctx.may(kind.role)}


def _heard(ctx: Context) -> Text:
    muted = settings.list_muted_kinds(ctx.tx, ctx.person.id)
    heard = [ctx.t.label(label) for key, label in _kinds(ctx).items() if key not in muted]
    return ", ".join(heard) or ctx.t.label("only what you asked for")


def _hours(ctx: Context, row: PersonSettings) -> str:
    return _spoken(ctx, row.quiet_from, row.quiet_until) if row.quiet_from else ctx.t.label("none")


def _spoken(ctx: Context, begin: str, end: str) -> str:
    return ctx.t.label("{begin} to {end}", begin=begin, end=end)


def _time(typed: str) -> time | None:
    """A time of day; a mere number is an hour."""
    typed = typed.strip()
    return read_time(f"{typed}:00" if typed.isascii() and typed.isdecimal() else typed)


def _set(ctx: Context, **changes: str | bool) -> Reply:
    """Keep a change, and show the card with it where it was pressed."""
    _keep(ctx, **changes)
    return _in_place(card(ctx))


def _kept(ctx: Context, **changes: str | bool) -> Reply:
    """Keep what was said, and show the card."""
    _keep(ctx, **changes)
    return _alone(card(ctx, ctx.t("Noted.")))


def _keep(ctx: Context, **changes: str | bool) -> None:
    row = settings.get_settings(ctx.tx, ctx.person.id)
    settings.mark_settings(ctx.tx, structs.replace(row, **changes))


def _back(ctx: Context) -> Button:
    return Button(ctx.t.label("Back"), Action("settings:show", ("back",)))


def _alone(reply: Reply) -> Reply:
    return structs.replace(reply, audience="person")


def _in_place(reply: Reply) -> Reply:
    return structs.replace(reply, audience="person", placement="replace")
