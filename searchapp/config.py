"""Settings of one run: where the index is, which engine, where to serve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_INDEX = Path("index")
DEFAULT_ENGINE = "whoosh"
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 5000


@dataclass(frozen=True, slots=True)
class Settings:
    """``index`` is the index folder; ``engine`` a name that ``wiring`` knows.

    ``opensearch_url`` (commas between several) and ``opensearch_prefix`` take the place of the environment's
    (docs/opensearch.md); they hold no user names.
    """

    index: Path = DEFAULT_INDEX
    engine: str = DEFAULT_ENGINE
    opensearch_url: str = ""
    opensearch_prefix: str = ""
