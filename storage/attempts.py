"""Wrong one-time codes: how many a person tried lately."""

from __future__ import annotations

from datetime import datetime

from storage.rows import Transaction


def add_attempt(tx: Transaction, person_id: int, now: datetime) -> None:
    """Remember a wrong code."""
    tx.execute("INSERT INTO code_attempts (person_id, tried_at) VALUES (?, ?)", (person_id, now))


def list_attempts(tx: Transaction, person_id: int, since: datetime) -> list[datetime]:
    """When a person tried wrong codes since then, the oldest first."""
    rows = tx.values(
        "SELECT tried_at FROM code_attempts WHERE person_id = ? AND tried_at > ? ORDER BY tried_at",
        (person_id, since),
    )
    return [datetime.fromisoformat(tried_at) for (tried_at,) in rows]
