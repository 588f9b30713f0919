"""From a draft to an entry that everybody gets: at once, unless somebody else was faster."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.moments import spoken_time
from handlers.core.replies import refusal, summary_of
from handlers.core.requests import ButtonPress
from handlers.core.ui import Action, Button, Controls, Outcome, Reply, Section, Text, join
from handlers.faq import form, library
from handlers.faq.drafting import gone, own
from handlers.faq.entries import Entry, Wording
from handlers.faq.keepers import may_keep
from handlers.faq.naming import called, free_id
from handlers.faq.preview import as_seen, changed_languages, preview, published_before
from storage import faq, faq_drafts
from storage.faq import EntryRow, Version
from storage.faq_drafts import Draft

TOPIC = "chat"
"""The file that entries written in chat are exported to."""


def published(ctx: Context, request: ButtonPress) -> Outcome:
    """Let everybody have it, unless somebody else was faster."""
    draft = own(ctx, request)
    return _publish(ctx, draft) if draft else gone(ctx)


def published_anyway(ctx: Context, request: ButtonPress) -> Outcome:
    """What the author changed counts, upon the version that they were shown."""
    draft, shown = own(ctx, request), int(request.action.args[1])
    row = faq.get_entry(ctx.tx, draft.entry_id) if draft else None
    if draft is None or row is None:
        return gone(ctx)
    if row.version != shown:
        return _conflict(ctx, draft, row)
    now = faq_drafts.mark_draft(ctx.tx, draft.id, library.to_json(_both(ctx, draft, row)), ctx.now, based_on=shown)
    return _publish(ctx, now) if now else gone(ctx)


def _publish(ctx: Context, draft: Draft) -> Outcome:
    entry = library.from_json(draft.content)
    if not may_keep(ctx, entry):
        return refusal(ctx, "manager", f"answer {entry.id}")
    row = faq.get_entry(ctx.tx, draft.entry_id) if draft.entry_id else None
    if draft.entry_id and row is None:
        return gone(ctx)
    if row and not may_keep(ctx, library.from_json(row.content)):
        return refusal(ctx, "manager", f"answer {entry.id}")
    if row and row.version != draft.based_on:
        return _conflict(ctx, draft, row)
    if problem := _problem(ctx, draft, entry):
        return structs.replace(preview(ctx, draft, problem), placement="replace")
    out = _changed(ctx, draft, row) if row else _added(ctx, entry)
    if out is None:
        return gone(ctx)
    faq_drafts.remove_draft(ctx.tx, draft.id, ctx.person.id)
    languages = changed_languages(published_before(ctx, draft), entry)
    told = ctx.t("**From now on I answer this.**")
    card = Button(ctx.t.label("To the answer"), Action.of("faq:card", out.id))
    return Reply(
        blocks=(*as_seen(ctx, out.content, languages), Section(told), Controls((card,))),
        summary=summary_of(told),
        placement="replace",
        audience="person",
        language=ctx.language,
    )


def _added(ctx: Context, entry: Entry) -> EntryRow | None:
    name = free_id(ctx.tx, next(iter(entry.wordings.values())).title)
    content = library.to_json(structs.replace(entry, id=name))
    return faq.add_entry(ctx.tx, name, TOPIC, content, ctx.now, author_id=ctx.person.id)


def _changed(ctx: Context, draft: Draft, row: EntryRow) -> EntryRow:
    if row.content == draft.content and row.state == "live":
        return row
    changed = faq.mark_changed_if_version(
        ctx.tx, row.id, row.version, draft.content, ctx.now, author_id=ctx.person.id
    )
    return changed or row  # its version was read in this transaction


def _problem(ctx: Context, draft: Draft, entry: Entry) -> str:
    """What has come to be wrong with a draft since it was written."""
    for wording in entry.wordings.values():
        if problem := form.title_problem(ctx, wording.title, draft.entry_id) or form.asks_problem(
            ctx, wording.ask, draft.entry_id
        ):
            return problem
    return ""


def _conflict(ctx: Context, draft: Draft, row: EntryRow) -> Reply:
    """Show what is there now, and the draft; its author decides."""
    before, mine, theirs = (
        published_before(ctx, draft),
        library.from_json(draft.content),
        library.from_json(row.content),
    )
    [latest] = faq.list_versions(ctx.tx, row.id, 1)
    blocks = (
        Section(join(_who_was_faster(ctx, latest), ctx.t("It is like this now:"), separator=" ")),
        *as_seen(ctx, row.content, changed_languages(before, theirs)),
        Section(ctx.t("**Yours:**")),
        *as_seen(ctx, draft.content, changed_languages(before, mine)),
        Section(ctx.t("_What you did not change stays as it is now._")),
        Controls(
            (
                Button(
                    ctx.t.label("Publish mine anyway"), Action.of("faq:anyway", draft.id, row.version), "danger"
                ),
                Button(ctx.t.label("Discard mine"), Action.of("faq:discard", draft.id)),
            )
        ),
    )
    summary = summary_of(ctx.t("Somebody else was faster."))
    return Reply(blocks=blocks, summary=summary, placement="replace", audience="person", language=ctx.language)


def _who_was_faster(ctx: Context, latest: Version) -> Text:
    who = called(ctx, latest.author_id)
    time = spoken_time(latest.made_at, ctx.now, ctx.zone, ctx.language)
    if latest.state == "retired":
        return ctx.t(
            "{who} retired this answer meanwhile ({time}); publishing brings it back.", who=who, time=time
        )
    return ctx.t("{who} changed this answer meanwhile ({time}).", who=who, time=time)


def _both(ctx: Context, draft: Draft, row: EntryRow) -> Entry:
    """What is there now, with what the author of a draft changed."""
    mine, theirs = library.from_json(draft.content), library.from_json(row.content)
    before = published_before(ctx, draft) or theirs
    changed = {
        name: getattr(mine, name)
        for name in Entry.__struct_fields__
        if getattr(mine, name) != getattr(before, name)
    }
    both = structs.replace(theirs, **changed)
    for language in changed.keys() & mine.wordings.keys() & before.wordings.keys() & theirs.wordings.keys():
        texts = (each.wordings[language] for each in (before, mine, theirs))
        both = form.with_wording(both, language, _both_wordings(*texts))
    return both


def _both_wordings(before: Wording, mine: Wording, theirs: Wording) -> Wording:
    removed = set(before.ask) - set(mine.ask)
    asks = (
        *(ask for ask in theirs.ask if ask not in removed),
        *(ask for ask in mine.ask if ask not in before.ask),
    )
    return Wording(
        mine.title if mine.title != before.title else theirs.title,
        tuple(dict.fromkeys(asks)),
        mine.answer if mine.answer.strip() != before.answer.strip() else theirs.answer,
    )
