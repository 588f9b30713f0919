"""The stop switch, and how the bot is doing."""

from __future__ import annotations

from datetime import datetime

from handlers.core.context import Context
from handlers.core.replies import message, say
from handlers.core.requests import Command
from handlers.core.texts import N_
from handlers.core.ui import Fields, Outcome, Reply, Section, Text
from handlers.dates.saying import spoken_day_near
from handlers.operation import troubles
from storage import audit, backlog, chats, outbox, places, questions, switches, timers
from storage.places import PURPOSES, Purpose

_LANES = {
    outbox.REPLY: N_("Replies waiting"),
    outbox.NOTICE: N_("Notices waiting"),
    outbox.BROADCAST: N_("Announcements waiting"),
}
_PLACES: dict[Purpose, str] = {
    "managers": N_("Chats for the team"),
    "events": N_("Chats for events"),
    "help": N_("Chats for questions"),
}


def pause(ctx: Context, request: Command) -> Outcome:
    """Hold back what was not asked for."""
    if switches.get_switch(ctx.tx, switches.PAUSED):
        return say(ctx, ctx.t("I am paused already. **resume** goes on."))
    switches.mark_switch(ctx.tx, switches.PAUSED, "on")
    audit.add_entry(ctx.tx, ctx.person.id, "pause", ctx.now)
    _tell_others(ctx, request, N_("{lead} paused me: notices and announcements wait."))
    return say(
        ctx,
        ctx.t("**Paused.** Notices and announcements wait; who asks me still gets an answer. **resume** goes on."),
    )


def resume(ctx: Context, request: Command) -> Outcome:
    """Let everything leave again."""
    if not switches.get_switch(ctx.tx, switches.PAUSED):
        return say(ctx, ctx.t("I am not paused."))
    switches.mark_switch(ctx.tx, switches.PAUSED, "")
    audit.add_entry(ctx.tx, ctx.person.id, "resume", ctx.now)
    _tell_others(ctx, request, N_("{lead} ended the pause: everything leaves again."))
    return say(ctx, ctx.t("**On again.** What waited leaves now."))


def status(ctx: Context, request: Command) -> Outcome:
    """Say how things stand."""
    paused = bool(switches.get_switch(ctx.tx, switches.PAUSED))
    waiting = {lane: count for lane, count, _ in backlog.list_depths(ctx.tx)}
    items: list[tuple[str, Text]] = [
        (ctx.t.label("Outgoing"), ctx.t.label("paused") if paused else ctx.t.label("running")),
        (ctx.t.label("Open questions"), str(questions.get_open_count(ctx.tx))),
        *((ctx.t.label(label), str(waiting.get(lane, 0))) for lane, label in _LANES.items()),
        (ctx.t.label("Undeliverable"), str(backlog.count_failed(ctx.tx))),
        (ctx.t.label("Set aside"), str(timers.count_parked(ctx.tx))),
        (ctx.t.label("Last backup"), _last_backup(ctx)),
        *((ctx.t.label(_PLACES[purpose]), _where(ctx, purpose)) for purpose in PURPOSES),
    ]
    amiss = tuple(Section(sentence) for sentence in troubles.listed(ctx))
    summary = ctx.t.label("How things stand")
    return Reply(blocks=(*amiss, Fields(tuple(items))), summary=summary, language=ctx.language)


def _tell_others(ctx: Context, request: Command, sentence: str) -> None:
    name = (ctx.name,)
    ctx.tell_leads(request.delivery_key, lambda t: message(t, t(sentence, lead=name)), but=ctx.person.id)


def _last_backup(ctx: Context) -> str:
    made_at = switches.get_switch(ctx.tx, switches.BACKUP_AT)
    if not made_at:
        return ctx.t.label("none yet")
    moment = datetime.fromisoformat(made_at).astimezone(ctx.zone)
    return f"{spoken_day_near(moment.date(), ctx.now.astimezone(ctx.zone).date(), ctx.language)}, {moment:%H:%M}"


def _where(ctx: Context, purpose: Purpose) -> str:
    titles = [
        chat.title or chat.platform.title()
        for place in places.list_places(ctx.tx, purpose)
        if (chat := chats.get_chat(ctx.tx, place.chat_id))
    ]
    return ", ".join(titles) or ctx.t.label("none yet")
