"""The log: one line an event, for people or as JSON; what other libraries log takes the same way.

Secrets and what people wrote never get into it. Secrets are found by value and by shape, wherever they stand, in
tracebacks too; what people wrote is left out by the name of its key.
"""

from __future__ import annotations

import functools
import logging
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = (
    "aiohttp.access",
    "aiosqlite",
    "apscheduler",
    "asyncio",
    "httpcore",
    "httpx",
    "slack_bolt",
    "slack_sdk",
    "telegram",
)
"""Libraries that tell each call, some with the token in its URL or what was said: only their warnings pass."""

# fmt: off
PRIVATE_KEYS = frozenset({
    "actor", "answer", "answers", "ask", "blocks", "body", "caption", "content", "data", "email", "first_name",
    "handle", "headers", "json", "last_name", "message", "messages", "name", "params", "payload", "phone",
    "private_metadata", "profile", "query", "question", "real_name", "summary", "text", "title", "username",
    "value", "values",
})
# fmt: on
"""Keys under which texts and names of people would stand."""

HIDDEN = "…"
_SHORT = 40  # names of events, methods, chats come again and again

_SHAPES = re.compile(
    r"""
      (?P<telegram> \d{5,}(?::|%3A)[A-Za-z0-9_-]{30,} )
    | (?P<slack> \bx(?:ox[a-z]|app)[.-][A-Za-z0-9.-]{6,} )
    | (?P<link> https?://hooks\.slack[^\s'"<>)]* | (?:https?|wss?)://[^\s'"<>)]*(?:ticket=|/upload/)[^\s'"<>)]* )
    | (?P<label> \b(?:authorization|cookie|response_url|x-slack-signature|x-telegram-bot-api-secret-token)
        ["']?\s*[:=,]\s*["']? ) (?: (?:bearer|basic)\s+ )? [^\s"',}\])]+
    | (?P<bearer> \b(?:bearer|basic)\s+ ) [A-Za-z0-9._~+/=-]{8,}
    """,
    re.VERBOSE | re.IGNORECASE,
)


_FRAME = re.compile(r"[ |]*File \"")
_BETWEEN = ("Traceback (", "During handling of", "The above exception")
_EXCEPTION = re.compile(r"[ |+-]*(?:\w+\.)*\w+")
_OUTSPOKEN = ("sqlite3.", "storage.errors.")
"""What these say is of tables and files, never of people."""


class Redactor:
    """Takes secrets and people's texts out of an event.

    Args:
        secrets: The configured ones; left out wherever they stand.
    """

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        longest_first = sorted(filter(None, secrets), key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        self._known = functools.lru_cache(maxsize=1024)(self._cleaned)

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """Work as a processor of structlog."""
        return {key: self._value(key, value) for key, value in event.items()}

    def traceback(self, text: str) -> str:
        """Return a traceback with its frames; of what exceptions say only the kind, for they may quote people."""
        shown: list[str] = []
        in_frame, says_kind = False, True
        for line in text.splitlines():
            in_frame = bool(_FRAME.match(line)) or (in_frame and line.startswith("    "))
            if in_frame or line.startswith(_BETWEEN):
                says_kind = True
                shown.append(line)
            elif says_kind and line:
                says_kind = False
                shown.append(_kind(line))
        return self._cleaned("\n".join(shown))

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        return self._known(text) if len(text) <= _SHORT else self._cleaned(text)

    def _cleaned(self, text: str) -> str:
        if self._secrets:
            text = self._secrets.sub(HIDDEN, text)
        return _SHAPES.sub(lambda found: (found["label"] or found["bearer"] or "") + HIDDEN, text)

    def _value(self, key: str, value: Any) -> Any:
        if key in PRIVATE_KEYS:
            return HIDDEN
        if key == "exception" and isinstance(value, str):
            return self.traceback(value)
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(inner)): self._value(str(inner), each) for inner, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value("", each) for each in value]
        return self.text(repr(value))


def configure_logging(
    form: Literal["console", "json"] = "console",
    level: str = "info",
    secrets: Sequence[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Set up structlog and the standard library's logging for this process.

    Args:
        form: Lines for people, or one JSON object a line.
        level: ``debug``, ``info``, ``warning`` or ``error``.
        secrets: Left out wherever they stand (``Settings.confidential``).
        stream: Where to write; standard error by default.
    """
    stream = stream or sys.stderr
    threshold = logging.getLevelNamesMapping()[level.upper()]
    redact = Redactor(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        redact,
        _on_one_line,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    render: Processor = structlog.processors.JSONRenderer(serializer=_json)
    if form == "console":
        plain = structlog.dev.plain_traceback
        render = structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shared, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=threshold, force=True)
    for library in QUIET:
        logging.getLogger(library).setLevel(max(threshold, logging.WARNING))


def _kind(line: str) -> str:
    """``ValueError: …`` for what an exception says."""
    kind, colon, _ = line.partition(":")
    if line.startswith(_OUTSPOKEN):
        return line
    return f"{kind}: {HIDDEN}" if colon else line if _EXCEPTION.fullmatch(line) else HIDDEN


def log_crash(error: BaseException) -> None:
    """Tell what ended the process; its traceback may hold secrets and is for the log alone."""
    structlog.get_logger(__name__).critical("crashed", exc_info=error)


def _on_one_line(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    said = event.get("event")
    if isinstance(said, str) and "\n" in said:
        event["event"] = " | ".join(said.split("\n"))
    return event


def _json(event: EventDict, **_: Any) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
