"""Two persons are one: whose requests are whose then."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.ui import Text
from handlers.mentoring.deciding import reopened
from handlers.mentoring.telling import about
from storage import mentoring


def merged(ctx: Context, kept: int, gone: int) -> list[Text]:
    """Hand over requests and decisions; nobody looks after their own request, so that one is open again."""
    lines: list[Text] = []
    for inquiry in mentoring.merge_inquiries(ctx.tx, kept, gone):
        reopened(ctx, inquiry.id, inquiry.round)
        topic = about(ctx, ctx.t, inquiry)
        lines.append(
            ctx.t("You had accepted your own request ({about}); it is open to all managers again.", about=topic)
        )
    return lines
