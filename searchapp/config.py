"""Settings of one run: where the index is, which engine, where to serve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_INDEX = Path("index")
DEFAULT_ENGINE = "whoosh"
LARGE_ENGINE = "tantivy"
LARGE_LIBRARY_BLOCKS = 1_000_000
"""From so many blocks on the large engine is recommended in place of the default one: up to there both were measured to
be alike (docs/operating/engines.md)."""
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5000


@dataclass(frozen=True, slots=True)
class Settings:
    """``index`` is the index folder; ``engine`` a name that ``wiring`` knows, or none: the one of the index.

    ``opensearch_url`` (commas between several) and ``opensearch_prefix`` take the place of the environment's
    (docs/operating/opensearch.md); they hold no user names.
    """

    index: Path = DEFAULT_INDEX
    engine: str | None = None
    opensearch_url: str = ""
    opensearch_prefix: str = ""
