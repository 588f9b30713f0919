"""What people were told about their data, asked for and objected to: the log, and the objections that hold."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.personal import N_, Holding
from storage.rows import Row, Transaction, columns

What = Literal["told", "read", "copied", "objected", "agreed"]
"""``told`` in short, ``read`` in full, got a copy of the data, ``objected``, ``agreed`` again."""


class Consent(Row, frozen=True):
    """One entry of the log, with the version of the text that was shown then."""

    what: What
    text_version: str
    at: datetime


PERSONAL = (
    Holding(
        "consents",
        N_("What you were told, asked for or objected to"),
        purpose=N_("to be able to show it"),
        kept=N_("until you delete your data"),
        rows="person_id = :person",
        shown={"at": N_("When"), "what": N_("What"), "text_version": N_("Version of the text")},
    ),
    Holding(
        "objections",
        N_("That you objected"),
        purpose=N_("so that it is kept to"),
        kept=N_("until you take it back"),
        rows="person_id = :person",
        shown={"since": N_("Since")},
    ),
)


def add_consent(tx: Transaction, person_id: int, what: What, text_version: str, now: datetime) -> None:
    """Log something."""
    tx.execute(
        "INSERT INTO consents (person_id, what, text_version, at) VALUES (?, ?, ?, ?)",
        (person_id, what, text_version, now),
    )


def list_consents(tx: Transaction, person_id: int) -> list[Consent]:
    """A person's log, the oldest first."""
    return tx.all(
        Consent, f"SELECT {columns(Consent)} FROM consents WHERE person_id = ? ORDER BY id", (person_id,)
    )


def was_told(tx: Transaction, person_id: int, text_version: str) -> bool:
    """Has a person seen this version of the text, in short or in full?"""
    return bool(
        tx.value(
            "SELECT 1 FROM consents WHERE person_id = ? AND text_version = ? AND what IN ('told', 'read') LIMIT 1",
            (person_id, text_version),
        )
    )


def add_objection(tx: Transaction, person_id: int, now: datetime) -> bool:
    """Keep that a person objects; False if they do already."""
    return (
        tx.execute(
            "INSERT INTO objections (person_id, since) VALUES (?, ?) ON CONFLICT DO NOTHING", (person_id, now)
        )
        == 1
    )


def remove_objection(tx: Transaction, person_id: int) -> bool:
    """A person objects no more; False if they did not."""
    return tx.execute("DELETE FROM objections WHERE person_id = ?", (person_id,)) == 1


def objects(tx: Transaction, person_id: int) -> bool:
    """Does a person object?"""
    return bool(tx.value("SELECT 1 FROM objections WHERE person_id = ?", (person_id,)))


def mark_untold(tx: Transaction, text_version: str) -> int:
    """Have everybody told again who was told another version of the text, or none; returns how many people."""
    return tx.execute(
        "UPDATE persons SET greeted = 0 WHERE greeted = 1 AND NOT EXISTS"
        " (SELECT 1 FROM consents c WHERE c.person_id = persons.id AND c.what = 'told' AND c.text_version = ?)",
        (text_version,),
    )
