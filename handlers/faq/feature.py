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
from handlers.faq import (
    answering,
    asking,
    browsing,
    cards,
    deciding,
    digest,
    drafting,
    form,
    history,
    keeping,
    library,
    proposing,
    publishing,
    relay,
    releasing,
    team,
    trying,
    waiting,
)
from storage import faq_drafts, faq_figures, questions

__all__ = ["feature", "unknown", "unsure"]

unknown = asking.unknown
unsure = asking.unsure

feature = Feature(
    name="faq",
    commands=(
        CommandRoute(("ask", "frage"), team.ask, N_("Ask the team"), arguments=team.ASK_ARGUMENTS),
        CommandRoute(("questions", "fragen"), cards.listed, N_("Open questions"), role="manager"),
        CommandRoute(
            ("faq", "antworten"),
            browsing.opened,
            N_("Look after the answers"),
            role="project",
            arguments=browsing.NEVER,
            mistaken=browsing.ARGUMENTS,
        ),
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
        publishing.NEW_ENTRY: ActionRoute(drafting.from_question, role="manager"),
        "faq:entry-no": ActionRoute(publishing.not_now, role="manager"),
        "faq:write": ActionRoute(drafting.new_wanted, role="project"),
        "faq:edit": ActionRoute(drafting.edit_wanted, role="project"),
        "faq:more": ActionRoute(drafting.details_wanted, role="project"),
        "faq:draft": ActionRoute(drafting.opened, role="project"),
        "faq:change": ActionRoute(drafting.change_wanted, role="project"),
        "faq:draft-more": ActionRoute(drafting.draft_details_wanted, role="project"),
        "faq:add-to": ActionRoute(drafting.added_to_closest, role="project"),
        "faq:discard": ActionRoute(drafting.discarded, role="project"),
        "faq:try": ActionRoute(trying.wanted, role="project"),
        "faq:out": ActionRoute(releasing.published, role="project"),
        "faq:anyway": ActionRoute(releasing.published_anyway, role="project"),
        "faq:due": ActionRoute(browsing.due, role="project"),
        "faq:card": ActionRoute(keeping.shown, role="project"),
        "faq:still": ActionRoute(keeping.reviewed, role="project"),
        "faq:retire": ActionRoute(keeping.retired, role="project"),
        "faq:restore": ActionRoute(keeping.restored, role="project"),
        "faq:undo": ActionRoute(keeping.undone, role="project"),
        "faq:history": ActionRoute(history.shown, role="project"),
        "faq:props": ActionRoute(proposing.listed, role="project"),
        "faq:prop-yes": ActionRoute(proposing.accepted, role="project"),
        "faq:prop-no": ActionRoute(proposing.refused, role="project"),
        "faq:prop-word": ActionRoute(proposing.reword_wanted, role="project"),
        "faq:prop-other": ActionRoute(proposing.other_wanted, role="project"),
        "faq:prop-search": ActionRoute(proposing.search_wanted, role="project"),
        "faq:prop-to": ActionRoute(proposing.moved, role="project"),
    },
    forms={
        "faq:ask": team.asked,
        "faq:again": team.asked_again,
        "faq:answer": Route(deciding.answered, role="manager"),
        form.TEXT: Route(drafting.text_written, role="project"),
        form.DETAILS: Route(drafting.details_written, role="project"),
        trying.TRY: Route(trying.tried, role="project"),
        proposing.REWORD: Route(proposing.reworded, role="project"),
        proposing.SEARCH: Route(proposing.searched, role="project"),
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
    on_relieved=deciding.left,
    merges=(team.merged, library.merged),
    retention=(*questions.RETENTION, *faq_drafts.RETENTION, *faq_figures.RETENTION),
    kept=(
        N_(
            "**What you ask me**: 90 days, then it is only counted. What you send to the team, read by the"
            " community managers: 90 days after it ended."
        ),
    ),
)
