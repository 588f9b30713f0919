"""What the desks feature does, as the router reads it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, MenuItem
from handlers.core.texts import N_
from handlers.core.ui import Action
from handlers.desks import booking, cards, digest, merging, mine, phrases
from handlers.desks.plan import Plan
from handlers.desks.wishes import ARGUMENTS, COMING_ARGUMENTS
from handlers.retrieval.index import Way
from storage.desks import RETENTION


def build(plan: Plan) -> Feature:
    """Return the feature for a hub's desks."""

    def of(handler: Callable[..., Any]) -> Callable[..., Any]:
        return partial(handler, plan)

    book, own = of(cards.asked), of(mine.asked)
    return Feature(
        name="desks",
        commands=(
            CommandRoute(("desk", "platz"), of(cards.commanded), N_("Book a desk"), arguments=ARGUMENTS),
            CommandRoute(("bookings", "buchungen"), of(mine.wanted), N_("Your desks")),
            CommandRoute(
                ("who", "wer"), of(mine.who), N_("Who is coming"), role="project", arguments=COMING_ARGUMENTS
            ),
        ),
        actions={
            "desks:day": ActionRoute(of(cards.day_pressed)),
            "desks:list": ActionRoute(of(cards.list_pressed)),
            "desks:other": ActionRoute(of(cards.calendar_pressed)),
            "desks:take": ActionRoute(of(booking.taken), role="member"),
            "desks:cancel": ActionRoute(of(booking.cancelled)),
            "desks:mine": ActionRoute(of(mine.wanted)),
            "desks:who": ActionRoute(of(mine.who_pressed), role="project"),
        },
        intents=(
            *(Intent(Way("desks:book", ways), phrases.BOOK_TITLES, book) for ways in phrases.BOOK),
            *(Intent(Way("desks:mine", ways), phrases.MINE_TITLES, own) for ways in phrases.MINE),
        ),
        phrases=((phrases.OWN, own), (phrases.BOOKING, book)),
        starts={"desks": of(mine.wanted)},
        menu=(MenuItem(N_("Book a desk"), Action("desks:day")),),
        home=partial(mine.home, plan),
        digest=digest.digest,
        on_left=booking.left,
        merges=(of(merging.merged),),
        retention=RETENTION,
        kept=(N_("**Desks you book**: until 90 days after the day."),),
    )
