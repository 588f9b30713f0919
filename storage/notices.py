"""Notices: what the team tells its chats, from a draft until it is withdrawn. Where each stands say its posts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.merging import hand_over
from storage.personal import N_, Clear, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["draft", "discarded", "out", "stopped", "withdrawn"]


class Notice(Row, frozen=True):
    """Something the team wants everybody to know.

    Attributes:
        author_id: Who wrote it; None once that person is forgotten.
        audience: ``all`` chats for events, those of a platform by its name, or one as ``chat:12``.
        state: ``draft``, ``discarded`` (its text is gone), ``out`` (sent, or on its way), ``stopped`` midway,
            ``withdrawn``.
        revision: Goes up with each change of the text or the audience.
        decided_by: Who brought it into its state.
        changed_at: Since when it is in this state.
    """

    id: int
    author_id: int | None
    text: str
    audience: str
    state: State
    revision: int
    decided_by: int | None
    created_at: datetime
    changed_at: datetime
    sent_at: datetime | None
    corrected_at: datetime | None


_COLUMNS = columns(Notice)

RETENTION = (
    Rule(
        "drafts of notices",
        timedelta(days=14),
        "DELETE FROM notices WHERE state IN ('draft', 'discarded') AND changed_at < ?",
    ),
    Rule("notices", timedelta(days=365), "DELETE FROM notices WHERE sent_at < ?"),
    Rule(
        "where notices stand",
        timedelta(days=365),
        "DELETE FROM posts WHERE subject LIKE 'notice%' AND created_at < ?",
    ),
)


PERSONAL = tuple(
    Holding(
        "notices",
        title,
        purpose=N_("so that the team knows who does what"),
        kept=N_("a year after they were sent; drafts 14 days"),
        rows=f"{column} = :person",
        shown={"text": N_("Text"), "state": N_("State"), "changed_at": N_("When")},
        erasure=Clear({column: None}),
        posts="'notice:' || id",
        stays=("text",),
    )
    for title, column in (
        (N_("Notices you wrote for the team"), "author_id"),
        (N_("Notices you sent, stopped or took back for the team"), "decided_by"),
    )
)


def add_draft(tx: Transaction, author_id: int, text: str, audience: str, now: datetime) -> int:
    """Keep a new draft; returns its id."""
    return tx.insert(
        "INSERT INTO notices (author_id, text, audience, created_at, changed_at) VALUES (?, ?, ?, ?, ?)",
        (author_id, text, audience, now, now),
    )


def get_notice(tx: Transaction, notice_id: int) -> Notice | None:
    """By its id."""
    return tx.one(Notice, f"SELECT {_COLUMNS} FROM notices WHERE id = ?", (notice_id,))


def get_latest_sent(tx: Transaction, since: datetime) -> Notice | None:
    """The notice that was sent last, if it was since a time."""
    return tx.one(
        Notice,
        f"SELECT {_COLUMNS} FROM notices WHERE sent_at >= ? ORDER BY sent_at DESC, id DESC LIMIT 1",
        (since,),
    )


def list_latest(tx: Transaction, limit: int = 5) -> list[Notice]:
    """The latest notices and drafts, the newest first."""
    return tx.all(
        Notice, f"SELECT {_COLUMNS} FROM notices WHERE state <> 'discarded' ORDER BY id DESC LIMIT ?", (limit,)
    )


def mark_changed_if_draft(
    tx: Transaction, notice_id: int, revision: int, text: str, audience: str, now: datetime
) -> Notice | None:
    """Change a draft; None if it is none any more, or was changed since this revision."""
    return tx.one(
        Notice,
        "UPDATE notices SET text = ?, audience = ?, revision = revision + 1, changed_at = ?"
        f" WHERE id = ? AND state = 'draft' AND revision = ? RETURNING {_COLUMNS}",
        (text, audience, now, notice_id, revision),
    )


def mark_discarded_if_draft(tx: Transaction, notice_id: int, person_id: int, now: datetime) -> Notice | None:
    """Drop a draft and its text; None if it is none any more."""
    return tx.one(
        Notice,
        "UPDATE notices SET state = 'discarded', text = '', decided_by = ?, changed_at = ?"
        f" WHERE id = ? AND state = 'draft' RETURNING {_COLUMNS}",
        (person_id, now, notice_id),
    )


def mark_out_if_draft(
    tx: Transaction, notice_id: int, revision: int, person_id: int, now: datetime
) -> Notice | None:
    """Let a draft go out; None if it is none any more, or was changed since this revision."""
    return tx.one(
        Notice,
        "UPDATE notices SET state = 'out', decided_by = ?, changed_at = ?, sent_at = ?"
        f" WHERE id = ? AND state = 'draft' AND revision = ? RETURNING {_COLUMNS}",
        (person_id, now, now, notice_id, revision),
    )


def mark_stopped_if_out(tx: Transaction, notice_id: int, person_id: int, now: datetime) -> Notice | None:
    """Stop a notice midway; None if it is not going out."""
    return _mark_decided(tx, notice_id, "stopped", ("out",), person_id, now)


def mark_out_if_stopped(tx: Transaction, notice_id: int, person_id: int, now: datetime) -> Notice | None:
    """Let a notice that was stopped go on; None if it was not."""
    return _mark_decided(tx, notice_id, "out", ("stopped",), person_id, now)


def mark_withdrawn_if_sent(tx: Transaction, notice_id: int, person_id: int, now: datetime) -> Notice | None:
    """Take a notice back; None if it was never sent, or taken back before."""
    return _mark_decided(tx, notice_id, "withdrawn", ("out", "stopped"), person_id, now)


def _mark_decided(
    tx: Transaction, notice_id: int, state: State, before: tuple[State, ...], person_id: int, now: datetime
) -> Notice | None:
    places = ", ".join("?" * len(before))
    return tx.one(
        Notice,
        "UPDATE notices SET state = ?, decided_by = ?, changed_at = ?"
        f" WHERE id = ? AND state IN ({places}) RETURNING {_COLUMNS}",
        (state, person_id, now, notice_id, *before),
    )


def mark_corrected_if_sent(
    tx: Transaction, notice_id: int, revision: int, text: str, now: datetime
) -> Notice | None:
    """Correct what was sent; None if it was withdrawn, or changed since this revision."""
    return tx.one(
        Notice,
        "UPDATE notices SET text = ?, revision = revision + 1, corrected_at = ?"
        f" WHERE id = ? AND state IN ('out', 'stopped') AND revision = ? RETURNING {_COLUMNS}",
        (text, now, notice_id, revision),
    )


def mark_told_if_news(tx: Transaction, notice_id: int, told: str) -> bool:
    """Remember what the team was last told of a notice's progress; False if that is no news."""
    return tx.execute("UPDATE notices SET told = ? WHERE id = ? AND told <> ?", (told, notice_id, told)) == 1


def merge_notices(tx: Transaction, kept: int, gone: int) -> None:
    """Give a person's notices and decisions to another one."""
    for column in ("author_id", "decided_by"):
        hand_over(tx, "notices", column, kept, gone)
