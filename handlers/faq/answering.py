"""Answers from the content pack, and whether they helped."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from handlers.core.context import Context
from handlers.core.markup import parse_markup
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, TextMessage
from handlers.core.texts import LANGUAGES
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
        self._shown = {(entry.id, of): _shown(entry, of) for entry in entries for of in LANGUAGES if entry.filled}

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
        return self._answer(ctx, entry, Controls(buttons))

    def helped(self, ctx: Context, request: ButtonPress) -> Outcome:
        """The answer was good: count it, and leave the answer without its buttons."""
        entry = self._counted(ctx, request, helped=True)
        if entry is None:
            return _gone(ctx)
        return self._replaced(ctx, entry, Section(ctx.t("_Good to know, thanks._")))

    def not_helped(self, ctx: Context, request: ButtonPress) -> Outcome:
        """The answer was none: count it, and offer the team."""
        entry = self._counted(ctx, request, helped=False)
        if entry is None:
            return _gone(ctx)
        offered = join(ctx.t("Sorry about that."), asking.offer(ctx), separator=" ")
        buttons = asking.yes_or_no(ctx, int(request.action.args[1]))
        return self._replaced(ctx, entry, Section(offered), Controls(buttons))

    def human(self, ctx: Context, request: ButtonPress) -> Outcome:
        """Straight to the team."""
        entry = self._pressed(request)
        sent = team.send(ctx, int(request.action.args[1]))
        if isinstance(sent, Toast | OpenForm):
            return sent
        return (
            self._replaced(ctx, entry, Section(sent))
            if entry
            else structs.replace(say(ctx, sent), placement="replace")
        )

    def _answer(self, ctx: Context, entry: Entry, *below: Block) -> Reply:
        blocks, summary = self._shown[entry.id, ctx.language]
        return Reply(blocks=(*blocks, *below), summary=summary, language=ctx.language)

    def _replaced(self, ctx: Context, entry: Entry, *below: Block) -> Reply:
        """The same answer in place, with something else below it."""
        return structs.replace(self._answer(ctx, entry, *below), placement="replace")

    def _pressed(self, request: ButtonPress) -> Entry | None:
        """The entry of a button, if it still has an answer."""
        entry = self._entries.get(f"faq:{request.action.args[0]}")
        return entry if entry and entry.filled else None

    def _counted(self, ctx: Context, request: ButtonPress, *, helped: bool) -> Entry | None:
        entry = self._pressed(request)
        if entry:
            questions.add_feedback(ctx.tx, entry.id, ctx.now.astimezone(ctx.zone).date(), helped)
        return entry


def _shown(entry: Entry, language: str) -> tuple[tuple[Block, ...], str]:
    """An entry's blocks and summary: the same for everybody who asks."""
    text = parse_markup(entry.answer(language))
    picture = (Picture(entry.picture, alt=entry.wording(language).title),) if entry.picture else ()
    return (Section(text), *picture), summary_of(text)


def _gone(ctx: Context) -> Outcome:
    return Toast(ctx.t.label("This button is from an older time. Write me, and I will show you a fresh one."))
