"""Who is told what, and where: each in the chat they used, in their language, once."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from handlers.core.context import NOBODY, Context, mention
from handlers.core.moments import spoken_time
from handlers.core.replies import message
from handlers.core.texts import N_, Texts
from handlers.core.topics import ANYWHERE, city_name, topic_name
from handlers.core.ui import Action, Button, Reply, Text
from storage import chats, people, posts
from storage.chats import Chat
from storage.mentoring import Inquiry
from storage.outbox import NOTICE
from storage.people import Person

CARD = "mentoring.card"
TAKEN = "mentoring.taken"

OUTCOMES = {
    "accepted": N_("_Accepted by {who}, {time} ({platform})_"),
    "declined": N_("_Declined by {who}, {time} ({platform})_"),
    "closed": N_("_Accepted by {who}, {time} ({platform}), closed by now_"),
    "withdrawn": N_("_Withdrawn_"),
}

Labelled = tuple[str, Action]


def subject(inquiry_id: int) -> str:
    """What the posts of a request are about."""
    return f"mentoring:{inquiry_id}"


def changed(ctx: Context, inquiry: Inquiry) -> None:
    """Have everything that shows the request say how it stands."""
    ctx.touch_post(subject(inquiry.id))
    ctx.touch_homes(inquiry.founder_id, managers=True)


def person(ctx: Context, person_id: int | None) -> Person:
    """The person, or a stand-in for somebody who asked to be forgotten."""
    known = people.get_person(ctx.tx, person_id) if person_id else None
    return known or structs.replace(NOBODY, name=ctx.t.label("somebody"))


def about(ctx: Context, t: Texts, inquiry: Inquiry) -> str:
    """Topic and city: ``Logistik-IT · Dortmund``."""
    topic = topic_name(ctx.hub, t, inquiry.topic)
    return topic if inquiry.city == ANYWHERE else f"{topic} · {city_name(ctx.hub, t, inquiry.city)}"


def outcome(ctx: Context, inquiry: Inquiry) -> Text:
    """How a request ended, who decided, when and where; empty while it is open."""
    if inquiry.state == "open":
        return ""
    return ctx.t(
        OUTCOMES[inquiry.state],
        who=(mention(person(ctx, inquiry.decided_by)),),
        time=spoken_time(inquiry.decided_at or inquiry.changed_at, ctx.now, ctx.zone, ctx.language),
        platform=inquiry.decided_on.title(),
    )


def show_below(
    ctx: Context, inquiry: Inquiry, view: str, chat: Chat, *, thread: str = "", lane: int = NOTICE
) -> None:
    """Show a request at the end of a chat, where it is seen; what stands further up there gives way to a line."""
    old = posts.get_post(ctx.tx, subject(inquiry.id), view, chat.id, thread)
    if old is None or not posts.mark_post_anew_if_settled(ctx.tx, old.id, ctx.now):
        ctx.show(subject(inquiry.id), view, chat, thread=thread, lane=lane)
        return
    t = ctx.t if chat.kind == "direct" else ctx.house.catalogues.texts(ctx.hub.language)
    moved = message(t, t("_This request stands further down now._"))
    key = f"mentoring-moved:{old.id}:{old.generation}"
    ctx.send(chat, key, moved, thread=thread, lane=lane, edits=old.ref)


def private_chat(ctx: Context) -> Chat | None:
    """Where the acting person reads what is for them alone; None if they must write to the bot first.

    It is on the platform they act on, where it can be: there they will look for it.
    """
    return ctx.chat if ctx.chat.kind == "direct" else ctx.open_direct_chat()


def tell_founder(
    ctx: Context,
    inquiry: Inquiry,
    what: str,
    text: Callable[[Texts], Text],
    *buttons: Labelled,
    lane: int = NOTICE,
) -> None:
    """Tell the founder something once for each ``what``: in the chat they asked from, else in any that is open."""
    ctx.notify(
        inquiry.founder_id,
        f"{subject(inquiry.id)}:{what}",
        lambda t: _built(t, text, buttons),
        lane=lane,
        near=chats.get_chat(ctx.tx, inquiry.chat_id) if inquiry.chat_id else None,
        language=inquiry.language,
    )


def tell_taker(
    ctx: Context,
    inquiry: Inquiry,
    what: str,
    text: Callable[[Texts], Text],
    *buttons: Labelled,
    lane: int = NOTICE,
) -> None:
    """Tell whoever looks after a request something, once for each ``what``."""
    if inquiry.decided_by:
        key = f"{subject(inquiry.id)}:{what}"
        kind = "mentoring" if lane == NOTICE else ""  # what a founder writes is no mere news
        ctx.notify(inquiry.decided_by, key, lambda t: _built(t, text, buttons), lane=lane, kind=kind)


def _built(t: Texts, text: Callable[[Texts], Text], buttons: tuple[Labelled, ...]) -> Reply:
    return message(t, text(t), *(Button(t.label(label), action) for label, action in buttons))
