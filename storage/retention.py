"""How long things are kept; run daily."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.rows import Transaction, stored_time

_OVER = "state IN ('sent', 'failed', 'cancelled') AND coalesce(sent_at, started_at, created_at)"

RULES: tuple[tuple[str, timedelta, str], ...] = (
    ("deliveries", timedelta(hours=48), "DELETE FROM deliveries WHERE received_at < ?"),
    ("forms", timedelta(days=2), "DELETE FROM forms WHERE created_at < ?"),
    ("codes", timedelta(days=7), "DELETE FROM codes WHERE expires_at < ?"),
    (
        "texts of messages sent",
        timedelta(days=7),
        f"UPDATE outbox SET payload = '' WHERE {_OVER} < ? AND payload <> ''",
    ),
    (
        "messages sent",
        timedelta(days=30),
        f"DELETE FROM outbox WHERE {_OVER} < ?",
    ),
    ("parked timers", timedelta(days=90), "DELETE FROM timers WHERE state = 'parked' AND due_at < ?"),
    ("posts no longer shown", timedelta(days=90), "DELETE FROM posts WHERE state = 'gone' AND created_at < ?"),
    (
        "questions the bot heard",
        timedelta(days=2),
        "DELETE FROM questions WHERE state = 'draft' AND changed_at < ?",
    ),
    (
        "questions to the team",
        timedelta(days=365),
        "DELETE FROM questions WHERE state IN ('answered', 'done', 'declined') AND changed_at < ?",
    ),
    ("which answers helped", timedelta(days=365), "DELETE FROM faq_feedback WHERE day < ?"),
    ("wrong codes", timedelta(days=1), "DELETE FROM code_attempts WHERE tried_at < ?"),
)
"""What, kept how long, and the statement that ends it, given the time before which it goes."""


def remove_expired(tx: Transaction, now: datetime) -> dict[str, int]:
    """Delete or clear what was kept long enough; returns how many rows of what."""
    return {what: tx.execute(sql, (stored_time(now - kept),)) for what, kept, sql in RULES}
