"""Days as Kumpel says them."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.dates.saying import spoken_day, spoken_day_near

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "german", "english"),
    [
        (date(2026, 11, 24), "Di, 24. Nov.", "Tue 24 Nov"),
        (date(2026, 12, 3), "Do, 3. Dez.", "Thu 3 Dec"),
        (date(2027, 3, 1), "Mo, 1. März", "Mon 1 Mar"),
        (date(2027, 5, 2), "So, 2. Mai", "Sun 2 May"),
        (date(2027, 9, 4), "Sa, 4. Sept.", "Sat 4 Sep"),
        (date(2026, 10, 23), "Fr, 23. Okt.", "Fri 23 Oct"),
    ],
)
def test_a_day_is_said_with_its_weekday(day: date, german: str, english: str) -> None:
    assert (spoken_day(day, TODAY, "de"), spoken_day(day, TODAY, "en")) == (german, english)


@pytest.mark.parametrize(
    ("day", "german", "english"),
    [
        (date(2027, 10, 20), "Mi, 20. Okt. 2027", "Wed 20 Oct 2027"),
        (date(2027, 11, 24), "Mi, 24. Nov. 2027", "Wed 24 Nov 2027"),
        (date(2026, 10, 22), "Do, 22. Okt. 2026", "Thu 22 Oct 2026"),
    ],
)
def test_a_day_far_off_or_long_past_is_said_with_its_year(day: date, german: str, english: str) -> None:
    assert (spoken_day(day, TODAY, "de"), spoken_day(day, TODAY, "en")) == (german, english)


@pytest.mark.parametrize(
    ("day", "german", "english"),
    [
        (date(2026, 11, 23), "heute", "today"),
        (date(2026, 11, 24), "morgen (Di, 24. Nov.)", "tomorrow (Tue 24 Nov)"),
        (date(2026, 11, 25), "übermorgen (Mi, 25. Nov.)", "the day after tomorrow (Wed 25 Nov)"),
        (date(2026, 11, 26), "Do, 26. Nov.", "Thu 26 Nov"),
        (date(2026, 11, 22), "So, 22. Nov.", "Sun 22 Nov"),
    ],
)
def test_near_days_are_said_as_people_say_them(day: date, german: str, english: str) -> None:
    assert (spoken_day_near(day, TODAY, "de"), spoken_day_near(day, TODAY, "en")) == (german, english)
