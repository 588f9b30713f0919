"""One-time codes: a role for whoever sends one to the bot. The store keeps only their hashes."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0, 1: nobody confuses two of these."""

CODE_VALID = timedelta(hours=24)

_HALF = r"[A-HJKMNP-Z2-9]{4}"
_MIXED = rf"(?=[A-Z]{{0,3}}[2-9])(?=[2-9]{{0,3}}[A-Z]){_HALF}"
_CODE = rf"(?:{_HALF}\s?[-–]\s?{_HALF}|{_MIXED}\s*[-–]?\s*{_MIXED})"
PATTERN = rf"\W*(?:(?:mein |my )?code\W+)?(?=.*\d){_CODE}\W*"
"""A message that is a code, perhaps announced as one. Each code holds a digit, so that no word looks like one; one
whose halves both have letters and digits may come without the hyphen, too."""


def new_code() -> str:
    """Return a fresh code, ``XXXX-XXXX``: 38 bits, with letters and digits in both halves."""
    while True:
        halves = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2)]
        if all(re.fullmatch(_MIXED, half) for half in halves):
            return "-".join(halves)


def hash_code(typed: str) -> str:
    """Return what the store keeps of a code: SHA-256 in hex, the same for however it was typed."""
    found = re.search(_CODE, typed, re.IGNORECASE)
    code = (found[0] if found else typed).upper()
    return hashlib.sha256("".join(char for char in code if char in ALPHABET).encode()).hexdigest()
