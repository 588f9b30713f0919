"""What an entry may hold: rules for people who write answers, each with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from handlers.core.markup import MarkupError, parse_markup
from handlers.core.pack import Problem, Table
from handlers.faq.entries import ID, MAX_ANSWER, MAX_ID, MAX_TITLE, Entry, Wording
from handlers.retrieval.fold import words

MAX_ASK = 500
FEW_ASKS = 4
"""With fewer ways to ask, an entry is not found well."""
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def problems_of(table: Table[Entry], folder: Path) -> Iterator[Problem]:
    """Yield what keeps an entry from being used; its drawing is looked for in the pack's folder."""
    entry = table.value
    if not ID.fullmatch(entry.id) or len(entry.id) > MAX_ID:
        yield table.problem(
            ("id",),
            f"the id '{shown(entry.id)}' can't be used",
            f"take a–z, 0–9 and hyphens, {MAX_ID} at most: 'desk-price'",
            f"die id „{shown(entry.id)}“ geht nicht; nimm a–z, 0–9 und Striche, höchstens {MAX_ID}: desk-price",
        )
    if isinstance(entry.as_of, int) and not 1990 <= entry.as_of <= 2100:
        remedy, de = "write the year the answer is from", f"{entry.as_of} ist kein Jahr; von wann ist die Antwort?"
        yield table.problem(("as_of",), f"{entry.as_of} is no year", remedy, de)
    if entry.picture is not None and not _drawn(folder, entry.picture):
        picture = shown(entry.picture)
        remedy = f"put {picture}.svg into the folder pictures"
        de = f"das Bild „{picture}“ gibt es nicht; leg {picture}.svg in den Ordner pictures"
        yield table.problem(("picture",), f"there is no picture '{picture}'", remedy, de)
    if not entry.wordings:
        remedy = "write it in German (de), in English (en), or both"
        de = f"„{entry.id}“ hat keinen Text; schreib ihn auf Deutsch (de), auf Englisch (en) oder in beiden"
        yield table.problem(("id",), f"'{entry.id}' has no text", remedy, de)
    for language, wording in entry.wordings.items():
        yield from _wording_problems(table, language, wording)


def _drawn(folder: Path, picture: str) -> bool:
    return bool(ID.fullmatch(picture)) and (folder / "pictures" / f"{picture}.svg").is_file()


def _wording_problems(table: Table[Entry], language: str, wording: Wording) -> Iterator[Problem]:
    title = wording.title
    if not title.endswith("?"):
        de = f"der Titel „{shown(title)}“ ist keine Frage; beende ihn mit „?“"
        yield table.problem(
            (language, "title"), f"the title '{shown(title)}' is no question", "end it with '?'", de
        )
    if len(title) > MAX_TITLE:
        remedy, de = f"shorten it to {MAX_TITLE}", f"der Titel hat {len(title)} Zeichen; kürz ihn auf {MAX_TITLE}"
        yield table.problem((language, "title"), f"the title has {len(title)} characters", remedy, de)
    if not wording.ask:
        remedy = "write some, as people would type them"
        de = "es gibt keine Art zu fragen; schreib einige auf, so wie Leute tippen"
        yield table.problem((language, "ask"), "there is no way to ask", remedy, de)
    for number, ask in enumerate(wording.ask):
        where = (language, "ask", number)
        if not words(ask):
            de = "eine Art zu fragen ist leer; schreib eine Frage hin oder nimm sie heraus"
            yield table.problem(where, "a way to ask is empty", "write a question or take it out", de)
        if len(ask) > MAX_ASK:
            de = f"das ist länger als {MAX_ASK} Zeichen; niemand fragt so, kürz es"
            yield table.problem(where, f"this is longer than {MAX_ASK} characters", "shorten it", de)
    texts = [
        (("title",), title),
        (("answer",), wording.answer),
        *((("ask", n), a) for n, a in enumerate(wording.ask)),
    ]
    for below, text in texts:
        if _UNSEEN.search(text) or ("\n" in text and below[0] != "answer"):
            de = "hier ist ein Zeilenumbruch oder ein unsichtbares Zeichen; nimm es heraus"
            problem = "a line break or a character that nobody sees stands here"
            yield table.problem((language, *below), problem, "take it out", de)
    if not wording.missing:
        yield from _answer_problems(table, (language, "answer"), wording.answer)


def _answer_problems(table: Table[Entry], where: tuple[str, str], answer: str) -> Iterator[Problem]:
    if not answer:
        de = "die Antwort ist leer; schreib eine, oder den Platzhalter [[AUSFÜLLEN: …]]"
        yield table.problem(where, "the answer is empty", "write one, or a [[AUSFÜLLEN: …]] placeholder", de)
    if "[[" in answer or "]]" in answer:
        remedy = "a placeholder is the whole answer: [[AUSFÜLLEN: …]] or [[TO FILL IN: …]]"
        de = "in der Antwort steht [[ oder ]]; ein Platzhalter ist die ganze Antwort: [[AUSFÜLLEN: …]]"
        yield table.problem(where, "the answer holds [[ or ]]", remedy, de)
        return
    if len(answer) > MAX_ANSWER:
        de = f"die Antwort hat {len(answer)} Zeichen; kürz sie auf {MAX_ANSWER}"
        yield table.problem(where, f"the answer has {len(answer)} characters", f"shorten it to {MAX_ANSWER}", de)
        return
    try:
        parse_markup(answer)
    except MarkupError as error:
        remedy = "close what is opened, or leave the sign out; links begin with https://"
        de = (
            f"ab Zeichen {error.position + 1} ist etwas nicht geschlossen, oder ein Link beginnt nicht mit "
            "https://; schließ es, oder lass das Zeichen weg"
        )
        yield table.problem(where, str(error), remedy, de)


def repeated(tables: Sequence[Table[Entry]]) -> Iterator[Problem]:
    """Yield ids and questions that stand in two places: the index could not tell them apart."""
    ids: dict[str, str] = {}
    asked: dict[tuple[str, ...], str] = {}
    for table in tables:
        entry = table.value
        if entry.id in ids:
            de = f"die id „{shown(entry.id)}“ gibt es zweimal, auch in {ids[entry.id]}; benenn eine um"
            problem = f"the id '{shown(entry.id)}' is there twice, also in {ids[entry.id]}"
            yield table.problem(("id",), problem, "rename one", de)
            continue
        ids[entry.id] = table.source.name
        for language, wording in entry.wordings.items():
            title = tuple(words(wording.title))
            if asked.setdefault(title, entry.id) != entry.id:
                de = f"„{shown(wording.title)}“ führt auch zu „{asked[title]}“; nimm einen anderen Titel"
                problem = f"'{shown(wording.title)}' also leads to '{asked[title]}'"
                yield table.problem((language, "title"), problem, "give it another title", de)
            yield from _repeated_asks(table, language, wording, asked)


def _repeated_asks(
    table: Table[Entry], language: str, wording: Wording, asked: dict[tuple[str, ...], str]
) -> Iterator[Problem]:
    seen: set[tuple[str, ...]] = set()
    for number, ask in enumerate(wording.ask):
        folded, text, where = tuple(words(ask)), shown(ask), (language, "ask", number)
        if not folded:
            continue
        if folded in seen:
            de = f"„{text}“ steht zweimal da; nimm eines heraus"
            yield table.problem(where, f"'{text}' is there twice", "take one out", de)
        elif (other := asked.setdefault(folded, table.value.id)) != table.value.id:
            de = f"„{text}“ führt auch zu „{other}“; lass es in einem Eintrag"
            yield table.problem(where, f"'{text}' also leads to '{other}'", "keep it in one entry", de)
        seen.add(folded)


def shown(text: str) -> str:
    """Return a text as it may stand in a complaint: short, on one line, nothing that a terminal obeys."""
    return "".join(char if char.isprintable() else "·" for char in text[:60]) + "…" * (len(text) > 60)
