"""``desks.toml``: what it may hold, and what is said of what it may not."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from msgspec import structs

from bot.app import build_features
from handlers.core.hub import Wording, load_hub
from handlers.core.pack import PackError
from handlers.dates.holidays import knows_holidays, public_holidays
from handlers.desks.plan import Desk, load_plan

HUB = Path(__file__).parents[2] / "hub"


@pytest.fixture
def pack(tmp_path) -> Path:
    """A copy of the pack to spoil."""
    return shutil.copytree(HUB, tmp_path / "hub")


def spoil(pack: Path, old: str, new: str) -> int:
    """Replace one place in the file, and return the line that it is in."""
    text = (pack / "desks.toml").read_text("utf-8")
    assert old in text
    (pack / "desks.toml").write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def complaint(pack: Path) -> str:
    with pytest.raises(PackError) as caught:
        load_plan(pack, load_hub(pack))
    return str(caught.value)


def test_the_shipped_plan_has_the_hubs_desks():
    plan = load_plan(HUB, load_hub(HUB))
    assert [desk.id for desk in plan.desks] == [str(number) for number in range(1, 41)]
    assert all(desk.note is None for desk in plan.desks)
    assert plan.weekdays == ("mon", "tue", "wed", "thu", "fri")
    assert (plan.days_ahead, plan.most_held, plan.closed, plan.ids) == (30, 10, (), "1–40")


def test_notes_and_closed_days_are_read(pack):
    spoil(pack, '{ id = "12" }', '{ id = "12", note = { de = "am Fenster", en = "by the window" } }')
    spoil(pack, "closed = []", "closed = [2026-12-24, 2026-12-31]")
    plan = load_plan(pack, load_hub(pack))
    assert plan.desks[11] == Desk("12", Wording("am Fenster", "by the window"))
    assert plan.closed == (date(2026, 12, 24), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("days_ahead = 30", "days_ahead = -1", "-1 days ahead can't be"),
        ("days_ahead = 30", "days_ahead = 999", "999 days ahead can't be"),
        ("days_ahead = 30", 'days_ahead = "30"', "'days_ahead' holds a text in quotation marks"),
        ("days_ahead = 30", "days_aheed = 30", "did you mean 'days_ahead'?"),
        ("most_held = 10", "most_held = 0", "nobody could hold a desk"),
        ("weekdays = [", "weekdays = [] # [", "no day of the week is named"),
        ('"mon", ', '"mo", ', "'weekdays' does not fit"),
        ("closed = []", 'closed = ["Heiligabend"]', "'closed' does not fit"),
        ('{ id = "12" }', '{ id = "11" }', "the desk '11' is there twice"),
        ('{ id = "12" }', '{ id = "Platz 12" }', "the id 'Platz 12' can't be used"),
        ('{ id = "12" }', '{ id = "" }', "the id '' can't be used"),
        ('{ id = "12" }', '{ id = "1|2~3" }', "can't be used"),
        ('{ id = "12" }', "{ id = 12 }", "write a text in quotation marks"),
        ('{ id = "12" }', '{ id = "12", note = { de = "x", en = "' + "y" * 31 + '" } }', "shorten it to 30"),
        ('{ id = "12" },', "", "there are 39 desks, but hub.toml says 40"),
        ('{ id = "12" },', '{ id = "12" ', "this can't be read"),
    ],
)
def test_what_can_not_be_used_is_named_with_its_place(pack, old, new, said):
    line = spoil(pack, old, new)
    complained = complaint(pack)
    assert said in complained
    if "39 desks" not in said and "read" not in said:
        assert f"hub/desks.toml, line {line}:" in complained


def test_all_problems_are_named_at_once(pack):
    spoil(pack, "days_ahead = 30", "days_ahead = 999")
    spoil(pack, '{ id = "12" }', '{ id = "11" }')
    assert len(complaint(pack).splitlines()) == 2


def test_a_missing_file_is_said(pack):
    (pack / "desks.toml").unlink()
    assert "hub/desks.toml: the file is missing" in complaint(pack)


def test_the_bot_does_not_start_on_a_broken_plan(pack):
    spoil(pack, "most_held = 10", "most_held = 0")
    with pytest.raises(PackError, match="nobody could hold a desk"):
        build_features(pack, load_hub(pack))


def test_ids_are_told_in_short():
    plan = load_plan(HUB, load_hub(HUB))
    desks = tuple(Desk(each) for each in ("1", "2", "3", "7", "A1", "A2", "9", "10"))
    assert structs.replace(plan, desks=desks).ids == "1–3, 7, A1, A2, 9–10"


def test_the_holidays_of_north_rhine_westphalia_are_known():
    german, english = (public_holidays("DE-NW", 2026, language) for language in ("de", "en"))
    assert german.keys() == english.keys()
    assert german[date(2026, 6, 4)] == "Fronleichnam"
    assert english[date(2026, 6, 4)] == "Corpus Christi"
    assert date(2026, 11, 18) not in german  # a day off in Saxony only


@pytest.mark.parametrize(("region", "known"), [("DE-NW", True), ("DE", True), ("DE-XX", False), ("Essen", False)])
def test_regions_are_checked(region, known):
    assert knows_holidays(region) is known
    assert known or public_holidays(region, 2026, "de") == {}
