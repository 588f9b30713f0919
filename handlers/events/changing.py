"""Changing a published event or calling it off, and telling those who come."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, FormSubmitted
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, FormErrors, OpenForm, Outcome, Reply, Toast, join
from handlers.events.cards import day_of, is_on, manager_buttons, moved_facts, subject, whole
from handlers.events.form import event_form, read_form
from storage import events, posts
from storage.events import Event


def wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """A manager changes an event: the same form, with what it says now."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or not (event.state == "draft" or is_on(ctx, event)):
        return Toast(over(ctx, event))
    return OpenForm(event_form(ctx, event))


def changed(ctx: Context, request: FormSubmitted, preview: Callable[[Context, Event], Reply]) -> Outcome:
    """The form came back with changes."""
    event = events.get_event(ctx.tx, int(request.context["event"]))
    if event is None or not (event.state == "draft" or is_on(ctx, event)):
        return say(ctx, over(ctx, event))
    details = read_form(ctx, request, events.get_going_count(ctx.tx, event.id))
    if isinstance(details, FormErrors):
        return details
    if event.state == "published" and details == events.details_of(event):
        return say(ctx, ctx.t("**{title}** stays as it is.", title=event.title), *manager_buttons(ctx, event))
    seen = structs.replace(event, revision=int(request.context["revision"]))
    now = events.mark_changed_if_same(ctx.tx, seen, details, ctx.now)
    if now is None:
        faster = ctx.t("Somebody else has changed it meanwhile; now it is like this:")
        shown = preview(ctx, event) if event.state == "draft" else whole(ctx, event, with_calendar=False)
        return structs.replace(shown, blocks=(*say(ctx, faster).blocks, *shown.blocks))
    if now.state == "draft":
        return preview(ctx, now)
    _show_everywhere(ctx, now)
    ctx.schedule("events.started", str(now.id), now.starts_at)
    told = ctx.t("**{title}** is changed, and so are its posts.", title=now.title)
    if events.moved(event, details) and (number := _tell_of_move(ctx, now)):
        heard = ctx.t.plural("One who comes hears of it.", "{n} who come hear of it.", number)
        told = join(told, heard, separator=" ")
    return say(ctx, told, *manager_buttons(ctx, now))


def cancel_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Ask once before it is called off."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or not is_on(ctx, event):
        return Toast(over(ctx, event))
    asked = ctx.t("Call off **{title}** on {day}?", title=event.title, day=day_of(event, ctx, ctx.t))
    if going := events.get_going_count(ctx.tx, event.id):
        hear = ctx.t.plural("The one who said yes hears of it.", "The {n} who said yes hear of it.", going)
        asked = join(asked, hear, separator=" ")
    buttons = (
        Button(ctx.t.label("Really call off"), Action.of("events:really", event.id), "danger"),
        Button(ctx.t.label("No"), Action.of("events:keep", event.id)),
    )
    return structs.replace(say(ctx, asked, *buttons), audience="person")


def cancelled(ctx: Context, request: ButtonPress) -> Outcome:
    """It is off: every post says so, and those who wanted to come hear of it."""
    event = events.mark_cancelled_if_published(ctx.tx, int(request.action.args[0]), ctx.now)
    if event is None:
        return Toast(over(ctx, events.get_event(ctx.tx, int(request.action.args[0]))))
    ctx.unschedule("events.started", str(event.id))
    _end_posts(ctx, event)
    for person in events.list_going(ctx.tx, event.id):
        ctx.notify(
            person.id, f"event:{event.id}:off:{person.id}", lambda t: _called_off(ctx, t, event), kind="events"
        )
    told = ctx.t("**{title}** is called off. Its posts say so.", title=event.title)
    return structs.replace(say(ctx, told), placement="replace")


def kept(ctx: Context, request: ButtonPress) -> Outcome:
    """It stays on."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or not is_on(ctx, event):
        return Toast(over(ctx, event))
    return structs.replace(say(ctx, ctx.t("Fine, **{title}** stays on.", title=event.title)), placement="replace")


def started(ctx: Context, event_id: str) -> None:
    """An event began: its posts lose their buttons."""
    event = events.get_event(ctx.tx, int(event_id))
    if event and event.state == "published":
        _end_posts(ctx, event)


def over(ctx: Context, event: Event | None) -> str:
    """Why nothing can be done with an event any more."""
    if event is None:
        return ctx.t.label("This event is not there any more.")
    if event.state == "cancelled":
        return ctx.t.label("This event is called off.")
    if event.state == "draft":
        return ctx.t.label("This event is not published yet.")
    return ctx.t.label("This event has begun already.")


def _show_everywhere(ctx: Context, event: Event) -> None:
    ctx.touch_post(subject(event.id))
    ctx.touch_homes(*(person.id for person in events.list_going(ctx.tx, event.id)), managers=True)


def _end_posts(ctx: Context, event: Event) -> None:
    """Have every post say that it is over or off; where none stands, none is needed any more."""
    _show_everywhere(ctx, event)
    posts.mark_unsent_posts_gone(ctx.tx, subject(event.id))


def _tell_of_move(ctx: Context, event: Event) -> int:
    """Tell those who come; returns how many can be reached."""
    return sum(
        ctx.notify(
            person.id,
            f"event:{event.id}:moved:{event.revision}:{person.id}",
            lambda t: _moved(ctx, t, event),
            kind="events",
        )
        for person in events.list_going(ctx.tx, event.id)
    )


def _moved(ctx: Context, t: Texts, event: Event) -> Reply:
    said = t("**{title}** has changed: {facts}", title=event.title, facts=moved_facts(event, ctx, t))
    return message(
        t,
        join(said, t("Are you still in?"), separator="\n"),
        Button(t.label("Yes"), Action.of("events:going", event.id), "primary"),
        Button(t.label("No"), Action.of("events:not", event.id)),
    )


def _called_off(ctx: Context, t: Texts, event: Event) -> Reply:
    day = day_of(event, ctx, t)
    return message(t, t("**{title}** on {day} is called off, sorry.", title=event.title, day=day))
