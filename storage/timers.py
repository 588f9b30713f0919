"""Timers: what is due and when."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from storage.personal import N_, Holding
from storage.rows import Row, Transaction, columns


class TimerSet(Struct, frozen=True):
    """News for the scheduler: something falls due."""

    due_at: datetime


class Timer(Row, frozen=True):
    """One thing due; at most one of a kind for a subject."""

    id: int
    kind: str
    subject: str
    due_at: datetime
    attempts: int


_COLUMNS = columns(Timer)


PERSONAL = (
    Holding(
        "timers",
        N_("What falls due, by number"),
        purpose=N_("so that it is done in time"),
        kept=N_("until it is done; what could not be done 90 days"),
    ),
)


def add_timer(tx: Transaction, kind: str, subject: str, due_at: datetime) -> None:
    """Set a timer, or move the one of this kind and subject."""
    tx.execute(
        "INSERT INTO timers (kind, subject, due_at) VALUES (?, ?, ?) ON CONFLICT (kind, subject)"
        " DO UPDATE SET due_at = excluded.due_at, state = 'waiting', attempts = 0",
        (kind, subject, due_at),
    )
    tx.announce(TimerSet(due_at))


def add_timer_if_none(tx: Transaction, kind: str, subject: str, due_at: datetime) -> None:
    """Set a timer unless it is set; one that was set aside starts anew."""
    added = tx.execute(
        "INSERT INTO timers (kind, subject, due_at) VALUES (?, ?, ?) ON CONFLICT (kind, subject)"
        " DO UPDATE SET due_at = excluded.due_at, state = 'waiting', attempts = 0 WHERE timers.state = 'parked'",
        (kind, subject, due_at),
    )
    if added:
        tx.announce(TimerSet(due_at))


def remove_timer(tx: Transaction, kind: str, subject: str) -> bool:
    """Drop a timer; False if there is none."""
    return tx.execute("DELETE FROM timers WHERE kind = ? AND subject = ?", (kind, subject)) == 1


def remove_timer_if_due(tx: Transaction, timer: Timer, now: datetime) -> bool:
    """Claim a due timer by taking it away; False if it was moved or claimed meanwhile."""
    return (
        tx.execute(
            "DELETE FROM timers WHERE id = ? AND due_at = ? AND due_at <= ? AND state = 'waiting'",
            (timer.id, timer.due_at, now),
        )
        == 1
    )


def mark_timer_failed(tx: Transaction, timer: Timer, reason: str, again_at: datetime | None) -> bool:
    """Try a failed timer again later, or park it; False if it was moved or dropped meanwhile."""
    changed = tx.execute(
        "UPDATE timers SET attempts = attempts + 1, reason = ?, due_at = coalesce(?, due_at), state = ?"
        " WHERE id = ? AND due_at = ? AND state = 'waiting'",
        (reason, again_at, "waiting" if again_at else "parked", timer.id, timer.due_at),
    )
    if changed and again_at:
        tx.announce(TimerSet(again_at))
    return changed == 1


def list_due_timers(tx: Transaction, now: datetime, limit: int = 50) -> list[Timer]:
    """What is due, the oldest first."""
    return tx.all(
        Timer,
        f"SELECT {_COLUMNS} FROM timers WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
        (now, limit),
    )


def get_next_due(tx: Transaction) -> datetime | None:
    """When the next timer is due."""
    due = tx.value("SELECT min(due_at) FROM timers WHERE state = 'waiting'")
    return datetime.fromisoformat(due) if due else None


def count_parked(tx: Transaction) -> int:
    """How many timers were set aside."""
    return int(tx.value("SELECT count(*) FROM timers WHERE state = 'parked'"))
