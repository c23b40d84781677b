"""A page of a concordance as plain JSON values, for the API and ``--json``."""

from __future__ import annotations

from typing import Any

from searchapp.search.schema import department_of
from searchapp.services.answers import block_url
from searchapp.services.concordance import Concordance, KwicLine

Json = dict[str, Any]


def concordance_json(found: Concordance) -> Json:
    """``total`` counts lines; ``counts`` are those of the search."""
    return {
        "query": found.query,
        "build": found.build,
        "total": found.total,
        "page": found.page,
        "per_page": found.per_page,
        "sort": found.sort,
        "width": found.width,
        "counts": {
            "occurrences": found.counts.occurrences,
            "paragraphs": found.counts.paragraphs,
            "reports": found.counts.reports,
            "units": found.counts.units,
        },
        "lines": [line_json(line) for line in found.lines],
        "diagnostics": [{"message": told.message, "start": told.start, "end": told.end} for told in found.diagnostics],
    }


def line_json(line: KwicLine) -> Json:
    """One line; ``start`` and ``end`` are code points of the block's text, end-exclusive."""
    located = line.located
    meta = located.report.meta
    return {
        "left": line.left,
        "keyword": line.keyword,
        "right": line.right,
        "clause": line.clause,
        "start": line.span[0],
        "end": line.span[1],
        "paragraph_id": located.paragraph_id,
        "report_id": located.report.report_id,
        "block": located.block.kind,
        "title": meta.title,
        "unit": meta.unit,
        "department": department_of(meta),
        "year": meta.year,
        "kind": meta.kind,
        "url": block_url(located.report.report_id, located.block.key),
    }
