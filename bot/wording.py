"""Two languages on the command line, where the catalogues of the chats do not reach."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["de", "en"]


class Words(NamedTuple):
    """A sentence in both languages."""

    de: str
    en: str

    def to(self, language: Language) -> str:
        """The sentence in a language."""
        return self.de if language == "de" else self.en


def system_language(environment: Mapping[str, str] = os.environ) -> Language:
    """German where LC_ALL, LC_MESSAGES or LANG (the first that is set) says so, otherwise English."""
    chosen = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "de" if chosen.lower().startswith("de") else "en"
