"""Taking a desk and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import structs

from handlers.core.calendar_file import calendar_file
from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Picked
from handlers.core.ui import Action, Attachment, Button, Outcome, Reply, Text, Toast, plain
from handlers.desks import cards, days, mine
from handlers.desks.plan import Plan
from storage import desks
from storage.desks import Booking
from storage.outbox import REPLY
from storage.rows import Transaction


def take(tx: Transaction, plan: Plan, person_id: int, day: date, now: datetime, desk: str = "") -> Booking | None:
    """Hold a desk for a person: the one named, or else the one they had last, or else the first that is free.

    Returns:
        The booking; None if that desk, or every desk, is taken, or the person holds one that day.
    """
    if desk:
        return desks.add_booking(tx, person_id, desk, day, now)
    last = plan.by_id.get(desks.get_last_desk(tx, person_id).lower())
    if last and (booking := desks.add_booking(tx, person_id, last.id, day, now)):
        return booking
    free = cards.free_desks(tx, plan, day)
    return desks.add_booking(tx, person_id, free[0].id, day, now) if free else None


def taken(plan: Plan, ctx: Context, request: ButtonPress | Picked) -> Outcome:
    """One press, and a desk is the person's; with ``desk`` in the action or picked, that one."""
    iso, *named = (*request.action.args, request.value) if isinstance(request, Picked) else request.action.args
    day, desk = date.fromisoformat(iso), plan.by_id.get(named[0].lower()) if named else None
    if days.why_not(ctx, plan, day) or (named and desk is None):
        return cards.in_place(cards.shown(ctx, plan, day, personal=True))  # the button is from an older time
    if held := desks.get_held_by(ctx.tx, ctx.person.id, day):
        return _already(ctx, request, plan, held)
    if desks.get_held_count(ctx.tx, ctx.person.id, days.today(ctx)) >= plan.most_held:
        return _too_many(ctx, request, plan)
    booking = take(ctx.tx, plan, ctx.person.id, day, ctx.now, desk.id if desk else "")
    if booking is None:
        gone = ctx.t("{desk} has just gone.", desk=cards.desk_name(ctx, plan, desk.id)) if desk else ""
        return cards.in_place(cards.listed(ctx, plan, day, first=gone))
    _changed(ctx, booking)
    ctx.used("desks")
    return _confirmed(ctx, request, plan, booking)


def cancelled(plan: Plan, ctx: Context, request: ButtonPress) -> Outcome:
    """Give a desk back; where the press was on a list, the list is shown as it is now."""
    booking_id, *where = request.action.args
    booking = desks.mark_cancelled_if_held(ctx.tx, int(booking_id), ctx.person.id, days.today(ctx), ctx.now)
    if booking is None:
        return _late(ctx, plan, int(booking_id))
    _changed(ctx, booking)
    given_back = ctx.t(
        "{desk} is free again {day}.",
        desk=cards.desk_name(ctx, plan, booking.desk),
        day=days.on_day(ctx, booking.day),
    )
    match where:
        case ["list"]:
            return cards.in_place(mine.listed(ctx, plan, first=given_back))
        case ["home"]:
            return Toast(plain(given_back))
    again = Button(ctx.t.label("Take it again"), Action.of("desks:take", booking.day.isoformat(), booking.desk))
    return cards.in_place(say(ctx, given_back, again))


def left(ctx: Context, person_id: int) -> Mapping[str, int]:
    """Somebody is gone for good: their desks from today on are free again."""
    given_back = [
        booking
        for held in desks.list_held_by(ctx.tx, person_id, days.today(ctx))
        if (booking := desks.mark_cancelled_if_held(ctx.tx, held.id, person_id, days.today(ctx), ctx.now))
    ]
    for booking in given_back:
        _changed(ctx, booking)
    return {"desks": len(given_back)}


def _confirmed(ctx: Context, request: ButtonPress | Picked, plan: Plan, booking: Booking) -> Outcome:
    name, day = cards.desk_name(ctx, plan, booking.desk), days.on_day(ctx, booking.day)
    text = ctx.t("{desk} is yours {day}.", desk=name, day=day)
    reply = say(ctx, text, cards.cancel_button(ctx, booking))
    return _privately(ctx, request, structs.replace(reply, attachments=(_entry(ctx, booking),)), text)


def _entry(ctx: Context, booking: Booking) -> Attachment:
    """The booking for the person's calendar: the whole day, since nobody said from when to when."""
    seat = ctx.hub.seat
    return calendar_file(
        ctx.hub,
        f"desk-{booking.id}-{booking.day:%Y%m%d}",
        ctx.t.label("Desk {desk} at the {hub}", desk=booking.desk, hub=ctx.hub.short_name),
        f"{seat.building}, {seat.street}, {seat.city}",
        booking.day,
        booking.day + timedelta(1),
        booking.changed_at,
        filename=ctx.t.label("appointment.ics"),
    )


def _already(ctx: Context, request: ButtonPress | Picked, plan: Plan, booking: Booking) -> Outcome:
    reply = cards.already_held(ctx, plan, booking)
    text = cards.held_text(ctx, plan, booking)
    return Toast(plain(text)) if ctx.chat.kind == "direct" else _privately(ctx, request, reply, text)


def _too_many(ctx: Context, request: ButtonPress | Picked, plan: Plan) -> Outcome:
    text = ctx.t.plural(
        "You hold a desk already; more at a time is not possible. Give it back first.",
        "You hold {n} desks already; more at a time is not possible. Give one back first.",
        plan.most_held,
    )
    reply = say(ctx, text, Button(ctx.t.label("My desks"), Action("desks:mine")))
    return _privately(ctx, request, reply, text)


def _privately(ctx: Context, request: ButtonPress | Picked, reply: Reply, line: Text) -> Outcome:
    """Tell the presser alone; where a group can't, a passing line says it there, and the rest goes directly."""
    if ctx.chat.kind == "direct" or ctx.platform.ephemeral:
        return cards.in_place(reply)
    direct = ctx.open_direct_chat()
    if direct is None:
        return Toast(plain(line), start="desks")
    ctx.send(direct, f"{request.delivery_key}:desk", reply, lane=REPLY)
    return Toast(plain(line))


def _late(ctx: Context, plan: Plan, booking_id: int) -> Toast:
    """Say why there is nothing to give back."""
    booking = desks.get_booking(ctx.tx, booking_id)
    if booking is None or booking.person_id != ctx.person.id:
        return Toast(ctx.t.label("I do not know this booking any more."))
    if booking.state == "held":
        return Toast(plain(days.over(ctx, booking.day)))
    text = ctx.t(
        "You gave back {desk} {day} already.",
        desk=cards.desk_name(ctx, plan, booking.desk),
        day=days.on_day(ctx, booking.day),
    )
    return Toast(plain(text))


def _changed(ctx: Context, booking: Booking) -> None:
    """Have the home pages say how it stands; the team's counts who comes today."""
    ctx.touch_homes(booking.person_id, managers=booking.day == days.today(ctx))
