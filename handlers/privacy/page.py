"""Everything that is kept of a person, as a page to read and as JSON to take along."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any

import msgspec

from handlers.core.context import Context
from handlers.core.payloads import load_answers, load_message
from handlers.core.texts import N_
from handlers.core.ui import Attachment, Controls, Fields, Picture, Section, plain
from storage.erasure import Known

_VALUES = {
    "accepted": N_("accepted"),
    "agreed": N_("agreed again"),
    "answered": N_("answered"),
    "asking": N_("being asked"),
    "cancelled": N_("cancelled"),
    "closed": N_("closed"),
    "copied": N_("got a copy"),
    "declined": N_("declined"),
    "discarded": N_("discarded"),
    "done": N_("done"),
    "draft": N_("not sent"),
    "failed": N_("did not arrive"),
    "held": N_("booked"),
    "objected": N_("objected"),
    "offered": N_("offered"),
    "open": N_("open"),
    "out": N_("sent"),
    "pending": N_("waiting"),
    "read": N_("read in full"),
    "sending": N_("on its way"),
    "sent": N_("sent"),
    "stopped": N_("stopped"),
    "taken": N_("taken"),
    "told": N_("told in short"),
    "unknown": N_("on its way"),
    "withdrawn": N_("taken back"),
}
_YES_OR_NO = ("going", "listed", "told")
_COLUMN_TEXTS = ("text", "title", "name", "handle")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;"
    "background:#fff}h2{margin-top:2.5rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ccc;"
    "overflow-wrap:anywhere}p{margin:.3rem 0}"
)


def as_json(ctx: Context, known: list[Known]) -> bytes:
    """Return all rows as JSON, in UTF-8; times are in UTC."""
    data = [
        {
            "table": each.holding.table,
            "what": ctx.t.label(each.holding.title),
            "purpose": ctx.t.label(each.holding.purpose),
            "kept": ctx.t.label(each.holding.kept),
            "rows": [_readable(row) for row in each.rows],
        }
        for each in known
    ]
    whole = {
        "exported_at": ctx.now,
        "responsible": ctx.hub.responsible,
        "text_version": ctx.hub.privacy.version,
        "data": data,
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def as_page(ctx: Context, known: list[Known]) -> bytes:
    """Return all rows as one HTML file that loads nothing from elsewhere."""
    title = escape(ctx.t.label("Your data with the bot of the {hub}", hub=ctx.hub.short_name))
    made = escape(
        ctx.t.label(
            "As of {time}. Responsible: {operator}.",
            time=_moment(ctx, ctx.now),
            operator=ctx.hub.responsible,
        )
    )
    parts = [
        f'<!doctype html><html lang="{ctx.language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1><p>{made}</p>",
        *(_section(ctx, each) for each in known),
        "</body></html>",
    ]
    return "\n".join(parts).encode()


def _section(ctx: Context, known: Known) -> str:
    holding = known.holding
    why = ctx.t.label(
        "What for: {purpose}. How long: {kept}.",
        purpose=ctx.t.label(holding.purpose),
        kept=ctx.t.label(holding.kept),
    )
    head = "".join(f"<th>{escape(ctx.t.label(label))}</th>" for label in holding.shown.values())
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{escape(_shown(ctx, name, value))}</td>" for name, value in _readable(row).items())
        + "</tr>"
        for row in known.rows
    )
    return f"<h2>{escape(ctx.t.label(holding.title))}</h2><p>{escape(why)}</p><table><tr>{head}</tr>{rows}</table>"


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its stored messages and answers as plain text, and short names of what was looked up."""
    return {
        name.rpartition(" AS ")[2]: _stored_text(name, value) if isinstance(value, str) else value
        for name, value in row.items()
    }


def _stored_text(column: str, value: str) -> str:
    try:
        if column == "payload":
            return _message_text(value)
        if column == "answers":
            return "\n".join(load_answers(value).values())
        if column == "answer":
            return "\n".join(_texts_in(msgspec.json.decode(value)))
    except msgspec.MsgspecError:
        return value  # cleared, or of another version: as it stands
    return value


def _message_text(payload: str) -> str:
    content = load_message(payload)
    if isinstance(content, Attachment):
        return content.filename
    lines: list[str] = []
    for block in content.blocks:
        match block:
            case Section(text=text):
                lines.append(plain(text))
            case Fields(items=items):
                lines += [f"{label}: {plain(value)}" for label, value in items]
            case Picture(alt=alt):
                lines.append(f"[{alt}]")
            case Controls(items=controls):
                lines.append(" ".join(f"[{control.label}]" for control in controls))
    return "\n".join(lines)


def _texts_in(value: Any) -> list[str]:
    """The words of a form or a toast as it was shown."""
    if isinstance(value, dict):
        own = [each for name, each in value.items() if name in ("text", "title", "label", "hint") and each]
        nested = [text for each in value.values() if isinstance(each, dict | list) for text in _texts_in(each)]
        return [*(each for each in own if isinstance(each, str)), *nested]
    return [text for each in value for text in _texts_in(each)] if isinstance(value, list) else []


def _shown(ctx: Context, column: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if column in _YES_OR_NO and value in (0, 1):
        return ctx.t.label("yes") if value else ctx.t.label("no")
    if not isinstance(value, str) or column in _COLUMN_TEXTS:
        return str(value)
    if value in _VALUES:
        return ctx.t.label(_VALUES[value])
    if value[10:11] == "T":
        try:
            return _moment(ctx, datetime.fromisoformat(value))
        except ValueError:
            return value
    return value


def _moment(ctx: Context, moment: datetime) -> str:
    return f"{moment.astimezone(ctx.zone):%d.%m.%Y, %H:%M}"
