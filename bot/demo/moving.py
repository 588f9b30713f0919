"""Moving time on, step by step: at each moment on the way for which something is planned, the bot does it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.demo.cast import CannotError
from bot.demo.stage import Stage, keep_ahead
from storage import outlook
from storage.errors import StoreError

ZONE = ZoneInfo("Europe/Berlin")
MORNING = time(8)
FURTHEST = timedelta(days=366)
MOST_STOPS = 300
"""After so many stops on one way the rest is done in one jump: something sets itself anew again and again."""

STOP_SECONDS = 3.0
"""How long the bot is waited for at a stop."""


def goal_of(to: str, now: datetime) -> datetime:
    """The moment that ``hour``, ``morning`` (the next one, in Berlin) or an ISO date and time stands for.

    Raises:
        CannotError: It stands for none, for one that is over, or for one more than a year away.
    """
    if to == "hour":
        return now + timedelta(hours=1)
    if to == "morning":
        tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
        return datetime.combine(tomorrow, MORNING, ZONE).astimezone(UTC)
    try:
        goal = datetime.fromisoformat(to)
        goal = (goal if goal.tzinfo else goal.replace(tzinfo=ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CannotError(
            "Diesen Zeitpunkt versteht die Uhr nicht.", "The clock does not know this moment."
        ) from None
    if goal <= now:
        raise CannotError("Die Uhr geht nur vorwärts.", "The clock only goes forward.")
    if goal - now > FURTHEST:
        raise CannotError("Weiter als ein Jahr geht es nicht.", "A year is as far as it goes.")
    return goal


async def move(stage: Stage, goal: datetime) -> int:
    """Move time on to ``goal`` and return how many things fell due on the way."""
    due = 0
    async with stage.moving:
        await stage.settled(STOP_SECONDS)
        for _ in range(MOST_STOPS):
            stop = await _next_stop(stage)
            if stop is None or stop >= goal:
                break
            due += await _arrive(stage, stop)
        due += await _arrive(stage, goal)
    return due


async def _next_stop(stage: Stage) -> datetime | None:
    if stage.app is None:
        return None
    try:
        return await stage.app.database.read(partial(outlook.get_next_moment, after=stage.clock.now()))
    except StoreError:  # it was stopped meanwhile
        return None


async def _arrive(stage: Stage, moment: datetime) -> int:
    """Let it be this moment; return how many things fell due."""
    seconds = max(0.0, (moment - stage.clock.now()).total_seconds())
    keep_ahead(stage.database, stage.clock.ahead + seconds)
    stage.clock.move(seconds)
    due = 0
    if stage.app is not None:
        due = await stage.app.scheduler.run_due()
        await stage.settled(STOP_SECONDS)
    stage.changed()
    return due
