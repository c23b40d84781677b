"""A comparison as plain JSON values."""

from __future__ import annotations

from searchapp.search.result import ReportSummary
from searchapp.services.addresses import block_url
from searchapp.services.compare.values import Comparison, Side
from searchapp.services.payloads.compare import ComparisonJson, SideJson
from searchapp.services.payloads.encode import report_json

_DIGITS = 4


def comparison_json(build: str, found: Comparison) -> ComparisonJson:
    """A comparison; spans are code points of ``text``, end-exclusive; positions count from 0."""
    figures = found.figures
    return {
        "build": build,
        "a": report_json(found.a),
        "b": report_json(found.b),
        "counts": dict(figures.blocks),
        "characters": {"a": figures.characters_a, "b": figures.characters_b},
        "share_same": round(figures.share_same, _DIGITS),
        "share_alike": round(figures.share_alike, _DIGITS),
        "rows": [
            {
                "kind": row.kind,
                "similarity": round(row.similarity, _DIGITS),
                "a": _side_json(found.a, row.a),
                "b": _side_json(found.b, row.b),
            }
            for row in found.rows
        ],
    }


def _side_json(report: ReportSummary, side: Side | None) -> SideJson | None:
    if side is None:
        return None
    return {
        "paragraph_id": f"{report.report_id}-{side.block.key}",
        "block": side.block.kind,
        "position": side.position,
        "text": side.block.text,
        "changes": [list(span) for span in side.changes],
        "partner": side.partner,
        "url": block_url(report.report_id, side.block.key, side.position, report.blocks),
    }
