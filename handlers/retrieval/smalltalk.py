"""Small talk: greetings, thanks, yes and no. It asks for nothing, so as a rule nothing is looked up for it."""

from __future__ import annotations

from collections.abc import Collection

from handlers.retrieval.fold import fold


def _folded(listing: str) -> frozenset[str]:
    return frozenset(fold(word) for word in listing.split())


# Words that make a message small talk: an index that uses one of them wants to be found by it.
TELLING = _folded(
    """
    hallo hallöchen hi hey heyho moin servus grüß gruss glückauf mahlzeit tschüss tschau ciao danke dankeschön dank
    ok okay oki ja jo jep nein nö nee lol haha hahaha hihi hmm sorry entschuldigung test asdf asdfgh qwertz qwerty
    hello howdy morning afternoon evening night bye goodbye later cheers thanks thank thx ty yes yeah yep no nope
    great awesome
    """
)
# Words that only go with them, or say nothing by themselves.
_FILLING = _folded(
    """
    gott guten gute guter gut morgen tag abend nacht bis bald später dann vielen dir euch ihr schön schönen schönes
    wochenende bitte gern gerne doch super toll prima cool klasse perfekt alles klar wie geht gehts es ähm äh hm na
    naja ach so oh kein problem macht nichts xyz kumpel lieber liebe
    good see you soon much so very a lot fine nice alright how are doing is it going hows s welcome problem never
    mind mate ha um uh well
    """
)
_WORDS = TELLING | _FILLING


def is_small_talk(words: Collection[str]) -> bool:
    """Say whether folded words hold nothing but small talk."""
    return _WORDS.issuperset(words)


def is_mostly_small_talk(words: Collection[str]) -> bool:
    """Say whether at least half of the folded words are small talk: a way to ask that wants to be found by it."""
    return 2 * sum(word in _WORDS for word in words) >= len(words)
