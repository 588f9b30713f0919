"""An event as people see it: the post in a chat, the line in a list, the whole for one person."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.core.calendar_file import calendar_file
from handlers.core.context import Context, mention
from handlers.core.hub import Hub
from handlers.core.replies import summary_of
from handlers.core.texts import Texts
from handlers.core.ui import (
    Action,
    Attachment,
    Block,
    Button,
    Controls,
    Reply,
    Section,
    Span,
    Text,
    join,
    plain,
    spans,
)
from handlers.dates.saying import spoken_day
from storage import consents, events, people, places, posts, settings
from storage.events import Event

VIEW = "events.card"
TEXT_ON_CARD = 280
"""Characters of an event's text on its post: more does not fit a phone screen."""

NAMES_SHOWN = 60
_SEPARATOR = " · "


def subject(event_id: int) -> str:
    """What an event's posts show."""
    return f"event:{event_id}"


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The post of an event, in a chat where it stands or is to stand."""
    event = events.get_event(ctx.tx, int(subject_id))
    if event is None or event.state == "draft" or not _belongs(ctx, event):
        return None
    text = body(ctx, ctx.t, event)
    blocks: list[Block] = [Section(text)]
    if is_on(ctx, event):
        buttons = answer_buttons(ctx, event)
        if len(event.text) > TEXT_ON_CARD:
            buttons += (Button(ctx.t.label("Details"), Action.of("events:details", event.id)),)
        blocks.append(Controls(buttons))
    return Reply(blocks=tuple(blocks), summary=_summary(ctx, event), language=ctx.language)


def _belongs(ctx: Context, event: Event) -> bool:
    """Does the post stand here, or is it still to come?

    What is over or off is not posted any more: not late, nor again in a group that moved or whose admin took it
    away.
    """
    post = posts.get_post(ctx.tx, subject(event.id), VIEW, ctx.chat.id, ctx.thread)
    if post is None or post.ref:
        return post is not None
    return is_on(ctx, event) and places.is_place(ctx.tx, "events", ctx.chat.id, ctx.thread)


def is_on(ctx: Context, event: Event) -> bool:
    """Can people still say whether they come?"""
    return event.state == "published" and event.starts_at > ctx.now


def body(ctx: Context, t: Texts, event: Event, *, whole: bool = False) -> Text:
    """Title, facts and text of an event, with how many come."""
    title: Text = (Span(event.title, bold=True),)
    facts = _facts(event, ctx.now, ctx.zone, t)
    if event.state == "cancelled":
        off = t("**cancelled**")
        return join(join(title, off, separator=" – "), struck(_plain_facts(event, ctx, t)), separator="\n")
    if event.starts_at <= ctx.now:
        facts = (t("was on {when}", when=_plain_facts(event, ctx, t)),)
    else:
        facts = (*facts, *_count(ctx, t, event))
    text = event.text if whole else _cut(event.text)
    return join(title, join(*facts, separator=_SEPARATOR), text, separator="\n")


def line(ctx: Context, event: Event) -> Text:
    """An event in one line; in a direct chat also whether its person comes."""
    facts: list[Text] = [_plain_facts(event, ctx, ctx.t)]
    if ctx.chat.kind == "direct" and events.is_going(ctx.tx, event.id, ctx.person.id):
        facts.append(ctx.t("_you are in_"))
    return join((Span(event.title, bold=True),), join(*facts, separator=_SEPARATOR), separator=" – ")


def whole(ctx: Context, event: Event, *, with_calendar: bool = True) -> Reply:
    """Everything about an event, for the acting person alone; managers see who comes."""
    blocks: list[Block] = [Section(body(ctx, ctx.t, event, whole=True))]
    author = people.get_person(ctx.tx, event.created_by) if event.created_by else None
    if author:
        blocks.append(Section(ctx.t("_From {who}_", who=(mention(author),))))
    on = is_on(ctx, event)
    if on and events.is_going(ctx.tx, event.id, ctx.person.id):
        not_after_all = Button(ctx.t.label("I can't after all"), Action.of("events:not", event.id))
        blocks += [Section(ctx.t("**You are in.**")), Controls((not_after_all,))]
    elif on:
        blocks.append(Controls(answer_buttons(ctx, event)))
    if ctx.may("project"):
        blocks.append(Section(_names(ctx, event)))
        blocks += [Controls(manager_buttons(ctx, event))] if on else []
    return Reply(
        blocks=tuple(blocks),
        summary=_summary(ctx, event),
        attachments=(calendar_entry(ctx.hub, event),) if on and with_calendar else (),
        audience="person",
        language=ctx.language,
    )


def answer_buttons(ctx: Context, event: Event) -> tuple[Button, ...]:
    """The two answers."""
    return (
        Button(ctx.t.label("I'm in"), Action.of("events:going", event.id), "primary"),
        Button(ctx.t.label("I can't"), Action.of("events:not", event.id)),
    )


def manager_buttons(ctx: Context, event: Event) -> tuple[Button, ...]:
    """What managers do with a published event."""
    return (
        Button(ctx.t.label("Change"), Action.of("events:edit", event.id)),
        Button(ctx.t.label("Call off"), Action.of("events:cancel", event.id), "danger"),
    )


def day_of(event: Event, ctx: Context, t: Texts) -> str:
    """The day of an event, as it is said."""
    return _day(event.starts_at, ctx.now, ctx.zone, t)


def moved_facts(event: Event, ctx: Context, t: Texts) -> Text:
    """Day, time and place, with what they were before the last change."""
    return join(*_facts(event, ctx.now, ctx.zone, t), separator=_SEPARATOR)


def struck(text: Text) -> Text:
    """The text, crossed out."""
    return (Span(plain(text), strike=True),)


def _plain_facts(event: Event, ctx: Context, t: Texts) -> Text:
    day, hours = _day(event.starts_at, ctx.now, ctx.zone, t), _hours(event.starts_at, event.ends_at, ctx.zone)
    return _SEPARATOR.join((f"{day}, {hours}", event.place))


def _facts(event: Event, now: datetime, zone: ZoneInfo, t: Texts) -> tuple[Text, ...]:
    """Day and time, and the place; what was otherwise before the last change stands struck beside it."""
    day, hours = _day(event.starts_at, now, zone, t), _hours(event.starts_at, event.ends_at, zone)
    if event.was_starts_at is None or event.was_place is None:
        return f"{day}, {hours}", event.place
    old_day = _day(event.was_starts_at, now, zone, t)
    old_hours = _hours(event.was_starts_at, event.was_ends_at, zone)
    return (
        join(_marked(old_day, day), _marked(old_hours, hours), separator=", "),
        _marked(event.was_place, event.place),
    )


def _marked(old: str, new: str) -> Text:
    return new if old == new else (*spans(struck(old)), Span(" "), Span(new, bold=True))


def _day(moment: datetime, now: datetime, zone: ZoneInfo, t: Texts) -> str:
    return spoken_day(moment.astimezone(zone).date(), now.astimezone(zone).date(), t.language)


def _hours(starts_at: datetime, ends_at: datetime | None, zone: ZoneInfo) -> str:
    begin = f"{starts_at.astimezone(zone):%H:%M}"
    return f"{begin}–{ends_at.astimezone(zone):%H:%M}" if ends_at else begin


def _count(ctx: Context, t: Texts, event: Event) -> tuple[Text, ...]:
    """How many come, and how many more may: ``34 dabei, 16 Plätze frei``."""
    going = events.get_going_count(ctx.tx, event.id)
    count = t("{n} going", n=going) if going else t("nobody yet")
    if event.seats is None:
        return (count,)
    free = event.seats - going
    left = t.plural("one seat left", "{n} seats left", free) if free else t("no seat left")
    return (join(count, left, separator=", "),)


def _names(ctx: Context, event: Event) -> Text:
    going = events.list_going(ctx.tx, event.id)
    if not going:
        return ctx.t("Nobody has said yes yet.")
    listed = [
        person
        for person in going
        if settings.get_settings(ctx.tx, person.id).listed and not consents.objects(ctx.tx, person.id)
    ]
    names = ", ".join(_one_line(person.name) or "?" for person in listed[:NAMES_SHOWN])
    more = len(going) - len(listed[:NAMES_SHOWN])
    if more > 0:
        return ctx.t("**Going ({n})**: {names} and {more} more", n=len(going), names=names, more=more)
    return ctx.t("**Going ({n})**: {names}", n=len(going), names=names)


def _summary(ctx: Context, event: Event) -> str:
    return summary_of(join(event.title, _plain_facts(event, ctx, ctx.t), separator=" – "))


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_ON_CARD else text[: TEXT_ON_CARD - 1].rstrip() + "…"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:40]


def calendar_entry(hub: Hub, event: Event) -> Attachment:
    """An event for people's calendars."""
    return calendar_file(
        hub,
        f"event-{event.id}",
        event.title,
        event.place,
        event.starts_at,
        event.ends_at,
        event.changed_at,
        filename=f"event-{event.id}.ics",
        text=event.text,
        revision=event.revision,
    )
