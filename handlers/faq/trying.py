"""Trying a draft: which answer a question would get with it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, FormSubmitted
from handlers.core.ui import Action, Button, Form, OpenForm, Outcome, Text, TextField, join
from handlers.faq import conflicts, library
from handlers.faq.drafting import gone, own
from handlers.faq.entries import Entry
from handlers.retrieval.index import Ranked, Verdict
from storage import faq_drafts

TRY = "faq:tried"
QUESTION_LENGTH = 500
MOST_TITLES = 3


def wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Somebody wants to see what a question would get."""
    draft = own(ctx, request)
    if draft is None:
        return gone(ctx)
    field = TextField(
        "question",
        ctx.t.label("Ask as people would"),
        hint=ctx.t.label("I say which answer it would get with your draft."),
        max_length=QUESTION_LENGTH,
    )
    context = {"draft": str(draft.id)}
    title, submit = ctx.t.label("Try the draft"), ctx.t.label("Ask")
    return OpenForm(Form(TRY, ctx.token(), title, (field,), submit, context, ctx.language))


def tried(ctx: Context, request: FormSubmitted) -> Outcome:
    """Say what the question would get."""
    draft = faq_drafts.get_draft(ctx.tx, int(request.context["draft"]), ctx.person.id)
    if draft is None:
        return say(ctx, ctx.t("This draft is not there any more."))
    entry, text = library.from_json(draft.content), request.values["question"]
    said = _said(ctx, entry, *conflicts.ranked_with(ctx, entry, text))
    buttons = (
        Button(ctx.t.label("Try another"), Action.of("faq:try", draft.id)),
        Button(ctx.t.label("To the draft"), Action.of("faq:draft", draft.id)),
    )
    return say(ctx, join(ctx.t("“{text}”", text=text), said, separator="\n"), *buttons)


def _said(ctx: Context, entry: Entry, verdict: Verdict, ranked: Sequence[Ranked]) -> Text:
    titles = {each.key: conflicts.title(ctx, each.key) for each in ranked}
    titles[entry.key] = entry.wording(ctx.language).title
    match verdict:
        case "answer" if ranked[0].key == entry.key:
            return ctx.t("**Your draft** answers this.")
        case "answer":
            return ctx.t("**{title}** answers this, not your draft.", title=titles[ranked[0].key] or "?")
        case "ask_back":
            offered = [titles[each.key] for each in ranked if titles[each.key]][:MOST_TITLES]
            lead = ctx.t("I would ask back:")
            return join(lead, *(ctx.t("**{title}**", title=title) for title in offered), separator="\n")
    return ctx.t("I would not know. Maybe it needs another way to ask.")
