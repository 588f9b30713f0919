"""The FAQ's content: entries that people write in ``hub/faq/*.toml``, checked before they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from handlers.core.markup import MarkupError, parse_markup
from handlers.core.pack import PackError, Problem, Source, Table, read_placed_tables
from handlers.faq.entries import ID, MAX_ANSWER, MAX_ID, MAX_TITLE, Entry, Wording
from handlers.retrieval.fold import words

MIN_ASKS = 4


class ContentFile(NamedTuple):
    """A file of entries: its topic (the name without its ending), its text, and what stands in it, in order."""

    topic: str
    text: str
    entries: tuple[Entry, ...]


def load_files(folder: Path) -> list[ContentFile]:
    """Read and check all entries of a content pack, by file.

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
    by_source: dict[Source, list[Entry]] = {}
    for table in tables:
        by_source.setdefault(table.source, []).append(table.value)
    return [
        ContentFile(Path(source.name).stem, source.text, tuple(entries)) for source, entries in by_source.items()
    ]


def load_entries(folder: Path) -> list[Entry]:
    """Read and check all entries of a content pack, in the order of files and lines.

    Raises:
        PackError: With all problems of all entries, by file and line.
    """
    return [entry for file in load_files(folder) for entry in file.entries]


def unfilled(entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Return the entries whose fact is still missing, and what the hub has to fill in (in German)."""
    return [(entry, entry.wording("de").missing) for entry in entries if entry.wording("de").missing]


def _problems(table: Table[Entry], folder: Path) -> Iterator[Problem]:
    entry = table.value
    if not ID.fullmatch(entry.id) or len(entry.id) > MAX_ID:
        yield table.problem(
            ("id",),
            f"the id '{entry.id}' can't be used",
            f"take a–z, 0–9 and hyphens, {MAX_ID} at most: 'desk-price'",
        )
    if isinstance(entry.as_of, int) and not 1990 <= entry.as_of <= 2100:
        yield table.problem(("as_of",), f"{entry.as_of} is no year", "write the year the answer is from")
    if entry.picture is not None and not (folder / "pictures" / f"{entry.picture}.svg").is_file():
        remedy = f"put {entry.picture}.svg into the folder pictures"
        yield table.problem(("picture",), f"there is no picture '{entry.picture}'", remedy)
    if len({bool(each.missing) for each in entry.wordings.values()}) > 1:
        yield table.problem(
            ("id",), f"'{entry.id}' is filled in in one language only", "fill in the other one too"
        )
    if not entry.wordings:
        yield table.problem(
            ("id",), f"'{entry.id}' has no text", "write it in German (de), in English (en), or both"
        )
    for language, wording in entry.wordings.items():
        yield from _wording_problems(table, language, wording)


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
    if not wording.missing:
        yield from _answer_problems(table, (language, "answer"), answer)


def _answer_problems(table: Table[Entry], where: tuple[str, str], answer: str) -> Iterator[Problem]:
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
        for language, wording in entry.wordings.items():
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
