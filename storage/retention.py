"""How long things are kept; run hourly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from storage.rows import Transaction, stored_time

_OVER = "state IN ('sent', 'failed', 'cancelled') AND coalesce(sent_at, started_at, created_at)"


class Rule(NamedTuple):
    """What is kept, how long, and the statement that ends it, given the time before which it goes."""

    what: str
    kept: timedelta
    sql: str


RULES = (
    Rule("deliveries", timedelta(hours=48), "DELETE FROM deliveries WHERE received_at < ?"),
    Rule("forms", timedelta(days=2), "DELETE FROM forms WHERE created_at < ?"),
    Rule("codes", timedelta(days=7), "DELETE FROM codes WHERE expires_at < ?"),
    Rule("wrong codes", timedelta(days=1), "DELETE FROM code_attempts WHERE tried_at < ?"),
    Rule(
        "texts of messages sent",
        timedelta(days=7),
        f"UPDATE outbox SET payload = '' WHERE {_OVER} < ? AND payload <> ''",
    ),
    Rule("messages sent", timedelta(days=30), f"DELETE FROM outbox WHERE {_OVER} < ?"),
    Rule("parked timers", timedelta(days=90), "DELETE FROM timers WHERE state = 'parked' AND due_at < ?"),
    Rule("posts no longer shown", timedelta(days=90), "DELETE FROM posts WHERE state = 'gone' AND created_at < ?"),
)
"""What the house itself keeps; each feature's store says what the feature keeps."""


def remove_expired(tx: Transaction, now: datetime, rules: Sequence[Rule] = RULES) -> dict[str, int]:
    """Delete or clear what was kept long enough; returns how many rows of what."""
    return {rule.what: tx.execute(rule.sql, (stored_time(now - rule.kept),)) for rule in rules}
