"""What an export holds of each hit: records by name, and the columns that a table has for them.

A record is plain JSON values under the names of docs/inside/semantics.md, section 5; tables show the same under Chinese
headings, lists joined. Knows hits and lines; must not know file formats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from searchapp.language import later
from searchapp.reports.model import Span
from searchapp.search.result import Hit, LocatedBlock
from searchapp.search.schema import department_of, organ_of
from searchapp.services.citation.cite import official_citation
from searchapp.services.concordance import KwicLine
from searchapp.services.labels import BLOCK_LABELS

Value = str | int | list[str] | None
Record = Mapping[str, Value]
Address = Callable[[str], str]
"""A paragraph id to its lasting address."""

HEADING_JOIN = " › "
VALUE_JOIN = "、"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: the record's ``name``, its heading, and its width in characters."""

    name: str
    label: str
    width: int = 12


_REPORT = (
    Column("unit", later("单位"), 18),
    Column("department", later("部门"), 18),
    Column("organ", later("部门现名"), 18),
    Column("year", later("年份"), 8),
    Column("kind", later("文种"), 14),
    Column("title", later("题目"), 36),
)
_STANDS = (
    Column("headings", later("小标题"), 36),
    Column("parts", later("部分"), 12),
    Column("topics", later("栏目"), 16),
    Column("block", later("段落类型"), 10),
    Column("position", later("第几段"), 8),
)
_SOURCE = (
    Column("file", later("源文件"), 30),
    Column("line", later("行"), 8),
    Column("page", later("页"), 8),
    Column("paragraph_id", later("段落编号"), 28),
    Column("address", later("永久地址"), 36),
    Column("citation", later("出处"), 48),
)

BLOCK_COLUMNS: tuple[Column, ...] = (
    *_REPORT,
    *_STANDS,
    Column("text", later("原文"), 80),
    Column("occurrences", later("处数"), 8),
    *_SOURCE,
)
LINE_COLUMNS: tuple[Column, ...] = (
    Column("left", later("左文"), 44),
    Column("keyword", later("关键词"), 16),
    Column("right", later("右文"), 44),
    Column("clause", later("检索词"), 16),
    *_REPORT,
    *_STANDS,
    Column("start", later("起"), 8),
    Column("end", later("止"), 8),
    *_SOURCE,
)


def block_record(hit: Hit, address: Address) -> dict[str, Value]:
    """One hit, with the names of :data:`BLOCK_COLUMNS`, in their order."""
    values = _located(hit.located, address, None)
    values["text"], values["occurrences"] = hit.located.block.text, hit.occurrences
    return {column.name: values[column.name] for column in BLOCK_COLUMNS}


def line_record(line: KwicLine, address: Address) -> dict[str, Value]:
    """One occurrence, with the names of :data:`LINE_COLUMNS`; ``start`` and ``end`` are code points of the block."""
    values = _located(line.located, address, line.span)
    values |= {"left": line.left, "keyword": line.keyword, "right": line.right, "clause": line.clause}
    values["start"], values["end"] = line.span
    return {column.name: values[column.name] for column in LINE_COLUMNS}


def cell(name: str, value: Value) -> str | int:
    """A record's value as one cell of a table."""
    match value:
        case None:
            return ""
        case list():
            return (HEADING_JOIN if name == "headings" else VALUE_JOIN).join(value)
        case str() if name == "block":
            return {str(kind): label for kind, label in BLOCK_LABELS.items()}.get(value, value)
        case _:
            return value


def _located(located: LocatedBlock, address: Address, span: Span | None) -> dict[str, Value]:
    block, meta = located.block, located.report.meta
    return {
        "paragraph_id": located.paragraph_id,
        "address": address(located.paragraph_id),
        "unit": meta.unit,
        "department": department_of(meta),
        "organ": organ_of(meta),
        "year": meta.year,
        "kind": meta.kind,
        "title": meta.title,
        "headings": list(block.headings),
        "parts": list(dict.fromkeys(part.part for part in block.parts)),
        "topics": [cue.topic for cue in block.topics],
        "block": block.kind,
        "position": located.position + 1,
        "file": block.source.file,
        "line": block.source.line,
        "page": block.source.page,
        "citation": official_citation(located, span),
    }
