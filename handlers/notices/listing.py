"""Finding notices again: the latest ones, their cards, and the line on the home page."""

from __future__ import annotations

from datetime import timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.moments import spoken_time
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command
from handlers.core.ui import Action, Block, Button, Controls, Nothing, Outcome, Reply, Section, Text, Toast, join
from handlers.notices.card import headline, is_long_over, stop_button
from handlers.notices.late import kept, late
from handlers.notices.progress import CONTROL_VIEW, control_subject, progress_of
from handlers.notices.writing import desk
from storage import notices, posts
from storage.notices import Notice
from storage.outbox import REPLY

QUOTED = 100
LATELY = timedelta(days=14)


def listed(ctx: Context, request: Command) -> Outcome:
    """The latest notices, each with the way to its card."""
    latest = notices.list_latest(ctx.tx)
    if not latest:
        nothing = ctx.t("There is no notice yet. **notice** writes one.")
        return structs.replace(say(ctx, nothing), audience="person")
    head = ctx.t("**The last notices**")
    blocks: list[Block] = [Section(head)]
    for notice in latest:
        blocks += [Section(_line(ctx, notice)), Controls(_buttons(ctx, notice))]
    return Reply(blocks=tuple(blocks), summary=summary_of(head), audience="person", language=ctx.language)


def home(ctx: Context) -> tuple[Block, ...]:
    """For managers the notice that is going out, or went out last."""
    notice = notices.get_latest_sent(ctx.tx, ctx.now - LATELY) if ctx.may("project") else None
    if notice is None:
        return ()
    return (Section(_line(ctx, notice, separator=" ")), Controls(_buttons(ctx, notice)))


def card_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Show a notice's card here; one that stands further up in this chat is told to have moved."""
    notice, there = kept(ctx, request), desk(ctx)
    if notice is None or notice.state == "discarded":
        return late(ctx, notice)
    if there and there.chat.kind == "group" and is_long_over(ctx, notice):
        direct = ctx.open_direct_chat()
        there = ctx.at(direct) if direct else None
    if there is None:
        return Toast(ctx.t.label("Write to me directly once, then I can answer you there."), start="hello")
    subject = control_subject(notice.id)
    old = posts.get_post(ctx.tx, subject, CONTROL_VIEW, there.chat.id, there.thread)
    if old and old.ref and posts.mark_post_anew_if_settled(ctx.tx, old.id, ctx.now):
        moved = say(ctx, ctx.t("_The card stands further down now._"))
        key = f"{request.delivery_key}:moved"
        ctx.send(there.chat, key, moved, thread=there.thread, lane=REPLY, edits=old.ref)
    else:
        there.show(subject, CONTROL_VIEW, there.chat, thread=there.thread, lane=REPLY)
    return Nothing() if there.chat.id == ctx.chat.id else Toast(ctx.t.label("I have written to you in private."))


def _line(ctx: Context, notice: Notice, separator: str = "\n") -> Text:
    """A notice and how it stands."""
    text = " ".join(notice.text.split())
    quote = ctx.t("“{text}”", text=text if len(text) <= QUOTED else text[: QUOTED - 1] + "…")
    if notice.sent_at is None:
        return join(quote, ctx.t("**Draft**, not sent."), separator=separator)
    time = spoken_time(notice.sent_at, ctx.now, ctx.zone, ctx.language)
    state = headline(ctx, notice, progress_of(ctx.tx, notice))
    return join(quote, join(state, ctx.t("_Sent {time}_", time=time), separator=" "), separator=separator)


def _buttons(ctx: Context, notice: Notice) -> tuple[Button, ...]:
    card = Button(ctx.t.label("Card"), Action.of("notices:card", notice.id))
    running = notice.state == "out" and progress_of(ctx.tx, notice).coming
    return (card, stop_button(ctx, notice)) if running else (card,)
