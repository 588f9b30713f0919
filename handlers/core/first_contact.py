"""Who talks to the bot for the first time is told, below the first reply, what is kept of them."""

from __future__ import annotations

from msgspec import structs

from handlers.core.answers import TurnCalendar
from handlers.core.context import Context
from handlers.core.markup import parse_markup
from handlers.core.ui import Action, Block, Button, Controls, Outcome, Reply, Section
from storage import consents, people


def with_notice(ctx: Context, outcome: Outcome | TurnCalendar) -> Outcome | TurnCalendar:
    """Add the notice to a reply in a direct chat, once for each version of the text."""
    if not isinstance(outcome, Reply) or ctx.chat.kind != "direct" or ctx.person.greeted:
        return outcome
    if not people.mark_greeted(ctx.tx, ctx.person.id):
        return outcome  # the reply is a greeting, which holds it
    return structs.replace(outcome, blocks=(*outcome.blocks, *notice(ctx)))


def notice(ctx: Context) -> tuple[Block, ...]:
    """What is kept, why, how long, who answers for it and the rights, briefly; the rest is one press away."""
    privacy = ctx.hub.privacy
    consents.add_consent(ctx.tx, ctx.person.id, "told", privacy.version, ctx.now)
    short = privacy.short.text(ctx.language).replace("{operator}", ctx.hub.responsible)
    more = Button(ctx.t.label("What exactly?"), Action("privacy:full"))
    return Section(parse_markup(short)), Controls((more,))
