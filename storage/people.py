"""People, their accounts on the platforms, and their roles."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.rows import Row, Transaction, columns

Role = Literal["manager", "lead"]


class Person(Row, frozen=True):
    """Somebody, whichever chats they use. ``language`` is empty until known; ``greeted`` once introduced."""

    id: int
    name: str
    language: str
    language_chosen: bool
    greeted: bool


class Account(Row, frozen=True):
    """A person's account on a platform. A guest's account is not trusted with a role."""

    platform: str
    external_id: str
    person_id: int
    name: str
    handle: str
    trusted: bool


_PERSON = columns(Person)
_ACCOUNT = columns(Account)


def get_person(tx: Transaction, person_id: int) -> Person | None:
    """By our own id."""
    return tx.one(Person, f"SELECT {_PERSON} FROM persons WHERE id = ?", (person_id,))


def get_account(tx: Transaction, platform: str, external_id: str) -> Account | None:
    """By the platform's id."""
    return tx.one(
        Account, f"SELECT {_ACCOUNT} FROM accounts WHERE platform = ? AND external_id = ?", (platform, external_id)
    )


def get_account_by_handle(tx: Transaction, platform: str, handle: str) -> Account | None:
    """By the public @name, if exactly one account has it."""
    found = tx.all(
        Account,
        f"SELECT {_ACCOUNT} FROM accounts WHERE platform = ? AND handle = ? AND handle <> ''",
        (platform, handle.lower()),
    )
    return found[0] if len(found) == 1 else None


def add_account(
    tx: Transaction,
    platform: str,
    external_id: str,
    now: datetime,
    *,
    name: str = "",
    handle: str = "",
    trusted: bool = True,
) -> Account:
    """Add an account and the person behind it, as yet a person of their own."""
    person_id = tx.insert("INSERT INTO persons (name, first_seen) VALUES (?, ?)", (name, now))
    account = Account(platform, external_id, person_id, name, handle.lower(), trusted)
    tx.execute(
        f"INSERT INTO accounts ({_ACCOUNT}) VALUES (?, ?, ?, ?, ?, ?)",
        (platform, external_id, person_id, name, account.handle, trusted),
    )
    return account


def mark_account_seen(tx: Transaction, account: Account, name: str, handle: str, trusted: bool) -> None:
    """Keep what the platform now says of an account; the person takes its name."""
    tx.execute(
        "UPDATE accounts SET name = ?, handle = ?, trusted = ? WHERE platform = ? AND external_id = ?",
        (name, handle.lower(), trusted, account.platform, account.external_id),
    )
    tx.execute("UPDATE persons SET name = ? WHERE id = ?", (name, account.person_id))


def mark_language(tx: Transaction, person_id: int, language: str, *, chosen: bool = False) -> None:
    """Keep a person's language; one that was heard never replaces one that was chosen."""
    tx.execute(
        "UPDATE persons SET language = ?, language_chosen = ? WHERE id = ? AND (language_chosen = 0 OR ?)",
        (language, chosen, person_id, chosen),
    )


def mark_greeted(tx: Transaction, person_id: int) -> bool:
    """Remember that the bot introduced itself; True the first time."""
    return tx.execute("UPDATE persons SET greeted = 1 WHERE id = ? AND greeted = 0", (person_id,)) == 1


def list_accounts(tx: Transaction, person_id: int) -> list[Account]:
    """A person's accounts."""
    return tx.all(Account, f"SELECT {_ACCOUNT} FROM accounts WHERE person_id = ?", (person_id,))


def list_roles(tx: Transaction, person_id: int) -> frozenset[str]:
    """A person's roles."""
    return frozenset(role for (role,) in tx.values("SELECT role FROM roles WHERE person_id = ?", (person_id,)))


def list_people_with(tx: Transaction, role: Role) -> list[Person]:
    """Everybody who has a role."""
    return tx.all(
        Person,
        f"SELECT {columns(Person, 'p.')} FROM roles r JOIN persons p ON p.id = r.person_id WHERE r.role = ?"
        " ORDER BY p.id",
        (role,),
    )


def add_role(tx: Transaction, person_id: int, role: Role, granted_by: int | None, now: datetime) -> bool:
    """Give a role; False if the person has it."""
    return (
        tx.execute(
            "INSERT INTO roles (person_id, role, granted_by, granted_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (person_id, role, granted_by, now),
        )
        == 1
    )


def remove_role(tx: Transaction, person_id: int, role: Role) -> bool:
    """Take a role away; False if the person had it not."""
    return tx.execute("DELETE FROM roles WHERE person_id = ? AND role = ?", (person_id, role)) == 1


def add_code(tx: Transaction, code_hash: str, role: Role, created_by: int | None, expires_at: datetime) -> None:
    """Keep a one-time code's hash."""
    tx.execute(
        "INSERT INTO codes (code_hash, role, created_by, expires_at) VALUES (?, ?, ?, ?)",
        (code_hash, role, created_by, expires_at),
    )


def get_code_role(tx: Transaction, code_hash: str, now: datetime) -> Role | None:
    """The role that an unused code gives, or None if there is no such code, or no longer."""
    role: Role | None = tx.value(
        "SELECT role FROM codes WHERE code_hash = ? AND used_by IS NULL AND expires_at > ?", (code_hash, now)
    )
    return role


def mark_code_used_if_valid(tx: Transaction, code_hash: str, person_id: int, now: datetime) -> Role | None:
    """Use a code up and return the role it gives, or None if there is no such code, or no longer."""
    role: Role | None = tx.value(
        "UPDATE codes SET used_by = ? WHERE code_hash = ? AND used_by IS NULL AND expires_at > ? RETURNING role",
        (person_id, code_hash, now),
    )
    return role
