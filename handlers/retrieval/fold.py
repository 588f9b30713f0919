"""Folding: one spelling for what people type with or without umlauts, accents and capitals."""

from __future__ import annotations

import re
import unicodedata

# "ue" stays after a vowel or q, where it is no umlaut: "neue", "quer".
_UE = re.compile(r"(?<![aeiouyq])ue")
_WORD = re.compile(r"[a-z0-9]+")
_COMMON = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"))
_MARKED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l"})


def fold(text: str) -> str:
    """Return the text in lower case, without diacritics, with ae/oe/ue written as a/o/u."""
    lowered = text.lower()
    if not lowered.isascii():
        for marked, plain in _COMMON:
            lowered = lowered.replace(marked, plain)
        if not lowered.isascii():
            decomposed = unicodedata.normalize("NFKD", lowered.translate(_MARKED))
            lowered = "".join(char for char in decomposed if not unicodedata.combining(char))
    if "ue" in lowered:
        lowered = _UE.sub("u", lowered)
    return lowered.replace("ae", "a").replace("oe", "o")


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a text, in order."""
    return _WORD.findall(fold(text))
