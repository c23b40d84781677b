"""A passage with its source: as officials write it, and by GB/T 7714.

Whatever is not known is left out. The place inside a report is told by the numbers of its headings, the outermost
and the innermost by their words where they have none.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from searchapp.reports.model import Block, Item, Metadata, Span
from searchapp.reports.structure.numbering import (
    RANK_CHAPTER,
    RANK_FIRST,
    RANK_FOURTH,
    RANK_ITEM,
    RANK_SECOND,
    RANK_SECTION,
    RANK_THIRD,
    Numbering,
    parse_number,
)
from searchapp.search.result import LocatedBlock, ReportSummary
from searchapp.services.citation.passages import items_touched

MAX_QUOTED_HEADING = 24
"""A longer heading without a number is shortened when it names a place."""

_HAN_DIGITS = "一二三四五六七八九"
_AROUND_A_NUMBER = " 　、．.，,：:\t"
_TITLE_MARKS = str.maketrans("《》", "〈〉")
"""GB/T 15834-2011, 4.15.3.5: a title inside a title has single marks."""
_NOBODY_ISSUED = "[出版地不详: 出版者不详]"
_WHITE = re.compile(r"\s+")
_SUFFIXED = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".csv", ".docx", ".doc", ".wps"}) | {
    ".odt",
    ".rtf",
    ".pdf",
    ".xlsx",
    ".zip",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A source in two forms.

    ``official``: ``（市水务局党组，2023年，《…报告》第三部分“二是”）``. ``gbt7714``: the reference of a report by
    GB/T 7714-2015, ``[R/OL]`` with an address and the day it was looked up, ``[R]`` without (see :func:`reference`).
    """

    official: str
    gbt7714: str


def cite(
    located: LocatedBlock,
    found: Span | None = None,
    url: str | None = None,
    accessed: datetime.date | None = None,
) -> Citation:
    """The citation of ``located``, or of the stretch ``found`` of its text; ``url`` is its lasting whole address."""
    report = located.report
    return Citation(
        official=official_citation(located, found),
        gbt7714=reference(report.meta, title_of(report), located.block.source.page, url, accessed),
    )


def official_citation(located: LocatedBlock, found: Span | None = None) -> str:
    """The official form of :func:`cite`: ``（unit，year，《title》place）`` with what is known of it."""
    meta = located.report.meta
    title = title_of(located.report)
    items = () if found is None else items_touched(located.block, found)
    named = (f"《{title.translate(_TITLE_MARKS)}》" if title else "") + place_of(located.block, items)
    told = (_one_line(meta.unit or ""), "" if meta.year is None else f"{meta.year}年", named)
    return f"（{'，'.join(each for each in told if each) or '来源未注明'}）"


def title_of(report: ReportSummary) -> str:
    """The report's title, or the name of its file where it has none."""
    if title := _one_line(report.meta.title):
        return title
    if not report.sources:
        return ""
    name = PurePosixPath(report.sources[0].file)
    return _one_line(name.stem if name.suffix.lower() in _SUFFIXED else name.name)


def place_of(block: Block, items: Sequence[Item] = ()) -> str:
    """Where a block, or ``items`` of its list, stands in its report: ``第三部分第（二）点“一是”``; may be empty."""
    above = block.headings[:-1] if _opens_with_first_item(block) else block.headings
    headings = [_one_line(text) for text in (*above, *([block.text] if block.kind == "heading" else []))]
    told = "".join(_steps([text for text in headings if text]))
    if block.kind in ("paragraph", "annex") and block.run_in is None and not items and not block.items:
        told += _own_number(block.text)
    if items:
        told += _marks(items)
    if block.kind == "table":
        told += "表格"
    elif block.kind in ("note", "annex"):
        told = {"note": "注释", "annex": "附件"}[block.kind] + told
    return told


def _opens_with_first_item(block: Block) -> bool:
    """Whether the run-in heading of a paragraph is but the first item of its list: 一是… 二是… in one paragraph."""
    return block.run_in is not None and bool(block.items) and block.items[0].span[0] <= block.run_in[0]


def reference(
    meta: Metadata, title: str, page: int | None, url: str | None, accessed: datetime.date | None = None
) -> str:
    """The reference of a report by GB/T 7714-2015, in a list by numbers (顺序编码制).

    With ``url`` an electronic resource, without a publication on paper:

    - 4.6.2 and annex A.3: ``责任者. 题名[R/OL]. 出版年: 引文页码(更新或修改日期)[引用日期]. 获取和访问路径.``
      The year is left out where the date says it and there is no page. Place and publisher may be left out of what is
      electronic (8.4.1.3, 8.4.2.3).
    - 4.1.2 and annex A.3: ``责任者. 题名[R]. [出版地不详: 出版者不详], 出版年: 引文页码.`` Place and publisher have to
      be named, or said to be unknown, of what is on paper (8.4.1.3, 8.4.2.3); a report says neither.
    - Where nobody is known to be responsible it begins with the title (8.1.3); names of Chinese organs stand as they
      are, without dots between their levels (8.1.4).
    - The year reported on is not one of issue: it stands in square brackets, as an estimated year does (8.4.3.3).
    - Dates are whole, YYYY-MM-DD (8.4.4.2): of a date without its day the year alone is told.

    ``page`` is that of the source file.
    """
    parts = [_one_line(meta.unit or ""), f"{title or '题名不详'}[{'R/OL' if url else 'R'}]"]
    told = ". ".join(part for part in parts if part)
    day = meta.date if meta.date and len(meta.date) == len("2023-01-31") else None
    year = (meta.date or "")[:4] or ("" if meta.year is None else f"[{meta.year}]")
    cited = "" if page is None else f": {page}"
    if not url:
        return f"{told}. {_NOBODY_ISSUED}{f', {year}' if year else ''}{cited}."
    issued = f"{year}{cited}" if year else cited.removeprefix(": ")
    if day:
        issued = f"({day})" if page is None else f"{issued}({day})"
    looked_up = "" if accessed is None else f"[{accessed.isoformat()}]"
    return f"{told}.{f' {issued}{looked_up}.' if issued or looked_up else ''} {url}."


def _steps(headings: Sequence[str]) -> Iterator[str]:
    """Numbered headings by their numbers; the outermost and the innermost, where they have none, by their words."""
    inside = False
    for at, text in enumerate(headings):
        number = parse_number(text)
        if number is not None and not number.is_bullet:
            yield _step(text, number, inside)
        elif at in (0, len(headings) - 1):
            yield _quoted(text[number.end if number else 0 :], is_part=not inside)
        inside = True


def _step(text: str, number: Numbering, inside: bool) -> str:
    """A number of a heading as it is said; ``inside`` another numbered heading or not."""
    written = text[: number.end].strip(_AROUND_A_NUMBER)
    match number.rank:
        case rank if rank in (RANK_CHAPTER, RANK_SECTION):
            return written
        case rank if rank == RANK_FIRST:
            return f"第{written}点" if inside else f"第{written}部分"
        case rank if rank == RANK_SECOND:
            return f"第（{written.strip('（）()〔〕 ')}）点"
        case rank if rank == RANK_THIRD:
            return f"第{number.value}点"
        case rank if rank == RANK_FOURTH:
            return f"第（{number.value}）点"
        case rank if rank == RANK_ITEM:
            return f"“{written}”"
    return written


def _own_number(text: str) -> str:
    """The number a paragraph opens with, where it is one of a list."""
    number = parse_number(text)
    if number is None or number.is_bullet or number.rank < RANK_SECOND:
        return ""
    return _step(text, number, True)


def _marks(items: Sequence[Item]) -> str:
    """The marks of the first item and the last: “一是”, “一是”至“三是”, 第（二）点."""
    told = [_mark(item.mark) for item in (items[0], items[-1])]
    return told[0] if len(items) == 1 else "至".join(told)


def _mark(mark: str) -> str:
    number = parse_number(mark + "…")
    if number is not None and RANK_SECOND <= number.rank < RANK_ITEM:
        return _step(mark, number, True)
    return f"“{mark.strip(_AROUND_A_NUMBER)}”"


def _quoted(text: str, is_part: bool) -> str:
    """A heading without a number, by its words."""
    words = text.strip(_AROUND_A_NUMBER + "。；;")
    if len(words) > MAX_QUOTED_HEADING:
        words = words[:MAX_QUOTED_HEADING] + "…"
    if not words:
        return ""
    words = words.replace("“", "‘").replace("”", "’")
    return f"“{words}”部分" if is_part else f"“{words}”"


def _one_line(text: str) -> str:
    return _WHITE.sub(" ", text).strip()
