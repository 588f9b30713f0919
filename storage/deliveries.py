"""What arrived already: one row a delivery, with the answer that was given at once."""

from __future__ import annotations

from datetime import datetime

from storage.personal import N_, Clear, Holding
from storage.rows import Row, Transaction


class Delivery(Row, frozen=True):
    """A delivery that was handled. ``reference`` names a failure to people, empty if all went well."""

    answer: str
    reference: str


PERSONAL = (
    Holding(
        "deliveries",
        N_("What I answered at once to a press or a form of yours"),
        purpose=N_("so that nothing counts twice when a chat repeats itself"),
        kept=N_("48 hours"),
        rows="person_id = :person",
        shown={"received_at": N_("When"), "answer": N_("Answer")},
        erasure=Clear({"answer": "", "person_id": None}),
    ),
)


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


def mark_answered(
    tx: Transaction, key: str, answer: str, reference: str = "", person_id: int | None = None
) -> None:
    """Keep the answer, so that the same delivery gets it again, and whose it is."""
    tx.execute(
        "UPDATE deliveries SET answer = ?, reference = ?, person_id = ? WHERE key = ?",
        (answer, reference, person_id, key),
    )
