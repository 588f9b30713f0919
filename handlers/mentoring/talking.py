"""After the acceptance: founder and manager write each other through the bot, each in the chat they use."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.features import RIGHTS
from handlers.core.replies import refusal, say
from handlers.core.requests import ButtonPress, FormSubmitted
from handlers.core.texts import N_, Texts
from handlers.core.ui import Action, Form, OpenForm, Outcome, Reply, Text, TextField, Toast, join
from handlers.mentoring.asking import brought_up_to_date
from handlers.mentoring.deciding import late, reopened
from handlers.mentoring.telling import about, changed, person, tell_founder, tell_taker
from storage import mentoring, roles
from storage.mentoring import Inquiry, Message
from storage.outbox import REPLY

MESSAGE_LENGTH = 2000


def write_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """One of both wants to write to the other."""
    inquiry = _shared(ctx, int(request.action.args[0]))
    if not isinstance(inquiry, Inquiry):
        return inquiry
    field = TextField(
        "message",
        ctx.t.label("Your message"),
        hint=ctx.t.label("{who} reads this.", who=_other_name(ctx, inquiry)),
        multiline=True,
        max_length=MESSAGE_LENGTH,
    )
    title, submit = ctx.t.label("Write a message"), ctx.t.label("Send")
    context = {"request": str(inquiry.id), "round": str(inquiry.round)}  # only who was named reads it
    return OpenForm(Form("mentoring:write", ctx.token(), title, (field,), submit, context, ctx.language))


def written(ctx: Context, request: FormSubmitted) -> Outcome:
    """What one wrote goes to the other."""
    inquiry, text = _shared(ctx, int(request.context["request"])), request.values["message"]
    if not isinstance(inquiry, Inquiry):
        return _not_sent(ctx, inquiry, text)
    in_round = int(request.context["round"])
    message = mentoring.add_message_if_accepted(ctx.tx, inquiry.id, in_round, ctx.person.id, text, ctx.now)
    if message is None:
        return _not_sent(ctx, late(ctx, inquiry), text)
    from_founder = _is_founder(ctx, inquiry)
    tell = tell_taker if from_founder else tell_founder
    tell(
        ctx,
        inquiry,
        f"message:{message.id}",
        lambda t: _as_read(ctx, t, inquiry, message),
        (N_("Reply"), Action.of("mentoring:write", inquiry.id)),
        (
            N_("Close") if from_founder else N_("Thanks, done"),
            Action.of("mentoring:close", inquiry.id, inquiry.round, message.id),
        ),
        lane=REPLY,
    )
    return say(ctx, ctx.t("{who} has your message.", who=_other_name(ctx, inquiry)))


def closed(ctx: Context, request: ButtonPress) -> Outcome:
    """One of both ends it; the other hears so."""
    inquiry = _shared(ctx, int(request.action.args[0]))
    if not isinstance(inquiry, Inquiry):
        return inquiry
    over = mentoring.mark_closed_if_accepted(ctx.tx, inquiry.id, int(request.action.args[1]), ctx.now)
    if over is None:
        return late(ctx, inquiry)
    changed(ctx, over)
    who = (ctx.name,)
    if _is_founder(ctx, over):
        thanks = N_("{who} says thanks; the request is closed. ({about})")
        tell_taker(ctx, over, "closed", lambda t: t(thanks, who=who, about=about(ctx, t, over)))
    else:
        ended = N_("{who} has closed your request. ({about})")
        anew = (N_("Ask anew"), Action("mentoring:new"))
        tell_founder(ctx, over, "closed", lambda t: t(ended, who=who, about=about(ctx, t, over)), anew)
    if message := _message_of(ctx, request, over):
        said = join(_as_read(ctx, ctx.t, over, message), ctx.t("_Closed_"), separator="\n")
        return structs.replace(say(ctx, said), placement="replace")
    told = ctx.t.label("Closed; {who} knows.", who=_other_name(ctx, over))
    return brought_up_to_date(ctx, request, over, told)


def _shared(ctx: Context, inquiry_id: int) -> Inquiry | Outcome:
    """The accepted request that the acting person asked or accepted, or what to say instead."""
    inquiry = mentoring.get_inquiry(ctx.tx, inquiry_id)
    if inquiry is None:
        return late(ctx, None)
    if _is_founder(ctx, inquiry):
        if inquiry.state != "accepted":
            return _over(ctx) if inquiry.state != "open" else late(ctx, inquiry)
        return inquiry if _is_looked_after(ctx, inquiry) else _left_alone(ctx, inquiry)
    if not ctx.may("manager"):
        return refusal(ctx, "manager", "action mentoring:write")
    if inquiry.state == "closed" and inquiry.decided_by == ctx.person.id:
        return _over(ctx)
    return inquiry if (inquiry.state, inquiry.decided_by) == ("accepted", ctx.person.id) else late(ctx, inquiry)


def _is_founder(ctx: Context, inquiry: Inquiry) -> bool:
    return inquiry.founder_id == ctx.person.id


def _is_looked_after(ctx: Context, inquiry: Inquiry) -> bool:
    """Is whoever accepted it still with the team?"""
    return bool(inquiry.decided_by and roles.list_roles(ctx.tx, inquiry.decided_by) & RIGHTS["manager"])


def _left_alone(ctx: Context, inquiry: Inquiry) -> Toast:
    reopened(ctx, inquiry.id, inquiry.round)
    who = person(ctx, inquiry.decided_by).name
    return Toast(
        ctx.t.label(
            "{who} is no longer with the team. Your request is open to all community managers again.", who=who
        )
    )


def _not_sent(ctx: Context, why: Outcome, text: str) -> Reply:
    """Say why, and hand back what was typed: it would be lost with the form."""
    reason = why.text if isinstance(why, Toast) else ""
    quoted = ctx.t("Not sent; here it is to copy:\n“{text}”", text=text)
    return structs.replace(say(ctx, join(reason, quoted, separator="\n")), audience="person")


def _over(ctx: Context) -> Toast:
    return Toast(ctx.t.label("This request has ended already."))


def _other_name(ctx: Context, inquiry: Inquiry) -> str:
    other = inquiry.decided_by if _is_founder(ctx, inquiry) else inquiry.founder_id
    return person(ctx, other).name


def _as_read(ctx: Context, t: Texts, inquiry: Inquiry, message: Message) -> Text:
    """A message as the other one reads it: who, what, and about which request."""
    text = join((mention(person(ctx, message.person_id)),), message.text, separator=": ")
    return join(text, t("_{about}_", about=about(ctx, t, inquiry)), separator="\n")


def _message_of(ctx: Context, request: ButtonPress, inquiry: Inquiry) -> Message | None:
    """The message that a button stands under, while it is kept."""
    where = request.action.args[2:]
    message = mentoring.get_message(ctx.tx, int(where[0])) if where and where[0].isdecimal() else None
    return message if message and message.request_id == inquiry.id else None
