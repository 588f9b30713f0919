"""An entry as a draft: seen by its author alone, in their direct chat, until it is published or discarded."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import refusal, say
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Request
from handlers.core.ui import FormErrors, OpenForm, Outcome, Reply, Toast
from handlers.faq import conflicts, form, library
from handlers.faq.entries import REVIEWED_FOR, Entry, Wording
from handlers.faq.keepers import kept, may_keep, today
from handlers.faq.naming import free_id, title_from
from handlers.faq.preview import preview
from storage import faq, faq_drafts, questions
from storage.faq import EntryRow
from storage.faq_drafts import Draft
from storage.outbox import REPLY

# Beginning one


def new_wanted(ctx: Context, request: Command | ButtonPress) -> Outcome:
    """A new entry is to be written."""
    return OpenForm(form.text_form(ctx, {}))


def edit_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """An entry's text in one language is to be changed, or written; a draft that was begun goes on."""
    entry_id, language = request.action.args
    row = kept(ctx, entry_id)
    if not isinstance(row, EntryRow):
        return row
    if begun := _begun(ctx, row.id):
        return in_private(ctx, request, preview(ctx, begun, ctx.t("You are changing this answer already:")))
    context = {"entry": row.id, "version": str(row.version)}
    wording = library.from_json(row.content).wordings.get(language)
    return OpenForm(form.text_form(ctx, context, wording, language))


def from_question(ctx: Context, request: ButtonPress) -> Outcome:
    """The form of a new entry, filled with a question and the team's latest answer to it."""
    question = questions.get_question(ctx.tx, int(request.action.args[0]))
    turns = questions.list_turns(ctx.tx, question.id) if question else []
    answer = next((turn.text for turn in reversed(turns) if turn.from_team), "")
    if question is None or not answer:
        return Toast(ctx.t.label("This question is not kept any more."))
    asked = " ".join(question.text.split())[: form.ASK_LENGTH]
    language = question.language if question.language in form.LANGUAGES else ctx.hub.language
    wording = Wording(title_from(question.text), (asked,), answer.strip())
    return OpenForm(form.text_form(ctx, {"question": str(question.id)}, wording, language))


def details_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """An entry's details are to be changed: as a draft, so that they are seen before."""
    row = kept(ctx, request.action.args[0])
    if not isinstance(row, EntryRow):
        return row
    begun = _begun(ctx, row.id)
    entry = library.from_json(begun.content if begun else row.content)
    context = {"draft": str(begun.id)} if begun else {"entry": row.id, "version": str(row.version)}
    return OpenForm(form.details_form(ctx, context, entry))


def added_to_closest(ctx: Context, request: ButtonPress) -> Outcome:
    """What the draft is asked by goes to the entry that is close to it; its answer is dropped."""
    draft = own(ctx, request)
    row = kept(ctx, request.action.args[1])
    if draft is None:
        return gone(ctx)
    if not isinstance(row, EntryRow):
        return row
    begun = _begun(ctx, row.id)
    entry = library.from_json(begun.content if begun else row.content)
    for language, wording in library.from_json(draft.content).wordings.items():
        entry = with_asks(entry, language, (wording.title, *wording.ask))
    faq_drafts.remove_draft(ctx.tx, draft.id, ctx.person.id)
    now = _keep(ctx, begun, entry, row.id, row.version)
    return structs.replace(preview(ctx, now), placement="replace")


# Writing it


def text_written(ctx: Context, request: FormSubmitted) -> Outcome:
    """The text came: into the draft, or as a new one; then it is shown as people will see it."""
    return _written(ctx, request, form.read_text)


def details_written(ctx: Context, request: FormSubmitted) -> Outcome:
    """The details came; the draft is shown again."""
    return _written(ctx, request, form.read_details)


def _written(ctx: Context, request: FormSubmitted, read: form.Read) -> Outcome:
    context = request.context
    entry_id, version = context.get("entry", ""), int(context.get("version", "0"))
    draft = _of_form(ctx, context)
    if draft is None and "draft" in context:
        return say(ctx, ctx.t("This draft is not there any more."))
    before = _before(ctx, draft, entry_id, version)
    if not may_keep(ctx, before):
        return refusal(ctx, "manager", f"answer {before.id}")
    written = read(ctx, request, before)
    if isinstance(written, FormErrors):
        return written
    if not (draft.entry_id if draft else entry_id):
        title = next(iter(written.wordings.values())).title
        written = structs.replace(written, id=free_id(ctx.tx, title))
    question = int(context["question"]) if "question" in context else None
    return preview(ctx, _keep(ctx, draft, _looked_at(ctx, before, written), entry_id, version, question))


def _of_form(ctx: Context, context: dict[str, str]) -> Draft | None:
    """The draft that a form belongs to; one that was begun since the form was opened, too."""
    if "draft" in context:
        return faq_drafts.get_draft(ctx.tx, int(context["draft"]), ctx.person.id)
    return _begun(ctx, context["entry"]) if "entry" in context else None


def _before(ctx: Context, draft: Draft | None, entry_id: str, version: int) -> Entry:
    """What a form was opened on: the draft, the entry as it was then, or an entry without text."""
    if draft:
        return library.from_json(draft.content)
    if known := faq.get_version(ctx.tx, entry_id, version):
        return library.from_json(known.content)
    return Entry("", owner="manager" if ctx.may("manager") else "project", as_of=today(ctx))


def _looked_at(ctx: Context, before: Entry, written: Entry) -> Entry:
    """Who writes an answer has looked whether it is true."""
    same = all(
        before.wordings.get(name) and before.wordings[name].answer.strip() == each.answer.strip()
        for name, each in written.wordings.items()
    )
    if same:
        return written
    by = written.review_by
    return structs.replace(
        written, reviewed=today(ctx), review_by=by if by and by > today(ctx) else today(ctx) + REVIEWED_FOR
    )


def with_asks(entry: Entry, language: str, asks: Sequence[str]) -> Entry:
    """Return the entry with more ways to ask, in a language if it has that, otherwise in the one it has."""
    language = language if language in entry.wordings else next(iter(entry.wordings))
    wording = entry.wordings[language]
    known = {conflicts.folded(each) for each in (wording.title, *wording.ask)}
    new = tuple(ask for ask in asks if conflicts.folded(ask) not in known)
    return form.with_wording(entry, language, structs.replace(wording, ask=(*wording.ask, *new)))


def change_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """The draft's text in a language is to be changed, or written."""
    draft = own(ctx, request)
    if draft is None:
        return gone(ctx)
    language = request.action.args[1]
    wording = library.from_json(draft.content).wordings.get(language)
    return OpenForm(form.text_form(ctx, {"draft": str(draft.id)}, wording, language))


def draft_details_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """The draft's details are to be changed."""
    draft = own(ctx, request)
    if draft is None:
        return gone(ctx)
    return OpenForm(form.details_form(ctx, {"draft": str(draft.id)}, library.from_json(draft.content)))


def opened(ctx: Context, request: ButtonPress) -> Outcome:
    """A draft is to be seen again."""
    draft = own(ctx, request)
    return in_private(ctx, request, preview(ctx, draft)) if draft else gone(ctx)


def discarded(ctx: Context, request: ButtonPress) -> Outcome:
    """Forget a draft."""
    if not faq_drafts.remove_draft(ctx.tx, int(request.action.args[0]), ctx.person.id):
        return gone(ctx)
    return structs.replace(say(ctx, ctx.t("Discarded; nobody saw it.")), placement="replace")


# Whose it is


def own(ctx: Context, request: ButtonPress) -> Draft | None:
    """Return the acting person's draft that a button stands under."""
    return faq_drafts.get_draft(ctx.tx, int(request.action.args[0]), ctx.person.id)


def gone(ctx: Context) -> Toast:
    """Say that a draft is published or discarded by now."""
    return Toast(ctx.t.label("This draft is not there any more."))


def in_private(ctx: Context, request: Request, reply: Reply) -> Outcome:
    """Show a draft to its author: in their direct chat, wherever they are."""
    if ctx.chat.kind == "direct":
        return reply
    direct = ctx.open_direct_chat()
    if direct is None:
        return Toast(ctx.t.label("Write to me directly once, then I can answer you there."), start="hello")
    ctx.send(direct, f"{request.delivery_key}:draft", reply, lane=REPLY)
    return structs.replace(say(ctx, ctx.t("I have written to you in private.")), audience="person")


def _begun(ctx: Context, entry_id: str) -> Draft | None:
    drafts = faq_drafts.list_drafts_of(ctx.tx, ctx.person.id)
    return next((draft for draft in drafts if draft.entry_id == entry_id), None)


def _keep(
    ctx: Context, draft: Draft | None, entry: Entry, entry_id: str, version: int, question: int | None = None
) -> Draft:
    """Keep a draft as it is now, a new one where there is none."""
    content = library.to_json(entry)
    if draft is None:
        number = faq_drafts.add_draft(
            ctx.tx, ctx.person.id, entry_id, content, ctx.now, based_on=version, question_id=question
        )
        kept_now = faq_drafts.get_draft(ctx.tx, number, ctx.person.id)
    else:
        kept_now = faq_drafts.mark_draft(ctx.tx, draft.id, content, ctx.now)
    if kept_now is None:
        raise LookupError(f"the draft of {entry.id} is gone")
    return kept_now
