"""What arrived already: one row a delivery, with the answer that was given at once."""

from __future__ import annotations

from datetime import datetime

from storage.rows import Row, Transaction


class Delivery(Row, frozen=True):
    """A delivery that was handled. ``reference`` names a failure to people, empty if all went well."""

    answer: str
    reference: str


def add_delivery(tx: Transaction, key: str, received_at: datetime) -> bool:
    """Record a delivery; False if it was handled before."""
    return (
        tx.execute(
            "INSERT INTO deliveries (key, received_at) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, received_at)
        )
        == 1
    )


def get_delivery(tx: Transaction, key: str) -> Delivery | None:
    """What was answered."""
    return tx.one(Delivery, "SELECT answer, reference FROM deliveries WHERE key = ?", (key,))


def mark_answered(tx: Transaction, key: str, answer: str, reference: str = "") -> None:
    """Keep the answer, so that the same delivery gets it again."""
    tx.execute("UPDATE deliveries SET answer = ?, reference = ? WHERE key = ?", (answer, reference, key))
