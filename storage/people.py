"""People, and their accounts on the platforms."""

from __future__ import annotations

from datetime import date, datetime

from storage import absence, blocks
from storage.personal import N_, Holding
from storage.rows import Row, Transaction, columns


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


_PERSON = columns(Person)
_ACCOUNT = columns(Account)
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
"""They go last: by them all the rest is found."""


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
