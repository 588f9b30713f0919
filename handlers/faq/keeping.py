"""An entry's card for those who keep it: how it stands, still true, retire, bring back, undo."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.moments import spoken_time
from handlers.core.replies import summary_of
from handlers.core.requests import ButtonPress
from handlers.core.ui import Action, Block, Button, Fields, Outcome, Reply, Section, Text, Toast, join
from handlers.dates.saying import spoken_day
from handlers.faq import answering, conflicts, form, library
from handlers.faq.entries import REVIEWED_FOR, Entry, way
from handlers.faq.finding import due_now
from handlers.faq.keepers import kept, today
from handlers.faq.naming import called
from handlers.faq.preview import language_name, missing_languages, rows
from storage import faq, faq_figures
from storage.faq import EntryRow, State, What

HELPED_SINCE = timedelta(days=90)


def shown(ctx: Context, request: ButtonPress) -> Outcome:
    """An entry's card."""
    row = kept(ctx, request.action.args[0])
    return card(ctx, row) if isinstance(row, EntryRow) else row


def reviewed(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody has looked: the answer still holds."""
    row = _as_shown(ctx, request)
    if not isinstance(row, EntryRow):
        return row
    entry = structs.replace(
        library.from_json(row.content), reviewed=today(ctx), review_by=today(ctx) + REVIEWED_FOR
    )
    now = _change(ctx, row, library.to_json(entry), "reviewed", row.state)
    return _in_place(ctx, now, ctx.t("Noted: still true. I ask again in a year."))


def retired(ctx: Context, request: ButtonPress) -> Outcome:
    """Nobody gets the answer any more; it is kept."""
    row = _as_shown(ctx, request)
    if not isinstance(row, EntryRow):
        return row
    now = _change(ctx, row, row.content, "retired", "retired")
    return _in_place(ctx, now, ctx.t("Retired: nobody gets this answer any more."))


def restored(ctx: Context, request: ButtonPress) -> Outcome:
    """A retired answer is given again."""
    row = _as_shown(ctx, request)
    if not isinstance(row, EntryRow):
        return row
    if no := _doubled(ctx, row.id, row.content):
        return no
    now = _change(ctx, row, row.content, "restored", "live")
    return _in_place(ctx, now, ctx.t("It is back: I give this answer again."))


def undone(ctx: Context, request: ButtonPress) -> Outcome:
    """The latest change is taken back; what was before is a version of its own, so that this can be undone too."""
    row = _as_shown(ctx, request)
    if not isinstance(row, EntryRow):
        return row
    before = faq.get_version(ctx.tx, row.id, row.version - 1)
    if before is None:
        return Toast(ctx.t.label("There is nothing before this to go back to."))
    if before.state == "live" and (no := _doubled(ctx, row.id, before.content)):
        return no
    now = _change(ctx, row, before.content, "undone", before.state)
    return _in_place(ctx, now, ctx.t("Undone: it is as it was before."))


def card(ctx: Context, row: EntryRow, note: Text = "") -> Reply:
    """Return an entry as people see it, with how it stands and what can be done with it."""
    entry = library.from_json(row.content)
    title = ctx.t("**{title}**", title=entry.wording(ctx.language).title)
    if row.state == "retired":
        title = join(title, ctx.t("_(retired)_"), separator=" ")
    blocks: list[Block] = [Section(join(note, title, separator="\n"))]
    if entry.filled:
        blocks += answering.shown(row.content, ctx.t)[0]
    else:
        blocks.append(Section(ctx.t("_Still to be filled in: {what}_", what=entry.wording(ctx.language).missing)))
    missing = [language_name(ctx, each) for each in missing_languages(entry)]
    if missing and entry.filled:
        blocks.append(
            Section(join(*(ctx.t("**{language} is missing.**", language=each) for each in missing), separator=" "))
        )
    blocks.append(Fields(_facts(ctx, row, entry)))
    return Reply(
        blocks=(*blocks, *rows(_buttons(ctx, row, entry))),
        summary=summary_of(title),
        audience="person",
        language=ctx.language,
    )


def _facts(ctx: Context, row: EntryRow, entry: Entry) -> tuple[tuple[str, Text], ...]:
    t = ctx.t
    since = ctx.now.astimezone(ctx.zone).date() - HELPED_SINCE
    helped, not_helped = faq_figures.get_feedback_on(ctx.tx, row.id, since)
    by = entry.review_by or (entry.reviewed + REVIEWED_FOR if entry.reviewed else None)
    look = _day(ctx, by) if by and by > today(ctx) else t.label("now")
    as_of = _day(ctx, entry.as_of) if isinstance(entry.as_of, date) else str(entry.as_of or "–")
    return (
        (t.label("For"), t.label(form.AUDIENCES[entry.audience])),
        (t.label("Kept by"), t.label(form.OWNERS[entry.owner])),
        (t.label("As of"), as_of),
        (t.label("Looked at"), _day(ctx, entry.reviewed) if entry.reviewed else t.label("never")),
        (t.label("To look at"), look),
        (t.label("Ways to ask"), str(len(way(entry).variants))),
        (t.label("In 90 days"), t("{n} × helped, {m} × not", n=helped, m=not_helped)),
    )


def _buttons(ctx: Context, row: EntryRow, entry: Entry) -> list[Button]:
    buttons = []
    for language in sorted(form.LANGUAGES, key=lambda each: each != ctx.language):
        name = language_name(ctx, language)
        label = ctx.t.label("Edit {language}", language=name)
        if language not in entry.given:
            label = ctx.t.label("Add {language}", language=name)
        buttons.append(Button(label, Action.of("faq:edit", row.id, language)))
    buttons.append(Button(ctx.t.label("Details"), Action.of("faq:more", row.id)))
    if row.state == "retired":
        restore = Action.of("faq:restore", row.id, row.version)
        buttons.append(Button(ctx.t.label("Bring back"), restore, "primary"))
    else:
        still = Action.of("faq:still", row.id, row.version)
        buttons.append(Button(ctx.t.label("Still true"), still, "primary"))
        buttons.append(Button(ctx.t.label("Retire"), Action.of("faq:retire", row.id, row.version)))
    buttons.append(Button(ctx.t.label("History"), Action.of("faq:history", row.id)))
    return buttons


def _in_place(ctx: Context, row: EntryRow, note: Text) -> Reply:
    """The card after a change, and the way to the next one that is due."""
    shown_now = structs.replace(card(ctx, row, note), placement="replace")
    waiting = len(due_now(ctx))
    if not waiting:
        return shown_now
    more = Button(ctx.t.label("Due for review ({n})", n=waiting), Action("faq:due"))
    return structs.replace(shown_now, blocks=(*shown_now.blocks, *rows([more])))


def _as_shown(ctx: Context, request: ButtonPress) -> EntryRow | Outcome:
    """The entry of a card's button; once somebody has changed it, the card as it is now."""
    row = kept(ctx, request.action.args[0])
    if not isinstance(row, EntryRow) or row.version == int(request.action.args[1]):
        return row
    [latest] = faq.list_versions(ctx.tx, row.id, 1)
    note = ctx.t(
        "{who} changed this answer meanwhile ({time}).",
        who=called(ctx, latest.author_id),
        time=spoken_time(latest.made_at, ctx.now, ctx.zone, ctx.language),
    )
    return structs.replace(
        card(ctx, row, join(note, ctx.t("It is like this now:"), separator=" ")), placement="replace"
    )


def _change(ctx: Context, row: EntryRow, content: str, what: What, state: State) -> EntryRow:
    changed = faq.mark_changed_if_version(
        ctx.tx, row.id, row.version, content, ctx.now, what=what, state=state, author_id=ctx.person.id
    )
    return changed or row  # its version was read in this transaction


def _doubled(ctx: Context, entry_id: str, content: str) -> Toast | None:
    """Say so if what an answer was asked by leads to another one by now."""
    asks = way(library.from_json(content)).variants
    other = next(iter(conflicts.leads_to(ctx, asks, entry_id).items()), None)
    if other is None:
        return None
    said = ctx.t.label("“{ask}” leads to “{title}” by now. Edit one of them first.", ask=other[0], title=other[1])
    return Toast(said, alert=True)


def _day(ctx: Context, day: date) -> str:
    return spoken_day(day, today(ctx), ctx.language)
