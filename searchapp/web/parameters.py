"""The parameters of the API as types, for the OpenAPI document: made from the names, values and limits of
``search.params``, ``search.schema`` and ``services``, which alone read them.

A type here describes; it never parses. Tests hold its names to the parser's.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, defstruct, field

from searchapp.query.parser import MAX_TEXT_CHARACTERS
from searchapp.reports.model import BlockKind
from searchapp.search.params import EXCLUSION_PREFIX, MAX_PAGE, MAX_VALUE_CHARACTERS, MAX_VALUES
from searchapp.search.request import DEFAULT_PER_PAGE, MAX_PER_PAGE, Group, Match, Names, Punct
from searchapp.search.schema import FILTER_NAMES, FilterName, Sort
from searchapp.services.completion import DEFAULT_LIMIT, MAX_LIMIT
from searchapp.services.report_list import ListSort

SuggestFormat = Literal["json", "opensearch"]
SUGGEST_FORMATS: tuple[SuggestFormat, ...] = get_args(SuggestFormat)

_Declared = tuple[str, Any, Any]

_FILTERS: dict[FilterName, str] = {
    "unit": "unit as written, or department by any of its names",
    "department": "department by any of its names",
    "year": "year reported on",
    "section": "topic (栏目) of the block",
    "part": "part (部分) of the block",
    "kind": "kind of report (文种)",
    "unit_type": "type of the unit (单位类型)",
    "place": "place",
    "level": "level (层级)",
    "addressee": "addressee (主送)",
}


def _told(type_: Any, description: str) -> Any:
    return Annotated[type_, Meta(description=description)]


def _many(name: FilterName, description: str) -> Any:
    pattern = "^([0-9]{4}|none)$" if name == "year" else None
    value = Annotated[str, Meta(max_length=MAX_VALUE_CHARACTERS, pattern=pattern)]
    return Annotated[list[value], Meta(max_length=MAX_VALUES, description=description)]


def _repeated(name: str, type_: Any) -> _Declared:
    return name, type_, field(default_factory=list)


_Q = Annotated[
    str,
    Meta(max_length=MAX_TEXT_CHARACTERS, description="The query (docs/query.md); longer ones are one text as a whole."),
]
_YEAR = Annotated[str, Meta(pattern="^([0-9]{4})?$")]

_NARROWING: list[_Declared] = [
    *(_repeated(name, _many(name, f"Only: {told}; `none` is 未注明.")) for name, told in _FILTERS.items()),
    *(_repeated(EXCLUSION_PREFIX + name, _many(name, f"Not: {told}.")) for name, told in _FILTERS.items()),
    ("year_from", _told(_YEAR, "First year; widens `year`."), ""),
    ("year_to", _told(_YEAR, "Last year; widens `year`."), ""),
]

_PAGING: list[_Declared] = [
    ("page", Annotated[int, Meta(ge=1, le=MAX_PAGE, description="From 1.")], 1),
    ("per_page", Annotated[int, Meta(ge=1, le=MAX_PER_PAGE, description="So many on a page.")], DEFAULT_PER_PAGE),
]

_SEARCHED: list[_Declared] = [
    ("q", _Q, ""),
    *_NARROWING,
    _repeated("block", _told(list[BlockKind | Literal["all"]], "Kinds of block that are searched.")),
    ("match", _told(Match, "All that is asked for, or any of it."), "all"),
    ("punct", _told(Punct, "Whether punctuation counts."), "exact"),
    ("synonyms", _told(bool, "Seek the synonyms of synonyms.csv too."), False),
    ("names", _told(Names, "Departments by their present names, or those of the time."), "now"),
]

_SHOWN: list[_Declared] = [
    ("sort", _told(Sort, "The order of hits."), "relevance"),
    ("group", _told(Group | Literal["none"], "Pages of reports, each with its best three hits."), "none"),
    ("fold", _told(bool, "Show near-identical blocks once."), False),
    ("explain", _told(bool, "Say what each score is made of."), False),
    ("fillers", _told(bool, "Tell what stands in the gaps of phrases."), False),
    *_PAGING,
]

SearchParameters = defstruct("SearchParameters", [*_SEARCHED, *_SHOWN])
"""Of ``/search``: docs/semantics.md, section 5."""

FacetsParameters = defstruct("FacetsParameters", _SEARCHED)
"""Of ``/facets``: those that decide what is found, and how departments are named."""

ReportsParameters = defstruct(
    "ReportsParameters",
    [
        *_NARROWING,
        ("sort", _told(ListSort, "`-` descends; what is unknown comes last either way."), "document"),
        *_PAGING,
    ],
)
"""Of ``/reports``."""

SuggestParameters = defstruct(
    "SuggestParameters",
    [
        ("q", _told(str, "What was typed so far: characters, pinyin or initials."), ""),
        ("limit", Annotated[int, Meta(ge=1, le=MAX_LIMIT)], DEFAULT_LIMIT),
        ("format", _told(SuggestFormat, "`opensearch`: the array that browsers ask for."), "json"),
    ],
)
"""Of ``/suggest``."""

assert set(_FILTERS) == set(FILTER_NAMES), "every filter is described"
