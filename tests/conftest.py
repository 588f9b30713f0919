"""What every test may use."""

from __future__ import annotations

import os
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
