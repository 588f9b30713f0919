"""docs/privacy.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.privacy_record import PAGE, table, with_table
from handlers.privacy.feature import feature
from storage.register import HOLDINGS

HUB = Path(__file__).parents[2] / "hub"


def test_the_table_is_that_of_the_code() -> None:
    """Otherwise: python -m bot.privacy_record."""
    page = PAGE.read_text("utf-8")
    assert with_table(page) == page


def test_it_names_every_table() -> None:
    named = set(re.findall(r"^\| `(\w+)` \|", table(), re.MULTILINE))
    assert named == {holding.table for holding in HOLDINGS}


@pytest.mark.parametrize("word", ["datenschutz", "berichtigen", "widerspreche", "privacy", "correct", "object"])
def test_the_words_it_names_are_commands(word: str) -> None:
    assert f"`{word}`" in PAGE.read_text("utf-8")
    assert any(word in command.words for command in feature.commands)


def test_it_names_settings_that_there_are() -> None:
    told = (HUB / "privacy.toml").read_text("utf-8")
    for name in ("nameless_groups", "evidence.", "version"):
        assert name in told
        assert name in PAGE.read_text("utf-8")
