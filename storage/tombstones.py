"""Tombstones: who was deleted, so that a restored backup forgets them again. A slow hash, no name and no id.

A backup made before a deletion knows nothing of it. So tombstones are read from the database that is there
(:func:`load`), are kept as text beside the backups (:func:`dump`, :func:`parse`), and are applied to what was
restored before a bot runs on it (:func:`apply`). Somebody who came back after their deletion is a new person and
stays.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from storage import erasure
from storage.account_hash import account_hash
from storage.database import open_read_only
from storage.errors import StoreUnavailableError
from storage.register import HOLDINGS
from storage.retention import Rule
from storage.rows import Row, Transaction, columns


class Tombstone(Row, frozen=True):
    """One account of somebody who was deleted.

    Attributes:
        account_hash: Of platform and id, in hex.
        evidence: What the hub then kept for auditors, and for how many years.
    """

    account_hash: str
    salt: str
    erased_at: datetime
    evidence: str = "{}"


Known = frozenset[Tombstone]

_COLUMNS = columns(Tombstone)

RETENTION = (Rule("tombstones", timedelta(days=2 * 365), "DELETE FROM tombstones WHERE erased_at < ?"),)


def erase_for_good(
    tx: Transaction, person_id: int, evidence: Mapping[str, float], now: datetime
) -> erasure.Erased:
    """Delete a person so that it holds after a restore, too.

    Args:
        tx: The transaction.
        person_id: Who.
        evidence: By its name, how many years the hub keeps it for a grant's auditors.
        now: When.
    """
    salt = tx.value("SELECT salt FROM tombstones ORDER BY erased_at DESC LIMIT 1") or secrets.token_hex(16)
    for platform, account in erasure.describe(tx, person_id, now).accounts:
        tx.execute(
            f"INSERT INTO tombstones ({_COLUMNS}) VALUES (?, ?, ?, ?) ON CONFLICT (account_hash)"
            " DO UPDATE SET erased_at = excluded.erased_at, evidence = excluded.evidence",
            (account_hash(platform, account, salt), salt, now, msgspec.json.encode(dict(evidence)).decode()),
        )
    return erasure.erase(tx, person_id, HOLDINGS, evidence, now)


def apply(tx: Transaction, known: Known, now: datetime) -> int:
    """Delete again whoever was deleted after this state of the store; returns how many people.

    Their direct chats are closed at once: whatever was to be said there has been said.
    """
    forgotten: dict[int, Tombstone] = {}
    by_salt: dict[str, dict[str, Tombstone]] = {}
    for stone in known:
        by_salt.setdefault(stone.salt, {})[stone.account_hash] = stone
        tx.execute(
            f"INSERT INTO tombstones ({_COLUMNS}) VALUES (?, ?, ?, ?) ON CONFLICT (account_hash)"
            " DO UPDATE SET erased_at = max(erased_at, excluded.erased_at)",
            (stone.account_hash, stone.salt, stone.erased_at, stone.evidence),
        )
    accounts = tx.values(
        "SELECT a.platform, a.external_id, a.person_id, p.first_seen"
        " FROM accounts a JOIN persons p ON p.id = a.person_id"
    )
    for platform, account, person, first_seen in accounts:
        for salt, stones in by_salt.items():
            found = stones.get(account_hash(platform, account, salt))
            if found and datetime.fromisoformat(first_seen) <= found.erased_at:
                forgotten[person] = found
    for person, stone in forgotten.items():
        evidence = msgspec.json.decode(stone.evidence, type=dict[str, float])
        erased = erasure.erase(tx, person, HOLDINGS, evidence, stone.erased_at)
        for chat in erased.chats:
            tx.execute("DELETE FROM chats WHERE id = ?", (chat,))
    return len(forgotten)


def load(database: Path) -> Known:
    """Read the tombstones of a database, which a bot may be running on; none from one that can't be read."""
    try:
        with closing(open_read_only(database)) as connection:
            return frozenset(Transaction(connection).all(Tombstone, f"SELECT {_COLUMNS} FROM tombstones"))
    except sqlite3.Error:
        return frozenset()


def dump(known: Known) -> str:
    """Return tombstones as text, a line each."""
    lines = sorted(msgspec.json.encode(stone).decode() for stone in known)
    return "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Known:
    """Return the tombstones of a text.

    Raises:
        StoreUnavailableError: It is damaged; who restored nevertheless would bring back who was deleted.
    """
    try:
        return frozenset(msgspec.json.decode(line, type=Tombstone) for line in text.splitlines() if line)
    except msgspec.MsgspecError as error:
        raise StoreUnavailableError(f"the list of tombstones is damaged: {error}") from error
