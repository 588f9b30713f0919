"""Reading a file of entries: plain YAML, a list with a hyphen an entry, every value with its line.

Of YAML only what people need to write answers: no anchors, tags or second documents, and nothing that a text turns
into by itself (``no``, ``12:30``). PyYAML is loaded when the first file is read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from handlers.core.pack import PackError, Place, Problem, Source

if TYPE_CHECKING:
    from yaml import YAMLError

MAX_ENTRIES = 5_000
_MAX_DEPTH = 5
UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)
"""A character that YAML refuses, or takes for the end of a line."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"[-+]?\d{1,9}")
_TABBED = re.compile(r" *\t")
_TAKEN_FOR = {
    "bool": ("yes or no", "Ja oder Nein"),
    "int": ("a number", "eine Zahl"),
    "float": ("a number", "eine Zahl"),
    "timestamp": ("a date", "ein Datum"),
    "null": ("nothing", "nichts"),
}
_SIGN = (
    "a word begins with &, * or !",
    "put the text in quotation marks",
    "ein Wort beginnt mit &, * oder !; setz den Text in Anführungszeichen",
)


class Sheet(NamedTuple):
    """A file as it was read.

    Attributes:
        source: Its name and text, and the lines of all values by their place: ``(3, "de", "ask", 0)``.
        items: What its list holds; where YAML would take a text for something else, that: see `unquoted`.
        spans: First and last line of each item, from 0.
        indent: How many blanks stand before a hyphen.
        unquoted: What looks like a date, a number or yes and no, and what it is taken for.
    """

    source: Source
    items: list[Any]
    spans: list[tuple[int, int]]
    indent: int
    unquoted: dict[Place, tuple[str, str]]

    def misread(self, path: Place) -> Problem:
        """Return the complaint about a value that should be a text and is not, for want of quotation marks."""
        raw, kind = self.unquoted[path]
        name = next(step for step in reversed(path) if isinstance(step, str))
        if kind == "null":
            de = f"„{name}“ ist leer; schreib etwas hin oder nimm die Zeile heraus"
            problem, remedy = f"'{name}' is empty", "write something or take the line out"
        else:
            what = _TAKEN_FOR.get(kind, ("something else", "etwas anderes"))
            problem, remedy = f"{raw} is taken for {what[0]} here", f'write it in quotation marks: "{raw}"'
            de = f'{raw} gilt hier als {what[1]}; setz es in Anführungszeichen: "{raw}"'
        return Problem(self.source.name, self.source.line(path), problem, remedy, de)


def read_sheet(name: str, text: str) -> Sheet:
    """Read the text of a file.

    Args:
        name: The file, as people name it.
        text: All of it, line ends as they are.

    Raises:
        PackError: It is no YAML, or more of it than is meant for here.
    """
    from yaml import YAMLError

    text = text.removeprefix("\ufeff")
    if odd := UNREADABLE.search(text):
        line = text[: odd.start()].count("\n") + 1
        problem = f"a character that nobody sees stands here (U+{ord(odd[0]):04X})"
        de = f"hier steht ein unsichtbares Zeichen (U+{ord(odd[0]):04X}); nimm es heraus"
        raise PackError([Problem(name, line, problem, "take it out", de)])
    reader = _Reader(name, text)
    try:
        items = reader.document()
    except YAMLError as error:
        raise PackError([_unreadable(name, text, error)]) from None
    if reader.problems:
        raise PackError(reader.problems)
    return Sheet(Source(name, text, reader.lines), items, reader.spans, reader.indent, reader.unquoted)


class _Reader:
    """Turns the parser's events into values; what it does not take ends the reading."""

    def __init__(self, name: str, text: str) -> None:
        import yaml

        self._name = name
        self._texts = text.split("\n")
        self._events: Iterator[Any] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._kinds: Any = yaml.events
        self._last = 0
        self.indent = 0
        self.lines: dict[Place, int] = {}
        self.spans: list[tuple[int, int]] = []
        self.unquoted: dict[Place, tuple[str, str]] = {}
        self.problems: list[Problem] = []

    def document(self) -> list[Any]:
        """Read the one list of a file; one of comments alone has none."""
        next(self._events)
        start = next(self._events)
        if isinstance(start, self._kinds.StreamEndEvent):
            return []
        root = next(self._events)
        if isinstance(root, self._kinds.ScalarEvent) and not root.value:
            return []
        if not isinstance(root, self._kinds.SequenceStartEvent) or root.flow_style:
            raise self._refusal(
                root,
                "there is no list of entries here",
                "begin each entry with a hyphen: '- id: desk-price'",
                "hier steht keine Liste von Einträgen; beginne jeden mit einem Strich: „- id: desk-price“",
            )
        self._plain(root)
        self.indent = root.start_mark.column
        items = self._entries()
        end = next(self._events)
        if end.explicit or not isinstance(next(self._events), self._kinds.StreamEndEvent):
            raise self._refusal(
                end,
                "the file goes on after its end",
                "take the line with '---' or '...' out",
                "nach dem Ende geht es weiter; nimm die Zeile mit „---“ oder „...“ heraus",
            )
        return items

    def _entries(self) -> list[Any]:
        items: list[Any] = []
        for event in iter(self._events.__next__, None):
            started = len(self._texts) if _ends(event) else self._hyphen(event)
            if self.spans:
                self.spans[-1] = self.spans[-1][0], self._with_comments(self._last, started)
            if _ends(event):
                return items
            if len(items) == MAX_ENTRIES:
                raise self._refusal(
                    event,
                    f"there are more than {MAX_ENTRIES} entries",
                    "keep fewer",
                    f"es sind mehr als {MAX_ENTRIES} Einträge; behalte weniger",
                )
            self._last = started
            self.lines[(len(items),)] = started + 1
            self.spans.append((started, started))
            items.append(self._value(event, (len(items),)))
        return items

    def _hyphen(self, event: Any) -> int:
        """The line of an item's hyphen, at or above the item."""
        line: int = event.start_mark.line
        while line > self._last and not self._texts[line].startswith(f"{' ' * self.indent}-"):
            line -= 1
        return line

    def _with_comments(self, last: int, end: int) -> int:
        """The last line of an item, with comments that are indented as what is in it."""
        for line in range(last + 1, end):
            text = self._texts[line]
            if text.lstrip(" ").startswith("#") and len(text) - len(text.lstrip(" ")) > self.indent:
                last = line
        return last

    def _value(self, event: Any, path: Place) -> Any:
        self._plain(event)
        if len(path) > _MAX_DEPTH:
            raise self._refusal(
                event,
                "too much stands in one another here",
                "an entry holds texts and lists of texts",
                "hier ist zu viel ineinander; ein Eintrag hat Texte und Listen von Texten",
            )
        if isinstance(event, self._kinds.ScalarEvent):
            self._last = max(self._last, self._last_line(event))
            return self._text(event, path)
        if isinstance(event, self._kinds.SequenceStartEvent):
            return self._list(path)
        return self._fields(path)

    def _list(self, path: Place) -> list[Any]:
        items: list[Any] = []
        while not _ends(event := next(self._events)):
            self.lines[(*path, len(items))] = event.start_mark.line + 1
            items.append(self._value(event, (*path, len(items))))
        self._closed(event)
        return items

    def _fields(self, path: Place) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while not _ends(event := next(self._events)):
            self._plain(event)
            if not isinstance(event, self._kinds.ScalarEvent):
                raise self._refusal(
                    event, "a field has no name", "write 'name: value'", "ein Feld hat keinen Namen"
                )
            name, line = event.value, event.start_mark.line + 1
            value = self._value(next(self._events), (*path, name))
            if name in fields:
                de = f"„{name}“ steht zweimal im selben Eintrag; nimm eines heraus"
                problem = f"'{name}' is there twice in the same entry"
                self.problems.append(Problem(self._name, line, problem, "take one out", de))
            fields[name], self.lines[(*path, name)] = value, line
        self._closed(event)
        return fields

    def _text(self, event: Any, path: Place) -> Any:
        raw = event.value
        if event.style:
            return raw
        kind = taken_for(raw)
        if kind == "str":
            return raw
        self.unquoted[path] = raw, kind
        if kind == "null":
            return None
        if kind == "int" and _NUMBER.fullmatch(raw):
            return int(raw)
        if kind == "timestamp" and _DAY.fullmatch(raw):
            try:
                return date.fromisoformat(raw)
            except ValueError:
                return raw
        return raw

    def _last_line(self, event: Any) -> int:
        last: int = event.end_mark.line
        if event.style in ("|", ">"):
            last = min(last, len(self._texts) - 1) if event.end_mark.column else last - 1
            while last > event.start_mark.line and not self._texts[last].strip():
                last -= 1
        return last

    def _closed(self, event: Any) -> None:
        if event.end_mark.column > event.start_mark.column:  # a bracket
            self._last = max(self._last, event.end_mark.line)

    def _plain(self, event: Any) -> None:
        """Refuse what makes one value another's copy, or something else than it looks."""
        if isinstance(event, self._kinds.AliasEvent) or event.anchor or event.tag:
            raise self._refusal(event, *_SIGN)

    def _refusal(self, event: Any, problem: str, remedy: str, de: str) -> PackError:
        return PackError([*self.problems, Problem(self._name, event.start_mark.line + 1, problem, remedy, de)])


def taken_for(word: str) -> str:
    """Return what YAML takes a word without quotation marks for: ``str``, ``bool``, ``null`` and so on."""
    return str(_resolver()(word)).rpartition(":")[2]


@functools.cache
def _resolver() -> Callable[[str], str]:
    import yaml

    resolve: Any = yaml.SafeLoader("").resolve
    return lambda word: resolve(yaml.nodes.ScalarNode, word, (True, False))


def _ends(event: Any) -> bool:
    from yaml.events import CollectionEndEvent

    return isinstance(event, CollectionEndEvent)


def _unreadable(name: str, text: str, error: YAMLError) -> Problem:
    """Say what is in the way where the parser stopped."""
    lines = text.split("\n")
    problem, context = str(getattr(error, "problem", "")), str(getattr(error, "context", ""))
    begun, stopped = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    at = min(stopped.line, len(lines) - 1) if stopped else 0
    if _TABBED.match(lines[at]):
        said = "a tab stands at the start of the line", "indent with blanks"
        de = "am Anfang der Zeile steht ein Tabulator; rück mit Leerzeichen ein"
    elif "quoted scalar" in context:
        at = begun.line if begun else at
        said = "a quotation mark is not closed", "close it where the text ends"
        de = "ein Anführungszeichen ist nicht geschlossen; schließ es, wo der Text endet"
    elif any(sign in context for sign in ("alias", "anchor", "tag")):
        said, de = _SIGN[:2], _SIGN[2]
    elif "flow" in context:
        at = begun.line if begun else at
        said = "a bracket is not closed", "close it, or put the text in quotation marks"
        de = "eine Klammer ist nicht geschlossen; schließ sie, oder setz den Text in Anführungszeichen"
    elif "mapping values" in problem:
        said = "a colon stands inside a text", "put the text in quotation marks"
        de = "im Text steht ein Doppelpunkt; setz den Text in Anführungszeichen"
    elif "cannot start" in problem:
        said = "a text begins with a sign of YAML's", "put the text in quotation marks"
        de = "der Text beginnt mit einem Sonderzeichen; setz ihn in Anführungszeichen"
    else:
        said = "this can't be read", "look at the blanks, hyphens and quotation marks here and just above"
        de = "das ist nicht zu lesen; sieh dir Einrückung, Striche und Anführungszeichen hier und darüber an"
    return Problem(name, at + 1, *said, de)
