"""The managers' view of requests: cards that never hold the text, what a manager reads alone, lists, home page."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.moments import spoken_time
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command, TextMessage
from handlers.core.texts import N_
from handlers.core.ui import Action, Block, Button, Controls, Nothing, Outcome, Reply, Section, Span, Text, join
from handlers.mentoring.asking import own_lines
from handlers.mentoring.telling import CARD, about, outcome, person, subject
from storage import mentoring, places, posts, roles
from storage.mentoring import Inquiry, Message

LISTED = 5
NAMED_READERS = 3
SHOWN_MESSAGES, QUOTED_MESSAGE = 2, 500
"""Of what both wrote, so much stands with the request: whoever could not be written to finds it there."""

PRIVATE = "p"
"""Said by buttons under the text that one manager reads alone: the decision takes that message's place."""

_LANGUAGES = {"de": N_("German"), "en": N_("English")}


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The card of a request, as it stands: who asks and what for, but not the text."""
    inquiry = mentoring.get_inquiry(ctx.tx, int(subject_id))
    if inquiry is None:
        return None
    is_team = ctx.chat.kind == "direct" or places.is_place(ctx.tx, "managers", ctx.chat.id)
    if not (inquiry.state == "open" and is_team) and not _stands(ctx, inquiry):
        return None  # not again in a group that moved, nor where it would come too late
    if not is_team:
        return say(ctx, ctx.t("_A request for a mentor stood here; the team decides elsewhere now._"))
    summary = summary_of(_head(ctx, inquiry, new=inquiry.state == "open"))
    return Reply(blocks=_blocks(ctx, inquiry), summary=summary, language=ctx.language)


def _stands(ctx: Context, inquiry: Inquiry) -> bool:
    """Does the card stand here? A first try that may have arrived is carried through."""
    post = posts.get_post(ctx.tx, subject(inquiry.id), CARD, ctx.chat.id, ctx.thread)
    return post is not None and (bool(post.ref) or post.attempts > 1)


def taken(ctx: Context, subject_id: str) -> Reply | None:
    """What whoever accepted a request has in their direct chat; once it is theirs no more, without the text."""
    inquiry = mentoring.get_inquiry(ctx.tx, int(subject_id))
    if inquiry is None:
        return None
    mine = inquiry.decided_by == ctx.person.id and ctx.may("manager")
    if mine and inquiry.state == "accepted":
        messages = mentoring.list_messages(ctx.tx, inquiry.id, inquiry.round, SHOWN_MESSAGES)
        said = [_said(ctx, message) for message in messages]
        blocks: tuple[Block, ...] = (
            Section(join(_with_text(ctx, inquiry), *said, separator="\n")),
            Controls(_taker_buttons(ctx, inquiry)),
        )
    else:
        over = outcome(ctx, inquiry) if mine or inquiry.state == "withdrawn" else ctx.t("_No longer yours._")
        blocks = (Section(join(_head(ctx, inquiry), over, separator="\n")),)
    return Reply(blocks=blocks, summary=summary_of(_head(ctx, inquiry)), language=ctx.language)


def to_read(ctx: Context, inquiry: Inquiry) -> Reply:
    """The text of an open request, for one manager alone, with the decisions below it."""
    blocks = (Section(_with_text(ctx, inquiry)), Controls(_decisions(ctx, inquiry, PRIVATE)))
    summary = summary_of(_head(ctx, inquiry))
    return Reply(blocks=blocks, summary=summary, audience="person", language=ctx.language)


def listed(ctx: Context, request: Command | ButtonPress | TextMessage) -> Outcome:
    """What is open and what one looks after, for managers; one's own requests, for everybody."""
    blocks = [*_open(ctx), *_accepted(ctx), *own_lines(ctx)]
    if not blocks:
        find = Button(ctx.t.label("Find a mentor"), Action("mentoring:new"))
        return structs.replace(say(ctx, ctx.t("No request is under way."), find), audience="person")
    summary = ctx.t.label("Requests for a mentor")
    return Reply(blocks=tuple(blocks), summary=summary, audience="person", language=ctx.language)


def asked_for(ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Somebody asked in their own words how their request stands."""
    return listed(ctx, request) if request.addressed else Nothing()


def home(ctx: Context) -> tuple[Block, ...]:
    """Own requests; for managers also how many wait, since when, and how many are theirs."""
    blocks: list[Block] = []
    if ctx.may("manager"):
        lines = [line for line in (_waiting_line(ctx), _mine_line(ctx)) if line]
        if lines:
            see = Button(ctx.t.label("Requests"), Action("mentoring:list"))
            blocks += [Section(join(*lines, separator="\n")), Controls((see,))]
    return (*blocks, *own_lines(ctx))


def on_place(ctx: Context, purpose: str) -> Text | None:
    """A new chat of the team gets the cards of all that is open."""
    waiting = mentoring.list_open(ctx.tx) if purpose == "managers" else []
    for inquiry in waiting:
        ctx.show(subject(inquiry.id), CARD, ctx.chat, thread=ctx.thread)
    if not waiting:
        return None
    return ctx.t.plural("One request is waiting already.", "{n} requests are waiting already.", len(waiting))


def _taker_buttons(ctx: Context, inquiry: Inquiry) -> tuple[Button, ...]:
    """What whoever accepted a request can do with it; a lead can give back what is somebody else's."""
    back = Button(ctx.t.label("Hand back"), Action.of("mentoring:return", inquiry.id, inquiry.round))
    if inquiry.decided_by != ctx.person.id:
        return (back,)
    return (
        Button(ctx.t.label("Write a message"), Action.of("mentoring:write", inquiry.id), "primary"),
        Button(ctx.t.label("Close"), Action.of("mentoring:close", inquiry.id, inquiry.round)),
        back,
    )


def _said(ctx: Context, message: Message) -> Text:
    text = message.text if len(message.text) <= QUOTED_MESSAGE else message.text[: QUOTED_MESSAGE - 1] + "…"
    return join((mention(person(ctx, message.person_id)),), text, separator=": ")


def _with_text(ctx: Context, inquiry: Inquiry) -> Text:
    """Who asks what for, and the text to the letter."""
    return join(_head(ctx, inquiry), ctx.t("“{text}”", text=inquiry.text), separator="\n")


def _head(ctx: Context, inquiry: Inquiry, *, new: bool = False) -> Text:
    what = ctx.t("**New request**") if new else ctx.t("**Request**")
    language = ctx.t.label(_LANGUAGES.get(inquiry.language, "English"))
    founder = ctx.t("from {who}", who=(mention(person(ctx, inquiry.founder_id)),))
    line = join(what, about(ctx, ctx.t, inquiry), language, separator=" · ")
    return join(line, founder, separator="\n")


def _blocks(ctx: Context, inquiry: Inquiry) -> tuple[Block, ...]:
    head = _head(ctx, inquiry, new=inquiry.state == "open")
    lines = [head, _for_whom(ctx, inquiry), _readers(ctx, inquiry), outcome(ctx, inquiry)]
    text = Section(join(*lines, separator="\n"))
    return (text, Controls(_decisions(ctx, inquiry))) if inquiry.state == "open" else (text,)


def _decisions(ctx: Context, inquiry: Inquiry, where: str = "") -> tuple[Button, ...]:
    arguments = (inquiry.id, where) if where else (inquiry.id,)
    accept = Button(ctx.t.label("Accept"), Action.of("mentoring:accept", *arguments), "primary")
    decline = Button(ctx.t.label("Decline"), Action.of("mentoring:decline", *arguments))
    if where:
        return (accept, decline)
    return (Button(ctx.t.label("Read"), Action.of("mentoring:read", inquiry.id)), accept, decline)


def _for_whom(ctx: Context, inquiry: Inquiry) -> Text:
    """Who looks after such a topic or city; every manager may still decide."""
    found = roles.list_managers_for(ctx.tx, inquiry.topic, inquiry.city) if inquiry.state == "open" else []
    if not found:
        return ""
    who = join(*((mention(each),) for each in found[:NAMED_READERS]), separator=", ")
    return ctx.t("_For {who}_", who=who)


def _readers(ctx: Context, inquiry: Inquiry) -> Text:
    readers = mentoring.list_readers(ctx.tx, inquiry.id)
    if not readers or inquiry.state != "open" or ctx.nameless:
        return ""
    names: list[Text] = [(Span(reader.name or "?"),) for reader in readers[:NAMED_READERS]]
    if len(readers) > NAMED_READERS:
        names.append(f"+{len(readers) - NAMED_READERS}")
    return ctx.t("_Read by {who}_", who=join(*names, separator=", "))


def _open(ctx: Context) -> tuple[Block, ...]:
    if not ctx.may("manager"):
        return ()
    blocks: list[Block] = []
    if line := _waiting_line(ctx):
        blocks.append(Section(line))
    for inquiry in _for_reader_first(ctx)[:LISTED]:
        blocks += _blocks(ctx, inquiry)
    return tuple(blocks)


def _for_reader_first(ctx: Context) -> list[Inquiry]:
    """What is open: first what the reader looks after, then the oldest."""
    mine = {(scope.kind, scope.key) for scope in roles.list_scopes(ctx.tx, ctx.person.id)}

    def is_for_others(inquiry: Inquiry) -> bool:
        return mine.isdisjoint({("topic", inquiry.topic), ("city", inquiry.city)})

    return sorted(mentoring.list_open(ctx.tx), key=is_for_others)


def _accepted(ctx: Context) -> tuple[Block, ...]:
    """What one looks after; for a lead then what others do, so that it can be given back when they are gone."""
    if not ctx.may("manager"):
        return ()
    if ctx.may("lead"):
        found = mentoring.list_accepted(ctx.tx, ctx.person.id, LISTED)
    else:
        found = mentoring.list_accepted_by(ctx.tx, ctx.person.id, LISTED)
    blocks: list[Block] = []
    for inquiry in found:
        blocks.append(Section(join(_head(ctx, inquiry), outcome(ctx, inquiry), separator="\n")))
        blocks.append(Controls(_taker_buttons(ctx, inquiry)))
    return tuple(blocks)


def _waiting_line(ctx: Context) -> Text:
    waiting = mentoring.get_waiting(ctx.tx)
    if waiting.oldest is None:
        return ""
    since = spoken_time(waiting.oldest, ctx.now, ctx.zone, ctx.language)
    return ctx.t.plural(
        "**One request** is waiting, since {time}.",
        "**{n} requests** are waiting, the oldest since {time}.",
        waiting.count,
        time=since,
    )


def _mine_line(ctx: Context) -> Text:
    count = mentoring.get_accepted_count(ctx.tx, ctx.person.id)
    return ctx.t.plural("You look after **one**.", "You look after **{n}**.", count) if count else ""
