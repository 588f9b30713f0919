"""``audit``: what was done in the team's name, and what was refused, for leads to read."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import structs

from handlers.core.context import Context, mention
from handlers.core.moments import spoken_time
from handlers.core.replies import say
from handlers.core.requests import ButtonPress, Command
from handlers.core.texts import N_
from handlers.core.ui import Action, Button, Outcome, Reply, Span, Text, join
from handlers.people.purposes import LABELS
from handlers.people.roles import person_of
from handlers.people.wording import WORDS
from storage import audit
from storage.audit import Entry

SHOWN = 10

_DONE: Mapping[str, str] = {
    "grant": N_("{actor} made {who} {role}"),
    "revoke": N_("{who} is no {role} any more, by {actor}"),
    "scope": N_("{actor} gave {who} to look after: {detail}"),
    "code": N_("{actor} made a code for a {role}"),
    "redeem": N_("{actor} became {role} with a code"),
    "block": N_("{actor} blocked {who}"),
    "block-back": N_("{who} was deleted and is back; the block holds"),
    "block-kept": N_("somebody blocked deleted their data; the block holds"),
    "unblock": N_("{actor} lifted the block of {who}"),
    "uphold": N_("{actor} let the block of {who} stand"),
    "free": N_("{actor} freed what {who} held"),
    "place": N_("{actor} set a chat: {detail}"),
    "no-place": N_("{actor} took from a chat: {detail}"),
    "left": N_("{who} left {detail}"),
    "pause": N_("{actor} paused me"),
    "resume": N_("{actor} ended the pause"),
    "link": N_("{who} linked an account: {detail}"),
    "unlink": N_("{who} unlinked an account: {detail}"),
}
_REFUSED: Mapping[str, str] = {
    "grant": N_("{actor} could not make {who} {role}"),
    "revoke": N_("{actor} could not take {role} from {who}"),
    "block": N_("{actor} could not block {who}"),
    "more": N_("{actor} was refused more things"),
}
_ANYTHING_DONE = N_("{actor}: {what} {detail}")
_ANYTHING_REFUSED = N_("{actor} was refused: {what} `{detail}`")


def listed(ctx: Context, request: Command) -> Outcome:
    """The latest entries."""
    return _page(ctx, None)


def older(ctx: Context, request: ButtonPress) -> Outcome:
    """Those before."""
    return structs.replace(_page(ctx, int(request.action.args[0])), placement="replace")


def _page(ctx: Context, before: int | None) -> Reply:
    entries = audit.list_entries(ctx.tx, before, SHOWN + 1)
    lines = [ctx.t("**What was done and refused**"), *(_line(ctx, entry) for entry in entries[:SHOWN])]
    if not entries:
        lines.append(ctx.t("Nothing yet."))
    buttons: tuple[Button, ...] = ()
    if len(entries) > SHOWN:
        buttons = (Button(ctx.t.label("Older"), Action.of("people:audit", entries[SHOWN - 1].id)),)
    return structs.replace(say(ctx, join(*lines, separator="\n"), *buttons), audience="person")


def _line(ctx: Context, entry: Entry) -> Text:
    if entry.outcome == "done":
        sentence = _DONE.get(entry.what, _ANYTHING_DONE)
    else:
        sentence = _REFUSED.get(entry.what, _ANYTHING_REFUSED)
    role = next((words for role, words in WORDS.items() if role == entry.detail), None)
    said = ctx.t(
        sentence,
        actor=(mention(person_of(ctx, entry.actor_id)),),
        who=(mention(person_of(ctx, entry.person_id)),),
        role=ctx.t.label(role.called) if role else "",
        what=entry.what,
        detail=next((ctx.t.label(said) for place, said in LABELS.items() if place == entry.detail), entry.detail),
    )
    if entry.times > 1:
        said = join(said, f"({entry.times}×)", separator=" ")
    time = spoken_time(entry.at, ctx.now, ctx.zone, ctx.language)
    return join((Span(time, italic=True),), said, separator=" · ")
