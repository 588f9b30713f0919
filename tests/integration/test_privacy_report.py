"""``kumpel privacy``: what is kept, what would go, what went."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.privacy_report import evidence, report
from storage import chats, desks, people, retention, tombstones
from storage.database import Database
from storage.errors import StoreUnavailableError
from storage.keeping import list_kept
from storage.register import HOLDINGS

PACK = Path(__file__).parents[2] / "hub"
NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A database with a booking of today and two of last winter, one of which the clean-up took last week."""
    database = Database(tmp_path / "kumpel.db")
    await database.open()

    def fill(tx):
        person = people.add_account(tx, "slack", "T1:U1", NOW, name="Ada").person_id
        chats.add_chat(tx, "slack", "T1:U1", "direct", "", NOW)
        desks.add_booking(tx, person, "12", (NOW - timedelta(days=300)).date(), NOW)
        retention.remove_expired(tx, NOW - timedelta(days=7), desks.RETENTION)
        desks.add_booking(tx, person, "13", (NOW - timedelta(days=200)).date(), NOW)
        desks.add_booking(tx, person, "14", NOW.date(), NOW)

    await database.write(fill)
    await database.close()
    return tmp_path / "kumpel.db"


async def test_each_table_says_what_would_go_and_what_went(path: Path) -> None:
    before = path.read_bytes()
    found = {each.table: each for each in list_kept(path, desks.RETENTION, NOW, NOW.date(), NOW.date())}
    assert found["desk_bookings"] == ("desk_bookings", 2, 1, 1)
    assert found["persons"] == ("persons", 1, 0, 0)
    assert set(found) == {holding.table for holding in HOLDINGS}
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "desk_bookings: 2 Zeilen · jetzt fällig: 1 · zuletzt entfernt: 1"),
        ("en", "desk_bookings: 2 rows · due now: 1 · removed lately: 1"),
    ],
)
async def test_the_report_says_it_in_both_languages(path: Path, language, line: str) -> None:
    lines = list(report(path, PACK, language, NOW))
    assert line in lines
    told = "Plätze, die du gebucht hast: 90 Tage nach dem Tag" if language == "de" else "Desks you booked: 90 days"
    assert told in lines[lines.index(line) + 1]


async def test_auditors_see_what_was_locked_away(path: Path) -> None:
    database = Database(path)
    await database.open()
    await database.write(lambda tx: tombstones.erase_for_good(tx, 1, {"desks": 10}, NOW))
    await database.close()
    lines = list(evidence(path, "en"))
    assert len(lines) == 2
    assert lines[0].startswith("until 2036-11-")
    assert "Ada" in lines[0]
    assert '"desk":"13"' in lines[0]


async def test_nothing_locked_away_is_said(path: Path) -> None:
    assert list(evidence(path, "de")) == ["Für Prüfer ist nichts aufgehoben."]


async def test_without_a_database_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        list(report(tmp_path / "none.db", PACK, "de", NOW))
