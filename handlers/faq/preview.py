"""A draft as its author sees it: as people will, with what it does to other answers."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.context import Context
from handlers.core.replies import summary_of
from handlers.core.ui import Action, Block, Button, Controls, Reply, Section, Text, join
from handlers.faq import answering, conflicts, form, library
from handlers.faq.entries import Entry
from handlers.faq.keepers import may_keep
from handlers.faq.naming import named_in
from storage import faq, faq_drafts, people, questions
from storage.faq_drafts import Draft

IN_A_ROW = 3


def preview(ctx: Context, draft: Draft, note: Text = "") -> Reply:
    """Return a draft with what should be known before publishing it, and what can be done with it."""
    entry, before = library.from_json(draft.content), published_before(ctx, draft)
    changed = changed_languages(before, entry)
    asks = _new_asks(before, entry)
    close = conflicts.closest(ctx, entry.key, asks)
    lead = join(note, ctx.t("_This is how people will see it:_"), separator="\n")
    lines = [*_remarks(ctx, draft, entry), *_effects(ctx, draft, entry, asks, close)]
    return Reply(
        blocks=(
            Section(lead),
            *as_seen(ctx, draft.content, changed),
            Section(join(*lines, separator="\n")),
            *rows(_buttons(ctx, draft, entry, changed, close)),
        ),
        summary=summary_of(entry.wordings[changed[0]].title),
        audience="person",
        language=ctx.language,
    )


def published_before(ctx: Context, draft: Draft) -> Entry | None:
    """Return the entry that a draft is to replace, as it was when the draft was begun; None for a new one."""
    version = faq.get_version(ctx.tx, draft.entry_id, draft.based_on) if draft.entry_id else None
    return library.from_json(version.content) if version else None


def changed_languages(before: Entry | None, entry: Entry) -> list[str]:
    """Return the languages whose text is another than before; all that there are where none is."""
    there = list(entry.wordings)
    differs = [name for name in there if before is None or before.wordings.get(name) != entry.wordings[name]]
    return differs or there


def as_seen(ctx: Context, content: str, languages: Sequence[str]) -> tuple[Block, ...]:
    """Return an entry, given as its JSON, as people see it in some languages, each under its question."""
    wordings = library.from_json(content).wordings
    blocks: list[Block] = []
    for language in languages:
        shown, _ = answering.shown(content, ctx.house.catalogues.texts(language))
        blocks += [Section(ctx.t("**{title}**", title=wordings[language].title)), *shown]
    return tuple(blocks)


def rows(buttons: Sequence[Button]) -> tuple[Controls, ...]:
    """Return buttons as rows that read well."""
    return tuple(Controls(tuple(buttons[at : at + IN_A_ROW])) for at in range(0, len(buttons), IN_A_ROW))


def language_name(ctx: Context, language: str) -> str:
    """Return what a language is called."""
    return ctx.t.label(form.LANGUAGES[language])


def missing_languages(entry: Entry) -> list[str]:
    """Return the languages in which an entry has no answer."""
    return [language for language in form.LANGUAGES if language not in entry.given]


def _remarks(ctx: Context, draft: Draft, entry: Entry) -> list[Text]:
    """Who will get it, what it lacks, and whom it names."""
    lines = [ctx.t("For: {who}", who=ctx.t.label(form.AUDIENCES[entry.audience]))]
    missing = [language_name(ctx, each) for each in missing_languages(entry)]
    lines += [ctx.t("**{language} is missing.**", language=each) for each in missing]
    row = faq.get_entry(ctx.tx, draft.entry_id) if draft.entry_id else None
    if row and row.state == "retired":
        lines.append(ctx.t("It is retired; publishing brings it back."))
    question = questions.get_question(ctx.tx, draft.question_id) if draft.question_id else None
    asker = people.get_person(ctx.tx, question.asker_id) if question else None
    text = "\n".join("\n".join((each.title, each.answer, *each.ask)) for each in entry.wordings.values())
    names = named_in(text, [person.name for person in (ctx.person, asker) if person])
    return [*lines, *(ctx.t("**It names {name}**: everybody will read that.", name=name) for name in names)]


def _effects(
    ctx: Context, draft: Draft, entry: Entry, asks: Sequence[str], close: conflicts.Close | None
) -> list[Text]:
    """What it is close to, and what it takes away."""
    lines: list[Text] = []
    if close:
        lines.append(ctx.t("Closest answer so far: **{title}**", title=close.title))
        if close.answers and not draft.entry_id:
            lines.append(ctx.t("That is very close. Maybe it only needs more ways to ask."))
    taken = conflicts.taken_away(ctx, entry.key, asks)
    return [*lines, *(ctx.t("Takes away: “{text}” from **{title}**", text=t.text, title=t.title) for t in taken)]


def _buttons(
    ctx: Context, draft: Draft, entry: Entry, changed: Sequence[str], close: conflicts.Close | None
) -> list[Button]:
    label = ctx.t.label
    buttons = [Button(label("Publish"), Action.of("faq:out", draft.id), "primary")]
    for each in changed:
        change = (
            label("Change") if len(changed) == 1 else label("Edit {language}", language=language_name(ctx, each))
        )
        buttons.append(Button(change, Action.of("faq:change", draft.id, each)))
    buttons.append(Button(label("Try it"), Action.of("faq:try", draft.id)))
    target = close.key.partition(":")[2] if close and close.answers and not draft.entry_id else ""
    row = faq.get_entry(ctx.tx, target) if target and close and close.key.startswith("faq:") else None
    if row and may_keep(ctx, library.from_json(row.content)):
        buttons.append(Button(label("Add to that one"), Action.of("faq:add-to", draft.id, row.id)))
    for each in missing_languages(entry):
        if each not in changed:
            add = label("Add {language}", language=language_name(ctx, each))
            buttons.append(Button(add, Action.of("faq:change", draft.id, each)))
    buttons.append(Button(label("Details"), Action.of("faq:draft-more", draft.id)))
    buttons.append(Button(label("Discard"), Action.of("faq:discard", draft.id)))
    return buttons


def _new_asks(before: Entry | None, entry: Entry) -> list[str]:
    """The ways to ask, titles too, that were not there before."""
    known = conflicts.asked(library.to_json(before)) if before else frozenset[conflicts.Folded]()
    asks = (ask for each in entry.wordings.values() for ask in (each.title, *each.ask))
    found = {conflicts.folded(ask): ask for ask in asks}
    return [ask for form_of, ask in found.items() if form_of not in known]


def drafts_named(ctx: Context) -> list[tuple[int, str]]:
    """Return the acting person's drafts, the latest first, each with its title."""
    drafts = faq_drafts.list_drafts_of(ctx.tx, ctx.person.id)
    return [(each.id, library.from_json(each.content).wording(ctx.language).title) for each in drafts]
