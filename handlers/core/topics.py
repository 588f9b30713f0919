"""Topics and cities: the sectors and cities of the hub's camps, and which a sentence names."""

from __future__ import annotations

from typing import NamedTuple

from handlers.core.hub import Camp, Hub
from handlers.core.texts import N_, Texts
from handlers.core.ui import Option
from handlers.retrieval.fold import words

OTHER, ANYWHERE = "other", "any"
KEY_LENGTH = 24
"""Longest key: an option's button has room for 25 bytes beside its form's instance."""

LABEL_LENGTH = 75
"""Longest label (Slack's options)."""

_SOMETHING_ELSE = N_("Something else")
_ANYWHERE = N_("Anywhere")
_JOINING = words("und and für for camp camps in das die den the it")
_TELLING_LETTERS = 3
_COMMON_START = 7
"""Letters that two words must share at the start to mean the same: ``logistics``, ``Logistik``."""

_PART_LETTERS = 6
"""Letters that a word must have to be looked for inside others: ``Logistik`` in ``Lagerlogistik``."""


class Named(NamedTuple):
    """What a sentence names, as keys; empty where it names none."""

    topic: str
    city: str


def topic_options(hub: Hub, texts: Texts) -> tuple[Option, ...]:
    """All sectors of the hub's camps, and something else."""
    labels = _topics(hub, texts.language)
    return (*_options(labels), Option(texts.label(_SOMETHING_ELSE), OTHER))


def city_options(hub: Hub, texts: Texts) -> tuple[Option, ...]:
    """All cities of the hub's camps, and anywhere."""
    return (*_options(_cities(hub)), Option(texts.label(_ANYWHERE), ANYWHERE))


def topic_name(hub: Hub, texts: Texts, key: str) -> str:
    """What a topic is called; one that the content pack no longer knows is called by its key."""
    return texts.label(_SOMETHING_ELSE) if key == OTHER else _topics(hub, texts.language).get(key, key)


def city_name(hub: Hub, texts: Texts, key: str) -> str:
    """What a city is called, as :func:`topic_name`."""
    return texts.label(_ANYWHERE) if key == ANYWHERE else _cities(hub).get(key, key)


def named_in(hub: Hub, text: str) -> Named:
    """Return the topic and the city that a sentence names; a topic that one city alone has names it too."""
    said = _said(text)
    city = next((_key(city) for camp in hub.camps for city in camp.cities if _names_city(said, city)), "")
    for camp in hub.camps:
        for german, english in _sectors(camp):
            if any(_names_sector(said, sector) for sector in (german, english)):
                own = _key(camp.cities[0]) if len(camp.cities) == 1 else ""
                return Named(_key(english), city or own)
    return Named("", city)


def all_named_in(hub: Hub, text: str) -> tuple[set[str], set[str], list[str]]:
    """Return all topics and all cities that a list names, and the words that name neither, as typed."""
    topics: set[str] = set()
    cities: set[str] = set()
    unknown: list[str] = []
    for word in text.replace(",", " ").split():
        said = _said(word)
        named = {_key(city) for camp in hub.camps for city in camp.cities if _names_city(said, city)}
        about = {
            _key(english)
            for camp in hub.camps
            for german, english in _sectors(camp)
            if any(_names_sector(said, sector) for sector in (german, english))
        }
        cities |= named
        topics |= about
        if not named | about and not _belongs_to_a_name(hub, said):
            unknown.append(word)
    return topics, cities, unknown


def _belongs_to_a_name(hub: Hub, said: list[str]) -> bool:
    """Is this a further word of a name (``an der Ruhr``, ``Home``), or one that joins two?"""
    names = [
        name for camp in hub.camps for name in (*camp.cities, *(each for pair in _sectors(camp) for each in pair))
    ]
    return set(said) <= {*_JOINING, *(word for name in names for word in words(name))}


def _sectors(camp: Camp) -> list[tuple[str, str]]:
    return list(zip(camp.sectors.de, camp.sectors.en, strict=False))


def _topics(hub: Hub, language: str) -> dict[str, str]:
    return {
        _key(english): german if language == "de" else english
        for camp in hub.camps
        for german, english in _sectors(camp)
    }


def _cities(hub: Hub) -> dict[str, str]:
    return {_key(city): city for city in sorted({city for camp in hub.camps for city in camp.cities})}


def _options(labels: dict[str, str]) -> list[Option]:
    return [Option(label[:LABEL_LENGTH], key) for key, label in labels.items()]


def _key(name: str) -> str:
    """A name as buttons and rows carry it: ``it-security``."""
    return "-".join(words(name))[:KEY_LENGTH]


def _said(text: str) -> list[str]:
    """The folded words of a text; a single letter is one word with what follows: ``ecommerce``."""
    said: list[str] = []
    letter = ""
    for word in words(text):
        if len(word) == 1:
            letter = word
            continue
        said.append(letter + word)
        letter = ""
    return said


def _names_sector(said: list[str], sector: str) -> bool:
    """Does a sentence name a sector? Its first long word tells: ``security``, ``Logistik``, ``ecommerce``."""
    telling = next((word for word in _said(sector) if len(word) >= _TELLING_LETTERS), "")
    return bool(telling) and any(_is_same(word, telling) for word in said)


def _is_same(word: str, telling: str) -> bool:
    common = min(len(word), len(telling), _COMMON_START)
    starts_alike = common == _COMMON_START and word[:common] == telling[:common]
    return word == telling or starts_alike or (len(telling) >= _PART_LETTERS and telling in word)


def _names_city(said: list[str], city: str) -> bool:
    """Does a sentence name a city, or its people: ``Mülheim``, ``Dortmunder``?"""
    name = words(city)[0]
    return any(word in (name, f"{name}er") for word in said)
