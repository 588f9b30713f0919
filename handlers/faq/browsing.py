"""``faq`` for those who keep the answers: finding one, what is due, and what is begun."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command
from handlers.core.ui import Action, Block, Button, Controls, Outcome, Reply, Section, join
from handlers.faq import proposing
from handlers.faq.drafting import new_wanted
from handlers.faq.entries import Entry
from handlers.faq.finding import LISTED, due_now, find, looked_after
from handlers.faq.preview import drafts_named, rows
from storage.faq import EntryRow

NEW_WORDS = ("new", "neu")
NEVER, ARGUMENTS = r"(?!)", r".*"
"""What may follow ``faq`` in a plain message: anything, but only from somebody who keeps answers."""


def opened(ctx: Context, request: Command) -> Outcome:
    """``faq`` shows what there is to do; with words behind it, it searches."""
    text = request.text.strip()
    if not text:
        return menu(ctx)
    return new_wanted(ctx, request) if text.lower() in NEW_WORDS else searched(ctx, text)


def menu(ctx: Context) -> Reply:
    """How many answers there are, what waits, and what is begun."""
    mine = looked_after(ctx)
    live = [entry for row, entry in mine if row.state == "live"]
    lines = [ctx.t.plural("**One answer.**", "**{n} answers.**", len(live))]
    if retired := len(mine) - len(live):
        lines.append(ctx.t.plural("One is retired.", "{n} are retired.", retired))
    if empty := sum(not entry.filled for entry in live):
        lines.append(ctx.t.plural("One still lacks its fact.", "{n} still lack their fact.", empty))
    hint = ctx.t("To find one, write **faq** and a few words.")
    buttons = [Button(ctx.t.label("New answer"), Action("faq:write"), "primary")]
    if due := len(due_now(ctx)):
        buttons.append(Button(ctx.t.label("Due for review ({n})", n=due), Action("faq:due")))
    if waiting := len(proposing.waiting(ctx)):
        buttons.append(Button(ctx.t.label("Proposals ({n})", n=waiting), Action("faq:props")))
    blocks: list[Block] = [Section(join(join(*lines, separator=" "), hint, separator="\n")), *rows(buttons)]
    if drafts := drafts_named(ctx)[:LISTED]:
        blocks.append(Section(ctx.t("Your drafts:")))
        blocks += [Controls((Button(title, Action.of("faq:draft", number)),)) for number, title in drafts]
    return _private(ctx, blocks)


def searched(ctx: Context, text: str) -> Reply:
    """Up to five answers that fit some words, retired ones too."""
    found = find(ctx, text)
    if not found:
        new = Button(ctx.t.label("New answer"), Action("faq:write"))
        said = ctx.t("I find no answer for “{text}”. Try another word, or write one.", text=text[:100])
        return structs.replace(say(ctx, said, new), audience="person")
    lead = ctx.t("Which one?")
    return _private(ctx, [Section(lead), *entry_buttons(ctx, found)])


def entry_buttons(ctx: Context, found: Sequence[tuple[EntryRow, Entry]]) -> list[Controls]:
    """Return a button for each entry, one below the other."""
    return [Controls((Button(_name(ctx, row, entry), Action.of("faq:card", row.id)),)) for row, entry in found]


def due(ctx: Context, request: ButtonPress) -> Outcome:
    """Answers that somebody has to look at again, those first that nobody has looked at for longest."""
    page = int(request.action.args[0]) if request.action.args else 0
    found = due_now(ctx)
    if not found:
        return structs.replace(say(ctx, ctx.t("Nothing is due. Well kept.")), audience="person")
    page = page if page * LISTED < len(found) else 0
    lead = ctx.t.plural("**One answer** is due:", "**{n} answers** are due. Are they still true?", len(found))
    blocks: list[Block] = [Section(lead), *entry_buttons(ctx, found[page * LISTED : (page + 1) * LISTED])]
    if len(found) > LISTED:
        blocks.append(Controls((Button(ctx.t.label("More"), Action.of("faq:due", page + 1)),)))
    return _private(ctx, blocks)


def _name(ctx: Context, row: EntryRow, entry: Entry) -> str:
    title = entry.wording(ctx.language).title
    return title if row.state == "live" else ctx.t.label("{title} (retired)", title=title)


def _private(ctx: Context, blocks: Sequence[Block]) -> Reply:
    first = next(block.text for block in blocks if isinstance(block, Section))
    return Reply(blocks=tuple(blocks), summary=summary_of(first), audience="person", language=ctx.language)
