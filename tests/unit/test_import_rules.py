"""The contracts on imports cover every feature; ``make check`` runs them."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
NO_FEATURES = {"core", "dates", "retrieval"}


def contracts() -> dict[str, dict[str, list[str]]]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["name"]: contract for contract in document["tool"]["importlinter"]["contracts"]}


def test_every_feature_stands_in_the_contracts_that_list_features():
    packages = {path.parent.name for path in (ROOT / "handlers").glob("*/__init__.py")} - NO_FEATURES
    features = sorted(f"handlers.{name}" for name in packages)
    assert sorted(contracts()["features do not know each other"]["modules"]) == features
    assert sorted(contracts()["the vocabulary knows no feature"]["forbidden_modules"]) == features


def test_every_part_of_handlers_that_is_no_feature_stands_under_the_features():
    assert sorted(contracts()["the vocabulary knows no feature"]["source_modules"]) == sorted(
        f"handlers.{name}" for name in NO_FEATURES
    )
