"""Text and spans to safe markup: layers of spans in their tags, and places with numbers and anchors.

Every searched word has a number and an anchor, every item of a list an anchor. Without a script "3 / 17" is a link to
the next place and one to the place before, shown where the reader is (``:target``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from markupsafe import Markup, escape

from searchapp.language import tr
from searchapp.reports.model import Item
from searchapp.search.highlight import merged
from searchapp.web.http.languages import lang_of_page

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


@dataclass(frozen=True, slots=True)
class Places:
    """``hits``: spans to be marked, ascending and apart; the first has the number ``first`` of ``total`` (from 1).

    ``items``: the items of the block's list; ``key`` is the block's. ``url`` gives the address of the place with a
    number, ``#m-3`` or on another part of the report.
    """

    key: str
    hits: Sequence[Span] = ()
    first: int = 1
    total: int = 0
    items: Sequence[Item] = ()
    url: Callable[[int], str] = lambda number: f"#{place_anchor(number)}"


def place_anchor(number: int) -> str:
    """The anchor of the searched word with this number in the report."""
    return f"m-{number}"


def item_anchor(key: str, number: int) -> str:
    """The anchor of the item with this number, from 1, of the block ``key``."""
    return f"i-{key}-{number}"


def placed(
    text: str, layers: Mapping[Layer, Iterable[Span]], places: Places, start: int = 0, end: int | None = None
) -> Markup:
    """``text[start:end]`` marked, with the places that begin in it. A place that began before is marked only."""
    end = len(text) if end is None else end
    kept = {layer: list(spans) for layer, spans in layers.items()}
    kept["hit"] = [*kept.get("hit", ()), *places.hits]
    items = [(item.span[0], number) for number, item in enumerate(places.items, 1) if start <= item.span[0] < end]
    hits = [(hit, number) for number, hit in enumerate(places.hits, places.first) if start <= hit[0] < end]
    pieces: list[Markup] = []
    at = start

    def until(stop: int) -> None:
        nonlocal at
        if at < stop:
            pieces.append(marked(text, kept, at, stop))
            at = stop

    for (left, right), number in [*hits, ((end, end), 0)]:
        while items and items[0][0] < max(right, left + 1):
            until(min(items[0][0], left))
            pieces.append(_item(places, items.pop(0)[1]))
        until(left)
        if number:
            inside = marked(text, kept, at, min(right, end))
            pieces.append(_place(inside, number, places, is_first=number == places.first))
            at = min(right, end)
    until(end)
    return Markup("").join(pieces)


def _item(places: Places, number: int) -> Markup:
    name = item_anchor(places.key, number)
    mark = places.items[number - 1].mark
    return Markup('<a class="item" id="{}" href="#{}"{} aria-label="{}"></a>').format(
        name, name, lang_of_page(), tr("“{mark}”的地址", mark=mark)
    )


def _place(inside: Markup, number: int, places: Places, is_first: bool) -> Markup:
    """A marked word, and the way to the places before and after it.

    Numbers and signs are attributes: the text of the page stays that of the report, also where it is copied.
    """
    before = _step(places.url(number - 1), tr("上一处"), "‹") if number > 1 else Markup("")
    after = _step(places.url(number + 1), tr("下一处"), "›") if number < places.total else Markup("")
    steps = Markup('<span class="steps">{}<span data-place="{} / {}"></span>{}</span>').format(
        before, number, places.total, after
    )
    name = "place first" if is_first else "place"
    return Markup('<span class="{}" id="{}">{}{}</span>').format(name, place_anchor(number), inside, steps)


def _step(url: str, label: str, sign: str) -> Markup:
    return Markup('<a href="{}"{} aria-label="{}" data-place="{}"></a>').format(url, lang_of_page(), label, sign)
