"""What readers see in place of the names that programs read: kinds of block, shares of a score, a report's years."""

from __future__ import annotations

from collections.abc import Mapping

from searchapp.language import Labels, from_to, later, listed, tr
from searchapp.reports.model import BlockKind, Metadata

BLOCK_LABELS: Mapping[BlockKind, str] = Labels(
    {
        "title": later("题目"),
        "addressee": later("主送"),
        "heading": later("小标题"),
        "paragraph": later("正文"),
        "table": later("表格"),
        "signature": later("落款"),
        "note": later("注释"),
        "annex": later("附件"),
    }
)
"""What the kinds of block are called."""

PART_LABELS: Mapping[str, str] = Labels(
    {
        "literal": later("字面"),
        "words": later("正文词"),
        "headings": later("小标题词"),
        "title": later("题目词"),
        "closeness": later("相距"),
        "bigrams": later("二字组"),
        "characters": later("单字"),
        "feedback": later("反馈"),
        "neighbours": later("前后段"),
        "length": later("篇幅"),
    }
)
"""What a share of a score comes from (docs/inside/ranking.md); an unknown part is shown by its own name."""


def years_text(meta: Metadata) -> str:
    """A report's year as a reader sees it: ``2025年（回顾2024、安排2025）``; 未注明 when unknown."""
    if meta.year is None:
        return tr("未注明")
    spans = []
    if meta.review_to is not None and meta.review_to != meta.year:
        span = str(meta.review_to)
        if meta.review_from is not None and meta.review_from != meta.review_to:
            span = from_to(meta.review_from, meta.review_to)
        spans.append(tr("回顾{span}", span=span))
    if meta.plan_year is not None:
        spans.append(tr("安排{plan_year}", plan_year=meta.plan_year))
    if not spans:
        return tr("{year}年", year=meta.year)
    return tr("{year}年（{told}）", year=meta.year, told=listed(spans))
