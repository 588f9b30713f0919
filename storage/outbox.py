"""The outbox: every message that is to leave the bot, from wanted to sent."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from storage.chats import Chat
from storage.personal import DIRECT_CHATS, N_, Holding, Subject, named_in
from storage.rows import Row, Transaction, columns

REPLY, NOTICE, BROADCAST = 0, 1, 2
"""Lanes: a reply goes before a notice, a notice before a broadcast."""


class Queued(Struct, frozen=True):
    """News for delivery: something may be sent.

    Attributes:
        source: An outbox ``row`` or a ``post`` that is not true any more.
        shape: What kind of call it takes, for the platform's limits by method.
    """

    source: Literal["row", "post"]
    id: int
    platform: str
    chat_id: int
    kind: Literal["direct", "group"]
    lane: int
    not_before: datetime
    shape: Literal["send", "edit", "home", "file", "private", "via"]


class OutboxRow(Row, frozen=True):
    """A message on its way.

    Attributes:
        key: The same for the same message for ever; the store takes it once.
        audience: Account of the one person who may see it.
        reply_via: Where else than to the chat it must go.
        edits: The platform's reference of the message it replaces.
        payload: JSON of the reply or attachment; empty once cleared.
        report: ``kind:subject`` of the handler that wants to hear how it ended.
        note: What the adapter needs to find a message whose answer was lost.
        person_id: Whom it is for, if it may go to another of their direct chats where it can't arrive in this one.
        about: What an answer to it is about, as ``view:id``; empty where none is expected.
    """

    id: int
    key: str
    chat_id: int
    thread: str
    audience: str
    reply_via: str
    edits: str
    lane: int
    payload: str
    report: str
    broadcast: str
    attempts: int
    state: str
    note: str
    not_before: datetime
    created_at: datetime
    started_at: datetime | None
    person_id: int | None = None
    about: str = ""


_COLUMNS = columns(OutboxRow)


_TO = (
    f"(chat_id IN ({DIRECT_CHATS}) OR coalesce(person_id, 0) = :person"
    " OR (audience <> '' AND (SELECT c.platform FROM chats c"
    " WHERE c.id = chat_id) || ' ' || audience IN (SELECT a.platform || ' ' || a.external_id FROM accounts a"
    " WHERE a.person_id = :person)))"
)


def _kept_for_others(tx: Transaction, subject: Subject) -> int:
    """Their name was taken out of these before (``storage.mentions``): they are somebody else's."""
    return 0


PERSONAL = (
    Holding(
        "outbox",
        N_("What I wrote to you"),
        purpose=N_("to send it, and to try again where that did not work"),
        kept=N_("7 days; that it arrived: 30 days"),
        rows=_TO,
        shown={"created_at": N_("When"), "payload": N_("Text"), "state": N_("State")},
    ),
    Holding(
        "outbox",
        N_("What I wrote to others, with your name in it"),
        purpose=N_("to send it, and to try again where that did not work"),
        kept=N_("7 days; that it arrived: 30 days"),
        rows=f"NOT {_TO} AND {named_in('payload')}",
        shown={"created_at": N_("When"), "state": N_("State")},
        erasure=_kept_for_others,
    ),
)


def _shape(
    file: bool, audience: str, reply_via: str, edits: str
) -> Literal["send", "edit", "file", "private", "via"]:
    if reply_via:
        return "via"
    if edits:
        return "edit"
    if file:
        return "file"
    return "private" if audience else "send"


def add_message(
    tx: Transaction,
    chat: Chat,
    *,
    key: str,
    payload: str,
    lane: int,
    now: datetime,
    file: bool = False,
    thread: str = "",
    audience: str = "",
    reply_via: str = "",
    edits: str = "",
    report: str = "",
    broadcast: str = "",
    not_before: datetime | None = None,
    person: int | None = None,
    about: str = "",
) -> int:
    """Add a message and return its id; 0 if its key was taken before."""
    due = not_before or now
    row = tx.insert(
        "INSERT INTO outbox (key, chat_id, thread, audience, reply_via, edits, lane, payload, report, broadcast,"
        " not_before, created_at, person_id, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO NOTHING",
        (
            key,
            chat.id,
            thread,
            audience,
            reply_via,
            edits,
            lane,
            payload,
            report,
            broadcast,
            due,
            now,
            person,
            about,
        ),
    )
    if row:
        shape = _shape(file, audience, reply_via, edits)
        tx.announce(Queued("row", row, chat.platform, chat.id, chat.kind, lane, due, shape))
    return row


def mark_sending_if_pending(tx: Transaction, row_id: int, now: datetime) -> OutboxRow | None:
    """Claim a message for sending; None if it was cancelled, moved or claimed."""
    return tx.one(
        OutboxRow,
        "UPDATE outbox SET state = 'sending', attempts = attempts + 1, started_at = ?"
        f" WHERE id = ? AND state = 'pending' AND not_before <= ? RETURNING {_COLUMNS}",
        (now, row_id, now),
    )


def get_row(tx: Transaction, row_id: int) -> OutboxRow | None:
    """A message by its id, while it is kept."""
    return tx.one(OutboxRow, f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (row_id,))


def get_chat_id(tx: Transaction, row_id: int) -> int:
    """Where a message goes now; 0 if it is not kept any more."""
    return int(tx.value("SELECT chat_id FROM outbox WHERE id = ?", (row_id,)) or 0)


def mark_note(tx: Transaction, row_id: int, note: str) -> None:
    """Keep what finds the message again."""
    tx.execute("UPDATE outbox SET note = ? WHERE id = ?", (note, row_id))


def mark_sent(tx: Transaction, row_id: int, ref: str, ref_kind: str, now: datetime) -> bool:
    """The message arrived. A spent reply address is forgotten with it."""
    return (
        tx.execute(
            "UPDATE outbox SET state = 'sent', ref = ?, ref_kind = ?, sent_at = ?, reply_via = '', reason = ''"
            " WHERE id = ? AND state IN ('sending', 'unknown')",
            (ref, ref_kind, now, row_id),
        )
        == 1
    )


def mark_pending_again(
    tx: Transaction, row_id: int, not_before: datetime, reason: str, *, as_new: bool = False, counts: bool = True
) -> bool:
    """The message surely did not arrive: try again from a time on; ``as_new`` no longer as an edit.

    Its broadcast may have been cancelled while it was under way; then it ends here. An attempt that the platform
    only put off does not count.
    """
    return (
        tx.execute(
            "UPDATE outbox SET state = CASE WHEN broadcast <> '' AND EXISTS (SELECT 1 FROM outbox stopped"
            " WHERE stopped.broadcast = outbox.broadcast AND stopped.state = 'cancelled')"
            " THEN 'cancelled' ELSE 'pending' END, not_before = ?, reason = ?, attempts = attempts - ?,"
            " edits = CASE WHEN ? THEN '' ELSE edits END"
            " WHERE id = ? AND state IN ('sending', 'unknown')",
            (not_before, reason, int(not counts), as_new, row_id),
        )
        == 1
    )


def mark_unknown(tx: Transaction, row_id: int, reason: str) -> bool:
    """The message may have arrived; somebody must look."""
    return (
        tx.execute(
            "UPDATE outbox SET state = 'unknown', reason = ? WHERE id = ? AND state = 'sending'", (reason, row_id)
        )
        == 1
    )


def mark_failed(tx: Transaction, row_id: int, reason: str) -> bool:
    """The message can't arrive."""
    return (
        tx.execute(
            "UPDATE outbox SET state = 'failed', reason = ?, reply_via = ''"
            " WHERE id = ? AND state IN ('pending', 'sending', 'unknown')",
            (reason, row_id),
        )
        == 1
    )


def clear_text(tx: Transaction, row_id: int) -> None:
    """Forget what a message said; that it was sent is remembered."""
    tx.execute("UPDATE outbox SET payload = '' WHERE id = ?", (row_id,))


def clear_texts_by_key(tx: Transaction, prefix: str) -> int:
    """Forget what the messages said whose key begins like this, and have them sent no more; returns how many."""
    return mark_cancelled_by_key(tx, prefix) + tx.execute(
        "UPDATE outbox SET payload = ''"
        " WHERE key >= ?1 AND key < ?1 || char(1114111) AND state IN ('sent', 'failed')",
        (prefix,),
    )


def mark_broadcast_cancelled(tx: Transaction, broadcast: str) -> int:
    """Stop what of a broadcast has not left yet; returns how many messages."""
    return tx.execute(
        "UPDATE outbox SET state = 'cancelled' WHERE broadcast = ? AND state = 'pending'", (broadcast,)
    )


def mark_cancelled_by_key(tx: Transaction, prefix: str) -> int:
    """Stop and forget what has not left yet of the messages whose key begins like this; returns how many."""
    return tx.execute(
        "UPDATE outbox SET state = 'cancelled', payload = ''"
        " WHERE state = 'pending' AND key >= ?1 AND key < ?1 || char(1114111)",
        (prefix,),
    )


def mark_cancelled_for(tx: Transaction, chat_id: int, person_id: int) -> list[OutboxRow]:
    """Stop what waits for a person in a chat; returns it in its order, so that it can go elsewhere."""
    stopped = tx.all(
        OutboxRow,
        "UPDATE outbox SET state = 'cancelled' WHERE chat_id = ? AND person_id = ? AND state = 'pending'"
        f" RETURNING {_COLUMNS}",
        (chat_id, person_id),
    )
    return sorted(stopped, key=lambda row: row.id)


def list_unsettled(tx: Transaction) -> list[OutboxRow]:
    """Messages whose sending was under way when the bot stopped, or whose answer was lost."""
    return tx.all(OutboxRow, f"SELECT {_COLUMNS} FROM outbox WHERE state IN ('sending', 'unknown') ORDER BY id")


def announce_row(tx: Transaction, row_id: int) -> None:
    """Tell delivery that a message waits again."""
    for queued in _queued(tx, "o.id = ?", (row_id,)):
        tx.announce(queued)


def list_queued_rows(tx: Transaction) -> list[Queued]:
    """All that waits to be sent, as delivery's queue wants it."""
    return _queued(tx, "1 = 1", ())


def _queued(tx: Transaction, condition: str, parameters: tuple[int, ...]) -> list[Queued]:
    rows = tx.values(
        "SELECT o.id, c.platform, o.chat_id, c.kind, o.lane, o.not_before, o.audience, o.reply_via, o.edits,"
        " o.payload LIKE '%\"Attachment\"%' FROM outbox o JOIN chats c ON c.id = o.chat_id"
        f" WHERE o.state = 'pending' AND {condition} ORDER BY o.lane, o.id",
        parameters,
    )
    return [
        Queued(
            "row", row, platform, chat, kind, lane, datetime.fromisoformat(due), _shape(file, audience, via, edits)
        )
        for row, platform, chat, kind, lane, due, audience, via, edits, file in rows
    ]
