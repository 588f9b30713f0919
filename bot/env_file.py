"""The ``.env`` file: read with the place of each setting, written without losing a line."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from dotenv.parser import parse_stream

from bot.wording import Language, Words

NOWHERE = Words("", "")
TEMPLATE = Path(__file__).parents[1] / ".env.example"

_PLAIN_VALUE = re.compile(r"[\w.:/+=@,-]*", re.ASCII)


class Problem(NamedTuple):
    """Something wrong with a setting; the value itself is never told.

    Attributes:
        setting: Its name, or that of a line nobody could read.
        where: ``.env, line 7``, the environment, or empty when it stands nowhere.
        remedy: A sentence that goes on after the name.
    """

    setting: str
    where: Words
    remedy: Words

    def to(self, language: Language) -> str:
        """The problem as one line."""
        where = self.where.to(language)
        return f"{self.setting}{f' ({where})' if where else ''} {self.remedy.to(language)}."


class EnvFile(NamedTuple):
    """What stands in a ``.env`` file: the last value of each name, and its place."""

    values: dict[str, str]
    places: dict[str, Words]
    problems: list[Problem]

    @classmethod
    def read(cls, path: Path) -> EnvFile:
        """Read a file; one that is missing is empty."""
        found = cls({}, {}, [])
        if not path.exists():
            return found
        try:
            with path.open(encoding="utf-8") as stream:
                bindings = list(parse_stream(stream))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "UTF-8?"
            found.problems.append(
                Problem(path.name, NOWHERE, Words(f"lässt sich nicht lesen: {reason}", f"can't be read: {reason}"))
            )
            return found
        for binding in bindings:
            line = binding.original.line + _leading_lines(binding.original.string)
            where = Words(f"{path.name}, Zeile {line}", f"{path.name}, line {line}")
            if binding.error:
                remedy = Words("wird nicht verstanden; gemeint ist NAME=Wert", "can't be read; write NAME=value")
                found.problems.append(Problem("?", where, remedy))
            elif binding.key:
                found.values[binding.key.upper()] = binding.value or ""
                found.places[binding.key.upper()] = where
        return found


def _leading_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip())].count("\n")


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Write settings into a ``.env`` file, all or nothing, readable by its owner alone.

    Lines that say something else stay as they are; a new file begins as a copy of ``.env.example``.
    """
    path = path.resolve()
    source = path if path.exists() else TEMPLATE
    lines, waiting = [], dict(values)
    if source.exists():
        with source.open(encoding="utf-8") as stream:
            for binding in parse_stream(stream):
                text, name = binding.original.string, (binding.key or "").upper()
                if name in values:
                    blank = text[: len(text) - len(text.lstrip())]
                    text = f"{blank}{name}={_quoted(values[name])}\n"
                    waiting.pop(name, None)
                lines.append(text)
    if lines and not lines[-1].endswith("\n"):
        lines.append("\n")
    lines += [f"{name}={_quoted(value)}\n" for name, value in waiting.items() if value]
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".env.")  # readable by its owner alone
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write("".join(lines))
            stream.flush()
            os.fsync(handle)
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _quoted(value: str) -> str:
    if _PLAIN_VALUE.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
