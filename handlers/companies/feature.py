"""What the companies feature does, as the router reads it."""

from __future__ import annotations

from handlers.companies import asking, belonging, joining, managing, merging, mine, phrases
from handlers.companies.form import FORM
from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, Route, TimerRoute
from handlers.core.texts import N_
from handlers.retrieval.index import Way
from storage import companies, company_joins

feature = Feature(
    name="companies",
    commands=(
        CommandRoute(("company", "firma"), asking.wanted, N_("Your company"), alone=True),
        CommandRoute(
            ("companies", "firmen"), managing.listed, N_("Companies"), role="manager", arguments=managing.ARGUMENTS
        ),
    ),
    actions={
        "companies:mine": ActionRoute(mine.pressed),
        "companies:name": ActionRoute(asking.naming, role="member"),
        "companies:none": ActionRoute(asking.none_yet),
        "companies:later": ActionRoute(asking.not_now),
        "companies:new": ActionRoute(asking.new_after_all, role="member"),
        "companies:join": ActionRoute(joining.wanted, role="member"),
        "companies:withdraw": ActionRoute(joining.withdrawn),
        "companies:yes": ActionRoute(joining.confirmed, role="member"),
        "companies:no": ActionRoute(joining.declined, role="member"),
        "companies:change": ActionRoute(mine.changing, role="member"),
        "companies:leave": ActionRoute(mine.leaving),
        "companies:left": ActionRoute(mine.gone),
        "companies:page": ActionRoute(managing.turned, role="manager"),
        "companies:pick": ActionRoute(managing.picked, role="manager"),
        "companies:rename": ActionRoute(managing.rename_wanted, role="manager"),
        "companies:same": ActionRoute(managing.merge_wanted, role="manager"),
        "companies:into": ActionRoute(managing.into, role="manager"),
        "companies:merge": ActionRoute(managing.merged, role="manager"),
    },
    forms={
        FORM: Route(asking.filled, role="member"),
        "companies:rename": Route(managing.renamed, role="manager"),
    },
    phrases=((phrases.OWN, asking.asked),),
    intents=tuple(Intent(Way("companies:mine", ways), phrases.MINE_TITLES, asking.asked) for ways in phrases.MINE),
    timers={
        belonging.COUNT: TimerRoute(belonging.count),
        joining.UNANSWERED: TimerRoute(joining.unanswered),
    },
    views={belonging.CARD: joining.shown},
    home=mine.home,
    after=asking.after,
    on_left=belonging.left,
    merges=(merging.merged,),
    retention=(*companies.RETENTION, *company_joins.RETENTION),
    kept=(N_("**Your company**: until you leave it; reports then count it without people."),),
)
