"""People who have not been here for long: they are told, and forgotten a while later."""

from __future__ import annotations

from datetime import date

from storage.personal import N_
from storage.rows import Transaction

KEPT = N_(
    "until you delete your data, a year after you left, or once you were not here for as long as the hub says,"
    " mostly three years"
)
"""How long a person is kept, as the rest of a sentence."""

WHAT = "people not seen for long"
"""The name under which it is counted how many went."""

_IDLE = "seen_on < ? AND NOT EXISTS (SELECT 1 FROM roles r WHERE r.person_id = persons.id)"
"""Whoever has a role is not forgotten before somebody takes it from them."""


def list_untold(tx: Transaction, not_since: date, limit: int) -> list[int]:
    """Who was not here since a day and was not told yet that they will be forgotten."""
    query = f"SELECT id FROM persons WHERE {_IDLE} AND absence_told_on IS NULL ORDER BY id LIMIT ?"
    return [person for (person,) in tx.values(query, (not_since, limit))]


def mark_told(tx: Transaction, person_id: int, today: date) -> None:
    """They were told, as far as they can be reached."""
    tx.execute("UPDATE persons SET absence_told_on = ? WHERE id = ?", (today, person_id))


def list_to_forget(tx: Transaction, not_since: date, told_until: date, limit: int) -> list[int]:
    """Who was not here since a day, and was told so long enough ago."""
    query = f"SELECT id FROM persons WHERE {_IDLE} AND absence_told_on <= ? ORDER BY id LIMIT ?"
    return [person for (person,) in tx.values(query, (not_since, told_until, limit))]


def count_to_forget(tx: Transaction, not_since: date, told_until: date) -> int:
    """How many they are."""
    query = f"SELECT count(*) FROM persons WHERE {_IDLE} AND absence_told_on <= ?"
    return int(tx.value(query, (not_since, told_until)))


def note_forgotten(tx: Transaction, number: int, today: date) -> None:
    """Count who went, beside what the clean-up removes."""
    tx.execute(
        "INSERT INTO removals (day, what, number) VALUES (?, ?, ?) ON CONFLICT (day, what)"
        " DO UPDATE SET number = removals.number + excluded.number",
        (today, WHAT, number),
    )
