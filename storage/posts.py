"""Posts: messages that must stay true, each with the revision that is wanted and the one that people see."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from storage.chats import Chat
from storage.outbox import Queued
from storage.personal import DIRECT_CHATS, N_, Holding, Subject
from storage.rows import Row, Transaction, columns


class Post(Row, frozen=True):
    """One message that shows a subject.

    Attributes:
        subject: What it shows, as ``question:12``.
        view: Names the function that renders it.
        sending: The revision under way.
        generation: How often it was posted anew; part of the key of its send.
        ref: The platform's reference of the message; empty until it stands.
    """

    id: int
    subject: str
    view: str
    chat_id: int
    thread: str
    surface: Literal["message", "home"]
    lane: int
    wanted: int
    sent: int
    sending: int
    state: str
    generation: int
    attempts: int
    note: str
    ref: str
    ref_kind: str
    not_before: datetime
    started_at: datetime | None
    sent_at: datetime | None


_COLUMNS = columns(Post)
_QUEUED = (
    "SELECT p.id, c.platform, p.chat_id, c.kind, p.lane, p.not_before, p.surface, p.ref"
    " FROM posts p JOIN chats c ON c.id = p.chat_id"
)
_WAITING = "p.sent < p.wanted AND p.state IN ('idle', 'failed')"


def _show_no_more(tx: Transaction, subject: Subject) -> int:
    """What stands in somebody's direct chats is taken away; the rows go with the chats."""
    return sum(mark_posts_wanted_in(tx, chat) for chat in subject.chats)


PERSONAL = (
    Holding(
        "posts",
        N_("Cards in your direct chats that I keep up to date"),
        purpose=N_("so that you see how things stand"),
        kept=N_("90 days after they were taken away"),
        rows=f"chat_id IN ({DIRECT_CHATS})",
        shown={"created_at": N_("When"), "subject": N_("About")},
        erasure=_show_no_more,
    ),
)


def add_post(
    tx: Transaction,
    subject: str,
    view: str,
    chat: Chat,
    *,
    lane: int,
    now: datetime,
    thread: str = "",
    surface: Literal["message", "home"] = "message",
) -> int:
    """Show a subject in a chat and keep it true from now on.

    One that is shown is brought up to date; one that was taken away is posted anew.
    """
    post: int = tx.value(
        "INSERT INTO posts (subject, view, chat_id, thread, surface, lane, not_before, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject, view, chat_id, thread)"
        " DO UPDATE SET wanted = posts.wanted + 1,"
        " state = CASE WHEN posts.state = 'gone' THEN 'idle' ELSE posts.state END RETURNING id",
        (subject, view, chat.id, thread, surface, lane, now, now),
    )
    announce_post(tx, post)
    return post


def mark_posts_wanted(tx: Transaction, subject: str) -> int:
    """The subject changed: every post of it is to say so. Returns how many."""
    changed = tx.execute("UPDATE posts SET wanted = wanted + 1 WHERE subject = ? AND state <> 'gone'", (subject,))
    if changed:
        _announce(tx, f"p.subject = ? AND {_WAITING}", subject)
    return changed


def mark_posts_wanted_in(tx: Transaction, chat_id: int) -> int:
    """Who reads a chat may see something else by now: render all its posts again. Returns how many."""
    changed = tx.execute("UPDATE posts SET wanted = wanted + 1 WHERE chat_id = ? AND state <> 'gone'", (chat_id,))
    if changed:
        _announce(tx, f"p.chat_id = ? AND {_WAITING}", chat_id)
    return changed


def mark_post_sending_if_untrue(tx: Transaction, post_id: int, now: datetime) -> Post | None:
    """Claim a post's wanted revision for sending; None if it is true, gone, or under way."""
    return tx.one(
        Post,
        "UPDATE posts SET state = 'sending', sending = wanted, attempts = attempts + 1, started_at = ?"
        " WHERE id = ? AND state IN ('idle', 'failed') AND sent < wanted AND not_before <= ?"
        f" RETURNING {_COLUMNS}",
        (now, post_id, now),
    )


def mark_post_note(tx: Transaction, post_id: int, note: str) -> None:
    """Keep what finds the message again."""
    tx.execute("UPDATE posts SET note = ? WHERE id = ?", (note, post_id))


def mark_post_sent(
    tx: Transaction, post_id: int, ref: str, ref_kind: str, now: datetime, next_edit: datetime
) -> Post | None:
    """People see the revision that was under way; the next one goes out from ``next_edit`` on."""
    return tx.one(
        Post,
        "UPDATE posts SET state = 'idle', sent = sending, ref = ?, ref_kind = ?, sent_at = ?, not_before = ?,"
        f" attempts = 0, reason = '' WHERE id = ? AND state IN ('sending', 'unknown') RETURNING {_COLUMNS}",
        (ref, ref_kind, now, next_edit, post_id),
    )


def mark_post_pending_again(
    tx: Transaction, post_id: int, not_before: datetime, reason: str, *, anew: bool = False, counts: bool = True
) -> None:
    """The revision surely did not arrive: try again; ``anew`` as a new message, the old one being gone.

    An attempt that the platform only put off does not count.
    """
    tx.execute(
        "UPDATE posts SET state = 'idle', not_before = ?, reason = ?, attempts = attempts - ?,"
        " ref = CASE WHEN ? THEN '' ELSE ref END, note = CASE WHEN ? THEN '' ELSE note END,"
        " generation = generation + ? WHERE id = ? AND state IN ('sending', 'unknown')",
        (not_before, reason, int(not counts), anew, anew, int(anew), post_id),
    )


def mark_post_unknown(tx: Transaction, post_id: int, reason: str) -> None:
    """The first posting may have arrived; somebody must look."""
    tx.execute(
        "UPDATE posts SET state = 'unknown', reason = ? WHERE id = ? AND state = 'sending'", (reason, post_id)
    )


def mark_post_failed(tx: Transaction, post_id: int, reason: str) -> None:
    """The revision can't be shown; the next change of the subject tries again."""
    tx.execute(
        "UPDATE posts SET state = 'failed', sent = sending, attempts = 0, reason = ? WHERE id = ?"
        " AND state IN ('sending', 'unknown')",
        (reason, post_id),
    )


def mark_post_gone(tx: Transaction, post_id: int) -> None:
    """The message was taken away; unless its subject changed meanwhile, it is to be shown no more."""
    tx.execute(
        "UPDATE posts SET state = CASE WHEN wanted > sending THEN 'idle' ELSE 'gone' END, sent = sending,"
        " ref = '', note = '', attempts = 0, generation = generation + 1 WHERE id = ? AND state = 'sending'",
        (post_id,),
    )


def mark_unsent_posts_gone(tx: Transaction, subject: str) -> int:
    """Post a subject nowhere that it does not stand yet; what is under way arrives. Returns how many."""
    return tx.execute(
        "UPDATE posts SET state = 'gone', sent = wanted, attempts = 0, reason = ''"
        " WHERE subject = ? AND ref = '' AND state IN ('idle', 'failed') AND sent < wanted",
        (subject,),
    )


def mark_post_anew_if_settled(tx: Transaction, post_id: int, now: datetime) -> bool:
    """Post a standing message once more, further down; False while something of it is under way.

    The old message stays as it is; nobody keeps it true any more.
    """
    changed = tx.execute(
        "UPDATE posts SET state = 'idle', ref = '', note = '', generation = generation + 1, wanted = wanted + 1,"
        " not_before = ? WHERE id = ? AND ref <> '' AND state IN ('idle', 'failed')",
        (now, post_id),
    )
    announce_post(tx, post_id)
    return changed == 1


def get_post(tx: Transaction, subject: str, view: str, chat_id: int, thread: str) -> Post | None:
    """The post of a subject in a chat, also one that is gone."""
    return tx.one(
        Post,
        f"SELECT {_COLUMNS} FROM posts WHERE subject = ? AND view = ? AND chat_id = ? AND thread = ?",
        (subject, view, chat_id, thread),
    )


def list_posts(tx: Transaction, subject: str, view: str) -> list[Post]:
    """All posts of a subject, also those that are gone, in the order in which they were wanted."""
    return tx.all(
        Post, f"SELECT {_COLUMNS} FROM posts WHERE subject = ? AND view = ? ORDER BY id", (subject, view)
    )


def mark_posts_anew(tx: Transaction, chat_id: int, now: datetime) -> int:
    """The chat's messages can't be reached any more (it moved): post what still matters again."""
    changed = tx.execute(
        "UPDATE posts SET state = 'idle', ref = '', note = '', generation = generation + 1, wanted = wanted + 1,"
        " not_before = ? WHERE chat_id = ? AND surface = 'message' AND state <> 'gone'",
        (now, chat_id),
    )
    if changed:
        _announce(tx, f"p.chat_id = ? AND {_WAITING}", chat_id)
    return changed


def list_unsettled_posts(tx: Transaction) -> list[Post]:
    """Posts that were under way when the bot stopped, or whose answer was lost."""
    return tx.all(Post, f"SELECT {_COLUMNS} FROM posts WHERE state IN ('sending', 'unknown') ORDER BY id")


def list_queued_posts(tx: Transaction) -> list[Queued]:
    """All posts that are not true, as delivery's queue wants them."""
    return [_queued(row) for row in tx.values(f"{_QUEUED} WHERE {_WAITING}")]


def announce_post(tx: Transaction, post_id: int) -> None:
    """Tell delivery that a post waits, if it does; one under way is announced when that ended."""
    _announce(tx, f"p.id = ? AND {_WAITING}", post_id)


def _announce(tx: Transaction, condition: str, value: str | int) -> None:
    for row in tx.values(f"{_QUEUED} WHERE {condition}", (value,)):
        tx.announce(_queued(row))


def _queued(row: tuple[object, ...]) -> Queued:
    post, platform, chat, kind, lane, due, surface, ref = row
    shape = "home" if surface == "home" else "edit" if ref else "send"
    return Queued("post", post, platform, chat, kind, lane, datetime.fromisoformat(str(due)), shape)  # type: ignore[arg-type]
