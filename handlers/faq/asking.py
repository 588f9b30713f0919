"""Questions that have no sure answer: did you mean, and shall I ask the team."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Request, TextMessage
from handlers.core.router import meant
from handlers.core.ui import Action, Button, Controls, OpenForm, Outcome, Reply, Section, Text, Toast, join
from handlers.faq import team, waiting
from handlers.retrieval.fold import words
from handlers.retrieval.language import is_foreign
from handlers.retrieval.smalltalk import is_small_talk
from storage import faq_drafts, questions
from storage.questions import Question

MOST_TITLES = 3
FEWEST_LETTERS = 2


def unknown(ctx: Context, request: TextMessage) -> Outcome:
    """Admit it, and offer to ask the team; what is no question at all gets a word of help."""
    if is_foreign(request.text):
        return say(ctx, ctx.t("I speak German and English. / Ich spreche Deutsch und Englisch."))
    if len(request.text) > team.QUESTION_LENGTH:
        return say(ctx, ctx.t("That is a lot at once. **What is your question**, in a sentence or two?"))
    letters = sum(map(str.isalpha, request.text))
    if letters < FEWEST_LETTERS or is_small_talk(words(request.text)):
        return say(ctx, ctx.t("Ask me something about the hub, or write **help**."))
    return offer_team(ctx, request, ctx.t("I do not know that."))


def offer_team(ctx: Context, request: TextMessage, admitted: Text, entry: str = "") -> Reply:
    """Offer to ask the team, and say who will read it; ``entry`` is what it was about, without an answer yet."""
    draft = team.keep(ctx, request, request.text, "unknown", entry)
    return say(ctx, join(admitted, offer(ctx), separator=" "), *yes_or_no(ctx, draft))


def offer(ctx: Context) -> Text:
    """The offer in words: who will read it, and when an answer comes."""
    when = waiting.usually(ctx)
    return ctx.t("Shall I ask the team? The community managers read it and mostly answer {when}.", when=when)


def yes_or_no(ctx: Context, draft: int) -> tuple[Button, ...]:
    """The two answers to that offer."""
    return (
        Button(ctx.t.label("Yes, ask"), Action.of("faq:yes", draft), "primary"),
        Button(ctx.t.label("No"), Action.of("faq:no", draft)),
    )


def agreed(ctx: Context, request: ButtonPress) -> Outcome:
    """Yes: the question goes to the team."""
    sent = team.send(ctx, int(request.action.args[0]))
    if isinstance(sent, Toast | OpenForm):
        return sent
    return structs.replace(say(ctx, sent), placement="replace")


def declined(ctx: Context, request: ButtonPress) -> Outcome:
    """No: the question is forgotten."""
    draft = questions.get_question(ctx.tx, int(request.action.args[0]))
    if draft and draft.asker_id != ctx.person.id:
        return Toast(ctx.t.label("Only the person who asked can do that."))
    if draft and not questions.remove_draft(ctx.tx, draft.id, ctx.person.id):
        return Toast(ctx.t.label("The team has this question already."))
    return structs.replace(say(ctx, ctx.t("Fine, then not.")), placement="replace")


def unsure(ctx: Context, request: TextMessage, keys: Sequence[str]) -> Outcome:
    """Did you mean one of these?"""
    found = {key: ctx.house.registry.intent(ctx, key) for key in keys}
    titles = {key: intent.titles.get(ctx.language, "") if intent else "" for key, intent in found.items()}
    offered = [key for key in keys if titles[key]][:MOST_TITLES]
    if not offered or (len(offered) == 1 and offered[0] != keys[0]):
        return unknown(ctx, request)  # what is closest has no answer yet, and little else is close
    draft = team.keep(ctx, request, request.text, "suggested", entry_of(offered[0]))
    question = ctx.t("Do you mean one of these?")
    picks = tuple(Button(titles[key], Action.of("faq:pick", key, draft)) for key in offered)
    human = Button(ctx.t.label("None of these, ask a human"), Action.of("faq:yes", draft))
    blocks = (Section(question), Controls(picks), Controls((human,)))
    return Reply(blocks=blocks, summary=summary_of(question), language=ctx.language)


def picked(ctx: Context, request: ButtonPress) -> Outcome:
    """One of them it was: as if it had been understood at once, in place of the question."""
    key, draft_id = request.action.args
    intent = ctx.house.registry.intent(ctx, key)
    if intent is None:
        return Toast(ctx.t.label("This button is from an older time. Write me, and I will show you a fresh one."))
    draft = questions.get_question(ctx.tx, int(draft_id))
    if draft and draft.asker_id != ctx.person.id:
        return Toast(ctx.t.label("Only the person who asked can do that."))
    text = draft.text if draft else intent.titles.get(ctx.language, "")
    fields = {name: getattr(request, name) for name in Request.__struct_fields__}
    outcome = meant(ctx, TextMessage(**fields, text=text), key)
    if draft:
        _learn(ctx, draft, entry_of(key))
    return structs.replace(outcome, placement="replace") if isinstance(outcome, Reply) else outcome


def entry_of(key: str) -> str:
    """Return the id of the entry that a key of the index is about; empty for what is none."""
    feature, _, entry_id = key.partition(":")
    return entry_id if feature == "faq" else ""


def _learn(ctx: Context, draft: Question, entry_id: str) -> None:
    """Note which one was meant: one more way to ask for it, if a manager agrees."""
    questions.mark_outcome(ctx.tx, draft.id, "picked", entry_id)
    questions.mark_uncounted(ctx.tx, ctx.person.id, draft.id, ctx.now)
    if entry_id and ctx.house.registry.intent(ctx, f"faq:{entry_id}"):
        faq_drafts.add_proposal(ctx.tx, entry_id, draft.id, "picked", ctx.now)
