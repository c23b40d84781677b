"""A block as plain JSON values: the part of a hit's shape that does not depend on a query."""

from __future__ import annotations

from searchapp.reports.model import Block
from searchapp.services.answers import Json, block_url


def block_json(report_id: str, block: Block, position: int) -> Json:
    """A block; ``position`` is its place in the report, from 0; spans are code points, end-exclusive."""
    return {
        "paragraph_id": f"{report_id}-{block.key}",
        "report_id": report_id,
        "position": position,
        "block": block.kind,
        "level": block.level,
        "section": {
            "headings": list(block.headings),
            "parts": list(dict.fromkeys(span.part for span in block.parts)),
            "topics": [cue.topic for cue in block.topics],
        },
        "text": block.text,
        "run_in": None if block.run_in is None else list(block.run_in),
        "marks": [list(span) for span in block.marks],
        "source": {
            "file": block.source.file,
            "line": block.source.line,
            "column": block.source.column,
            "page": block.source.page,
        },
        "url": block_url(report_id, block.key),
    }
