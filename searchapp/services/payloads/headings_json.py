"""The list of headings as plain JSON values."""

from __future__ import annotations

from searchapp.services.addresses import block_url
from searchapp.services.headings import HeadingsList, ReportHeadings
from searchapp.services.payloads.encode import diagnostic_json
from searchapp.services.payloads.listings import HeadingsJson, ReportHeadingsJson


def headings_json(found: HeadingsList) -> HeadingsJson:
    """A page of the list; ``total`` counts reports."""
    return {
        "query": found.query,
        "build": found.build,
        "depth": found.depth,
        "total": found.total,
        "page": found.page,
        "per_page": found.per_page,
        "reports": [_report_json(report) for report in found.reports],
        "diagnostics": [diagnostic_json(told) for told in found.diagnostics],
    }


def _report_json(found: ReportHeadings) -> ReportHeadingsJson:
    summary = found.summary
    return {
        "report_id": summary.report_id,
        "title": summary.meta.title,
        "unit": summary.meta.unit,
        "year": summary.meta.year,
        "kind": summary.meta.kind,
        "hits": found.hits,
        "headings": [
            {
                "depth": heading.depth,
                "text": heading.text,
                "run_in": heading.run_in,
                "paragraph_id": f"{summary.report_id}-{heading.key}",
                "url": block_url(summary.report_id, heading.key, heading.position, summary.blocks),
            }
            for heading in found.headings
        ],
    }
