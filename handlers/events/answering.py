"""Who comes: the answers below every post, in lists and in direct chats."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, Command, Picked
from handlers.core.ui import Action, Button, Outcome, Reply, Text, Toast, join
from handlers.events.cards import calendar_entry, day_of, is_on, line, subject, whole
from handlers.events.changing import over
from storage import events
from storage.events import Event
from storage.outbox import REPLY

_LONGEST_ID = 15
ALL = -1
"""No limit (SQLite)."""


def going(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody comes, if there is a seat."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or not is_on(ctx, event):
        return Toast(over(ctx, event))
    is_news = events.mark_going_if_free(ctx.tx, event.id, ctx.person.id, ctx.now)
    if is_news:
        _changed(ctx, event)
        ctx.used("events")
    elif not events.is_going(ctx.tx, event.id, ctx.person.id):
        taken = ctx.t.label("All seats are taken. If one becomes free, you see it on the post.")
        return Toast(taken, alert=True)
    if ctx.chat.kind == "direct":
        return structs.replace(whole(ctx, event), placement="replace")
    direct = ctx.open_direct_chat()
    if direct is None:
        told = ctx.t.label("You are in. Write to me directly once, then I can tell you if something changes.")
        return Toast(told, start=_start(event))
    day = day_of(event, ctx, ctx.t)
    if ctx.send(direct, f"event:{event.id}:going:{ctx.person.id}", _confirmation(ctx, event)):
        return Toast(ctx.t.label("See you on {day} – the calendar entry comes to you directly.", day=day))
    return Toast(ctx.t.label("See you on {day}", day=day) if is_news else ctx.t.label("You are in already."))


def not_going(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody can't come, perhaps after all."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or not is_on(ctx, event):
        return Toast(over(ctx, event))
    if events.mark_not_going(ctx.tx, event.id, ctx.person.id, ctx.now):
        _changed(ctx, event)
    if ctx.chat.kind == "direct":
        noted = say(ctx, ctx.t("Noted: you can't come."))
        shown = whole(ctx, event, with_calendar=False)
        return structs.replace(shown, blocks=(*noted.blocks, *shown.blocks), placement="replace")
    return Toast(ctx.t.label("Noted: you can't come. If you can after all, press the other button."))


def left(ctx: Context, person_id: int) -> Mapping[str, int]:
    """Somebody is gone for good: their seats at what is still to come are free again."""
    coming = events.list_upcoming_of(ctx.tx, person_id, ctx.now, ALL)
    freed = [event for event in coming if events.mark_not_going(ctx.tx, event.id, person_id, ctx.now)]
    for event in freed:
        ctx.touch_post(subject(event.id))
    return {"seats": len(freed)}


def details(ctx: Context, request: ButtonPress) -> Outcome:
    """Everything about an event, for one person alone."""
    return _shown_alone(ctx, request, int(request.action.args[0]))


def picked(ctx: Context, request: Picked) -> Outcome:
    """An event was picked from a list."""
    return _shown_alone(ctx, request, int(request.value))


def opened(ctx: Context, request: Command) -> Outcome:
    """The deep link of an event led to the direct chat."""
    known = request.text.isdecimal() and request.text.isascii() and len(request.text) <= _LONGEST_ID
    event = events.get_event(ctx.tx, int(request.text)) if known else None
    if event is None or event.state == "draft":
        return say(ctx, over(ctx, None))
    return whole(ctx, event)


def _shown_alone(ctx: Context, request: ButtonPress | Picked, event_id: int) -> Outcome:
    event = events.get_event(ctx.tx, event_id)
    if event is None or event.state == "draft":
        return Toast(over(ctx, event))
    if ctx.chat.kind == "direct" or ctx.platform.ephemeral:
        return whole(ctx, event)
    direct = ctx.open_direct_chat()
    if direct is None:
        return Toast(ctx.t.label("Write to me directly once, then I can answer you there."), start=_start(event))
    ctx.send(direct, f"{request.delivery_key}:reply", whole(ctx.at(direct), event), lane=REPLY)
    return Toast(ctx.t.label("I have written to you in private."))


def _confirmation(ctx: Context, event: Event) -> Reply:
    """What somebody who comes gets into the direct chat: the calendar entry, and the way back."""
    said: Text = join(ctx.t("**You are in.**"), line(ctx, event), separator="\n")
    not_after_all = Button(ctx.t.label("I can't after all"), Action.of("events:not", event.id))
    reply = message(ctx.t, said, not_after_all)
    return structs.replace(reply, attachments=(calendar_entry(ctx.hub, event),))


def _changed(ctx: Context, event: Event) -> None:
    ctx.touch_post(subject(event.id))
    ctx.touch_homes(ctx.person.id)


def _start(event: Event) -> str:
    return f"event_{event.id}"
