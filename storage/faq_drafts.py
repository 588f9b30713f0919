"""Entries that managers are writing, and questions that may be one more way to ask for one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.merging import hand_over
from storage.personal import N_, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

Why = Literal["picked", "not_helped"]


class Draft(Row, frozen=True):
    """An entry as its author has written it so far.

    Attributes:
        entry_id: What it is to replace; empty for a new entry, which is named when it is published.
        based_on: The version that it is to replace; 0 for a new entry.
        question_id: The question that it answers, if it came from one.
        content: The entry, as JSON.
    """

    id: int
    author_id: int
    entry_id: str
    based_on: int
    question_id: int | None
    content: str
    changed_at: datetime


class Proposal(Row, frozen=True):
    """A question that may be one more way to ask for an entry."""

    id: int
    entry_id: str
    question_id: int
    why: Why
    text: str
    language: str


RETENTION = (
    Rule("drafts of answers", timedelta(days=30), "DELETE FROM faq_drafts WHERE changed_at < ?"),
    Rule(
        "settled proposals for answers",
        timedelta(days=30),
        "DELETE FROM faq_proposals WHERE state <> 'open' AND made_at < ?",
    ),
)

PERSONAL = (
    Holding(
        "faq_drafts",
        N_("Answers you are writing for the team"),
        purpose=N_("so that you can try them before others see them"),
        kept=N_("30 days after the last change"),
        rows="author_id = :person",
        shown={"changed_at": N_("When"), "content": N_("Text")},
    ),
    Holding(
        "faq_proposals",
        N_("Your questions that may be one more way to ask for an answer"),
        purpose=N_("to make the answers better"),
        kept=N_("as long as the question"),
        rows="asker_id = :person",
        shown={"made_at": N_("When"), "entry_id": N_("Which answer")},
    ),
)


def add_draft(
    tx: Transaction,
    author_id: int,
    entry_id: str,
    content: str,
    now: datetime,
    *,
    based_on: int = 0,
    question_id: int | None = None,
) -> int:
    """Begin a draft; returns its id."""
    return tx.insert(
        "INSERT INTO faq_drafts (author_id, entry_id, based_on, question_id, content, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (author_id, entry_id, based_on, question_id, content, now),
    )


def get_draft(tx: Transaction, draft_id: int, author_id: int) -> Draft | None:
    """By its id, if it is this author's."""
    return tx.one(
        Draft,
        f"SELECT {columns(Draft)} FROM faq_drafts WHERE id = ? AND author_id = ?",
        (draft_id, author_id),
    )


def list_drafts_of(tx: Transaction, author_id: int) -> list[Draft]:
    """What somebody is writing, the latest first."""
    return tx.all(
        Draft,
        f"SELECT {columns(Draft)} FROM faq_drafts WHERE author_id = ? ORDER BY changed_at DESC, id DESC",
        (author_id,),
    )


def mark_draft(
    tx: Transaction, draft_id: int, content: str, now: datetime, *, based_on: int | None = None
) -> Draft | None:
    """Keep a draft as it is now, and the version that it is to replace, if that is another one."""
    return tx.one(
        Draft,
        "UPDATE faq_drafts SET content = ?, changed_at = ?, based_on = coalesce(?, based_on) WHERE id = ?"
        f" RETURNING {columns(Draft)}",
        (content, now, based_on, draft_id),
    )


def remove_draft(tx: Transaction, draft_id: int, author_id: int) -> bool:
    """Forget a draft; False if it is gone, or somebody else's."""
    return tx.execute("DELETE FROM faq_drafts WHERE id = ? AND author_id = ?", (draft_id, author_id)) == 1


def add_proposal(tx: Transaction, entry_id: str, question_id: int, why: Why, now: datetime) -> bool:
    """Propose a question as a way to ask for an entry; False if it is proposed already."""
    return (
        tx.execute(
            "INSERT INTO faq_proposals (entry_id, question_id, asker_id, why, made_at)"
            " SELECT ?, id, asker_id, ?, ? FROM questions WHERE id = ? ON CONFLICT DO NOTHING",
            (entry_id, why, now, question_id),
        )
        == 1
    )


_PROPOSALS = (
    "SELECT p.id, p.entry_id, p.question_id, p.why, q.text, q.language"
    " FROM faq_proposals p JOIN questions q ON q.id = p.question_id"
)


def get_proposal_if_open(tx: Transaction, proposal_id: int) -> Proposal | None:
    """By its id, while nobody has settled it."""
    return tx.one(Proposal, f"{_PROPOSALS} WHERE p.id = ? AND p.state = 'open'", (proposal_id,))


def list_proposals(tx: Transaction, limit: int = 50) -> list[Proposal]:
    """Those for answers that are given that nobody has settled, the oldest first."""
    live = "JOIN faq_entries e ON e.id = p.entry_id AND e.state = 'live'"
    return tx.all(Proposal, f"{_PROPOSALS} {live} WHERE p.state = 'open' ORDER BY p.id LIMIT ?", (limit,))


def mark_proposal_if_open(tx: Transaction, proposal_id: int, state: Literal["accepted", "refused"]) -> bool:
    """Settle a proposal; False if that was done before."""
    return (
        tx.execute("UPDATE faq_proposals SET state = ? WHERE id = ? AND state = 'open'", (state, proposal_id)) == 1
    )


def remove_proposal_if_open(tx: Transaction, question_id: int) -> None:
    """Propose a question no more, unless somebody has settled it."""
    tx.execute("DELETE FROM faq_proposals WHERE question_id = ? AND state = 'open'", (question_id,))


def merge_drafts(tx: Transaction, kept: int, gone: int) -> None:
    """Two persons are one: the second's drafts and questions are the first's."""
    hand_over(tx, "faq_drafts", "author_id", kept, gone)
    hand_over(tx, "faq_proposals", "asker_id", kept, gone)
