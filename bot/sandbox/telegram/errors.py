"""How the Bot API refuses a call."""

from __future__ import annotations

from typing import Any

PREFIXES = {
    400: "Bad Request: ",
    401: "Unauthorized: ",
    403: "Forbidden: ",
    404: "Not Found: ",
    409: "Conflict: ",
}


class BotApiError(Exception):
    """A refusal: error code, description and parameters as the Bot API words them.

    The description is given without its prefix, which follows from the code
    (telegram-bot-api Client.cpp, fail_query_with_error); an empty one leaves the bare prefix.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        self.code = code
        prefix = PREFIXES.get(code, "")
        self.description = prefix + description if description else prefix.removesuffix(": ")
        self.parameters = parameters or {}
        super().__init__(self.description)

    def envelope(self) -> dict[str, Any]:
        """The JSON body of the answer (telegram-bot-api Query.h, JsonQueryError)."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(description: str, parameters: dict[str, Any] | None = None) -> BotApiError:
    """A 400, by far the most frequent refusal."""
    return BotApiError(400, description, parameters)


def forbidden(description: str) -> BotApiError:
    """A 403: the bot has lost, or never had, access to the chat."""
    return BotApiError(403, description)


def too_many_requests(retry_after: int) -> BotApiError:
    """A 429; the seconds stand in the text, in the parameters and in a header (Query.h)."""
    return BotApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})
