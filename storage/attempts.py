"""Wrong one-time codes: how many a person, or an account, tried lately."""

from __future__ import annotations

from datetime import datetime

from storage.personal import N_, Holding
from storage.rows import Transaction

PERSONAL = (
    Holding(
        "code_attempts",
        N_("Wrong codes you tried"),
        purpose=N_("so that nobody can try many"),
        kept=N_("a day"),
        rows="person_id = :person",
        shown={"tried_at": N_("When")},
    ),
)


def add_attempt(tx: Transaction, person_id: int, platform: str, account: str, now: datetime) -> None:
    """Remember a wrong code, and from which account it came."""
    tx.execute(
        "INSERT INTO code_attempts (person_id, platform, account, tried_at) VALUES (?, ?, ?, ?)",
        (person_id, platform, account, now),
    )


def list_attempts(tx: Transaction, person_id: int, platform: str, account: str, since: datetime) -> list[datetime]:
    """When a person, or whoever had this account, tried wrong codes since then, the oldest first."""
    rows = tx.values(
        "SELECT tried_at FROM code_attempts WHERE (person_id = ? OR (platform = ? AND account = ?))"
        " AND tried_at > ? ORDER BY tried_at",
        (person_id, platform, account, since),
    )
    return [datetime.fromisoformat(tried_at) for (tried_at,) in rows]
