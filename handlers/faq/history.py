"""What became of an entry: who changed what, and when."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.core.context import Context
from handlers.core.replies import summary_of
from handlers.core.requests import ButtonPress
from handlers.core.texts import N_
from handlers.core.ui import Action, Button, Outcome, Reply, Section, Text, join
from handlers.dates.saying import spoken_day
from handlers.faq import library
from handlers.faq.entries import Entry
from handlers.faq.keepers import kept, today
from handlers.faq.naming import called
from handlers.faq.preview import language_name, rows
from storage import faq
from storage.faq import EntryRow, Version, What

LISTED = 10

_WHAT: dict[What, str] = {
    "imported": N_("read from the content pack"),
    "added": N_("written"),
    "edited": N_("changed"),
    "reviewed": N_("still true"),
    "retired": N_("retired"),
    "restored": N_("brought back"),
    "undone": N_("undone"),
}


def shown(ctx: Context, request: ButtonPress) -> Outcome:
    """The latest ten changes, each in a line, and the way back."""
    row = kept(ctx, request.action.args[0])
    if not isinstance(row, EntryRow):
        return row
    versions = faq.list_versions(ctx.tx, row.id, LISTED + 1)
    head = ctx.t("**{title}**", title=library.from_json(row.content).wording(ctx.language).title)
    lines = [
        _line(ctx, version, versions[at + 1] if at + 1 < len(versions) else None)
        for at, version in enumerate(versions[:LISTED])
    ]
    buttons = [Button(ctx.t.label("To the answer"), Action.of("faq:card", row.id))]
    if len(versions) > 1:
        undo = Action.of("faq:undo", row.id, row.version)
        buttons.insert(0, Button(ctx.t.label("Undo the latest"), undo))
    return Reply(
        blocks=(Section(join(head, *lines, separator="\n")), *rows(buttons)),
        summary=summary_of(head),
        audience="person",
        language=ctx.language,
    )


def _line(ctx: Context, version: Version, before: Version | None) -> Text:
    made = version.made_at.astimezone(ctx.zone)
    when = f"{spoken_day(made.date(), today(ctx), ctx.language)}, {made:%H:%M}"
    what = ctx.t.label(_WHAT[version.what])
    if version.what in ("edited", "undone") and before:
        parts = list(changes(ctx, library.from_json(before.content), library.from_json(version.content)))
        what = f"{what}: {', '.join(parts)}" if parts else what
    if version.author_id is None and version.what == "imported":
        return ctx.t("{time}: {what}", time=when, what=what)
    return ctx.t("{time}, {who}: {what}", time=when, who=called(ctx, version.author_id), what=what)


def changes(ctx: Context, before: Entry, after: Entry) -> Iterator[str]:
    """Yield what is different between two versions of an entry, in few words each."""
    label = ctx.t.label
    for language in ("de", "en"):
        old, new = before.wordings.get(language), after.wordings.get(language)
        name = language_name(ctx, language)
        if old is None or new is None:
            if old != new:
                yield (
                    label("{language} added", language=name)
                    if new
                    else label("{language} taken out", language=name)
                )
            continue
        if old.title != new.title:
            yield label("{language} title", language=name)
        if old.answer.strip() != new.answer.strip():
            yield label("{language} answer", language=name)
        if more := len(set(new.ask) - set(old.ask)):
            yield str(ctx.t.plural("one way to ask more", "{n} ways to ask more", more))
        if fewer := len(set(old.ask) - set(new.ask)):
            yield str(ctx.t.plural("one way to ask less", "{n} ways to ask less", fewer))
    if before.audience != after.audience:
        yield label("who gets it")
    if before.owner != after.owner:
        yield label("who keeps it")
    if before.as_of != after.as_of:
        yield label("as of when")
    if before.review_by != after.review_by and before.reviewed == after.reviewed:
        yield label("when to look again")
