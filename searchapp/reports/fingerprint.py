"""The fingerprint of reading: changes whenever the same file could be understood otherwise.

Knows the version of the reading rules and the bytes of the cue tables (which people may edit).
"""

from __future__ import annotations

import functools
import hashlib
from importlib import resources

READING_VERSION = 4
"""Raise it with every change of rules in this package that changes what is read out of a file."""


@functools.cache
def reading_fingerprint() -> str:
    """16 hexadecimal digits."""
    digest = hashlib.blake2b(f"R{READING_VERSION}".encode(), digest_size=8)
    tables = resources.files("searchapp.reports.cues")
    for table in sorted(tables.iterdir(), key=lambda table: table.name):
        if table.name.endswith(".toml"):
            digest.update(table.name.encode() + table.read_bytes())
    return digest.hexdigest()
