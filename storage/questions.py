"""Questions: what people asked, from a draft to the team's answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.merging import hand_over
from storage.personal import N_, Delete, Holding, Subject
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["draft", "open", "taken", "answered", "done", "declined"]


class Question(Row, frozen=True):
    """What somebody asked.

    Attributes:
        chat_id: Where the answer belongs; None once that chat is gone.
        state: ``draft`` (only the bot heard it), ``open`` (with the team), ``taken`` by ``decided_by``,
            ``answered``, ``done`` (one of both said so), ``declined``.
        decided_by: Who took or declined it; None if nobody did, or is no longer known.
        changed_at: Since when it is in this state.
        outcome: What became of it: ``answered``, ``suggested``, ``unknown``, ``picked``, ``not_helped`` …; empty
            where nobody said.
        entry: By which entry; empty where there is none.
        ended_by: Who said that it is done, the ``asker`` or the ``team``.
    """

    id: int
    asker_id: int
    chat_id: int | None
    thread: str
    language: str
    text: str
    state: State
    decided_by: int | None
    created_at: datetime
    changed_at: datetime
    outcome: str = ""
    entry: str = ""
    ended_by: str = ""


class Turn(Row, frozen=True):
    """An answer of the team (``from_team``) or a further question of the asker."""

    from_team: bool
    person_id: int | None
    text: str


_COLUMNS = columns(Question)
_WAITING = "state IN ('open', 'taken')"
"""As the index says it: most rows are drafts, and none of them is to be read to find what waits."""


KEPT = timedelta(days=90)
"""A question stays with its asker for so long; then it is only counted (migration 0013)."""

RETENTION = (
    Rule("questions the bot heard", KEPT, "DELETE FROM questions WHERE state = 'draft' AND changed_at < ?"),
    Rule(
        "questions to the team",
        KEPT,
        "DELETE FROM questions WHERE state IN ('answered', 'done', 'declined') AND changed_at < ?",
    ),
)


def _give_back(tx: Transaction, subject: Subject) -> int:
    """What somebody took and did not answer is open to all again; of what they decided, nobody's name stays."""
    return tx.execute(
        "UPDATE questions SET decided_by = NULL, state = CASE state WHEN 'taken' THEN 'open' ELSE state END"
        " WHERE decided_by = ?",
        (subject.person,),
    )


PERSONAL = (
    Holding(
        "questions",
        N_("Questions you asked"),
        purpose=N_("to answer them, or have the team answer them"),
        kept=N_("90 days; those for the team 90 days after they ended"),
        rows="asker_id = :person",
        shown={
            "created_at": N_("When"),
            "text": N_("Text"),
            "state": N_("State"),
            "language": N_("Language"),
            "outcome": N_("What became of it"),
        },
        erasure=Delete(counted="questions", on="created_at", only="state <> 'draft'"),
        posts="'question:' || id",
    ),
    Holding(
        "questions",
        N_("Questions you took or turned down for the team"),
        purpose=N_("so that the team knows who does what"),
        kept=N_("90 days after they ended"),
        rows="decided_by = :person",
        shown={"id": N_("Number"), "state": N_("State"), "changed_at": N_("When")},
        erasure=_give_back,
        posts="'question:' || id",
    ),
    Holding(
        "question_turns",
        N_("What you wrote after a question"),
        purpose=N_("to answer it"),
        kept=N_("as long as the question"),
        rows="person_id = :person",
        shown={"said_at": N_("When"), "text": N_("Text")},
        posts="'question:' || question_id",
    ),
)


def add_draft(
    tx: Transaction,
    asker_id: int,
    chat_id: int,
    thread: str,
    language: str,
    text: str,
    now: datetime,
    *,
    outcome: str = "",
    entry: str = "",
) -> int:
    """Keep what somebody asked the bot; returns its id."""
    return tx.insert(
        "INSERT INTO questions (asker_id, chat_id, thread, language, text, created_at, changed_at, outcome, entry)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (asker_id, chat_id, thread, language, text, now, now, outcome, entry),
    )


def mark_outcome(tx: Transaction, question_id: int, outcome: str, entry: str = "") -> bool:
    """Note what became of a question, and by which entry; False if it is not kept any more."""
    return (
        tx.execute(
            "UPDATE questions SET outcome = ?, entry = ? WHERE id = ?",
            (outcome, entry, question_id),
        )
        == 1
    )


def mark_uncounted(tx: Transaction, asker_id: int, after: int, now: datetime) -> None:
    """What somebody's words were kept as once more, in the same moment as they picked, counts as no question."""
    tx.execute(
        "UPDATE questions SET outcome = '', entry = '' WHERE asker_id = ? AND id > ? AND created_at = ?"
        " AND state = 'draft'",
        (asker_id, after, now),
    )


def mark_unpicked(tx: Transaction, question: Question, entry: str) -> int | None:
    """Count what a suggestion was picked for no more, once its answer counts itself; returns its id."""
    picked = tx.values(
        "UPDATE questions SET outcome = '', entry = '' WHERE id = (SELECT max(id) FROM questions"
        " WHERE asker_id = ? AND id < ? AND text = ? AND outcome = 'picked' AND entry = ?) RETURNING id",
        (question.asker_id, question.id, question.text, entry),
    )
    return int(picked[0][0]) if picked else None


def get_question(tx: Transaction, question_id: int) -> Question | None:
    """By its id."""
    return tx.one(Question, f"SELECT {_COLUMNS} FROM questions WHERE id = ?", (question_id,))


def remove_draft(tx: Transaction, question_id: int, asker_id: int) -> bool:
    """Forget a draft; False if it is the team's by now, or somebody else's."""
    return (
        tx.execute(
            "DELETE FROM questions WHERE id = ? AND asker_id = ? AND state = 'draft'", (question_id, asker_id)
        )
        == 1
    )


def mark_open_if_draft(tx: Transaction, question_id: int, now: datetime) -> Question | None:
    """Give a draft to the team; None if that was done before."""
    return tx.one(
        Question,
        "UPDATE questions SET state = 'open', changed_at = ? WHERE id = ? AND state = 'draft'"
        f" RETURNING {_COLUMNS}",
        (now, question_id),
    )


def mark_taken_if_open(tx: Transaction, question_id: int, person_id: int, now: datetime) -> Question | None:
    """Take an open question; None if somebody was faster."""
    return _mark_decided_if_open(tx, question_id, "taken", person_id, now)


def mark_declined_if_open(tx: Transaction, question_id: int, person_id: int, now: datetime) -> Question | None:
    """Turn an open question down; None if somebody was faster."""
    return _mark_decided_if_open(tx, question_id, "declined", person_id, now)


def _mark_decided_if_open(
    tx: Transaction, question_id: int, state: State, person_id: int, now: datetime
) -> Question | None:
    return tx.one(
        Question,
        "UPDATE questions SET state = ?, decided_by = ?, changed_at = ? WHERE id = ? AND state = 'open'"
        f" RETURNING {_COLUMNS}",
        (state, person_id, now, question_id),
    )


def mark_returned_if_taken(tx: Transaction, question_id: int, now: datetime) -> Question | None:
    """Give a taken question back to all; None if it is not taken."""
    return tx.one(
        Question,
        "UPDATE questions SET state = 'open', decided_by = NULL, changed_at = ? WHERE id = ? AND state = 'taken'"
        f" RETURNING {_COLUMNS}",
        (now, question_id),
    )


def mark_answered_if_taken_by(
    tx: Transaction, question_id: int, person_id: int, text: str, now: datetime
) -> Question | None:
    """Answer a question, or say more about it; None if it is not this person's, or has ended."""
    question = tx.one(
        Question,
        "UPDATE questions SET state = 'answered', changed_at = ?"
        f" WHERE id = ? AND state IN ('taken', 'answered') AND decided_by = ? RETURNING {_COLUMNS}",
        (now, question_id, person_id),
    )
    if question:
        _add_turn(tx, question_id, True, person_id, text, now)
    return question


def mark_asked_again_if_answered(
    tx: Transaction, question_id: int, asker_id: int, text: str, taken_by: int | None, now: datetime
) -> Question | None:
    """Ask further, of whoever answered or, without ``taken_by``, of all; None if no answer was given yet."""
    question = tx.one(
        Question,
        "UPDATE questions SET state = ?, decided_by = ?, changed_at = ?"
        f" WHERE id = ? AND asker_id = ? AND state IN ('answered', 'done') RETURNING {_COLUMNS}",
        ("taken" if taken_by else "open", taken_by, now, question_id, asker_id),
    )
    if question:
        _add_turn(tx, question_id, False, asker_id, text, now)
    return question


def add_further_if_waiting(
    tx: Transaction, question_id: int, asker_id: int, text: str, now: datetime
) -> Question | None:
    """Add to a question that still waits for its answer; None if it does not."""
    question = tx.one(
        Question,
        f"SELECT {_COLUMNS} FROM questions WHERE id = ? AND asker_id = ? AND {_WAITING}",
        (question_id, asker_id),
    )
    if question:
        _add_turn(tx, question_id, False, asker_id, text, now)
    return question


def mark_done_if_answered(
    tx: Transaction, question_id: int, ended_by: Literal["asker", "team"], now: datetime
) -> Question | None:
    """It is answered well enough; None if that was said before, or no answer was given."""
    return tx.one(
        Question,
        "UPDATE questions SET state = 'done', ended_by = ?, changed_at = ? WHERE id = ? AND (state = 'answered'"
        " OR state IN ('open', 'taken') AND EXISTS (SELECT 1 FROM question_turns t"
        f" WHERE t.question_id = questions.id AND t.from_team = 1)) RETURNING {_COLUMNS}",
        (ended_by, now, question_id),
    )


def _add_turn(
    tx: Transaction, question_id: int, from_team: bool, person_id: int, text: str, now: datetime
) -> None:
    tx.execute(
        "INSERT INTO question_turns (question_id, from_team, person_id, text, said_at) VALUES (?, ?, ?, ?, ?)",
        (question_id, from_team, person_id, text, now),
    )


def list_turns(tx: Transaction, question_id: int) -> list[Turn]:
    """What was said after a question, in order."""
    return tx.all(
        Turn,
        f"SELECT {columns(Turn)} FROM question_turns WHERE question_id = ? ORDER BY id",
        (question_id,),
    )


def list_waiting(tx: Transaction) -> list[Question]:
    """What the team has not ended yet, the oldest first."""
    return tx.all(Question, f"SELECT {_COLUMNS} FROM questions WHERE {_WAITING} ORDER BY id")


def list_waiting_of(tx: Transaction, asker_id: int) -> list[Question]:
    """A person's own questions that the team has not ended yet."""
    return tx.all(
        Question,
        f"SELECT {_COLUMNS} FROM questions WHERE asker_id = ? AND {_WAITING} ORDER BY id",
        (asker_id,),
    )


def list_taken_by(tx: Transaction, person_id: int) -> list[Question]:
    """What somebody has taken and not answered yet."""
    return tx.all(
        Question,
        f"SELECT {_COLUMNS} FROM questions WHERE {_WAITING} AND state = 'taken' AND decided_by = ? ORDER BY id",
        (person_id,),
    )


def list_open(tx: Transaction, limit: int = 5) -> list[Question]:
    """What nobody has taken yet, the oldest first."""
    return tx.all(
        Question,
        f"SELECT {_COLUMNS} FROM questions WHERE {_WAITING} AND state = 'open' ORDER BY id LIMIT ?",
        (limit,),
    )


def get_open_count(tx: Transaction) -> int:
    """How many questions nobody has taken yet."""
    return int(tx.value(f"SELECT count(*) FROM questions WHERE {_WAITING} AND state = 'open'"))


def merge_questions(tx: Transaction, kept: int, gone: int) -> None:
    """Give a person's questions, decisions and answers to another one."""
    for table, column in (("questions", "asker_id"), ("questions", "decided_by"), ("question_turns", "person_id")):
        hand_over(tx, table, column, kept, gone)
