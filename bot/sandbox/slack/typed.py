"""What becomes of words that a person types into Slack: escaped text and the rich_text block beside it.

Source: docs.slack.dev/messaging/formatting-message-text (only & < > are escaped; links, mentions and addresses
are marked with angle brackets); @slack/types (rich_text elements).
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

_MARKED = re.compile(
    r"(?P<user><@[UW][A-Z0-9]+>)|(?P<url>https?://[^\s<>]+)"
    r"|(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<name>@[^\W\d_][\w-]*)"
)


def escaped(text: str) -> str:
    """Text with the three characters escaped that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, users: dict[str, str]) -> tuple[str, list[Json]]:
    """The wire form of typed words.

    Args:
        text: What was typed; ``@Ada`` or ``<@U…>`` stands for a mention picked from Slack's list.
        users: User ids by lower-case name.

    Returns:
        The message's ``text`` and its ``blocks``.
    """
    words: list[str] = []
    elements: list[Json] = []

    def plain(part: str) -> None:
        if part:
            words.append(escaped(part))
            elements.append({"type": "text", "text": part})

    end = 0
    for found in _MARKED.finditer(text):
        mark, name = found[0], found["name"]
        user = users.get(name[1:].lower()) if name else found["user"] and mark[2:-1]
        if name and user is None:
            continue
        plain(text[end : found.start()])
        end = found.end()
        if user:
            words.append(f"<@{user}>")
            elements.append({"type": "user", "user_id": user})
        elif found["url"]:
            words.append(f"<{escaped(mark)}>")
            elements.append({"type": "link", "url": mark})
        else:
            words.append(f"<mailto:{mark}|{mark}>")
            elements.append({"type": "link", "url": f"mailto:{mark}", "text": mark})
    plain(text[end:])
    section = {"type": "rich_text_section", "elements": elements}
    return "".join(words), [{"type": "rich_text", "elements": [section]}] if elements else []
