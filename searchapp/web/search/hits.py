"""A hit as a reader sees it: its place, the stretches that answer, blocks folded into it, and how its score is made."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from searchapp.language import Labels, later, tr, trn
from searchapp.reports.model import Block, Metadata
from searchapp.search.highlight import merged
from searchapp.search.result import Contribution, Hit
from searchapp.search.snippet import fragments
from searchapp.services.inferred_values import is_inferred
from searchapp.services.labels import BLOCK_LABELS, PART_LABELS, years_text
from searchapp.text.punctuation import CLAUSE_ENDS
from searchapp.web import labels
from searchapp.web.links import located_url, search_url
from searchapp.web.markup import Layer, Span, marked
from searchapp.web.search_state import SearchState

_CUT = Markup("<i>…</i>")


@dataclass(frozen=True, slots=True)
class SnippetView:
    """``html`` with an ellipsis where text is left out; ``further``: occurrences not in it, empty for none."""

    html: Markup
    further: str


@dataclass(frozen=True, slots=True)
class HitView:
    """``number``: place among all hits, from 1; ``position``: place in the report, from 1.

    ``found``: where in the block the first mark stands. ``unit_known`` and ``year_known``: how they are known, empty
    where the report states them. ``tags`` are topics and parts; ``notes`` small remarks such as the number of
    occurrences; ``block`` is empty for a plain paragraph.
    """

    number: int
    title: str
    url: str
    paragraph_id: str
    found: Span | None
    unit: str
    unit_known: str
    year: str
    year_known: str
    position: str
    block: str
    headings: tuple[str, ...]
    snippet: SnippetView
    tags: tuple[str, ...]
    notes: tuple[str, ...]
    alike: Alike | None
    explanation: Explanation | None
    source: str


def hit_view(hit: Hit, number: int, state: SearchState, asks_text: bool) -> HitView:
    """``number`` is the hit's place among all hits, from 1; ``asks_text``: whether there is text to be found."""
    located = hit.located
    block, meta = located.block, located.report.meta
    return HitView(
        number=number,
        title=meta.title or tr("（无题目）"),
        url=located_url(located, state),
        paragraph_id=located.paragraph_id,
        found=next(iter(hit.highlights), None),
        unit=meta.unit or tr("单位未注明"),
        unit_known=_known(meta, "unit"),
        year=years_text(meta) if meta.year is not None else tr("年份未注明"),
        year_known=_known(meta, "year"),
        position=labels.number(located.position + 1),
        block="" if block.kind == "paragraph" else BLOCK_LABELS[block.kind],
        headings=_path(block, hit.highlights),
        snippet=snippet_view(block, hit.highlights),
        tags=tuple(
            dict.fromkeys((*(cue.topic for cue in block.topics), *(part.part for part in block.parts))),
        ),
        notes=tuple(_notes(hit, asks_text)),
        alike=alike(hit, state),
        explanation=explanation(hit),
        source=labels.source_label(block.source),
    )


def _known(meta: Metadata, field: str) -> str:
    """How ``field`` is known, where no words of the report state it; else empty."""
    return labels.EVIDENCE_LABELS[meta.evidence[field]] if is_inferred(meta, field) else ""


def _path(block: Block, highlights: tuple[Span, ...]) -> tuple[str, ...]:
    """The headings above the text that is shown, without one that the text itself begins with."""
    if not block.headings or not block.text.startswith(block.headings[-1]):
        return block.headings
    begins_shown = fragments(block.text, highlights).stretches[:1]
    return block.headings[:-1] if begins_shown and begins_shown[0].start == 0 else block.headings


def snippet_view(block: Block, highlights: tuple[Span, ...]) -> SnippetView:
    """The stretches of ``block`` that answer best, marked."""
    snippet = fragments(block.text, highlights)
    pieces: list[Markup] = []
    before = 0
    for fragment in snippet.stretches:
        layers: dict[Layer, tuple[Span, ...]] = {"hit": tuple(merged(fragment.marks)), "dim": block.marks}
        pieces += [_CUT] if fragment.start > before else []
        pieces.append(marked(block.text, layers, fragment.start, fragment.end))
        before = fragment.end
    pieces += [_CUT] if before < len(block.text) else []
    return SnippetView(Markup("").join(pieces), labels.number(snippet.further) if snippet.further else "")


def _notes(hit: Hit, asks_text: bool) -> list[str]:
    if hit.occurrences > 1:
        return [trn("{count:,} 处", hit.occurrences)]
    if hit.occurrences == 0 and asks_text and hit.highlights:
        return [tr("按词匹配")]
    return []


LEAST_CHARACTERS = 8
"""A shorter wording stands in many blocks that are not alike."""
MOST_CHARACTERS = 60

# What may differ between them (searchapp.search.near_duplicates), and what has a meaning inside a phrase.
_BETWEEN = re.compile(r"[\d×xX○□△◯\"＂*＊{}｛｝\\\n]+")
_EDGES = CLAUSE_ENDS + "，、…,. 　"


@dataclass(frozen=True, slots=True)
class Alike:
    """``url``: the search that shows them; ``None`` when their wording is too short to look for."""

    count: str
    url: str | None


def alike(hit: Hit, state: SearchState) -> Alike | None:
    """Those folded into ``hit``; the filters of ``state`` stay. ``None`` when there are none."""
    if not hit.alike:
        return None
    wording = common_wording(hit.located.block)
    url = None
    if len(wording) >= LEAST_CHARACTERS:
        unfolded = state.without("fold").without("group").without("match")
        url = search_url(unfolded.replacing("q", f'"{wording}"').replacing("punct", "ignore"))
    return Alike(labels.number(hit.alike), url)


def common_wording(block: Block) -> str:
    """The beginning of the longest stretch of ``block`` that all blocks alike have but for punctuation."""
    text = block.text
    for start, end in block.marks:
        text = text[:start] + "\n" * (end - start) + text[end:]
    stretches = [stretch.strip(_EDGES) for stretch in _BETWEEN.split(text)]
    return max(stretches, key=len)[:MOST_CHARACTERS]


MATCHED_LABELS = Labels({True: later("一字不差"), False: later("按词")})
"""How a clause matches: as it is written, or by its words anywhere in the block."""
_NONE = "—"


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """A clause: how it matches, its share of the score by part, and all its share."""

    clause: str
    matched: str
    shares: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """``parts`` head the columns of the rows' ``shares``; ``score`` is the hit's."""

    parts: tuple[str, ...]
    rows: tuple[ExplanationRow, ...]
    score: str


def explanation(hit: Hit) -> Explanation | None:
    """The table of a hit; ``None`` when nothing is explained."""
    if not hit.explanation:
        return None
    found = [part for contribution in hit.explanation for part, _ in contribution.parts]
    parts = list(dict.fromkeys([*(part for part in PART_LABELS if part in found), *found]))
    return Explanation(
        parts=tuple(PART_LABELS.get(part, part) for part in parts),
        rows=tuple(_row(contribution, parts) for contribution in hit.explanation),
        score=_share(hit.score),
    )


def _row(contribution: Contribution, parts: list[str]) -> ExplanationRow:
    shares = dict(contribution.parts)
    return ExplanationRow(
        clause=contribution.text,
        matched=MATCHED_LABELS[contribution.literal] if contribution.literal or "words" in shares else _NONE,
        shares=tuple(_share(shares[part]) if part in shares else _NONE for part in parts),
        total=_share(sum(shares.values())),
    )


def _share(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
