"""How the outbox does: what waits in it, what is stuck, what could not be delivered."""

from __future__ import annotations

from datetime import datetime

from storage.rows import Transaction
from storage.switches import PAUSED


def list_depths(tx: Transaction) -> list[tuple[int, int, str]]:
    """Lane, how many messages wait in it, and since when the oldest does."""
    return [
        (lane, count, oldest)
        for lane, count, oldest in tx.values(
            "SELECT lane, count(*), min(created_at) FROM outbox WHERE state IN ('pending', 'sending', 'unknown')"
            " GROUP BY lane"
        )
    ]


def list_stuck(tx: Transaction, before: datetime) -> list[tuple[str, int]]:
    """Platforms to which nothing left since ``before`` although something should have, and how much waits.

    A long broadcast at the platform's pace is not stuck, nor is what a lead has paused.
    """
    return tx.values(
        "SELECT c.platform, count(*) FROM outbox o JOIN chats c ON c.id = o.chat_id"
        " WHERE o.state IN ('pending', 'sending', 'unknown') AND c.state = 'open'"
        " AND (o.not_before < ?1 OR o.attempts > 0 AND o.created_at < ?1)"
        " AND NOT EXISTS (SELECT 1 FROM switches WHERE name = ?2 AND value <> '')"
        " AND NOT EXISTS (SELECT 1 FROM outbox s JOIN chats d ON d.id = s.chat_id"
        " WHERE d.platform = c.platform AND s.sent_at >= ?1) GROUP BY c.platform",
        (before, PAUSED),
    )


def count_failed_since(tx: Transaction, since: datetime) -> int:
    """How many messages could not be delivered since then, for another reason than a chat that is closed to us."""
    return int(
        tx.value(
            "SELECT count(*) FROM outbox o JOIN chats c ON c.id = o.chat_id"
            " WHERE o.state = 'failed' AND o.started_at > ? AND c.state = 'open'",
            (since,),
        )
    )


def count_failed(tx: Transaction) -> int:
    """How many messages could not be delivered, of those still kept."""
    return int(tx.value("SELECT count(*) FROM outbox WHERE state = 'failed'"))
