"""A page of a concordance as plain JSON values, for the API and ``--json``."""

from __future__ import annotations

from searchapp.services.concordance import Concordance, KwicLine
from searchapp.services.payloads.encode import counts_json, diagnostic_json, placed_json
from searchapp.services.payloads.listings import ConcordanceJson, LineJson


def concordance_json(found: Concordance) -> ConcordanceJson:
    """``total`` counts lines; ``counts`` are those of the search."""
    return {
        "query": found.query,
        "build": found.build,
        "total": found.total,
        "page": found.page,
        "per_page": found.per_page,
        "sort": found.sort,
        "width": found.width,
        "counts": counts_json(found.counts),
        "lines": [line_json(line) for line in found.lines],
        "diagnostics": [diagnostic_json(told) for told in found.diagnostics],
    }


def line_json(line: KwicLine) -> LineJson:
    """One line; ``start`` and ``end`` are code points of the block's text, end-exclusive."""
    return {
        **placed_json(line.located),
        "left": line.left,
        "keyword": line.keyword,
        "right": line.right,
        "clause": line.clause,
        "start": line.span[0],
        "end": line.span[1],
    }
