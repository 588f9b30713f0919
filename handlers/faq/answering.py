"""Answers from the content pack, and whether they helped."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from handlers.core.context import Context
from handlers.core.markup import parse_markup
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, TextMessage
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    Nothing,
    OpenForm,
    Outcome,
    Picture,
    Reply,
    Section,
    Toast,
    join,
)
from handlers.faq import asking, team
from handlers.faq.content import Entry
from storage import questions


class Answers:
    """The hub's entries, as answers.

    Args:
        entries: All of them; those without a fact hand over to the team.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = {entry.key: entry for entry in entries}

    def asked(self, ctx: Context, request: TextMessage, key: str) -> Outcome:
        """Answer a question; what the hub has not filled in goes to people."""
        entry = self._entries[key]
        if not entry.filled:
            admitted = ctx.t("I do not know that yet.")
            return asking.offer_team(ctx, request, admitted) if request.addressed else Nothing()
        args = (entry.id, str(team.keep(ctx, request, request.text)))
        buttons = (
            Button(ctx.t.label("That helps"), Action("faq:helped", args)),
            Button(ctx.t.label("Does not help"), Action("faq:not", args)),
            Button(ctx.t.label("Ask a human"), Action("faq:human", args)),
        )
        return _answer(ctx, entry, Controls(buttons))

    def helped(self, ctx: Context, request: ButtonPress) -> Outcome:
        """The answer was good: count it, and leave the answer without its buttons."""
        entry = self._counted(ctx, request, helped=True)
        if entry is None:
            return _gone(ctx)
        return _replaced(ctx, entry, Section(ctx.t("_Good to know, thanks._")))

    def not_helped(self, ctx: Context, request: ButtonPress) -> Outcome:
        """The answer was none: count it, and offer the team."""
        entry = self._counted(ctx, request, helped=False)
        if entry is None:
            return _gone(ctx)
        offered = join(ctx.t("Sorry about that."), asking.offer(ctx), separator=" ")
        buttons = asking.yes_or_no(ctx, int(request.action.args[1]))
        return _replaced(ctx, entry, Section(offered), Controls(buttons))

    def human(self, ctx: Context, request: ButtonPress) -> Outcome:
        """Straight to the team."""
        entry = self._entries.get(f"faq:{request.action.args[0]}")
        sent = team.send(ctx, int(request.action.args[1]))
        if isinstance(sent, Toast | OpenForm):
            return sent
        return (
            _replaced(ctx, entry, Section(sent)) if entry else structs.replace(say(ctx, sent), placement="replace")
        )

    def _counted(self, ctx: Context, request: ButtonPress, *, helped: bool) -> Entry | None:
        entry = self._entries.get(f"faq:{request.action.args[0]}")
        if entry:
            questions.add_feedback(ctx.tx, entry.id, ctx.now.astimezone(ctx.zone).date(), helped)
        return entry


def _answer(ctx: Context, entry: Entry, *below: Block) -> Reply:
    text = parse_markup(entry.answer(ctx.language))
    blocks: list[Block] = [Section(text)]
    if entry.picture:
        blocks.append(Picture(entry.picture, alt=entry.wording(ctx.language).title))
    return Reply(blocks=(*blocks, *below), summary=summary_of(text), language=ctx.language)


def _replaced(ctx: Context, entry: Entry, *below: Block) -> Reply:
    """The same answer in place, with something else below it."""
    return structs.replace(_answer(ctx, entry, *below), placement="replace")


def _gone(ctx: Context) -> Outcome:
    return Toast(ctx.t.label("This button is from an older time. Write me, and I will show you a fresh one."))
