"""The card that tells the team who left, and what became of what they held."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.core.context import Context, mention
from handlers.core.leaving import VIEW as VIEW
from handlers.core.moments import spoken_time
from handlers.core.replies import message
from handlers.core.texts import Texts
from handlers.core.ui import Reply, Text, join, plain
from handlers.people.roles import person_of
from handlers.people.wording import WORDS
from storage import departures, roles

_COUNTED: Mapping[str, Callable[[Texts, int], Text]] = {
    "desks": lambda t, number: t.plural("one desk", "{n} desks", number),
    "seats": lambda t, number: t.plural("one place at an event", "{n} places at events", number),
    "own requests": lambda t, number: t.plural("one request of their own", "{n} requests of their own", number),
    "requests": lambda t, number: t.plural("one request", "{n} requests", number),
    "questions": lambda t, number: t.plural("one question", "{n} questions", number),
}
_FREED = ("desks", "seats", "own requests")
_BACK = ("requests", "questions")


def shown(ctx: Context, subject_id: str) -> Reply | None:
    """The card, as it stands."""
    departure = departures.get_departure(ctx.tx, int(subject_id))
    if departure is None:
        return None
    counts = departure.counts
    who = (mention(person_of(ctx, departure.person_id)),)
    time = spoken_time(departure.left_at, ctx.now, ctx.zone, ctx.language)
    lines: list[Text] = [
        ctx.t("{who} has left {platform} ({time}).", who=who, platform=departure.platform.title(), time=time)
    ]
    ended = [role for role in roles.ROLES if role in departure.roles.split()]
    if ended:
        names = ", ".join(ctx.t.label(WORDS[role].called) for role in ended)
        lines.append(ctx.t("No longer: {roles}.", roles=names))
    if freed := freed_said(ctx.t, counts, _FREED):
        lines.append(ctx.t("Free again or withdrawn: {what}.", what=freed))
    if back := freed_said(ctx.t, counts, _BACK):
        lines.append(ctx.t("Open to the team again: {what}.", what=back))
    if "lead" in ended and not roles.list_people_with(ctx.tx, "lead"):
        lines.append(ctx.t("There is **no lead** any more. Whoever runs me makes one: `kumpel code lead`"))
    return message(ctx.t, join(*lines, separator="\n"))


def freed_said(t: Texts, counts: Mapping[str, int], kinds: tuple[str, ...] = (*_FREED, *_BACK)) -> str:
    """How much of what, in words; empty where it is nothing."""
    return ", ".join(plain(_COUNTED[kind](t, counts[kind])) for kind in kinds if counts.get(kind))
