"""Who is there and where, in one statement: every message asks it."""

from __future__ import annotations

from typing import NamedTuple

from storage.chats import Chat, Kind, State
from storage.people import Account, Person
from storage.rows import Row, Transaction


class Arrival(NamedTuple):
    """An account, the person behind it with their roles, and the chat, None if it is new."""

    account: Account
    person: Person
    roles: frozenset[str]
    chat: Chat | None


class _Joined(Row, frozen=True):
    """One row a role, or one without."""

    person_id: int
    account_name: str
    handle: str
    trusted: bool
    name: str
    language: str
    language_chosen: bool
    greeted: bool
    role: str | None
    chat_id: int | None
    kind: Kind | None
    title: str | None
    state: State | None


def get_arrival(tx: Transaction, platform: str, account: str, chat: str) -> Arrival | None:
    """By the platform's ids of account and chat; None if the account is new."""
    rows = tx.all(
        _Joined,
        "SELECT a.person_id, a.name, a.handle, a.trusted, p.name, p.language, p.language_chosen, p.greeted,"
        " r.role, c.id, c.kind, c.title, c.state FROM accounts a JOIN persons p ON p.id = a.person_id"
        " LEFT JOIN roles r ON r.person_id = p.id"
        " LEFT JOIN chats c ON c.platform = a.platform AND c.external_id = ?"
        " WHERE a.platform = ? AND a.external_id = ?",
        (chat, platform, account),
    )
    if not rows:
        return None
    row = rows[0]
    known = None
    if row.chat_id is not None and row.kind and row.state:
        known = Chat(row.chat_id, platform, chat, row.kind, row.title or "", row.state)
    return Arrival(
        Account(platform, account, row.person_id, row.account_name, row.handle, row.trusted),
        Person(row.person_id, row.name, row.language, row.language_chosen, row.greeted),
        frozenset(each.role for each in rows if each.role),
        known,
    )
