"""How many questions a message asks: two in one get an answer each, where both are sure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from handlers.retrieval.fold import fold, words

MOST = 3
_LONGEST = 1000  # characters that are looked at; what is longer tells a story


def _folded(listing: str) -> frozenset[str]:
    return frozenset(fold(word) for word in listing.split())


# What stands first in a question: question words, and verbs that are followed by somebody or something.
_ASKING = _folded(
    """
    was wer wen wem wessen wie wieso weshalb warum wann wo wohin woher wofür womit wozu woran worum worüber
    wieviel wieviele welche welcher welches welchen welchem
    what who whom whose which when where why how whats wheres whos hows
    """
)
_VERBS = _folded(
    """
    ist sind bin bist seid war waren wäre wären hat habe hab haben habt hast hätte hättet gibt gibts kann kannst
    könnt können könnte könnten könntet darf dürfen dürft dürfte muss müssen müsst soll sollen sollte sollten
    macht machen machst mache bietet bieten kostet kosten geht gehts brauche brauchen braucht bekomme bekommt
    bekommen kriege kriegt kriegen wird werden würde würden läuft findet finden heisst heißt hilft helft helfen
    steht stehen liegt kommt kommen komme komm nehmt nehmen funktioniert zahlt zahlen zahle melde buche buchen
    willst wollt will öffnet schließt schliesst beginnt dauert arbeitet arbeiten weiß wisst gilt reicht lohnt
    is are am was were do does did can could may must should would will shall has have had isnt arent dont doesnt
    cant costs cost
    """
)
_SUBJECTS = _folded(
    """
    ich du er sie es wir ihr man ein eine einen einem einer der die das dem den mein meine meinen unser unsere
    euer eure dein deine jemand jeder alle noch da auch dort hier etwas was sowas irgendwo irgendwas kein keine
    i you he she it we they one there a an the my our your any anyone anybody somebody someone this that these
    those some everyone people
    """
)
# How a wish begins: it is answered as a question is.
_WISHES = re.compile(
    r"(?:(?:bitte|please) )?(?:ich (?:mochte|will|wurde gern|hatte gern)|i (?:want|would like|d like)|id like|"
    r"zeig mir|sag mir|erzahl mir|show me|tell me|give me|gib mir|book|buch|buche|reservier) "
)
# What points back: such a question means little without what stands before it.
_POINTING = _folded(
    """
    er ihn ihm ihnen dafür davon dazu dabei daran darin darauf damit daraus dort dahin diese dieser dieses
    diesen diesem dies it its they them their he him she that those these this then
    """
)
_POINTING_LAST = frozenset({"das", "es", "die", "der", "den", "sie", "there", "da", "one"})
_EXPLETIVE = re.compile(
    r"\b(?:gibt|geht|gab|ware|regnet) es\b|\bes (?:gibt|geht)\b|\bis it (?:possible|ok|okay|allowed)\b"
    r"|\b(?:is|are) there\b"
)
_POINTING_ES = re.compile(
    r"\b(?:es|das|die)\b (?:kostet|kosten|dauert|geht|lauft|ist|sind|hat|macht|gibt)\b|"
    r"\b(?:kostet|kosten|ist|sind|lauft|funktioniert|geht|dauert|findet|heisst|beginnt) (?:es|das|sie)\b"
)

_SHORTENED = (
    "z.b",
    "bzw",
    "ca",
    "etc",
    "usw",
    "nr",
    "str",
    "dr",
    "e.g",
    "i.e",
    "mr",
    "mrs",
    "vs",
    "inkl",
    "evtl",
    "ggf",
)
_ENDS = re.compile(r"(?<=[?!.…])[\"')\]]*\s+|\s*[\r\n]+\s*|(?<=\?)(?=[^\W\d_])|;\s+")
_LIST_SIGN = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)]|[a-c]\))\s+")
_JOINED = re.compile(
    r",?\s+(?:und|and|sowie|&)(?:\s+(?:außerdem|ausserdem|also|auch|noch|dann|zweitens|then|secondly))?\s+"
    r"|,\s+(?:außerdem|ausserdem|also|zweitens|and also)\s+|,\s+",
    re.IGNORECASE,
)
_CONNECTING = re.compile(
    r"^(?:und|and|oder|or|außerdem|ausserdem|also|zweitens|secondly|noch was|dann noch)\b[\s,:]*", re.IGNORECASE
)
_GREETING = re.compile(
    r"\s*(?:(?:hallo|hallöchen|hi|hey|heyho|moin|servus|mahlzeit|glück ?auf|hello|guten? (?:tag|morgen|abend)|"
    r"good (?:morning|afternoon|evening|day)|grüß (?:dich|euch|gott))"
    r"(?:\s+(?:zusammen|ihr(?: lieben)?|alle|alle zusammen|leute|kumpel|team|liebes team|liebe leute|there|all|"
    r"everyone|everybody|folks|guys|team|miteinander))?\s*[,!.:;–—\n-]+\s*)+",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\s*(?:(?:nur |mal |hätte |ich (?:habe|hab|hätte)(?: da)?(?: mal)? |kurz |i have |i've got |just )*"
    r"(?:eine?|ne|a|one)?\s*(?:kurze|kleine|schnelle|quick|short|small)?\s*(?:frage|question)"
    r"(?: an euch| für euch| for you)?)"
    r"\s*[:!,.–—\n-]+\s*",
    re.IGNORECASE,
)


def questions_in(text: str) -> list[str]:
    """Return the questions of a message in its own words, at most three.

    Cautious: what may be one question is one. A message without or with one question comes back whole, without
    a greeting that is set off from it; nothing comes back for an empty one. Statements around several questions
    are left out; a question that points back ("Wie lange dauert das?") stays with what stands before it.

    Args:
        text: A message; its first 1,000 characters count.
    """
    whole = text[:_LONGEST].strip()
    if not whole:
        return []
    asked = _without_greeting(whole)
    questions: list[str] = []
    stated = ""
    for sentence in _sentences(asked):
        for part in _parts(sentence):
            if not _asks(part):
                stated = f"{stated} {part}".strip()
            elif _points_back(part):
                if questions and not stated:
                    questions[-1] = f"{questions[-1]} {part}"
                else:
                    questions.append(f"{stated} {part}".strip())
                stated = ""
            else:
                questions.append(part)
                stated = ""
    different = list({tuple(words(question)): question for question in questions if words(question)}.values())
    return different[:MOST] if len(different) > 1 else [asked]


def _without_greeting(text: str) -> str:
    """Drop a greeting that punctuation sets off, and "eine Frage:", if two words and more are left."""
    rest = text
    for pattern in (_GREETING, _ANNOUNCED):
        if (found := pattern.match(rest)) and len(words(rest[found.end() :])) > 1:
            rest = rest[found.end() :]
    return rest.strip() or text


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _ENDS.finditer(text):
        if end.start() and text[: end.start()].rstrip(".").lower().endswith(_SHORTENED):
            continue
        yield from _cleaned(text[start : end.start()])
        start = end.end()
    yield from _cleaned(text[start:])


def _cleaned(sentence: str) -> Iterator[str]:
    stripped = _CONNECTING.sub("", _LIST_SIGN.sub("", sentence.strip())).strip()
    if words(stripped):
        yield stripped


def _parts(sentence: str) -> list[str]:
    """Cut a sentence where a second question begins by itself: "... und wann habt ihr offen"."""
    cuts = [0]
    for joint in _JOINED.finditer(sentence):
        before, after = sentence[cuts[-1] : joint.start()], sentence[joint.end() :]
        bare_comma = joint.group().strip() == ","
        if _is_whole(before) and _opens(words(after), main_clause=bare_comma) and not _points_back(after):
            cuts.append(joint.end())
    if len(cuts) == 1:
        return [sentence]
    parts = [sentence[start:end] for start, end in pairwise([*cuts, len(sentence)])]
    return [_JOINED_LAST.sub("", part).strip() for part in parts]


_JOINED_LAST = re.compile(
    r"(?:,?\s+(?:und|and|sowie|&)(?:\s+(?:außerdem|ausserdem|also|auch|noch|dann|zweitens|then|secondly))?"
    r"|,\s*(?:außerdem|ausserdem|also|zweitens|and also)?)\s*$",
    re.IGNORECASE,
)


def _is_whole(part: str) -> bool:
    """Say whether a part can stand by itself: a question or a wish of three words with a verb."""
    read = words(part)
    return (
        len(read) >= 3
        and read[-1] not in _ASKING
        and not _VERBS.isdisjoint(read)
        and (_opens(read, main_clause=False) or _wishes(read))
    ) or (len(read) >= 3 and _wishes(read))


def _opens(read: list[str], *, main_clause: bool) -> bool:
    """Say whether words begin as a question does, with enough after it; a main clause has its verb second."""
    if len(read) < 3:
        return False
    if read[0] in _VERBS and read[1] in _SUBJECTS:
        return True
    if read[0] not in _ASKING:
        return False
    return not main_clause or (not _VERBS.isdisjoint(read[1:3]) and read[1] not in _PERSONS)


_PERSONS = frozenset(
    {"ich", "du", "er", "sie", "es", "wir", "ihr", "man", "i", "you", "he", "she", "it", "we", "they"}
)


def _asks(part: str) -> bool:
    read = words(part)
    return "?" in part or _opens(read, main_clause=False) or _wishes(read)


def _wishes(read: list[str]) -> bool:
    return len(read) >= 3 and _WISHES.match(" ".join(read)) is not None


def _points_back(part: str) -> bool:
    read = words(part)
    plain = _EXPLETIVE.sub("", " ".join(read))
    if not _POINTING.isdisjoint(read) or (plain and plain.split()[-1] in _POINTING_LAST):
        return True
    return _POINTING_ES.search(plain) is not None and len(read) <= 6
