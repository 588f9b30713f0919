"""Checks of reply markup (telegram-bot-api Client.cpp get_reply_markup; tdlib/td ReplyMarkup.cpp)."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.params import Params

# The server refuses more than 100 buttons (core.telegram.org/api/bots/buttons; REPLY_MARKUP_TOO_LONG).
MAX_BUTTONS = 100
HOST = re.compile(r"(?:https?://)?([^\s/?#]+\.[^\s/?#.]{2,}|localhost|[\d.]+)(?=[/?#:]|$)", re.IGNORECASE)


def read_markup(params: Params, *, inline_only: bool = False) -> dict[str, Any] | None:
    """The checked ``reply_markup`` of a call; None when there is none or an inline keyboard without rows.

    Args:
        params: The call's parameters.
        inline_only: Only an inline keyboard will do, as in the edit methods.

    Raises:
        BotApiError: 400 with Telegram's words.
    """
    markup = params.json("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("Object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        if inline_only and markup:
            raise bad_request("inline keyboard expected")
        return markup or None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        what = 'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        raise bad_request(what)
    kept = [[_read_button(button) for button in row] for row in rows if row]
    if sum(len(row) for row in kept) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _read_button(button: Any) -> dict[str, Any]:
    problem = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(problem + "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        missing = "Can't find field" if text is None else "Field"
        raise bad_request(f'{problem}{missing} "text"' + ("" if text is None else " must be of type String"))
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    # The order of the kinds is the server's: an address wins over callback data (get_inline_keyboard_button).
    if button.get("url"):
        return {"text": text, "url": _read_link(str(button["url"]))}
    if button.get("callback_data"):
        data = str(button["callback_data"])
        if len(data.encode()) > 64:  # "1-64 bytes" (Bot API, InlineKeyboardButton.callback_data)
            raise bad_request("BUTTON_DATA_INVALID")
        return {"text": text, "callback_data": data}
    others = (
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "web_app",
        "login_url",
        "copy_text",
        "pay",
    )
    for kind in others:
        if kind in button:
            return {"text": text, kind: button[kind]}
    raise bad_request(problem + "Text buttons are unallowed in the inline keyboard")


def _read_link(url: str) -> str:
    """A button's address as the server keeps it: with its scheme (tdlib/td LinkManager.cpp)."""
    if url.lower().startswith("tg://"):
        return url
    host = HOST.match(url)
    if host is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if re.match(r"https?://", url, re.IGNORECASE) is None:
        url = f"http://{url}"
    rest = url.split("://", 1)[1]
    return url if "/" in rest or "?" in rest else f"{url}/"
