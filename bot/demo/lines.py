"""Lines that are typed into the demo, read into deeds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.demo.cast import CannotError, Cast, Person, Room

Verb = Literal["say", "reply", "press", "home", "help", "people", "quit", "nothing"]

_BARE: dict[str, Verb] = {
    "": "nothing",
    "help": "help",
    "hilfe": "help",
    "?": "help",
    "people": "people",
    "leute": "people",
    "quit": "quit",
    "exit": "quit",
    "ende": "quit",
}
_VERBS: dict[str, Verb] = {
    "press": "press",
    "drück": "press",
    "drücke": "press",
    "reply": "reply",
    "antworte": "reply",
    "home": "home",
    "start": "home",
}
_WHO = re.compile(r"(?P<who>[^\s@:]+)@(?P<where>[^\s:]+)\s*(?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True)
class Deed:
    """What a line asks for."""

    verb: Verb
    person: Person | None = None
    room: Room | None = None
    text: str = ""


def read_line(line: str, cast: Cast, last: tuple[Person, Room] | None) -> Deed:
    """Read a line; who acted last goes on acting where nobody else is named.

    Raises:
        CannotError: It can't be read; the words advise.
    """
    line = line.strip()
    if verb := _BARE.get(line.lower()):
        return Deed(verb)
    found = _WHO.fullmatch(line)
    person, room = _who(found["who"], found["where"], cast) if found else last or (None, None)
    rest = found["rest"] if found else line
    if rest.startswith(":"):
        return _spoken("say", person, room, rest[1:])
    word, _, after = rest.partition(" ")
    verb = _VERBS.get(word.lower().rstrip(":"), "nothing")
    if verb == "home" and not after.strip():
        return Deed("home", *_somebody(person, room))
    if verb in ("press", "reply"):
        text = after.strip().removeprefix("[").removesuffix("]") if verb == "press" else after
        return _spoken(verb, person, room, text)
    raise CannotError(
        "Wer sagt was wo? Zum Beispiel: lena@slack: Wann ist offen? (help zeigt mehr)",
        "Who says what where? For example: lena@slack: Wann ist offen? (help shows more)",
    )


def _who(who: str, where: str, cast: Cast) -> tuple[Person, Room]:
    person, room = cast.person(who), cast.room(where)
    if person is None:
        raise CannotError(
            f"„{who}“ kenne ich nicht; people zeigt, wer da ist.",
            f"I don't know “{who}”; people shows who is there.",
        )
    if room is None:
        raise CannotError(
            f"„{where}“ gibt es nicht; people zeigt die Orte.", f"There is no “{where}”; people shows the places."
        )
    return person, room


def _somebody(person: Person | None, room: Room | None) -> tuple[Person, Room]:
    if person is None or room is None:
        raise CannotError(
            "Wer? Zum Beispiel: lena@slack press Hilft mir", "Who? For example: lena@slack press Hilft mir"
        )
    return person, room


def _spoken(verb: Verb, person: Person | None, room: Room | None, text: str) -> Deed:
    person, room = _somebody(person, room)
    if not text.strip():
        raise CannotError("Dahinter fehlt noch der Text.", "The text after it is missing.")
    return Deed(verb, person, room, text.strip())
