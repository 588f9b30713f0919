"""``kumpel check`` tells what is wrong with the desks and the holidays."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.checks import check_everything
from bot.env_file import write_env
from bot.remedies import PREFIXES
from bot.settings import SHIPPED_HUB


@pytest.fixture
def pack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A copy of the pack to spoil, which the settings lead to."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIXES):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    write_env(Path(".env"), {"KUMPEL_SECRET": "k" * 32, "KUMPEL_HUB": "pack"})
    return shutil.copytree(SHIPPED_HUB, tmp_path / "pack")


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


async def wrong_content() -> list[str]:
    return [
        finding.en
        async for section, findings in check_everything(Path(".env"))
        for finding in findings
        if section.en == "Content" and not finding.ok
    ]


async def test_the_shipped_desks_are_fine(pack: Path) -> None:
    assert await wrong_content() == []


async def test_desks_that_do_not_fit_the_hub_are_wrong(pack: Path) -> None:
    spoil(pack / "hub.toml", "desks = 40", "desks = 41")
    [line] = await wrong_content()
    assert line.startswith("pack/desks.toml, line ")
    assert "there are 40 desks, but hub.toml says 41" in line


async def test_a_region_without_known_holidays_is_wrong(pack: Path) -> None:
    spoil(pack / "hub.toml", '"DE-NW"', '"DE-XX"')
    assert await wrong_content() == ["pack/hub.toml: the holidays of “DE-XX” are not known; DE-NW would do, say."]
