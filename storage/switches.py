"""Single values that outlive a restart."""

from __future__ import annotations

from msgspec import Struct

from storage.personal import N_, Holding
from storage.rows import Transaction

PAUSED = "outgoing_paused"
ALIVE_AT = "alive_at"
COMPACT_DUE = "compact_due"
"""Since when deleted rows wait for the file to be written anew."""
BACKUP_AT = "backup_at"
"""When the last backup was made; before there is one, when the bot first ran."""


class SwitchTurned(Struct, frozen=True):
    """News: a value changed."""

    name: str
    value: str


PERSONAL = (
    Holding(
        "switches",
        N_("Switches of the bot, such as the pause"),
        purpose=N_("so that they outlive a restart"),
        kept=N_("until they are turned"),
    ),
)


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
