"""What managers do with a request: read it, accept it, decline it, give it back. The first decision wins."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.moments import spoken_time
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Command, FormSubmitted
from handlers.core.texts import N_
from handlers.core.ui import Action, Form, Nothing, OpenForm, Outcome, TextField, Toast
from handlers.mentoring.asking import taken_back
from handlers.mentoring.cards import PRIVATE, to_read
from handlers.mentoring.telling import (
    CARD,
    TAKEN,
    about,
    changed,
    person,
    private_chat,
    show_below,
    subject,
    tell_founder,
    tell_taker,
)
from storage import chats, mentoring, people, places
from storage.mentoring import Inquiry
from storage.outbox import REPLY

REASON_LENGTH = 500
ALL = -1
"""No limit (SQLite)."""
_NUMBER = re.compile(r"[0-9]{1,18}")
_DECIDED_TODAY = {
    "accepted": N_("{who} accepted this request at {time}."),
    "closed": N_("{who} accepted this request at {time}."),
    "declined": N_("{who} declined this request at {time}."),
}
_DECIDED_BEFORE = {
    "accepted": N_("{who} accepted this request on {time}."),
    "closed": N_("{who} accepted this request on {time}."),
    "declined": N_("{who} declined this request on {time}."),
}


def read(ctx: Context, request: ButtonPress) -> Outcome:
    """One manager reads the text, alone; that they did is noted, and the request stays open to all."""
    return _read(ctx, int(request.action.args[0]))


def started(ctx: Context, request: Command) -> Outcome:
    """A manager opened the direct chat from a card: there is the text, or what they accepted."""
    inquiry = mentoring.get_inquiry(ctx.tx, int(request.text)) if _NUMBER.fullmatch(request.text) else None
    if inquiry and inquiry.state == "accepted" and inquiry.decided_by == ctx.person.id:
        show_below(ctx, inquiry, TAKEN, ctx.chat, lane=REPLY)
        return Nothing()
    return _read(ctx, inquiry.id if inquiry else 0)


def _read(ctx: Context, inquiry_id: int) -> Outcome:
    inquiry = mentoring.get_inquiry(ctx.tx, inquiry_id)
    if inquiry is None or inquiry.state != "open":
        return late(ctx, inquiry)
    if refused := _own(ctx, inquiry) or _unreachable(ctx, inquiry):
        return refused
    if mentoring.add_read(ctx.tx, inquiry.id, ctx.person.id, ctx.now):
        ctx.touch_post(subject(inquiry.id))
    return to_read(ctx, inquiry)


def accepted(ctx: Context, request: ButtonPress) -> Outcome:
    """The first to press has it: text and next steps come to their direct chat, the founder hears at once."""
    inquiry = mentoring.get_inquiry(ctx.tx, int(request.action.args[0]))
    if inquiry and (refused := _own(ctx, inquiry)):
        return refused
    mine = inquiry and mentoring.mark_accepted_if_open(
        ctx.tx, inquiry.id, ctx.person.id, ctx.chat.platform, ctx.now
    )
    if not mine:
        return late(ctx, inquiry)
    changed(ctx, mine)
    tell_founder(
        ctx,
        mine,
        decision(mine),
        lambda t: t(
            "{who} (community manager) makes time for you. ({about})", who=(ctx.name,), about=about(ctx, t, mine)
        ),
        (N_("Write a message"), Action.of("mentoring:write", mine.id)),
        (N_("View"), Action.of("mentoring:view", mine.id)),
        lane=REPLY,
    )
    chat = private_chat(ctx)
    if chat is None:
        return Toast(ctx.t.label("It is yours. Open our direct chat: there you can read it."), start=_start(mine))
    show_below(ctx, mine, TAKEN, chat, lane=REPLY)
    if PRIVATE in request.action.args[1:]:
        return structs.replace(
            say(ctx, ctx.t("_It is yours; {who} knows._", who=_founder(ctx, mine))), placement="replace"
        )
    return Toast(ctx.t.label("It is yours. All else is in our direct chat."))


def decline_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Declining needs a reason; it counts once that was sent."""
    inquiry = mentoring.get_inquiry(ctx.tx, int(request.action.args[0]))
    if inquiry is None or inquiry.state != "open":
        return late(ctx, inquiry)
    if refused := _own(ctx, inquiry):
        return refused
    field = TextField(
        "reason",
        ctx.t.label("Why does it not fit?"),
        hint=ctx.t.label("{who} reads this.", who=_founder(ctx, inquiry)),
        multiline=True,
        max_length=REASON_LENGTH,
    )
    title, submit = ctx.t.label("Decline the request"), ctx.t.label("Decline")
    context = {"request": str(inquiry.id)}
    return OpenForm(Form("mentoring:decline", ctx.token(), title, (field,), submit, context, ctx.language))


def declined(ctx: Context, request: FormSubmitted) -> Outcome:
    """The reason was given; somebody may have been faster meanwhile."""
    inquiry_id, reason = int(request.context["request"]), request.values["reason"].strip()
    inquiry = mentoring.mark_declined_if_open(
        ctx.tx, inquiry_id, ctx.person.id, ctx.chat.platform, reason, ctx.now
    )
    if inquiry is None:
        return late(ctx, mentoring.get_inquiry(ctx.tx, inquiry_id))
    changed(ctx, inquiry)
    tell_founder(
        ctx,
        inquiry,
        decision(inquiry),
        lambda t: t(
            "{who} (community manager) can't help with this one ({about}): “{reason}”\n"
            "Ask anew, with another topic or city if you like, or ask the team.",
            who=(ctx.name,),
            about=about(ctx, t, inquiry),
            reason=reason,
        ),
        (N_("Ask anew"), Action("mentoring:new")),
        (N_("Ask the team"), Action("faq:new")),
        lane=REPLY,
    )
    return say(ctx, ctx.t("Declined; {who} reads your reason.", who=_founder(ctx, inquiry)))


def returned(ctx: Context, request: ButtonPress) -> Outcome:
    """Whoever accepted it, or a lead, opens it to all managers again; the founder hears so."""
    inquiry_id, in_round = map(int, request.action.args)
    inquiry = mentoring.get_inquiry(ctx.tx, inquiry_id)
    mine = inquiry is not None and (inquiry.decided_by == ctx.person.id or ctx.may("lead"))
    free = reopened(ctx, inquiry_id, in_round) if mine else None
    if inquiry is None or free is None:
        return late(ctx, inquiry)
    _tell_returned(ctx, inquiry, free)
    if inquiry.decided_by != ctx.person.id:
        taken_back = N_("{who} has opened a request that was yours to all again. ({about})")
        what = f"taken-back:{inquiry.round}"
        tell_taker(ctx, inquiry, what, lambda t: t(taken_back, who=(ctx.name,), about=about(ctx, t, free)))
    return Toast(ctx.t.label("This request is open to all again."))


def _tell_returned(ctx: Context, inquiry: Inquiry, free: Inquiry) -> None:
    who = (mention(person(ctx, inquiry.decided_by)),)
    tell_founder(
        ctx,
        free,
        f"returned:{inquiry.round}",
        lambda t: t(
            "{who} can't go on with your request ({about}); it is open to all community managers again.",
            who=who,
            about=about(ctx, t, free),
        ),
        (N_("View"), Action.of("mentoring:view", free.id)),
    )


def left(ctx: Context, person_id: int) -> Mapping[str, int]:
    """Somebody is gone for good: what they asked for is withdrawn."""
    asked = mentoring.list_waiting_of(ctx.tx, person_id)
    for inquiry in asked:
        taken_back(ctx, inquiry)
    return {"own requests": len(asked)}


def relieved(ctx: Context, person_id: int) -> Mapping[str, int]:
    """Somebody is of the team no more: what they looked after is open to all."""
    looked_after = mentoring.list_accepted_by(ctx.tx, person_id, ALL)
    for inquiry in looked_after:
        if free := reopened(ctx, inquiry.id, inquiry.round):
            _tell_returned(ctx, inquiry, free)
    return {"requests": len(looked_after)}


def reopened(ctx: Context, inquiry_id: int, in_round: int) -> Inquiry | None:
    """Open what was accepted in a round to all again, its cards at the end of the chats; None if that is over."""
    free = mentoring.mark_returned_if_accepted(ctx.tx, inquiry_id, in_round, ctx.now)
    if free is None:
        return None
    changed(ctx, free)
    for place in places.list_places(ctx.tx, "managers"):
        if chat := chats.get_chat(ctx.tx, place.chat_id):
            show_below(ctx, free, CARD, chat, thread=place.thread)
    return free


def decision(inquiry: Inquiry) -> str:
    """What the one notice of a decision is known by: a request that was given back can be decided on again."""
    return f"decided:{inquiry.round}"


def late(ctx: Context, inquiry: Inquiry | None) -> Toast:
    """Say who decided, and when; nothing has changed."""
    if inquiry is None:
        return Toast(ctx.t.label("This request is not kept any more."))
    if inquiry.state == "withdrawn":
        return Toast(ctx.t.label("This request was withdrawn."))
    if inquiry.state == "open":
        return Toast(ctx.t.label("This request is open to all again."))
    if inquiry.state == "accepted" and inquiry.decided_by == ctx.person.id:
        return Toast(ctx.t.label("It is yours already."))
    moment = inquiry.decided_at or inquiry.changed_at
    is_today = moment.astimezone(ctx.zone).date() == ctx.now.astimezone(ctx.zone).date()
    sentence = (_DECIDED_TODAY if is_today else _DECIDED_BEFORE)[inquiry.state]
    time = spoken_time(moment, ctx.now, ctx.zone, ctx.language)
    return Toast(ctx.t.label(sentence, who=person(ctx, inquiry.decided_by).name, time=time))


def _own(ctx: Context, inquiry: Inquiry) -> Toast | None:
    """Nobody decides on their own request: that a second person looked at it is what the decision is for."""
    if inquiry.founder_id != ctx.person.id:
        return None
    return Toast(ctx.t.label("This request is your own; another manager decides on it."), alert=True)


def _unreachable(ctx: Context, inquiry: Inquiry) -> Toast | None:
    """Who can't be shown something alone yet opens the direct chat and reads it there; it is not noted before."""
    if ctx.platform.ephemeral or private_chat(ctx):
        return None
    return Toast(ctx.t.label("Open our direct chat: there you can read it."), start=_start(inquiry))


def _start(inquiry: Inquiry) -> str:
    return f"mentoring_{inquiry.id}"


def _founder(ctx: Context, inquiry: Inquiry) -> str:
    founder = people.get_person(ctx.tx, inquiry.founder_id)
    return founder.name if founder else "?"
