"""What every test may use."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder with the platforms' machine-readable specifications; only tests read it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        reason = "the platform specifications are not beside this checkout"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, spread the end-to-end tests, which mostly wait, among those that compute."""
    if not hasattr(config, "workerinput"):
        return
    places: list[tuple[float, list[pytest.Item]]] = []
    for waiting in (True, False):
        chosen = [item for item in items if ("e2e" in item.path.parts) is waiting]
        done = 0
        for _, module in groupby(chosen, key=lambda item: item.path):
            tests = list(module)
            places.append(((done + len(tests) / 2) / len(chosen), tests))
            done += len(tests)
    items[:] = [item for _, tests in sorted(places, key=lambda place: place[0]) for item in tests]
