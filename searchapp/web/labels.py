"""The words of the interface for the names of the schema and the model."""

from __future__ import annotations

from collections.abc import Mapping

from searchapp.fields import FILTERS
from searchapp.language import Labels, later, tr, trn
from searchapp.reports.model import Evidence, SourcePosition
from searchapp.search.schema import EXCLUSION_PREFIX, FACETS, NONE_VALUE, FilterName, Sort

_UNKNOWN = later("未注明")

FILTER_LABELS: Mapping[FilterName, str] = Labels(
    {field.name: field.label for field in FILTERS} | {name: facet.label for facet in FACETS for name in facet.filters}
)
"""A filter that selects in a facet goes by the name of the facet."""

SORT_LABELS: Mapping[Sort, str] = Labels(
    {
        "relevance": later("最相关"),
        "newest": later("从新到旧"),
        "oldest": later("从旧到新"),
        "document": later("按原文次序"),
    }
)

EVIDENCE_LABELS: Mapping[Evidence, str] = Labels(
    {
        "title": later("据标题"),
        "body": later("据正文"),
        "signature": later("据落款"),
        "file name": later("据文件名"),
        "folder": later("据文件夹"),
        "frequency": later("据推断"),
        "name": later("据单位名称"),
        "correction": later("据更正"),
    }
)

_MISSING = {facet.name: facet.missing_label for facet in FACETS}


def number(value: int) -> str:
    """A count as shown: ``12,345``."""
    return f"{value:,}"


def filter_value_label(name: str, value: str) -> str:
    """A value of a filter as shown when no facet lists it under a better label."""
    if value == NONE_VALUE:
        return tr(next((label for facet, label in _MISSING.items() if facet == name), _UNKNOWN))
    return tr("{value}年", value=value) if name == "year" and value.isdigit() else value


def filter_name_label(parameter: str) -> str:
    """``unit`` and ``not_unit`` as shown."""
    name = parameter.removeprefix(EXCLUSION_PREFIX)
    label = FILTER_LABELS.get(name, name)
    return tr("不含{label}", label=label) if name != parameter else label


def source_label(source: SourcePosition) -> str:
    """Where a block begins: file, page if there are pages, and line (of a .docx: paragraph)."""
    where = lines_label(source.file, str(source.line), 1)
    if source.page is not None:
        where = tr("第 {page} 页，{where}", page=source.page, where=where)
    return tr("{file}，{where}", file=source.file, where=where)


def lines_label(file: str, numbers: str, last: int) -> str:
    """Lines of a source file, or what its numbers count (see ``SourcePosition``): 第 3 行, 第 3—9 段.

    ``last`` says whether it is one or several: 1 when ``numbers`` is one number.
    """
    return (
        trn("第 {numbers} 段", last, numbers=numbers)
        if is_docx(file)
        else trn("第 {numbers} 行", last, numbers=numbers)
    )


def is_docx(file: str) -> bool:
    """Whether the line numbers of a source file count paragraphs."""
    return file.lower().endswith(".docx")


def unknown() -> str:
    """What is said of what is not known."""
    return tr(_UNKNOWN)
