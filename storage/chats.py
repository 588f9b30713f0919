"""Chats: where people and the bot meet, under our own ids."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage import absence
from storage.personal import DIRECT_CHATS, N_, Clear, Holding
from storage.rows import Row, Transaction, columns

Kind = Literal["direct", "group"]
State = Literal["open", "blocked", "gone"]


class Chat(Row, frozen=True):
    """A chat; ``external_id`` is the platform's id, of a direct chat the person's account."""

    id: int
    platform: str
    external_id: str
    kind: Kind
    title: str
    state: State


_COLUMNS = columns(Chat)


PERSONAL = (
    Holding(
        "chats",
        N_("Your direct chats with me"),
        purpose=N_("to write to you"),
        kept=absence.KEPT,
        rows=f"id IN ({DIRECT_CHATS})",
        shown={"platform": N_("Chat"), "external_id": N_("Account"), "first_seen": N_("Known since")},
        erasure=Clear({"title": ""}),  # the row goes when the last word is said: close_if_done
    ),
)


def get_chat(tx: Transaction, chat_id: int) -> Chat | None:
    """By our own id."""
    return tx.one(Chat, f"SELECT {_COLUMNS} FROM chats WHERE id = ?", (chat_id,))


def get_chat_by_external_id(tx: Transaction, platform: str, external_id: str) -> Chat | None:
    """By the platform's id."""
    return tx.one(
        Chat, f"SELECT {_COLUMNS} FROM chats WHERE platform = ? AND external_id = ?", (platform, external_id)
    )


def add_chat(tx: Transaction, platform: str, external_id: str, kind: Kind, title: str, now: datetime) -> Chat:
    """Add a chat, or return the one that is known."""
    chat = tx.one(
        Chat,
        # a chat that is known keeps its row; the no-op update makes RETURNING give it
        "INSERT INTO chats (platform, external_id, kind, title, first_seen) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (platform, external_id) DO UPDATE SET kind = excluded.kind"
        f" RETURNING {_COLUMNS}",
        (platform, external_id, kind, title, now),
    )
    if chat is None:
        raise AssertionError("an upsert returns its row")
    return chat


def mark_chat_titled(tx: Transaction, chat_id: int, title: str) -> None:
    """Keep a chat's new title."""
    tx.execute("UPDATE chats SET title = ? WHERE id = ?", (title, chat_id))


def mark_chat_state(tx: Transaction, chat_id: int, state: State) -> bool:
    """Set what may be sent to a chat; True if that is news."""
    return tx.execute("UPDATE chats SET state = ? WHERE id = ? AND state <> ?", (state, chat_id, state)) == 1


def mark_chat_moved(tx: Transaction, chat_id: int, external_id: str) -> bool:
    """Give our chat its new address; True if that is news.

    A row that the new address already had (a message overtook the news) is folded into ours: what was waiting
    there, and what the chat was made good for, goes to the chat that people know.
    """
    chat = get_chat(tx, chat_id)
    if chat is None or chat.external_id == external_id:
        return False
    other = get_chat_by_external_id(tx, chat.platform, external_id)
    if other:
        tx.execute("UPDATE outbox SET chat_id = ? WHERE chat_id = ?", (chat_id, other.id))
        tx.execute(
            # a purpose that ours has already goes with the other row
            "UPDATE places SET chat_id = ? WHERE chat_id = ? AND NOT EXISTS (SELECT 1 FROM places ours"
            " WHERE ours.chat_id = ? AND ours.purpose = places.purpose AND ours.thread = places.thread)",
            (chat_id, other.id, chat_id),
        )
        tx.execute("DELETE FROM chats WHERE id = ?", (other.id,))
    tx.execute("UPDATE chats SET external_id = ?, state = 'open' WHERE id = ?", (external_id, chat_id))
    tx.execute("UPDATE outbox SET about = '' WHERE chat_id = ? AND about <> ''", (chat_id,))  # numbered anew
    return True


def list_direct_chats(tx: Transaction, person_id: int) -> list[Chat]:
    """A person's direct chats, those that can be written to first, the one used last before the others."""
    return tx.all(
        Chat,
        f"SELECT {columns(Chat, 'c.')} FROM accounts a"
        " JOIN chats c ON c.platform = a.platform AND c.external_id = a.external_id"
        " WHERE a.person_id = ? AND c.kind = 'direct' ORDER BY c.state = 'open' DESC, c.id DESC",
        (person_id,),
    )


def remove_if_left(tx: Transaction, chat_id: int, *, waiting: bool = True) -> bool:
    """Forget the direct chat of somebody who was deleted; False while something is still to be said or taken away.

    It stays with whoever wrote there again since. With ``waiting`` false it goes at any rate.
    """
    if tx.value(
        "SELECT 1 FROM chats c JOIN accounts a ON a.platform = c.platform AND a.external_id = c.external_id"
        " WHERE c.id = ?",
        (chat_id,),
    ):
        return True
    busy = (
        "EXISTS (SELECT 1 FROM outbox o WHERE o.chat_id = chats.id"
        " AND o.state IN ('pending', 'sending', 'unknown'))"
        " OR EXISTS (SELECT 1 FROM posts p WHERE p.chat_id = chats.id AND p.state <> 'gone'"
        " AND (p.sent < p.wanted OR p.state IN ('sending', 'unknown')))"
    )
    tx.execute(f"DELETE FROM chats WHERE id = ? AND kind = 'direct' AND NOT (? AND ({busy}))", (chat_id, waiting))
    return get_chat(tx, chat_id) is None
