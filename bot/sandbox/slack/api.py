"""The Web API's front: who calls, with which arguments, and may they; the methods themselves are elsewhere.

Sources: docs.slack.dev/apis/web-api (query, form and JSON; token in the header or as an argument; HTTP 200 with
``{"ok": false, "error"}``), docs.slack.dev/apis/web-api/rate-limits, and each method's reference page for scope,
tier and whether it reads JSON.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.state import Token

if TYPE_CHECKING:
    from bot.sandbox.slack.world import World

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal, with Slack's own error code.

    Attributes:
        code: Such as ``channel_not_found``.
        messages: Sentences for ``response_metadata.messages``.
        extra: Further keys of the answer.
    """

    def __init__(self, code: str, *, messages: list[str] | None = None, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.extra = extra

    def answer(self) -> Json:
        """The answer's body."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = self.messages
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


@dataclass(frozen=True, slots=True)
class Args:
    """A call's arguments, whatever way they came; strings in forms stand for what JSON would say."""

    values: Json
    token: Token

    def text(self, name: str) -> str:
        """A string that may be left out (empty then)."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def need(self, name: str) -> str:
        """A string that must be there.

        Raises:
            ApiError: invalid_arguments, naming the field.
        """
        if not (value := self.text(name)):
            raise ApiError("invalid_arguments", messages=[f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A truth value; forms say ``true`` or ``1``."""
        return self.text(name).lower() in ("true", "1")

    def number(self, name: str, default: int, error: str = "invalid_arguments") -> int:
        """A whole number."""
        text = self.text(name)
        if not text:
            return default
        try:
            return int(float(text))
        except (ValueError, OverflowError):
            raise ApiError(error) from None

    def json(self, name: str, error: str = "invalid_arguments") -> Any:
        """A structure, itself or as JSON text; None when it is left out.

        Raises:
            ApiError: ``error``, when the text is no JSON.
        """
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(error) from None


@dataclass(frozen=True, slots=True)
class Method:
    """One method.

    Attributes:
        run: What it does; raises ApiError to refuse.
        scopes: Any one of these is enough; none means that every token of the kind will do.
        reads_json: Whether arguments may come as a JSON body (the body is ignored otherwise).
        posts: Whether a call puts a message into ``channel``, and so counts against the channel's pace.
    """

    run: Callable[[World, Args], Json]
    tier: Tier
    scopes: tuple[str, ...] = ()
    reads_json: bool = True
    token: Literal["bot", "app"] = "bot"
    posts: bool = False


def authenticate(world: World, secret: str, method: Method) -> Token:
    """The token behind ``secret``, if it may call ``method``.

    Raises:
        ApiError: not_authed, invalid_auth, token_revoked, not_allowed_token_type or missing_scope.
    """
    if not secret:
        raise ApiError("not_authed")
    token = world.workspace.tokens.get(secret)
    if token is None:
        raise ApiError("invalid_auth")
    if token.revoked:
        raise ApiError("token_revoked")
    if token.kind != method.token:
        raise ApiError("not_allowed_token_type")
    if method.scopes and token.scopes.isdisjoint(method.scopes):
        raise ApiError("missing_scope", needed=",".join(method.scopes), provided=",".join(sorted(token.scopes)))
    return token


def need_scope(token: Token, scope: str) -> None:
    """Some methods want another scope for each type of conversation.

    Raises:
        ApiError: missing_scope.
    """
    if scope not in token.scopes:
        raise ApiError("missing_scope", needed=scope, provided=",".join(sorted(token.scopes)))


def page(items: list[Any], args: Args, default: int, most: int, cursor_kind: str) -> tuple[list[Any], str]:
    """One page of ``items`` and the cursor of the next (empty at the end).

    Cursors are opaque base64 of ``kind:position``, as Slack's are (docs.slack.dev/apis/web-api/pagination).

    Raises:
        ApiError: invalid_cursor or invalid_limit.
    """
    limit = args.number("limit", default, "invalid_limit")
    if limit < 0 or limit > most:
        raise ApiError("invalid_limit")
    start = decode_cursor(args.text("cursor"), cursor_kind)
    end = start + (limit or default)
    return items[start:end], encode_cursor(cursor_kind, end) if end < len(items) else ""


def encode_cursor(kind: str, position: int) -> str:
    """An opaque cursor."""
    return base64.b64encode(f"{kind}:{position}".encode()).decode()


def decode_cursor(cursor: str, kind: str) -> int:
    """The position in a cursor of this kind; 0 for none.

    Raises:
        ApiError: invalid_cursor.
    """
    if not cursor:
        return 0
    try:
        found, _, position = base64.b64decode(cursor, validate=True).decode().partition(":")
        if found != kind:
            raise ValueError(cursor)
        return int(position)
    except ValueError:
        raise ApiError("invalid_cursor") from None
