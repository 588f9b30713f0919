"""What people see of a message, as lines of text: styles, mentions, rows of buttons, files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from bot.sandbox import slack, telegram
from bot.sandbox.slack.plain import plain_text_of, text_object

Json = dict[str, Any]

_ANSI = {"bold": "1", "dim": "2", "italic": "3", "underline": "4", "strike": "9", "code": "36", "name": "1;34"}
_SIGNS = {"bold": "**", "italic": "_", "strike": "~~", "code": "`"}
_TELEGRAM_STYLES = {"strikethrough": "strike", "pre": "code", "text_link": "underline"}
_KEPT = "\N{NO-BREAK SPACE}"
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


class Run(NamedTuple):
    """Some text of one style."""

    text: str
    styles: frozenset[str] = frozenset()


class Pen:
    """Writes styles: as colours on a terminal, as signs elsewhere.

    Args:
        colours: Whether the reader is a terminal.
    """

    def __init__(self, colours: bool) -> None:
        self._colours = colours

    def write(self, text: str, *styles: str) -> str:
        """The text in these styles."""
        return self.write_runs([Run(text, frozenset(styles))])

    def write_runs(self, runs: Iterable[Run]) -> str:
        """A text of several styles; what would steer a terminal is left out."""
        cleaned = [Run(_clean(run.text), run.styles) for run in runs]
        return "".join(map(self._paint, cleaned)) if self._colours else _with_signs(cleaned)

    def _paint(self, run: Run) -> str:
        codes = ";".join(_ANSI[style] for style in sorted(run.styles) if style in _ANSI)
        return f"\x1b[{codes}m{run.text}\x1b[0m" if codes and run.text.strip() else run.text


def _clean(text: str) -> str:
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")


def _with_signs(runs: Iterable[Run]) -> str:
    """Styles as signs, set where they begin and end, the longer one outside."""
    written = ""
    opened: list[str] = []
    for run in runs:
        wanted = {_SIGNS[style] for style in run.styles if style in _SIGNS} if run.text.strip() else set(opened)
        while not wanted.issuperset(opened):
            core = written.rstrip(" \n")
            written = f"{core}{opened.pop()}{written[len(core) :]}"
        new = sorted(wanted.difference(opened))
        indent = run.text[: len(run.text) - len(run.text.lstrip(" "))] if new else ""
        written += indent + "".join(new) + run.text[len(indent) :]
        opened += new
    return written + "".join(reversed(opened))


def width_of(line: str) -> int:
    """Columns that a written line takes on the screen."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in _ESCAPE.sub("", line))


def wrapped(line: str, columns: int) -> Iterator[str]:
    """Break a written line between words; a button's label stays in one piece."""
    current = ""
    for word in line.split(" "):
        longer = f"{current} {word}" if current else word
        if current and width_of(longer) > columns:
            yield current.replace(_KEPT, " ")
            current = word
        else:
            current = longer
    yield current.replace(_KEPT, " ")


def slack_lines(message: slack.Message | slack.View, pen: Pen) -> list[str]:
    """A Slack message or view as lines."""
    found: list[str] = []
    for block in message.blocks:
        found += _slack_block(block, message.names, pen)
    if isinstance(message, slack.View):
        return found + [pen.write(f"! {problem}") for problem in message.errors.values()]
    if not message.blocks:
        found += pen.write(plain_text_of(message.text, [], message.names)).split("\n")
    return found + [f"📎 {pen.write(file.title or file.name)}" for file in message.files]


def _slack_block(block: Json, names: Mapping[str, str], pen: Pen) -> list[str]:
    match block["type"]:
        case "rich_text":
            return pen.write_runs(_rich(block["elements"], names)).split("\n")
        case "actions":
            return [" ".join(_slack_control(element, pen) for element in block["elements"])]
        case "image":
            return [f"▭ {pen.write(block['alt_text'], 'italic')}"]
        case "input":
            label = pen.write(text_object(block["label"]), "bold")
            hint = pen.write(text_object(block.get("hint")), "italic")
            return [f"{label} {_slack_control(block['element'], pen)}", *filter(None, [hint])]
        case _:
            return pen.write(plain_text_of("", [block], dict(names))).split("\n")


def _rich(elements: Iterable[Json], names: Mapping[str, str]) -> Iterator[Run]:
    for element in elements:
        styles = frozenset(name for name, wanted in element.get("style", {}).items() if wanted)
        match element["type"]:
            case "user":
                yield Run(f"@{names.get(element['user_id'], '?')}", styles)
            case "link":
                yield Run(element.get("text") or element["url"], styles | {"underline"})
            case _ if "elements" in element:
                yield from _rich(element["elements"], names)
            case _:
                yield Run(str(element.get("text", "")), styles)


def _slack_control(element: Json, pen: Pen) -> str:
    if element["type"] == "button":
        return _button(text_object(element["text"]), bool(element.get("url")), pen)
    offered = " | ".join(text_object(option["text"]) for option in element.get("options", ()))
    label = text_object(element.get("placeholder"))
    return pen.write(f"({', '.join(filter(None, (label, offered))) or '…'})")


def telegram_lines(message: telegram.Message, pen: Pen) -> list[str]:
    """A Telegram message as lines."""
    lines = []
    if message.file is not None:
        lines.append("▭" if message.kind == "photo" else f"📎 {pen.write(message.file.name)}")
    if message.text:
        lines += pen.write_runs(_telegram_text(message)).split("\n")
    lines += [" ".join(_button(button.text, bool(button.url), pen) for button in row) for row in message.buttons]
    return lines


def _telegram_text(message: telegram.Message) -> Iterator[Run]:
    """The text in pieces of one style each; offsets count UTF-16 units."""
    raw = message.text.encode("utf-16-le")
    ends = {0, len(raw) // 2}
    for entity in message.entities:
        ends |= {entity["offset"], entity["offset"] + entity["length"]}
    borders = sorted(ends)
    for start, end in pairwise(borders):
        styles = [
            _TELEGRAM_STYLES.get(entity["type"]) or str(entity["type"])
            for entity in message.entities
            if entity["offset"] <= start and end <= entity["offset"] + entity["length"]
        ]
        yield Run(raw[2 * start : 2 * end].decode("utf-16-le"), frozenset(styles))


def _unbroken(text: str) -> str:
    return text.replace(" ", _KEPT)


def _button(label: str, is_link: bool, pen: Pen) -> str:
    return _unbroken(f"[{pen.write(label)}{' ↗' if is_link else ''}]")
