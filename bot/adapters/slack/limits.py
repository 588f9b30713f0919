"""What Slack accepts, as figures, and how texts are made to fit.

Sources: the validators of ``slack_sdk.models.blocks`` and ``.views`` (sizes of blocks and views), the
``rate_limits`` and error lists of the methods' reference pages (tiers; ``msg_too_long`` of chat.update), and, for
the size of all blocks together, slackapi/bolt-js issues 2509 and 2867: ``msg_blocks_too_long`` came at about
13,200 characters in one block and once at 11,341 in many, so every text is counted with room for its container.
"""

from __future__ import annotations

import re

from bot.adapters.port import Window

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 10_000
"""All texts of a message's blocks together, each with :data:`CONTAINER_CHARACTERS`."""
CONTAINER_CHARACTERS = 20
VIEW_CHARACTERS = 40_000
"""All texts of a view together: six bytes each as escaped JSON, and Slack takes 250 kB."""
SECTION_TEXT = 3_000
SUMMARY_TEXT = 3_000
"""chat.update refuses a text of more than 4,000 characters, and & < > become four or five."""
ALT_TEXT = 2_000
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
PLACEHOLDER_TEXT = 150
OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
ACTION_ID = 255
BLOCK_ID = 255
CALLBACK_ID = 255
PRIVATE_METADATA = 3_000
URL = 3_000
MODAL_TITLE = 24
MODAL_BUTTON = 24
INPUT_LABEL = 2_000
INPUT_HINT = 2_000
INPUT_TEXT = 3_000
FORM_ERROR = 300
FILE_TITLE = 250
INCOMING_TEXT = 4_000
BODY_BYTES = 1_000_000

CHAT_WINDOWS = (Window(1, 1.05),)
"""One message a second and channel (docs.slack.dev/apis/web-api/rate-limits)."""

METHOD_WINDOWS: dict[str, tuple[Window, ...]] = {
    "chat.postMessage": (Window(280, 60.0),),  # "several hundred a minute" for a workspace
    "chat.postEphemeral": (Window(95, 60.0),),  # tier 4
    "chat.update": (Window(50, 60.5),),  # tier 3; half a second for the way there
    "views.publish": (Window(95, 60.0),),  # tier 4
    "files.completeUploadExternal": (Window(95, 60.0),),  # tier 4
    "response_url": (),  # five uses of each URL; no figure for all of them together
}

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_JOINED = re.compile("[\u200d\ufe0e\ufe0f\u0300-\u036f]+$")


def clean(text: str) -> str:
    """Return the text without control characters (but newline and tab) and without marks that reorder a line.

    Unpaired surrogates, which no JSON reader likes, become ``�``.
    """
    return _SURROGATE.sub("�", _CONTROL.sub("", text.replace("\r\n", "\n")))


def cut(text: str, most: int, *, empty: str = "…") -> str:
    """Return the cleaned text in at most ``most`` UTF-16 units, with an ellipsis where it was cut.

    Slack does not say whether it counts characters or UTF-16 units; units are the safe reading.

    Args:
        text: Any text.
        most: Units allowed, at least one.
        empty: Stands for a text that shows nothing, since most texts must not be empty.
    """
    text = clean(text)
    if not text.strip():
        return empty
    if units(text) <= most:
        return text
    kept = text[: most - 1]
    while units(kept) > most - 1:
        kept = kept[: len(kept) - max(1, (units(kept) - most + 1) // 2)]
    return _JOINED.sub("", kept).rstrip() + "…"


def units(text: str) -> int:
    """Length in UTF-16 units: characters beyond the basic plane, such as most emoji, count two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
