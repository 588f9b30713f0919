"""The two forms of an entry, its text in one language and its details, and what is wrong with what was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from msgspec import structs

from handlers.core.context import Context
from handlers.core.markup import MarkupError, parse_markup
from handlers.core.requests import FormSubmitted
from handlers.core.texts import N_
from handlers.core.ui import ChoiceField, DateField, Field, Form, FormErrors, Option, TextField
from handlers.dates.reading import read_day
from handlers.faq import conflicts
from handlers.faq.entries import MAX_ANSWER, MAX_TITLE, Audience, Entry, Owner, Wording

TEXT, DETAILS = "faq:text", "faq:details"
ASK_LENGTH = 200
ASKS_SHOWN = 2500
"""Characters of ways to ask that a form shows; what is beyond stays as it is. A field of Slack holds 3,000."""

LONGEST_ANSWER = 2000
"""An answer of the team may be that long; for an entry it has to be shortened."""

OLDEST = 1990
REVIEW_AHEAD = timedelta(days=5 * 365)

LANGUAGES = {"de": N_("German"), "en": N_("English")}
AUDIENCES: Mapping[Audience, str] = {
    "public": N_("Everybody"),
    "members": N_("People of the hub"),
    "direct": N_("People of the hub, in direct chats only"),
}
OWNERS: Mapping[Owner, str] = {
    "manager": N_("Community managers"),
    "project": N_("Project managers"),
    "lead": N_("Leads"),
}
Read = Callable[[Context, FormSubmitted, Entry], Entry | FormErrors]
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+|\d+[.)]\s+)")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_UNCLOSED = ("**", "~~", "`", "](")


def text_form(
    ctx: Context, context: Mapping[str, str], wording: Wording | None = None, language: str = "", answer: str = ""
) -> Form:
    """Return the form of an entry's text.

    Args:
        ctx: Who is asked.
        context: What it belongs to: ``entry`` and ``version``, or ``draft``, or ``question``, or nothing.
        wording: The text as it is.
        language: Of the text, where it is clear; otherwise it is asked for.
        answer: Stands in the form where there is no text yet.
    """
    t = ctx.t
    asks = wording.ask if wording else ()
    shown = _shown(asks)
    given = wording.answer.strip() if wording and not wording.missing else answer
    hint = t.label("As people would type it, one a line.")
    if len(shown) < len(asks):
        hint = t.label("As people would type it, one a line. {n} more stay as they are.", n=len(asks) - len(shown))
    fields: tuple[Field, ...] = (
        TextField(
            "title",
            t.label("Question, as a title"),
            hint=t.label("At most 40 characters: it has to fit on a button."),
            max_length=MAX_TITLE,
            initial=wording.title if wording else "",
        ),
        TextField(
            "answer",
            t.label("The answer"),
            hint=t.label(
                "What matters first. {bold} is bold, {italic} is italic, {link} is a link.",
                bold="**…**",
                italic="_…_",
                link="[…](https://…)",
            ),
            multiline=True,
            max_length=MAX_ANSWER if len(given) <= MAX_ANSWER else LONGEST_ANSWER,
            initial=given,
        ),
        TextField(
            "ask",
            t.label("Other ways to ask"),
            hint=hint,
            multiline=True,
            max_length=3000,
            initial="\n".join(shown),
        ),
    )
    if not language:
        options = tuple(Option(t.label(name), key) for key, name in LANGUAGES.items())
        fields += (ChoiceField("language", t.label("Written in"), options, initial=ctx.language),)
    titles = {
        "": t.label("New answer"),
        "de": t.label("Answer in German"),
        "en": t.label("Answer in English"),
    }
    whole = {**context, "language": language, "kept": str(len(asks) - len(shown))}
    return Form(TEXT, ctx.token(), titles[language], fields, t.label("Preview"), whole, ctx.language)


def read_text(ctx: Context, request: FormSubmitted, entry: Entry) -> Entry | FormErrors:
    """Return the entry with the text of the form in it, or by field what to write instead."""
    values = {name: _UNSEEN.sub("", typed.replace("\r\n", "\n")) for name, typed in request.values.items()}
    language = request.context.get("language") or values["language"]
    before = entry.wordings.get(language)
    kept = int(request.context.get("kept", "0"))
    asks = _lines(values["ask"]) + list(before.ask[len(before.ask) - kept :] if before and kept else ())
    title = " ".join(values["title"].split())
    wording = Wording(title, _once(asks), values["answer"].replace("\t", " ").strip())
    errors = {
        "title": title_problem(ctx, wording.title, entry.id),
        "answer": answer_problem(ctx, wording.answer),
        "ask": asks_problem(ctx, wording.ask, entry.id),
    }
    if found := {name: problem for name, problem in errors.items() if problem}:
        return FormErrors(found)
    return with_wording(entry, language, wording)


def with_wording(entry: Entry, language: str, wording: Wording) -> Entry:
    """Return the entry with another text in a language."""
    return structs.replace(entry, **{language: wording})


def title_problem(ctx: Context, title: str, entry_id: str) -> str:
    """Say what is wrong with a title; empty if nothing."""
    if not title.endswith("?"):
        return ctx.t.label("A title is a question: end it with a question mark.")
    if len(title) > MAX_TITLE:
        return ctx.t.label("The title has {n} characters; {most} fit on a button.", n=len(title), most=MAX_TITLE)
    if not conflicts.folded(title):
        return ctx.t.label("Write the question in letters.")
    if other := conflicts.leads_to(ctx, (title,), entry_id):
        return ctx.t.label(
            "That leads to “{title}” already. Add to that answer, or ask it differently.", **_to(other)
        )
    return ""


def answer_problem(ctx: Context, answer: str) -> str:
    """Say what is wrong with an answer; empty if nothing."""
    if "[[" in answer or "]]" in answer:
        return ctx.t.label("Write the answer itself; [[ and ]] mark what is still missing.")
    if len(answer) > MAX_ANSWER:
        return ctx.t.label(
            "The answer has {n} characters; {most} fit. Keep what matters, and link the rest.",
            n=len(answer),
            most=MAX_ANSWER,
        )
    try:
        parse_markup(answer)
    except MarkupError as problem:
        rest = answer[problem.position :]
        sign = next((sign for sign in _UNCLOSED if rest.startswith(sign)), "")
        if sign:
            return ctx.t.label(
                "{sign} is opened before “{text}” and not closed. Close it, or leave it out.",
                sign=sign,
                text=rest[len(sign) :].split("\n")[0][:20].strip(),
            )
        return ctx.t.label("The link {link} has to start with https://", link=rest.split(")")[0][:80])
    return ""


def asks_problem(ctx: Context, asks: tuple[str, ...], entry_id: str) -> str:
    """Say what is wrong with the ways to ask; empty if nothing."""
    if not asks:
        return ctx.t.label("Write at least one way to ask, in words.")
    if long := next((ask for ask in asks if len(ask) > ASK_LENGTH), ""):
        return ctx.t.label(
            "“{text}” is too long: at most {most} characters a line.", text=f"{long[:30]}…", most=ASK_LENGTH
        )
    if other := conflicts.leads_to(ctx, asks, entry_id):
        return ctx.t.label("“{ask}” leads to “{title}” already. Leave it out here, or there.", **_to(other))
    return ""


def details_form(ctx: Context, context: Mapping[str, str], entry: Entry) -> Form:
    """Return the form of what is not text; whose answer it is, managers alone decide.

    Args:
        ctx: Who is asked.
        context: What it belongs to: ``entry`` and ``version``, or ``draft``.
        entry: As it is.
    """
    t = ctx.t
    today = ctx.now.astimezone(ctx.zone).date()
    audiences = tuple(Option(t.label(name), key) for key, name in AUDIENCES.items())
    owners = tuple(Option(t.label(name), key) for key, name in OWNERS.items())
    fields: list[Field] = [
        ChoiceField("audience", t.label("Who gets the answer?"), audiences, initial=entry.audience)
    ]
    if ctx.may("manager"):
        fields.append(ChoiceField("owner", t.label("Who keeps it true?"), owners, initial=entry.owner))
    fields.append(
        TextField(
            "as_of",
            t.label("As of when?"),
            hint=t.label("A year, or a day like 24.11.2026."),
            max_length=40,
            required=False,
            initial=f"{entry.as_of:%d.%m.%Y}" if isinstance(entry.as_of, date) else str(entry.as_of or ""),
        )
    )
    by = entry.review_by if entry.review_by and entry.review_by >= today else None
    fields.append(
        DateField(
            "review_by",
            t.label("When to look at it again?"),
            today,
            today + REVIEW_AHEAD,
            hint=t.label("Left empty: a year after the last look."),
            required=False,
            initial=by,
        )
    )
    title, submit = t.label("Details of the answer"), t.label("Preview")
    return Form(DETAILS, ctx.token(), title, tuple(fields), submit, dict(context), ctx.language)


def read_details(ctx: Context, request: FormSubmitted, entry: Entry) -> Entry | FormErrors:
    """Return the entry with the details of the form, or by field what to write instead."""
    values = request.values
    as_of = _as_of(ctx, values.get("as_of", "").strip())
    if isinstance(as_of, str):
        return FormErrors({"as_of": as_of})
    by = values.get("review_by")
    return structs.replace(
        entry,
        audience=values["audience"],
        owner=values.get("owner", entry.owner) if ctx.may("manager") else entry.owner,
        as_of=as_of,
        review_by=date.fromisoformat(by) if by else None,
    )


def _as_of(ctx: Context, typed: str) -> int | date | str | None:
    """The year or day that was typed, or what to write instead."""
    today = ctx.now.astimezone(ctx.zone).date()
    if not typed:
        return None
    if typed.isascii() and typed.isdigit() and len(typed) == len("2026"):
        if OLDEST <= int(typed) <= today.year:
            return int(typed)
        return ctx.t.label("Write a year from {oldest} to {now}.", oldest=OLDEST, now=today.year)
    said = read_day(typed, today)
    if said is None or said.day is None:
        return ctx.t.label("I do not know that day. Write a year, or a day like 24.11.2026.")
    if said.day > today:
        return ctx.t.label("That day is still to come. Write since when the answer holds.")
    return said.day


def _shown(asks: tuple[str, ...]) -> tuple[str, ...]:
    length = 0
    for number, ask in enumerate(asks):
        length += len(ask) + 1
        if length > ASKS_SHOWN:
            return asks[:number]
    return asks


def _lines(typed: str) -> list[str]:
    lines = (" ".join(_BULLET.sub("", line).split()) for line in typed.splitlines())
    return [line for line in lines if conflicts.folded(line)]


def _once(asks: list[str]) -> tuple[str, ...]:
    """Each way to ask once, as it was written first."""
    found: dict[tuple[str, ...], str] = {}
    for ask in asks:
        found.setdefault(conflicts.folded(ask), ask)
    return tuple(found.values())


def _to(other: dict[str, str]) -> dict[str, str]:
    ask, title = next(iter(other.items()))
    return {"ask": ask, "title": title}
