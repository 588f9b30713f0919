"""What people have set: where notices go, when the bot keeps quiet, what it leaves unsaid."""

from __future__ import annotations

from datetime import time

from storage.personal import N_, Holding
from storage.rows import Row, Transaction, columns


class PersonSettings(Row, frozen=True):
    """One person's settings; the defaults are what holds for somebody who has set nothing.

    Attributes:
        preferred: The platform where notices go; empty if none was chosen.
        quiet_from: Begin of the quiet hours at the hub, ``HH:MM``; empty, as ``quiet_until`` is, for none.
        listed: Named in "who is coming".
    """

    person_id: int
    preferred: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    listed: bool = True

    @property
    def quiet(self) -> tuple[time, time] | None:
        """Begin and end of the quiet hours."""
        if not self.quiet_from:
            return None
        return time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)


PERSONAL = (
    Holding(
        "settings",
        N_("Your settings"),
        purpose=N_("so that I write to you where and when you want it"),
        kept=N_("until you delete your data"),
        rows="person_id = :person",
        shown={
            "preferred": N_("I write to you in"),
            "quiet_from": N_("Quiet from"),
            "quiet_until": N_("Quiet until"),
            "listed": N_("Named in lists"),
        },
    ),
    Holding(
        "muted_kinds",
        N_("What you do not want to hear of"),
        purpose=N_("so that I keep to it"),
        kept=N_("until you want to"),
        rows="person_id = :person",
        shown={"kind": N_("What")},
    ),
)


def get_settings(tx: Transaction, person_id: int) -> PersonSettings:
    """What a person has set."""
    found = tx.one(
        PersonSettings, f"SELECT {columns(PersonSettings)} FROM settings WHERE person_id = ?", (person_id,)
    )
    return found or PersonSettings(person_id)


def mark_settings(tx: Transaction, settings: PersonSettings) -> None:
    """Keep what a person has set."""
    tx.execute(
        f"INSERT INTO settings ({columns(PersonSettings)}) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET preferred = excluded.preferred, quiet_from = excluded.quiet_from,"
        " quiet_until = excluded.quiet_until, listed = excluded.listed",
        (
            settings.person_id,
            settings.preferred,
            settings.quiet_from,
            settings.quiet_until,
            settings.listed,
        ),
    )


def add_muted_kind(tx: Transaction, person_id: int, kind: str) -> bool:
    """Tell a person nothing of a kind any more; False if that is so already."""
    return (
        tx.execute(
            "INSERT INTO muted_kinds (person_id, kind) VALUES (?, ?) ON CONFLICT DO NOTHING", (person_id, kind)
        )
        == 1
    )


def remove_muted_kind(tx: Transaction, person_id: int, kind: str) -> bool:
    """Tell a person of a kind again; False if that is so already."""
    return tx.execute("DELETE FROM muted_kinds WHERE person_id = ? AND kind = ?", (person_id, kind)) == 1


def list_muted_kinds(tx: Transaction, person_id: int) -> frozenset[str]:
    """The kinds of notices that a person does not want."""
    return frozenset(
        kind for (kind,) in tx.values("SELECT kind FROM muted_kinds WHERE person_id = ?", (person_id,))
    )


def remove_settings(tx: Transaction, person_id: int) -> None:
    """All is as at the start again."""
    tx.execute("DELETE FROM settings WHERE person_id = ?", (person_id,))
    tx.execute("DELETE FROM muted_kinds WHERE person_id = ?", (person_id,))
