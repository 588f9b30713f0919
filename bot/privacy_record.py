"""The table in docs/privacy.md: ``python -m bot.privacy_record`` writes it anew from what the tables declare."""

from __future__ import annotations

import re
from pathlib import Path

from handlers.core.texts import Catalogues
from storage.personal import Clear, Delete, Holding
from storage.register import HOLDINGS

PAGE = Path(__file__).parents[1] / "docs" / "privacy.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def table() -> str:
    """Return the table in Markdown, in German, a row for each thing that a table holds."""
    t = Catalogues().texts("de")
    lines = ["| Tabelle | was | wofür | wie lange | beim Löschen |", "|---|---|---|---|---|"]
    for holding in sorted(HOLDINGS, key=lambda each: each.table):
        words = (t.label(holding.title), t.label(holding.purpose), t.label(holding.kept), _at_deletion(holding))
        lines.append(f"| `{holding.table}` | " + " | ".join(words) + " |")
    return "\n".join(lines)


def _at_deletion(holding: Holding) -> str:
    if not holding.rows:
        return "– (von niemandem)"
    match holding.erasure:
        case Delete(counted=counted):
            done = "gelöscht; die Zahl bleibt" if counted else "gelöscht"
        case Clear():
            done = "bleibt ohne die Person"
        case _:
            done = "ohne Namen, zurückgegeben oder weggenommen"
    return f"{done}; als Nachweis gesperrt, wenn der Hub es so festlegt" if holding.evidence else done


def with_table(page: str) -> str:
    """Return the page with the table of now."""
    return re.sub(rf"{BEGIN}.*?{END}", lambda _: f"{BEGIN}\n{table()}\n{END}", page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text("utf-8")), "utf-8")
