"""Events: what is planned, who comes, and the chats that an event is left out of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from storage.merging import hand_over, hand_over_once
from storage.people import Person
from storage.personal import N_, Clear, Delete, Holding
from storage.places import PlaceRow
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["draft", "published", "cancelled"]


class Event(Row, frozen=True):
    """Something planned.

    Attributes:
        ends_at: None where nobody said.
        seats: How many may come; None for any number.
        revision: Rises with every change, of a draft's chats too, and when it is published.
        was_starts_at: Before day, time or place last changed after publishing, as are the other ``was_``.
        created_by: None once the person is forgotten.
    """

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    text: str
    seats: int | None
    state: State
    revision: int
    was_starts_at: datetime | None
    was_ends_at: datetime | None
    was_place: str | None
    created_by: int | None
    changed_at: datetime


class Details(NamedTuple):
    """What a manager says of an event."""

    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    text: str
    seats: int | None


_COLUMNS = columns(Event)
_OF_PAST_EVENTS = "(SELECT id FROM events WHERE coalesce(ends_at, starts_at) < ?)"

RETENTION = (
    Rule(
        "who came to events",
        timedelta(days=90),
        f"DELETE FROM event_answers WHERE event_id IN {_OF_PAST_EVENTS}",
    ),
    Rule(
        "posts of past events",
        timedelta(days=90),
        "DELETE FROM posts WHERE subject LIKE 'event:%'"
        f" AND CAST(substr(subject, 7) AS INTEGER) IN {_OF_PAST_EVENTS}",
    ),
    Rule("drafts of events", timedelta(days=14), "DELETE FROM events WHERE state = 'draft' AND changed_at < ?"),
    Rule("events", timedelta(days=2 * 365), "DELETE FROM events WHERE state <> 'draft' AND starts_at < ?"),
)


PERSONAL = (
    Holding(
        "event_answers",
        N_("Events you come to, or can't"),
        purpose=N_("so that there is a seat for you"),
        kept=N_("90 days after the event"),
        rows="person_id = :person",
        shown={
            "(SELECT e.title FROM events e WHERE e.id = event_id) AS event": N_("Event"),
            "going": N_("Coming"),
            "answered_at": N_("When"),
        },
        erasure=Delete(counted="event registrations", on="answered_at", only="going = 1"),
        evidence="events",
        posts="'event:' || event_id",
    ),
    Holding(
        "events",
        N_("Events you announced for the team"),
        purpose=N_("so that the team knows who does what"),
        kept=N_("2 years after the event; drafts 14 days"),
        rows="created_by = :person",
        shown={"title": N_("Title"), "starts_at": N_("Begin"), "created_at": N_("When")},
        erasure=Clear({"created_by": None}),
        stays=("title", "place", "text", "was_place"),
    ),
    Holding(
        "event_places",
        N_("Chats that an event is left out of"),
        purpose=N_("so that events stand where they belong"),
        kept=N_("as long as the event"),
    ),
    Holding(
        "timers",
        N_("Word to you where an event could not be posted"),
        purpose=N_("so that you can see to it"),
        kept=N_("until it was sent"),
        rows="kind = 'events.reached' AND subject LIKE '%:' || :person",
        shown={"due_at": N_("When")},
    ),
)


def add_draft(tx: Transaction, details: Details, created_by: int, now: datetime) -> Event:
    """Keep a new event for managers to look at."""
    event = tx.one(
        Event,
        "INSERT INTO events (title, starts_at, ends_at, place, text, seats, created_by, created_at, changed_at)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {_COLUMNS}",
        (*details, created_by, now, now),
    )
    if event is None:
        raise AssertionError("an insert returns its row")
    return event


def get_event(tx: Transaction, event_id: int) -> Event | None:
    """By its id."""
    return tx.one(Event, f"SELECT {_COLUMNS} FROM events WHERE id = ?", (event_id,))


def mark_changed_if_same(tx: Transaction, event: Event, details: Details, now: datetime) -> Event | None:
    """Change an event; None if it was changed or cancelled since it was read, or more come than may now."""
    was = (event.was_starts_at, event.was_ends_at, event.was_place)
    if event.state == "published" and moved(event, details):
        was = (event.starts_at, event.ends_at, event.place)
    return tx.one(
        Event,
        "UPDATE events SET title = ?, starts_at = ?, ends_at = ?, place = ?, text = ?, seats = ?,"
        " was_starts_at = ?, was_ends_at = ?, was_place = ?, revision = revision + 1, changed_at = ?"
        " WHERE id = ? AND revision = ? AND state IN ('draft', 'published') AND (? IS NULL OR ? >="
        " (SELECT count(*) FROM event_answers a WHERE a.event_id = events.id AND a.going = 1))"
        f" RETURNING {_COLUMNS}",
        (*details, *was, now, event.id, event.revision, details.seats, details.seats),
    )


def details_of(event: Event) -> Details:
    """What was last said of an event."""
    return Details(event.title, event.starts_at, event.ends_at, event.place, event.text, event.seats)


def moved(event: Event, details: Details) -> bool:
    """Do these details give another day, time or place?"""
    return (event.starts_at, event.ends_at, event.place) != (details.starts_at, details.ends_at, details.place)


def mark_published_if_draft(tx: Transaction, event_id: int, revision: int, now: datetime) -> Event | None:
    """Let everybody see a draft; None if that was done, if it was changed since it was shown, or if it is past."""
    return tx.one(
        Event,
        "UPDATE events SET state = 'published', revision = revision + 1, changed_at = ?"
        f" WHERE id = ? AND revision = ? AND state = 'draft' AND starts_at > ? RETURNING {_COLUMNS}",
        (now, event_id, revision, now),
    )


def mark_cancelled_if_published(tx: Transaction, event_id: int, now: datetime) -> Event | None:
    """Call an event off; None if it is no more on, or has begun."""
    return tx.one(
        Event,
        "UPDATE events SET state = 'cancelled', revision = revision + 1, changed_at = ?"
        f" WHERE id = ? AND state = 'published' AND starts_at > ? RETURNING {_COLUMNS}",
        (now, event_id, now),
    )


def mark_draft_changed(tx: Transaction, event_id: int, now: datetime) -> Event | None:
    """Other chats are to get a draft: what was shown of it holds no more. None if it is no draft."""
    return tx.one(
        Event,
        "UPDATE events SET revision = revision + 1, changed_at = ? WHERE id = ? AND state = 'draft'"
        f" RETURNING {_COLUMNS}",
        (now, event_id),
    )


def remove_draft(tx: Transaction, event_id: int) -> bool:
    """Forget a draft; False if there is none."""
    return tx.execute("DELETE FROM events WHERE id = ? AND state = 'draft'", (event_id,)) == 1


def list_upcoming(tx: Transaction, now: datetime, limit: int) -> list[Event]:
    """The next published events."""
    return tx.all(
        Event,
        f"SELECT {_COLUMNS} FROM events WHERE state = 'published' AND starts_at > ?"
        " ORDER BY starts_at, id LIMIT ?",
        (now, limit),
    )


def list_upcoming_of(tx: Transaction, person_id: int, now: datetime, limit: int) -> list[Event]:
    """The next events that a person comes to."""
    return tx.all(
        Event,
        f"SELECT {columns(Event, 'e.')} FROM events e JOIN event_answers a ON a.event_id = e.id"
        " WHERE a.person_id = ? AND a.going = 1 AND e.state = 'published' AND e.starts_at > ?"
        " ORDER BY e.starts_at, e.id LIMIT ?",
        (person_id, now, limit),
    )


def list_drafts(tx: Transaction, limit: int) -> list[Event]:
    """What is not published yet, the latest change first."""
    return tx.all(
        Event,
        f"SELECT {_COLUMNS} FROM events WHERE state = 'draft' ORDER BY changed_at DESC, id DESC LIMIT ?",
        (limit,),
    )


def mark_going_if_free(tx: Transaction, event_id: int, person_id: int, now: datetime) -> bool:
    """Say that a person comes; False if they do already, if no seat is left, or if it is over or off."""
    return (
        tx.execute(
            # one statement: whoever counts the seats also takes one
            "INSERT INTO event_answers (event_id, person_id, going, answered_at)"
            " SELECT e.id, ?, 1, ? FROM events e WHERE e.id = ? AND e.state = 'published' AND e.starts_at > ?"
            " AND (e.seats IS NULL OR e.seats >"
            " (SELECT count(*) FROM event_answers a WHERE a.event_id = e.id AND a.going = 1))"
            " ON CONFLICT (event_id, person_id) DO UPDATE SET going = 1, answered_at = excluded.answered_at"
            " WHERE event_answers.going = 0",
            (person_id, now, event_id, now),
        )
        == 1
    )


def mark_not_going(tx: Transaction, event_id: int, person_id: int, now: datetime) -> bool:
    """Say that a person can't come; False if they said so before, or if it is over or off."""
    return (
        tx.execute(
            "INSERT INTO event_answers (event_id, person_id, going, answered_at)"
            " SELECT e.id, ?, 0, ? FROM events e WHERE e.id = ? AND e.state = 'published' AND e.starts_at > ?"
            " ON CONFLICT (event_id, person_id) DO UPDATE SET going = 0, answered_at = excluded.answered_at"
            " WHERE event_answers.going = 1",
            (person_id, now, event_id, now),
        )
        == 1
    )


def is_going(tx: Transaction, event_id: int, person_id: int) -> bool:
    """Does a person come?"""
    return bool(
        tx.value(
            "SELECT 1 FROM event_answers WHERE event_id = ? AND person_id = ? AND going = 1", (event_id, person_id)
        )
    )


def get_going_count(tx: Transaction, event_id: int) -> int:
    """How many come."""
    return int(tx.value("SELECT count(*) FROM event_answers WHERE event_id = ? AND going = 1", (event_id,)))


def list_going(tx: Transaction, event_id: int) -> list[Person]:
    """Who comes, in the order in which they said so."""
    return tx.all(
        Person,
        f"SELECT {columns(Person, 'p.')} FROM event_answers a JOIN persons p ON p.id = a.person_id"
        " WHERE a.event_id = ? AND a.going = 1 ORDER BY a.answered_at, p.id",
        (event_id,),
    )


def add_left_out(tx: Transaction, event_id: int, place: PlaceRow) -> None:
    """Leave a subscribed chat out."""
    tx.execute(
        "INSERT INTO event_places (event_id, chat_id, thread) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (event_id, place.chat_id, place.thread),
    )


def remove_left_out(tx: Transaction, event_id: int, place: PlaceRow) -> bool:
    """Take a subscribed chat in again; False if it was not left out."""
    return (
        tx.execute(
            "DELETE FROM event_places WHERE event_id = ? AND chat_id = ? AND thread = ?",
            (event_id, place.chat_id, place.thread),
        )
        == 1
    )


def list_left_out(tx: Transaction, event_id: int) -> set[tuple[int, str]]:
    """The chats, with their topics, that an event is left out of."""
    return set(tx.values("SELECT chat_id, thread FROM event_places WHERE event_id = ?", (event_id,)))


class BothAnswered(NamedTuple):
    """An event that two persons who are one had both answered, and what holds now."""

    event_id: int
    going: bool
    twice: bool


def merge_answers(tx: Transaction, kept: int, gone: int) -> list[BothAnswered]:
    """Give a person's answers to another one; of two answers to an event the later one holds, with one seat."""
    found = tx.values(
        "SELECT o.event_id, CASE WHEN t.answered_at > o.answered_at THEN t.going ELSE o.going END,"
        " o.going = 1 AND t.going = 1, o.going = t.going FROM event_answers o"
        " JOIN event_answers t ON t.event_id = o.event_id AND t.person_id = ? WHERE o.person_id = ?"
        " ORDER BY o.event_id",
        (gone, kept),
    )
    both = [BothAnswered(event, bool(going), bool(twice)) for event, going, twice, _ in found]
    agreed = {event for event, _, _, same in found if same}
    for answer in both:
        tx.execute(
            # the earlier of two yeses, so that nobody loses their turn
            "UPDATE event_answers SET going = ?, answered_at = (SELECT CASE WHEN ? THEN min(answered_at)"
            " ELSE max(answered_at) END FROM event_answers WHERE event_id = ? AND person_id IN (?, ?))"
            " WHERE event_id = ? AND person_id = ?",
            (answer.going, answer.event_id in agreed, answer.event_id, kept, gone, answer.event_id, kept),
        )
    hand_over_once(tx, "event_answers", "person_id", "event_id", kept, gone)
    hand_over(tx, "events", "created_by", kept, gone)
    tx.execute(
        "UPDATE timers SET subject = substr(subject, 1, instr(subject, ':')) || ?"
        " WHERE kind = 'events.reached' AND subject LIKE '%:' || ?",
        (kept, gone),
    )
    return [answer for answer in both if answer.twice or answer.event_id not in agreed]
