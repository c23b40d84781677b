"""The Whoosh schema: words as keywords with frequencies, no positions (literal/ decides phrases)."""

from __future__ import annotations

from whoosh import fields

DOCUMENT_MAP = "documents"
"""The array of Whoosh's document numbers to block ordinals; -1 for deleted documents."""
DOCUMENT_IDS = "document_ids"
"""The array of Whoosh's document numbers to paragraph ids."""
REPORT_STARTS = "report_starts"
"""The ordinal of the first block of every report, and the number of blocks."""
OF_REPORT = "title"
"""The field that stands once a report, at its first block, and holds for all blocks of it."""


def whoosh_schema() -> fields.Schema:
    """``words``, ``headings`` and ``title`` take lists of jieba words; ``id`` is the paragraph id."""
    return fields.Schema(
        id=fields.STORED(),
        report=fields.ID(),
        words=fields.KEYWORD(scorable=True),
        headings=fields.KEYWORD(scorable=True),
        title=fields.KEYWORD(scorable=True),
    )
