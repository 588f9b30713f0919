"""The words of the grammar: what people type, and the one word that stands for it in a line."""

from __future__ import annotations

from handlers.retrieval.fold import fold

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# One row a weekday: names, then abbreviations that count beside a sign of a date ("am Di", "Sat 28 Nov").
_WEEKDAY_NAMES = (
    ("montag monday", "mo mon"),
    ("dienstag tuesday tues", "di tue"),
    ("mittwoch wednesday wed", "mi"),
    ("donnerstag thursday thur thurs thu", ""),
    ("freitag friday fri", "fr"),
    ("samstag sonnabend saturday", "sa sat"),
    ("sonntag sunday", ""),
)
# Abbreviations that are common words, too: only "am" or a whole date beside them makes them weekdays.
_DOUBTFUL = {"do": "thu~~", "so": "sun~~", "sun": "sun~~"}

_MONTH_NAMES = (
    "januar january jan jänner jän", "februar february feb", "märz march mar mär mrz", "april apr",
    "mai may", "juni june jun", "juli july jul", "august aug",
    "september sept sep", "oktober october okt oct", "november nov", "dezember december dez dec",
)  # fmt: skip

_DAYPARTS = "früh vormittag mittag nachmittag abend nacht morning noon lunchtime afternoon evening night"

_WORDS = {
    "today": "heute heut hetue huete today todya tonight tonite",
    "morrow": "morgen morgn mrogen moregn mogren morgne morgenn moorgen omrgen tomorrow tmrw tmr",
    "overmorrow": "übermorgen",
    "yesterday": "gestern yesterday",
    "daypart": _DAYPARTS + " mittags abends nachmittags vormittags",
    "day": "tag tage tagen day days",
    "week": "woche wochen week weeks",
    "this": "dieser diese diesen diesem dieses this",
    "coming": "kommender kommende kommenden kommendem coming upcoming",
    "next": "nächster nächste nächsten nächstem nächstes nexten next",
    "overnext": "übernächster übernächste übernächsten übernächstem",
    "last": "letzter letzte letzten letztem vergangene vergangenen vorige vorigen last seit since",
    "every": "jeder jede jeden jedem every each",
    "good": "guter guten gute gutn gudn schöner schönen schönes frohen n good happy nice lovely black casual",
    "not": "nicht not statt anstatt instead außer except",
    "a": "ein eine einen einem einer a an one",
    "2": "zwei two",
    "3": "drei three",
    "4": "vier four",
    "5": "fünf five",
    "6": "sechs six",
    "7": "sieben seven",
    "8": "acht eight",
    "9": "neun nine",
    "10": "zehn ten",
    "12": "zwölf twelve",
    "14": "vierzehn fourteen",
    "in": "in",
    "on": "am on",
    "the": "der den dem zum the",
    "of": "of",
    "for": "für for",
    "from": "from",
    "starting": "ab von vom",
    "till": "bis till until to",
    "after": "nach after",
    "and": "und oder and or",
    "at": "um gegen at",
    "now": "now",
    "i": "i",
    "clock": "uhr h",
    "unit": "euro eur dollar meter m km cm kg gb mb prozent percent grad stunden hours % € $",
    "version": "version python ubuntu node java php release kapitel chapter abschnitt section punkt note ip §",
    "times": "mal einmal zweimal dreimal once twice times oft often",
    # What is numbered, like days: "am 2. Tisch".
    "thing": "stock etage tisch schreibtisch raum standort stand start preis teil termin camp",
    "all": "zusammen allerseits leute kumpel miteinander",
    "bye": "see",
    "you": "you",
    "please": "bitte please pls",
    # What may go on behind "den 24." or "the 24th" where it is a day: "the 24th is fine", but not "the 2nd floor".
    "go": """ist is sind are wäre geht gehts passt klappt ginge works work would will kann können könnte can
        could möchte hätte hätten gibt hat habe hab habt have noch frei free ok okay fine was etwas anything any
        auch also too dann then lieber instead ich wir we es komme kommen mit with da there""",
    "xmas": "christmas xmas",
    "eve": "eve",
    "boxing": "boxing",
    "new": "new",
    "year": "year years",
    "24.12.": "heiligabend",
    "31.12.": "silvester sylvester",
    "6.12.": "nikolaustag",
    "1.1.": "neujahr neujahrstag",
}  # fmt: skip

# Ordinals in words, from the first on.
_ORDINALS = """
    erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte
    fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte zwanzigste einundzwanzigste zweiundzwanzigste
    dreiundzwanzigste vierundzwanzigste fünfundzwanzigste sechsundzwanzigste siebenundzwanzigste achtundzwanzigste
    neunundzwanzigste dreißigste einunddreißigste"""

# Words long and distinctive enough that a slip of the finger still means them.
_FORGIVEN = 7


def _vocabulary() -> dict[str, str]:
    known = {fold(word): meaning for meaning, listing in _WORDS.items() for word in listing.split()}
    for month, listing in zip(MONTHS, _MONTH_NAMES, strict=True):
        known |= {fold(word): month for word in listing.split()}
    for weekday, (names, short) in zip(WEEKDAYS, _WEEKDAY_NAMES, strict=True):
        known |= {fold(word): weekday for word in names.split()}
        known |= {fold(word): f"{weekday}~" for word in short.split()}
    known |= _DOUBTFUL
    for number, word in enumerate(_ORDINALS.split(), start=1):
        # "am ersten" is often no day ("am ersten Stand"): up to the twelfth, a word counts only beside a month.
        meaning = f"{number}." if number > 12 else f"{number}st"
        known |= {fold(word + ending): meaning for ending in ("", "n", "r")}
    known |= {"first": "1st", "second": "2st", "third": "3st"}
    german = [
        (fold(names.split()[0]), weekday) for weekday, (names, _) in zip(WEEKDAYS, _WEEKDAY_NAMES, strict=True)
    ]
    for day, meaning in [*german, ("heute", "today"), ("morgen", "morrow"), ("ubermorgen", "overmorrow")]:
        known |= {day + fold(part): meaning for part in _DAYPARTS.split()}
    known |= {day + "morgen": weekday for day, weekday in german}
    return known


def _shortened(word: str) -> set[str]:
    """Return the word, and the word without each of its letters."""
    return {word} | {word[:at] + word[at + 1 :] for at in range(len(word))}


VOCABULARY = _vocabulary()
_NAMES = {
    word
    for word, meaning in VOCABULARY.items()
    if len(word) >= _FORGIVEN and (meaning in {*WEEKDAYS, *MONTHS, "overmorrow"} or word == "tomorrow")
}
_SLIPS = {slip: VOCABULARY[word] for word in sorted(_NAMES) for slip in _shortened(word)}
# "sonntags" and "mondays" say every week, "Sonntage" several of them: whole words, no slips.
_NO_SLIPS = {word + ending for word in _NAMES for ending in ("s", "e", "en")}


def meaning_of(word: str) -> str:
    """Return the word of the grammar that stands for a typed word; empty for any other word.

    In long names of days and months one slip is forgiven: a letter too many, missing, wrong or swapped.
    """
    if word.lower() == "mogen":  # a slip for "morgen"; written "mögen" or "moegen" it is another word
        return "morrow"
    folded = fold(word)
    if (known := VOCABULARY.get(folded)) is not None:
        return known
    if not _FORGIVEN - 1 <= len(folded) <= 14 or folded in _NO_SLIPS:
        return ""
    return next((_SLIPS[slip] for slip in sorted(_shortened(folded)) if slip in _SLIPS), "")
