"""What the mentoring feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, MenuItem
from handlers.core.texts import N_
from handlers.core.ui import Action
from handlers.mentoring import asking, cards, deciding, phrases, talking
from handlers.mentoring.telling import CARD, TAKEN
from handlers.retrieval.index import Way
from storage.mentoring import RETENTION

feature = Feature(
    name="mentoring",
    commands=(
        CommandRoute(("mentor",), asking.command, N_("Find a mentor"), arguments=phrases.ARGUMENTS),
        CommandRoute(("requests", "anfragen"), cards.listed, N_("Requests for a mentor")),
    ),
    actions={
        "mentoring:new": ActionRoute(asking.pressed),
        "mentoring:view": ActionRoute(asking.viewed),
        "mentoring:withdraw": ActionRoute(asking.withdrawn),
        "mentoring:list": ActionRoute(cards.listed),
        "mentoring:write": ActionRoute(talking.write_wanted),
        "mentoring:close": ActionRoute(talking.closed),
        "mentoring:read": ActionRoute(deciding.read, role="manager"),
        "mentoring:accept": ActionRoute(deciding.accepted, role="manager"),
        "mentoring:decline": ActionRoute(deciding.decline_wanted, role="manager"),
        "mentoring:return": ActionRoute(deciding.returned, role="manager"),
    },
    forms={
        "mentoring:new": asking.asked,
        "mentoring:decline": deciding.declined,
        "mentoring:write": talking.written,
    },
    phrases=(
        (phrases.OFFERED, asking.offered),
        (phrases.OWN, cards.listed),
        (phrases.WANTED, asking.wished),
    ),
    intents=(
        *(Intent(Way("mentoring:find", asks), phrases.FIND_TITLES, asking.wanted) for asks in phrases.FIND),
        *(Intent(Way("mentoring:mine", asks), phrases.MINE_TITLES, cards.asked_for) for asks in phrases.MINE),
    ),
    starts={"mentoring": deciding.started},
    views={CARD: cards.shown, TAKEN: cards.taken},
    menu=(MenuItem(N_("Find a mentor"), Action("mentoring:new")),),
    home=cards.home,
    on_place=cards.on_place,
    retention=RETENTION,
    kept=(
        N_("**Requests for a mentor**: a year after they ended, messages 90 days; community managers read them."),
    ),
)
