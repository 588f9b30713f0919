"""An answer of the team may become an entry that everybody gets."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress
from handlers.core.ui import Action, Button, Outcome, Reply
from handlers.faq.naming import called
from storage import questions
from storage.questions import Question

NEW_ENTRY = "faq:entry-new"
"""Opens the form for a new entry, filled with the question of a number and the team's answer to it."""


def offer(ctx: Context, question: Question, answer: str) -> Reply:
    """The answer is out; the next step makes it an entry."""
    said = ctx.t("{who} has your answer. Shall it become an entry?", who=called(ctx, question.asker_id))
    make = Button(ctx.t.label("Make it an entry"), Action.of(NEW_ENTRY, question.id), "primary")
    later = Button(ctx.t.label("Not now"), Action.of("faq:entry-no", question.id))
    return structs.replace(say(ctx, said, make, later), audience="person")


def not_now(ctx: Context, request: ButtonPress) -> Outcome:
    """It stays an answer to one person."""
    question = questions.get_question(ctx.tx, int(request.action.args[0]))
    asker = called(ctx, question.asker_id if question else None)
    said = ctx.t("Fine. {who} has your answer; nobody else gets it.", who=asker)
    return structs.replace(say(ctx, said), placement="replace", audience="person")
