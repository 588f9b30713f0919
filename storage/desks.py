"""Desks: who holds which one on which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from storage.merging import hand_over
from storage.personal import N_, Delete, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns

State = Literal["held", "cancelled"]


class Booking(Row, frozen=True):
    """A desk for a day.

    Attributes:
        desk: The desk's id in the content pack, which may know it no more.
        state: ``held``, or ``cancelled`` by the person.
        changed_at: Since when it is in this state.
    """

    id: int
    person_id: int
    desk: str
    day: date
    state: State
    changed_at: datetime


class Coming(Row, frozen=True):
    """Somebody who holds a desk on a day. ``listed``: they are to be named."""

    person_id: int
    name: str
    desk: str
    listed: bool


_COLUMNS = columns(Booking)

RETENTION = (Rule("desk bookings", timedelta(days=90), "DELETE FROM desk_bookings WHERE day < substr(?, 1, 10)"),)


PERSONAL = (
    Holding(
        "desk_bookings",
        N_("Desks you booked"),
        purpose=N_("so that everybody has a desk of their own"),
        kept=N_("90 days after the day"),
        rows="person_id = :person",
        shown={"day": N_("Day"), "desk": N_("Desk"), "state": N_("State"), "changed_at": N_("Changed")},
        erasure=Delete(counted="desk bookings", on="day", only="state = 'held'"),
        evidence="desks",
    ),
)


def add_booking(tx: Transaction, person_id: int, desk: str, day: date, now: datetime) -> Booking | None:
    """Give a desk to a person for a day; None if it is taken, or the person holds one that day."""
    booking_id = tx.insert(
        "INSERT INTO desk_bookings (person_id, desk, day, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (person_id, desk, day, now),
    )
    return Booking(booking_id, person_id, desk, day, "held", now) if booking_id else None


def get_booking(tx: Transaction, booking_id: int) -> Booking | None:
    """By its id."""
    return tx.one(Booking, f"SELECT {_COLUMNS} FROM desk_bookings WHERE id = ?", (booking_id,))


def mark_cancelled_if_held(
    tx: Transaction, booking_id: int, person_id: int, today: date, now: datetime
) -> Booking | None:
    """Give a person's desk back; None if it is not held any more, not theirs, or its day is over."""
    return tx.one(
        Booking,
        "UPDATE desk_bookings SET state = 'cancelled', changed_at = ?"
        f" WHERE id = ? AND person_id = ? AND state = 'held' AND day >= ? RETURNING {_COLUMNS}",
        (now, booking_id, person_id, today),
    )


def get_held_by(tx: Transaction, person_id: int, day: date) -> Booking | None:
    """What a person holds on a day."""
    return tx.one(
        Booking,
        f"SELECT {_COLUMNS} FROM desk_bookings WHERE person_id = ? AND day = ? AND state = 'held'",
        (person_id, day),
    )


def list_held_by(tx: Transaction, person_id: int, first: date) -> list[Booking]:
    """What a person holds from a day on, the nearest first."""
    return tx.all(
        Booking,
        f"SELECT {_COLUMNS} FROM desk_bookings WHERE person_id = ? AND day >= ? AND state = 'held' ORDER BY day",
        (person_id, first),
    )


def get_held_count(tx: Transaction, person_id: int, first: date) -> int:
    """How many desks a person holds from a day on."""
    return int(
        tx.value(
            "SELECT count(*) FROM desk_bookings WHERE person_id = ? AND day >= ? AND state = 'held'",
            (person_id, first),
        )
    )


def list_taken_desks(tx: Transaction, day: date) -> set[str]:
    """The desks that somebody holds on a day."""
    return {
        desk for (desk,) in tx.values("SELECT desk FROM desk_bookings WHERE day = ? AND state = 'held'", (day,))
    }


def count_held(tx: Transaction, first: date, until: date) -> int:
    """How many bookings there are for the days from ``first`` on and before ``until``."""
    query = "SELECT count(*) FROM desk_bookings WHERE state = 'held' AND day >= ? AND day < ?"
    return int(tx.value(query, (first, until)))


def get_last_desk(tx: Transaction, person_id: int) -> str:
    """The desk that a person booked last, given back or not; empty if none is known."""
    return str(
        tx.value("SELECT desk FROM desk_bookings WHERE person_id = ? ORDER BY id DESC LIMIT 1", (person_id,)) or ""
    )


def list_coming(tx: Transaction, day: date) -> list[Coming]:
    """Who holds a desk on a day, in the order in which they booked."""
    return tx.all(
        Coming,
        "SELECT b.person_id, p.name, b.desk, coalesce(s.listed, 1)"
        " AND NOT EXISTS (SELECT 1 FROM objections o WHERE o.person_id = p.id) FROM desk_bookings b"
        " JOIN persons p ON p.id = b.person_id LEFT JOIN settings s ON s.person_id = p.id"
        " WHERE b.day = ? AND b.state = 'held' ORDER BY b.id",
        (day,),
    )


def merge_bookings(tx: Transaction, kept: int, gone: int, now: datetime) -> list[tuple[Booking, Booking]]:
    """Give a person's bookings to another one; of two desks on one day the one that was booked first stays.

    Returns:
        For each such day the booking that stays, and the one that was given back.
    """
    held = tx.all(
        Booking,
        f"SELECT {_COLUMNS} FROM desk_bookings b WHERE person_id IN (?1, ?2) AND state = 'held'"
        " AND 2 = (SELECT count(*) FROM desk_bookings o"
        " WHERE o.day = b.day AND o.state = 'held' AND o.person_id IN (?1, ?2)) ORDER BY day, id",
        (kept, gone),
    )
    both = list(zip(held[::2], held[1::2], strict=True))
    for _, given_back in both:
        tx.execute(
            "UPDATE desk_bookings SET state = 'cancelled', changed_at = ? WHERE id = ?", (now, given_back.id)
        )
    hand_over(tx, "desk_bookings", "person_id", kept, gone)
    return both
