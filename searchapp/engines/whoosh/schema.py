"""The Whoosh schema: words as keywords with frequencies, no positions (literal/ decides phrases)."""

from __future__ import annotations

from whoosh import fields

DOCUMENT_MAP = "documents"
"""The array of Whoosh's document numbers to block ordinals; -1 for deleted documents."""


def whoosh_schema() -> fields.Schema:
    """``words``, ``headings`` and ``title`` take lists of jieba words; ``id`` is the paragraph id."""
    return fields.Schema(
        id=fields.ID(stored=True),
        report=fields.ID(),
        words=fields.KEYWORD(scorable=True),
        headings=fields.KEYWORD(scorable=True),
        title=fields.KEYWORD(scorable=True),
    )
