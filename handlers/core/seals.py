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
        keys = [hashlib.sha256(b"kumpel seal\0" + secret.encode()).digest() for secret in secrets]
        self._keys = {base64.urlsafe_b64encode(key)[:1].decode(): key for key in reversed(keys)}
        self._current = base64.urlsafe_b64encode(keys[0])[:1].decode()

    def seal(self, packed: str, chat_id: int) -> str:
        """Return the token for a packed action in one of our chats."""
        return f"{packed}{self._current}{self._mac(self._keys[self._current], packed, chat_id)}"

    def open(self, token: str, chat_id: int) -> str:
        """Return what was sealed.

        Raises:
            BadSealError: The token is foreign, changed, or of another chat.
        """
        packed, seal = token[:-SEAL_LENGTH], token[-SEAL_LENGTH:]
        key = self._keys.get(seal[:1])
        mac = self._mac(key, packed, chat_id) if key and packed else ""
        if not mac or not hmac.compare_digest(seal[1:].encode(), mac.encode()):
            raise BadSealError("this control is not from this chat")
        return packed

    @staticmethod
    def _mac(key: bytes, packed: str, chat_id: int) -> str:
        digest = hmac.digest(key, f"{chat_id}\0{packed}".encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest[:9]).decode()
