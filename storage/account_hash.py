"""An account without its name: a slow hash by which one that comes back is known again, and nothing else."""

from __future__ import annotations

import hashlib

HASH_COST = 2**12
"""Of scrypt: about 10 ms an account. Telegram's ids are few enough that a fast hash could be tried out."""


def account_hash(platform: str, account: str, salt: str) -> str:
    """Return the hash of a platform's account, in hex; ``salt`` in hex too."""
    name = f"{platform}:{account}".encode()
    return hashlib.scrypt(name, salt=bytes.fromhex(salt), n=HASH_COST, r=8, p=1, dklen=16).hex()
