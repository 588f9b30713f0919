"""How long a question waits: when an answer can be expected, and who is reminded that there is none yet."""

from __future__ import annotations

from datetime import timedelta

from handlers.core.context import Context, mention
from handlers.core.features import RIGHTS
from handlers.core.nameless import is_nameless
from handlers.core.replies import message
from handlers.core.texts import Texts
from handlers.core.ui import Action, Button, Reply, Text, join
from handlers.dates.working import spoken_clock, spoken_day_ahead
from handlers.faq.cards import VIEW, person, shortened
from storage import chats, places, questions, roles
from storage.questions import Question

REMINDER, OVERDUE = "faq.waiting", "faq.overdue"
PATIENCE = timedelta(hours=4)
"""Working hours after which the team is reminded, and as many later the leads."""

ROOM = timedelta(hours=2)
"""Working hours that must be left of a day for an answer on it."""

WAITING = ("open", "taken")


def usually(ctx: Context) -> str:
    """When the team mostly answers what is asked now: ``heute bis 18 Uhr``, ``morgen``, ``am Montag``."""
    working, today = ctx.hub.working_time, ctx.now.astimezone(ctx.zone).date()
    day = working.day_with(ctx.now, ROOM)
    match (day - today).days:
        case 0:
            return ctx.t.label("today by {time}", time=spoken_clock(working.hours.end, ctx.language))
        case 1:
            return ctx.t.label("tomorrow")
    return ctx.t.label("on {day}", day=spoken_day_ahead(day, today, ctx.language))


def begins(ctx: Context, question_id: int) -> None:
    """Somebody waits for an answer from now on."""
    ctx.schedule(REMINDER, str(question_id), ctx.hub.working_time.after(ctx.now, PATIENCE))
    ctx.unschedule(OVERDUE, str(question_id))


def ends(ctx: Context, question_id: int) -> None:
    """Nobody waits any more."""
    ctx.unschedule(REMINDER, str(question_id))
    ctx.unschedule(OVERDUE, str(question_id))


def is_of_the_team(ctx: Context, person_id: int | None) -> bool:
    """May somebody who took a question still answer it?"""
    return person_id is not None and bool(roles.list_roles(ctx.tx, person_id) & RIGHTS["manager"])


def remind(ctx: Context, question_id: str) -> None:
    """Bring a question to mind that waits: to whoever has taken it, else in the team's chats."""
    question = questions.get_question(ctx.tx, int(question_id))
    if question is None or question.state not in WAITING:
        return
    ctx.schedule(OVERDUE, question_id, ctx.hub.working_time.after(ctx.now, PATIENCE))
    if question.state == "taken" and _taker_reminded(ctx, question):
        return
    if free := questions.mark_returned_if_taken(ctx.tx, question.id, ctx.now):
        ctx.touch_post(f"question:{free.id}")  # whoever took it is not of the team any more, or can't be reached
        ctx.touch_homes(managers=True)
    _remind_team(ctx, question)


def tell_leads(ctx: Context, question_id: str) -> None:
    """Tell the leads of a question that waits although the team was reminded."""
    question = questions.get_question(ctx.tx, int(question_id))
    if question is None or question.state not in WAITING:
        return
    taker = person(ctx, question.decided_by)

    def build(t: Texts) -> Reply:
        asked = asked_last(ctx, t, question)
        if question.state == "taken":
            said = t("{who} has taken this question and has not answered for long:", who=(mention(taker),))
            return _message(t, said, asked, ("Give back", "faq:return"), question=question)
        said = t("Nobody has taken this question for long:")
        return _message(t, said, asked, ("Take", "faq:take"), ("Answer", "faq:answer"), question=question)

    ctx.tell_leads(_key(ctx, question, "overdue"), build)


def _taker_reminded(ctx: Context, question: Question) -> bool:
    """Remind whoever has taken a question; False if they are not of the team any more, or can't be reached."""
    taker = question.decided_by
    if taker is None or not is_of_the_team(ctx, taker):
        return False

    def build(t: Texts) -> Reply:
        said, asked = (
            t("You have taken this question, and its answer is still missing:"),
            asked_last(ctx, t, question),
        )
        return _message(t, said, asked, ("Answer", "faq:answer"), ("Give back", "faq:return"), question=question)

    return ctx.notify(taker, _key(ctx, question, "reminder"), build, about=f"{VIEW}:{question.id}")


def _remind_team(ctx: Context, question: Question) -> None:
    t = ctx.t
    for place in places.list_places(ctx.tx, "managers"):
        chat = chats.get_chat(ctx.tx, place.chat_id)
        if chat is None:
            continue
        hidden = is_nameless(ctx.hub, chat)
        asked = (
            t("_What it is about I say directly: write me **questions**._")
            if hidden
            else asked_last(ctx, t, question)
        )
        reminder = _message(
            t,
            t("This question still waits for an answer:"),
            asked,
            ("Take", "faq:take"),
            ("Answer", "faq:answer"),
            question=question,
        )
        key = f"{_key(ctx, question, 'reminder')}:{chat.id}:{place.thread}"
        ctx.send(chat, key, reminder, thread=place.thread, about="" if place.thread else f"{VIEW}:{question.id}")


def asked_last(ctx: Context, t: Texts, question: Question) -> Text:
    """Who asked what, the latest of it."""
    further = [turn.text for turn in questions.list_turns(ctx.tx, question.id) if not turn.from_team]
    text = shortened([question.text, *further][-1])
    return join((mention(person(ctx, question.asker_id)),), t("“{text}”", text=text), separator=": ")


def _message(t: Texts, said: Text, asked: Text, *buttons: tuple[str, str], question: Question) -> Reply:
    shown = (Button(t.label(label), Action.of(name, question.id)) for label, name in buttons)
    return message(t, join(said, asked, separator="\n"), *shown)


def _key(ctx: Context, question: Question, what: str) -> str:
    """Once for each time that somebody began to wait: a further question is a new one."""
    return f"question:{question.id}:{what}:{len(questions.list_turns(ctx.tx, question.id))}"
