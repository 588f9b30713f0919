"""Whom a lead has blocked, why, and what they said against it."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.personal import N_, Clear, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns


class Block(Row, frozen=True):
    """Somebody whom the bot turns away.

    Attributes:
        told: They were given the reason.
        appeal: What they said against it; empty while they have not.
        decided_by: Who lifted it, or let it stand after the appeal; None if nobody did, or is no longer known.
        lifted_at: None while it holds.
    """

    id: int
    person_id: int
    reason: str
    blocked_by: int | None
    blocked_at: datetime
    told: bool
    appeal: str
    appealed_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    lifted_at: datetime | None


_COLUMNS = columns(Block)

RETENTION = (
    Rule(
        "posts of lifted blocks",
        timedelta(days=90),
        "DELETE FROM posts WHERE subject IN (SELECT 'block:' || id FROM blocks WHERE lifted_at < ?)",
    ),
    Rule("lifted blocks", timedelta(days=90), "DELETE FROM blocks WHERE lifted_at < ?"),
)

PERSONAL = (
    Holding(
        "blocks",
        N_("That a lead has blocked you"),
        purpose=N_("so that the house rules hold"),
        kept=N_("while it holds, and 90 days after"),
        rows="person_id = :person",
        shown={"blocked_at": N_("When"), "appeal": N_("What you said"), "lifted_at": N_("Until")},
    ),
    Holding(
        "blocks",
        N_("Whom you blocked as a lead"),
        purpose=N_("so that it can be checked who did what in the team's name"),
        kept=N_("while it holds, and 90 days after"),
        rows="blocked_by = :person",
        shown={"blocked_at": N_("When")},
        erasure=Clear({"blocked_by": None}),
    ),
    Holding(
        "blocks",
        N_("Blocks you decided on"),
        purpose=N_("so that it can be checked who did what in the team's name"),
        kept=N_("while it holds, and 90 days after"),
        rows="decided_by = :person",
        shown={"decided_at": N_("When")},
        erasure=Clear({"decided_by": None}),
    ),
)


def add_block(tx: Transaction, person_id: int, reason: str, blocked_by: int, now: datetime) -> int:
    """Block somebody; returns the block's id, 0 if they are blocked already."""
    return tx.insert(
        "INSERT INTO blocks (person_id, reason, blocked_by, blocked_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (person_id, reason, blocked_by, now),
    )


def get_block(tx: Transaction, block_id: int) -> Block | None:
    """By its id."""
    return tx.one(Block, f"SELECT {_COLUMNS} FROM blocks WHERE id = ?", (block_id,))


def get_block_of(tx: Transaction, person_id: int) -> Block | None:
    """What holds for a person now."""
    query = f"SELECT {_COLUMNS} FROM blocks WHERE person_id = ? AND lifted_at IS NULL"
    return tx.one(Block, query, (person_id,))


def list_blocks(tx: Transaction) -> list[Block]:
    """All that hold, the oldest first."""
    return tx.all(Block, f"SELECT {_COLUMNS} FROM blocks WHERE lifted_at IS NULL ORDER BY id")


def mark_told(tx: Transaction, block_id: int) -> bool:
    """They are given the reason; False if they were before."""
    return tx.execute("UPDATE blocks SET told = 1 WHERE id = ? AND told = 0", (block_id,)) == 1


def mark_appealed_if_first(tx: Transaction, block_id: int, person_id: int, appeal: str, now: datetime) -> bool:
    """Keep what they say against it; False if they said something before, or it is lifted."""
    return (
        tx.execute(
            "UPDATE blocks SET appeal = ?, appealed_at = ?"
            " WHERE id = ? AND person_id = ? AND appealed_at IS NULL AND lifted_at IS NULL",
            (appeal, now, block_id, person_id),
        )
        == 1
    )


def mark_lifted_if_held(tx: Transaction, block_id: int, lifted_by: int, now: datetime) -> Block | None:
    """Lift it; None if somebody was faster."""
    return tx.one(
        Block,
        "UPDATE blocks SET decided_by = ?, decided_at = ?, lifted_at = ? WHERE id = ? AND lifted_at IS NULL"
        f" RETURNING {_COLUMNS}",
        (lifted_by, now, now, block_id),
    )


def mark_upheld_if_appealed(tx: Transaction, block_id: int, upheld_by: int, now: datetime) -> Block | None:
    """Let it stand after what they said; None if somebody decided before."""
    return tx.one(
        Block,
        "UPDATE blocks SET decided_by = ?, decided_at = ? WHERE id = ? AND appealed_at IS NOT NULL"
        f" AND decided_at IS NULL RETURNING {_COLUMNS}",
        (upheld_by, now, block_id),
    )
