"""Two accounts, one person: requests to link them, and what it takes to make one person of two, or two of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.people import Account
from storage.personal import ACCOUNTS, N_, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["open", "opened", "done", "refused", "replaced"]


class LinkRequest(Row, frozen=True):
    """Somebody asked to have another account linked to theirs.

    Attributes:
        platform: Of the account that asked, ``account``.
        to_platform: Where the other account is to be.
        opened_by: The account there that opened the link, or typed the code, first; empty before.
        state: ``open``, ``opened``, ``done``, ``refused`` by the other account, ``replaced`` by a newer request.
    """

    id: int
    platform: str
    account: str
    to_platform: str
    opened_by: str
    state: State
    expires_at: datetime


_COLUMNS = columns(LinkRequest)

RETENTION = (
    Rule("requests to link accounts", timedelta(days=1), "DELETE FROM link_requests WHERE expires_at < ?"),
)


PERSONAL = (
    Holding(
        "link_requests",
        N_("Links and codes you asked for, to link your accounts"),
        purpose=N_("so that nobody but you can link them"),
        kept=N_("a day"),
        rows=f"(platform, account) IN ({ACCOUNTS}) OR (to_platform, opened_by) IN ({ACCOUNTS})",
        shown={
            "platform": N_("Asked in"),
            "to_platform": N_("To be linked with"),
            "state": N_("State"),
            "expires_at": N_("Good until"),
        },
    ),
)


def add_request(
    tx: Transaction, secret_hash: str, platform: str, account: str, to_platform: str, expires_at: datetime
) -> None:
    """Keep a request's hash; what the account asked for before does not count any more."""
    mark_replaced(tx, platform, account)
    tx.execute(
        "INSERT INTO link_requests (secret_hash, platform, account, to_platform, expires_at)"
        " VALUES (?, ?, ?, ?, ?)",
        (secret_hash, platform, account, to_platform, expires_at),
    )


def mark_replaced(tx: Transaction, platform: str, account: str) -> None:
    """End what an account asked for."""
    tx.execute(
        "UPDATE link_requests SET state = 'replaced'"
        " WHERE platform = ? AND account = ? AND state IN ('open', 'opened')",
        (platform, account),
    )


def mark_opened_if_open(
    tx: Transaction, secret_hash: str, platform: str, account: str, now: datetime
) -> LinkRequest | None:
    """The other account opens a request, and nobody else may then; None if it is none, or somebody else's."""
    return tx.one(
        LinkRequest,
        "UPDATE link_requests SET state = 'opened', opened_by = ?"
        " WHERE secret_hash = ? AND to_platform = ? AND expires_at > ?"
        f" AND (state = 'open' OR (state = 'opened' AND opened_by = ?)) RETURNING {_COLUMNS}",
        (account, secret_hash, platform, now, account),
    )


def is_asked_by(tx: Transaction, secret_hash: str, platform: str, account: str, now: datetime) -> bool:
    """Did this account itself ask for it, and is it still good?"""
    return bool(
        tx.value(
            "SELECT 1 FROM link_requests WHERE secret_hash = ? AND platform = ? AND account = ? AND expires_at > ?"
            " AND state IN ('open', 'opened')",
            (secret_hash, platform, account, now),
        )
    )


def mark_done_if_opened(
    tx: Transaction, request_id: int, platform: str, account: str, now: datetime
) -> LinkRequest | None:
    """The account that opened a request agrees; None if it is over, or somebody else's."""
    return _mark_decided(tx, "done", request_id, platform, account, now)


def mark_refused_if_opened(
    tx: Transaction, request_id: int, platform: str, account: str, now: datetime
) -> LinkRequest | None:
    """The account that opened a request does not agree; None if it is over, or somebody else's."""
    return _mark_decided(tx, "refused", request_id, platform, account, now)


def _mark_decided(
    tx: Transaction, state: State, request_id: int, platform: str, account: str, now: datetime
) -> LinkRequest | None:
    return tx.one(
        LinkRequest,
        "UPDATE link_requests SET state = ? WHERE id = ? AND to_platform = ? AND opened_by = ?"
        f" AND state = 'opened' AND expires_at > ? RETURNING {_COLUMNS}",
        (state, request_id, platform, account, now),
    )


def mark_account_linked(tx: Transaction, kept: int, gone: int, now: datetime) -> None:
    """All accounts of a person belong to another one from now on."""
    tx.execute("UPDATE accounts SET person_id = ?, linked_at = ? WHERE person_id = ?", (kept, now, gone))


def get_linked_account(tx: Transaction, person_id: int) -> Account | None:
    """The account that came to a person last; None if there is only the first one."""
    return tx.one(
        Account,
        f"SELECT {columns(Account)} FROM accounts WHERE person_id = ? AND linked_at IS NOT NULL"
        " ORDER BY linked_at DESC LIMIT 1",
        (person_id,),
    )


def mark_account_parted(tx: Transaction, account: Account, staying: Account, now: datetime) -> int:
    """Make an account a person of its own, who speaks the language of the former one; returns its id.

    The former one is called again as the account that stays is.
    """
    person = tx.insert(
        "INSERT INTO persons (name, language, language_chosen, greeted, first_seen, seen_on)"
        " SELECT ?, language, language_chosen, greeted, ?, seen_on FROM persons WHERE id = ?",
        (account.name, now, account.person_id),
    )
    tx.execute("UPDATE accounts SET linked_at = NULL WHERE person_id = ?", (account.person_id,))
    tx.execute(
        "UPDATE accounts SET person_id = ? WHERE platform = ? AND external_id = ?",
        (person, account.platform, account.external_id),
    )
    tx.execute("UPDATE persons SET name = ? WHERE id = ?", (staying.name, staying.person_id))
    return person


def has_role(tx: Transaction, person_id: int, role: str = "") -> bool:
    """Was a person given this role, or any, whether or not it counts right now?"""
    query = "SELECT 1 FROM roles WHERE person_id = ? AND role = CASE WHEN ? THEN role ELSE ? END LIMIT 1"
    return bool(tx.value(query, (person_id, not role, role)))


def mark_home_posts(tx: Transaction, account: Account, before: int, after: int) -> None:
    """The home page in an account's direct chat is another person's now."""
    tx.execute(
        "UPDATE posts SET subject = ?, wanted = wanted + 1 WHERE subject = ? AND chat_id IN"
        " (SELECT id FROM chats WHERE platform = ? AND external_id = ?)",
        (f"home:{after}", f"home:{before}", account.platform, account.external_id),
    )
