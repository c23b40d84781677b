"""The parameters of the API as types, for the OpenAPI document: made from the names, values and limits of
``fields``, ``search.params``, ``search.schema`` and ``services``, which alone read them.

A type here describes; it never parses. Tests hold its names to the parser's.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from msgspec import UNSET, Meta, UnsetType, defstruct, field

from searchapp.fields import FILTERS, FieldDefinition
from searchapp.query.parser import MAX_TEXT_CHARACTERS
from searchapp.reports.model import BlockKind
from searchapp.search.params import MAX_PAGE, MAX_VALUE_CHARACTERS, MAX_VALUES
from searchapp.search.request import DEFAULT_PER_PAGE, MAX_PER_PAGE, Group, Match, Names, Punct
from searchapp.search.schema import EXCLUSION_PREFIX, Sort
from searchapp.services.concordance import DEFAULT_LINES, DEFAULT_WIDTH, MAX_WIDTH, LineSort
from searchapp.services.export.export import Format, View
from searchapp.services.headings import DEFAULT_REPORTS, MAX_DEPTH
from searchapp.services.report_list import ListSort
from searchapp.services.suggest import DEFAULT_LIMIT, MAX_LIMIT

SuggestFormat = Literal["json", "opensearch"]
SUGGEST_FORMATS: tuple[SuggestFormat, ...] = get_args(SuggestFormat)

HeadingsFormat = Literal["json", "text"]
HEADINGS_FORMATS: dict[str, HeadingsFormat] = {"json": "json", "text": "text"}

ExcerptsFormat = Literal["docx", "md", "txt"]

MAX_OFFSET = 999_999_999
"""Of ``start`` and ``end``: more than any block has code points."""

_Declared = tuple[str, Any, Any]


def _told(type_: Any, description: str) -> Any:
    return Annotated[type_, Meta(description=description)]


def _many(filter_: FieldDefinition, description: str) -> Any:
    pattern = "^([0-9]{4}|none)$" if filter_.type == "year" else None
    value = Annotated[str, Meta(max_length=MAX_VALUE_CHARACTERS, pattern=pattern)]
    return Annotated[list[value], Meta(max_length=MAX_VALUES, description=description)]


def _repeated(name: str, type_: Any) -> _Declared:
    return name, type_, field(default_factory=list)


_Q = Annotated[
    str,
    Meta(
        max_length=MAX_TEXT_CHARACTERS,
        description="The query (docs/using/query.md); longer ones are one text as a whole.",
    ),
]
_YEAR = Annotated[str, Meta(pattern="^([0-9]{4})?$")]

_NARROWING: list[_Declared] = [
    *(_repeated(each.name, _many(each, f"Only: {each.description}; `none` is 未注明.")) for each in FILTERS),
    *(_repeated(EXCLUSION_PREFIX + each.name, _many(each, f"Not: {each.description}.")) for each in FILTERS),
    ("year_from", _told(_YEAR, "First year; widens `year`."), ""),
    ("year_to", _told(_YEAR, "Last year; widens `year`."), ""),
]


def _paging(per_page: int) -> list[_Declared]:
    return [
        ("page", Annotated[int, Meta(ge=1, le=MAX_PAGE, description="From 1.")], 1),
        ("per_page", Annotated[int, Meta(ge=1, le=MAX_PER_PAGE, description="So many on a page.")], per_page),
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
    *_paging(DEFAULT_PER_PAGE),
]

SearchParameters = defstruct("SearchParameters", [*_SEARCHED, *_SHOWN])
"""Of ``/search``: docs/inside/semantics.md, section 5."""

FacetsParameters = defstruct("FacetsParameters", _SEARCHED)
"""Of ``/facets``: those that decide what is found, and how departments are named."""

ReportsParameters = defstruct(
    "ReportsParameters",
    [
        *_NARROWING,
        ("sort", _told(ListSort, "`-` descends; what is unknown comes last either way."), "document"),
        *_paging(DEFAULT_PER_PAGE),
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

_WIDTH: _Declared = (
    "width",
    Annotated[int, Meta(ge=1, le=MAX_WIDTH, description="Characters on either side of a line's keyword.")],
    DEFAULT_WIDTH,
)

ConcordanceParameters = defstruct(
    "ConcordanceParameters",
    [
        *_SEARCHED,
        ("sort", _told(LineSort | Sort, "By what stands beside; the orders of a search mean `document`."), "document"),
        _WIDTH,
        *_paging(DEFAULT_LINES),
    ],
)
"""Of ``/kwic``."""

HeadingsParameters = defstruct(
    "HeadingsParameters",
    [
        *_SEARCHED,
        ("sort", _told(Sort, "`newest` and `oldest`; the others mean `document`."), "document"),
        ("depth", Annotated[int, Meta(ge=1, le=MAX_DEPTH, description="The deepest level listed.")], MAX_DEPTH),
        ("format", _told(HeadingsFormat, "`text`: all pages, to be copied whole."), "json"),
        *_paging(DEFAULT_REPORTS),
    ],
)
"""Of ``/headings``."""

ExportParameters = defstruct(
    "ExportParameters",
    [
        *_SEARCHED,
        ("sort", _told(Sort | LineSort, "`left` and `right` are for lines alone."), "relevance"),
        ("format", _told(Format, "The kind of file."), "csv"),
        ("view", _told(View, "A row for each block, or for each occurrence."), "blocks"),
        _WIDTH,
        ("build", _told(str, "Refuse (409) unless it is this build."), ""),
    ],
)
"""Of ``/export``: the whole of what is found, so that pages and ways of showing have no meaning."""


def _offset(description: str) -> Any:
    return Annotated[int, Meta(ge=0, le=MAX_OFFSET, description=description)] | UnsetType


CiteParameters = defstruct(
    "CiteParameters",
    [
        ("paragraph", Annotated[str, Meta(min_length=1, description="The id of a block, also of an earlier build.")]),
        ("start", _offset("In code points of the block's text; with `end`, or neither: all of it."), UNSET),
        ("end", _offset("Exclusive."), UNSET),
    ],
)
"""Of ``/cite``."""

ExcerptsParameters = defstruct(
    "ExcerptsParameters", [("format", _told(ExcerptsFormat, "The kind of document."), "docx")]
)
"""Of ``/excerpts``, besides what is sent."""

CompareParameters = defstruct(
    "CompareParameters",
    [
        ("a", Annotated[str, Meta(min_length=1, description="The id of a report, usually the earlier.")]),
        ("b", Annotated[str, Meta(min_length=1, description="The id of the other.")]),
    ],
)
"""Of ``/compare``; ids of an earlier build are known too."""
