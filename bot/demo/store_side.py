"""What the page shows of the store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storage import events as stored_events
from storage import outlook
from storage.rows import Transaction


def version_of(tx: Transaction) -> int:
    """A number that is another one after every commit (sqlite.org/pragma.html#pragma_data_version)."""
    return int(tx.value("PRAGMA data_version"))


def look(tx: Transaction, *, now: datetime, timers: int, events: int) -> dict[str, Any]:
    """What is unsent by platform, what falls due next, which events are to come."""
    return {
        "unsent": outlook.count_unsent(tx, now),
        "next": [{"at": at.isoformat(), "kind": kind} for at, kind in outlook.list_next_timers(tx, timers)],
        "events": [
            {"id": event.id, "title": event.title, "at": event.starts_at.isoformat()}
            for event in stored_events.list_upcoming(tx, now, events)
        ],
    }
