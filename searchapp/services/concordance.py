"""The concordance (KWIC): one line for every occurrence of the text that a search asks for.

Lines are exactly the occurrences that the search counts: those of every clause, each meaning once; a block that holds
only the jieba words of a word has none. Lines are sorted by what stands beside the keyword, in normal form and by code
point, so that the same continuations stand together; places are kept while sorting, texts are not.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from searchapp.engines.base import Passage
from searchapp.errors import ParameterError, QueryRefusedError
from searchapp.language import tr, trn
from searchapp.query import Diagnostic
from searchapp.search.highlight import keyword_spans
from searchapp.search.params import MAX_PAGE, Parameters
from searchapp.search.request import MAX_PER_PAGE
from searchapp.search.result import Counts, LocatedBlock
from searchapp.search.schema import SORTS
from searchapp.services.library import Library
from searchapp.services.result_set import WholeRequest, choice_of, number_of, value_of, whole_request
from searchapp.text.normalize import normalize_with_map
from searchapp.time_limit import watched

LineSort = Literal["document", "right", "left"]
LINE_SORTS: tuple[LineSort, ...] = ("document", "right", "left")

DEFAULT_LINES = 50
DEFAULT_WIDTH = 20
MAX_WIDTH = 200
KEY_CHARACTERS = 20
"""How far beside the keyword sorting looks, in normalized characters."""

MAX_SORTED_LINES = 200_000
"""More lines are not sorted by their neighbours: sorting keeps about 400 bytes a line."""

_SORTS: dict[str, LineSort] = {**{each: each for each in LINE_SORTS}, **dict.fromkeys(SORTS, "document")}
"""The orders of a search mean document order here, so that a state can change its view."""


@dataclass(frozen=True, slots=True)
class KwicLine:
    """One occurrence: ``span`` of the block's text (original code points) and what stands around it, as written.

    ``clause`` as typed. ``left`` and ``right`` end where the block does.
    """

    located: LocatedBlock
    clause: str
    span: tuple[int, int]
    left: str
    keyword: str
    right: str


@dataclass(frozen=True, slots=True)
class AskedLines:
    """A search as lines: ``counts`` are the search's, ``total`` (its occurrences) the number of lines."""

    asked: WholeRequest
    counts: Counts
    total: int
    sort: LineSort
    width: int


@dataclass(frozen=True, slots=True)
class Concordance:
    """One page of lines. ``total`` counts lines."""

    query: str
    build: str
    sort: LineSort
    width: int
    total: int
    counts: Counts
    page: int
    per_page: int
    lines: tuple[KwicLine, ...]
    diagnostics: tuple[Diagnostic, ...]


_Place = tuple[str, int, Callable[[], LocatedBlock], int, int, int]
"""Sort key, number among all lines (from 0), the block, span of its normalized text, number of the clause."""


def concordance(library: Library, params: Parameters, counts: Counts | None = None) -> Concordance:
    """A page of lines: the parameters of a search; ``sort`` (document, right, left) and ``width``.

    ``counts``: those of the same search, where they are known. Raises ``RequestError``.
    """
    wanted = asked_lines(library, params, counts)
    page = number_of(params, "page", 1, MAX_PAGE)
    per_page = number_of(params, "per_page", DEFAULT_LINES, MAX_PER_PAGE)
    begin, end = (page - 1) * per_page, page * per_page
    return Concordance(
        query=wanted.asked.query,
        build=library.build,
        sort=wanted.sort,
        width=wanted.width,
        total=wanted.total,
        counts=wanted.counts,
        page=page,
        per_page=per_page,
        lines=tuple(_page(library, wanted, begin, end)) if begin < wanted.total else (),
        diagnostics=(*wanted.asked.diagnostics, *_why_no_lines(wanted)),
    )


def sorts_lines(params: Parameters) -> bool:
    """Whether ``params`` ask for an order by neighbours: then every line is looked at for any page of them."""
    return _SORTS.get(value_of(params, "sort"), "document") != "document"


def asked_lines(library: Library, params: Parameters, counts: Counts | None = None) -> AskedLines:
    """What ``params`` ask for, counted. Raises ``RequestError``, also for more lines than are sorted."""
    sort = choice_of(params, "sort", _SORTS)
    width = number_of(params, "width", DEFAULT_WIDTH, MAX_WIDTH)
    sought = whole_request(library, params, "sort", "page", "per_page")
    if counts is None:
        counts = library.reader.counts(sought.request, occurrences=True)
    if (total := counts.occurrences) is None:
        raise QueryRefusedError(
            tr("命中 {count:,} 段，太多，没有逐处数，不能逐处列出；请先缩小范围", count=counts.paragraphs)
        )
    if sort != "document" and total > MAX_SORTED_LINES:
        raise ParameterError(
            "sort",
            tr(
                "共 {occurrences:,} 处，超过 {most:,} 处，不能按左文、右文排序；"
                "请先缩小范围，或按原文次序排列（sort=document）。",
                occurrences=total,
                most=MAX_SORTED_LINES,
            ),
        )
    return AskedLines(sought, counts, total, sort, width)


def all_lines(library: Library, wanted: AskedLines) -> Iterator[KwicLine]:
    """Every line, in order."""
    return _page(library, wanted, 0, wanted.total)


def _page(library: Library, wanted: AskedLines, begin: int, end: int) -> Iterator[KwicLine]:
    """Lines ``begin`` to ``end``. Of sorted ones only the first ``end`` places are kept."""
    places = _places(wanted, library.reader.passages(wanted.asked.request))
    if wanted.sort != "document":
        places = iter(heapq.nsmallest(end, places))
    return _lines(wanted, islice(places, begin, end))


def _places(wanted: AskedLines, passages: Iterable[Passage]) -> Iterator[_Place]:
    """Every occurrence, in document order; in a block by start, end and clause."""
    number = 0
    for passage in passages:
        text = passage.text
        spans = sorted(
            (*span, of)
            for of, clause in enumerate(wanted.asked.compiled.clauses)
            for span in keyword_spans(clause, text)
        )
        for start, end, of in spans:
            yield _key(wanted.sort, text, start, end), number, passage.located, start, end, of
            number += 1


def _key(sort: LineSort, text: str, start: int, end: int) -> str:
    match sort:
        case "right":
            return text[end : end + KEY_CHARACTERS]
        case "left":
            return text[max(0, start - KEY_CHARACTERS) : start][::-1]
        case "document":
            return ""


def _lines(wanted: AskedLines, places: Iterable[_Place]) -> Iterator[KwicLine]:
    before: Callable[[], LocatedBlock] | None = None
    for _, _, located_of, begin, stop, of in watched(places):
        if located_of is not before:
            located, before = located_of(), located_of
            text = located.block.text
            normalized = normalize_with_map(text, located.block.marks)
        start, end = normalized.original_span(begin, stop)
        yield KwicLine(
            located=located,
            clause=wanted.asked.compiled.clauses[of].clause.text,
            span=(start, end),
            left=text[max(0, start - wanted.width) : start],
            keyword=text[start:end],
            right=text[end : end + wanted.width],
        )


def _why_no_lines(wanted: AskedLines) -> Iterator[Diagnostic]:
    if not wanted.asked.compiled.clauses:
        yield Diagnostic(tr("检索式里没有要找的文字，没有可以逐处列出的"))
    elif wanted.counts.paragraphs and not wanted.total:
        yield Diagnostic(trn("{count} 段都只是含有这些词，没有一处是连在一起的原文", wanted.counts.paragraphs))
