"""The words of the interface for the names of the schema and the model."""

from __future__ import annotations

from searchapp.reports.model import Evidence, SourcePosition
from searchapp.search.schema import FACETS, NONE_VALUE, FacetName, Sort
from searchapp.search.speaking import EXCLUSION_PREFIX

UNKNOWN = "未注明"

FACET_LABELS: dict[FacetName, str] = {
    "unit": "单位",
    "year": "年份",
    "section": "栏目",
    "part": "部分",
    "kind": "文种",
}

FILTER_LABELS: dict[str, str] = {
    "department": "单位",
    "unit_type": "单位类型",
    "place": "地区",
    "level": "层级",
    "addressee": "主送",
    **dict(FACET_LABELS.items()),
}

SORT_LABELS: dict[Sort, str] = {
    "relevance": "最相关",
    "newest": "从新到旧",
    "oldest": "从旧到新",
    "document": "按原文次序",
}

EVIDENCE_LABELS: dict[Evidence, str] = {
    "title": "据标题",
    "body": "据正文",
    "signature": "据落款",
    "file name": "据文件名",
    "folder": "据文件夹",
    "frequency": "据推断",
    "name": "据单位名称",
    "correction": "据更正",
    "none": "",
}

_MISSING = {facet.name: facet.missing_label for facet in FACETS}


def number(value: int) -> str:
    """A count as shown: ``12,345``."""
    return f"{value:,}"


def filter_value_label(name: str, value: str) -> str:
    """A value of a filter as shown when no facet lists it under a better label."""
    if value == NONE_VALUE:
        return next((label for facet, label in _MISSING.items() if facet == name), UNKNOWN)
    return f"{value}年" if name == "year" and value.isdigit() else value


def filter_name_label(parameter: str) -> str:
    """``unit`` and ``not_unit`` as shown."""
    name = parameter.removeprefix(EXCLUSION_PREFIX)
    label = FILTER_LABELS.get(name, name)
    return f"不含{label}" if name != parameter else label


def source_label(source: SourcePosition) -> str:
    """Where a block begins: file, page if there are pages, and line (of a .docx: paragraph)."""
    page = f"第 {source.page} 页，" if source.page is not None else ""
    return f"{source.file}，{page}第 {source.line} {counted_in(source.file)}"


def counted_in(file: str) -> str:
    """What the line numbers of a source file count (see ``SourcePosition``)."""
    return "段" if file.lower().endswith(".docx") else "行"
