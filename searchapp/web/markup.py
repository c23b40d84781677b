"""Text and spans to safe markup. Knows layers of spans and their tags; must not know why a span is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Literal

from markupsafe import Markup, escape

from searchapp.search.highlight import merged

Span = tuple[int, int]
Layer = Literal["run_in", "dim", "hit"]

_TAGS: dict[Layer, tuple[Markup, Markup]] = {
    "run_in": (Markup('<b class="run-in">'), Markup("</b>")),
    "dim": (Markup('<span class="dim">'), Markup("</span>")),
    "hit": (Markup("<mark>"), Markup("</mark>")),
}
"""Tags of each layer, outermost first."""


def marked(text: str, layers: Mapping[Layer, Iterable[Span]], start: int = 0, end: int | None = None) -> Markup:
    """``text[start:end]``, escaped, with the spans of each layer in its tags.

    Spans are code points of ``text``, end-exclusive; they may overlap, within a layer and across, and reach beyond the
    stretch shown.
    """
    end = len(text) if end is None else end
    clipped = {layer: _clipped(layers.get(layer, ()), start, end) for layer in _TAGS}
    edges = sorted({start, end, *(edge for spans in clipped.values() for span in spans for edge in span)})
    pieces: list[Markup] = []
    for left, right in pairwise(edges):
        piece = escape(text[left:right])
        for layer in reversed(_TAGS):
            if _covers(clipped[layer], left):
                opening, closing = _TAGS[layer]
                piece = opening + piece + closing
        pieces.append(piece)
    return Markup("").join(pieces)


def _clipped(spans: Iterable[Span], start: int, end: int) -> list[Span]:
    """Inside ``start``-``end`` and apart, in the order of a sweep: the next span stands last."""
    inside = sorted((max(left, start), min(right, end)) for left, right in spans)
    return merged(tuple(span for span in inside if span[0] < span[1]))[::-1]


def _covers(spans: list[Span], at: int) -> bool:
    """Whether a span covers ``at``; spans that ended before are dropped, so ``at`` must ascend from call to call."""
    while spans and spans[-1][1] <= at:
        spans.pop()
    return bool(spans) and spans[-1][0] <= at
