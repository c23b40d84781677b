"""Near-identical blocks: a key that blocks share when they differ only in digits, masks and punctuation."""

from __future__ import annotations

import hashlib
import re

from searchapp.text.punctuation import blind, is_punctuation

FOLD_KEY_BYTES = 8
# Digits of every script; what stands for a hidden name or number (××局, ○○市, xx).
_MASKS = "×○□△◯"
_LEFT_OUT = re.compile(rf"\d+|[{_MASKS}]+|x{{2,}}")


def fold_key(text: str) -> int:
    """The key of a normalized text, 0 … 2**64-1; a text of nothing but such signs has a key of its own."""
    kept = _LEFT_OUT.sub("", blind(text)) or text
    return int.from_bytes(hashlib.blake2b(kept.encode("utf-8"), digest_size=FOLD_KEY_BYTES).digest(), "big")


def is_left_out(char: str) -> bool:
    """Whether keys leave ``char`` out wherever it stands; an ``x`` is left out beside another one."""
    return char.isdecimal() or char in _MASKS or is_punctuation(char)
