"""Requests for a mentor: from a founder's form to a manager's decision, and what both write each other then."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from storage.merging import hand_over, hand_over_once
from storage.people import Person
from storage.personal import N_, Delete, Holding, Subject
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["open", "accepted", "declined", "withdrawn", "closed"]


class Inquiry(Row, frozen=True):
    """A founder's request for a mentor.

    Attributes:
        chat_id: The direct chat they asked from; None once it is gone.
        topic: The content pack's key of a sector, or ``other``.
        city: The content pack's key of a city, or ``any``.
        text: What it is about; empty once withdrawn.
        state: ``open``, ``accepted``, ``declined``, ``withdrawn`` by the founder, ``closed`` after an acceptance.
        round: How many times it was open; each round ends with one decision.
        decided_by: Who accepted or declined it; None if nobody did, or is no longer known.
        decided_on: The platform of that decision.
        reason: Why it was declined; the founder reads it.
        changed_at: When something last happened to it.
    """

    id: int
    founder_id: int
    chat_id: int | None
    language: str
    topic: str
    city: str
    text: str
    state: State
    round: int
    decided_by: int | None
    decided_at: datetime | None
    decided_on: str
    reason: str
    created_at: datetime
    changed_at: datetime


class Message(Row, frozen=True):
    """What one of both wrote to the other, in the request's round of then."""

    id: int
    request_id: int
    round: int
    person_id: int | None
    text: str


class Waiting(Row, frozen=True):
    """How many requests are open, and since when the oldest one is."""

    count: int
    oldest: datetime | None


_COLUMNS = columns(Inquiry)

RETENTION = (
    Rule(
        "mentoring requests",
        timedelta(days=365),
        "DELETE FROM mentoring_requests WHERE state <> 'open' AND changed_at < ?",
    ),
    Rule("mentoring messages", timedelta(days=90), "DELETE FROM mentoring_messages WHERE said_at < ?"),
    Rule(
        "posts of mentoring requests that are gone",
        timedelta(days=90),
        "DELETE FROM posts WHERE subject LIKE 'mentoring:%' AND created_at < ?"
        " AND CAST(substr(subject, 11) AS INTEGER) NOT IN (SELECT id FROM mentoring_requests)",
    ),
)


def _give_back(tx: Transaction, subject: Subject) -> int:
    """What somebody looks after is open to all again; of what they decided, neither name nor words stay."""
    return tx.execute(
        "UPDATE mentoring_requests SET decided_by = NULL, reason = '',"
        " round = round + (state = 'accepted'),"
        " decided_at = CASE state WHEN 'accepted' THEN NULL ELSE decided_at END,"
        " decided_on = CASE state WHEN 'accepted' THEN '' ELSE decided_on END,"
        " state = CASE state WHEN 'accepted' THEN 'open' ELSE state END"
        " WHERE decided_by = ?",
        (subject.person,),
    )


PERSONAL = (
    Holding(
        "mentoring_requests",
        N_("Your requests for a mentor"),
        purpose=N_("so that the right community manager finds you"),
        kept=N_("a year after they ended"),
        rows="founder_id = :person",
        shown={
            "created_at": N_("When"),
            "topic": N_("Topic"),
            "city": N_("City"),
            "text": N_("Text"),
            "state": N_("State"),
            "reason": N_("Reason"),
        },
        erasure=Delete(counted="mentoring requests", on="created_at"),
        evidence="mentoring",
        posts="'mentoring:' || id",
    ),
    Holding(
        "mentoring_requests",
        N_("Requests you accepted or declined for the team"),
        purpose=N_("so that the team knows who does what"),
        kept=N_("a year after they ended"),
        rows="decided_by = :person",
        shown={"id": N_("Number"), "state": N_("State"), "decided_at": N_("When"), "reason": N_("Reason")},
        erasure=_give_back,
        posts="'mentoring:' || id",
    ),
    Holding(
        "mentoring_reads",
        N_("Requests you read for the team"),
        purpose=N_("so that founders know who read theirs"),
        kept=N_("as long as the request"),
        rows="person_id = :person",
        shown={"request_id": N_("Number"), "read_at": N_("When")},
        posts="'mentoring:' || request_id",
    ),
    Holding(
        "mentoring_messages",
        N_("What you wrote about a mentoring request"),
        purpose=N_("so that both can read it"),
        kept=N_("90 days"),
        rows="person_id = :person",
        shown={"said_at": N_("When"), "text": N_("Text")},
        erasure=Delete(),
        posts="'mentoring:' || request_id",
    ),
)


def add_inquiry(
    tx: Transaction,
    founder_id: int,
    chat_id: int | None,
    language: str,
    topic: str,
    city: str,
    text: str,
    now: datetime,
) -> int:
    """Keep a new request, open to all managers; returns its id."""
    return tx.insert(
        "INSERT INTO mentoring_requests (founder_id, chat_id, language, topic, city, text, created_at, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (founder_id, chat_id, language, topic, city, text, now, now),
    )


def get_inquiry(tx: Transaction, inquiry_id: int) -> Inquiry | None:
    """By its id."""
    return tx.one(Inquiry, f"SELECT {_COLUMNS} FROM mentoring_requests WHERE id = ?", (inquiry_id,))


def mark_accepted_if_open(
    tx: Transaction, inquiry_id: int, person_id: int, platform: str, now: datetime
) -> Inquiry | None:
    """Accept an open request; None if somebody was faster, or it is their own."""
    return _mark_decided_if_open(tx, inquiry_id, "accepted", person_id, platform, "", now)


def mark_declined_if_open(
    tx: Transaction, inquiry_id: int, person_id: int, platform: str, reason: str, now: datetime
) -> Inquiry | None:
    """Decline an open request; None if somebody was faster, or it is their own."""
    return _mark_decided_if_open(tx, inquiry_id, "declined", person_id, platform, reason, now)


def _mark_decided_if_open(
    tx: Transaction, inquiry_id: int, state: State, person_id: int, platform: str, reason: str, now: datetime
) -> Inquiry | None:
    return tx.one(
        Inquiry,
        "UPDATE mentoring_requests SET state = ?, decided_by = ?, decided_at = ?, decided_on = ?, reason = ?,"
        f" changed_at = ? WHERE id = ? AND state = 'open' AND founder_id <> ? RETURNING {_COLUMNS}",
        (state, person_id, now, platform, reason, now, inquiry_id, person_id),
    )


def mark_returned_if_accepted(tx: Transaction, inquiry_id: int, in_round: int, now: datetime) -> Inquiry | None:
    """Open a request that was accepted in a round to all managers again; None if that is over."""
    return tx.one(
        Inquiry,
        "UPDATE mentoring_requests SET state = 'open', round = round + 1, decided_by = NULL, decided_at = NULL,"
        f" decided_on = '', changed_at = ? WHERE id = ? AND round = ? AND state = 'accepted' RETURNING {_COLUMNS}",
        (now, inquiry_id, in_round),
    )


def mark_closed_if_accepted(tx: Transaction, inquiry_id: int, in_round: int, now: datetime) -> Inquiry | None:
    """End a request that was accepted in a round; None if that is over."""
    return tx.one(
        Inquiry,
        "UPDATE mentoring_requests SET state = 'closed', changed_at = ?"
        f" WHERE id = ? AND round = ? AND state = 'accepted' RETURNING {_COLUMNS}",
        (now, inquiry_id, in_round),
    )


def mark_withdrawn_if_waiting(tx: Transaction, inquiry_id: int, founder_id: int, now: datetime) -> Inquiry | None:
    """Take an open or accepted request back and forget what was written; None if it ended before."""
    withdrawn = tx.one(
        Inquiry,
        "UPDATE mentoring_requests SET state = 'withdrawn', text = '', changed_at = ?"
        f" WHERE id = ? AND founder_id = ? AND state IN ('open', 'accepted') RETURNING {_COLUMNS}",
        (now, inquiry_id, founder_id),
    )
    if withdrawn:
        tx.execute("DELETE FROM mentoring_messages WHERE request_id = ?", (inquiry_id,))
    return withdrawn


def add_message_if_accepted(
    tx: Transaction, inquiry_id: int, in_round: int, person_id: int, text: str, now: datetime
) -> Message | None:
    """Keep what one of both writes to the other; None if what was accepted in that round is over."""
    alive = "UPDATE mentoring_requests SET changed_at = ? WHERE id = ? AND round = ? AND state = 'accepted'"
    if not tx.execute(alive, (now, inquiry_id, in_round)):
        return None
    message = tx.insert(
        "INSERT INTO mentoring_messages (request_id, round, person_id, text, said_at) VALUES (?, ?, ?, ?, ?)",
        (inquiry_id, in_round, person_id, text, now),
    )
    return Message(message, inquiry_id, in_round, person_id, text)


def get_message(tx: Transaction, message_id: int) -> Message | None:
    """By its id."""
    return tx.one(Message, f"SELECT {columns(Message)} FROM mentoring_messages WHERE id = ?", (message_id,))


def list_messages(tx: Transaction, inquiry_id: int, in_round: int, latest: int) -> list[Message]:
    """The latest of what both wrote in a round, in order: who had the request before was somebody else."""
    found = tx.all(
        Message,
        f"SELECT {columns(Message)} FROM mentoring_messages WHERE request_id = ? AND round = ?"
        " ORDER BY id DESC LIMIT ?",
        (inquiry_id, in_round, latest),
    )
    return found[::-1]


def add_read(tx: Transaction, inquiry_id: int, person_id: int, now: datetime) -> bool:
    """Note that somebody read a request; False if that was noted before."""
    return (
        tx.execute(
            "INSERT INTO mentoring_reads (request_id, person_id, read_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (inquiry_id, person_id, now),
        )
        == 1
    )


def list_readers(tx: Transaction, inquiry_id: int) -> list[Person]:
    """Who read a request, the first to do so first."""
    return tx.all(
        Person,
        f"SELECT {columns(Person, 'p.')} FROM mentoring_reads r JOIN persons p ON p.id = r.person_id"
        " WHERE r.request_id = ? ORDER BY r.read_at, p.id",
        (inquiry_id,),
    )


def list_open(tx: Transaction, limit: int = -1) -> list[Inquiry]:
    """What nobody has decided on yet, the oldest first; without a limit all of it."""
    return tx.all(
        Inquiry, f"SELECT {_COLUMNS} FROM mentoring_requests WHERE state = 'open' ORDER BY id LIMIT ?", (limit,)
    )


def list_accepted(tx: Transaction, first_of: int, limit: int) -> list[Inquiry]:
    """What anybody looks after: a manager's own first, then the oldest first."""
    return tx.all(
        Inquiry,
        f"SELECT {_COLUMNS} FROM mentoring_requests WHERE state = 'accepted'"
        " ORDER BY coalesce(decided_by = ?, 0) DESC, id LIMIT ?",
        (first_of, limit),
    )


def list_accepted_by(tx: Transaction, person_id: int, limit: int) -> list[Inquiry]:
    """What a manager looks after, the oldest first."""
    return tx.all(
        Inquiry,
        f"SELECT {_COLUMNS} FROM mentoring_requests WHERE state = 'accepted' AND decided_by = ?"
        " ORDER BY id LIMIT ?",
        (person_id, limit),
    )


def list_waiting_of(tx: Transaction, founder_id: int) -> list[Inquiry]:
    """A founder's own requests that have not ended, the oldest first."""
    return tx.all(
        Inquiry,
        f"SELECT {_COLUMNS} FROM mentoring_requests WHERE founder_id = ? AND state IN ('open', 'accepted')"
        " ORDER BY id",
        (founder_id,),
    )


def get_waiting(tx: Transaction) -> Waiting:
    """How many requests nobody has decided on yet."""
    waiting = tx.one(Waiting, "SELECT count(*), min(created_at) FROM mentoring_requests WHERE state = 'open'")
    return waiting or Waiting(0, None)


def get_accepted_count(tx: Transaction, person_id: int) -> int:
    """How many requests a manager looks after."""
    query = "SELECT count(*) FROM mentoring_requests WHERE state = 'accepted' AND decided_by = ?"
    return int(tx.value(query, (person_id,)))


def merge_inquiries(tx: Transaction, kept: int, gone: int) -> list[Inquiry]:
    """Give a person's requests and decisions to another one; returns what they would look after for themselves."""
    for table, column in (
        ("mentoring_requests", "founder_id"),
        ("mentoring_requests", "decided_by"),
        ("mentoring_messages", "person_id"),
    ):
        hand_over(tx, table, column, kept, gone)
    hand_over_once(tx, "mentoring_reads", "person_id", "request_id", kept, gone)
    return tx.all(
        Inquiry,
        f"SELECT {_COLUMNS} FROM mentoring_requests"
        " WHERE founder_id = ? AND decided_by = founder_id AND state = 'accepted'",
        (kept,),
    )
