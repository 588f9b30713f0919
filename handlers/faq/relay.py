"""What is said without a button: an answer typed below the card, and what the asker writes back.

Of what managers write below a card, only what its taker wrote is read, and it goes nowhere before they say so.
"""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.features import RIGHTS
from handlers.core.payloads import dump_form, load_form, load_message
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, Delivered, FormSubmitted, Request, TextMessage, Undeliverable
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, Nothing, Outcome, Reply, TextField, Toast
from handlers.faq.cards import person, shortened
from handlers.faq.deciding import ANSWER_LENGTH, answer_form, answered
from handlers.faq.team import BACK, QUESTION_LENGTH, further, too_long
from handlers.retrieval.fold import words
from handlers.retrieval.smalltalk import is_small_talk
from storage import arrivals, forms, outbox, questions
from storage.arrivals import Arrival
from storage.outbox import REPLY
from storage.questions import Question
from storage.rows import Transaction

# --- the team's side ---


def is_takers(tx: Transaction, request: TextMessage, question_id: str) -> bool:
    """Is it by whoever has taken the question and has not ended it?"""
    question, writer = questions.get_question(tx, int(question_id)), _writer(tx, request)
    return (
        question is not None
        and writer is not None
        and question.state in ("taken", "answered")
        and question.decided_by == writer.person.id
        and bool(writer.roles & RIGHTS["manager"])
        and bool(request.text.strip())
    )


def typed(ctx: Context, request: TextMessage, question_id: str) -> Outcome | None:
    """The taker wrote below the card: ask whether that is for the asker. Until then it is a form not sent in."""
    question, text = questions.get_question(ctx.tx, int(question_id)), request.text.strip()
    if question is None:
        return None
    if len(text) > ANSWER_LENGTH:
        return say(ctx, too_long(ctx, text, ANSWER_LENGTH))
    form = answer_form(ctx, question, answer=text)
    forms.add_form(ctx.tx, form.instance, ctx.person.id, ctx.chat.id, ctx.thread, dump_form(form), ctx.now)
    quoted = "" if ctx.nameless else ctx.t("“{text}”", text=shortened(text))
    asked = message(
        ctx.t,
        ctx.t("**Send this to the asker?**\n{text}", text=quoted),
        Button(ctx.t.label("Send"), Action.of("faq:send", form.instance), "primary"),
        Button(ctx.t.label("No"), Action.of("faq:keep", form.instance)),
    )
    ctx.send(ctx.chat, _confirmation(form.instance), asked, thread=ctx.thread, lane=REPLY)
    return Nothing()


def confirmed(ctx: Context, request: ButtonPress) -> Outcome:
    """Yes: it goes to the asker, as if it had been written into the form."""
    row = _decided(ctx, request)
    if row is None:
        return _not_theirs(ctx, request)
    form = load_form(row.payload)
    fields = {name: getattr(request, name) for name in Request.__struct_fields__}
    typed_in = {field.name: field.initial for field in form.fields if isinstance(field, TextField)}
    outcome = answered(
        ctx,
        FormSubmitted(**fields, form=form.id, instance=form.instance, values=typed_in, context=form.context),
    )
    if ctx.nameless and isinstance(outcome, Reply):
        outcome = say(ctx, ctx.t("_It is on its way._"))
    if isinstance(outcome, Toast):
        outcome = say(ctx, outcome.text)
    return structs.replace(outcome, placement="replace") if isinstance(outcome, Reply) else outcome


def kept_back(ctx: Context, request: ButtonPress) -> Outcome:
    """No: it stays among the team, and nothing of it is kept."""
    if _decided(ctx, request) is None:
        return _not_theirs(ctx, request)
    return structs.replace(say(ctx, ctx.t("_Not sent; it stays among you._")), placement="replace")


def _decided(ctx: Context, request: ButtonPress) -> forms.FormRow | None:
    """What was typed, once, if it is this person's; what was kept of it is forgotten."""
    row = forms.remove_form_of(ctx.tx, request.action.args[0], ctx.person.id)
    if row:
        outbox.clear_texts_by_key(ctx.tx, _confirmation(row.instance))
    return row


def _not_theirs(ctx: Context, request: ButtonPress) -> Toast:
    row = forms.get_form(ctx.tx, request.action.args[0])
    if row and row.person_id != ctx.person.id:
        return Toast(ctx.t.label("Only whoever wrote it can do that."))
    return Toast(ctx.t.label("That was decided already, or is too long ago."))


def _confirmation(instance: str) -> str:
    return f"faq-confirm:{instance}"


# --- the asker's side ---


def is_askers(tx: Transaction, request: TextMessage, question_id: str) -> bool:
    """Is it by the asker, about their question? In a group also without calling the bot, if it says something."""
    question, writer = questions.get_question(tx, int(question_id)), _writer(tx, request)
    if question is None or writer is None or question.asker_id != writer.person.id:
        return False
    if question.state not in ("open", "taken", "answered") or not any(map(str.isalnum, request.text)):
        return False
    return request.addressed or not (request.mentions or is_small_talk(words(request.text)))


def written_back(ctx: Context, request: TextMessage, question_id: str) -> Outcome | None:
    """It goes to whoever has the question; mere thanks ask whether it is done."""
    question, text = questions.get_question(ctx.tx, int(question_id)), request.text.strip()
    if question is None:
        return None
    if is_small_talk(words(text)):
        return _thanked(ctx, question)
    if len(text) > QUESTION_LENGTH:
        return say(ctx, too_long(ctx, text, QUESTION_LENGTH))
    return further(ctx, request, question, text)


def _thanked(ctx: Context, question: Question) -> Reply | None:
    if question.state != "answered":
        return None
    return say(
        ctx,
        ctx.t("Is that all you wanted to know?"),
        Button(ctx.t.label("Thanks, done"), Action.of("faq:done", question.id), "primary"),
        Button(ctx.t.label("Ask further"), Action.of("faq:again", question.id)),
    )


def arrived(ctx: Context, request: Delivered | Undeliverable) -> Outcome:
    """An answer that can't arrive in a group goes to the asker directly; else its writer hears of it."""
    question = questions.get_question(ctx.tx, int(request.subject.partition(":")[2]))
    row = outbox.get_row(ctx.tx, request.row)
    if question is None or row is None or isinstance(request, Delivered):
        return Nothing()
    answer = load_message(row.payload) if request.place.kind == "group" else None
    about = f"{BACK}:{question.id}"
    if isinstance(answer, Reply) and ctx.notify(
        question.asker_id, f"{row.key}:directly", lambda t: answer, report=row.report, about=about
    ):
        return Nothing()
    asker = (mention(person(ctx, question.asker_id)),)

    def build(t: Texts) -> Reply:
        return message(t, t("I can't reach {who} any more. Your answer stands on the card.", who=asker))

    if question.decided_by:
        ctx.notify(question.decided_by, f"{row.key}:lost", build)
    return Nothing()


def _writer(tx: Transaction, request: TextMessage) -> Arrival | None:
    """Who wrote it: somebody known, not blocked, in their own words."""
    actor = request.actor
    writer = arrivals.get_arrival(tx, actor.platform, actor.account, request.place.chat)
    return writer if writer and not writer.blocked and not request.forwarded else None
