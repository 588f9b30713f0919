"""What linking and settings do, as the router reads it."""

from __future__ import annotations

from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent
from handlers.core.texts import N_
from handlers.people import linking, merging, phrases, settings, unlinking
from handlers.retrieval.index import Way
from storage.linking import RETENTION

feature = Feature(
    name="accounts",
    commands=(
        CommandRoute(("settings", "einstellungen"), settings.wanted, N_("Settings"), alone=True),
        CommandRoute(
            ("quiet", "ruhezeit"), settings.quiet_said, N_("Quiet hours"), arguments=settings.QUIET_ARGUMENTS
        ),
        CommandRoute(("link", "verbinden"), linking.wanted, alone=True),
        CommandRoute(("unlink", "trennen"), unlinking.wanted, alone=True),
    ),
    actions={
        "link:new": ActionRoute(linking.wanted),
        "link:yes": ActionRoute(linking.confirmed),
        "link:no": ActionRoute(linking.refused),
        "link:part": ActionRoute(unlinking.wanted),
        "link:parted": ActionRoute(unlinking.parted),
        "link:stay": ActionRoute(unlinking.stayed),
        "settings:show": ActionRoute(settings.shown),
        "settings:language": ActionRoute(settings.language_chosen),
        "settings:listed": ActionRoute(settings.listed_chosen),
        "settings:chat": ActionRoute(settings.chat_chosen),
        "settings:quiet": ActionRoute(settings.quiet_wanted),
        "settings:hours": ActionRoute(settings.hours_chosen),
        "settings:times": ActionRoute(settings.times_wanted),
        "settings:kinds": ActionRoute(settings.kinds_wanted),
        "settings:kind": ActionRoute(settings.kind_chosen),
    },
    forms={"settings:times": settings.times_given},
    phrases=((phrases.UNLINKING, unlinking.asked), (phrases.LINKING, linking.asked)),
    intents=(
        *(
            Intent(Way("accounts:settings", ways), phrases.SETTINGS_TITLES, settings.asked)
            for ways in phrases.SETTINGS
        ),
        *(Intent(Way("accounts:link", ways), phrases.LINK_TITLES, linking.asked) for ways in phrases.LINK),
        *(Intent(Way("accounts:unlink", ways), phrases.UNLINK_TITLES, unlinking.asked) for ways in phrases.UNLINK),
    ),
    starts={"link": linking.opened, "connect": linking.wanted},
    home=linking.home,
    retention=RETENTION,
    kept=(
        N_("**Your settings, and which accounts are linked**: until you change them."),
        N_("**Links and codes for linking, only a fingerprint**: a day."),
    ),
    merges=(merging.hand_over,),
)
