"""Writing entries as YAML: in one form of our own, and into a file whose other lines stay as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from handlers.faq.entries import Entry, Wording
from handlers.faq.reading import UNREADABLE, Sheet, read_sheet, taken_for


def as_yaml(entry: Entry) -> str:
    """Return an entry in the form that we write; reading it gives the entry again."""
    return "".join(f"{line}\n" for line in _lines(entry))


def with_entries(text: str, name: str, wanted: Sequence[Entry]) -> str:
    """Return a file's text with exactly these entries in it.

    An entry that the file holds already stays letter by letter. One that differs is replaced in its place; one
    that is not wanted goes, with the comment right above it; a new one comes after the one that it follows here.

    Raises:
        PackError: The text can't be read.
    """
    sheet = read_sheet(name, text)
    mark = "\ufeff" * text.startswith("\ufeff")
    lines = sheet.source.text.split("\n")
    end = "\r" * lines[0].endswith("\r")
    left = {entry.id: entry for entry in wanted}
    changes: list[tuple[int, int, list[str]]] = []
    kept: dict[str, tuple[int, int]] = {}
    above = 0
    for place, (first, last) in enumerate(sheet.spans):
        start = _from_comment(lines, above, first)
        entry = left.pop(_id_of(sheet.items[place]), None)
        if entry is None:
            changes.append((*_with_a_blank(lines, above, start, last), []))
        else:
            kept[entry.id] = start, last
            if entry_at(sheet, place) != entry:
                changes.append((first, last + 1, _placed(entry, sheet.indent, end)))
        above = last + 1
    if not kept:
        return mark + _appended(_joined(lines, changes), wanted, sheet.indent, f"{end}\n")
    if left and lines[-1]:
        lines[-1:] = [lines[-1] + end, ""]
    at = 0
    for entry in wanted:
        if entry.id in kept:
            at = kept[entry.id][1] + 1
        elif at:
            changes.append((at, at, [end, *_placed(entry, sheet.indent, end)]))
        else:
            top = min(kept.values())[0]
            changes.append((top, top, [*_placed(entry, sheet.indent, end), end]))
    return mark + _joined(lines, changes)


def entry_at(sheet: Sheet, place: int) -> Entry | None:
    """Return an item of a file as the entry that it is; None if it is none."""
    try:
        return tidy(msgspec.convert(sheet.items[place], Entry))
    except msgspec.ValidationError:
        return None


def tidy(entry: Entry) -> Entry:
    """Return an entry without the blanks around its texts, so that two that say the same are equal."""
    return msgspec.structs.replace(entry, de=_tidy(entry.de), en=_tidy(entry.en))


def schema() -> str:
    """Return the JSON schema of a file, for editors that check while people type."""
    return json.dumps(msgspec.json.schema(list[Entry]), indent=2, ensure_ascii=False) + "\n"


def _tidy(wording: Wording | None) -> Wording | None:
    if wording is None:
        return None
    return Wording(wording.title.strip(), tuple(ask.strip() for ask in wording.ask), wording.answer.strip())


def _id_of(item: Any) -> str:
    return str(item.get("id")) if isinstance(item, dict) else ""


def _from_comment(lines: Sequence[str], above: int, first: int) -> int:
    """Where an entry begins with the comment right above it, unless that heads the file."""
    start = first
    while start > above and lines[start - 1].startswith("#"):
        start -= 1
    return start or first


def _with_a_blank(lines: Sequence[str], above: int, start: int, last: int) -> tuple[int, int]:
    """The first line and the one after the last of what goes with an entry: one blank line, too."""
    at_the_end = not "".join(lines[last + 1 :])
    if not at_the_end and not lines[last + 1].strip():
        return start, last + 2
    if at_the_end and start > above and not lines[start - 1].strip():
        return start - 1, last + 1
    return start, last + 1


def _placed(entry: Entry, indent: int, end: str) -> list[str]:
    return [f"{' ' * indent * bool(line)}{line}{end}" for line in _lines(entry)]


def _joined(lines: list[str], changes: list[tuple[int, int, list[str]]]) -> str:
    """The text with those lines changed: from the first to before the second number, for these instead."""
    changes.sort(key=lambda change: change[:2])
    for start, stop, instead in reversed(changes):
        lines[start:stop] = instead
    return "\n".join(lines).removesuffix("\r")


def _appended(text: str, entries: Sequence[Entry], indent: int, newline: str) -> str:
    for entry in entries:
        if text and not text.endswith("\n"):
            text += newline
        if text and not text.endswith(f"\n{newline}"):
            text += newline
        text += "".join(f"{line}\n" for line in _placed(entry, indent, newline[:-1]))
    return text


def _lines(entry: Entry) -> Iterator[str]:
    yield f"- id: {_text(entry.id)}"
    for name, value in msgspec.to_builtins(entry, builtin_types=(date,)).items():
        if name not in ("id", "de", "en"):
            yield f"  {name}: {_text(value) if isinstance(value, str) else value}"
    for language, wording in entry.wordings.items():
        yield f"  {language}:"
        yield f"    title: {_text(wording.title)}"
        yield "    ask:" if wording.ask else "    ask: []"
        yield from (f"      - {_text(ask)}" for ask in wording.ask)
        if _fits_a_block(wording.answer):
            yield "    answer: |-"
            yield from (f"      {line}" if line else "" for line in wording.answer.split("\n"))
        else:
            yield f"    answer: {_quoted(wording.answer)}"


def _text(text: str) -> str:
    return text if _needs_no_quotes(text) else _quoted(text)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return UNREADABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _fits_a_block(text: str) -> bool:
    if not text or text != text.strip() or "\t" in text or "\r" in text or UNREADABLE.search(text):
        return False
    return all(line.strip() or not line for line in text.split("\n"))


def _needs_no_quotes(text: str) -> bool:
    if not text[:1].isalnum() or not text.isprintable() or text != text.strip() or UNREADABLE.search(text):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    return taken_for(text) == "str"
