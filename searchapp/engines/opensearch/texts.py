"""The normalized texts of hits, many at once: out of columns, without opening the documents."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from searchapp.engines.opensearch.queries import Query
from searchapp.engines.opensearch.snapshot import Snapshot

BY_PLACE = [{"order": "asc"}, {"position": "asc"}]
TEXTS_AT_ONCE = 2_000

COLUMNS: dict[str, Any] = {"_source": False, "stored_fields": "_none_"}
"""A search whose hits hold nothing but the columns it asks for."""


def texts(snapshot: Snapshot, query: Query) -> Iterator[tuple[str, str]]:
    """Paragraph id and normalized text of every block that matches."""
    body = {"query": query, **COLUMNS, "docvalue_fields": ["pid", "text"]}
    for hit in snapshot.scan(body, BY_PLACE, TEXTS_AT_ONCE):
        fields = hit["fields"]
        yield fields["pid"][0], _decoded(fields["text"][0])


def _decoded(column: str) -> str:
    """The cluster gives bytes in the other alphabet, and without padding."""
    return base64.urlsafe_b64decode(column + "=" * (-len(column) % 4)).decode("utf-8")
