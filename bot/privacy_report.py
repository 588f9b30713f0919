"""``kumpel privacy``: what is kept, for how long, what would go and what went; and what auditors may see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.app import build_features
from bot.wording import Language, Words
from handlers.core.features import Registry
from handlers.core.hub import load_hub
from handlers.core.texts import Catalogues, Texts
from handlers.faq import feature as faq
from handlers.privacy import absence
from storage.errors import StoreUnavailableError
from storage.keeping import Kept, list_evidence, list_kept
from storage.register import HOLDINGS

_HEAD = Words(
    "{tables} Tabellen, {rows} Zeilen. Jetzt fällig: {due}. In den letzten 30 Tagen entfernt: {gone}.",
    "{tables} tables, {rows} rows. Due now: {due}. Removed in the last 30 days: {gone}.",
)
_COUNTS = Words(
    "{rows} Zeilen · jetzt fällig: {due} · zuletzt entfernt: {gone}",
    "{rows} rows · due now: {due} · removed lately: {gone}",
)
_NOBODY = Words("von niemandem", "nobody's")
_LOCKED = Words("bis {until} · {evidence} · {name}: {record}", "until {until} · {evidence} · {name}: {record}")
_NOTHING = Words("Für Prüfer ist nichts aufgehoben.", "Nothing is kept for auditors.")


def report(database: Path, pack: Path, language: Language, now: datetime) -> Iterator[str]:
    """Yield the report's lines.

    Raises:
        StoreUnavailableError: There is no database yet, or it can't be read.
        PackError: The content pack holds something that can't be used.
    """
    hub = load_hub(pack)
    registry = Registry(build_features(pack, hub), unsure=faq.unsure, unknown=faq.unknown)
    gone_by, told_until = absence.limits(hub, now.date())
    kept = list_kept(_there(database), registry.retention, now, gone_by, told_until)
    yield _HEAD.to(language).format(
        tables=len(kept),
        rows=sum(each.rows for each in kept),
        due=sum(each.due for each in kept),
        gone=sum(each.gone for each in kept),
    )
    texts = Catalogues().texts(language)
    for each in kept:
        yield ""
        yield from _table(each, texts, language)


def _table(kept: Kept, texts: Texts, language: Language) -> Iterator[str]:
    yield f"{kept.table}: " + _COUNTS.to(language).format(rows=kept.rows, due=kept.due, gone=kept.gone)
    for holding in HOLDINGS:
        if holding.table == kept.table:
            nobodys = "" if holding.rows else f" ({_NOBODY.to(language)})"
            yield f"  {texts.label(holding.title)}{nobodys}: {texts.label(holding.kept)}"


def evidence(database: Path, language: Language) -> Iterator[str]:
    """Yield what is kept of deleted people for a grant's auditors, a line each.

    Raises:
        StoreUnavailableError: There is no database yet, or it can't be read.
    """
    found = list_evidence(_there(database))
    for each in found:
        yield _LOCKED.to(language).format(
            until=each.kept_until.date().isoformat(),
            evidence=each.evidence,
            name=each.person_name,
            record=each.record,
        )
    if not found:
        yield _NOTHING.to(language)


def _there(database: Path) -> Path:
    if not database.exists():
        raise StoreUnavailableError(f"{database}: no such file")
    return database
