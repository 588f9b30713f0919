"""The last right: to be deleted. Asked once more, done in one transaction, said once, and the chat is closed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Command, TextMessage
from handlers.core.router import as_text
from handlers.core.ui import Action, Button, Nothing, Outcome, Text, join
from handlers.privacy.telling import only_directly
from storage import chats, roles, tombstones
from storage.erasure import Erased, Known, list_known
from storage.outbox import REPLY
from storage.personal import Delete
from storage.register import HOLDINGS

CLOSE = "privacy.close"
FIRST_LOOK = timedelta(minutes=1)
MOST_LOOKS = 12
"""After 1, 2, 4 … minutes; the last one, after nearly three days, closes the chat whatever still waits in it."""

ME = r"(?:me|mich|my data|meine daten|everything|alles)(?: please| bitte)?"
"""What follows ``delete`` when it is about the person."""

ASKED_AGAIN_AFTER = timedelta(days=1)

Asked = Command | TextMessage | ButtonPress


def wanted(ctx: Context, request: Asked) -> Outcome:
    """Say what goes and what stays, and ask."""
    if ctx.chat.kind != "direct":
        return only_directly(ctx, "delete")
    today = ctx.now.astimezone(ctx.zone).date()
    return say(
        ctx,
        join(*_what_happens(ctx), separator="\n"),
        Button(ctx.t.label("Delete everything"), Action("privacy:deleted", (today.isoformat(),)), "danger"),
        Button(ctx.t.label("Keep it"), Action("privacy:kept")),
    )


def commanded(ctx: Context, request: Command) -> Outcome:
    """``delete me``; whoever wants something else deleted is asked what they mean."""
    if request.text.strip() and not re.fullmatch(ME, request.text.strip(), re.IGNORECASE):
        return ctx.house.registry.unknown(ctx, as_text(request))
    return wanted(ctx, request)


def kept(ctx: Context, request: ButtonPress) -> Outcome:
    """Nothing is deleted."""
    return structs.replace(say(ctx, ctx.t("Fine, nothing is deleted.")), placement="replace")


def confirmed(ctx: Context, request: ButtonPress) -> Outcome:
    """Delete; the last word stands in place of the question."""
    asked_on = date.fromisoformat(request.action.args[0])
    if ctx.now.astimezone(ctx.zone).date() - asked_on > ASKED_AGAIN_AFTER:
        return wanted(ctx, request)  # much may have come since
    evidence = {name: each.years for name, each in ctx.hub.privacy.evidence.items()}
    ctx.touch_homes(managers=True)
    erased = tombstones.erase_for_good(ctx.tx, ctx.person.id, evidence, ctx.now)
    lines: list[Text] = [
        ctx.t("**Deleted.** Nothing here is yours any more. If you write to me again, we start anew.")
    ]
    if erased.restricted:
        lines.append(
            ctx.t.plural(
                "One entry stays for a grant's auditors, locked away.",
                "{n} entries stay for a grant's auditors, locked away.",
                erased.restricted,
            )
        )
    last = say(ctx, join(*lines, separator="\n"))
    ctx.send(ctx.chat, f"{request.delivery_key}:reply", last, thread=ctx.thread, lane=REPLY, edits=request.message)
    close_later(ctx, erased)
    return Nothing()


def close_later(ctx: Context, erased: Erased) -> None:
    """Have the direct chats of somebody who was deleted forgotten too, as soon as nothing waits in them."""
    for chat in erased.chats:
        ctx.schedule(CLOSE, f"{chat}:1", ctx.now + FIRST_LOOK)


def close(ctx: Context, subject: str) -> None:
    """Forget a direct chat once the last word was said and all cards are taken away."""
    chat_id, look = map(int, subject.split(":"))
    if not chats.remove_if_left(ctx.tx, chat_id, waiting=look < MOST_LOOKS):
        ctx.schedule(CLOSE, f"{chat_id}:{look + 1}", ctx.now + FIRST_LOOK * 2**look)


def _what_happens(ctx: Context) -> list[Text]:
    known = list_known(ctx.tx, ctx.person.id, HOLDINGS)
    evidence = ctx.hub.privacy.evidence
    going = [each for each in known if isinstance(each.holding.erasure, Delete)]
    lines: list[Text] = [
        ctx.t("**Shall I delete everything I keep of you?** It can't be undone."),
        ctx.t("**Goes**: {what}.", what=_named(ctx, going)),
    ]
    if any(each.holding.erasure.counted for each in going if isinstance(each.holding.erasure, Delete)):
        lines.append(ctx.t("**Stays, without you**: how many bookings, questions and requests there were."))
    if any(each.holding.stays for each in known):
        lines.append(ctx.t("**Stays, without your name**: events and notices that you wrote for the team."))
    if ctx.blocked:
        lines.append(
            ctx.t(
                "**Stays, as a fingerprint of your account without a name**: that you are blocked, for 2 years or"
                " until a lead lifts it."
            )
        )
    lines += [
        ctx.t(
            "**Stays locked away, as {why}, until {year}**: {what}.",
            why=evidence[each.holding.evidence].why.text(ctx.language),
            year=str((ctx.now + timedelta(days=365.25 * evidence[each.holding.evidence].years)).year),
            what=_named(ctx, [each]),
        )
        for each in known
        if each.holding.evidence in evidence
    ]
    if "lead" in ctx.roles and len(roles.list_people_with(ctx.tx, "lead")) == 1:
        lines.append(ctx.t("You are the only lead: make somebody else one first, write **grant lead @name**."))
    return lines


def _named(ctx: Context, known: list[Known]) -> str:
    """What there is and how much of it, as a list in words."""
    return ", ".join(f"{ctx.t.label(each.holding.title)} ({len(each.rows)})" for each in known)
