"""Words of the library by their beginning, with exact numbers of blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.engines.base import Term
from searchapp.engines.opensearch.queries import ALL
from searchapp.engines.opensearch.snapshot import Snapshot

FIRST_WORDS = 2_000
MOST_WORDS = 40_000
_ESCAPED = r"\\\g<0>"
_SIGNS = re.compile(r'[.?+*|{}\[\]()"\\#@&<>~^$-]')


def terms(blocks: Snapshot, prefix: str, limit: int) -> Sequence[Term]:
    """Words that begin with ``prefix``, most frequent first, then by word."""
    if limit <= 0:
        return []
    size = max(FIRST_WORDS, limit)
    while size <= MOST_WORDS:
        values = {
            "field": "vocabulary",
            "size": limit,
            "shard_size": size,
            "order": [{"_count": "desc"}, {"_key": "asc"}],
            **({"include": _beginning(prefix)} if prefix else {}),
        }
        body = {"query": ALL, "size": 0, "track_total_hits": False, "aggs": {"words": {"terms": values}}}
        found = blocks.search(body)["aggregations"]["words"]
        if found["doc_count_error_upper_bound"] == 0:
            return [Term(bucket["key"], bucket["doc_count"]) for bucket in found["buckets"]]
        size *= 4
    counted = (
        Term(key["word"], count)
        for key, count in blocks.composite(ALL, [{"word": {"terms": {"field": "vocabulary"}}}])
        if key["word"].startswith(prefix)
    )
    return sorted(counted, key=lambda term: (-term.blocks, term.word))[:limit]


def _beginning(prefix: str) -> str:
    """The first character is written as a set of one, repeated once: that keeps the cluster from its short way for
    plain prefixes, which fails where no word is as great.
    """
    first, rest = (_SIGNS.sub(_ESCAPED, part) for part in (prefix[0], prefix[1:]))
    return f"[{first}]{{1}}{rest}.*"
