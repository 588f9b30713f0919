"""What is to come and what is still on its way, for whoever looks on."""

from __future__ import annotations

from datetime import datetime

from storage.rows import Transaction

_NOT_THROUGH = "(x.state IN ('sending', 'unknown') OR {waits} AND (x.not_before <= ?1 OR x.reason <> ''))"
_ROWS = _NOT_THROUGH.format(waits="x.state = 'pending'")
_POSTS = _NOT_THROUGH.format(waits="x.state = 'idle' AND x.sent < x.wanted")


def list_next_timers(tx: Transaction, limit: int) -> list[tuple[datetime, str]]:
    """When what kind of thing falls due, the next one first."""
    return [
        (datetime.fromisoformat(due), kind)
        for due, kind in tx.values(
            "SELECT due_at, kind FROM timers WHERE state = 'waiting' ORDER BY due_at, id LIMIT ?", (limit,)
        )
    ]


def get_next_moment(tx: Transaction, after: datetime) -> datetime | None:
    """When next a timer falls due or a message may leave."""
    moment = tx.value(
        "SELECT min(at) FROM (SELECT min(due_at) AS at FROM timers WHERE state = 'waiting' AND due_at > ?1"
        " UNION ALL SELECT min(not_before) FROM outbox WHERE state = 'pending' AND not_before > ?1"
        " UNION ALL SELECT min(not_before) FROM posts WHERE state = 'idle' AND sent < wanted AND not_before > ?1)",
        (after,),
    )
    return datetime.fromisoformat(moment) if moment else None


def count_unsent(tx: Transaction, now: datetime) -> dict[str, int]:
    """By platform, how many messages should be out by now, or were tried and are to be tried again."""
    return dict(
        tx.values(
            f"SELECT c.platform, count(*) FROM (SELECT chat_id FROM outbox x WHERE {_ROWS}"
            f" UNION ALL SELECT chat_id FROM posts x WHERE {_POSTS}) waiting"
            " JOIN chats c ON c.id = waiting.chat_id GROUP BY c.platform",
            (now,),
        )
    )
