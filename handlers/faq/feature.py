"""What the FAQ feature does, as the router reads it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent, MenuItem, Route
from handlers.core.hub import Hub
from handlers.core.texts import N_
from handlers.core.ui import Action
from handlers.faq import asking, cards, deciding, team
from handlers.faq.answering import Answers
from handlers.faq.content import Entry, ways
from storage.questions import RETENTION

__all__ = ["build", "unknown", "unsure"]

unknown = asking.unknown
unsure = asking.unsure

_LONGEST_DRAFT = 10**9
"""Room that buttons keep for a question's number."""


def build(hub: Hub, entries: Sequence[Entry]) -> Feature:
    """Return the feature for a hub's entries.

    Raises:
        ValueError: An entry's id is too long for a button.
    """
    answers = Answers(entries)
    titles = {entry.key: {"de": entry.de.title, "en": entry.en.title} for entry in entries if entry.filled}
    for key in titles:
        Action.of("faq:pick", key, _LONGEST_DRAFT)
    return Feature(
        name="faq",
        commands=(
            CommandRoute(("ask", "frage"), team.ask, N_("Ask the team"), arguments=team.ASK_ARGUMENTS),
            CommandRoute(("questions", "fragen"), cards.listed, N_("Open questions"), role="manager"),
        ),
        actions={
            "faq:helped": ActionRoute(answers.helped),
            "faq:not": ActionRoute(answers.not_helped),
            "faq:human": ActionRoute(answers.human),
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
            "faq:return": ActionRoute(deciding.returned, role="manager"),
        },
        forms={
            "faq:ask": team.asked,
            "faq:again": team.asked_again,
            "faq:answer": Route(deciding.answered, role="manager"),
        },
        intents=[Intent(way, titles.get(way.key, {}), answers.asked) for way in ways(entries)],
        views={"faq.question": cards.shown},
        menu=(MenuItem(N_("Ask the team"), Action("faq:new")),),
        home=cards.home,
        on_place=cards.on_place,
        on_relieved=deciding.left,
        merges=(team.merged,),
        retention=RETENTION,
        kept=(
            N_("**What you ask me**: 2 days. What you send to the team, read by the community managers: a year."),
        ),
    )
