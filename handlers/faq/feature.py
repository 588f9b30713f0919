"""What the FAQ feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import (
    ActionRoute,
    CommandRoute,
    Feature,
    Learned,
    MenuItem,
    ReplyRoute,
    Route,
    TimerRoute,
)
from handlers.core.texts import N_
from handlers.core.ui import Action
from handlers.faq import answering, asking, cards, deciding, digest, library, relay, team, waiting
from storage import faq_drafts, questions

__all__ = ["feature", "unknown", "unsure"]

unknown = asking.unknown
unsure = asking.unsure

feature = Feature(
    name="faq",
    commands=(
        CommandRoute(("ask", "frage"), team.ask, N_("Ask the team"), arguments=team.ASK_ARGUMENTS),
        CommandRoute(("questions", "fragen"), cards.listed, N_("Open questions"), role="manager"),
    ),
    actions={
        "faq:helped": ActionRoute(answering.helped),
        "faq:not": ActionRoute(answering.not_helped),
        "faq:human": ActionRoute(answering.human),
        "faq:pick": ActionRoute(asking.picked),
        "faq:yes": ActionRoute(asking.agreed),
        "faq:no": ActionRoute(asking.declined),
        "faq:new": ActionRoute(team.form_wanted),
        "faq:done": ActionRoute(team.done),
        "faq:again": ActionRoute(team.again),
        "faq:list": ActionRoute(cards.listed, role="manager"),
        "faq:take": ActionRoute(deciding.taken, role="manager"),
        "faq:decline": ActionRoute(deciding.declined, role="manager"),
        "faq:answer": ActionRoute(deciding.answer_wanted, role="manager"),
        "faq:publish": ActionRoute(deciding.publish_wanted, role="manager"),
        "faq:return": ActionRoute(deciding.returned, role="manager"),
        "faq:close": ActionRoute(deciding.closed, role="manager"),
        "faq:send": ActionRoute(relay.confirmed, role="manager"),
        "faq:keep": ActionRoute(relay.kept_back, role="manager"),
    },
    forms={
        "faq:ask": team.asked,
        "faq:again": team.asked_again,
        "faq:answer": Route(deciding.answered, role="manager"),
    },
    learned=Learned(library.ways, answering.find),
    views={cards.VIEW: cards.shown},
    replies={
        cards.VIEW: ReplyRoute(relay.typed, relay.is_takers, role="manager", private=True),
        team.BACK: ReplyRoute(relay.written_back, relay.is_askers),
    },
    timers={
        waiting.REMINDER: TimerRoute(waiting.remind),
        waiting.OVERDUE: TimerRoute(waiting.tell_leads),
    },
    reports={"faq": relay.arrived},
    menu=(MenuItem(N_("Ask the team"), Action("faq:new")),),
    home=cards.home,
    digest=digest.digest,
    on_place=cards.on_place,
    on_left=deciding.left,
    merges=(team.merged, library.merged),
    retention=(*questions.RETENTION, *faq_drafts.RETENTION),
    kept=(
        N_(
            "**What you ask me**: 90 days, then it is only counted. What you send to the team, read by the"
            " community managers: 90 days after it ended."
        ),
    ),
)
