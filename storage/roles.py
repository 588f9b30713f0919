"""Roles: who has which, what a manager looks after, and the one-time codes that give a role."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from storage.people import Person
from storage.personal import N_, Clear, Holding
from storage.rows import Row, Transaction, columns

Role = Literal["project", "manager", "lead"]
ROLES: tuple[Role, ...] = ("project", "manager", "lead")


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
