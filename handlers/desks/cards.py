"""What is free: the cards that show a day, the list of its desks, and the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, say, summary_of
from handlers.core.requests import ButtonPress, Command, Picked, TextMessage
from handlers.core.ui import (
    Action,
    Button,
    Controls,
    DatePicker,
    Option,
    Outcome,
    PickList,
    Reply,
    Section,
    Text,
    join,
)
from handlers.desks import days
from handlers.desks.plan import Desk, Plan
from handlers.desks.wishes import Wish, is_filling, read_wish
from storage import desks
from storage.desks import Booking
from storage.rows import Transaction

DESKS_LISTED = 24
"""As many as Telegram's adapter shows of a list; the others are a press away."""

DAYS_OFFERED = 2


def asked(plan: Plan, ctx: Context, request: TextMessage, key: str = "") -> Outcome:
    """Somebody asks in their own words for a free desk."""
    wish = read_wish(request.text, days.today(ctx))
    return _answer(ctx, plan, wish, personal=ctx.chat.kind == "direct")


def commanded(plan: Plan, ctx: Context, request: Command) -> Outcome:
    """``platz morgen``, ``desk 12 on friday``; without a day the next open one."""
    wish = read_wish(f"platz {request.text}", days.today(ctx))
    if wish == Wish() and not is_filling(request.text):
        return which_day(ctx, plan)
    return _answer(ctx, plan, wish, personal=ctx.chat.kind == "direct")


def day_pressed(plan: Plan, ctx: Context, request: ButtonPress | Picked) -> Outcome:
    """A day was chosen: show it to that person, in place of what offered it; the menu's button names none."""
    chosen = request.value if isinstance(request, Picked) else next(iter(request.action.args), "")
    if not chosen:
        return structs.replace(_answer(ctx, plan, Wish(), personal=True), audience="person")
    return in_place(shown(ctx, plan, date.fromisoformat(chosen), personal=True))


def list_pressed(plan: Plan, ctx: Context, request: ButtonPress) -> Outcome:
    """Show which desks are free on a day, from a position on."""
    day, *rest = request.action.args
    return in_place(listed(ctx, plan, date.fromisoformat(day), int(rest[0]) if rest else 0))


def calendar_pressed(plan: Plan, ctx: Context, request: ButtonPress) -> Outcome:
    """Let somebody pick a day."""
    question = ctx.t("Which day?")
    first, last = days.today(ctx), days.latest(ctx, plan)
    picker = DatePicker(ctx.t.label("Pick a day"), Action("desks:day"), first, last)
    blocks = (Section(question), Controls((picker,)))
    return in_place(Reply(blocks=blocks, summary=summary_of(question), language=ctx.language))


def in_place(reply: Reply) -> Reply:
    """For the presser alone; in a direct chat instead of what was pressed."""
    return structs.replace(reply, audience="person", placement="replace")


def shown(ctx: Context, plan: Plan, day: date, *, personal: bool, desk: str = "", first: Text = "") -> Reply:
    """A day's card.

    Args:
        ctx: The context.
        plan: The desks.
        day: The day.
        personal: Only the person sees it, so it may say which desk is theirs.
        desk: The desk that was asked for, as typed.
        first: What to say before it.
    """
    if reason := days.why_not(ctx, plan, day):
        return message(ctx.t, join(first, reason, separator=" "), *_other_days(ctx, plan, day))
    if personal and (booking := desks.get_held_by(ctx.tx, ctx.person.id, day)):
        return already_held(ctx, plan, booking)
    free = free_desks(ctx.tx, plan, day)
    if not free:
        full = ctx.t("**{day}**: all desks are taken.", day=days.as_heading(ctx, day))
        return message(ctx.t, join(first, full, separator=" "), *_other_days(ctx, plan, day))
    take = Button(ctx.t.label("Take a desk"), Action.of("desks:take", day.isoformat()), "primary")
    wanted = plan.by_id.get(desk.lower())
    if wanted in free:
        label = ctx.t.label("Take desk {desk}", desk=wanted.id)
        take = Button(label, Action.of("desks:take", day.isoformat(), wanted.id), "primary")
        first = ctx.t("{desk} is free.", desk=desk_name(ctx, plan, wanted.id))
    elif wanted:
        first = ctx.t("{desk} is taken.", desk=desk_name(ctx, plan, wanted.id))
    elif desk:
        first = ctx.t("There is no desk {desk}, only {ids}.", desk=desk, ids=plan.ids)
    pick = Button(ctx.t.label("A certain desk"), Action.of("desks:list", day.isoformat()))
    return message(ctx.t, join(first, _counts(ctx, plan, day, free), separator=" "), take, pick, _other_day(ctx))


def _counts(ctx: Context, plan: Plan, day: date, free: Sequence[Desk]) -> Text:
    heading = days.as_heading(ctx, day)
    return ctx.t("**{day}**: {free} of {all} desks are free.", day=heading, free=len(free), all=len(plan.desks))


def listed(ctx: Context, plan: Plan, day: date, start: int = 0, first: Text = "") -> Reply:
    """The free desks of a day, to pick one."""
    free = free_desks(ctx.tx, plan, day)
    if not free or days.why_not(ctx, plan, day) or desks.get_held_by(ctx.tx, ctx.person.id, day):
        return shown(ctx, plan, day, personal=True, first=first)
    start = start if start < len(free) else 0
    options = tuple(Option(_label(ctx, desk), desk.id) for desk in free[start : start + DESKS_LISTED])
    question = join(first, ctx.t("Which desk {day}?", day=days.on_day(ctx, day)), separator=" ")
    picks = PickList(ctx.t.label("Pick a desk"), Action.of("desks:take", day.isoformat()), options)
    more = start + DESKS_LISTED if start + DESKS_LISTED < len(free) else 0
    buttons = [_other_day(ctx)]
    if len(free) > DESKS_LISTED:
        buttons.insert(0, Button(ctx.t.label("More desks"), Action.of("desks:list", day.isoformat(), more)))
    blocks = (Section(question), Controls((picks,)), Controls(tuple(buttons)))
    return Reply(blocks=blocks, summary=summary_of(question), language=ctx.language)


def already_held(ctx: Context, plan: Plan, booking: Booking) -> Reply:
    """The person has a desk that day."""
    return say(ctx, held_text(ctx, plan, booking), cancel_button(ctx, booking), _other_day(ctx))


def held_text(ctx: Context, plan: Plan, booking: Booking) -> Text:
    """The same as a line."""
    name, day = desk_name(ctx, plan, booking.desk), days.on_day(ctx, booking.day)
    return ctx.t("{desk} is yours {day} already.", desk=name, day=day)


def cancel_button(ctx: Context, booking: Booking) -> Button:
    """Gives a desk back."""
    return Button(ctx.t.label("Cancel booking"), Action.of("desks:cancel", booking.id))


def which_day(ctx: Context, plan: Plan, unknown: str = "") -> Reply:
    """Ask for the day, where the one that was named is none; the next open ones are a press away."""
    question = ctx.t("Which day do you mean?")
    admitted = ctx.t("“{day}” is no day that I know.", day=unknown) if unknown else ""
    buttons = [
        Button(days.short(ctx, day), Action.of("desks:day", day.isoformat()))
        for day in islice(days.open_days(ctx, plan, days.today(ctx)), DAYS_OFFERED)
    ]
    return say(ctx, join(admitted, question, separator=" "), *buttons, _other_day(ctx))


def free_desks(tx: Transaction, plan: Plan, day: date) -> list[Desk]:
    """The desks that nobody holds on a day, in the pack's order."""
    taken = desks.list_taken_desks(tx, day)
    return [desk for desk in plan.desks if desk.id not in taken]


def desk_name(ctx: Context, plan: Plan, desk_id: str) -> Text:
    """A desk with its note: "**Platz 12** (am Fenster)"."""
    name = ctx.t("**Desk {desk}**", desk=desk_id)
    desk = plan.by_id.get(desk_id.lower())
    return join(name, f" ({desk.note.text(ctx.language)})") if desk and desk.note else name


def _label(ctx: Context, desk: Desk) -> str:
    return f"{desk.id} ({desk.note.text(ctx.language)})" if desk.note else desk.id


def _answer(ctx: Context, plan: Plan, wish: Wish, *, personal: bool) -> Reply:
    if wish.unknown:
        return which_day(ctx, plan, wish.unknown)
    today = days.today(ctx)
    day = wish.day or next(days.open_days(ctx, plan, today), today)
    return shown(ctx, plan, day, personal=personal, desk=wish.desk)


def _other_days(ctx: Context, plan: Plan, day: date) -> Iterator[Button]:
    """The next days on which something is free, and the calendar."""
    first = day + timedelta(1) if day < days.latest(ctx, plan) else days.today(ctx)
    counted = ((each, len(free_desks(ctx.tx, plan, each))) for each in days.open_days(ctx, plan, first))
    for each, count in islice((pair for pair in counted if pair[1]), DAYS_OFFERED):
        label = ctx.t.label("{day}: {n} free", day=days.short(ctx, each), n=count)
        yield Button(label, Action.of("desks:day", each.isoformat()))
    yield _other_day(ctx)


def _other_day(ctx: Context) -> Button:
    return Button(ctx.t.label("Another day"), Action("desks:other"))
