"""When somebody is there, and when what waits has waited long enough."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.dates.working import WorkingHours, WorkingTime, clock, spoken_clock, spoken_day_ahead

BERLIN = ZoneInfo("Europe/Berlin")
HUB = WorkingTime(WorkingHours(), BERLIN, "DE-NW")
FOUR = timedelta(hours=4)
MINUTE = timedelta(minutes=1)


def at(said: str) -> datetime:
    """A time at the hub: ``2026-11-23 10:42``."""
    return datetime.fromisoformat(said).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-11-23 10:00", "2026-11-23 14:00"),
        ("2026-11-23 06:00", "2026-11-23 13:00"),  # counts from the morning on
        ("2026-11-23 14:00", "2026-11-23 18:00"),
        ("2026-11-23 16:00", "2026-11-24 11:00"),
        ("2026-11-23 22:00", "2026-11-24 13:00"),
        ("2026-11-27 17:00", "2026-11-30 12:00"),  # over a weekend
        ("2026-11-28 12:00", "2026-11-30 13:00"),
        ("2026-12-24 16:00", "2026-12-28 11:00"),  # Christmas is a Friday and a Saturday
        ("2027-03-26 12:00", "2027-03-30 13:00"),  # Easter, and the clocks change on Sunday
        ("2027-10-29 16:00", "2027-11-02 11:00"),  # All Saints' is a holiday in North Rhine-Westphalia
    ],
)
def test_four_working_hours_later(asked: str, due: str) -> None:
    assert HUB.after(at(asked), FOUR) == at(due)


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("2026-11-23 06:00", "2026-11-23"),
        ("2026-11-23 16:00", "2026-11-23"),
        ("2026-11-23 16:01", "2026-11-24"),
        ("2026-11-27 17:00", "2026-11-30"),
        ("2026-11-28 12:00", "2026-11-30"),
        ("2026-12-24 17:30", "2026-12-28"),
    ],
)
def test_the_first_day_with_two_working_hours(asked: str, day: str) -> None:
    assert HUB.day_with(at(asked), timedelta(hours=2)) == date.fromisoformat(day)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + minutes * MINUTE),
    st.integers(1, 40 * 60).map(lambda minutes: minutes * MINUTE),
)
def test_due_is_in_working_hours_once_so_much_of_them_has_passed(start: datetime, working: timedelta) -> None:
    due = HUB.after(start, working)
    local = due.astimezone(BERLIN)
    assert HUB.is_working_day(local.date())
    assert clock("09:00") <= local.time() <= clock("18:00")
    passed = sum((min(end, due) - begin for begin, end in HUB.spans(start) if begin < due), timedelta())
    assert passed == working


def test_a_region_that_is_not_known_has_no_holidays() -> None:
    assert WorkingTime(WorkingHours(), BERLIN, "XX").is_working_day(date(2026, 12, 25))


@pytest.mark.parametrize(
    ("hours", "field"),
    [
        (WorkingHours(days=()), "days"),
        (WorkingHours(begin="neun"), "begin"),
        (WorkingHours(end="24:00"), "end"),
        (WorkingHours(begin="18:00", end="09:00"), "end"),
        (WorkingHours(begin="9:30", end="17:00"), ""),
    ],
)
def test_hours_that_can_not_be_are_named(hours: WorkingHours, field: str) -> None:
    wrong = hours.wrong()
    assert (wrong[0] if wrong else "") == field


def test_times_and_days_are_said_as_people_say_them() -> None:
    assert [spoken_clock(at, "de") for at in ("18:00", "9:30")] == ["18 Uhr", "09:30 Uhr"]
    assert spoken_clock("18:00", "en") == "18:00"
    today = date(2026, 11, 27)
    assert spoken_day_ahead(date(2026, 11, 30), today, "de") == "Montag"
    assert spoken_day_ahead(date(2026, 11, 30), today, "en") == "Monday"
    assert spoken_day_ahead(date(2026, 12, 7), today, "de") == "Mo, 7. Dez."
