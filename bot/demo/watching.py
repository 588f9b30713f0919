"""How the glass wall sees what happens inside a transaction: which handlers ran, and what was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from handlers.core import conversation
from handlers.core.context import Context
from handlers.core.features import CommandRoute, Intent, Registry
from storage.database import Database
from storage.outbox import OutboxRow, Queued
from storage.posts import Post
from storage.rows import Parameters, Row, Transaction
from storage.sendings import Sending, SendingId, list_sendings

Result = TypeVar("Result")
RowType = TypeVar("RowType", bound=Row)

_CHANGES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b(?:\s+OR\s+\w+)?(?:\s+INTO|\s+FROM)?\s+(\w+)", re.IGNORECASE)


@dataclass
class Run:
    """A handler that ran.

    Attributes:
        handler: Its dotted name.
        table: Where the router found it: ``command``, ``intent``, ``action``, ``form``, ``timer`` …
        key: Under which name it stands there.
        subject: Of a timer: what it was set for.
        outcome: What it returned; None while it runs, and for those that return nothing.
    """

    handler: str
    table: str
    key: str
    subject: str = ""
    outcome: Any = None


@dataclass
class Change:
    """A statement that changed rows."""

    table: str
    what: str
    sql: str
    values: Parameters


@dataclass
class Written:
    """What one transaction did.

    Attributes:
        announced: What is to be sent because of it.
        sendings: The same, and all others whose end is still open, as they were at its end.
    """

    changes: list[Change] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    announced: set[SendingId] = field(default_factory=set)
    sendings: list[Sending] = field(default_factory=list)


class Watcher(Protocol):
    """Who is told of transactions, in the event loop."""

    def still_open(self) -> Collection[SendingId]:
        """Return the sendings whose state matters."""

    def written(self, written: Written) -> None:
        """A transaction is durable."""

    def undone(self, written: Written, error: Exception) -> None:
        """A transaction failed; nothing of it was stored."""


class WatchedDatabase(Database):
    """A store that tells a watcher of every transaction, before whoever asked for it goes on."""

    def __init__(self, path: Path, watcher: Watcher) -> None:
        super().__init__(path)
        self._watcher = watcher

    async def write(self, function: Callable[[Transaction], Result]) -> Result:
        written = Written()
        try:
            result = await super().write(partial(_watched, function, written, self._watcher.still_open()))
        except Exception as error:
            self._watcher.undone(written, error)
            raise
        self._watcher.written(written)
        return result


def _watched(
    function: Callable[[Transaction], Result],
    written: Written,
    still_open: Collection[SendingId],
    tx: Transaction,
) -> Result:
    """Run a transaction's function, perhaps once more after others failed, in the writer's thread."""
    written.changes, written.runs = [], []
    watched = WatchedTransaction(tx, written)
    result = function(watched)
    written.announced = {SendingId(news.source, news.id) for news in watched.news if isinstance(news, Queued)}
    claimed: set[SendingId] = set()
    if isinstance(result, OutboxRow | Post):
        claimed.add(SendingId("row" if isinstance(result, OutboxRow) else "post", result.id))
    touched = any(change.table in ("outbox", "posts") for change in written.changes)
    if touched or written.announced:
        written.sendings = list_sendings(tx, {*still_open, *written.announced, *claimed})
    return result


class WatchedTransaction(Transaction):
    """Notes the statements that change rows."""

    def __init__(self, tx: Transaction, written: Written) -> None:
        super().__init__(tx._connection)
        self.news = tx.news
        self.written = written

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        changed = super().execute(sql, parameters)
        self._note(changed > 0, sql, parameters)
        return changed

    def insert(self, sql: str, parameters: Parameters = ()) -> int:
        row = super().insert(sql, parameters)
        self._note(row > 0, sql, parameters)
        return row

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        value = super().value(sql, parameters)
        self._note(value is not None, sql, parameters)
        return value

    def values(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        rows = super().values(sql, parameters)
        self._note(bool(rows), sql, parameters)
        return rows

    def one(self, row_type: type[RowType], sql: str, parameters: Parameters = ()) -> RowType | None:
        row = super().one(row_type, sql, parameters)
        self._note(row is not None, sql, parameters)
        return row

    def all(self, row_type: type[RowType], sql: str, parameters: Parameters = ()) -> list[RowType]:
        rows = super().all(row_type, sql, parameters)
        self._note(bool(rows), sql, parameters)
        return rows

    def _note(self, changed: bool, sql: str, parameters: Parameters) -> None:
        if changed and (found := _CHANGES.match(sql)):
            self.written.changes.append(Change(found[2], found[1].lower(), sql, parameters))


def named_values(sql: str, parameters: Parameters) -> Mapping[str, Any] | Sequence[Any]:
    """Return a statement's values by the columns they stand for, where that can be told."""
    if isinstance(parameters, Mapping):
        return dict(parameters)
    inserted = re.match(r"\s*INSERT[^(]*\(([^)]*)\)\s*VALUES\s*\(([?,\s]*)\)", sql, re.IGNORECASE)
    if inserted:
        names = [name.strip() for name in inserted[1].split(",")]
    else:
        names = re.findall(r"(\w+)\s*(?:=|<=|>=|<|>)\s*\?(?!\d)", sql)
    fits = len(names) == len(parameters) == sql.count("?") and len(set(names)) == len(names)
    return dict(zip(names, parameters, strict=True)) if fits else list(parameters)


def watch_handlers(registry: Registry) -> None:
    """Have every handler that the router can find noted when it runs in a watched transaction."""
    registry.actions = {**conversation.ACTIONS, **registry.actions}  # where the router looks first
    tables: dict[str, dict[str, Any]] = {
        "action": registry.actions,
        "form": registry.forms,
        "intent": registry.intents,
        "start": registry.starts,
        "timer": registry.timers,
    }
    watched: dict[CommandRoute, CommandRoute] = {}  # a command of two words stays one: help lists it once
    for word, command in registry.commands.items():
        once = replace(command, handler=_noted(command.handler, "command", word))
        registry.commands[word] = watched.setdefault(command, once)
    for table, routes in tables.items():
        for key, route in routes.items():
            routes[key] = replace(route, handler=_noted(route.handler, table, key))
    for name, learned in registry.learned.items():
        registry.learned[name] = replace(learned, find=_finding_noted(learned.find, name))
    for name, reply in registry.replies.items():
        registry.replies[name] = replace(reply, handler=_noted(reply.handler, "reply", name))
    for key, handler in registry.reports.items():
        registry.reports[key] = _noted(handler, "report", key)
    registry.patterns = [(at, _noted(handler, "pattern", at.pattern)) for at, handler in registry.patterns]
    registry.phrases = [(at, _noted(handler, "phrase", at.pattern)) for at, handler in registry.phrases]
    registry.unsure = _noted(registry.unsure, "unsure", "")
    registry.unknown = _noted(registry.unknown, "unknown", "")


def _noted(handler: Callable[..., Any], table: str, key: str) -> Callable[..., Any]:
    name = dotted_name(handler)

    def noted(ctx: Any, *args: Any) -> Any:
        if not isinstance(ctx.tx, WatchedTransaction):
            return handler(ctx, *args)
        run = Run(name, table, key, args[0] if table == "timer" else "")
        ctx.tx.written.runs.append(run)
        run.outcome = handler(ctx, *args)
        return run.outcome

    return noted


def dotted_name(handler: Callable[..., Any]) -> str:
    """Return where a handler stands in the code, whatever it was wrapped in."""
    while isinstance(handler, partial):
        handler = handler.func
    return f"{handler.__module__}.{handler.__qualname__}".replace(".<locals>", "")


def _finding_noted(
    find: Callable[[Context, str], Intent | None], name: str
) -> Callable[[Context, str], Intent | None]:
    """Have the handler of what is found noted, too."""

    def found(ctx: Context, rest: str) -> Intent | None:
        intent = find(ctx, rest)
        return intent and replace(intent, handler=_noted(intent.handler, "intent", f"{name}:{rest}"))

    return found
