"""What the team hears once a week of questions and answers: what was missing, what did not help, what is due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from handlers.core.context import Context
from handlers.core.ui import Action, Block, Button, Controls, Section, Text, join
from handlers.faq import library
from handlers.faq.cards import shortened
from handlers.retrieval.grouping import grouped
from storage import faq_drafts, faq_figures
from storage.faq_figures import Outcomes

LISTED = 5
_SHOWN_TITLES = 3


def digest(ctx: Context, since: datetime) -> tuple[Block, ...]:
    """Say how the week went, and what a manager could do about it."""
    first, today = (moment.astimezone(ctx.zone).date() for moment in (since, ctx.now))
    outcomes = faq_figures.list_outcomes(ctx.tx, first, today)  # whole days; today's are told the next time
    parts = [_overall(ctx, outcomes), _unanswered(ctx, since), _unhelpful(ctx, outcomes), _due(ctx)]
    said = [part for part in parts if part]
    if not said:
        return ()
    buttons = _buttons(ctx)
    return (*(Section(part) for part in said), *((Controls(buttons),) if buttons else ()))


def _overall(ctx: Context, outcomes: Sequence[Outcomes]) -> Text | None:
    number = sum(each.number for each in outcomes)
    if not number:
        return None
    known = sum(each.number for each in outcomes if each.outcome in ("answered", "picked"))
    return ctx.t.plural(
        "**One question**, {share} % answered.",
        "**{n} questions**, {share} % answered.",
        number,
        share=round(100 * known / number),
    )


def _unanswered(ctx: Context, since: datetime) -> Text | None:
    """What can't be answered yet, the same question once; what people wrote is said where names may be said."""
    asked = faq_figures.list_asked(ctx.tx, ("unknown", "suggested"), since)
    gaps = {entry.key for entry in library.live(ctx.tx) if not entry.filled}
    texts = [each.text for each in asked if not _known_by_now(ctx, each.text, gaps)]
    if not texts:
        return None
    head = ctx.t("**Still without an answer ({n}):**", n=len(texts))
    if ctx.nameless:
        return head
    groups = grouped(texts)[:LISTED]
    lines = [_counted(ctx.t("“{text}”", text=shortened(group[0])), len(group)) for group in groups]
    return join(head, *lines, separator="\n")


def _known_by_now(ctx: Context, text: str, gaps: AbstractSet[str]) -> bool:
    """Say whether somebody who asked that today would be answered."""
    index = ctx.house.knowledge.index
    ranked = index.rank(text)
    return index.judge(ranked) == "answer" and ranked[0].key not in gaps


def _unhelpful(ctx: Context, outcomes: Sequence[Outcomes]) -> Text | None:
    missed = Counter[str]()
    for each in outcomes:
        if each.outcome == "not_helped":
            missed[each.entry] += each.number
    titles = {
        entry.id: entry.wording(ctx.language).title for entry in library.live(ctx.tx, list(missed)) if missed
    }
    lines = [_counted(titles[entry], number) for entry, number in missed.most_common(LISTED) if entry in titles]
    return join(ctx.t("**Did not help:**"), *lines, separator="\n") if lines else None


def _due(ctx: Context) -> Text | None:
    today = ctx.now.astimezone(ctx.zone).date()
    due = [entry for entry in library.live(ctx.tx) if entry.filled and entry.due(today)]
    if not due:
        return None
    named = ", ".join(entry.wording(ctx.language).title for entry in due[:_SHOWN_TITLES])
    more = " …" if len(due) > _SHOWN_TITLES else ""
    head = ctx.t.plural(
        "**One answer** is to be looked at again:", "**{n} answers** are to be looked at again:", len(due)
    )
    return join(head, f"{named}{more}", separator="\n")


def _buttons(ctx: Context) -> tuple[Button, ...]:
    proposed = len(faq_drafts.list_proposals(ctx.tx))
    review = Button(ctx.t.label("Look at answers"), Action("faq:due"))
    if not proposed:
        return (review,)
    return review, Button(ctx.t.label("New ways to ask ({n})", n=proposed), Action("faq:props"))


def _counted(text: Text, number: int) -> Text:
    return join(text, f"({number})", separator=" ") if number > 1 else text
