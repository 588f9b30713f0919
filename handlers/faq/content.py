"""The FAQ's content: entries that people write in ``hub/faq/*.yaml``, checked before they are used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec

from handlers.core.pack import PackError, Place, Problem, Source, Table, decoded, misfits, wrong_fields
from handlers.faq.checking import problems_of, repeated
from handlers.faq.entries import Audience, Entry, Owner, Wording
from handlers.faq.reading import MAX_ENTRIES, Sheet, read_sheet
from handlers.faq.writing import tidy

MAX_BYTES = 1_000_000
"""Of a file; a thousand entries fit."""
MAX_FILES = 100
TOPIC = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""A file's name without its ending."""

_DAYS = ("as_of", "reviewed", "review_by")
_CHOICES: dict[str, tuple[str, ...]] = {"audience": get_args(Audience), "owner": get_args(Owner)}


class ContentFile(NamedTuple):
    """A file of entries: its topic (the name without its ending), its text, and what stands in it, in order."""

    topic: str
    text: str
    entries: tuple[Entry, ...]


def load_files(folder: Path, drawings: Path | None = None) -> list[ContentFile]:
    """Read and check all entries of a content pack, by file.

    Args:
        folder: The pack's folder; entries stand in ``faq/*.yaml`` in it.
        drawings: The pack whose folder ``pictures`` has the answers' drawings; by default the same.

    Raises:
        PackError: With all problems of all entries, by file and line.
    """
    problems: list[Problem] = []
    read: list[tuple[str, str, list[Table[Entry]]]] = []
    for file in _files(folder, problems):
        name = f"{folder.name}/faq/{file.name}"
        try:
            text = _text(name, file)
            sheet = read_sheet(name, text)
        except PackError as error:
            problems += error.problems
            continue
        read.append((file.stem, text, _tables(sheet, problems)))
    tables = [table for _, _, found in read for table in found]
    problems += [problem for table in tables for problem in problems_of(table, drawings or folder)]
    problems += repeated(tables)
    if not tables and not problems:
        problems.append(_empty(f"{folder.name}/faq"))
    if len(tables) > MAX_ENTRIES:
        problems.append(_too_many(f"{folder.name}/faq"))
    if problems:
        raise PackError(problems)
    return [ContentFile(topic, text, tuple(table.value for table in found)) for topic, text, found in read]


def load_entries(folder: Path) -> list[Entry]:
    """Read and check all entries of a content pack, in the order of files and lines.

    Raises:
        PackError: With all problems of all entries, by file and line.
    """
    return [entry for file in load_files(folder) for entry in file.entries]


def unfilled(entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Return the entries whose fact is still missing in a language, and what the hub has to fill in there."""
    missing = [(entry, [each.missing for each in entry.wordings.values() if each.missing]) for entry in entries]
    return [(entry, facts[0]) for entry, facts in missing if facts]


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    inside = sorted(folder.glob("faq/*"))
    found = [file for file in inside if file.suffix == ".yaml" and not file.name.startswith(".")]
    for file in inside:
        name = f"{folder.name}/faq/{file.name}"
        if file.suffix in (".yml", ".toml", ".json"):
            de = "diese Datei liest niemand; schreib sie als YAML und nenn sie auch so: preise.yaml"
            problems.append(
                Problem(name, 0, "nobody reads this file", "write YAML, and call it so: prices.yaml", de)
            )
        elif file in found and not TOPIC.fullmatch(file.stem):
            de = "so kann die Datei nicht heißen; nimm a–z, 0–9 und Bindestriche: preise.yaml"
            remedy = "take a–z, 0–9 and hyphens: prices.yaml"
            problems.append(Problem(name, 0, "the file can't be called so", remedy, de))
    if not found and not problems:
        problems.append(_empty(f"{folder.name}/faq/*.yaml"))
    if len(found) > MAX_FILES:
        problems.append(_too_many(f"{folder.name}/faq"))
    return found[:MAX_FILES]


def _empty(place: str) -> Problem:
    de = "hier ist keine einzige Antwort; wenigstens eine braucht es"
    return Problem(place, 0, "there is no answer at all", "the pack needs at least one", de)


def _too_many(place: str) -> Problem:
    de = f"das ist zu viel; es gehen {MAX_FILES} Dateien mit zusammen {MAX_ENTRIES} Einträgen"
    remedy = f"{MAX_FILES} files with {MAX_ENTRIES} entries in all can be read"
    return Problem(place, 0, "this is too much", remedy, de)


def _text(name: str, file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        de = f"die Datei ist nicht zu öffnen ({error.strerror})"
        raise PackError([Problem(name, 0, f"the file can't be opened ({error.strerror})", de=de)]) from None
    if len(content) > MAX_BYTES:
        de = "die Datei ist größer als 1 MB; teil sie nach Themen auf"
        raise PackError([Problem(name, 0, "the file is larger than 1 MB", "split it by topic", de)])
    return decoded(name, content)


def _tables(sheet: Sheet, problems: list[Problem]) -> list[Table[Entry]]:
    """Return the items that are entries; what keeps the others from being one goes to the problems."""
    tables = []
    for number, item in enumerate(sheet.items):
        wrong = list(_misshapen(sheet, number, item))
        problems += wrong
        if not wrong:
            tables.append(Table(tidy(msgspec.convert(item, Entry)), sheet.source, (number,)))
    return tables


def _misshapen(sheet: Sheet, number: int, item: Any) -> Iterator[Problem]:
    source = sheet.source
    if not isinstance(item, dict):
        de = "das ist kein Eintrag; so beginnt einer: „- id: desk-price“"
        yield Problem(source.name, source.line((number,)), "this is no entry", "begin it '- id: desk-price'", de)
        return
    wrong = list(wrong_fields(source, (number,), item, Entry))
    wrong += [sheet.misread(path) for path in sheet.unquoted if path[0] == number and _is_misread(path, item)]
    wrong += _odd_values(source, number, item)
    yield from wrong or misfits(source, (number,), item, Entry)


def _is_misread(path: Place, item: dict[str, Any]) -> bool:
    """Should this be a text?"""
    if path[1] in ("de", "en") and len(path) > 2:
        return path[2] in Wording.__struct_fields__
    may_be_missing = path[1] not in ("id", "audience", "owner") and item[str(path[1])] is None
    return path[1] in Entry.__struct_fields__ and path[1] not in _DAYS and not may_be_missing


def _odd_values(source: Source, number: int, item: dict[str, Any]) -> Iterator[Problem]:
    for name, choices in _CHOICES.items():
        if name in item and item[name] not in choices:
            line, listed = source.line((number, name)), ", ".join(choices)
            de = f"„{name}“ gibt es so nicht; nimm eines von: {listed}"
            yield Problem(source.name, line, f"there is no such '{name}'", f"take one of: {listed}", de)
    for name in _DAYS:
        value = item.get(name)
        if value is not None and not isinstance(value, date) and (name != "as_of" or not isinstance(value, int)):
            line, year = source.line((number, name)), name == "as_of"
            remedy = "write a day (2026-11-23)" + " or a year (2026)" * year + " without quotation marks"
            de = f"„{name}“ ist kein Tag; schreib 2026-11-23" + " oder 2026" * year + ", ohne Anführungszeichen"
            yield Problem(source.name, line, f"'{name}' is no day", remedy, de)
