"""What the help feature does, as the router reads it."""

from __future__ import annotations

from handlers.core import conversation
from handlers.core.features import ActionRoute, CommandRoute, Feature, Intent
from handlers.core.texts import N_
from handlers.help import greeting, home, language, phrases
from handlers.retrieval.index import Way

feature = Feature(
    name="help",
    commands=(
        CommandRoute(("help", "hilfe"), greeting.help_wanted, N_("What I can do"), alone=True),
        CommandRoute(("start",), greeting.started),
        CommandRoute(("menu", "menü"), greeting.menu, alone=True),
        CommandRoute(
            ("language", "sprache"),
            language.wanted,
            N_("Deutsch or English"),
            arguments=f"(?:{phrases.LANGUAGES}|de|en)?",
        ),
        CommandRoute(("me", "ich"), home.me, N_("Your own page"), scope="direct", alone=True),
    ),
    actions={
        "help:language": ActionRoute(language.chosen),
    },
    phrases=(
        (phrases.HELLO, greeting.hello),
        (phrases.THANKS, greeting.thanks),
        (phrases.BYE, greeting.bye),
        (phrases.LANGUAGE, language.wished),
    ),
    intents=(Intent(Way("help:what-can-you-do", phrases.MENU), phrases.MENU_TITLES, greeting.shown),),
    starts={"form": conversation.started},
    views={"home": home.shown},
)
