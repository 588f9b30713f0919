"""The desks, and when they can be booked: ``desks.toml`` of the content pack, checked before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Literal

import msgspec

from handlers.core.hub import Hub, Wording
from handlers.core.pack import PackError, Place, Problem, line_of, read_file

FILE = "desks.toml"
MOST_AHEAD = 366
LONGEST_ID = 8
LONGEST_NOTE = 30
_ID = re.compile(rf"[0-9A-Za-zÄÖÜäöüß-]{{1,{LONGEST_ID}}}")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Desk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A desk.

    Attributes:
        id: What people call it: ``12``, ``A3``.
        note: What to know about it, such as where it stands.
    """

    id: str
    note: Wording | None = None


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The desks, and when they can be booked.

    Attributes:
        weekdays: Days of the week on which desks can be booked.
        closed: Further days on which they can't; public holidays are known from the hub's region.
        days_ahead: How many days after today can be booked.
        most_held: How many desks one person may hold from today on.
        desks: In the order in which they are given out.
    """

    weekdays: tuple[Weekday, ...]
    closed: tuple[date, ...]
    days_ahead: int
    most_held: int
    desks: tuple[Desk, ...]

    @cached_property
    def by_id(self) -> dict[str, Desk]:
        """The desks by their ids in small letters."""
        return {desk.id.lower(): desk for desk in self.desks}

    @cached_property
    def ids(self) -> str:
        """All ids, in short: ``1–40`` or ``1–12, A1, A2``."""
        numbers = enumerate(desk.id for desk in self.desks)
        runs = [[desk for _, desk in run] for _, run in groupby(numbers, _run)]
        return ", ".join(run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def _run(numbered: tuple[int, str]) -> int | str:
    """The same for ids that count on."""
    at, desk = numbered
    return int(desk) - at if desk.isdecimal() else desk


def load_plan(folder: Path, hub: Hub) -> Plan:
    """Read ``desks.toml`` from the content pack's folder.

    Raises:
        PackError: The file is missing, holds something that can't be used, or does not fit ``hub.toml``; names all
            problems found.
    """
    plan, source = read_file(folder, folder / FILE, Plan)
    problems = [
        Problem(source.name, line_of(source.text, place), problem, remedy)
        for place, problem, remedy in _implausible(plan, hub)
    ]
    if problems:
        raise PackError(problems)
    return plan


def _implausible(plan: Plan, hub: Hub) -> Iterator[tuple[Place, str, str]]:
    if not plan.weekdays:
        yield ("weekdays",), "no day of the week is named", "name those on which desks can be booked"
    if not 0 <= plan.days_ahead <= MOST_AHEAD:
        remedy = f"write a number from 0 to {MOST_AHEAD}"
        yield ("days_ahead",), f"{plan.days_ahead} days ahead can't be", remedy
    if plan.most_held < 1:
        yield ("most_held",), "nobody could hold a desk", "write 1 or more"
    if len(plan.desks) != hub.desks:
        remedy = "make the two agree: count the lines here, or change the number there"
        yield ("desks",), f"there are {len(plan.desks)} desks, but hub.toml says {hub.desks}", remedy
    seen: set[str] = set()
    for at, desk in enumerate(plan.desks):
        if not _ID.fullmatch(desk.id):
            remedy = f"take 1 to {LONGEST_ID} letters, digits or hyphens: '12' or 'A3'"
            yield ("desks", at), f"the id '{desk.id}' can't be used", remedy
        elif desk.id.lower() in seen:
            yield ("desks", at), f"the desk '{desk.id}' is there twice", "give each desk its own id"
        seen.add(desk.id.lower())
        if desk.note and max(len(desk.note.de), len(desk.note.en)) > LONGEST_NOTE:
            yield (
                ("desks", at),
                f"the note of desk '{desk.id}' is long",
                f"shorten it to {LONGEST_NOTE} characters",
            )
