"""The hub that this bot serves: its general facts, from the content pack."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from handlers.core.pack import PackError, Problem, line_of, read_file, read_tables

__all__ = [
    "Camp",
    "Hub",
    "PackError",
    "Problem",
    "Seat",
    "Sectors",
    "TeamRole",
    "Wording",
    "load_hub",
    "read_tables",
]

Language = Literal["de", "en"]


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A few words in both languages."""

    de: str
    en: str

    def text(self, language: str) -> str:
        """Return the words in a language, ``de`` or ``en``."""
        return self.de if language == "de" else self.en


class Sectors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A camp's sectors in both languages; empty while none is named."""

    de: tuple[str, ...]
    en: tuple[str, ...]

    def text(self, language: str) -> tuple[str, ...]:
        """Return the sectors in a language, ``de`` or ``en``."""
        return self.de if language == "de" else self.en


class Seat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the hub is."""

    building: str
    street: str
    city: str


class Camp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A local contact point for start-ups, by sector."""

    slug: str
    cities: tuple[str, ...]
    sectors: Sectors


class TeamRole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role in the hub's team, and how many have it; no people's names."""

    role: str
    count: int
    title: Wording


class Hub(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The hub's general facts.

    Attributes:
        holidays: Country and region whose public holidays count, as in ISO 3166-2: ``DE-NW``.
        as_of: The year the pack's facts are from.
        desks: How many desks can be booked.
        operator: Who runs the bot and answers for it.
    """

    name: str
    short_name: str
    website: str
    timezone: str
    default_language: Language
    languages: tuple[Language, ...]
    holidays: str
    as_of: int
    desks: int
    operator: str
    seat: Seat
    camps: tuple[Camp, ...]
    team: tuple[TeamRole, ...]

    @property
    def language(self) -> Language:
        """The language for somebody whose own is not known."""
        return self.default_language

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which the hub says its times."""
        return ZoneInfo(self.timezone)

    def camp(self, slug: str) -> Camp | None:
        """Return the camp with a slug, or None."""
        return next((camp for camp in self.camps if camp.slug == slug), None)


def load_hub(folder: Path) -> Hub:
    """Read ``hub.toml`` from the content pack's folder.

    Raises:
        PackError: The file is missing or holds something that can't be used; names all problems found.
    """
    hub, source = read_file(folder, folder / "hub.toml", Hub)
    problems = [
        Problem(source.name, line_of(source.text, path), problem, remedy)
        for path, problem, remedy in _implausible(hub)
    ]
    if problems:
        raise PackError(problems)
    return hub


def _implausible(hub: Hub) -> list[tuple[tuple[str | int, ...], str, str]]:
    found: list[tuple[tuple[str | int, ...], str, str]] = []
    if hub.timezone not in available_timezones():
        found.append((("timezone",), f"the time zone '{hub.timezone}' is not known", "write 'Europe/Berlin', say"))
    if not hub.website.startswith("https://"):
        found.append((("website",), f"'{hub.website}' is no web address", "write it with https:// in front"))
    if hub.desks < 1:
        found.append((("desks",), "there is no desk to book", "write how many there are"))
    if hub.default_language not in hub.languages:
        found.append((("languages",), "the default language is not among the languages", "add it to the list"))
    slugs = [camp.slug for camp in hub.camps]
    found += [
        (("camps", at, "slug"), f"the camp '{slug}' is there twice", "give each camp its own slug")
        for at, slug in enumerate(slugs)
        if slug in slugs[:at]
    ]
    return found
