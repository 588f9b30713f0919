"""What leaves the bot, rows of the outbox and posts side by side, for whoever looks on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

from storage.rows import Row, Transaction, columns


class SendingId(NamedTuple):
    """Which row or post."""

    source: Literal["row", "post"]
    id: int


class Sending(Row, frozen=True):
    """A message on its way, or one that must stay true.

    Attributes:
        key: Of its send, as the platform may get it along.
        chat: The platform's id of the chat.
        state: As in the outbox; a post that is true is ``sent``, one that is not is ``pending``.
        ref: The platform's reference of the message it makes, or changes.
        wanted: A post's wanted revision; of a row 1.
        sending: The revision that is or was last under way.
        sent: The revision that people see; of a row that arrived 1.
        subject: What a post shows; what of a row is to be reported.
    """

    source: Literal["row", "post"]
    id: int
    key: str
    platform: str
    chat: str
    kind: str
    thread: str
    lane: int
    state: str
    attempts: int
    reason: str
    ref: str
    audience: str
    reply_via: str
    surface: str
    subject: str
    view: str
    payload: str
    wanted: int
    sending: int
    sent: int

    @property
    def which(self) -> SendingId:
        return SendingId(self.source, self.id)

    @property
    def under_way(self) -> bool:
        """Was it claimed for sending, and its end is not known yet?"""
        return self.state in ("sending", "unknown")


_ROWS = (
    "SELECT 'row' AS source, o.id, o.key, c.platform, c.external_id AS chat, c.kind, o.thread, o.lane, o.state,"
    " o.attempts, o.reason, CASE WHEN o.ref <> '' THEN o.ref ELSE o.edits END AS ref, o.audience, o.reply_via,"
    " 'message' AS surface, o.report AS subject, '' AS view, o.payload, 1 AS wanted, 1 AS sending,"
    " o.state = 'sent' AS sent FROM outbox o JOIN chats c ON c.id = o.chat_id"
)
_POSTS = (
    "SELECT 'post' AS source, p.id, 'post:' || p.id || ':' || p.generation AS key, c.platform,"
    " c.external_id AS chat, c.kind, p.thread, p.lane,"
    " CASE WHEN p.state <> 'idle' THEN p.state WHEN p.sent < p.wanted THEN 'pending' ELSE 'sent' END AS state,"
    " p.attempts, p.reason, p.ref, '' AS audience, '' AS reply_via, p.surface, p.subject, p.view, '' AS payload,"
    " p.wanted, p.sending, p.sent FROM posts p JOIN chats c ON c.id = p.chat_id"
)


def list_sendings(tx: Transaction, wanted: Collection[SendingId]) -> list[Sending]:
    """Return these rows and posts as they are now, those that are not kept any more left out."""
    found: list[Sending] = []
    for source, query, alias in (("row", _ROWS, "o"), ("post", _POSTS, "p")):
        ids = sorted({each.id for each in wanted if each.source == source})
        if ids:
            marks = ", ".join("?" * len(ids))
            of = f"SELECT {columns(Sending)} FROM ({query} WHERE {alias}.id IN ({marks})) ORDER BY id"
            found += tx.all(Sending, of, ids)
    return found
