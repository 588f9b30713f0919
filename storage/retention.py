"""How long things are kept; run hourly, and counted by day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from storage.personal import N_, Holding
from storage.rows import Transaction, stored_time

_OVER = "state IN ('sent', 'failed', 'cancelled') AND coalesce(sent_at, started_at, created_at)"


class Rule(NamedTuple):
    """What is kept, how long, and the statement that ends it, given the time before which it goes."""

    what: str
    kept: timedelta
    sql: str

    @property
    def table(self) -> str:
        """The table that it is about."""
        return re.split(r"\s+", self.sql.removeprefix("DELETE FROM ").removeprefix("UPDATE "))[0]


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
    Rule(
        "people who left",
        timedelta(days=365),
        "DELETE FROM persons WHERE id IN (SELECT person_id FROM accounts GROUP BY person_id"
        " HAVING count(*) = count(left_at) AND max(left_at) < ?)"
        # whose block is to outlast them goes by absence, which sees to that
        " AND id NOT IN (SELECT person_id FROM blocks WHERE lifted_at IS NULL)",
    ),
    Rule(
        "direct chats of people who left",
        timedelta(days=365),
        "DELETE FROM chats WHERE kind = 'direct' AND state = 'gone' AND first_seen < ? AND NOT EXISTS (SELECT 1"
        " FROM accounts a WHERE a.platform = chats.platform AND a.external_id = chats.external_id)",
    ),
    Rule("counts of what was removed", timedelta(days=365), "DELETE FROM removals WHERE day < ?"),
)
"""What the house itself keeps; each feature's store says what the feature keeps."""


PERSONAL = (
    Holding(
        "removals",
        N_("How much the clean-up removed"),
        purpose=N_("so that it can be checked"),
        kept=N_("a year"),
    ),
    Holding(
        "schema_versions",
        N_("Which changes of the database were made"),
        purpose=N_("so that none is made twice"),
        kept=N_("for good"),
    ),
)


def remove_expired(tx: Transaction, now: datetime, rules: Sequence[Rule] = RULES) -> dict[str, int]:
    """Delete or clear what was kept long enough; returns how many rows of what."""
    removed = {rule.what: tx.execute(rule.sql, (stored_time(now - rule.kept),)) for rule in rules}
    for what, number in removed.items():
        if number:
            tx.execute(
                "INSERT INTO removals (day, what, number) VALUES (?, ?, ?) ON CONFLICT (day, what)"
                " DO UPDATE SET number = removals.number + excluded.number",
                (now.date(), what, number),
            )
    return removed


def list_removed(tx: Transaction, since: date) -> dict[str, int]:
    """How many rows of what were removed since a day."""
    return dict(
        tx.values("SELECT what, sum(number) FROM removals WHERE day >= ? GROUP BY what ORDER BY what", (since,))
    )
