"""Near-identical blocks: a key that blocks share when they differ only in digits, masks and punctuation."""

from __future__ import annotations

import hashlib
import re

from searchapp.text.punctuation import blind

_KEY_BYTES = 8
# Digits of every script; what stands for a hidden name or number (××局, ○○市, xx).
_LEFT_OUT = re.compile(r"\d+|[×○□△◯]+|x{2,}")


def fold_key(text: str) -> int:
    """The key of a normalized text, 0 … 2**64-1; a text of nothing but such signs has a key of its own."""
    kept = _LEFT_OUT.sub("", blind(text)) or text
    return int.from_bytes(hashlib.blake2b(kept.encode("utf-8"), digest_size=_KEY_BYTES).digest(), "big")
