"""Two persons are one: what they said about events, and what holds of it."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.ui import Text
from handlers.events.cards import is_on, subject
from storage import events


def merged(ctx: Context, kept: int, gone: int) -> list[Text]:
    """Hand over the answers; who said yes twice has one seat, and of two different answers the later one holds."""
    lines: list[Text] = []
    for answer in events.merge_answers(ctx.tx, kept, gone):
        event = events.get_event(ctx.tx, answer.event_id)
        if event is None or not is_on(ctx, event):
            continue
        ctx.touch_post(subject(event.id))
        if answer.twice:
            lines.append(
                ctx.t("You had said yes to **{title}** twice; one seat is free again.", title=event.title)
            )
        elif answer.going:
            lines.append(ctx.t("For **{title}** what you said last holds: you come.", title=event.title))
        else:
            lines.append(ctx.t("For **{title}** what you said last holds: you can't come.", title=event.title))
    return lines
