"""The hub that this bot serves: its general facts, from the content pack."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from handlers.core.markup import parse_markup
from handlers.core.pack import PackError, Problem, Source, line_of, read_file, read_tables
from handlers.dates.working import WorkingHours, WorkingTime
from storage.register import HOLDINGS

__all__ = [
    "Camp",
    "Evidence",
    "Hub",
    "PackError",
    "Privacy",
    "Problem",
    "Seat",
    "Sectors",
    "TeamRole",
    "Wording",
    "is_filled",
    "load_hub",
    "read_tables",
]

Language = Literal["de", "en"]

SHORTEST_ABSENCE = 0.25
"""Years; they are told a month before."""


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


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Records that a grant needs: how many years they are kept of somebody who was deleted, and why."""

    years: float
    why: Wording


class Privacy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people are told about their data, and what the hub has decided about it (``privacy.toml``).

    Attributes:
        version: Of the text; whoever was told an older one is told again.
        short: At first contact; ``{operator}`` stands for who runs the bot.
        contact: How to reach whoever answers for the data, and the data protection officer.
        basis: Why it may be kept, in law.
        readers: Who sees it.
        authority: Where to complain.
        nameless_groups: Platforms whose groups get nobody's name and nobody's words.
        absence_years: After how many years without a word somebody is forgotten.
        evidence: What stays for a grant's auditors after a deletion, by what it is: desks, events, mentoring.
    """

    version: str = "1"
    short: Wording = Wording(
        "Ich merke mir nur, was ich dafür brauche, bis du **lösch mich** schreibst.",
        "I only keep what I need for that, until you write **delete me**.",
    )
    contact: Wording = Wording("[[AUSFÜLLEN: Kontakt zum Datenschutz]]", "[[TO FILL IN: contact for privacy]]")
    basis: Wording = Wording("[[AUSFÜLLEN: Rechtsgrundlage]]", "[[TO FILL IN: legal basis]]")
    readers: Wording = Wording("[[AUSFÜLLEN: wer es liest]]", "[[TO FILL IN: who reads it]]")
    authority: Wording = Wording("[[AUSFÜLLEN: Aufsichtsbehörde]]", "[[TO FILL IN: supervisory authority]]")
    nameless_groups: tuple[str, ...] = ()
    absence_years: float = 3
    evidence: dict[str, Evidence] = {}


class Hub(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The hub's general facts.

    Attributes:
        holidays: Country and region whose public holidays count, as in ISO 3166-2: ``DE-NW``.
        as_of: The year the pack's facts are from.
        desks: How many desks can be booked.
        operator: Who runs the bot and answers for it.
        guests_are_members: May guests of the Slack workspace do what members may? They never hold another role.
        audit_days: How long it is kept who did what in the team's name.
        working_hours: When somebody of the team answers.
        privacy: What people are told about their data; from ``privacy.toml``.
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
    guests_are_members: bool = False
    audit_days: int = 730
    working_hours: WorkingHours = WorkingHours()
    privacy: Privacy = Privacy()

    @property
    def language(self) -> Language:
        """The language for somebody whose own is not known."""
        return self.default_language

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone in which the hub says its times."""
        return ZoneInfo(self.timezone)

    @property
    def working_time(self) -> WorkingTime:
        """When somebody of the team answers."""
        return WorkingTime(self.working_hours, self.zone, self.holidays)

    @property
    def responsible(self) -> str:
        """Who runs the bot and answers for it; the hub's name until somebody has filled it in."""
        return self.operator if is_filled(self.operator) else self.name

    def camp(self, slug: str) -> Camp | None:
        """Return the camp with a slug, or None."""
        return next((camp for camp in self.camps if camp.slug == slug), None)


def load_hub(folder: Path) -> Hub:
    """Read ``hub.toml`` from the content pack's folder.

    Raises:
        PackError: The file is missing or holds something that can't be used; names all problems found.
    """
    hub, source = read_file(folder, folder / "hub.toml", Hub)
    if (folder / "privacy.toml").exists():
        privacy, told = read_file(folder, folder / "privacy.toml", Privacy)
        hub = msgspec.structs.replace(hub, privacy=privacy)
        if wrong := _unusable(privacy, told):
            raise PackError(wrong)
    problems = [
        Problem(source.name, line_of(source.text, path), problem, remedy)
        for path, problem, remedy in _implausible(hub)
    ]
    if problems:
        raise PackError(problems)
    return hub


def is_filled(text: str) -> bool:
    """Has the hub filled this in? A fact that is missing stands as ``[[AUSFÜLLEN: …]]``."""
    return "[[" not in text


def _unusable(privacy: Privacy, source: Source) -> list[Problem]:
    known = {holding.evidence for holding in HOLDINGS if holding.evidence}
    found: list[tuple[tuple[str | int, ...], str, str]] = [
        (("evidence", name), f"'{name}' is no evidence that is kept", f"known are: {', '.join(sorted(known))}")
        for name in privacy.evidence
        if name not in known
    ]
    found += [
        (("evidence", name, "years"), "nothing would be kept for even a day", "write a number of years: 10")
        for name, evidence in privacy.evidence.items()
        if evidence.years <= 0
    ]
    if privacy.absence_years < SHORTEST_ABSENCE:
        wrong = "people who are only away for a while would be forgotten"
        found.append((("absence_years",), wrong, "write a number of years: 3"))
    for language in ("de", "en"):
        try:
            parse_markup(privacy.short.text(language).format(operator=""))
        except (KeyError, ValueError, IndexError):
            found.append((("short", language), "a { } is not closed, or not known", "known is: {operator}"))
    return [Problem(source.name, line_of(source.text, path), problem, remedy) for path, problem, remedy in found]


def _implausible(hub: Hub) -> list[tuple[tuple[str | int, ...], str, str]]:
    found: list[tuple[tuple[str | int, ...], str, str]] = []
    if hub.timezone not in available_timezones():
        found.append((("timezone",), f"the time zone '{hub.timezone}' is not known", "write 'Europe/Berlin', say"))
    if not hub.website.startswith("https://"):
        found.append((("website",), f"'{hub.website}' is no web address", "write it with https:// in front"))
    if hub.audit_days < 1:
        found.append((("audit_days",), "nothing would be kept for even a day", "write a number of days: 730"))
    if wrong := hub.working_hours.wrong():
        found.append((("working_hours", wrong[0]), wrong[1], wrong[2]))
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
