"""What stands in the way of a command, in plain words."""

from __future__ import annotations

import errno

from bot.wording import Language, Words

NOT_SET_UP = 2
"""Exit status when settings or content have to be put right first."""
NOT_DONE = 1
"""Exit status when something else stood in the way."""


def in_plain_words(error: Exception, language: Language) -> tuple[str, int] | None:
    """Return what to say and the exit status; None for what nobody foresaw."""
    from bot.settings import SettingsError
    from handlers.core.pack import PackError
    from storage.errors import StoreError, StoreLockedError, StoreUnavailableError

    match error:
        case SettingsError():
            remedy = _said(
                language, "Hilfe: `kumpel setup` oder .env.example", "Help: `kumpel setup` or .env.example"
            )
            return f"{error.to(language)}\n{remedy}", NOT_SET_UP
        case PackError():
            heading = _said(
                language,
                "In den Inhalten des Hubs ist etwas zu ändern:",
                "Something in the hub's content is to be changed:",
            )
            return f"{heading}\n{error.to(language)}", NOT_SET_UP
        case StoreLockedError():
            return _said(
                language,
                "Auf dieser Datenbank läuft schon ein Bot. Erst den anderen anhalten, oder diesem mit "
                "KUMPEL_DATABASE eine eigene geben.",
                "A bot is already running on this database. Stop it first, or give this one its own "
                "KUMPEL_DATABASE.",
            ), NOT_DONE
        case StoreUnavailableError():
            return _said(language, "Die Datenbank geht nicht auf: ", "The database can't be used: ") + str(
                error
            ), NOT_DONE
        case StoreError():
            return _said(language, "Die Datenbank passt nicht: ", "The database does not fit: ") + str(
                error
            ), NOT_DONE
        case OSError(errno=errno.EADDRINUSE | errno.EADDRNOTAVAIL | errno.EACCES):
            heading = _said(language, "Das lässt der Rechner nicht zu: ", "The machine does not allow it: ")
            return f"{heading}{error.strerror}{f': {error.filename}' if error.filename else ''}", NOT_DONE
    return None


def _said(language: Language, de: str, en: str) -> str:
    return Words(de, en).to(language)
