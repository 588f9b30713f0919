"""What the privacy feature does, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Route, TimerRoute
from handlers.core.texts import N_
from handlers.privacy import absence, deleting, merging, mine, phrases, telling
from storage import figures, tombstones

feature = Feature(
    name="privacy",
    commands=(
        CommandRoute(
            ("privacy", "datenschutz"),
            telling.full,
            N_("Your data and your rights"),
            alone=True,
            even_blocked=True,
        ),
        CommandRoute(("data", "daten"), mine.data_wanted, alone=True, even_blocked=True),
        CommandRoute(("correct", "berichtigen"), mine.correct, alone=True, even_blocked=True),
        CommandRoute(("object", "widerspreche"), mine.object_wanted, alone=True, even_blocked=True),
        CommandRoute(("delete", "lösch"), deleting.commanded, arguments=deleting.ME, even_blocked=True),
    ),
    actions={
        "privacy:full": ActionRoute(telling.full, even_blocked=True),
        "help:privacy": ActionRoute(telling.full, even_blocked=True),  # of cards from before
        "privacy:data": ActionRoute(mine.data_wanted, even_blocked=True),
        "privacy:correct": ActionRoute(mine.correct, even_blocked=True),
        "privacy:object": ActionRoute(mine.object_wanted, even_blocked=True),
        "privacy:agree": ActionRoute(mine.agree, even_blocked=True),
        "privacy:delete": ActionRoute(deleting.wanted, even_blocked=True),
        "privacy:deleted": ActionRoute(deleting.confirmed, even_blocked=True),
        "privacy:kept": ActionRoute(deleting.kept, even_blocked=True),
        "privacy:stay": ActionRoute(absence.stayed, even_blocked=True),
    },
    phrases=(
        (phrases.DATA, mine.data_wanted),
        (phrases.DELETE, deleting.wanted),
        (phrases.CORRECT, mine.correct),
        (phrases.AGREE, mine.agree),
        (phrases.OBJECT, mine.object_wanted),
    ),
    starts={
        "privacy": Route(telling.full, even_blocked=True),
        "data": Route(mine.data_wanted, even_blocked=True),
        "delete": Route(deleting.wanted, even_blocked=True),
    },
    timers={deleting.CLOSE: TimerRoute(deleting.close), absence.LOOK: TimerRoute(absence.look)},
    reports={mine.REPORT: mine.sent},
    on_start=absence.start,
    merges=(merging.merged,),
    retention=(*figures.RETENTION, *tombstones.RETENTION),
)
