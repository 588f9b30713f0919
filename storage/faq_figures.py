"""What people asked and what became of it, counted: questions that are kept, and those that are only counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from storage.personal import N_, Holding
from storage.retention import Rule
from storage.rows import Row, Transaction, columns


class Outcomes(Row, frozen=True):
    """How many questions of a day came to the same.

    Attributes:
        outcome: ``answered``, ``not_helped``, ``suggested``, ``picked``, ``unknown``.
        entry: By which entry; empty where there is none.
    """

    day: date
    language: str
    outcome: str
    entry: str
    number: int


class Asked(Row, frozen=True):
    """A question that is kept, and which entry it was about."""

    text: str
    outcome: str
    entry: str


class HandedOver(Row, frozen=True):
    """How many questions went to the team, and what became of them.

    Attributes:
        answered: Those that have an answer.
        hours: Median hours until the first one; None where there is none.
    """

    number: int
    answered: int
    hours: float | None


RETENTION = (
    Rule("counts of questions", timedelta(days=730), "DELETE FROM faq_counts WHERE day < ?"),
    Rule("which answers helped", timedelta(days=365), "DELETE FROM faq_feedback WHERE day < ?"),
)

PERSONAL = (
    Holding(
        "faq_counts",
        N_("How many questions there were, by day and by what became of them"),
        purpose=N_("to see what people ask"),
        kept=N_("2 years"),
    ),
    Holding(
        "faq_feedback",
        N_("Which answers helped"),
        purpose=N_("to make the answers better"),
        kept=N_("a year"),
    ),
)


def add_feedback(tx: Transaction, entry: str, day: date, helped: bool) -> None:
    """Count that an answer helped somebody, or did not."""
    tx.execute(
        "INSERT INTO faq_feedback (entry, day, helped, not_helped) VALUES (?, ?, ?, ?) ON CONFLICT (entry, day)"
        " DO UPDATE SET helped = faq_feedback.helped + excluded.helped,"
        " not_helped = faq_feedback.not_helped + excluded.not_helped",
        (entry, day, int(helped), int(not helped)),
    )


def get_feedback_on(tx: Transaction, entry: str, since: date) -> tuple[int, int]:
    """How often one answer helped and did not, since a day."""
    helped, not_helped = tx.values(
        "SELECT coalesce(sum(helped), 0), coalesce(sum(not_helped), 0) FROM faq_feedback"
        " WHERE entry = ? AND day >= ?",
        (entry, since),
    )[0]
    return helped, not_helped


def list_outcomes(tx: Transaction, since: date, until: date) -> list[Outcomes]:
    """What became of the questions of the days from ``since`` on and before ``until``."""
    return tx.all(
        Outcomes,
        f"SELECT {columns(Outcomes)} FROM"
        " (SELECT day, language, outcome, entry, sum(number) AS number FROM"
        " (SELECT substr(created_at, 1, 10) AS day, language, outcome, entry, 1 AS number FROM questions"
        "  UNION ALL SELECT day, language, outcome, entry, number FROM faq_counts) AS every"
        " WHERE outcome <> '' AND day >= ? AND day < ? GROUP BY day, language, outcome, entry) AS counted"
        " ORDER BY day, language, outcome, entry",
        (since, until),
    )


def list_asked(tx: Transaction, outcomes: tuple[str, ...], since: datetime, limit: int = 150) -> list[Asked]:
    """The kept questions that came to one of these since a time, the latest first."""
    return tx.all(
        Asked,
        "SELECT text, outcome, entry FROM questions"
        f" WHERE created_at >= ? AND outcome IN ({', '.join('?' * len(outcomes))}) ORDER BY id DESC LIMIT ?",
        (since, *outcomes, limit),
    )


def list_feedback(tx: Transaction, since: date) -> dict[str, tuple[int, int]]:
    """How often each entry helped and did not, since a day."""
    rows = tx.values(
        "SELECT entry, sum(helped), sum(not_helped) FROM faq_feedback WHERE day >= ? GROUP BY entry", (since,)
    )
    return {entry: (helped, not_helped) for entry, helped, not_helped in rows}


def get_handed_over(tx: Transaction, since: datetime, until: datetime) -> HandedOver:
    """What became of the questions that went to the team in a time."""
    rows = tx.values(
        "SELECT (julianday(min(t.said_at)) - julianday(q.created_at)) * 24 FROM questions q"
        " LEFT JOIN question_turns t ON t.question_id = q.id AND t.from_team = 1"
        " WHERE q.state <> 'draft' AND q.created_at >= ? AND q.created_at < ? GROUP BY q.id",
        (since, until),
    )
    hours = sorted(each for (each,) in rows if each is not None)
    return HandedOver(len(rows), len(hours), hours[len(hours) // 2] if hours else None)
