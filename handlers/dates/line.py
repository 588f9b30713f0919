"""A text as a line of the grammar's words, each of which knows where it stood.

``Passt Di., 24.11.?`` becomes ``go tue~ . , 24.11. .``: one word a token, the same in both languages. ``_`` is any
word the grammar does not know, and any number that can't belong to a date.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from handlers.dates.words import meaning_of

_TOKEN = re.compile(
    r"""
      (?P<link> (?:https?://|www\.|[\#@]) \S* | [\w.+-]{1,64}+ @ \S+ )
    | (?P<ordinal> (?<![\w§]) (?<!\d[.,:/]) (?P<number>[0-9]{1,2}) (?:st|nd|rd|th|s?te[nr]?) \b )
    | (?P<figures> (?<![\w§]) (?<!\d[.,:/]) (?<![^\W\d]-) (?<![0-9]{3}-)
        (?: (?: (?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}                               # 2026-11-24
              | [0-9]{1,2} (?P<mark>[./-]) [0-9]{1,2} (?P=mark) (?:[0-9]{4}|[0-9]{2})    # 24.11.2026
              | [0-9]{1,2} \. [0-9]{1,2} \.?                                 # 24.11.
              | [0-9]{1,2} / [0-9]{1,2}                                      # 24/11
              | [0-9]{1,2} : [0-9]{2}                                        # 10:30
              | [0-9]{1,4} (?!\.)
            ) (?!\w) (?![.,:/][0-9])
          | [0-9]{1,2} \. (?![0-9])                                          # 24.
        ) )
    | (?P<word> (?<![\d_]) [^\W\d_]+ (?![\d_]) )
    | (?P<other> \w+ (?: [.,:/-] \w+ )* )
    | (?P<sign> [-–—,;:.!?()\n§€%$] )
    """,
    re.VERBOSE,
)
# As long as a chat message gets; what is pasted beyond that is not read.
_LONGEST = 4000
_SIGNS = {"-": "till", "–": "till", "—": "till", "§": "version", "€": "unit", "$": "unit", "%": "unit"}
_PAUSES = ",;:()"


class Line:
    """The words of a text, joined by single spaces in ``words``, which begins with one, too.

    ``lead`` is a word of the grammar to put in front of them.
    """

    def __init__(self, text: str, lead: str = "") -> None:
        self._text = unicodedata.normalize("NFC", text[:_LONGEST])
        self.tokens = [lead] if lead else []
        self._spans = [(0, 0)] if lead else []
        for found in _TOKEN.finditer(self._text):
            self.tokens.append(_word(found))
            self._spans.append(found.span())
        self.words = " " + " ".join(self.tokens)
        self.starts = [1]
        for token in self.tokens:
            self.starts.append(self.starts[-1] + len(token) + 1)

    def token_at(self, position: int) -> int:
        """Return the number of the first token that starts at or behind a position in ``words``."""
        return bisect_left(self.starts, position)

    def said(self, first: int, end: int) -> str:
        """Return the text from one token to the one before ``end``, as typed."""
        return self._text[self._spans[first][0] : self._spans[end - 1][1]]


def _word(found: re.Match[str]) -> str:
    token = found.group()
    match found.lastgroup:
        case "word":
            return meaning_of(token) or "_"
        case "ordinal":
            return found["number"] + "."
        case "figures":
            return token.replace("-", ".") if found["mark"] == "-" else token
        case "sign":
            return _SIGNS.get(token) or ("," if token in _PAUSES else ".")
    return "_"
