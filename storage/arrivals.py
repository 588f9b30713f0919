"""Who is there and where, in one statement: every message asks it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage.chats import Chat
from storage.people import Account, Person
from storage.rows import Transaction


class Arrival(NamedTuple):
    """An account, the person behind it with their roles, and the chat, None if it is new.

    Attributes:
        roles: As far as they count; the acting account must be trusted besides.
        blocked: A lead has blocked the person.
        seen_on: The day on which the person was last here, as it is stored.
        asked: The person is being asked a form's question in the chat.
    """

    account: Account
    person: Person
    roles: frozenset[str]
    chat: Chat | None
    asked: bool
    blocked: bool = False
    seen_on: str = ""


def get_arrival(tx: Transaction, platform: str, account: str, chat: str) -> Arrival | None:
    """By the platform's ids of account and chat; None if the account is new."""
    rows = tx.values(
        "SELECT a.person_id, a.name, a.handle, a.trusted, a.guest, a.left_at,"
        " p.name, p.language, p.language_chosen, p.greeted,"
        " c.id, c.kind, c.title, c.state, EXISTS (SELECT 1 FROM forms f WHERE f.chat_id = c.id"
        " AND f.person_id = a.person_id AND f.state = 'asking'), b.id, p.seen_on,"
        " CASE WHEN b.id IS NULL AND NOT EXISTS (SELECT 1 FROM accounts g WHERE r.role <> ''"
        " AND g.person_id = p.id AND g.guest = 1 AND g.left_at IS NULL) THEN r.role END"
        " FROM accounts a JOIN persons p ON p.id = a.person_id"
        " LEFT JOIN roles r ON r.person_id = p.id"
        " LEFT JOIN blocks b ON b.person_id = p.id AND b.lifted_at IS NULL"
        " LEFT JOIN chats c ON c.platform = a.platform AND c.external_id = ?"
        " WHERE a.platform = ? AND a.external_id = ?",
        (chat, platform, account),
    )
    if not rows:
        return None
    person_id, account_name, handle, trusted, guest, left_at, name, language, chosen, greeted, *at, _ = rows[0]
    chat_id, kind, title, state, asked, blocked, seen_on = at
    return Arrival(
        Account(
            platform,
            account,
            person_id,
            account_name,
            handle,
            bool(trusted),
            bool(guest),
            datetime.fromisoformat(left_at) if left_at else None,
        ),
        Person(person_id, name, language, bool(chosen), bool(greeted)),
        frozenset(row[-1] for row in rows if row[-1]),  # a row a role, or one without
        Chat(chat_id, platform, chat, kind, title, state) if chat_id else None,
        bool(asked),
        bool(blocked),
        seen_on,
    )
