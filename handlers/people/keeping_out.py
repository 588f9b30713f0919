"""Blocks that outlast a deletion: of whom nothing is kept but that their account is turned away."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.moments import spoken_time
from handlers.core.requests import Request
from handlers.core.texts import N_
from handlers.core.ui import Option, Text
from handlers.people.roles import tell_other_leads
from storage import audit, blocks

PREFIX = "kept:"
"""Begins the value of such a block in the list of the blocked; its number follows."""


def options(ctx: Context) -> list[Option]:
    """Those whose person was deleted and is not back, to pick from."""
    return [
        Option(
            ctx.t.label(
                "somebody who was deleted ({time})",
                time=spoken_time(kept.blocked_at, ctx.now, ctx.zone, ctx.language),
            ),
            f"{PREFIX}{kept.block_id}",
        )
        for kept in blocks.list_kept(ctx.tx)
    ]


def lifted(ctx: Context, request: Request, block_id: int) -> Text:
    """Lift one; whoever it was may come back."""
    if not blocks.remove_kept(ctx.tx, block_id):
        return ctx.t("This is not kept any more.")
    audit.add_entry(ctx.tx, ctx.person.id, "unblock", ctx.now)
    sentence = N_("{lead} lifted the block of somebody who was deleted.")
    tell_other_leads(ctx, request, f"unblocked:{block_id}", sentence, lead=(ctx.name,))
    return ctx.t("Lifted: if they come back, they can use me.")
