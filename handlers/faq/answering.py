"""Answers from the entries, and whether they helped."""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial

from msgspec import structs

from handlers.core.context import Context
from handlers.core.features import Intent
from handlers.core.markup import parse_markup
from handlers.core.moments import spoken_month
from handlers.core.replies import say, summary_of
from handlers.core.requests import ButtonPress, TextMessage
from handlers.core.texts import Texts
from handlers.core.ui import (
    Action,
    Block,
    Button,
    Controls,
    Nothing,
    OpenForm,
    Outcome,
    Picture,
    Reply,
    Section,
    Text,
    Toast,
    join,
    plain,
)
from handlers.faq import asking, library, team
from handlers.faq.entries import Entry
from handlers.retrieval.index import Way
from storage import faq_drafts, faq_figures, people, questions
from storage.faq import EntryRow

_SHOWN = 1024
"""Entries remembered as they are shown, by language and version."""


def find(ctx: Context, entry_id: str) -> Intent | None:
    """Return what is asked for under an entry's id, as the entry stands."""
    row = library.find(ctx.tx, entry_id)
    if row is None:
        return None
    entry = library.from_json(row.content)
    return Intent(Way(entry.key, ()), entry.titles if entry.filled else {}, partial(asked, row))


def asked(row: EntryRow, ctx: Context, request: TextMessage, key: str) -> Outcome:
    """Answer a question; what the hub has not filled in goes to people."""
    entry = library.from_json(row.content)
    if not entry.filled:
        admitted = ctx.t("I do not know that yet.")
        return asking.offer_team(ctx, request, admitted, entry.id) if request.addressed else Nothing()
    if withheld := _withheld(ctx, entry):
        return withheld if request.addressed else Nothing()
    args = (entry.id, str(team.keep(ctx, request, request.text, "answered", entry.id)))
    buttons = (
        Button(ctx.t.label("That helps"), Action("faq:helped", args)),
        Button(ctx.t.label("Does not help"), Action("faq:not", args)),
        Button(ctx.t.label("Ask a human"), Action("faq:human", args)),
    )
    return answer(ctx, row.content, Controls(buttons))


def helped(ctx: Context, request: ButtonPress) -> Outcome:
    """The answer was good: count it, and leave the answer without its buttons."""
    row = _counted(ctx, request, helped=True)
    if row is None:
        return _gone(ctx)
    return _replaced(ctx, row, Section(ctx.t("_Good to know, thanks._")))


def not_helped(ctx: Context, request: ButtonPress) -> Outcome:
    """The answer was none: count it, and offer the team."""
    row = _counted(ctx, request, helped=False)
    if row is None:
        return _gone(ctx)
    offered = join(ctx.t("Sorry about that."), asking.offer(ctx), separator=" ")
    buttons = asking.yes_or_no(ctx, int(request.action.args[1]))
    return _replaced(ctx, row, Section(offered), Controls(buttons))


def human(ctx: Context, request: ButtonPress) -> Outcome:
    """Straight to the team."""
    row = _pressed(ctx, request)
    sent = team.send(ctx, int(request.action.args[1]))
    if isinstance(sent, Toast | OpenForm):
        return sent
    return _replaced(ctx, row, Section(sent)) if row else structs.replace(say(ctx, sent), placement="replace")


def answer(ctx: Context, content: str, *below: Block) -> Reply:
    """Return the answer of an entry, given as its JSON, with something below it."""
    blocks, summary = shown(content, ctx.t)
    return Reply(blocks=(*blocks, *below), summary=summary, language=ctx.language)


@lru_cache(_SHOWN)
def shown(content: str, t: Texts) -> tuple[tuple[Block, ...], str]:
    """Return an entry's blocks and summary: the same for everybody who asks in a language."""
    entry = library.from_json(content)
    text = _text(entry, t)
    blocks: list[Block] = [Section(text)]
    if t.language not in entry.given:
        blocks.append(Section(t("_I have this answer in German only so far._")))
    if entry.picture:
        blocks.append(Picture(entry.picture, alt=entry.wording(t.language).title))
    return tuple(blocks), summary_of(text)


def as_text(entry: Entry, t: Texts) -> str:
    """Return what an entry says in a language, without any marks."""
    return plain(_text(entry, t))


def _text(entry: Entry, t: Texts) -> Text:
    return join(parse_markup(entry.answer(t.language)), *_known_since(t, entry), separator=" ")


def _known_since(t: Texts, entry: Entry) -> tuple[Text, ...]:
    """When the fact was true; who has not looked at it since says so."""
    as_of = entry.as_of
    if as_of is None:
        return ()
    if entry.reviewed is None or (isinstance(as_of, date) and entry.reviewed < as_of):
        known = str(as_of) if isinstance(as_of, int) else spoken_month(as_of, t.language)
        return (t("_As of {time}; please check with the hub._", time=known),)
    return (t("_As of {time}._", time=spoken_month(entry.reviewed, t.language)),)


def _withheld(ctx: Context, entry: Entry) -> Reply | None:
    """Say why somebody does not get an answer here that is for people of the hub."""
    if entry.audience == "public":
        return None
    if not is_of_the_hub(ctx):
        told = ctx.t("That is for people of the hub. If you are one, connect your Slack: write me **link**.")
        return structs.replace(say(ctx, told), audience="person")
    if ctx.chat.kind == "group" and (entry.audience == "direct" or not _is_read_by_the_hub(ctx)):
        told = ctx.t("That stays between us: write it to me directly.")
        return structs.replace(say(ctx, told), audience="person")
    return None


def is_of_the_hub(ctx: Context) -> bool:
    """Does the acting person belong to the hub? Its Slack says so, or a role; without Slack everybody does.

    Anybody may write to a bot on Telegram, so that an account there alone says nothing.
    """
    if ctx.roles - {"member"} or "slack" not in ctx.house.platforms:
        return ctx.may("member")
    return ctx.may("member") and people.has_account_on(
        ctx.tx, ctx.person.id, "slack", guests=ctx.hub.guests_are_members
    )


def _is_read_by_the_hub(ctx: Context) -> bool:
    """Do people of the hub read this group? In the hub's Slack; in a group on Telegram anybody may."""
    return ctx.chat.platform == "slack" or "slack" not in ctx.house.platforms


def _replaced(ctx: Context, row: EntryRow, *below: Block) -> Reply:
    """The same answer in place, with something else below it."""
    return structs.replace(answer(ctx, row.content, *below), placement="replace")


def _pressed(ctx: Context, request: ButtonPress) -> EntryRow | None:
    """The entry of a button, if it still has an answer, and that may be shown here."""
    row = library.find(ctx.tx, request.action.args[0])
    entry = library.from_json(row.content) if row else None
    return row if entry and entry.filled and not _withheld(ctx, entry) else None


def _counted(ctx: Context, request: ButtonPress, *, helped: bool) -> EntryRow | None:
    row = _pressed(ctx, request)
    if row:
        faq_figures.add_feedback(ctx.tx, row.id, ctx.now.astimezone(ctx.zone).date(), helped)
        if not helped:
            _note_missed(ctx, int(request.action.args[1]), row.id)
    return row


def _gone(ctx: Context) -> Outcome:
    return Toast(ctx.t.label("This button is from an older time. Write me, and I will show you a fresh one."))


def _note_missed(ctx: Context, question_id: int, entry_id: str) -> None:
    """Somebody says that an answer is none for their question: for managers to look at."""
    question = questions.get_question(ctx.tx, question_id)
    if question and question.asker_id == ctx.person.id and question.outcome != "not_helped":
        if not question.outcome and (picked := questions.mark_unpicked(ctx.tx, question, entry_id)):
            faq_drafts.remove_proposal_if_open(ctx.tx, picked)
        questions.mark_outcome(ctx.tx, question_id, "not_helped", entry_id)
        faq_drafts.add_proposal(ctx.tx, entry_id, question_id, "not_helped", ctx.now)
