"""What the team hears of requests for mentors once a week."""

from __future__ import annotations

from datetime import datetime

from handlers.core.context import Context
from handlers.core.ui import Action, Block, Button, Controls, Section
from storage import mentoring


def digest(ctx: Context, since: datetime) -> tuple[Block, ...]:
    """Say how many requests wait that nobody has decided on."""
    waiting = mentoring.get_waiting(ctx.tx)
    if not waiting.count:
        return ()
    said = ctx.t.plural(
        "**One request** waits for a mentor.", "**{n} requests** wait for a mentor.", waiting.count
    )
    return Section(said), Controls((Button(ctx.t.label("Requests"), Action("mentoring:list")),))
