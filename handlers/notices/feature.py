"""What the notices feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, TimerRoute
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
            role="manager",
            arguments=writing.NOTICE_ARGUMENTS,
        ),
        CommandRoute(("notices", "mitteilungen"), listing.listed, N_("The last notices"), role="manager"),
    ),
    actions={
        "notices:edit": ActionRoute(writing.edit_wanted, role="manager"),
        "notices:discard": ActionRoute(writing.discarded, role="manager"),
        "notices:look": ActionRoute(writing.looked, role="manager"),
        "notices:send": ActionRoute(sending.send, role="manager"),
        "notices:stop": ActionRoute(sending.stop, role="manager"),
        "notices:resume": ActionRoute(sending.resume, role="manager"),
        "notices:correct": ActionRoute(sending.correct_wanted, role="manager"),
        "notices:withdraw": ActionRoute(sending.withdraw, role="manager"),
        "notices:card": ActionRoute(listing.card_wanted, role="manager"),
    },
    forms={
        "notices:new": writing.written,
        "notices:edit": writing.edited,
        "notices:correct": sending.corrected,
    },
    intents=tuple(
        Intent(Way("notices:new", ways), phrases.TITLES, writing.wanted)
        for ways in (phrases.GERMAN, phrases.ENGLISH)
    ),
    timers={sending.PROGRESS: TimerRoute(sending.progress)},
    views={POST_VIEW: post.shown, CONTROL_VIEW: card.shown},
    home=listing.home,
    retention=RETENTION,
)
