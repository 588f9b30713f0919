"""What happened behind a message, from the delivery to the calls that it led to; bounded, and without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from bot.demo.watching import Change, Run, named_values
from handlers.core.requests import Request
from storage.sendings import Sending, SendingId

Json = dict[str, Any]

MOST_TEXT = 4000
"""Longest text in a story; what is cut says how long it was."""

MOST_ITEMS = 150
"""Most rows, calls, messages of one story, and most items of a list in it."""

MOST_KEY = 100
"""How much of a pattern is told by which a handler was found."""

_HIDDEN = "•••"
_SECRET_FIELDS = {"upload_url"}
_SECRET_ADDRESSES = re.compile(r"(https?://[^\s\"<>]+/slack/(?:actions|commands|upload)/)[^\s\"<>]+")

KINDS = {
    "TextMessage": "message",
    "OtherMessage": "message",
    "Command": "command",
    "ButtonPress": "press",
    "Picked": "pick",
    "FormSubmitted": "form",
    "HomeOpened": "home",
    "BotAdded": "joined",
    "BotRemoved": "left",
    "ChatMoved": "moved",
}


class Cleaner:
    """Makes anything JSON, without secrets and not too long.

    Args:
        secrets: Texts that are never shown, wherever they stand.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = {secret for secret in secrets if secret}

    def add(self, secrets: Iterable[str]) -> None:
        """Hide these too."""
        self._secrets |= {secret for secret in secrets if secret}

    def __call__(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case str():
                return self._text(value)
            case bytes():
                return f"<{len(value)} bytes>"
            case datetime() | date():
                return value.isoformat()
            case Struct():
                return self(msgspec.to_builtins(value))
            case Mapping():
                items = list(value.items())[:MOST_ITEMS]
                return {str(k): _HIDDEN if k in _SECRET_FIELDS and v else self(v) for k, v in items}
            case Iterable():
                return [self(item) for item in list(value)[:MOST_ITEMS]]
        return self._text(str(value))

    def _text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        if "://" in text:
            text = _SECRET_ADDRESSES.sub(rf"\1{_HIDDEN}", text)
        return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]} … ({len(text)})"


@dataclass(eq=False)
class CallNote:
    """A call of the bot.

    Attributes:
        key: Of the send that it is part of; empty for questions and acknowledgements.
        attempt: The how manieth try of that send it is.
        places: Where what it does can be seen, if that is known.
        begun_at: In seconds of the machine's steady clock.
    """

    platform: str
    method: str
    params: Json
    at: str
    begun_at: float
    places: frozenset[str] = frozenset()
    key: str = ""
    attempt: int = 0
    status: int = 0
    answer: Json = field(default_factory=dict)
    millis: float = 0.0
    done: bool = False
    stories: list[Story] = field(default_factory=list)

    def json(self) -> Json:
        names = ("platform", "method", "params", "at", "key", "attempt", "status", "answer", "millis", "done")
        return {name: getattr(self, name) for name in names}


@dataclass(eq=False)
class Story:
    """One delivery, or one timer, and what came of it.

    Attributes:
        kind: What it began with: ``message``, ``press``, ``timer`` …; ``system`` for what the bot does by itself.
        state: ``handling``, ``handled``, ``again`` (the store did not take it: it comes again) or ``failed``.
        times: How often it was delivered.
        sendings: What is to be sent because of it, as it was last seen.
        revisions: The revision of each that this story asked for.
    """

    id: int
    at: str
    platform: str
    kind: str
    who: str | None = None
    name: str = ""
    delivery: Any = None
    delivery_key: str = ""
    request: Json = field(default_factory=dict)
    asked: Request | None = None
    understood: Json | None = None
    runs: list[Json] = field(default_factory=list)
    outcome: str = ""
    answer: Json | None = None
    problem: str = ""
    millis: float = 0.0
    times: int = 1
    state: Literal["handling", "handled", "again", "failed"] = "handling"
    rows: list[Json] = field(default_factory=list)
    sendings: dict[SendingId, Sending] = field(default_factory=dict)
    revisions: dict[SendingId, int] = field(default_factory=dict)
    calls: list[CallNote] = field(default_factory=list)
    messages: dict[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def handler(self) -> str | None:
        """The innermost handler that ran."""
        return self.runs[-1]["handler"] if self.runs else None

    def add_runs(self, runs: list[Run]) -> None:
        """Note handlers that ran."""
        self.runs += [
            {"handler": run.handler, "by": run.table, "key": run.key, "outcome": _kind(run.outcome)}
            for run in runs
        ]
        if runs and not self.outcome:
            self.outcome = _kind(runs[0].outcome)

    def add_rows(self, changes: list[Change], clean: Cleaner) -> None:
        """Note rows that were written."""
        for change in changes[: max(0, MOST_ITEMS - len(self.rows))]:
            values = clean(named_values(change.sql, change.values))
            sql = " ".join(change.sql.split())
            self.rows.append({"table": change.table, "what": change.what, "sql": sql, "values": values})

    def add_sending(self, sending: Sending) -> None:
        """Note what is to be sent."""
        self.sendings[sending.which] = sending
        self.revisions[sending.which] = sending.wanted

    def wants(self, sending: Sending) -> bool:
        """Is what is under way what this story asked for, and not only a later state of it?"""
        return self.revisions.get(sending.which, 0) <= sending.sending

    def json(self, clean: Cleaner) -> Json:
        """The story as the page gets it."""
        return {
            **{name: getattr(self, name) for name in _TOLD},
            "outbox": [self._outbox(sending, clean) for sending in list(self.sendings.values())[:MOST_ITEMS]],
            "calls": [call.json() for call in self.calls[:MOST_ITEMS]],
            "messages": [
                {"platform": platform, "place": place, "message": message, "as": role}
                for (platform, place, message), role in self.messages.items()
            ],
        }

    def _outbox(self, sending: Sending, clean: Cleaner) -> Json:
        names = ("source", "key", "lane", "platform", "chat", "thread", "state", "attempts", "reason", "audience")
        seen = sending.source == "row" or sending.sent >= self.revisions[sending.which]
        payload = json.loads(sending.payload) if sending.payload else None
        return {
            **{name: getattr(sending, name) for name in names},
            **({} if sending.source == "row" else {"subject": sending.subject, "view": sending.view}),
            "state": "sent" if seen and sending.sent else sending.state,
            "payload": clean(payload),
        }


_TOLD = (
    *("id", "at", "platform", "kind", "who", "name", "delivery", "request", "understood", "handler", "runs"),
    *("outcome", "answer", "problem", "millis", "times", "state", "rows"),
)


def _kind(outcome: Any) -> str:
    return type(outcome).__name__ if outcome is not None else ""
