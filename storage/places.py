"""Places: what a chat, or one of its threads, is for."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.personal import N_, Clear, Holding
from storage.rows import Row, Transaction, columns

Purpose = Literal["managers", "events", "help"]
PURPOSES: tuple[Purpose, ...] = ("managers", "events", "help")


class PlaceRow(Row, frozen=True):
    """A chat that serves a purpose."""

    purpose: Purpose
    chat_id: int
    thread: str


_COLUMNS = columns(PlaceRow)


PERSONAL = (
    Holding(
        "places",
        N_("Chats you gave a purpose"),
        purpose=N_("so that it can be checked who set it"),
        kept=N_("until it is changed"),
        rows="set_by = :person",
        shown={"purpose": N_("Purpose"), "set_at": N_("When")},
        erasure=Clear({"set_by": None}),
    ),
)


def add_place(tx: Transaction, purpose: Purpose, chat_id: int, thread: str, set_by: int, now: datetime) -> bool:
    """Give a chat a purpose; False if it has it."""
    return (
        tx.execute(
            f"INSERT INTO places ({_COLUMNS}, set_by, set_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (purpose, chat_id, thread, set_by, now),
        )
        == 1
    )


def remove_place(tx: Transaction, purpose: Purpose, chat_id: int, thread: str) -> bool:
    """Take a purpose from a chat; False if it had it not."""
    return (
        tx.execute(
            "DELETE FROM places WHERE purpose = ? AND chat_id = ? AND thread = ?", (purpose, chat_id, thread)
        )
        == 1
    )


def list_places(tx: Transaction, purpose: Purpose) -> list[PlaceRow]:
    """The places of a purpose that can be written to."""
    return tx.all(
        PlaceRow,
        f"SELECT {columns(PlaceRow, 'p.')} FROM places p JOIN chats c ON c.id = p.chat_id"
        " WHERE p.purpose = ? AND c.state = 'open' ORDER BY p.set_at, p.chat_id",
        (purpose,),
    )


def is_place(tx: Transaction, purpose: Purpose, chat_id: int, thread: str | None = None) -> bool:
    """Does the chat, or one of its threads, serve the purpose? With ``thread``, only there."""
    return bool(
        tx.value(
            "SELECT 1 FROM places WHERE purpose = ? AND chat_id = ? AND thread = coalesce(?, thread) LIMIT 1",
            (purpose, chat_id, thread),
        )
    )
