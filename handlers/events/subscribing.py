"""Chats that want to hear of events: the card in a new group, and what a new subscriber gets at once."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.replies import message
from handlers.core.requests import ButtonPress
from handlers.core.ui import Action, Button, Outcome, Reply, Text, Toast, join
from handlers.events.cards import VIEW, subject
from storage import events, places, posts
from storage.outbox import BROADCAST

WELCOME = "events.welcome"
MOST_AT_ONCE = 3
"""Events that a new subscriber gets at once."""

_LOOKED_AT = 30


def added(ctx: Context) -> None:
    """The bot came into a group: say what it does there, below what was said meanwhile."""
    known = posts.get_post(ctx.tx, welcome(ctx), WELCOME, ctx.chat.id, "")
    if known is None or not posts.mark_post_anew_if_settled(ctx.tx, known.id, ctx.now):
        ctx.show(welcome(ctx), WELCOME, ctx.chat)
    for place in places.list_places(ctx.tx, "events"):
        if place.chat_id == ctx.chat.id:
            _post_next(ctx.at(ctx.chat, place.thread))


def welcome(ctx: Context) -> str:
    """What the card in a group shows."""
    return f"welcome:{ctx.chat.id}"


def card(ctx: Context, chat_id: str) -> Reply:
    """The card in a group: what the bot does, and the way to events."""
    who = ctx.t("I am **Kumpel**, the bot of the {hub}. Ask me about it: just mention me.", hub=ctx.hub.short_name)
    if places.is_place(ctx.tx, "events", ctx.chat.id):
        said = ctx.t("**Subscribed**: events and the team's notices come here.")
        button = Button(ctx.t.label("Unsubscribe"), Action("events:unsubscribe"))
    else:
        said = ctx.t(
            "If you like, I announce events and the team's notices here; the admins of this group decide."
        )
        button = Button(ctx.t.label("Subscribe to events"), Action("events:subscribe"), "primary")
    return message(ctx.t, join(who, said, separator="\n"), button)


def subscribed(ctx: Context, request: ButtonPress) -> Outcome:
    """An admin wants events here."""
    there = ctx.at(ctx.chat, ctx.thread if ctx.platform.topics else "")
    if not places.add_place(ctx.tx, "events", ctx.chat.id, there.thread, ctx.person.id, ctx.now):
        return Toast(ctx.t.label("Events come here already."))
    _post_next(there)
    ctx.touch_post(welcome(ctx))
    return Toast(ctx.t.label("Subscribed. Events and notices come here."))


def unsubscribed(ctx: Context, request: ButtonPress) -> Outcome:
    """An admin wants no more of them; what stands stays true."""
    mine = [place for place in places.list_places(ctx.tx, "events") if place.chat_id == ctx.chat.id]
    for place in mine:
        places.remove_place(ctx.tx, "events", place.chat_id, place.thread)
    ctx.touch_post(welcome(ctx))
    if not mine:
        return Toast(ctx.t.label("No events come here."))
    return Toast(ctx.t.label("Unsubscribed. No more events and notices come here."))


def on_place(ctx: Context, purpose: str) -> Text | None:
    """A lead made a chat one for events: it gets the next ones."""
    if purpose != "events":
        return None
    ctx.touch_post(welcome(ctx))
    number = _post_next(ctx)
    return (
        ctx.t.plural("The next event comes at once.", "The next {n} events come at once.", number)
        if number
        else None
    )


def _post_next(ctx: Context) -> int:
    """Post the next events in this chat or topic; returns how many."""
    place = (ctx.chat.id, ctx.thread)
    upcoming = events.list_upcoming(ctx.tx, ctx.now, _LOOKED_AT)
    chosen = [event for event in upcoming if place not in events.list_left_out(ctx.tx, event.id)][:MOST_AT_ONCE]
    for event in chosen:
        ctx.show(subject(event.id), VIEW, ctx.chat, thread=ctx.thread, lane=BROADCAST)
    return len(chosen)
