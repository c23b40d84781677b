"""What search goes by: facets and filters with their values, sort orders, kinds of block, and readers' names for these.

Names are those of the URL, the CLI and the JSON (docs/inside/semantics.md, section 5); facets and filters are made
from the table of ``searchapp.fields``. Messages say 起始年份 for ``year_from`` (:func:`spoken`). Knows no engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from searchapp.fields import BLOCK_FIELDS, FILTERS
from searchapp.language import Labels, later, tr
from searchapp.reports.model import BLOCK_KINDS, Block, BlockKind, Metadata

SCHEMA_VERSION = 5
"""Raise it whenever what a build holds, or how, changes: older builds are then refused with a clear message."""

NONE_VALUE = "none"
"""The value of a facet or filter that stands for 未注明."""

FilterName = str
"""The name of a field that is a filter (``searchapp.fields``)."""
FILTER_NAMES: tuple[FilterName, ...] = tuple(field.name for field in FILTERS)

FacetName = str
"""The name of a filter that is a facet."""
FACET_NAMES: tuple[FacetName, ...] = tuple(field.name for field in FILTERS if field.facet == field.name)

Sort = Literal["relevance", "newest", "oldest", "document"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "document")

APART_KINDS: frozenset[BlockKind] = frozenset({"annex", "note"})
"""Kinds that stay out of a search unless asked for; they are counted beside it."""

DEFAULT_KINDS: frozenset[BlockKind] = frozenset(BLOCK_KINDS) - APART_KINDS
BROWSE_KINDS: frozenset[BlockKind] = frozenset({"paragraph"})
"""What a query without text lists."""

ALL_KINDS: frozenset[BlockKind] = frozenset(BLOCK_KINDS)


@dataclass(frozen=True, slots=True)
class FacetField:
    """A facet: its values for a block (none of them known: an empty tuple) and the filters that select in it."""

    name: FacetName
    label: str
    values: Callable[[Metadata, Block], tuple[str, ...]]
    filters: tuple[FilterName, ...]
    missing_label: str


def _known(value: object) -> tuple[str, ...]:
    return () if value is None else (str(value),)


def _distinct(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def sections_of(block: Block) -> tuple[str, ...]:
    """The distinct topics of a block."""
    return _distinct([cue.topic for cue in block.topics]) if block.topics else ()


def parts_of(block: Block) -> tuple[str, ...]:
    """The distinct parts that stretches of a block play."""
    return _distinct([span.part for span in block.parts]) if block.parts else ()


def department_of(meta: Metadata) -> str | None:
    """The department by its name at the time, or the unit where no department could be told."""
    return meta.department or meta.unit


def organ_of(meta: Metadata) -> str | None:
    """The value of the unit facet: the department by its present name."""
    return meta.organ or department_of(meta)


def field_values(name: str, meta: Metadata, block: Block) -> tuple[str, ...]:
    """The values by which ``name=`` can select a block (an empty tuple is selected by ``none``), and in which the field
    ``name`` of the query language looks (not those of the years reviewed and planned), as written.
    """
    return _OF_BLOCKS[name](block) if name in BLOCK_FIELDS else report_values(name, meta)


def report_values(name: str, meta: Metadata) -> tuple[str, ...]:
    """:func:`field_values` of a field in which all blocks of a report are alike (none of ``BLOCK_FIELDS``)."""
    match name:
        case "unit":
            names = (meta.unit, department_of(meta), organ_of(meta))
            return _distinct([name for name in names if name is not None])
        case "department":
            return _distinct([name for name in (department_of(meta), organ_of(meta)) if name is not None])
        case _:
            return _known(getattr(meta, name))


def _facet_values(name: FacetName, meta: Metadata, block: Block) -> tuple[str, ...]:
    """The values of a block in a facet: those of its filter, of a unit its present name alone."""
    return _known(organ_of(meta)) if name == "unit" else field_values(name, meta, block)


FACETS: tuple[FacetField, ...] = tuple(
    FacetField(
        facet.name,
        facet.label,
        partial(_facet_values, facet.name),
        tuple(field.name for field in FILTERS if field.facet == facet.name),
        facet.missing_label,
    )
    for facet in FILTERS
    if facet.facet == facet.name
)


FILTER_GROUPS: tuple[tuple[FilterName, ...], ...] = (
    *(facet.filters for facet in FACETS),
    *((name,) for name in FILTER_NAMES if not any(name in facet.filters for facet in FACETS)),
)
"""Filters that belong together: a block passes a group when one of its chosen filters lets it pass."""


def review_years(meta: Metadata) -> tuple[int, ...]:
    """Every year that a report reviews, ascending."""
    if meta.review_to is None:
        return ()
    return tuple(range(meta.review_from or meta.review_to, meta.review_to + 1))


def headings_of(block: Block) -> tuple[str, ...]:
    """What ``小标题:`` looks in: the heading path, a heading's own text, a paragraph's topic sentence."""
    own = (block.text,) if block.kind == "heading" else ()
    lead = () if block.lead is None else (block.text[slice(*block.lead)],)
    return (*block.headings, *own, *lead)


_OF_BLOCKS: Mapping[str, Callable[[Block], tuple[str, ...]]] = {
    "section": sections_of,
    "part": parts_of,
    "heading": headings_of,
}


def unit_groups(metas: Iterable[Metadata]) -> dict[str, str]:
    """The unit type of every department: that of most of its reports, the first by name of equals."""
    return grouped_units(Counter((department_of(meta), organ_of(meta), meta.unit_type) for meta in metas))


def grouped_units(named: Mapping[tuple[str | None, str | None, str | None], int]) -> dict[str, str]:
    """:func:`unit_groups` of reports counted by department, organ and unit type."""
    types: dict[str, Counter[str]] = {}
    for (then, now, unit_type), reports in named.items():
        for department in {then, now}:
            if department is not None and unit_type is not None:
                types.setdefault(department, Counter())[unit_type] += reports
    return {
        department: min(counted, key=lambda unit_type: (-counted[unit_type], unit_type))
        for department, counted in types.items()
    }


EXCLUSION_PREFIX = "not_"
"""Before the name of a filter: what it excludes."""

_SPOKEN: Mapping[str, str] = Labels(
    {
        "q": later("检索式"),
        **{field.name: field.label for field in FILTERS},
        "year_from": later("起始年份"),
        "year_to": later("截止年份"),
        "block": later("段落类型"),
        "sort": later("排序方式"),
        "page": later("页码"),
        "per_page": later("每页条数"),
        "names": later("单位名称的取法"),
        "match": later("匹配方式"),
        "punct": later("标点的处理"),
        "group": later("分组方式"),
        "fold": later("相近段落的合并"),
        "explain": later("得分说明"),
        "synonyms": later("同义词查找"),
        "fillers": later("间隔里的文字"),
        "view": later("显示方式"),
        "format": later("文件格式"),
        "width": later("左右字数"),
        "depth": later("小标题层级"),
        "limit": later("条数"),
        "build": later("索引版次"),
    }
)


def spoken(name: str) -> str:
    """What the parameter ``name`` is called in a message; an unknown one by its own name, as 参数 name."""
    filtered = name.removeprefix(EXCLUSION_PREFIX)
    if filtered != name and filtered in _SPOKEN:
        return tr("要排除的{label}", label=_SPOKEN[filtered])
    return _SPOKEN[name] if name in _SPOKEN else tr("参数 {name} ", name=name)
