"""What a control's packed action says."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.core.answers import TurnCalendar
from handlers.core.controls import opened, turned
from handlers.core.ui import Action


@pytest.mark.parametrize(
    ("packed", "action", "value"),
    [
        ("help", Action("help"), ""),
        ("desk:take|12", Action.of("desk:take", 12), ""),
        ("pick|3~2026-11-24", Action.of("pick", 3), "2026-11-24"),
        ("pick~a~b", Action("pick"), "a~b"),
        ("pick~", Action("pick"), ""),
    ],
)
def test_an_action_and_the_value_offered_with_it(packed: str, action: Action, value: str) -> None:
    assert opened(packed) == (action, value)


def test_a_calendars_arrow_leads_to_a_month_between_two_days() -> None:
    assert turned("day|3~m202612,261123,270131") == TurnCalendar(
        Action.of("day", 3), date(2026, 12, 1), date(2026, 11, 23), date(2027, 1, 31)
    )


@pytest.mark.parametrize(
    "packed",
    [
        "day|3",
        "day|3~2026-11-24",
        "day|3~m202613,261123,270131",
        "day|3~m202612,261123,270231",
        "day|3~m202612,261123",
        "day|3~m202612,261123,270131x",
        "~m202612,261123,270131",
    ],
)
def test_anything_else_is_no_arrow(packed: str) -> None:
    assert turned(packed) is None
