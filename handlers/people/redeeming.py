"""A code comes back from the person it was made for."""

from __future__ import annotations

from datetime import timedelta

from handlers.core.context import Context
from handlers.core.moments import spoken_time
from handlers.core.replies import say
from handlers.core.requests import TextMessage
from handlers.core.ui import Outcome
from handlers.people import linking
from handlers.people.codes import hash_code
from handlers.people.roles import tell_other_leads
from handlers.people.wording import WORDS
from storage import attempts, audit, people, roles

MOST_WRONG = 5
WRONG_WITHIN = timedelta(hours=1)


def redeem(ctx: Context, request: TextMessage) -> Outcome:
    """Give the role that a code stands for, or link the account that it came from."""
    actor = request.actor
    since = ctx.now - WRONG_WITHIN
    tried = attempts.list_attempts(ctx.tx, ctx.person.id, actor.platform, actor.account, since)
    if len(tried) >= MOST_WRONG:
        again = spoken_time(tried[-MOST_WRONG] + WRONG_WITHIN, ctx.now, ctx.zone, ctx.language)
        return say(ctx, ctx.t("Those were too many codes. Please wait until {time}.", time=again))
    if outcome := linking.code_typed(ctx, request):
        return outcome
    if not actor.trusted or people.is_guest(ctx.tx, ctx.person.id):
        attempts.add_attempt(ctx.tx, ctx.person.id, actor.platform, actor.account, ctx.now)
        return say(ctx, ctx.t("Roles are for members, and you are a guest here."))
    role = roles.get_code_role(ctx.tx, hash_code(request.text), ctx.now)
    if role and role in ctx.roles:
        return say(ctx, ctx.t(WORDS[role].have))  # it stays good for whom it was meant
    role = roles.mark_code_used_if_valid(ctx.tx, hash_code(request.text), ctx.person.id, ctx.now)
    if role is None:
        attempts.add_attempt(ctx.tx, ctx.person.id, actor.platform, actor.account, ctx.now)
        return say(
            ctx,
            ctx.t(
                "I do not take this code: each works once, and only for a while. Get a new one where it came from."
            ),
        )
    words = WORDS[role]
    if not roles.add_role(ctx.tx, ctx.person.id, role, None, ctx.now):
        return say(ctx, ctx.t(words.have))
    audit.add_entry(ctx.tx, ctx.person.id, "redeem", ctx.now, detail=role)
    tell_other_leads(ctx, request, "code", words.by_code, who=(ctx.name,))
    ctx.touch_post(f"home:{ctx.person.id}")
    return say(ctx, ctx.t(words.welcome))
