"""The small language in which :mod:`.blocks` states what Slack accepts: checks that report with a JSON pointer.

The sentences have the form that Slack's own answers have, for example
``no more than 25 items allowed [json-pointer:/blocks/1/elements]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Report:
    """What is wrong so far, as Slack words it."""

    problems: list[str] = field(default_factory=list)

    def add(self, problem: str, path: str) -> None:
        """Note one problem with the thing at ``path``."""
        self.problems.append(f"{problem} [json-pointer:{path}]")


Check = Callable[[Any, str, Report], None]


def string(longest: int | None = None, shortest: int = 0) -> Check:
    """A string of ``shortest`` to ``longest`` characters."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add("must be a string", path)
        elif len(value) < shortest:
            report.add(f"must be more than {shortest - 1} characters", path)
        elif longest is not None and len(value) > longest:
            report.add(f"must be less than {longest + 1} characters", path)

    return check


def url(longest: int = 3000) -> Check:
    """An absolute http(s) address."""
    within = string(longest, 1)

    def check(value: Any, path: str, report: Report) -> None:
        within(value, path, report)
        if isinstance(value, str) and not re.match(r"(https?|mailto|tel|slack):", value):
            report.add("must be a valid URL", path)

    return check


def matching(pattern: str, what: str) -> Check:
    """A string that has the form ``pattern``."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            report.add(f"must be {what}", path)

    return check


def boolean(value: Any, path: str, report: Report) -> None:
    """True or false."""
    if not isinstance(value, bool):
        report.add("must be a boolean", path)


def integer(least: int, most: int) -> Check:
    """A whole number within bounds, both allowed."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add("must be an integer", path)
        elif not least <= value <= most:
            report.add(f"must be between {least} and {most}", path)

    return check


def one_of(*allowed: str) -> Check:
    """One of these strings."""

    def check(value: Any, path: str, report: Report) -> None:
        if value not in allowed:
            report.add(f"must be one of: {', '.join(allowed)}", path)

    return check


def array(each: Check, most: int | None = None, least: int = 0) -> Check:
    """A list of ``least`` to ``most`` things."""

    def check(value: Any, path: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add("must be an array", path)
            return
        if len(value) < least:
            report.add(f"no fewer than {least} items allowed", path)
        if most is not None and len(value) > most:
            report.add(f"no more than {most} items allowed", path)
        for index, item in enumerate(value):
            each(item, f"{path}/{index}", report)

    return check


@dataclass(frozen=True)
class Shape:
    """An object with known fields: those in ``needs`` must be there, those in ``may`` can be."""

    needs: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)

    def __call__(self, value: Any, path: str, report: Report) -> None:
        """Check ``value`` field by field; a field that nobody knows is a problem too."""
        if not isinstance(value, dict):
            report.add("must be an object", path)
            return
        for name in self.needs:
            if name not in value:
                report.add(f"missing required field: {name}", path)
        for name, item in value.items():
            check = self.needs.get(name) or self.may.get(name)
            if check:
                check(item, f"{path}/{name}", report)
            elif name != "type":
                report.add(f"invalid additional property: {name}", path)


def by_type(shapes: Mapping[str, Shape]) -> Check:
    """An object whose ``type`` says which of ``shapes`` it has."""

    def check(value: Any, path: str, report: Report) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            report.add("must be an object", path)
        elif not isinstance(kind, str) or kind not in shapes:
            report.add(f"unsupported type: {kind}", f"{path}/type")
        else:
            shapes[kind](value, path, report)

    return check


def anything(value: Any, path: str, report: Report) -> None:
    """Not looked at."""
