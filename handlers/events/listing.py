"""What is coming up: the list that anybody can ask for, and the home page."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from handlers.core.context import Context
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command, TextMessage
from handlers.core.texts import N_
from handlers.core.ui import Action, Block, Button, Controls, Option, Outcome, PickList, Reply, Section, Text, join
from handlers.dates.reading import find_day
from handlers.dates.saying import spoken_day_near
from handlers.events.cards import answer_buttons, day_of, line
from handlers.retrieval.fold import fold, words
from storage import events
from storage.events import Event

LISTED = 5
ON_HOME = 3
LOOKED_AT = 100
"""How many events are looked through for what a question asks for."""

_TELLING_LENGTH = 4
_NOT_TELLING = frozenset(words("event events termin termine veranstaltung wann nächste next when what week woche"))


class _Asked(NamedTuple):
    """The days that a question is about, as they are said, and both ends."""

    said: str
    first: date
    last: date


def listed(ctx: Context, request: Command | ButtonPress) -> Outcome:
    """The next events."""
    return _list(ctx, ctx.t("**Coming up:**"), events.list_upcoming(ctx.tx, ctx.now, LISTED))


def asked(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Somebody asks in their own words."""
    return wished(ctx, request)


def wished(ctx: Context, request: TextMessage) -> Outcome:
    """The events that a question is about: of a day or week, of a name, or simply the next."""
    upcoming = events.list_upcoming(ctx.tx, ctx.now, LOOKED_AT)
    days = _days_of(ctx, request.text)
    if days and upcoming:
        fitting = [event for event in upcoming if days.first <= _day(ctx, event) <= days.last]
        if fitting:
            return _list(ctx, ctx.t("**Planned for {days}:**", days=days.said), fitting[:LISTED])
        return _list(ctx, ctx.t("Nothing is planned for {days}. Next up:", days=days.said), upcoming[:LISTED])
    return _list(ctx, ctx.t("**Coming up:**"), _named(request.text, upcoming)[:LISTED])


def home(ctx: Context) -> tuple[Block, ...]:
    """Events that the person comes to, and the next ones; managers plan new ones."""
    mine = events.list_upcoming_of(ctx.tx, ctx.person.id, ctx.now, ON_HOME)
    others = [event for event in events.list_upcoming(ctx.tx, ctx.now, ON_HOME) if event not in mine]
    blocks: list[Block] = []
    if mine:
        blocks.append(
            Section(join(ctx.t("**Events with you:**"), *(line(ctx, each) for each in mine), separator="\n"))
        )
    if others:
        lines = (line(ctx, each) for each in others)
        blocks.append(Section(join(ctx.t("**Coming up:**"), *lines, separator="\n")))
    buttons = [Button(ctx.t.label("Events"), Action("events:list"))] if mine or others else []
    if ctx.may("project"):
        buttons.append(_new(ctx))
    return (*blocks, Controls(tuple(buttons))) if buttons else tuple(blocks)


def _list(ctx: Context, head: Text, found: list[Event]) -> Reply:
    plans = _plans(ctx) if ctx.may("project") and ctx.chat.kind == "direct" else ()
    if not found:
        nothing = say(ctx, ctx.t("Nothing is planned right now. As soon as something is, you find it here."))
        return Reply(blocks=(*nothing.blocks, *plans), summary=nothing.summary, language=ctx.language)
    blocks: list[Block] = [Section(head), *(Section(line(ctx, event)) for event in found)]
    if len(found) == 1:
        event = found[0]
        more = Button(ctx.t.label("Details"), Action.of("events:details", event.id))
        blocks.append(Controls((*answer_buttons(ctx, event), more)))
    else:
        options = tuple(Option(_option(ctx, event), str(event.id)) for event in found)
        blocks.append(Controls((PickList(ctx.t.label("Details, and say yes"), Action("events:open"), options),)))
    return Reply(
        blocks=(*blocks, *plans), summary=summary_of(join(head, line(ctx, found[0]))), language=ctx.language
    )


def _plans(ctx: Context) -> tuple[Block, ...]:
    """For managers: what is not published yet, and something new."""
    drafts, new = events.list_drafts(ctx.tx, LISTED), Controls((_new(ctx),))
    if not drafts:
        return (new,)
    lines = join(ctx.t("**Drafts:**"), *(line(ctx, event) for event in drafts), separator="\n")
    options = tuple(Option(_option(ctx, event), str(event.id)) for event in drafts)
    return Section(lines), Controls((PickList(ctx.t.label("See a draft"), Action("events:draft"), options),)), new


def _new(ctx: Context) -> Button:
    return Button(ctx.t.label("New event"), Action("events:new"))


def _option(ctx: Context, event: Event) -> str:
    return f"{event.title} · {day_of(event, ctx, ctx.t)}"


def _day(ctx: Context, event: Event) -> date:
    return event.starts_at.astimezone(ctx.zone).date()


def _named(text: str, upcoming: list[Event]) -> list[Event]:
    """Of the events those whose title a question names; all of them if it names none."""
    telling = {word for word in words(text) if len(word) >= _TELLING_LENGTH} - _NOT_TELLING
    named = [event for event in upcoming if telling & set(words(event.title))]
    return named or upcoming


def _days_of(ctx: Context, text: str) -> _Asked | None:
    """The days that a question names: a day, this or next week, the weekend, this month."""
    today = ctx.now.astimezone(ctx.zone).date()
    monday = today - timedelta(days=today.weekday())
    folded = fold(text)
    month_end = today.replace(day=monthrange(today.year, today.month)[1])
    spans = (
        (r"\b(?:diese\w*|this) (?:woche|week)\b", N_("this week"), today, monday + timedelta(6)),
        (
            r"\b(?:nachste\w*|next) (?:woche|week)\b",
            N_("next week"),
            monday + timedelta(7),
            monday + timedelta(13),
        ),
        (
            r"\b(?:wochenende|weekend)\b",
            N_("the weekend"),
            max(today, monday + timedelta(5)),
            monday + timedelta(6),
        ),
        (r"\b(?:diese\w*|this) (?:monat|month)\b", N_("this month"), today, month_end),
    )
    if (said := find_day(text, today)) and said.day:
        return _Asked(spoken_day_near(said.day, today, ctx.language), said.day, said.day)
    for pattern, name, first, last in spans:
        if re.search(pattern, folded):
            return _Asked(ctx.t.label(name), first, last)
    return None
