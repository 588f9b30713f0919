"""The FAQ's content: entries that people write in ``hub/faq/*.toml``, checked before they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from handlers.core.markup import MarkupError, parse_markup
from handlers.core.pack import PackError, Problem, Table, read_placed_tables
from handlers.core.ui import plain
from handlers.retrieval.fold import words
from handlers.retrieval.index import Way

MAX_TITLE = 40  # characters that fit on a "did you mean" button
MAX_ANSWER = 450
MIN_ASKS = 4
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\[\[(?:AUSFÜLLEN|TO FILL IN): (?P<missing>[^\[\]]+)\]\]")
_AS_OF = {
    "de": "_Stand: {year}, bitte beim Hub bestätigen lassen._",
    "en": "_As of {year}; please check with the hub._",
}


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry in one language.

    Attributes:
        title: The question, as it stands on a button.
        ask: Ways to ask it, as people do.
        answer: The answer in our little markup, or a placeholder where the fact is missing.
    """

    title: str
    ask: tuple[str, ...]
    answer: str


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with its answer.

    Attributes:
        id: Names the entry for good: lower-case letters, digits and hyphens.
        as_of: The year the answer is from; it is said below the answer.
        picture: The name of a drawing in ``pictures/`` that goes with the answer.
    """

    id: str
    de: Wording
    en: Wording
    as_of: int | None = None
    picture: str | None = None

    @property
    def key(self) -> str:
        """The entry's key in the index of all that can be asked for."""
        return f"faq:{self.id}"

    @property
    def filled(self) -> bool:
        """Whether the hub has given the fact; otherwise the question goes to a person."""
        return not _is_placeholder(self.de.answer)

    def wording(self, language: str) -> Wording:
        """Return the entry in a language, ``de`` or ``en``."""
        return self.de if language == "de" else self.en

    def answer(self, language: str) -> str:
        """Return the answer as markup, with the year it is from where that matters."""
        text = self.wording(language).answer.strip()
        return f"{text} {_AS_OF[language].format(year=self.as_of)}" if self.as_of and self.filled else text


def load_entries(folder: Path) -> list[Entry]:
    """Read and check all entries of a content pack.

    Args:
        folder: The pack's folder; entries stand in ``faq/*.toml`` in it.

    Raises:
        PackError: With all problems of all entries, by file and line.
    """
    tables = read_placed_tables(folder, "faq/*.toml", Entry)
    problems = [problem for table in tables for problem in _problems(table, folder)]
    problems += _repeated(tables)
    if problems:
        raise PackError(problems)
    return [table.value for table in tables]


def unfilled(entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Return the entries whose fact is still missing, and what the hub has to fill in (in German)."""
    return [
        (entry, missing["missing"])
        for entry in entries
        if (missing := _PLACEHOLDER.fullmatch(entry.de.answer.strip()))
    ]


def ways(entries: Sequence[Entry]) -> list[Way]:
    """Return the ways to ask for entries, both languages in one; unfilled entries too, so that they hand over."""
    return [
        Way(
            entry.key,
            (entry.de.title, *entry.de.ask, entry.en.title, *entry.en.ask),
            "\n".join(plain(parse_markup(each.answer)) for each in (entry.de, entry.en)) if entry.filled else "",
        )
        for entry in entries
    ]


def _is_placeholder(answer: str) -> bool:
    return _PLACEHOLDER.fullmatch(answer.strip()) is not None


def _problems(table: Table[Entry], folder: Path) -> Iterator[Problem]:
    entry = table.value
    if not _ID.fullmatch(entry.id):
        yield table.problem(
            ("id",), f"the id '{entry.id}' can't be used", "take a–z, 0–9 and hyphens: 'desk-price'"
        )
    if entry.as_of is not None and not 1990 <= entry.as_of <= 2100:
        yield table.problem(("as_of",), f"{entry.as_of} is no year", "write the year the answer is from")
    if entry.picture is not None and not (folder / "pictures" / f"{entry.picture}.svg").is_file():
        remedy = f"put {entry.picture}.svg into the folder pictures"
        yield table.problem(("picture",), f"there is no picture '{entry.picture}'", remedy)
    if _is_placeholder(entry.de.answer) != _is_placeholder(entry.en.answer):
        yield table.problem(
            ("id",), f"'{entry.id}' is filled in in one language only", "fill in the other one too"
        )
    for language in ("de", "en"):
        yield from _wording_problems(table, language, entry.wording(language))


def _wording_problems(table: Table[Entry], language: str, wording: Wording) -> Iterator[Problem]:
    title, answer = wording.title.strip(), wording.answer.strip()
    if not title.endswith("?"):
        yield table.problem((language, "title"), f"the title '{title}' is no question", "end it with '?'")
    if len(title) > MAX_TITLE:
        remedy = f"shorten it to {MAX_TITLE}"
        yield table.problem((language, "title"), f"the title has {len(title)} characters", remedy)
    if len(wording.ask) < MIN_ASKS:
        remedy = f"write at least {MIN_ASKS}, as people would type them"
        yield table.problem((language, "ask"), f"there are only {len(wording.ask)} ways to ask", remedy)
    for number, ask in enumerate(wording.ask):
        if not words(ask):
            yield table.problem(
                (language, "ask", number), "a way to ask is empty", "write a question or take it out"
            )
    yield from _answer_problems(table, (language, "answer"), answer)


def _answer_problems(table: Table[Entry], where: tuple[str, str], answer: str) -> Iterator[Problem]:
    if _is_placeholder(answer):
        return
    if not answer:
        yield table.problem(where, "the answer is empty", "write one, or a [[AUSFÜLLEN: …]] placeholder")
    if "[[" in answer or "]]" in answer:
        remedy = "a placeholder is the whole answer: [[AUSFÜLLEN: …]] or [[TO FILL IN: …]]"
        yield table.problem(where, "the answer holds [[ or ]]", remedy)
        return
    if len(answer) > MAX_ANSWER:
        yield table.problem(where, f"the answer has {len(answer)} characters", f"shorten it to {MAX_ANSWER}")
    try:
        parse_markup(answer)
    except MarkupError as error:
        yield table.problem(where, str(error), "close what is opened, or leave the sign out")


def _repeated(tables: Sequence[Table[Entry]]) -> Iterator[Problem]:
    """Yield ids and questions that stand in two places: the index could not tell them apart."""
    ids: dict[str, str] = {}
    asked: dict[tuple[str, ...], str] = {}
    for table in tables:
        entry = table.value
        if entry.id in ids:
            yield table.problem(
                ("id",), f"the id '{entry.id}' is there twice, also in {ids[entry.id]}", "rename one"
            )
            continue
        ids[entry.id] = table.source.name
        for language in ("de", "en"):
            wording = entry.wording(language)
            title = tuple(words(wording.title))
            if asked.setdefault(title, entry.id) != entry.id:
                problem = f"'{wording.title}' also leads to '{asked[title]}'"
                yield table.problem((language, "title"), problem, "give it another title")
            seen: set[tuple[str, ...]] = set()
            for number, ask in enumerate(wording.ask):
                folded = tuple(words(ask))
                where = (language, "ask", number)
                if folded in seen:
                    yield table.problem(where, f"'{ask}' is there twice", "take one out")
                elif asked.setdefault(folded, entry.id) != entry.id:
                    yield table.problem(where, f"'{ask}' also leads to '{asked[folded]}'", "keep it in one entry")
                seen.add(folded)
