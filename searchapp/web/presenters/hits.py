"""A hit as a reader sees it: where it stands, the stretch that answers, and the way to the original."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from searchapp.reports.model import Block
from searchapp.search.highlight import merged
from searchapp.search.result import Hit
from searchapp.search.snippet import best_fragment
from searchapp.services.answers import BLOCK_LABELS, years_text
from searchapp.web.links import report_url
from searchapp.web.marking import Layer, marked
from searchapp.web.presenters import labels


@dataclass(frozen=True, slots=True)
class HitView:
    """``tags`` are topics and parts; ``notes`` small remarks such as the number of occurrences; ``block`` is empty for
    a plain paragraph."""

    number: int
    title: str
    url: str
    unit: str
    year: str
    block: str
    headings: tuple[str, ...]
    snippet: Markup
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    source: str


def hit_view(hit: Hit, number: int, query: str, asks_text: bool) -> HitView:
    """``number`` is the hit's place among all hits, from 1; ``asks_text``: whether there is text to be found."""
    located = hit.located
    block, meta = located.block, located.report.meta
    return HitView(
        number=number,
        title=meta.title or "（无题目）",
        url=report_url(located.report.report_id, block.key, query),
        unit=meta.unit or f"单位{labels.UNKNOWN}",
        year=years_text(meta) if meta.year is not None else f"年份{labels.UNKNOWN}",
        block="" if block.kind == "paragraph" else BLOCK_LABELS[block.kind],
        headings=block.headings,
        snippet=snippet(block, hit.highlights),
        tags=tuple(
            dict.fromkeys((*(cue.topic for cue in block.topics), *(part.part for part in block.parts))),
        ),
        notes=tuple(_notes(hit, asks_text)),
        source=labels.source_label(block.source),
    )


def snippet(block: Block, highlights: tuple[tuple[int, int], ...]) -> Markup:
    """The stretch of ``block`` that answers best, marked, with an ellipsis where text is left out."""
    fragment = best_fragment(block.text, tuple(merged(highlights)))
    layers: dict[Layer, tuple[tuple[int, int], ...]] = {"hit": fragment.marks, "dim": block.marks}
    text = marked(block.text, layers, fragment.start, fragment.end)
    before = "…" if fragment.start > 0 else ""
    after = "…" if fragment.end < len(block.text) else ""
    return Markup("{}{}{}").format(before, text, after)


def _notes(hit: Hit, asks_text: bool) -> list[str]:
    if hit.occurrences > 1:
        return [f"{labels.number(hit.occurrences)} 处"]
    if hit.occurrences == 0 and asks_text and hit.highlights:
        return ["按词匹配"]
    return []
