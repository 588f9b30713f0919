"""Decisions keep to docs/decisions/0001-record-decisions.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
DECISIONS = sorted(FOLDER.glob("*.md"))


def test_decisions_are_numbered_without_a_gap():
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_complete(path: Path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 120
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^Status: (proposed|accepted|replaced by \d{4})$", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Why", "What", "Instead of", "Checks"]
