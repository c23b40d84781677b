"""Searching: a request to an answer, with what a reader should know about it.

One service for every door: the page, the API and the command line call :func:`search` and convert what it gives.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from searchapp.engines.base import Reader
from searchapp.query import Diagnostic, Phrase, Word
from searchapp.query.ast import text_clauses
from searchapp.search.params import Parameters, ParsedRequest, parse_request
from searchapp.search.request import Filters, SearchRequest
from searchapp.search.result import SearchResult
from searchapp.search.schema import FACETS, NONE_VALUE
from searchapp.services.library import Library

_MAX_NAMED_VALUES = 5


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
    """A chosen value under which nothing at all can stand: a facet lists it at zero and with no other label."""
    for facet in FACETS:
        listed = {value.value for value in result.facets[facet.name] if value.count}
        for value in sorted(request.filters.selected(facet) - listed - {NONE_VALUE})[:_MAX_NAMED_VALUES]:
            yield Diagnostic(f"在其他条件之下，筛选值“{value}”没有对应的段落")


def _why_nothing(reader: Reader, request: SearchRequest) -> Iterator[Diagnostic]:
    """Which clause has no hit; or that each has some, but never together, or only outside the filters."""
    clauses = list(text_clauses(request.query))
    absent = [clause for clause in clauses if reader.count(clause).paragraphs == 0]
    for clause in absent:
        yield Diagnostic(f"“{clause.text}”在全库一处也没有", *clause.span)
    if absent or not clauses:
        return
    unfiltered = replace(request, filters=Filters(), page=1, per_page=1)
    elsewhere = reader.search(unfiltered).total
    if elsewhere and request.filters:
        yield Diagnostic(f"去掉筛选后有 {elsewhere} 段")
        return
    if len(clauses) > 1:
        each = "，".join(f"{_quoted(clause)} {reader.count(clause).paragraphs} 段" for clause in clauses[:8])
        yield Diagnostic(f"各条件单独都有（{each}），但没有一段同时符合")


def _quoted(clause: Phrase | Word) -> str:
    return f"“{clause.text}”"
