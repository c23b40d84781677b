"""Floor 0: the table of fields: what is known of a block or its report, how it is called and where it counts.

The query language, filters and facets, the OpenAPI document, options of the command line, labels and the corrections
table are made from it. It stands below queries, reports and search, since all of them name fields and none may import
the others; so it holds names and words alone, and knows no report. ``searchapp.search.schema`` takes the values of a
field from a report: those of the attribute of ``searchapp.reports.model.Metadata`` that has its name, unless it says
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from searchapp.language import later


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A row of the table.

    ``name`` and ``label``, the Chinese name, are both typed in queries and corrections; addresses, JSON and options go
    by ``name``, messages and pages by ``label`` (a message where the field is a filter). ``description`` (English)
    stands in the OpenAPI document; ``hint``, a word about the values, in ``--help``.

    ``of``: what has one value, or several; all blocks of a report are alike in what is known of the report. ``facet``:
    that in which the filter selects, its own name for one that is a facet itself; ``missing_label`` is listed there for
    blocks without a value. ``is_filter``: with its exclusion ``not_``; ``is_queried``: as ``名:值`` in the query
    language; ``is_corrected``: as a field of ``metadata.csv``.
    """

    name: str
    label: str
    description: str = ""
    hint: str = ""
    type: Literal["text", "year"] = "text"
    of: Literal["report", "block"] = "report"
    facet: str | None = None
    missing_label: str = later("未注明")
    is_filter: bool = True
    is_queried: bool = True
    is_corrected: bool = True


FIELDS: tuple[FieldDefinition, ...] = (
    FieldDefinition(
        "unit",
        later("单位"),
        "unit as written, or department by any of its names",
        "原文写法或部门名",
        facet="unit",
    ),
    FieldDefinition("department", later("部门"), "department by any of its names", facet="unit"),
    FieldDefinition("year", later("年份"), "year reported on", "none 为未注明", type="year", facet="year"),
    FieldDefinition(
        "section",
        later("栏目"),
        "topic (栏目) of the block",
        "如 组织建设",
        of="block",
        facet="section",
        missing_label=later("未归类"),
        is_corrected=False,
    ),
    FieldDefinition(
        "part",
        later("部分"),
        "part (部分) of the block",
        "如 存在问题",
        of="block",
        facet="part",
        is_corrected=False,
    ),
    FieldDefinition("kind", later("文种"), "kind of report (文种)", "如 政府工作报告", facet="kind"),
    FieldDefinition(
        "unit_type", later("单位类型"), "type of the unit (单位类型)", "如 政府部门、高校", is_queried=False
    ),
    FieldDefinition("place", later("地区"), "place"),
    FieldDefinition("level", later("层级"), "level (层级)", "如 市级"),
    FieldDefinition("addressee", later("主送"), "addressee (主送)"),
    FieldDefinition("title", "标题", is_filter=False),
    FieldDefinition("heading", "小标题", of="block", is_filter=False, is_corrected=False),
    FieldDefinition("review_year", "回顾年", type="year", is_filter=False, is_corrected=False),
    FieldDefinition("plan_year", "计划年", type="year", is_filter=False),
    FieldDefinition("review_from", "回顾起", type="year", is_filter=False, is_queried=False),
    FieldDefinition("review_to", "回顾止", type="year", is_filter=False, is_queried=False),
    FieldDefinition("body", "责任主体", is_filter=False, is_queried=False),
    FieldDefinition("delivered_by", "报告人", is_filter=False, is_queried=False),
    FieldDefinition("date", "日期", is_filter=False, is_queried=False),
)
"""Filters stand first, in the order of facets, parameters and options."""

FILTERS = tuple(field for field in FIELDS if field.is_filter)

BLOCK_FIELDS = frozenset(field.name for field in FIELDS if field.of == "block")
"""Names of fields in which the blocks of a report differ; all others are of whole reports."""

YEAR_FIELDS = frozenset(field.name for field in FIELDS if field.type == "year")
"""Names of fields whose values are years."""
