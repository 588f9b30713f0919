"""Seals: what a control carries comes back unchanged, or is refused.

A token is the packed action (and ``~value`` where one was offered), one character naming the key, and twelve
characters of HMAC-SHA256 over our own chat id and the rest. A seal is no permission: it only says that the bot
offered this, in this chat.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

SEAL_LENGTH = 13


class BadSealError(ValueError):
    """The token was not made by this bot, or not for this chat."""


class Seals:
    """Makes and opens tokens.

    Args:
        secrets: KUMPEL_SECRET and, while keys are rotated, its predecessors; the first one seals.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [hashlib.sha256(b"kumpel seal\0" + secret.encode()).digest() for secret in secrets]

    def seal(self, packed: str, chat_id: int) -> str:
        """Return the token for a packed action in one of our chats."""
        return packed + _seal(self._keys[0], packed, chat_id)

    def open(self, token: str, chat_id: int) -> str:
        """Return what was sealed.

        Raises:
            BadSealError: The token is foreign, changed, or of another chat.
        """
        packed, given = token[:-SEAL_LENGTH], token[-SEAL_LENGTH:]
        candidates = [key for key in self._keys if _name(key) == given[:1]]
        if packed and any(
            hmac.compare_digest(given.encode(), _seal(key, packed, chat_id).encode()) for key in candidates
        ):
            return packed
        raise BadSealError("this control is not from this chat")


def _name(key: bytes) -> str:
    """One character; two keys may share it, so it only saves trying the others."""
    return base64.urlsafe_b64encode(key)[:1].decode()


def _seal(key: bytes, packed: str, chat_id: int) -> str:
    digest = hmac.digest(key, f"{chat_id}\0{packed}".encode("utf-8", "surrogatepass"), "sha256")
    return _name(key) + base64.urlsafe_b64encode(digest[:9]).decode()
