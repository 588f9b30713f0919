"""People, their accounts on the platforms, and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from storage import absence, blocks
from storage.personal import N_, Clear, Holding
from storage.rows import Row, Transaction, columns

Role = Literal["project", "manager", "lead"]
ROLES: tuple[Role, ...] = ("project", "manager", "lead")


class Person(Row, frozen=True):
    """Somebody, whichever chats they use. ``language`` is empty until known; ``greeted`` once introduced."""

    id: int
    name: str
    language: str
    language_chosen: bool
    greeted: bool


class Account(Row, frozen=True):
    """A person's account on a platform.

    Attributes:
        trusted: With a role; false for guests, strangers and whoever speaks in a chat's name.
        guest: Of the workspace: then no account of the same person is trusted either.
        left_at: Since when the account is gone; None while it is not.
    """

    platform: str
    external_id: str
    person_id: int
    name: str
    handle: str
    trusted: bool
    guest: bool = False
    left_at: datetime | None = None


class Holder(Row, frozen=True):
    """Somebody who has a role, whether or not it counts right now."""

    person_id: int
    name: str
    role: Role
    counts: bool


class Scope(Row, frozen=True):
    """What a manager looks after: a ``city`` or a ``topic``, by the content pack's key."""

    kind: Literal["city", "topic"]
    key: str


_PERSON = columns(Person)
_ACCOUNT = columns(Account)
COUNTS = (
    "EXISTS (SELECT 1 FROM accounts a WHERE a.person_id = p.id AND a.trusted = 1 AND a.left_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.person_id = p.id AND a.guest = 1 AND a.left_at IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.person_id = p.id AND b.lifted_at IS NULL)"
)
"""A role counts while its person has an account that is trusted with it, is no guest, and is not blocked."""


PERSONAL = (
    Holding(
        "roles",
        N_("Your roles"),
        purpose=N_("so that only those may do something who shall"),
        kept=N_("until they are taken back"),
        rows="person_id = :person",
        shown={"role": N_("Role"), "granted_at": N_("When")},
    ),
    Holding(
        "role_scopes",
        N_("What you look after"),
        purpose=N_("so that requests reach the right manager"),
        kept=N_("until the role is taken back"),
        rows="person_id = :person",
        shown={"kind": N_("What"), "key": N_("Which")},
    ),
    Holding(
        "roles",
        N_("Roles you gave"),
        purpose=N_("so that it can be checked who gave a role"),
        kept=N_("as long as somebody has the role"),
        rows="granted_by = :person",
        shown={"role": N_("Role"), "granted_at": N_("When")},
        erasure=Clear({"granted_by": None}),
    ),
    Holding(
        "codes",
        N_("Codes you made for a role"),
        purpose=N_("so that whoever is meant can use them"),
        kept=N_("7 days after their end"),
        rows="created_by = :person",
        shown={"role": N_("Role"), "expires_at": N_("Until")},
    ),
    Holding(
        "codes",
        N_("Codes you used"),
        purpose=N_("so that each works once"),
        kept=N_("7 days after their end"),
        rows="used_by = :person",
        shown={"role": N_("Role"), "expires_at": N_("Until")},
        erasure=Clear({"used_by": None}),
    ),
)
"""What stands in roles; the person and the accounts go last: by them all the rest is found."""

PERSONAL_LAST = (
    Holding(
        "accounts",
        N_("Your accounts"),
        purpose=N_("to know you again and to write to you"),
        kept=absence.KEPT,
        rows="person_id = :person",
        shown={
            "platform": N_("Chat"),
            "external_id": N_("Account"),
            "name": N_("Name"),
            "handle": N_("Short name"),
        },
    ),
    Holding(
        "persons",
        N_("You"),
        purpose=N_("to call you by your name and speak your language"),
        kept=absence.KEPT,
        rows="id = :person",
        shown={
            "name": N_("Name"),
            "language": N_("Language"),
            "first_seen": N_("Known since"),
            "seen_on": N_("Last here"),
        },
    ),
)


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
    guest: bool = False,
) -> Account:
    """Add an account and the person behind it, as yet a person of their own; blocked before, they still are."""
    person_id = tx.insert(
        "INSERT INTO persons (name, first_seen, seen_on) VALUES (?, ?, ?)", (name, now, now.date())
    )
    account = Account(platform, external_id, person_id, name, handle.lower(), trusted, guest)
    tx.execute(
        "INSERT INTO accounts (platform, external_id, person_id, name, handle, trusted, guest)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (platform, external_id, person_id, name, account.handle, trusted, guest),
    )
    blocks.put_back_if_kept(tx, platform, external_id, person_id, now)
    return account


def mark_account_seen(tx: Transaction, seen: Account) -> None:
    """Keep what the platform now says of an account; the person takes its name."""
    tx.execute(
        "UPDATE accounts SET name = ?, handle = ?, trusted = ?, guest = ?, left_at = ?"
        " WHERE platform = ? AND external_id = ?",
        (seen.name, seen.handle, seen.trusted, seen.guest, seen.left_at, seen.platform, seen.external_id),
    )
    tx.execute("UPDATE persons SET name = ? WHERE id = ?", (seen.name, seen.person_id))


def mark_account_left(tx: Transaction, platform: str, external_id: str, now: datetime) -> bool:
    """An account is gone; False if that was known. It is trusted with nothing any more."""
    return (
        tx.execute(
            "UPDATE accounts SET left_at = ?, trusted = 0"
            " WHERE platform = ? AND external_id = ? AND left_at IS NULL",
            (now, platform, external_id),
        )
        == 1
    )


def mark_here(tx: Transaction, person_id: int, today: date) -> None:
    """Somebody was here today; whatever they were told of their absence is over."""
    tx.execute("UPDATE persons SET seen_on = ?, absence_told_on = NULL WHERE id = ?", (today, person_id))


def is_here(tx: Transaction, person_id: int) -> bool:
    """Has a person an account that has not left?"""
    query = "SELECT 1 FROM accounts WHERE person_id = ? AND left_at IS NULL LIMIT 1"
    return bool(tx.value(query, (person_id,)))


def mark_language(tx: Transaction, person_id: int, language: str, *, chosen: bool = False) -> None:
    """Keep a person's language; one that was heard never replaces one that was chosen."""
    tx.execute(
        "UPDATE persons SET language = ?, language_chosen = ? WHERE id = ? AND (language_chosen = 0 OR ?)",
        (language, chosen, person_id, chosen),
    )


def mark_greeted(tx: Transaction, person_id: int) -> bool:
    """Remember that the bot introduced itself; True the first time."""
    return tx.execute("UPDATE persons SET greeted = 1 WHERE id = ? AND greeted = 0", (person_id,)) == 1


def is_guest(tx: Transaction, person_id: int) -> bool:
    """Has a person an account by which they are a guest of the workspace?"""
    query = "SELECT 1 FROM accounts WHERE person_id = ? AND guest = 1 AND left_at IS NULL LIMIT 1"
    return bool(tx.value(query, (person_id,)))


def has_account_on(tx: Transaction, person_id: int, platform: str, *, guests: bool = False) -> bool:
    """Is somebody a full member of the platform's workspace, or with ``guests`` at least a guest of it?"""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM accounts WHERE person_id = ? AND platform = ? AND left_at IS NULL"
            " AND (trusted = 1 OR guest = 1 AND ?))",
            (person_id, platform, guests),
        )
    )


def list_accounts(tx: Transaction, person_id: int) -> list[Account]:
    """A person's accounts, those that left too."""
    return tx.all(Account, f"SELECT {_ACCOUNT} FROM accounts WHERE person_id = ?", (person_id,))


def list_roles(tx: Transaction, person_id: int) -> frozenset[str]:
    """A person's roles, as far as they count."""
    query = f"SELECT r.role FROM roles r JOIN persons p ON p.id = r.person_id WHERE p.id = ? AND {COUNTS}"
    return frozenset(role for (role,) in tx.values(query, (person_id,)))


def list_people_with(tx: Transaction, role: Role) -> list[Person]:
    """Everybody whose role of this kind counts."""
    return tx.all(
        Person,
        f"SELECT {columns(Person, 'p.')} FROM roles r JOIN persons p ON p.id = r.person_id"
        f" WHERE r.role = ? AND {COUNTS} ORDER BY p.id",
        (role,),
    )


def list_holders(tx: Transaction) -> list[Holder]:
    """Everybody who was given a role, leads first, with whether it counts."""
    return tx.all(
        Holder,
        f"SELECT p.id, p.name, r.role, {COUNTS} FROM roles r JOIN persons p ON p.id = r.person_id"
        " ORDER BY r.role = 'lead' DESC, r.role = 'manager' DESC, p.name, p.id",
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
    """Take a role away, with what goes with it; False if the person had it not."""
    if tx.execute("DELETE FROM roles WHERE person_id = ? AND role = ?", (person_id, role)) != 1:
        return False
    if role == "manager":
        tx.execute("DELETE FROM role_scopes WHERE person_id = ?", (person_id,))
    if role == "lead":  # nobody gets in by a code whose maker may make none any more
        tx.execute("DELETE FROM codes WHERE created_by = ? AND used_by IS NULL", (person_id,))
    return True


def mark_scopes(tx: Transaction, person_id: int, scopes: Iterable[Scope]) -> bool:
    """Keep what a manager looks after, in place of what it was; True if that is news."""
    wanted = set(scopes)
    if wanted == set(list_scopes(tx, person_id)):
        return False
    tx.execute("DELETE FROM role_scopes WHERE person_id = ?", (person_id,))
    for scope in wanted:
        tx.execute(
            "INSERT INTO role_scopes (person_id, kind, key) VALUES (?, ?, ?)", (person_id, scope.kind, scope.key)
        )
    return True


def list_scopes(tx: Transaction, person_id: int) -> list[Scope]:
    """What a manager looks after; nothing named is everything."""
    query = f"SELECT {columns(Scope)} FROM role_scopes WHERE person_id = ? ORDER BY kind, key"
    return tx.all(Scope, query, (person_id,))


def list_managers_for(tx: Transaction, topic: str, city: str) -> list[Person]:
    """The managers who look after a topic or a city by name; those named for the topic first."""
    return tx.all(
        Person,
        f"SELECT {columns(Person, 'p.')} FROM persons p JOIN roles r ON r.person_id = p.id AND r.role = 'manager'"
        " JOIN role_scopes s ON s.person_id = p.id AND (s.kind, s.key) IN (VALUES ('topic', ?), ('city', ?))"
        f" WHERE {COUNTS} GROUP BY p.id ORDER BY max(s.kind) DESC, p.id",
        (topic, city),
    )


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
