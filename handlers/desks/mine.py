"""Whose desk is whose: a person's own bookings, and for the team who comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, summary_of
from handlers.core.requests import ButtonPress, Command, TextMessage
from handlers.core.ui import Action, Block, Button, Controls, Nothing, Outcome, Reply, Section, Span, Text, join
from handlers.desks import cards, days
from handlers.desks.plan import Plan
from handlers.desks.wishes import read_wish
from storage import desks
from storage.desks import Booking

BUTTONS_IN_A_ROW = 3


def asked(plan: Plan, ctx: Context, request: TextMessage, key: str = "") -> Outcome:
    """Somebody asks in their own words for what they booked."""
    return structs.replace(listed(ctx, plan), audience="person") if request.addressed else Nothing()


def wanted(plan: Plan, ctx: Context, request: Command | ButtonPress) -> Outcome:
    """``buchungen``, the button, or the link from a group."""
    return structs.replace(listed(ctx, plan), audience="person")


def listed(ctx: Context, plan: Plan, first: Text = "") -> Reply:
    """What the person holds from today on, each with its button."""
    held = _held(ctx)
    if not held:
        book = Button(ctx.t.label("Book a desk"), Action("desks:day"), "primary")
        return message(ctx.t, join(first, ctx.t("You have no desk booked."), separator="\n"), book)
    return Reply(
        blocks=(Section(join(first, _lines(ctx, plan, held), separator="\n")), *_buttons(ctx, held, "list")),
        summary=summary_of(ctx.t("**Your desks:**")),
        language=ctx.language,
    )


def home(plan: Plan, ctx: Context) -> tuple[Block, ...]:
    """Own desks; for managers also how many people come today."""
    blocks: list[Block] = []
    if held := _held(ctx):
        blocks += [Section(_lines(ctx, plan, held)), *_buttons(ctx, held, "home")]
    if ctx.may("project"):
        today = days.today(ctx)
        count = len(desks.list_coming(ctx.tx, today))
        blocks.append(Section(_coming(ctx, today, count)))
        if count:
            see = Button(ctx.t.label("Who is coming"), Action.of("desks:who", today.isoformat()))
            blocks.append(Controls((see,)))
    return tuple(blocks)


def who(plan: Plan, ctx: Context, request: Command) -> Outcome:
    """``wer kommt morgen``: for managers, who has a desk on a day."""
    today = days.today(ctx)
    wish = read_wish(request.text, today)
    return cards.which_day(ctx, plan, wish.unknown) if wish.unknown else _who(ctx, plan, wish.day or today)


def who_pressed(plan: Plan, ctx: Context, request: ButtonPress) -> Outcome:
    """The same from the home page."""
    return _who(ctx, plan, date.fromisoformat(request.action.args[0]))


def _who(ctx: Context, plan: Plan, day: date) -> Reply:
    coming = sorted(desks.list_coming(ctx.tx, day), key=lambda each: each.name.casefold())
    head = _coming(ctx, day, len(coming))
    lines = [
        join(
            (Span(each.name or "?", person=each.person_id),), cards.desk_name(ctx, plan, each.desk), separator=": "
        )
        for each in coming
        if each.listed
    ]
    if unnamed := len(coming) - len(lines):
        lines.append(ctx.t.plural("and one who is not to be named", "and {n} who are not to be named", unnamed))
    return structs.replace(message(ctx.t, join(head, *lines, separator="\n")), audience="person")


def _coming(ctx: Context, day: date, count: int) -> Text:
    heading = days.as_heading(ctx, day)
    if not count:
        return ctx.t("{day}: nobody has booked a desk.", day=heading)
    return ctx.t.plural(
        "{day}: **one person** is coming.", "{day}: **{n} people** are coming.", count, day=heading
    )


def _held(ctx: Context) -> list[Booking]:
    return desks.list_held_by(ctx.tx, ctx.person.id, days.today(ctx))


def _lines(ctx: Context, plan: Plan, held: Sequence[Booking]) -> Text:
    lines = [
        join(cards.desk_name(ctx, plan, booking.desk), days.near(ctx, booking.day), separator=", ")
        for booking in held
    ]
    return join(ctx.t("**Your desks:**"), *lines, separator="\n")


def _buttons(ctx: Context, held: Sequence[Booking], where: str) -> tuple[Controls, ...]:
    """A button for each; where there are several, each says its day."""
    buttons = [
        Button(
            ctx.t.label("Cancel {day}", day=days.spoken(ctx, booking.day))
            if len(held) > 1
            else ctx.t.label("Cancel booking"),
            Action.of("desks:cancel", booking.id, where),
        )
        for booking in held
    ]
    rows = range(0, len(buttons), BUTTONS_IN_A_ROW)
    return tuple(Controls(tuple(buttons[at : at + BUTTONS_IN_A_ROW])) for at in rows)
