"""Paragraphs put together again from the lines of pages. Knows margins and indents, nothing of PDF itself.

GB/T 9704 sets a paragraph's first line in by two characters and lets its last line end short; both are told from the
page's own margins. Headers and footers are lines that come again near the same edge of many pages; they are yielded
last, as furniture, so that the numbers of paragraphs are those that a reader of the text would count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from searchapp.reports.readers.lines import SourceLine
from searchapp.reports.readers.pdf.glyphs import join_lines, tidy
from searchapp.reports.readers.pdf.lines import VisualLine
from searchapp.text.punctuation import CLAUSE_ENDS

EDGE_SHARE = 0.14
"""Headers and footers stand within this share of the page's height from its upper or lower edge."""
MIN_REPEAT_SHARE = 0.3
_MIN_REPEATS = 3
_EDGE_LINES = 3
_INDENT_EMS = 1.2
_SHORT_EMS = 2.5
_PITCH_SLACK = 1.45
_WIDE_SHARE = 0.6
_SIZE_SLACK = 0.15
_MIN_FLUSH_SHARE = 0.3
_TAIL_CHARACTERS = 100
_OVERHANGS = 10
"""Of so many lines one may hang over the right margin by a punctuation mark."""

_DASH = r"[-‐-―─－~·.\s]*+"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}(?:第\s*+)?(?:\d{{1,4}}|[IVXLivxl]{{1,6}})(?:\s*+页)?(?:\s*+[/／,，]?\s*+共?\s*+\d{{1,4}}\s*+页?)?{_DASH}"
    r"|(?:Page|PAGE|page)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?"
    r"|第\s*[一二三四五六七八九十百]+\s*页"
)
_DIGITS = re.compile(r"\d+")
_MARK = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)|[①-⑳]|第[一二三四五六七八九十]{1,3}[章节条]"
)
_SENTENCE_END = re.compile(rf"[{CLAUSE_ENDS}][”’」』）)]*$")


@dataclass(frozen=True, slots=True)
class _Measure:
    """The body of a page: its margins, and the usual distance of its lines and size of its letters, in points.

    ``sets_in`` tells that first lines are set in: enough others begin at the left margin itself.
    """

    left: float
    right: float
    pitch: float
    size: float
    sets_in: bool


def join_paragraphs(
    pages: Sequence[Sequence[VisualLine]], asides: Mapping[int, str] | None = None
) -> tuple[SourceLine, ...]:
    """The paragraphs of all pages, numbered from 1, each with the page on which it begins; then all furniture.

    ``asides`` are texts by page that are known to be furniture (watermarks). No character of ``pages`` is lost but the
    hyphens of words divided at a line end.
    """
    shown = [[line for line in body if line.text.strip()] for body in pages]
    edges = _furniture(shown)
    bodies = [[line for line in body if id(line) not in edges] for body in shown]
    furniture = [(line.text, line.page) for body in shown for line in body if id(line) in edges]
    furniture.extend((text, page) for page, text in (asides or {}).items())
    measures = _measures([[line for line in body if not line.is_row] for body in bodies])
    texts: list[tuple[list[str], int, bool]] = []
    last: VisualLine | None = None
    table_head = ""
    for body, measure in zip(bodies, measures, strict=True):
        for line in body:
            if line.is_row and last is not None and last.is_row:
                if line.page > last.page and line.text == table_head:
                    # The head of a table comes again on each page that the table goes on to.
                    furniture.append((line.text, line.page))
                    continue
            elif line.is_row:
                table_head = line.text
            if last is None or _begins(line, last, measure, measures[last.page - 1]):
                texts.append(([line.text], line.page, line.is_row))
            else:
                _add_line(texts[-1][0], line.text)
            last = line
    furniture.sort(key=lambda each: each[1])
    kept = [("".join(parts) if is_row else tidy("".join(parts)), page, is_row, False) for parts, page, is_row in texts]
    kept += [(tidy(text), page, False, True) for text, page in furniture]
    kept = [line for line in kept if line[0]]
    return tuple(
        SourceLine(text, number, page=page, is_table_row=is_row, is_furniture=is_furniture)
        for number, (text, page, is_row, is_furniture) in enumerate(kept, 1)
    )


def _add_line(parts: list[str], line: str) -> None:
    """Joins a line to a paragraph, whose last part is kept short: only its end has a say in how they join."""
    joined = join_lines(parts[-1], line)
    parts[-1:] = [joined[:-_TAIL_CHARACTERS], joined[-_TAIL_CHARACTERS:]] if len(joined) > 1_000 else [joined]


def _furniture(pages: Sequence[Sequence[VisualLine]]) -> set[int]:
    """The ``id`` of every line that is a header, a footer or a page number."""
    seen: Counter[tuple[str, str]] = Counter()
    for body in pages:
        seen.update({_edge_key(line) for line in _edge_lines(body)})
    needed = max(_MIN_REPEATS, MIN_REPEAT_SHARE * sum(1 for body in pages if body))
    return {
        id(line)
        for body in pages
        for line in _edge_lines(body)
        if seen[_edge_key(line)] >= needed or _is_page_number(line)
    }


def _edge_lines(body: Sequence[VisualLine]) -> list[VisualLine]:
    """The outermost lines of a page, those near its upper and lower edge."""
    ordered = sorted(body, key=lambda line: line.top)
    top = [line for line in ordered[:_EDGE_LINES] if line.bottom < EDGE_SHARE * line.height]
    edge = top + [line for line in ordered[-_EDGE_LINES:] if line.top > (1 - EDGE_SHARE) * line.height]
    return [line for line in edge if not line.is_row]


def _edge_key(line: VisualLine) -> tuple[str, str]:
    text = _DIGITS.sub("#", "".join(line.text.split()))
    return ("top" if line.top < line.height / 2 else "bottom", text)


def _is_page_number(line: VisualLine) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _measures(bodies: Sequence[Sequence[VisualLine]]) -> list[_Measure]:
    """The measure of each page; a page with few lines takes over what pages of its parity have."""
    own = [_measure(body) for body in bodies]
    lefts = [[own[i].left for i in range(parity, len(own), 2) if len(bodies[i]) > 5] for parity in (0, 1)]
    rights = [[own[i].right for i in range(parity, len(own), 2) if len(bodies[i]) > 5] for parity in (0, 1)]
    result = []
    for index, measure in enumerate(own):
        left, right = measure.left, measure.right
        known_left = lefts[index % 2] or lefts[1 - index % 2]
        known_right = rights[index % 2] or rights[1 - index % 2]
        if known_left and len(bodies[index]) <= 5:
            left = min(left, median(known_left))
        if known_right:
            right = max(right, median(known_right)) if len(bodies[index]) <= 5 else right
        result.append(_Measure(left, right, measure.pitch, measure.size, measure.sets_in or len(bodies[index]) <= 5))
    return result


def _measure(body: Sequence[VisualLine]) -> _Measure:
    if not body:
        return _Measure(0, 0, 0, 0, False)
    size = median(line.size for line in body)
    ordinary = [line for line in body if abs(line.size - size) <= _SIZE_SLACK * size] or list(body)
    right = sorted(line.right for line in ordinary)[-1 - (len(ordinary) + 5) // _OVERHANGS]
    widest = max(line.right - line.left for line in ordinary)
    wide = [line.left for line in ordinary if line.right - line.left >= _WIDE_SHARE * widest]
    left = min(wide or [line.left for line in ordinary])
    steps = [b.top - a.top for a, b in pairwise(ordinary) if 0 < b.top - a.top < 6 * size]
    flush = sum(line.left - left < 0.5 * size for line in ordinary)
    return _Measure(left, right, median(steps) if steps else 2 * size, size, flush >= _MIN_FLUSH_SHARE * len(ordinary))


def _begins(line: VisualLine, last: VisualLine, here: _Measure, there: _Measure) -> bool:
    """Whether ``line`` begins a paragraph, seen from the line before it."""
    em = max(min(line.size, last.size), 1.0)
    if line.is_row or last.is_row:
        return True
    if abs(line.size - last.size) > _SIZE_SLACK * max(line.size, last.size):
        return True
    same_page = line.page == last.page
    step = line.top - last.top
    if same_page and (step > _PITCH_SLACK * max(here.pitch, em) or step < -em):
        # A step upwards is the next column: the indents there have other margins.
        return step > 0 or _SENTENCE_END.search(last.text) is not None
    indent = line.left - here.left
    last_indent = last.left - there.left
    if _is_centred(last, there, em) and _is_centred(line, here, em):
        # A title over two lines: the first is nearly full.
        return last.right - last.left < _WIDE_SHARE * (there.right - there.left) or bool(
            _SENTENCE_END.search(last.text)
        )
    if last.right < there.right - _SHORT_EMS * em:
        return True
    ends = _SENTENCE_END.search(last.text) is not None
    if indent > _INDENT_EMS * em:
        # A block that is set in as a whole goes on at the same indent.
        return here.sets_in or ends or abs(indent - last_indent) > 0.5 * em or _MARK.match(line.text) is not None
    return ends and _MARK.match(line.text) is not None


def _is_centred(line: VisualLine, measure: _Measure, em: float) -> bool:
    before, after = line.left - measure.left, measure.right - line.right
    return before > 0.5 * em and after > 0.5 * em and abs(before - after) < 1.5 * em
