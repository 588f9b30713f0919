"""German or English: heard, or chosen for good."""

from __future__ import annotations

import re

from msgspec import structs

from handlers.core.context import Context
from handlers.core.replies import message, say
from handlers.core.requests import ButtonPress, Command, TextMessage
from handlers.core.ui import Action, Button, Outcome, Reply
from handlers.help import phrases
from storage import people

_NAMES = {"german": "de", "deutsch": "de", "de": "de", "english": "en", "englisch": "en", "en": "en"}


def wanted(ctx: Context, request: Command) -> Outcome:
    """Take the language that was named, or ask."""
    if language := _NAMES.get(request.text.strip().lower()):
        return _kept(ctx, language)
    return say(
        ctx,
        ctx.t("Which language shall I speak with you?"),
        Button("Deutsch", Action("help:language", ("de",))),
        Button("English", Action("help:language", ("en",))),
    )


def wished(ctx: Context, request: TextMessage) -> Outcome:
    """``english please`` and the like."""
    last = re.findall(phrases.LANGUAGES, request.text.lower())[-1]
    return _kept(ctx, _NAMES[last])


def chosen(ctx: Context, request: ButtonPress) -> Outcome:
    """A language's button was pressed."""
    return structs.replace(_kept(ctx, request.action.args[0]), placement="replace")


def _kept(ctx: Context, language: str) -> Reply:
    people.mark_language(ctx.tx, ctx.person.id, language, chosen=True)
    ctx.touch_post(f"home:{ctx.person.id}")
    t = ctx.house.catalogues.texts(language)
    return message(t, t("I speak **English** with you from now on."))
