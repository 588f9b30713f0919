"""The form that every benchmark reports in: figures with their goals, for people or as one JSON object."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple


class Figure(NamedTuple):
    """One measured figure.

    Attributes:
        goal: What it must reach; None if it is told for information.
        better: Which way is better.
    """

    value: float
    unit: str
    goal: float | None = None
    better: Literal["higher", "lower"] = "higher"

    @property
    def holds(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.better == "higher" else self.value <= self.goal


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of options that all benchmarks have."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def report(name: str, figures: dict[str, Figure], *, as_json: bool) -> int:
    """Print the figures and return the exit code: 1 where a goal is missed."""
    if as_json:
        described = {
            figure: {
                "value": round(measured.value, 4),
                "unit": measured.unit,
                "goal": measured.goal,
                "better": measured.better,
                "holds": measured.holds,
            }
            for figure, measured in figures.items()
        }
        print(json.dumps({"benchmark": name, "figures": described}))
    else:
        for figure, measured in figures.items():
            goal = ""
            if measured.goal is not None:
                sign = "≥" if measured.better == "higher" else "≤"
                goal = f"   goal {sign} {measured.goal:g}   {'holds' if measured.holds else 'MISSED'}"
            print(f"{figure:<58} {measured.value:>12,.3f} {measured.unit}{goal}")
    return 0 if all(measured.holds for measured in figures.values()) else 1


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[list[float]]:
    """Run the measures in turn, ``rounds`` times; returns each one's results."""
    results: list[list[float]] = [[] for _ in measures]
    for _ in range(rounds):
        for measure, found in zip(measures, results, strict=True):
            found.append(measure())
    return results


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Each round's ratio: what disturbs a round disturbs both."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]


def leave(code: int) -> None:
    """End the process with a code."""
    sys.exit(code)
