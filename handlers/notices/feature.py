"""What the notices feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, Route, TimerRoute
from handlers.core.texts import N_
from handlers.notices import card, listing, phrases, post, sending, writing
from handlers.notices.progress import CONTROL_VIEW, POST_VIEW
from handlers.retrieval.index import Way
from storage.notices import RETENTION

feature = Feature(
    name="notices",
    commands=(
        CommandRoute(
            ("notice", "mitteilung"),
            writing.new,
            N_("Write a notice to the chats"),
            role="project",
            arguments=writing.NOTICE_ARGUMENTS,
        ),
        CommandRoute(("notices", "mitteilungen"), listing.listed, N_("The last notices"), role="project"),
    ),
    actions={
        "notices:edit": ActionRoute(writing.edit_wanted, role="project"),
        "notices:discard": ActionRoute(writing.discarded, role="project"),
        "notices:look": ActionRoute(writing.looked, role="project"),
        "notices:send": ActionRoute(sending.send, role="project"),
        "notices:stop": ActionRoute(sending.stop, role="project"),
        "notices:resume": ActionRoute(sending.resume, role="project"),
        "notices:correct": ActionRoute(sending.correct_wanted, role="project"),
        "notices:withdraw": ActionRoute(sending.withdraw, role="project"),
        "notices:card": ActionRoute(listing.card_wanted, role="project"),
    },
    forms={
        "notices:new": Route(writing.written, role="project"),
        "notices:edit": Route(writing.edited, role="project"),
        "notices:correct": Route(sending.corrected, role="project"),
    },
    intents=tuple(
        Intent(Way("notices:new", ways), phrases.TITLES, writing.wanted)
        for ways in (phrases.GERMAN, phrases.ENGLISH)
    ),
    timers={sending.PROGRESS: TimerRoute(sending.progress)},
    views={POST_VIEW: post.shown, CONTROL_VIEW: card.shown},
    home=listing.home,
    merges=(sending.merged,),
    retention=RETENTION,
)
