"""The asker's side of a question to the team: sending it, hearing of it, asking further."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.nameless import is_nameless
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, Command, FormSubmitted, Request
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, Form, OpenForm, Outcome, Reply, Text, TextField, Toast, join
from handlers.faq import waiting
from handlers.faq.cards import VIEW, cut
from storage import chats, people, questions
from storage.outbox import NOTICE
from storage.people import Person
from storage.questions import Question

BACK = "faq.answer"
"""What the team writes to the asker is about ``faq.answer:number``: so it can be answered."""

MOST_WAITING = 10
"""Questions of one person that may be with the team at once."""

QUESTION_LENGTH = 2000

_ADDRESS = r"(?:the|das|ans|an das) team\b[:,]?"
ASK_ARGUMENTS = rf"(?:{_ADDRESS}.*)?"
"""What follows ``ask`` or ``frage`` when it is plain text and no sentence that merely begins so."""


def keep(ctx: Context, request: Request, text: str, outcome: str = "", entry: str = "") -> int:
    """Keep what somebody asked and what became of it, in case it is to go to the team; returns its id.

    Where the bot is no member it can't answer later, nor where a form came from: the direct chat is the place.
    """
    chat, thread = ctx.chat, ctx.thread
    if chat.kind == "group" and (request.place.reply_via or isinstance(request, FormSubmitted)):
        chat, thread = ctx.direct_chat(ctx.person.id, near=chat.platform) or chat, ""
    kept = cut(text, QUESTION_LENGTH)
    return questions.add_draft(
        ctx.tx, ctx.person.id, chat.id, thread, ctx.language, kept, ctx.now, outcome=outcome, entry=entry
    )


def send(ctx: Context, question_id: int) -> Text | Toast | OpenForm:
    """Give a draft to the team; returns what to say about it, or why it did not go."""
    draft = questions.get_question(ctx.tx, question_id)
    if draft is None:
        return OpenForm(_form(ctx))  # not kept any more: let it be written again
    if draft.asker_id != ctx.person.id:
        return Toast(ctx.t.label("Only the person who asked can do that."))
    if len(questions.list_waiting_of(ctx.tx, ctx.person.id)) >= MOST_WAITING:
        return Toast(ctx.t.label("The team has ten questions of yours already. One after the other, please."))
    question = questions.mark_open_if_draft(ctx.tx, question_id, ctx.now)
    if question is None:
        return Toast(ctx.t.label("The team has this question already."))
    shown = ctx.show_at_places("managers", f"question:{question.id}", VIEW)
    waiting.begins(ctx, question.id)
    changed(ctx, question)
    if not shown:
        return ctx.t(
            "Noted. The team has not connected me yet; its community managers will see the question once it has."
        )
    when = waiting.usually(ctx)
    if question.chat_id != ctx.chat.id or ctx.nameless:
        return ctx.t(
            "Your question is with the community managers, who mostly answer {when}."
            " The answer comes to our direct chat.",
            when=when,
        )
    return ctx.t(
        "Your question is with the community managers, who mostly answer {when}. The answer comes here.", when=when
    )


def changed(ctx: Context, question: Question) -> None:
    """Have everything that shows the question say how it stands; what has ended is waited for no more."""
    if question.state not in waiting.WAITING:
        waiting.ends(ctx, question.id)
    ctx.touch_post(f"question:{question.id}")
    ctx.touch_homes(question.asker_id, managers=True)


def tell_asker(
    ctx: Context,
    question: Question,
    what: str,
    text: Callable[[Texts], Text],
    *buttons: tuple[str, Action],
    lane: int = NOTICE,
    report: str = "",
) -> bool:
    """Tell the asker something once for each ``what``, in the chat they used, in their language.

    They can answer to it; returns False if they can't be reached.
    """
    asker = people.get_person(ctx.tx, question.asker_id)
    chat = chats.get_chat(ctx.tx, question.chat_id) if question.chat_id else None
    key, about = f"question:{question.id}:{what}", f"{BACK}:{question.id}"
    in_group = chat is not None and chat.kind == "group" and not is_nameless(ctx.hub, chat)

    def build(t: Texts) -> Reply:
        said = text(t)
        if asker and in_group:
            said = join((mention(asker),), said, separator=" – ")
        return message(t, said, *(Button(t.label(label), action) for label, action in buttons))

    if chat and in_group and chat.state == "open":
        texts = ctx.house.catalogues.texts(question.language)
        ctx.send(chat, key, build(texts), thread=question.thread, lane=lane, report=report, about=about)
        return True
    return ctx.notify(
        question.asker_id,
        key,
        build,
        lane=lane,
        report=report,
        near=chat,
        language=question.language,
        about=about,
    )


def answer_text(t: Texts, manager: Person | None, answer: str) -> Text:
    """An answer, as the asker reads it."""
    if manager is None:
        return t("**The team**: {answer}", answer=answer)
    return t("{manager} from the team: {answer}", manager=(mention(manager),), answer=answer)


def ask(ctx: Context, request: Command) -> Outcome:
    """``ask`` with a question goes straight to the team; without, the question is asked for."""
    text = re.sub(rf"^{_ADDRESS}\s*", "", request.text, flags=re.IGNORECASE).strip()
    if len(text) > QUESTION_LENGTH:
        return say(ctx, too_long(ctx, text, QUESTION_LENGTH))
    return _sent(ctx, request, text) if text else OpenForm(_form(ctx))


def too_long(ctx: Context, text: str, most: int) -> Text:
    """Say by how much a text has to be shortened."""
    return ctx.t("That is {length} characters; {most} fit. Please make it shorter.", length=len(text), most=most)


def form_wanted(ctx: Context, request: ButtonPress) -> Outcome:
    """The menu's button."""
    return OpenForm(_form(ctx))


def asked(ctx: Context, request: FormSubmitted) -> Outcome:
    """The question was written into the form."""
    return _sent(ctx, request, request.values["question"])


def _sent(ctx: Context, request: Request, text: str) -> Outcome:
    sent = send(ctx, keep(ctx, request, text))
    return sent if isinstance(sent, Toast | OpenForm) else say(ctx, sent)


def _form(ctx: Context) -> Form:
    field = TextField(
        "question",
        ctx.t.label("What would you like to know?"),
        hint=ctx.t.label("Community managers read it."),
        multiline=True,
        max_length=QUESTION_LENGTH,
    )
    title, submit = ctx.t.label("Ask the team"), ctx.t.label("Send")
    return Form("faq:ask", ctx.token(), title, (field,), submit, language=ctx.language)


def done(ctx: Context, request: ButtonPress) -> Outcome:
    """The asker is content."""
    question = _own(ctx, request.action.args[0])
    if question is None:
        return Toast(ctx.t.label("Only the person who asked can do that."))
    if settled := questions.mark_done_if_answered(ctx.tx, question.id, "asker", ctx.now):
        changed(ctx, settled)
    answers = [turn for turn in questions.list_turns(ctx.tx, question.id) if turn.from_team]
    if not answers:
        return Toast(ctx.t.label("The team has not answered yet."))
    manager = people.get_person(ctx.tx, answers[-1].person_id or 0)
    said = join(
        answer_text(ctx.t, manager, answers[-1].text), ctx.t("_Done. Glad that it helped._"), separator="\n"
    )
    return structs.replace(say(ctx, said), placement="replace")


def again(ctx: Context, request: ButtonPress) -> Outcome:
    """The asker wants to know more."""
    question = _own(ctx, request.action.args[0])
    if question is None:
        return Toast(ctx.t.label("Only the person who asked can do that."))
    field = TextField(
        "question", ctx.t.label("What else would you like to know?"), multiline=True, max_length=QUESTION_LENGTH
    )
    title, submit = ctx.t.label("Ask further"), ctx.t.label("Send")
    context = {"question": str(question.id)}
    return OpenForm(Form("faq:again", ctx.token(), title, (field,), submit, context, ctx.language))


def asked_again(ctx: Context, request: FormSubmitted) -> Outcome:
    """A further question goes to whoever answered, if they still may, otherwise to all."""
    question = _own(ctx, request.context["question"])
    if question is None:
        return say(ctx, ctx.t("This question is not kept any more. Ask it anew: **ask**."))
    return further(ctx, request, question, request.values["question"])


def further(ctx: Context, request: Request, question: Question, text: str) -> Outcome:
    """Hand on what the asker writes about their question, and say who has it now."""
    taker = question.decided_by
    if not waiting.is_of_the_team(ctx, taker):
        taker = None
    added = questions.add_further_if_waiting(ctx.tx, question.id, ctx.person.id, text, ctx.now)
    if added is None:
        added = questions.mark_asked_again_if_answered(ctx.tx, question.id, ctx.person.id, text, taker, ctx.now)
        if added is None:
            return say(ctx, ctx.t("This question has ended. Ask it anew: **ask**."))
        waiting.begins(ctx, added.id)
    if taker is None:  # whoever took it has left the team
        added = questions.mark_returned_if_taken(ctx.tx, added.id, ctx.now) or added
    changed(ctx, added)
    manager = people.get_person(ctx.tx, taker) if taker else None
    if manager is None or added.state == "open":
        return say(ctx, ctx.t("It is with the team."))
    _tell_manager(ctx, request, added, manager, text)
    return say(ctx, ctx.t("{who} has your question.", who=(mention(manager),)))


def _tell_manager(ctx: Context, request: Request, question: Question, manager: Person, text: str) -> None:
    def build(t: Texts) -> Reply:
        said = t("{who} asks further: “{text}”", who=(mention(ctx.person),), text=text)
        return message(t, said, Button(t.label("Answer"), Action.of("faq:answer", question.id), "primary"))

    ctx.notify(manager.id, f"{request.delivery_key}:again", build, about=f"{VIEW}:{question.id}")


def _own(ctx: Context, question_id: str) -> Question | None:
    question = questions.get_question(ctx.tx, int(question_id))
    return question if question and question.asker_id == ctx.person.id else None


def merged(ctx: Context, kept: int, gone: int) -> tuple[Text, ...]:
    """Two persons are one: hand over questions and answers."""
    questions.merge_questions(ctx.tx, kept, gone)
    return ()
