"""What the events feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, Kind, MenuItem, Route, TimerRoute
from handlers.core.texts import N_
from handlers.core.ui import Action
from handlers.events import answering, cards, changing, drafting, listing, merging, phrases, subscribing
from handlers.retrieval.index import Way
from storage.events import RETENTION

feature = Feature(
    name="events",
    commands=(
        CommandRoute(("events", "termine"), listing.listed, N_("What is coming up")),
        CommandRoute(("event", "termin"), drafting.wanted, N_("Plan an event"), role="project"),
    ),
    actions={
        "events:list": ActionRoute(listing.listed),
        "events:open": ActionRoute(answering.picked),
        "events:details": ActionRoute(answering.details),
        "events:going": ActionRoute(answering.going, role="member"),
        "events:not": ActionRoute(answering.not_going, role="member"),
        "events:new": ActionRoute(drafting.wanted, role="project"),
        "events:draft": ActionRoute(drafting.opened, role="project"),
        "events:page": ActionRoute(drafting.turned, role="project"),
        "events:place": ActionRoute(drafting.place_picked, role="project"),
        "events:publish": ActionRoute(drafting.published, role="project"),
        "events:discard": ActionRoute(drafting.discarded, role="project"),
        "events:edit": ActionRoute(changing.wanted, role="project"),
        "events:cancel": ActionRoute(changing.cancel_wanted, role="project"),
        "events:really": ActionRoute(changing.cancelled, role="project"),
        "events:keep": ActionRoute(changing.kept, role="project"),
        "events:subscribe": ActionRoute(subscribing.subscribed, needs_chat_admin=True),
        "events:unsubscribe": ActionRoute(subscribing.unsubscribed, needs_chat_admin=True),
    },
    forms={"events:form": Route(drafting.filled, role="project")},
    intents=[
        Intent(Way(phrases.KEY, ways), phrases.TITLES, listing.asked)
        for ways in (*phrases.GERMAN, *phrases.ENGLISH)
    ],
    phrases=((phrases.ASKING, listing.wished),),
    starts={"event": answering.opened},
    timers={"events.started": TimerRoute(changing.started), "events.reached": TimerRoute(drafting.reached)},
    views={cards.VIEW: cards.shown, subscribing.WELCOME: subscribing.card},
    menu=(MenuItem(N_("Events"), Action("events:list")),),
    home=listing.home,
    on_place=subscribing.on_place,
    on_added=subscribing.added,
    on_left=answering.left,
    merges=(merging.merged,),
    kinds={"events": Kind(N_("Changes to events you come to"))},
    retention=RETENTION,
    kept=(N_("**Whether you come to an event**: until 90 days after it; groups see only numbers."),),
)
