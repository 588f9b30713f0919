"""Forms shown and not yet sent in; on platforms without forms, where in them a person is."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.personal import N_, Holding
from storage.rows import Row, Transaction, columns


class FormRow(Row, frozen=True):
    """A form's instance. ``payload`` and ``answers`` are JSON, ``step`` the field being asked."""

    instance: str
    person_id: int
    chat_id: int
    thread: str
    payload: str
    answers: str
    step: int
    state: Literal["offered", "asking", "done", "cancelled"]


_COLUMNS = columns(FormRow)


PERSONAL = (
    Holding(
        "forms",
        N_("Forms you were asked to fill in, and your answers so far"),
        purpose=N_("so that nothing is lost halfway"),
        kept=N_("2 days"),
        rows="person_id = :person",
        shown={"created_at": N_("When"), "answers": N_("Answers"), "state": N_("State")},
    ),
)


def add_form(
    tx: Transaction, instance: str, person_id: int, chat_id: int, thread: str, payload: str, now: datetime
) -> None:
    """Keep a form that is offered."""
    tx.execute(
        "INSERT INTO forms (instance, person_id, chat_id, thread, payload, state, created_at)"
        " VALUES (?, ?, ?, ?, ?, 'offered', ?)",
        (instance, person_id, chat_id, thread, payload, now),
    )


def get_form(tx: Transaction, instance: str) -> FormRow | None:
    """By its instance."""
    return tx.one(FormRow, f"SELECT {_COLUMNS} FROM forms WHERE instance = ?", (instance,))


def get_form_asking(tx: Transaction, chat_id: int, person_id: int) -> FormRow | None:
    """The form whose question a person is being asked in a chat."""
    return tx.one(
        FormRow,
        f"SELECT {_COLUMNS} FROM forms WHERE chat_id = ? AND person_id = ? AND state = 'asking'",
        (chat_id, person_id),
    )


def mark_form_asking(tx: Transaction, instance: str, step: int, answers: str) -> bool:
    """Ask a field; a form asked before in the same chat gives way. False if this one is over."""
    tx.execute(
        "UPDATE forms SET state = 'cancelled', answers = '{}' WHERE state = 'asking' AND instance <> ?"
        " AND (chat_id, person_id) = (SELECT chat_id, person_id FROM forms"
        " WHERE instance = ? AND state IN ('offered', 'asking'))",
        (instance, instance),
    )
    return (
        tx.execute(
            "UPDATE forms SET state = 'asking', step = ?, answers = ?"
            " WHERE instance = ? AND state IN ('offered', 'asking')",
            (step, answers, instance),
        )
        == 1
    )


def mark_form_over_if_open(tx: Transaction, instance: str, state: Literal["done", "cancelled"]) -> bool:
    """Use a form up and forget what was answered; False if it is over already."""
    return (
        tx.execute(
            "UPDATE forms SET state = ?, answers = '{}' WHERE instance = ? AND state IN ('offered', 'asking')",
            (state, instance),
        )
        == 1
    )


def remove_form_of(tx: Transaction, instance: str, person_id: int) -> FormRow | None:
    """Take a person's open form away, with all it holds, and return it; None if it is over or not theirs."""
    return tx.one(
        FormRow,
        "DELETE FROM forms WHERE instance = ? AND person_id = ? AND state IN ('offered', 'asking')"
        f" RETURNING {_COLUMNS}",
        (instance, person_id),
    )


def mark_forms_cancelled_in(tx: Transaction, chat_id: int, person_id: int) -> int:
    """A chat is not a person's any more: forget what they were asked there. Returns how many forms."""
    return tx.execute(
        "UPDATE forms SET state = 'cancelled', answers = '{}'"
        " WHERE chat_id = ? AND person_id = ? AND state IN ('offered', 'asking')",
        (chat_id, person_id),
    )


def mark_form_moved(tx: Transaction, instance: str, chat_id: int) -> None:
    """Go on with a form in another chat."""
    tx.execute("UPDATE forms SET chat_id = ?, thread = '' WHERE instance = ?", (chat_id, instance))


def mark_forms_over_of(tx: Transaction, person_id: int) -> None:
    """Close what a person was shown or is being asked."""
    tx.execute(
        "UPDATE forms SET state = 'cancelled', answers = '{}'"
        " WHERE person_id = ? AND state IN ('offered', 'asking')",
        (person_id,),
    )
