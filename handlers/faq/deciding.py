"""What managers do with a question: take it, answer it, give it back, turn it down."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.core.context import Context, mention
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, FormSubmitted
from handlers.core.texts import N_, Texts
from handlers.core.ui import Action, Button, Form, OpenForm, Outcome, Reply, TextField, Toast, plain
from handlers.faq import publishing
from handlers.faq.cards import VIEW, decided, person, shortened
from handlers.faq.team import answer_text, changed, tell_asker
from handlers.faq.waiting import asked_last, is_of_the_team
from storage import people, questions
from storage.outbox import REPLY
from storage.questions import Question

ANSWER_LENGTH = 2000
_LATE = {
    "open": N_("This question is free again."),
    "taken": N_("{who} has taken the question ({time})."),
    "answered": N_("{who} has answered the question ({time})."),
    "done": N_("{who} has answered the question ({time})."),
    "declined": N_("{who} decided that this is not for us ({time})."),
}


def taken(ctx: Context, request: ButtonPress) -> Outcome:
    """The first to press has it; the asker hears who it is."""
    question = _mark_taken(ctx, _id(request))
    if question is None:
        return _late(ctx, _id(request))
    if ctx.nameless:
        _tell_directly(ctx, request, question)
    return Toast(ctx.t.label("It is yours. Press Answer, or write your answer as a reply to the card."))


def _tell_directly(ctx: Context, request: ButtonPress, question: Question) -> None:
    """Say to whoever took it what it is about: the card in a group without names does not."""

    def build(t: Texts) -> Reply:
        answer = Button(t.label("Answer"), Action.of("faq:answer", question.id), "primary")
        return message(t, asked_last(ctx, t, question), answer)

    about = f"{VIEW}:{question.id}"
    ctx.notify(
        ctx.person.id, f"{request.delivery_key}:taken", build, lane=REPLY, near=ctx.open_direct_chat(), about=about
    )


def answer_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """Whoever took it answers; of an open one the first to press has it."""
    return _form_for(ctx, _id(request))


def publish_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """The same, and the answer is to become an entry."""
    return _form_for(ctx, _id(request), publish=True)


def _form_for(ctx: Context, question_id: int, *, publish: bool = False) -> Outcome:
    question = _mark_taken(ctx, question_id) or questions.get_question(ctx.tx, question_id)
    if question is None or (question.state, question.decided_by) != ("taken", ctx.person.id):
        return _late(ctx, question_id)
    return OpenForm(answer_form(ctx, question, publish=publish))


def _mark_taken(ctx: Context, question_id: int) -> Question | None:
    known = questions.get_question(ctx.tx, question_id)
    if known and not is_of_the_team(ctx, known.decided_by):  # whoever took it will never answer it
        questions.mark_returned_if_taken(ctx.tx, question_id, ctx.now)
    question = questions.mark_taken_if_open(ctx.tx, question_id, ctx.person.id, ctx.now)
    if question:
        changed(ctx, question)
        looking = N_("{who} is looking into your question.")
        tell_asker(ctx, question, f"taken:{ctx.person.id}", lambda t: t(looking, who=(ctx.name,)))
    return question


def declined(ctx: Context, request: ButtonPress) -> Outcome:
    """The question is none for the hub; the asker hears so politely."""
    question = questions.mark_declined_if_open(ctx.tx, _id(request), ctx.person.id, ctx.now)
    if question is None:
        return _late(ctx, _id(request))
    changed(ctx, question)
    tell_asker(
        ctx,
        question,
        "declined",
        lambda t: t(
            "The team has read your question and cannot help with it: “{text}”. Ask me about anything else.",
            text=shortened(question.text),
        ),
    )
    return Toast(ctx.t.label("{who} hears about it.", who=_asker_name(ctx, question)))


def returned(ctx: Context, request: ButtonPress) -> Outcome:
    """Whoever took it, or a lead, gives it back to all."""
    question = questions.get_question(ctx.tx, _id(request))
    mine = question is not None and _is_ones(ctx, question)
    free = questions.mark_returned_if_taken(ctx.tx, _id(request), ctx.now) if mine else None
    if free is None:
        return _late(ctx, _id(request))
    changed(ctx, free)
    return Toast(ctx.t.label("This question is free again."))


def left(ctx: Context, person_id: int) -> Mapping[str, int]:
    """Somebody is gone for good: the questions they took are free again."""
    taken_by_them = questions.list_taken_by(ctx.tx, person_id)
    for question in taken_by_them:
        if free := questions.mark_returned_if_taken(ctx.tx, question.id, ctx.now):
            changed(ctx, free)
    return {"questions": len(taken_by_them)}


def answered(ctx: Context, request: FormSubmitted) -> Outcome:
    """The answer goes to the asker, in the chat they used."""
    question_id, answer = int(request.context["question"]), request.values["answer"]
    question = questions.mark_answered_if_taken_by(ctx.tx, question_id, ctx.person.id, answer, ctx.now)
    if question is None:
        return _late(ctx, question_id)
    changed(ctx, question)
    reached = tell_asker(
        ctx,
        question,
        f"answer:{request.instance}",
        lambda t: answer_text(t, ctx.person, answer),
        (N_("Thanks, done"), Action.of("faq:done", question.id)),
        (N_("Ask further"), Action.of("faq:again", question.id)),
        lane=REPLY,
        report=f"faq:{question.id}",
    )
    if request.context.get("publish"):
        return publishing.offer(ctx, question, answer)
    asker = (mention(person(ctx, question.asker_id)),)
    if not reached:
        return say(ctx, ctx.t("I can't reach {who} any more. Your answer stands on the card.", who=asker))
    return say(ctx, ctx.t("{who} has your answer.", who=asker))


def closed(ctx: Context, request: ButtonPress) -> Outcome:
    """Whoever answered it, or a lead, says that it is done; the asker hears how to go on if it is not.

    A question asked further meanwhile is not done: the asker alone may say so then.
    """
    question = questions.get_question(ctx.tx, _id(request))
    mine = question is not None and question.state == "answered" and _is_ones(ctx, question)
    over = questions.mark_done_if_answered(ctx.tx, _id(request), "team", ctx.now) if mine else None
    if over is None:
        return _late(ctx, _id(request))
    changed(ctx, over)
    tell_asker(
        ctx,
        over,
        f"closed:{len(questions.list_turns(ctx.tx, over.id))}",
        lambda t: t("Your question is done, says {who}: “{text}”", who=(ctx.name,), text=shortened(over.text)),
        (N_("Ask further"), Action.of("faq:again", over.id)),
    )
    return Toast(ctx.t.label("Done; {who} hears of it.", who=_asker_name(ctx, over)))


def _is_ones(ctx: Context, question: Question) -> bool:
    """Is it for the acting person to end: theirs, a lead's, or everybody's whose taker has left the team?"""
    mine = question.decided_by == ctx.person.id or ctx.may("lead")
    return mine or not is_of_the_team(ctx, question.decided_by)


def _id(request: ButtonPress) -> int:
    return int(request.action.args[0])


def _asker_name(ctx: Context, question: Question) -> str:
    asker = people.get_person(ctx.tx, question.asker_id)
    return asker.name if asker else "?"


def answer_form(ctx: Context, question: Question, *, answer: str = "", publish: bool = False) -> Form:
    """The form for an answer, filled in as far as it is known."""
    asked = [turn.text for turn in questions.list_turns(ctx.tx, question.id) if not turn.from_team]
    field = TextField(
        "answer",
        ctx.t.label("Your answer"),
        hint=ctx.t.label("“{text}”", text=shortened([question.text, *asked][-1])),
        multiline=True,
        max_length=ANSWER_LENGTH,
        initial=answer,
    )
    context = {"question": str(question.id)} | ({"publish": "1"} if publish else {})
    title, submit = ctx.t.label("Answer the question"), ctx.t.label("Send")
    return Form("faq:answer", ctx.token(), title, (field,), submit, context, language=ctx.language)


def _late(ctx: Context, question_id: int) -> Toast:
    """Say who was faster, and when."""
    question = questions.get_question(ctx.tx, question_id)
    if question is None or question.state == "draft":
        return Toast(ctx.t.label("This question is not kept any more."))
    return Toast(plain(decided(ctx, question, _LATE[question.state])))
