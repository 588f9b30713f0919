"""Which language a short chat message is in, as far as it can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from handlers.retrieval.fold import fold
from handlers.retrieval.recall import recalled

Language = Literal["de", "en"]


def _folded(listing: str) -> frozenset[str]:
    return frozenset(fold(word) for word in listing.split())


# Function words, question words and everyday verbs of one language. What both have ("in", "an", "man",
# "so", "hat", "am") says nothing and is in neither list.
_GERMAN = _folded(
    """
    aber alle alles als ander andere anderen auch auf aus bei beim bekomme bekommen bekommt bin bis bist bitte
    brauche brauchen braucht bzw da dabei dafür damit danke dann darf das dass dein deine deinem deinen deiner
    dem den denn der des dich dir doch dort drin du durch dürfen eben echt eigentlich ein eine einem einen einer
    eines einfach er erst erzähl es etwas euch euer eure eurem euren eurer finde finden fragen für fürs ganz geben
    geht gehts gern gerne gib gibt gibts haben habe habt hallo hätte heisst heute hier hilft ich ihm ihn ihnen ihr
    ihre ihren ihrer im immer ins irgendwie irgendwo ist ja jemand jetzt kann kannst kein keine keinen klar komm
    komme kommen kommt können könnt könnte könnten kosten kostet krieg kriege kriegen kriegt könntest lieber mach
    machen machst macht mehr mein meine meinem meinen meiner melde mich mir mit möchte möchten moin morgen muss
    müssen müsst nach nehmen nein nicht nichts noch nochmal nur ob oder ohne pro raus rein sag schon sehr seid sein
    sich sie sind sollte sonst sowas stimmt suche suchen übermorgen und uns unser unsere unseren unter viel viele
    vielen vom von vor wann warum weiss weisst welche welchem welchen welcher welches wem wen wenig wenn werde
    werden wer wie wieder wieso wieviel willst wir wird wo wofür woher wohin wollen worum wozu würde zeig zeigen
    zu zum zur zwei zwischen über
    """
)
_ENGLISH = _folded(
    """
    a about actually and any anybody anyone anything are at be been but by can cannot could did do does doing don
    everyone for from get getting give go got had has have hello help her here hey how if into is isn it its join
    just know let like looking made make many me more much my need needs no not of off offer offers on one only or
    our out over people please should show some somebody someone something sorry still talk tell than thank thanks
    that the their them there these they this those to today together tomorrow too us use used using very wanna
    want we well what whats when where which who whom whose why with without work working would yes yet you your
    yours i
    """
)
# In questions nearly always German, but English words too: half a hint.
_LEANING_GERMAN = frozenset({"was", "die", "will", "war", "also"})

_UMLAUT = re.compile(r"[äöüß]")
_WORD = re.compile(r"[^\W\d_]+")
_GERMAN_SHAPE = re.compile(
    r"sch(?!ool|edul)|tz|pf|(?:ung|keit|heit|eit|schaft)(?:en)?$|lich(?:e[nmrs]?)?$|isch(?:e[nmrs]?)?$"
    r"|ieren?$|iert$|^ge[a-z]+t$|[aeiou]cht|zeit|chen$|latz|eiten$|kauf|tadt|plät|geld"
)
_ENGLISH_SHAPE = re.compile(
    r"^th|wh|[a-z]{3}ing$|(?:[ai]tion|ment)s?$|ight|ness$|[a-z]{2}ly$|ould|ee[a-z]|oo[a-z]|[a-z]{2}ity$|ies$"
    r"|ships?$|sh$|ough|[aeiou]ce$|wn$|ey$|ay$"
)
# How much a sign counts, in tenths: sums are exact in whole numbers.
_FUNCTION_WORD, _LEANING, _WRITTEN_UMLAUT, _SHAPE = 10, 5, 15, 4
_BALANCE = (
    dict.fromkeys(_GERMAN, _FUNCTION_WORD)
    | dict.fromkeys(_ENGLISH, -_FUNCTION_WORD)
    | dict.fromkeys(_LEANING_GERMAN, _LEANING)
)


class Guess(msgspec.Struct, frozen=True):
    """What a text's language looks like: none when it is mixed or says too little."""

    language: Language | None
    sure: bool


def detect(text: str) -> Guess:
    """Guess the language of a message from function words, umlauts and the shape of its words.

    Returns:
        The guess; ``sure`` only when the signs are plenty and hardly one speaks for the other language.
    """
    german = english = 0
    for written in _WORD.findall(text):
        for_german, for_english = _signs(written)
        german += for_german
        english += for_english
    winner, loser = (german, english) if german > english else (english, german)
    if winner == 0 or 2 * winner < 3 * loser:
        return Guess(None, False)
    return Guess("de" if german > english else "en", winner >= 15 and 4 * loser <= winner)


def of_words(folded_words: Iterable[str]) -> Language | None:
    """Return the language of folded words by function words alone, or None when neither wins."""
    balance = sum([_BALANCE.get(word, 0) for word in folded_words])
    return "de" if balance > 0 else "en" if balance < 0 else None


@recalled(4096)
def _signs(written: str) -> tuple[int, int]:
    """Return what one word says for German and for English."""
    if written == "IT":  # the trade, in both languages
        return 0, 0
    word = written.lower()
    plain = fold(word)
    german = _WRITTEN_UMLAUT if _UMLAUT.search(word) else 0
    if plain in _GERMAN:
        return german + _FUNCTION_WORD, 0
    if plain in _ENGLISH:
        return german, _FUNCTION_WORD
    if plain in _LEANING_GERMAN:
        return german + _LEANING, 0
    return german + _SHAPE * bool(_GERMAN_SHAPE.search(word)), _SHAPE * bool(_ENGLISH_SHAPE.search(word))
