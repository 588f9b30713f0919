"""Whom a lead has blocked, why, and what they said against it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from storage import audit
from storage.account_hash import account_hash
from storage.personal import N_, Clear, Holding, Subject
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


class Kept(Row, frozen=True):
    """What is kept of a block whose person was deleted."""

    block_id: int
    blocked_at: datetime


_COLUMNS = columns(Block)

RETENTION = (
    Rule(
        "posts of lifted blocks",
        timedelta(days=90),
        "DELETE FROM posts WHERE subject IN (SELECT 'block:' || id FROM blocks WHERE lifted_at < ?)",
    ),
    Rule("lifted blocks", timedelta(days=90), "DELETE FROM blocks WHERE lifted_at < ?"),
    Rule("blocks of deleted people", timedelta(days=2 * 365), "DELETE FROM kept_blocks WHERE kept_since < ?"),
)


def _delete(tx: Transaction, subject: Subject) -> int:
    """Delete them; one that holds is kept for the accounts: nobody gets in by having themselves deleted."""
    if held := get_block_of(tx, subject.person):
        salt = tx.value("SELECT salt FROM kept_blocks LIMIT 1") or secrets.token_hex(16)
        for platform, account in subject.accounts:
            tx.execute(
                "INSERT INTO kept_blocks (account_hash, salt, block_id, blocked_at, appealed, kept_since)"
                " VALUES (:hash, :salt, :block, :blocked_at, :appealed, :now) ON CONFLICT (account_hash) DO UPDATE"
                " SET block_id = excluded.block_id, blocked_at = excluded.blocked_at,"
                " appealed = excluded.appealed, kept_since = excluded.kept_since",
                {
                    "hash": account_hash(platform, account, salt),
                    "salt": salt,
                    "block": held.id,
                    "blocked_at": held.blocked_at,
                    "appealed": held.appealed_at is not None,
                    "now": subject.now,
                },
            )
        audit.add_entry(tx, None, "block-kept", subject.now)
    return tx.execute("DELETE FROM blocks WHERE person_id = ?", (subject.person,))


PERSONAL = (
    Holding(
        "blocks",
        N_("That a lead has blocked you"),
        purpose=N_("so that the house rules hold"),
        kept=N_("while it holds, and 90 days after"),
        rows="person_id = :person",
        shown={"blocked_at": N_("When"), "appeal": N_("What you said"), "lifted_at": N_("Until")},
        erasure=_delete,
        posts="'block:' || id",
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
    Holding(
        "kept_blocks",
        N_("That an account whose person was deleted is blocked, as a hash without a name"),
        purpose=N_("so that nobody lifts their own block by deleting their data"),
        kept=N_("2 years, or until a lead lifts it"),
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
    """Lift it, for accounts too that were deleted; None if somebody was faster."""
    lifted = tx.one(
        Block,
        "UPDATE blocks SET decided_by = ?, decided_at = ?, lifted_at = ? WHERE id = ? AND lifted_at IS NULL"
        f" RETURNING {_COLUMNS}",
        (lifted_by, now, now, block_id),
    )
    if lifted:
        remove_kept(tx, block_id)
    return lifted


def mark_upheld_if_appealed(tx: Transaction, block_id: int, upheld_by: int, now: datetime) -> Block | None:
    """Let it stand after what they said; None if somebody decided before."""
    return tx.one(
        Block,
        "UPDATE blocks SET decided_by = ?, decided_at = ? WHERE id = ? AND appealed_at IS NOT NULL"
        f" AND decided_at IS NULL RETURNING {_COLUMNS}",
        (upheld_by, now, block_id),
    )


def put_back_if_kept(tx: Transaction, platform: str, account: str, person_id: int, now: datetime) -> bool:
    """Block a new person whose account was blocked when it was deleted; False if it was not.

    The reason went with their data. What they had to say against it they have said, if they had.
    """
    for (salt,) in tx.values("SELECT DISTINCT salt FROM kept_blocks"):
        kept = tx.values(
            "DELETE FROM kept_blocks WHERE account_hash = ? RETURNING block_id, blocked_at, appealed",
            (account_hash(platform, account, salt),),
        )
        for block_id, blocked_at, appealed in kept:
            answered_at = now if appealed else None
            back = tx.insert(
                "INSERT INTO blocks (person_id, reason, blocked_at, appealed_at, decided_at)"
                " VALUES (?, '', ?, ?, ?)",
                (person_id, blocked_at, answered_at, answered_at),
            )
            # who lifts this one lifts it for the person's other account too
            tx.execute("UPDATE kept_blocks SET block_id = ? WHERE block_id = ?", (back, block_id))
            audit.add_entry(tx, None, "block-back", now, person_id=person_id)
            return True
    return False


def list_kept(tx: Transaction) -> list[Kept]:
    """Blocks whose person was deleted and is not back, the oldest first."""
    query = (
        "SELECT block_id, min(blocked_at) FROM kept_blocks WHERE block_id NOT IN"
        " (SELECT id FROM blocks WHERE lifted_at IS NULL) GROUP BY block_id ORDER BY block_id"
    )
    return tx.all(Kept, query)


def remove_kept(tx: Transaction, block_id: int) -> bool:
    """Forget which deleted accounts were blocked by it; False if there are none."""
    return tx.execute("DELETE FROM kept_blocks WHERE block_id = ?", (block_id,)) > 0
