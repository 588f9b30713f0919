"""The team's view of questions: cards, lists, and the home page."""

from __future__ import annotations

from msgspec import structs

from handlers.core.context import NOBODY, Context, mention
from handlers.core.moments import spoken_time
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, Command
from handlers.core.texts import N_
from handlers.core.ui import Action, Block, Button, Controls, Outcome, Reply, Section, Text, join
from storage import chats, people, questions
from storage.people import Person
from storage.questions import Question

VIEW = "faq.question"
LISTED = 5
QUOTED = 100
QUOTED_IN_LIST = 300
QUOTED_ON_CARD = 2500
QUOTED_TURN = 500
SHOWN_TURNS = 2
"""A card shows the latest exchange, so that it fits one message with its outcome (Telegram: 4,096 characters)."""

_LANGUAGES = {"de": N_("German"), "en": N_("English")}
_DECIDED = {
    "taken": N_("_Taken by {who}, {time}_"),
    "answered": N_("_Answered by {who}, {time}_"),
    "done": N_("_Answered by {who}, and {asker} is content_"),
    "closed": N_("_Answered by {who} and closed, {time}_"),
    "declined": N_("_Not for us, says {who}, {time}_"),
}


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The card of a question, as it stands."""
    question = questions.get_question(ctx.tx, int(subject_id))
    if question is None or question.state == "draft":
        return None
    blocks = _blocks(ctx, question, QUOTED_ON_CARD, hidden=ctx.nameless)
    named = ctx.t.label("A question: {text}", text=question.text)
    summary = ctx.t.label("A question to the team") if ctx.nameless else named
    return Reply(blocks=blocks, summary=summary_of(summary), language=ctx.language)


def listed(ctx: Context, request: Command | ButtonPress) -> Outcome:
    """The questions that nobody has taken, the oldest first."""
    count = questions.get_open_count(ctx.tx)
    if not count:
        return structs.replace(say(ctx, ctx.t("There are no open questions.")), audience="person")
    head = ctx.t.plural("**One question** is open.", "**{n} questions** are open.", count)
    blocks: list[Block] = [Section(head)]
    for question in questions.list_open(ctx.tx, LISTED):
        blocks += _blocks(ctx, question, QUOTED_IN_LIST)
    return Reply(blocks=tuple(blocks), summary=summary_of(head), audience="person", language=ctx.language)


def home(ctx: Context) -> tuple[Block, ...]:
    """Own questions that are with the team; for managers also how many wait."""
    blocks: list[Block] = []
    if own := questions.list_waiting_of(ctx.tx, ctx.person.id):
        lines = [ctx.t("“{text}”", text=shortened(question.text)) for question in own]
        blocks.append(Section(join(ctx.t("**With the team:**"), *lines, separator="\n")))
    if ctx.may("manager"):
        count = questions.get_open_count(ctx.tx)
        if count:
            text = ctx.t.plural("**One question** is open.", "**{n} questions** are open.", count)
            see = Button(ctx.t.label("See the questions"), Action("faq:list"))
            blocks += [Section(text), Controls((see,))]
        else:
            blocks.append(Section(ctx.t("There are no open questions.")))
    return tuple(blocks)


def on_place(ctx: Context, purpose: str) -> Text | None:
    """A new chat of the team gets the cards of all that waits."""
    waiting = questions.list_waiting(ctx.tx) if purpose == "managers" else []
    for question in waiting:
        ctx.show(f"question:{question.id}", VIEW, ctx.chat, thread=ctx.thread)
    if not waiting:
        return None
    return ctx.t.plural("One question is waiting already.", "{n} questions are waiting already.", len(waiting))


def _blocks(ctx: Context, question: Question, quoted: int, *, hidden: bool = False) -> tuple[Block, ...]:
    asker = person(ctx, question.asker_id)
    head = ctx.t(
        "Question from {who} ({platform}, {language}):",
        who=(mention(asker),),
        platform=_platform(ctx, question),
        language=ctx.t.label(_LANGUAGES.get(question.language, "English")),
    )
    quote = ctx.t("“{text}”", text=cut(question.text, quoted))
    if hidden:
        quote = ctx.t("_What it is about I say directly: write me **questions**._")
    blocks: list[Block] = [Section(join(head, quote, separator="\n"))]
    turns = [] if hidden else questions.list_turns(ctx.tx, question.id)[-SHOWN_TURNS:]
    for turn in turns:
        who, text = (mention(person(ctx, turn.person_id)),), cut(turn.text, QUOTED_TURN)
        asked = ctx.t("{who} asks further: “{text}”", who=who, text=text)
        blocks.append(Section(join(who, text, separator=": ") if turn.from_team else asked))
    if question.state in _DECIDED:
        closed = question.state == "done" and question.ended_by == "team"
        blocks.append(Section(decided(ctx, question, _DECIDED["closed" if closed else question.state])))
    return (*blocks, *_buttons(ctx, question))


def decided(ctx: Context, question: Question, sentence: str) -> Text:
    """Say who decided on a question, and when."""
    return ctx.t(
        sentence,
        who=(mention(person(ctx, question.decided_by)),),
        asker=(mention(person(ctx, question.asker_id)),),
        time=spoken_time(question.changed_at, ctx.now, ctx.zone, ctx.language),
    )


def _buttons(ctx: Context, question: Question) -> tuple[Controls, ...]:
    """What the team can do with it now, in rows that a phone shows whole."""
    answer = Button(ctx.t.label("Answer"), Action.of("faq:answer", question.id))
    publish = Button(ctx.t.label("Answer and publish"), Action.of("faq:publish", question.id))
    match question.state:
        case "open":
            take = Button(ctx.t.label("Take"), Action.of("faq:take", question.id), "primary")
            decline = Button(ctx.t.label("Not for us"), Action.of("faq:decline", question.id))
            return Controls((take, answer)), Controls((publish, decline))
        case "taken":
            give_back = Button(ctx.t.label("Give back"), Action.of("faq:return", question.id))
            return Controls((structs.replace(answer, style="primary"), publish)), Controls((give_back,))
        case "answered":
            return (Controls((Button(ctx.t.label("Done"), Action.of("faq:close", question.id)),)),)
    return ()


def person(ctx: Context, person_id: int | None) -> Person:
    """The person, or a stand-in for somebody who asked to be forgotten."""
    known = people.get_person(ctx.tx, person_id) if person_id else None
    return known or structs.replace(NOBODY, name=ctx.t.label("somebody"))


def _platform(ctx: Context, question: Question) -> str:
    chat = chats.get_chat(ctx.tx, question.chat_id) if question.chat_id else None
    return chat.platform.title() if chat else "?"


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    return cut(" ".join(text.split()), QUOTED)


def cut(text: str, most: int) -> str:
    """A text in at most so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
