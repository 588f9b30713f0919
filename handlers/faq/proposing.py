"""Questions that may be one more way to ask for an answer, and those that it did not help: a manager decides."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, FormSubmitted
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    Form,
    FormErrors,
    OpenForm,
    Outcome,
    Reply,
    Section,
    Text,
    TextField,
    Toast,
    join,
)
from handlers.faq import conflicts, form, library
from handlers.faq.drafting import with_asks
from handlers.faq.entries import Entry
from handlers.faq.finding import find
from handlers.faq.keepers import kept, may_keep
from handlers.faq.naming import named_in
from handlers.faq.preview import rows
from storage import faq, faq_drafts, people, questions
from storage.faq import EntryRow
from storage.faq_drafts import Proposal

REWORD, SEARCH = "faq:prop-text", "faq:prop-find"


def waiting(ctx: Context) -> list[tuple[Proposal, Entry]]:
    """Return what is proposed for answers that the acting person keeps, the oldest first."""
    found: list[tuple[Proposal, Entry]] = []
    for proposal in faq_drafts.list_proposals(ctx.tx):
        row = library.find(ctx.tx, proposal.entry_id)
        entry = library.from_json(row.content) if row else None
        if entry and may_keep(ctx, entry):
            found.append((proposal, entry))
    return found


def listed(ctx: Context, request: ButtonPress) -> Outcome:
    """The first proposal; or in place of one that was put off, the one after it."""
    after = int(request.action.args[0]) if request.action.args else 0
    return _next(ctx, after) if after else structs.replace(_next(ctx), placement="new")


def accepted(ctx: Context, request: ButtonPress) -> Outcome:
    """Yes: one more way to ask for the answer."""
    proposal = _open(ctx, request)
    return _add(ctx, proposal, proposal.entry_id, _line(proposal)) if proposal else _settled(ctx)


def moved(ctx: Context, request: ButtonPress) -> Outcome:
    """It is a way to ask for another answer."""
    proposal = _open(ctx, request)
    return _add(ctx, proposal, request.action.args[1], _line(proposal)) if proposal else _settled(ctx)


def refused(ctx: Context, request: ButtonPress) -> Outcome:
    """No, or looked at: it is proposed no more."""
    proposal = _open(ctx, request)
    if proposal is None:
        return _settled(ctx)
    faq_drafts.mark_proposal_if_open(ctx.tx, proposal.id, "refused")
    return _next(ctx, note=ctx.t("Fine, left out."))


def reword_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """It is to be added in other words."""
    proposal = _open(ctx, request)
    if proposal is None:
        return _settled(ctx)
    field = TextField(
        "text", ctx.t.label("Way to ask"), max_length=form.ASK_LENGTH, initial=_line(proposal)[: form.ASK_LENGTH]
    )
    title, submit = ctx.t.label("One more way to ask"), ctx.t.label("Add")
    context = {"proposal": str(proposal.id)}
    return OpenForm(Form(REWORD, ctx.token(), title, (field,), submit, context, ctx.language))


def reworded(ctx: Context, request: FormSubmitted) -> Outcome:
    """The other words came."""
    proposal = faq_drafts.get_proposal_if_open(ctx.tx, int(request.context["proposal"]))
    if proposal is None:
        return say(ctx, _settled(ctx).text)
    text = " ".join(request.values["text"].split())
    if problem := form.asks_problem(ctx, (text,) if conflicts.folded(text) else (), proposal.entry_id):
        return FormErrors({"text": problem})
    added = _add(ctx, proposal, proposal.entry_id, text)
    return structs.replace(added, placement="new") if isinstance(added, Reply) else added


def other_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Which answer is it a way to ask for, then?"""
    proposal = _open(ctx, request)
    if proposal is None:
        return _settled(ctx)
    found = [each for each in find(ctx, proposal.text) if each[0].id != proposal.entry_id]
    return structs.replace(_which(ctx, proposal, found), placement="replace")


def search_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """The right one is not among those offered."""
    proposal = _open(ctx, request)
    if proposal is None:
        return _settled(ctx)
    field = TextField("words", ctx.t.label("A few words of the answer’s question"), max_length=100)
    title, submit = ctx.t.label("Find an answer"), ctx.t.label("Search")
    context = {"proposal": str(proposal.id)}
    return OpenForm(Form(SEARCH, ctx.token(), title, (field,), submit, context, ctx.language))


def searched(ctx: Context, request: FormSubmitted) -> Outcome:
    """Words to find the right answer by came."""
    proposal = faq_drafts.get_proposal_if_open(ctx.tx, int(request.context["proposal"]))
    if proposal is None:
        return say(ctx, _settled(ctx).text)
    return _which(ctx, proposal, find(ctx, request.values["words"]))


def _add(ctx: Context, proposal: Proposal, entry_id: str, text: str) -> Outcome:
    """Add a way to ask, settle the proposal, and show the next."""
    row = kept(ctx, entry_id)
    if not isinstance(row, EntryRow):
        return row
    if problem := form.asks_problem(ctx, (text,), entry_id):
        return Toast(problem, alert=True)
    if not faq_drafts.mark_proposal_if_open(ctx.tx, proposal.id, "accepted"):
        return _settled(ctx)
    entry = library.from_json(row.content)
    content = library.to_json(with_asks(entry, proposal.language, (text,)))
    if content != row.content:
        faq.mark_changed_if_version(
            ctx.tx, row.id, row.version, content, ctx.now, state=row.state, author_id=ctx.person.id
        )
    title = entry.wording(ctx.language).title
    return _next(ctx, note=ctx.t("Added: “{text}” now leads to **{title}**.", text=text, title=title))


def _next(ctx: Context, after: int = 0, note: Text = "") -> Reply:
    """The next proposal, in place of the one that was decided."""
    found = waiting(ctx)
    if not found:
        said = join(note, ctx.t("There are no proposals."), separator="\n")
        return structs.replace(say(ctx, said), placement="replace", audience="person")
    proposal, entry = next((each for each in found if each[0].id > after), found[0])
    shown = _shown(ctx, proposal, entry, len(found))
    blocks = (Section(note), *shown.blocks) if note else shown.blocks
    return structs.replace(shown, blocks=blocks, placement="replace")


def _shown(ctx: Context, proposal: Proposal, entry: Entry, number: int) -> Reply:
    """A proposal, what it would do, and what can be done with it."""
    head = ctx.t.plural("**One proposal**", "**{n} proposals**", number)
    quote, title = ctx.t("“{text}”", text=_line(proposal)), entry.wording(ctx.language).title
    if proposal.why == "picked":
        lines = [ctx.t("{quote} → **{title}**", quote=quote, title=title), *_effects(ctx, proposal, entry)]
    else:
        lines = [ctx.t("{quote}: **{title}** did not help.", quote=quote, title=title)]
    blocks: list[Block] = [Section(join(head, *lines, separator="\n")), *rows(_buttons(ctx, proposal))]
    return Reply(blocks=tuple(blocks), summary=summary_of(head), audience="person", language=ctx.language)


def _effects(ctx: Context, proposal: Proposal, entry: Entry) -> list[Text]:
    lines = [
        ctx.t("Takes away: “{text}” from **{title}**", text=each.text, title=each.title)
        for each in conflicts.taken_away(ctx, entry.key, (proposal.text,))
    ]
    names = _names(ctx, proposal)
    return [*lines, *(ctx.t("**It names {name}**: everybody will read that.", name=name) for name in names)]


def _buttons(ctx: Context, proposal: Proposal) -> list[Button]:
    label, number = ctx.t.label, proposal.id
    other = Button(label("Other answer"), Action.of("faq:prop-other", number))
    later = Button(label("Later"), Action.of("faq:props", number))
    if proposal.why == "not_helped":
        see = Button(label("To the answer"), Action.of("faq:card", proposal.entry_id), "primary")
        done = Button(label("Done"), Action.of("faq:prop-no", number))
        return [see, other, done, later]
    reword = Button(label("Reword"), Action.of("faq:prop-word", number))
    no = Button(label("No"), Action.of("faq:prop-no", number))
    if len(_line(proposal)) > form.ASK_LENGTH or _names(ctx, proposal):
        return [reword, no, other, later]
    yes = Button(label("Yes, add"), Action.of("faq:prop-yes", number), "primary")
    return [yes, no, other, reword, later]


def _which(ctx: Context, proposal: Proposal, found: Sequence[tuple[EntryRow, Entry]]) -> Reply:
    """Answers to choose from, as the one that a proposal is a way to ask for."""
    lead = ctx.t("Which answer does “{text}” ask for?", text=_line(proposal))
    picks = [
        Controls((Button(entry.wording(ctx.language).title, Action.of("faq:prop-to", proposal.id, row.id)),))
        for row, entry in found
        if row.state == "live"
    ]
    below = [
        Button(ctx.t.label("Search"), Action.of("faq:prop-search", proposal.id)),
        Button(ctx.t.label("Later"), Action.of("faq:props", proposal.id)),
    ]
    return Reply(
        blocks=(Section(lead), *picks, *rows(below)),
        summary=summary_of(lead),
        audience="person",
        language=ctx.language,
    )


def _names(ctx: Context, proposal: Proposal) -> list[str]:
    question = questions.get_question(ctx.tx, proposal.question_id)
    asker = people.get_person(ctx.tx, question.asker_id) if question else None
    return named_in(proposal.text, [asker.name] if asker else [])


def _line(proposal: Proposal) -> str:
    return " ".join(proposal.text.split())


def _open(ctx: Context, request: ButtonPress) -> Proposal | None:
    return faq_drafts.get_proposal_if_open(ctx.tx, int(request.action.args[0]))


def _settled(ctx: Context) -> Toast:
    return Toast(ctx.t.label("Somebody has decided on this already."))
