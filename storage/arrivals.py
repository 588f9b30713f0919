"""Who is there and where, in one statement: every message asks it."""

from __future__ import annotations

from typing import NamedTuple

from storage.chats import Chat
from storage.people import Account, Person
from storage.rows import Transaction


class Arrival(NamedTuple):
    """An account, the person behind it with their roles, and the chat, None if it is new.

    Attributes:
        asked: The person is being asked a form's question in the chat.
    """

    account: Account
    person: Person
    roles: frozenset[str]
    chat: Chat | None
    asked: bool


def get_arrival(tx: Transaction, platform: str, account: str, chat: str) -> Arrival | None:
    """By the platform's ids of account and chat; None if the account is new."""
    rows = tx.values(
        "SELECT a.person_id, a.name, a.handle, a.trusted, p.name, p.language, p.language_chosen, p.greeted,"
        " c.id, c.kind, c.title, c.state, EXISTS (SELECT 1 FROM forms f WHERE f.chat_id = c.id"
        " AND f.person_id = a.person_id AND f.state = 'asking'), r.role"
        " FROM accounts a JOIN persons p ON p.id = a.person_id"
        " LEFT JOIN roles r ON r.person_id = p.id"
        " LEFT JOIN chats c ON c.platform = a.platform AND c.external_id = ?"
        " WHERE a.platform = ? AND a.external_id = ?",
        (chat, platform, account),
    )
    if not rows:
        return None
    person_id, account_name, handle, trusted, name, language, chosen, greeted, *at, _ = rows[0]
    chat_id, kind, title, state, asked = at
    return Arrival(
        Account(platform, account, person_id, account_name, handle, bool(trusted)),
        Person(person_id, name, language, bool(chosen), bool(greeted)),
        frozenset(row[-1] for row in rows if row[-1]),  # a row a role, or one without
        Chat(chat_id, platform, chat, kind, title, state) if chat_id else None,
        bool(asked),
    )
