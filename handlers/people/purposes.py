"""What a chat is for: where the team reads questions, where events are told, where anybody may ask."""

from __future__ import annotations

from handlers.core.context import Context
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Command, Request
from handlers.core.texts import N_
from handlers.core.ui import Action, Button, Outcome, Text, join
from storage import audit, places
from storage.places import PURPOSES, Purpose

_WORDS: dict[str, Purpose] = {
    "manager": "managers",
    "managers": "managers",
    "team": "managers",
    "event": "events",
    "events": "events",
    "termine": "events",
    "help": "help",
    "hilfe": "help",
    "questions": "help",
    "fragen": "help",
}
_NOT = ("not", "nicht", "no", "none", "kein", "keine", "keinen", "off", "aus", "weg", "stop", "remove")
HERE_ARGUMENTS = rf"(?:(?:{'|'.join(_NOT)}) )?(?:{'|'.join(_WORDS)})?"
LABELS: dict[Purpose, str] = {
    "managers": N_("For the team"),
    "events": N_("For events"),
    "help": N_("For questions"),
}
_NOW: dict[Purpose, str] = {
    "managers": N_(
        "This is now a chat **for the team**. Questions that I cannot answer appear here for you to take."
    ),
    "events": N_("This is now a chat **for events**. Events and notices of the team appear here."),
    "help": N_(
        "This is now a chat **for questions**. When I am sure, I answer here unasked."
        " If I stay silent, make me an admin of this group, so that I can read along."
    ),
}
_NO_MORE: dict[Purpose, str] = {
    "managers": N_("This is no chat for the team any more."),
    "events": N_("This is no chat for events any more."),
    "help": N_("This is no chat for questions any more."),
}


def here(ctx: Context, request: Command) -> Outcome:
    """Give this chat a purpose, or take one from it."""
    if ctx.chat.kind == "direct":
        return say(ctx, ctx.t("Write that in the group, channel or topic that it is about."))
    words = request.text.lower().split()
    purpose = next((_WORDS[word] for word in words if word in _WORDS), None)
    if purpose is None or not all(word in _WORDS or word in _NOT for word in words):
        return _explained(ctx)  # better asked once more than a public chat turned into the team's
    if any(word in _NOT for word in words):
        if places.remove_place(ctx.tx, purpose, ctx.chat.id, _thread(ctx)):
            audit.add_entry(ctx.tx, ctx.person.id, "no-place", ctx.now, detail=purpose)
        ctx.touch_post(f"welcome:{ctx.chat.id}")  # the card in a group says what comes there
        return say(ctx, ctx.t(_NO_MORE[purpose]))
    return _serve(ctx, request, purpose)


def pressed(ctx: Context, request: ButtonPress) -> Outcome:
    """A purpose's button was pressed."""
    return _serve(ctx, request, _WORDS[request.action.args[0]])


def _serve(ctx: Context, request: Request, purpose: Purpose) -> Outcome:
    there = ctx.at(ctx.chat, _thread(ctx))
    if not places.add_place(ctx.tx, purpose, ctx.chat.id, there.thread, ctx.person.id, ctx.now):
        return say(ctx, ctx.t("It is that already."))
    audit.add_entry(ctx.tx, ctx.person.id, "place", ctx.now, detail=purpose)
    lines: list[Text] = [ctx.t(_NOW[purpose])]
    if request.place.reply_via:
        lines.append(ctx.t("If I am not in this channel yet, invite me: **/invite**."))
    hooks = [feature.on_place for feature in ctx.house.registry.features if feature.on_place]
    lines += [line for hook in hooks if (line := hook(there, purpose))]
    return say(ctx, join(*lines, separator="\n"))


def _explained(ctx: Context) -> Outcome:
    text = ctx.t(
        "What is this chat for? **For the team**: unanswered questions appear here. **For events**: events and"
        " notices of the team appear here. **For questions**: I answer unasked."
        " **here not managers** and the like take it back."
    )
    now = [LABELS[purpose] for purpose in PURPOSES if _is_set(ctx, purpose)]
    if now:
        text = join(ctx.t("So far: {purposes}.", purposes=", ".join(map(ctx.t.label, now))), text, separator="\n")
    buttons = (
        Button(ctx.t.label(LABELS[purpose]), Action("people:here", (purpose,)))
        for purpose in PURPOSES
        if not _is_set(ctx, purpose)
    )
    return say(ctx, text, *buttons)


def _is_set(ctx: Context, purpose: Purpose) -> bool:
    return any(
        (place.chat_id, place.thread) == (ctx.chat.id, _thread(ctx))
        for place in places.list_places(ctx.tx, purpose)
    )


def _thread(ctx: Context) -> str:
    """The topic, where there are some; a thread of answers is no place."""
    return ctx.thread if ctx.platform.topics else ""
