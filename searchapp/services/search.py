"""Searching: a request to an answer, with what a reader should know about it.

One service for every door: programs and the command line call :func:`search`; pages and the API, whose addresses may be
old or misspelt, :func:`answer`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from searchapp.language import quoted, tr, trn
from searchapp.query import Diagnostic
from searchapp.query.ast import Node
from searchapp.query.synonyms import Expansion, with_synonyms
from searchapp.search.params import Parameters, ParsedRequest, parse_request, printable, refuse_unknown
from searchapp.search.request import SearchRequest
from searchapp.search.result import SearchResult
from searchapp.search.schema import FACETS, NONE_VALUE
from searchapp.services.gap_fillers import MAX_CLAUSES, ClauseFillers, fillers_of, gaps
from searchapp.services.library import Library
from searchapp.services.no_hits import Alone, total_unfiltered, why_nowhere
from searchapp.services.offers import Offer, OfferContext, offers

_MAX_NAMED_VALUES = 5
_MAX_NAMED_MEMBERS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """``query`` as typed, the build that answered, milliseconds taken, diagnostics of parsing and of the result.

    ``request`` is what was searched, with synonyms when they were asked for (``synonyms`` says which). ``offers``:
    other searches that find something, or more. ``fillers``: what stands in the gaps of phrases, when asked for.
    """

    query: str
    build: str
    took_ms: float
    request: SearchRequest
    result: SearchResult
    diagnostics: tuple[Diagnostic, ...]
    offers: tuple[Offer, ...] = ()
    synonyms: tuple[Expansion, ...] = ()
    fillers: tuple[ClauseFillers, ...] = ()


def search(library: Library, params: Parameters) -> Answer:
    """Answers a search by its parameters, each with a list of values: ``{"q": ["党建"], "year": ["2022", "2023"]}``.

    Raises ``RequestError`` for what cannot be answered; ``ParameterError`` also for an unknown name, and for anything
    but a list of texts.
    """
    refuse_unknown(params)
    return answer(library, parse_request(params))


def answer(library: Library, parsed: ParsedRequest) -> Answer:
    """Answers an already parsed request."""
    began = time.perf_counter()
    typed, synonyms = parsed.query, library.synonyms

    def widened(tree: Node) -> Node:
        return with_synonyms(tree, synonyms)[0] if parsed.synonyms else tree

    tree, expansions = with_synonyms(parsed.request.query, synonyms) if parsed.synonyms else (parsed.request.query, ())
    request = replace(parsed.request, query=tree)
    result = library.reader.search(request)
    told = [*parsed.diagnostics, *_about_synonyms(library, parsed, expansions)]
    alone = Alone(library.reader, request)
    if result.total:
        told.extend(_unknown_values(request, result))
    elif unfiltered := total_unfiltered(library.reader, request):
        told.extend((*_unknown_values(request, result), Diagnostic(trn("去掉筛选后有 {count} 段", unfiltered))))
    else:
        # What stands nowhere is said before all else, and no filter is blamed for it.
        told = [*why_nowhere(library.reader, request, typed, alone), *told]
    offered = offers(library.reader, OfferContext(typed, parsed.request, widened, library.nearest), result, alone)
    filled = fillers_of(library.reader, request, typed) if parsed.fillers else ()
    if parsed.fillers:
        told.extend(_about_fillers(request))
    took_ms = (time.perf_counter() - began) * 1000
    sought = tuple(expansion for expansion in expansions if not expansion.refused)
    return Answer(typed, library.build, took_ms, request, result, tuple(told), offered, sought, filled)


def _about_synonyms(library: Library, parsed: ParsedRequest, expansions: tuple[Expansion, ...]) -> Iterator[Diagnostic]:
    if not parsed.synonyms:
        return
    if not library.synonyms:
        yield Diagnostic(tr("来源文件夹里没有同义词表（synonyms.csv），没有按同义词查找"))
    for expansion in expansions:
        also = quoted(printable(member) for member in expansion.members[:_MAX_NAMED_MEMBERS])
        if expansion.refused:
            yield Diagnostic(tr("“{text}”的同义词太多，没有展开", text=printable(expansion.text)), *expansion.span)
            continue
        told = {"text": printable(expansion.text), "also": also, "count": len(expansion.members)}
        if len(expansion.members) > _MAX_NAMED_MEMBERS:
            yield Diagnostic(tr("“{text}”也按{also}等 {count} 种说法查找", **told), *expansion.span)
        else:
            yield Diagnostic(tr("“{text}”也按{also}查找", **told), *expansion.span)


def _about_fillers(request: SearchRequest) -> Iterator[Diagnostic]:
    clauses = sum(1 for _ in gaps(request))
    if not clauses:
        yield Diagnostic(tr('检索式里没有带间隔的短语（如 "关于*精神"），没有可列的填充文字'))
    if clauses > MAX_CLAUSES:
        yield Diagnostic(
            tr(
                "带间隔的短语有 {clauses} 个，只列前 {most} 个的填充文字",
                clauses=clauses,
                most=MAX_CLAUSES,
            )
        )


def _unknown_values(request: SearchRequest, result: SearchResult) -> Iterator[Diagnostic]:
    """Chosen values under which, with all other conditions, nothing stands; a unit as written counts by department."""
    for facet in FACETS:
        if not request.filters.selected(facet):
            continue
        alive = any(value.selected and value.count for value in result.facets[facet.name])
        zeros = [value.value for value in result.facets[facet.name] if value.selected and not value.count]
        for value in sorted(set(zeros) - {NONE_VALUE})[:_MAX_NAMED_VALUES]:
            if alive:
                message = tr("在其他条件之下，筛选值“{value}”没有对应的段落（其他所选值有）", value=printable(value))
            else:
                message = tr("在其他条件之下，筛选值“{value}”没有对应的段落", value=printable(value))
            yield Diagnostic(message)
