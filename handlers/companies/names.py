"""Company names: read, compared, and found again however they are spelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from handlers.retrieval.fold import words
from storage.companies import Company

NAME_LENGTH = 80
ALIKE = 0.84
"""How much of two names must agree for a slip of the pen; ``Lagerkraft`` and ``Lagerkaft`` agree by 0.95."""

_SHORT = 3
"""A shorter name is found inside no other one."""

_FORMS = frozenset(
    words(
        "GmbH mbH UG haftungsbeschränkt AG KG KGaA OHG GbR eK eV eG SE Co Inc Ltd LLC Corp PLC BV SA"
        " Startup Start-up Firma Company und and the die der das"
    )
)
"""What a name may have or lack and still be the same."""


def clean(typed: str) -> str:
    """Return a name as it is kept, on one line; empty if there is nothing to see in it."""
    visible = "".join(
        " " if character.isspace() else character
        for character in typed
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    line = " ".join(visible.split())
    return line if any(unicodedata.category(character)[0] in "LNSP" for character in line) else ""


def folded(name: str) -> str:
    """Return a name as it is compared: without legal form, capitals, accents and marks."""
    said = words(name)
    telling = [word for word in said if word not in _FORMS] or said
    return " ".join(telling) or name.casefold()


def similar(name: str, known: Iterable[Company], most: int) -> list[Company]:
    """Return the companies that a name may mean, the likeliest first."""
    wanted = folded(name)
    found = [(closeness(wanted, company.folded), company) for company in known]
    likely = sorted((pair for pair in found if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [company for _, company in likely[:most]]


def closeness(one: str, other: str) -> float:
    """Return how much two compared names agree: 1 for the same words, in any order and spacing."""
    if sorted(one.split()) == sorted(other.split()) or one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    few, many = sorted((set(one.split()), set(other.split())), key=len)
    if few <= many and max(map(len, few), default=0) > _SHORT:
        return 0.95
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
