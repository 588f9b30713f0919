"""Reading the content pack: files that people edit by hand, so every complaint says where and what to do."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
Place = tuple[str | int, ...]  # names and positions down to a value

_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_WRONG_TYPE = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_WRONG_PLACE = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_KINDS = {
    "str": ("a text in quotation marks", "ein Text in Anführungszeichen"),
    "int": ("a whole number", "eine ganze Zahl"),
    "float": ("a number", "eine Zahl"),
    "bool": ("true or false", "true oder false"),
    "array": ("a list", "eine Liste"),
    "object": ("a table", "eine Gruppe von Feldern"),
    "date": ("a day", "ein Tag"),
}


class Problem(msgspec.Struct, frozen=True):
    """Something in the content pack that can't be used.

    Attributes:
        file: The file, as people name it: ``hub/faq/desks.toml``.
        line: Its line, from 1; 0 for the file as a whole.
        problem: What stands there.
        remedy: What to do about it; may be empty.
        de: Both in German; empty where nobody has written it.
    """

    file: str
    line: int
    problem: str
    remedy: str = ""
    de: str = ""

    def __str__(self) -> str:
        return self.to("en")

    def to(self, language: str) -> str:
        """The place, what stands there and what to do, in a language."""
        line = f", {'Zeile' if language == 'de' else 'line'} {self.line}" if self.line else ""
        said = self.problem + (f"; {self.remedy}" if self.remedy else "")
        return f"{self.file}{line}: {self.de if language == 'de' and self.de else said}"


class PackError(Exception):
    """The content pack can't be used as it is.

    Attributes:
        problems: All that were found, in the order of files and lines.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda each: (each.file, each.line))
        super().__init__(self.to("en"))

    def to(self, language: str) -> str:
        """All problems in a language, a line each."""
        return "\n".join(problem.to(language) for problem in self.problems)


class Source(NamedTuple):
    """A file of the pack.

    Attributes:
        name: As people name it.
        text: All that is in it.
        lines: Where each value stands, if the format's reader tells; in TOML it is looked for.
    """

    name: str
    text: str
    lines: Mapping[Place, int] | None = None

    def line(self, path: Place) -> int:
        """Return the line, from 1, where a value stands, or that of the nearest thing around it."""
        if self.lines is None:
            return line_of(self.text, path)
        around = (path[:length] for length in range(len(path), -1, -1))
        return next((self.lines[place] for place in around if place in self.lines), 1)


class Table(NamedTuple, Generic[T]):
    """One table of a file, decoded.

    Attributes:
        value: The decoded table.
        source: The file that it stands in.
        path: Where in the file.
    """

    value: T
    source: Source
    path: Place

    def problem(self, where: Place, problem: str, remedy: str = "", de: str = "") -> Problem:
        """Return a problem at a place inside this table."""
        return Problem(self.source.name, self.source.line((*self.path, *where)), problem, remedy, de)


def read_tables(folder: Path, glob: str, kind: type[T]) -> list[T]:
    """Return all ``[[…]]`` tables of the files that match, decoded, in the order of file names and lines.

    Args:
        folder: The content pack's folder.
        glob: Which files in it: ``faq/*.toml``.
        kind: The Struct that each table shall be.

    Raises:
        PackError: With all problems of all files.
    """
    return [table.value for table in read_placed_tables(folder, glob, kind)]


def read_placed_tables(folder: Path, glob: str, kind: type[T]) -> list[Table[T]]:
    """Like `read_tables`, each table with its place in the files for later complaints."""
    files = sorted(folder.glob(glob))
    if not files:
        raise PackError(
            [Problem(f"{folder.name}/{glob}", 0, "there is no such file", "the pack needs at least one")]
        )
    tables: list[Table[T]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            source, document = _parse(folder, file)
        except PackError as error:
            problems += error.problems
            continue
        for name, value in document.items():
            if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
                line = line_of(source.text, (name,))
                problems.append(
                    Problem(source.name, line, f"'{name}' stands outside a table", "move it below [[…]]")
                )
                continue
            for number, each in enumerate(value):
                wrong = list(misfits(source, (name, number), each, kind))
                problems += wrong
                if not wrong:
                    tables.append(Table(msgspec.convert(each, kind), source, (name, number)))
    if problems:
        raise PackError(problems)
    return tables


def read_file(folder: Path, file: Path, kind: type[T]) -> tuple[T, Source]:
    """Return a whole file decoded as one Struct, and its text.

    Raises:
        PackError: With all problems of the file.
    """
    source, document = _parse(folder, file)
    if wrong := list(misfits(source, (), document, kind)):
        raise PackError(wrong)
    return msgspec.convert(document, kind), source


def line_of(text: str, path: Place) -> int:
    """Return the line, from 1, where a value stands in a TOML text, or that of the nearest thing around it.

    Args:
        text: The file's text; it is valid TOML, written in the usual way, one value a line.
        path: Names and positions down to the value: ``("entry", 3, "de", "ask", 0)``.
    """
    lines = text.splitlines()
    at, names, inside_list = 0, "", False
    for step, below in zip(path, (*path[1:], None), strict=True):
        if isinstance(step, int):
            at += (step + 1) * inside_list
            continue
        names = f"{names}.{step}" if names else step
        header = re.compile(rf"\s*\[\[?\s*{re.escape(names)}\s*\]")
        value = re.compile(rf"\s*(?:{re.escape(names)}|{re.escape(step)})\s*[=.]")
        headers = [number for number in range(at, len(lines)) if header.match(lines[number])]
        values = [number for number in range(at, len(lines)) if value.match(lines[number])]
        number = below if isinstance(below, int) else 0
        if headers and lines[headers[0]].lstrip().startswith("[["):
            at = headers[min(number, len(headers) - 1)]
        elif headers and not (values and values[0] < headers[0]):
            at = headers[0]
        elif values:
            at = values[0]
            inside_list = lines[at].rstrip().endswith("[")
    return min(at, len(lines) - 1) + 1 if lines else 1


def decoded(name: str, content: bytes) -> str:
    """Return the text of a file.

    Raises:
        PackError: It is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        de = "ein Zeichen ist nicht UTF-8; speichere die Datei als UTF-8"
        problem = Problem(name, line, "a letter is not UTF-8", "save the file as UTF-8", de)
        raise PackError([problem]) from None


def _parse(folder: Path, file: Path) -> tuple[Source, dict[str, Any]]:
    name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
    try:
        text = decoded(name, file.read_bytes())
    except FileNotFoundError:
        de = "die Datei fehlt; ohne sie geht es nicht"
        raise PackError([Problem(name, 0, "the file is missing", "the pack can't do without it", de)]) from None
    try:
        return Source(name, text), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        what = _TOML_PLACE.sub("", str(error))
        remedy = "look for a missing quotation mark, comma or bracket here or just above"
        raise PackError([Problem(name, line, f"this can't be read ({what})", remedy)]) from None


def misfits(
    source: Source, path: Place, value: Mapping[str, Any], kind: type[msgspec.Struct]
) -> Iterator[Problem]:
    """Yield what keeps a table from being of its kind: unknown and missing fields, else the first wrong type."""
    fields = list(wrong_fields(source, path, value, kind))
    yield from fields
    if fields:
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield _wrong_kind(source, path, str(error))


def _wrong_kind(source: Source, path: Place, message: str) -> Problem:
    where = _WRONG_PLACE.search(message)
    steps = [name or int(number) for name, number in _STEP.findall(where[1])] if where else []
    line = source.line((*path, *steps))
    named = next((step for step in reversed(steps) if isinstance(step, str)), "this table")
    kinds = _WRONG_TYPE.search(message)
    if not kinds:
        return Problem(source.name, line, f"'{named}' does not fit ({_WRONG_PLACE.sub('', message)})")
    expected, got = (_KINDS.get(each.split(" | ")[0], (each, each)) for each in kinds.groups())
    german = f"in „{named}“ steht: {got[1]}; gebraucht wird: {expected[1]}"
    return Problem(source.name, line, f"'{named}' holds {got[0]}", f"write {expected[0]}", german)


def wrong_fields(
    source: Source, path: Place, value: Mapping[str, Any], kind: type[msgspec.Struct]
) -> Iterator[Problem]:
    """Yield the fields that a table should not have, or lacks, and those of the tables in it."""
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    types = get_type_hints(kind)
    unknown = [name for name in value if name not in fields]
    missing = [name for name, field in fields.items() if field.required and name not in value]
    for name in unknown:
        near = difflib.get_close_matches(name, fields, n=1)
        if near and near[0] in missing:
            missing.remove(near[0])
        remedy = f"did you mean '{near[0]}'?" if near else f"known are: {', '.join(fields)}"
        german = f"meinst du „{near[0]}“?" if near else f"es gibt: {', '.join(fields)}"
        de = f"„{name}“ gibt es hier nicht; {german}"
        yield Problem(source.name, source.line((*path, name)), f"'{name}' is not a known field here", remedy, de)
    for name in missing:
        de = f"„{name}“ fehlt; schreib es dazu"
        yield Problem(source.name, source.line(path), f"'{name}' is missing", "add it", de)
    for name, inner in value.items():
        below = _struct_of(types[fields[name].name]) if name in fields else None
        if isinstance(inner, dict) and below:
            yield from wrong_fields(source, (*path, name), inner, below)


def _struct_of(kind: Any) -> type[msgspec.Struct] | None:
    """Return the Struct that a field holds, also where it may be missing."""
    possible = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return next((each for each in possible if isinstance(each, type) and issubclass(each, msgspec.Struct)), None)
