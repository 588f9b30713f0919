"""Who looks after which entries."""

from __future__ import annotations

from datetime import date

from handlers.core.context import Context
from handlers.core.replies import refusal
from handlers.core.ui import Outcome, Toast
from handlers.faq import library
from handlers.faq.entries import Entry
from storage import faq
from storage.faq import EntryRow


def may_keep(ctx: Context, entry: Entry) -> bool:
    """May the acting person change this entry? Managers all, project managers those that are theirs."""
    return ctx.may("manager") or (entry.owner == "project" and ctx.may("project"))


def kept(ctx: Context, entry_id: str) -> EntryRow | Outcome:
    """Return an entry that the acting person may change, or what to say instead."""
    row = faq.get_entry(ctx.tx, entry_id)
    if row is None:
        return Toast(ctx.t.label("This answer is not there any more."))
    return row if may_keep(ctx, library.from_json(row.content)) else refusal(ctx, "manager", f"answer {entry_id}")


def today(ctx: Context) -> date:
    """Return the day at the hub."""
    return ctx.now.astimezone(ctx.zone).date()
