"""A manager's way to an event: form, preview, the choice of chats, publishing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, say, summary_of
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Picked
from handlers.core.texts import Texts
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    FormErrors,
    OpenForm,
    Option,
    Outcome,
    PickList,
    Reply,
    Section,
    Text,
    Toast,
    join,
)
from handlers.events import changing
from handlers.events.cards import VIEW, body, manager_buttons, subject
from handlers.events.form import event_form, read_form
from storage import chats, events, places, posts
from storage.chats import Chat
from storage.events import Event
from storage.outbox import BROADCAST
from storage.places import PlaceRow

CHATS_NAMED = 5
CHATS_OFFERED = 8
"""Chats to choose from on one page of the preview."""

REACHED_AFTER = timedelta(minutes=2)
"""When the one who published hears where an event can't be posted; while posting goes on, again so much later."""


def wanted(ctx: Context, request: Command | ButtonPress) -> Outcome:
    """A manager plans something."""
    return OpenForm(event_form(ctx))


def filled(ctx: Context, request: FormSubmitted) -> Outcome:
    """The form came back, for something new or as a change."""
    if "event" in request.context:
        return changing.changed(ctx, request, preview)
    details = read_form(ctx, request)
    if isinstance(details, FormErrors):
        return details
    return preview(ctx, events.add_draft(ctx.tx, details, ctx.person.id, ctx.now))


def preview(ctx: Context, event: Event, page: int = 0) -> Reply:
    """A draft as people will see it, and where it will go."""
    to, left_out = _subscribed(ctx), events.list_left_out(ctx.tx, event.id)
    goes_to = [chat for _, chat in _goes_to(ctx, event.id)]
    lead = ctx.t("_This is how people will see it:_")
    blocks: list[Block] = [Section(lead), Section(_as_posted(ctx, event)), Section(_where(ctx, to, goes_to))]
    if to:
        page = page % (-(-len(to) // CHATS_OFFERED))
        options = tuple(
            Option(
                f"{'–' if (place.chat_id, place.thread) in left_out else '✓'} {_name(chat, place)}", _value(place)
            )
            for place, chat in to[page * CHATS_OFFERED : (page + 1) * CHATS_OFFERED]
        )
        pick = PickList(
            ctx.t.label("Leave a chat out, or take it in"), Action.of("events:place", event.id), options
        )
        blocks.append(Controls((pick,)))
    if len(to) > CHATS_OFFERED:
        more = Button(ctx.t.label("More chats"), Action.of("events:page", event.id, page + 1))
        blocks.append(Controls((more,)))
    publish = Action.of("events:publish", event.id, event.revision, len(goes_to))
    blocks.append(
        Controls(
            (
                Button(ctx.t.label("Publish"), publish, "primary"),
                Button(ctx.t.label("Change"), Action.of("events:edit", event.id)),
                Button(ctx.t.label("Discard"), Action.of("events:discard", event.id)),
            )
        )
    )
    return Reply(blocks=tuple(blocks), summary=summary_of(event.title), audience="person", language=ctx.language)


def opened(ctx: Context, request: Picked) -> Outcome:
    """A draft is to be seen again."""
    event = events.get_event(ctx.tx, int(request.value))
    return preview(ctx, event) if event and event.state == "draft" else late(ctx, event)


def turned(ctx: Context, request: ButtonPress) -> Outcome:
    """Further chats to choose from."""
    event_id, page = map(int, request.action.args)
    event = events.get_event(ctx.tx, event_id)
    if event is None or event.state != "draft":
        return late(ctx, event)
    return structs.replace(preview(ctx, event, page), placement="replace")


def place_picked(ctx: Context, request: Picked) -> Outcome:
    """Leave a chat out, or take it in again."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or event.state != "draft":
        return late(ctx, event)
    subscribed = places.list_places(ctx.tx, "events")
    at, place = next(((n, each) for n, each in enumerate(subscribed) if _value(each) == request.value), (0, None))
    if place:
        if not events.remove_left_out(ctx.tx, event.id, place):
            events.add_left_out(ctx.tx, event.id, place)
        event = events.mark_draft_changed(ctx.tx, event.id, ctx.now) or event
    return structs.replace(preview(ctx, event, at // CHATS_OFFERED), placement="replace")


def published(ctx: Context, request: ButtonPress) -> Outcome:
    """Let everybody see it: once, and only what was shown."""
    event_id, revision, chats_shown = map(int, request.action.args)
    to = _goes_to(ctx, event_id)
    same_chats = len(to) == chats_shown
    event = events.mark_published_if_draft(ctx.tx, event_id, revision, ctx.now) if same_chats else None
    if event is None:
        return _not_published(ctx, events.get_event(ctx.tx, event_id), revision, same_chats)
    for place, chat in to:
        ctx.show(subject(event.id), VIEW, chat, thread=place.thread, lane=BROADCAST)
    goes_to = [chat for _, chat in to]
    ctx.schedule("events.started", str(event.id), event.starts_at)
    ctx.schedule("events.reached", f"{event.id}:{ctx.person.id}", ctx.now + REACHED_AFTER)
    ctx.touch_homes(ctx.person.id, managers=True)
    told = ctx.t("**Published**: {chats}.", chats=_counted(ctx, goes_to))
    if not goes_to:
        told = ctx.t("**Published.** No chat gets it; people see it when they ask for **events**.")
    blocks = (Section(_as_posted(ctx, event)), Section(told), Controls(manager_buttons(ctx, event)))
    return Reply(blocks=blocks, summary=summary_of(told), placement="replace", language=ctx.language)


def _not_published(ctx: Context, event: Event | None, shown: int, same_chats: bool) -> Outcome:
    if event is None or event.state != "draft":
        return late(ctx, event)
    if event.revision != shown:
        why = ctx.t("It was changed meanwhile; now it is like this. Look once more, then publish it.")
    elif not same_chats:
        why = ctx.t("Other chats want events by now. Look once more, then publish it.")
    else:
        return Toast(ctx.t.label("It would be over already. Change the day first."), alert=True)
    now = preview(ctx, event)
    return structs.replace(now, blocks=(*say(ctx, why).blocks, *now.blocks), placement="replace")


def discarded(ctx: Context, request: ButtonPress) -> Outcome:
    """Forget a draft."""
    event = events.get_event(ctx.tx, int(request.action.args[0]))
    if event is None or not events.remove_draft(ctx.tx, event.id):
        return late(ctx, event)
    told = ctx.t("**{title}** is discarded; nobody saw it.", title=event.title)
    return structs.replace(say(ctx, told), placement="replace")


def reached(ctx: Context, timer_subject: str) -> None:
    """Tell the one who published where an event could not be posted, once it stands everywhere else."""
    event_id, person_id = map(int, timer_subject.split(":"))
    event = events.get_event(ctx.tx, event_id)
    if event is None:
        return
    shown = [post for post in posts.list_posts(ctx.tx, subject(event.id), VIEW) if post.state != "gone"]
    missing = [post for post in shown if not post.ref]
    failed = [post for post in missing if post.state == "failed"]
    if len(failed) < len(missing):
        ctx.schedule("events.reached", timer_subject, ctx.now + REACHED_AFTER)
        return
    where = [chat for post in failed if (chat := chats.get_chat(ctx.tx, post.chat_id))]
    if where:
        ctx.notify(person_id, f"event:{event.id}:unreached", lambda t: _unreached(t, event, where, len(shown)))


def _unreached(t: Texts, event: Event, where: list[Chat], of: int) -> Reply:
    names = ", ".join(chat.title or chat.platform.title() for chat in where[:CHATS_NAMED])
    more = len(where) - CHATS_NAMED
    return message(
        t,
        t(
            "**{title}** stands in {n} of {of} chats. I may not write in {names}.",
            title=event.title,
            n=of - len(where),
            of=of,
            names=t("{names} and {n} more", names=names, n=more) if more > 0 else names,
        ),
    )


def late(ctx: Context, event: Event | None) -> Toast:
    """Say what became of a draft meanwhile."""
    if event and event.state == "published":
        return Toast(ctx.t.label("This event is published already."))
    return Toast(changing.over(ctx, event))


def _as_posted(ctx: Context, event: Event) -> Text:
    """The event in the language of its posts."""
    return body(ctx, ctx.house.catalogues.texts(ctx.hub.language), event)


def _where(ctx: Context, to: list[tuple[PlaceRow, Chat]], goes_to: list[Chat]) -> Text:
    if not to:
        return ctx.t(
            "No chat has subscribed to events yet: a lead writes **here events** where they belong."
            " You can publish all the same; people see it when they ask for **events**."
        )
    if not goes_to:
        return ctx.t("It goes to no chat; people see it when they ask for **events**.")
    names = ", ".join(chat.title or chat.platform.title() for chat in goes_to[:CHATS_NAMED])
    if (more := len(goes_to) - CHATS_NAMED) > 0:
        names = ctx.t.label("{names} and {n} more", names=names, n=more)
    return ctx.t("It goes to **{chats}**: {names}.", chats=_counted(ctx, goes_to), names=names)


def _counted(ctx: Context, goes_to: list[Chat]) -> Text:
    """``3 Slack-Kanäle, 20 Telegram-Gruppen``."""
    numbers = Counter(chat.platform for chat in goes_to)
    return join(*(_number_of(ctx, platform, numbers[platform]) for platform in sorted(numbers)), separator=", ")


def _number_of(ctx: Context, platform: str, number: int) -> Text:
    match platform:
        case "slack":
            return ctx.t.plural("one Slack channel", "{n} Slack channels", number)
        case "telegram":
            return ctx.t.plural("one Telegram group", "{n} Telegram groups", number)
    return ctx.t.plural("one chat", "{n} chats", number)


def _subscribed(ctx: Context) -> list[tuple[PlaceRow, Chat]]:
    found = places.list_places(ctx.tx, "events")
    return [(place, chat) for place in found if (chat := chats.get_chat(ctx.tx, place.chat_id))]


def _goes_to(ctx: Context, event_id: int) -> list[tuple[PlaceRow, Chat]]:
    """The subscribed chats that a draft is not left out of."""
    left_out = events.list_left_out(ctx.tx, event_id)
    return [(place, chat) for place, chat in _subscribed(ctx) if (place.chat_id, place.thread) not in left_out]


def _name(chat: Chat, place: PlaceRow) -> str:
    name = " ".join(chat.title.split()) or chat.platform.title()
    return f"{name} #{place.thread}" if place.thread else name


def _value(place: PlaceRow) -> str:
    return f"{place.chat_id}.{place.thread}"
