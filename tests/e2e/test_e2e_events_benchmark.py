"""The benchmark of answers comes to its end, and what must hold on any machine holds."""

from __future__ import annotations

import pytest

from benchmarks.answers import measure


@pytest.mark.timeout(120)
async def test_200_answers_within_a_minute_end_up_true_on_every_post_and_break_no_limit() -> None:
    figures = await measure(seeds=1)
    assert {name for name, figure in figures.items() if not figure.holds} == set()
    exact = [figure.value for figure in figures.values() if figure.goal == 0]
    assert exact == [0, 0, 0]
