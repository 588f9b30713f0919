"""From an answer of the team to an entry that everybody gets."""

from __future__ import annotations

from handlers.core.context import Context, mention
from handlers.core.replies import say
from handlers.core.ui import Action, Button, Reply
from storage import people
from storage.questions import Question

NEW_ENTRY = "faq:entry-new"
"""Opens the form for a new entry, filled with a question of this number and its answer."""


def is_ready(ctx: Context) -> bool:
    """Can entries be written in chat?"""
    return NEW_ENTRY in ctx.house.registry.actions


def offer(ctx: Context, question: Question, answer: str) -> Reply:
    """The answer is out; the next step makes it an entry."""
    asker = people.get_person(ctx.tx, question.asker_id)
    said = ctx.t("{who} has your answer. Shall it become an entry?", who=(mention(asker),) if asker else "?")
    button = Button(ctx.t.label("Make it an entry"), Action.of(NEW_ENTRY, question.id), "primary")
    return say(ctx, said, *((button,) if is_ready(ctx) else ()))
