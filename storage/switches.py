"""Single values that outlive a restart."""

from __future__ import annotations

from msgspec import Struct

from storage.rows import Transaction

PAUSED = "outgoing_paused"
ALIVE_AT = "alive_at"


class SwitchTurned(Struct, frozen=True):
    """News: a value changed."""

    name: str
    value: str


def get_switch(tx: Transaction, name: str) -> str:
    """A value, empty if it was never set."""
    return str(tx.value("SELECT value FROM switches WHERE name = ?", (name,)) or "")


def mark_switch(tx: Transaction, name: str, value: str) -> None:
    """Set a value."""
    tx.execute(
        "INSERT INTO switches (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
    tx.announce(SwitchTurned(name, value))
