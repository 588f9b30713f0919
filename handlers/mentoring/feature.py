"""What the mentoring feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, Kind, MenuItem, Route
from handlers.core.texts import N_
from handlers.core.ui import Action
from handlers.mentoring import asking, cards, deciding, digest, merging, phrases, talking
from handlers.mentoring.telling import CARD, TAKEN
from handlers.retrieval.index import Way
from storage.mentoring import RETENTION

feature = Feature(
    name="mentoring",
    commands=(
        CommandRoute(("mentor",), asking.command, N_("Find a mentor"), role="member", arguments=phrases.ARGUMENTS),
        CommandRoute(("requests", "anfragen"), cards.listed, N_("Requests for a mentor")),
    ),
    actions={
        "mentoring:new": ActionRoute(asking.pressed, role="member"),
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
        "mentoring:new": Route(asking.asked, role="member"),
        "mentoring:decline": Route(deciding.declined, role="manager"),
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
    starts={"mentoring": Route(deciding.started, role="manager")},
    views={CARD: cards.shown, TAKEN: cards.taken},
    menu=(MenuItem(N_("Find a mentor"), Action("mentoring:new")),),
    home=cards.home,
    on_place=cards.on_place,
    digest=digest.digest,
    on_left=deciding.left,
    on_relieved=deciding.relieved,
    merges=(merging.merged,),
    kinds={"mentoring": Kind(N_("News of requests you look after"), role="manager")},
    retention=RETENTION,
    kept=(
        N_("**Requests for a mentor**: a year after they ended, messages 90 days; community managers read them."),
    ),
)
