"""Folding: one spelling for what people type with or without umlauts, accents and capitals."""

from __future__ import annotations

import re
import unicodedata

# "ue" stays after a vowel or q, where it is no umlaut: "neue", "quer".
_DIGRAPHS = re.compile(r"ae|oe|(?<![aeiouyq])ue")
_WORD = re.compile(r"[a-z0-9]+")
_MARKED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})


def fold(text: str) -> str:
    """Return the text in lower case, without diacritics, with ae/oe/ue written as a/o/u."""
    lowered = text.lower().translate(_MARKED)
    if not lowered.isascii():
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _DIGRAPHS.sub(lambda match: match.group()[0], lowered)


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a text, in order."""
    return _WORD.findall(fold(text))
