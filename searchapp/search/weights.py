"""What the fields and the kinds of a block weigh in its score (docs/inside/ranking.md)."""

from __future__ import annotations

from typing import Literal

from searchapp.reports.model import BlockKind

WordField = Literal["words", "headings", "title"]
WORD_FIELD_WEIGHTS: dict[WordField, float] = {"words": 1.0, "headings": 0.4, "title": 0.2}
"""Weight of each word field's BM25 in a block's score."""

READ_KINDS: frozenset[BlockKind] = frozenset({"paragraph", "table", "note", "annex"})
SIGN_WEIGHT = 0.7
"""What scores of other kinds of block (titles, headings, addressees, signatures) are multiplied by: they lead to what a
reader wants, and would, being short, come before it."""
