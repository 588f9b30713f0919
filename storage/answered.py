"""What people answer to: which of our messages in a chat a reply belongs to."""

from __future__ import annotations

from storage.rows import Transaction

MOST = 5
"""Of the messages that stand in one thread, so many are looked at."""


def list_answered(tx: Transaction, chat_id: int, ref: str, thread: str) -> list[str]:
    """Return what the messages are about that an answer can belong to, each as ``view:id``, the newest first.

    Args:
        tx: The transaction.
        chat_id: Where it was said.
        ref: The platform's reference of the message that it answers.
        thread: The thread it stands in, where threads are answers to one message; empty otherwise.
    """
    posted = tx.values(
        "SELECT DISTINCT view || substr(subject, instr(subject, ':')) FROM posts"
        " WHERE chat_id = ? AND ref = ? AND surface = 'message'",
        (chat_id, ref),
    )
    sent = tx.values(
        "SELECT about FROM outbox WHERE chat_id = ? AND about <> '' AND (ref = ? OR (thread <> '' AND thread = ?))"
        " GROUP BY about ORDER BY max(id) DESC LIMIT ?",
        (chat_id, ref, thread, MOST),
    )
    return [about for (about,) in (*posted, *sent)]
