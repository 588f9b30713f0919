"""``kumpel faq stats``: how well the week's questions were answered, as text and as a chart. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from babel.dates import format_date

from bot.delivery.drawing import png
from bot.wording import Language, Words
from handlers.faq import library
from storage.faq_figures import HandedOver, Outcomes, get_handed_over, list_feedback, list_outcomes
from storage.inspection import read_alone
from storage.rows import Transaction

WEEKS = 8
"""Weeks in the chart."""

MOST = 5
"""Entries named as those asked for most."""

_KINDS = {
    "answered": (Words("beantwortet", "answered"), "#2f7d5b"),
    "picked": (Words("aus Vorschlägen gewählt", "picked from suggestions"), "#7cb490"),
    "not_helped": (Words("half nicht", "did not help"), "#e0a93b"),
    "suggested": (Words("Vorschläge ohne Wahl", "suggestions not picked"), "#c9cdd3"),
    "unknown": (Words("nicht gewusst", "not known"), "#8a929c"),
}
"""What becomes of questions, from good to bad: its name, its colour in the chart."""

_LANGUAGES = {"de": Words("Deutsch", "German"), "en": Words("Englisch", "English")}


class Week(NamedTuple):
    """A week's questions, by what became of them, by language and by entry."""

    monday: date
    outcomes: Counter[str]
    languages: Counter[str]
    entries: Counter[str]

    @property
    def number(self) -> int:
        """How many there were."""
        return self.outcomes.total()


class Figures(NamedTuple):
    """The weeks, the oldest first, the last one being this; and more about that one."""

    weeks: Sequence[Week]
    team: HandedOver
    helped: int
    not_helped: int
    titles: dict[str, str]


def read_figures(database: Path, language: Language, now: datetime, weeks: int = WEEKS) -> Figures:
    """Read what is known of the questions of some weeks.

    Raises:
        StoreUnavailableError: There is no database yet, or it can't be read.
    """
    this = now.date() - timedelta(days=now.weekday())
    mondays = [this - timedelta(weeks=back) for back in reversed(range(weeks))]

    def read(tx: Transaction) -> Figures:
        rows = list_outcomes(tx, mondays[0], this + timedelta(weeks=1))
        begin = datetime.combine(this, time(), UTC)
        feedback = list_feedback(tx, this)
        titles = {entry.id: entry.wording(language).title for entry in library.live(tx)}
        return Figures(
            [_week(monday, rows) for monday in mondays],
            get_handed_over(tx, begin, begin + timedelta(weeks=1)),
            sum(helped for helped, _ in feedback.values()),
            sum(missed for _, missed in feedback.values()),
            titles,
        )

    return read_alone(database, read)


def told(figures: Figures, language: Language) -> Iterator[str]:
    """Yield the lines about the week."""
    week = figures.weeks[-1]
    first, last = (
        format_date(day, "d. MMM" if language == "de" else "d MMM", locale=language)
        for day in (week.monday, week.monday + timedelta(days=6))
    )
    yield Words(f"Woche {first} bis {last}", f"Week {first} to {last}").to(language)
    if not week.number:
        yield Words("  Niemand hat etwas gefragt.", "  Nobody asked anything.").to(language)
        return
    yield Words(f"  Fragen: {week.number}", f"  Questions: {week.number}").to(language)
    for kind, (name, _) in _KINDS.items():
        if number := week.outcomes[kind]:
            yield f"    {number:>5}  {name.to(language)} ({100 * number / week.number:.0f} %)"
    said = ", ".join(
        f"{_LANGUAGES[each].to(language)} {n}" for each, n in week.languages.most_common() if each in _LANGUAGES
    )
    yield Words(f"  Sprachen: {said}", f"  Languages: {said}").to(language)
    yield Words(
        f"  Hilft mir: {figures.helped}, hilft nicht: {figures.not_helped}",
        f"  That helps: {figures.helped}, does not help: {figures.not_helped}",
    ).to(language)
    yield _team(figures.team).to(language)
    if week.entries:
        yield Words("  Am meisten gefragt", "  Asked for most").to(language)
        for entry, number in week.entries.most_common(MOST):
            yield f"    {number:>5}  {figures.titles.get(entry, entry)}"


def chart(figures: Figures, language: Language) -> bytes:
    """Return the weeks as a PNG: a bar each, in parts by what became of the questions; 1200 × 675 pixels."""
    left, top, width, height = 90, 120, 1060, 420
    most = max((week.number for week in figures.weeks), default=0) or 1
    step = width / len(figures.weeks)
    shapes = [
        '<rect width="1200" height="675" fill="#ffffff"/>',
        _text(left, 60, Words("Fragen je Woche", "Questions a week").to(language), 34, bold=True),
        f'<line x1="{left}" y1="{top + height}" x2="{left + width}" y2="{top + height}" stroke="#8a929c"/>',
    ]
    for at, week in enumerate(figures.weeks):
        x, y = left + at * step + step * 0.2, float(top + height)
        for kind, (_, colour) in _KINDS.items():
            part = height * week.outcomes[kind] / most
            y -= part
            if part:
                shapes.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{step * 0.6:.1f}" height="{part:.1f}" fill="{colour}"/>'
                )
        middle = x + step * 0.3
        day = format_date(week.monday, "d. MMM" if language == "de" else "d MMM", locale=language)
        shapes.append(_text(middle, top + height + 32, day, 20, middle=True))
        if week.number:
            shapes.append(_text(middle, y - 10, str(week.number), 20, middle=True))
    shapes += _legend(left, 630, language)
    drawing = "".join(shapes)
    return png(f'<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675">{drawing}</svg>')


def _week(monday: date, rows: Sequence[Outcomes]) -> Week:
    outcomes, languages, entries = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        if monday <= row.day < monday + timedelta(weeks=1):
            outcomes[row.outcome] += row.number
            languages[row.language] += row.number
            if row.entry and row.outcome in ("answered", "picked", "not_helped"):
                entries[row.entry] += row.number
    return Week(monday, outcomes, languages, entries)


def _team(team: HandedOver) -> Words:
    if not team.number:
        return Words("  Ans Team: keine", "  To the team: none")
    if team.hours is None:
        return Words(
            f"  Ans Team: {team.number}, noch keine beantwortet",
            f"  To the team: {team.number}, none answered yet",
        )
    hours = f"{team.hours:.1f}"
    stunden = hours.replace(".", ",")
    return Words(
        f"  Ans Team: {team.number}, beantwortet {team.answered}, im Mittel nach {stunden} Stunden",
        f"  To the team: {team.number}, answered {team.answered}, the median after {hours} hours",
    )


def _text(x: float, y: float, said: str, size: int, *, bold: bool = False, middle: bool = False) -> str:
    style = ' font-weight="bold"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="#1d2733"{style}{anchor}>{escape(said)}</text>'


def _legend(x: float, y: float, language: Language) -> list[str]:
    shapes = []
    for name, colour in _KINDS.values():
        said = name.to(language)
        shapes.append(f'<rect x="{x:.1f}" y="{y - 16}" width="18" height="18" fill="{colour}"/>')
        shapes.append(_text(x + 26, y, said, 18))
        x += 56 + 9.2 * len(said)
    return shapes
