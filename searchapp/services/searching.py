"""Searching: a request to an answer, with what a reader should know about it.

One service for every door: the page, the API and the command line call :func:`search` and convert what it gives.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from searchapp.engines.base import Reader
from searchapp.query import Diagnostic
from searchapp.query.ast import text_clauses
from searchapp.search.params import Parameters, ParsedRequest, parse_request, printable
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import SearchResult
from searchapp.search.schema import ALL_KINDS, FACETS, NONE_VALUE
from searchapp.services.library import Library

_MAX_NAMED_VALUES = 5
_MAX_NAMED_CLAUSES = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """``query`` as typed, the build that answered, milliseconds taken, diagnostics of parsing and of the result."""

    query: str
    build: str
    took_ms: float
    request: SearchRequest
    result: SearchResult
    diagnostics: tuple[Diagnostic, ...]


def search(library: Library, params: Parameters) -> Answer:
    """Answers a search by its parameters. Raises ``RequestError`` for what cannot be answered."""
    return answer(library, parse_request(params))


def answer(library: Library, parsed: ParsedRequest) -> Answer:
    """Answers an already parsed request."""
    began = time.perf_counter()
    result = library.reader.search(parsed.request)
    told = [*parsed.diagnostics, *_unknown_values(parsed.request, result)]
    if result.total == 0:
        told.extend(_why_nothing(library.reader, parsed.request))
    took_ms = (time.perf_counter() - began) * 1000
    return Answer(parsed.query, library.build, took_ms, parsed.request, result, tuple(told))


def _unknown_values(request: SearchRequest, result: SearchResult) -> Iterator[Diagnostic]:
    """Chosen values under which, with all other conditions, nothing stands; a unit as written counts by department."""
    for facet in FACETS:
        alive = any(value.selected and value.count for value in result.facets[facet.name])
        zeros = [value.value for value in result.facets[facet.name] if value.selected and not value.count]
        for value in sorted(set(zeros) - {NONE_VALUE})[:_MAX_NAMED_VALUES]:
            also = "（其他所选值有）" if alive else ""
            yield Diagnostic(f"在其他条件之下，筛选值“{printable(value)}”没有对应的段落{also}")


def _why_nothing(reader: Reader, request: SearchRequest) -> Iterator[Diagnostic]:
    """Which clause has no hit; else that hits are outside the filters or kinds, or that the clauses never meet."""
    clauses = list(text_clauses(request.query))
    anywhere = SearchRequest(kinds=request.kinds)
    alone = [(clause, _total(reader, replace(anywhere, query=clause))) for clause in clauses]
    absent = [clause for clause, total in alone if not total]
    for clause in absent:
        if elsewhere := _total(reader, SearchRequest(clause, kinds=ALL_KINDS)):
            yield Diagnostic(f"“{clause.text}”只在别的段落类型里有（附件、注释等，共 {elsewhere} 段）", *clause.span)
        else:
            yield Diagnostic(f"“{clause.text}”在全库一处也没有", *clause.span)
    if absent:
        return
    if request.filters and (elsewhere := _total(reader, replace(request, filters=Filters()))):
        yield Diagnostic(f"去掉筛选后有 {elsewhere} 段")
    elif request.kinds is not None and (elsewhere := _total(reader, replace(request, filters=Filters(), kinds=None))):
        yield Diagnostic(f"不限段落类型时有 {elsewhere} 段")
    elif len(clauses) > 1:
        each = "，".join(f"“{clause.text}” {total} 段" for clause, total in alone[:_MAX_NAMED_CLAUSES])
        yield Diagnostic(f"各条件单独都有（{each}），但没有一段同时符合")
    else:
        yield Diagnostic("没有一段同时符合全部条件")


def _total(reader: Reader, request: SearchRequest) -> int:
    return reader.search(replace(request, page=1, per_page=1)).total
