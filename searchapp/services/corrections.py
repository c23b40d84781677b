"""Corrections: what a person knows better than the text, from ``metadata.csv`` and ``.toml`` files in the sources.

``metadata.csv`` stands in a source folder and speaks of the files below it: a header row with the columns ``file``
(文件, path from there), ``report`` (报告: the report's number in the file from 1, or its id; empty for all), ``field``
(字段) and ``value`` (值). A ``<name>.toml`` beside a report file (``2023.docx.toml`` or ``2023.toml``) holds fields as
keys, for all its reports, and tables ``[1]``, ``[2]`` … for single ones. A value of 未注明 says that nothing is known.

``units.csv`` tells what a department is called now: a header row with ``name`` (名称) and ``now`` (现名), for renames,
mergers and other ways of writing, and since when (``since``, 自: a year; reports of later years may still use the old
name). Unit and department stay as they were; the unit facet lists the files below under the present name, or with
``names=then`` under the name of the time.

A correction overrides anything that was read, with the evidence ``correction``. Ids never change by it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from searchapp.reports import FileReading, ReadWarning, Report, assign_ids
from searchapp.reports.model import Evidence, Metadata
from searchapp.reports.organs import department_of
from searchapp.reports.topics import with_topics
from searchapp.services.sources import SourceFile
from searchapp.store.files import decode_table, reason_of

UNITS_FILE = "units.csv"
TOML_SUFFIX = ".toml"
UNKNOWN = "未注明"
MAX_CORRECTIONS_BYTES = 64_000_000

YEAR_FIELDS = frozenset({"year", "review_from", "review_to", "plan_year"})
FIELDS = (
    "title", "unit", "department", "body", "year", "review_from", "review_to", "plan_year", "kind", "addressee",
    "unit_type", "place", "level", "delivered_by", "date",
)  # fmt: skip
"""Fields that can be corrected, in the order of the exported table."""

_COLUMNS = {"file": "file", "文件": "file", "report": "report", "报告": "report", "field": "field", "字段": "field",
            "value": "value", "值": "value"}  # fmt: skip
_UNIT_COLUMNS = {"name": "name", "名称": "name", "now": "now", "现名": "now", "since": "since", "自": "since"}
_FIELD_NAMES = {
    "标题": "title", "单位": "unit", "部门": "department", "责任主体": "body", "年份": "year", "回顾起": "review_from",
    "回顾止": "review_to", "计划年": "plan_year", "文种": "kind", "主送": "addressee", "单位类型": "unit_type",
    "地区": "place", "层级": "level", "报告人": "delivered_by", "日期": "date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """``report``: empty for every report of the file, its number from 1, or its id. ``where`` is for warnings.

    ``renames`` is not empty in a row of ``units.csv``: the department to which alone it applies, after all others.
    """

    report: str
    field: str
    value: str
    where: tuple[str, int]
    renames: str = ""


@dataclass(slots=True)
class Corrections:
    """The corrections of all sources by display name of the file they speak of (empty: of any file)."""

    by_file: dict[str, list[Correction]] = field(default_factory=dict)
    by_id: list[Correction] = field(default_factory=list)
    names: list[tuple[str, Correction]] = field(default_factory=list)
    warnings: list[ReadWarning] = field(default_factory=list)

    def of(self, file: str) -> tuple[Correction, ...]:
        """What is known better about the reports of ``file``, in the order in which it applies."""
        named = (rename for folder, rename in self.names if file.startswith(folder))
        return (*self.by_id, *self.by_file.get(file, ()), *named)


def digest_of(corrections: Sequence[Correction]) -> str:
    """Changes whenever ``corrections`` do; empty when there are none."""
    if not corrections:
        return ""
    text = "\n".join(f"{each.report}\t{each.field}\t{each.value}\t{each.renames}" for each in corrections)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def read_corrections(companions: Sequence[SourceFile], files: Sequence[SourceFile]) -> Corrections:
    """Reads the corrections in ``companions`` (see :class:`searchapp.services.sources.Listing`)."""
    found = Corrections()
    known = {file.file for file in files}
    for companion in companions:
        rows = _rows(companion, known, found.warnings)
        for file, correction in rows:
            mended = _checked(correction, found.warnings)
            if mended is None:
                continue
            if mended.renames:
                found.names.append((file, mended))
            elif file == "":
                found.by_id.append(mended)
            elif file in known:
                found.by_file.setdefault(file, []).append(mended)
            else:
                found.warnings.append(ReadWarning(*correction.where, f"更正所说的文件“{file}”不在来源里"))
    return found


def _rows(companion: SourceFile, known: set[str], warnings: list[ReadWarning]) -> Iterator[tuple[str, Correction]]:
    """Display name of a file (or empty) and a correction, for every row or key."""
    try:
        if companion.path.stat().st_size > MAX_CORRECTIONS_BYTES:
            warnings.append(ReadWarning(companion.file, 0, "更正文件太大，没有采用"))
            return
        data = companion.path.read_bytes()
        if companion.path.name.lower().endswith(TOML_SUFFIX):
            yield from _toml_rows(companion.file, data, known)
        else:
            yield from _csv_rows(companion.file, data, warnings)
    except OSError as exc:
        warnings.append(ReadWarning(companion.file, 0, f"更正文件读不出来：{reason_of(exc)}"))
    except (ValueError, csv.Error) as exc:
        warnings.append(ReadWarning(companion.file, 0, f"更正文件的格式不对，没有采用：{exc}"))


def _csv_rows(name: str, data: bytes, warnings: list[ReadWarning]) -> Iterator[tuple[str, Correction]]:
    reader = csv.reader(io.StringIO(decode_table(data), newline=""))
    if PurePosixPath(name).name.lower() == UNITS_FILE:
        yield from _unit_rows(name, reader, warnings)
        return
    header = [_COLUMNS.get(cell.strip().lower(), "") for cell in next(reader, [])]
    if not {"field", "value"} <= set(header) or not {"file", "report"} & set(header):
        warnings.append(ReadWarning(name, 1, "不是更正表（要有 file 或 report、field、value 这些列），没有采用"))
        return
    folder = PurePosixPath(name).parent
    for row in reader:
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if column}
        if not cells.get("field"):
            continue
        file = cells.get("file", "")
        report = cells.get("report", "")
        if not file and not report:
            warnings.append(ReadWarning(name, reader.line_num, "没有说是哪个文件或哪份报告，这一行没有采用"))
            continue
        shown = (folder / file.replace("\\", "/")).as_posix() if file else ""
        yield shown, Correction(report, cells["field"], cells.get("value", ""), (name, reader.line_num))


def _unit_rows(name: str, reader: Iterator[list[str]], warnings: list[ReadWarning]) -> Iterator[tuple[str, Correction]]:
    """The folder that ``units.csv`` stands in, and what a department there is called now."""
    header = [_UNIT_COLUMNS.get(cell.strip().lower(), "") for cell in next(reader, [])]
    if not {"name", "now"} <= set(header):
        warnings.append(ReadWarning(name, 1, "不是单位表（要有 name 和 now 这两列），没有采用"))
        return
    folder = PurePosixPath(name).parent.as_posix() + "/"
    for line, row in enumerate(reader, 2):
        cells = {column: cell.strip() for column, cell in zip(header, row, strict=False) if column}
        if (since := cells.get("since", "")) and not _is_year(since[:4]):
            warnings.append(ReadWarning(name, line, f"“{since}”不是年份或日期，这一行照样采用"))
        if cells.get("name") and cells.get("now") and cells["name"] != cells["now"]:
            yield folder, Correction("", "department", cells["now"], (name, line), renames=cells["name"])


def _toml_rows(name: str, data: bytes, known: set[str]) -> Iterator[tuple[str, Correction]]:
    table = tomllib.loads(decode_table(data))
    beside = name[: -len(TOML_SUFFIX)]
    files = [beside] if beside in known else sorted(file for file in known if _stem(file) == beside)
    for file in files or [beside]:
        for key, value in table.items():
            fields: Mapping[str, Any] = value if isinstance(value, dict) else {key: value}
            for each, corrected in fields.items():
                report = key if isinstance(value, dict) else ""
                yield file, Correction(report, each, str(corrected), (name, 0))


def _stem(file: str) -> str:
    return PurePosixPath(file).with_suffix("").as_posix()


def _checked(correction: Correction, warnings: list[ReadWarning]) -> Correction | None:
    name = _FIELD_NAMES.get(correction.field, correction.field.lower())
    if name not in FIELDS:
        warnings.append(ReadWarning(*correction.where, f"没有“{correction.field}”这个字段，这一行没有采用"))
        return None
    if name in YEAR_FIELDS and correction.value not in ("", UNKNOWN) and not _is_year(correction.value):
        warnings.append(ReadWarning(*correction.where, f"“{correction.value}”不是年份，这一行没有采用"))
        return None
    return replace(correction, field=name)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit()


def corrected(reading: FileReading, corrections: Sequence[Correction]) -> FileReading:
    """The reading with ``corrections`` applied, the later before the earlier; ids and texts stay as they are."""
    if not corrections:
        return reading
    reports = tuple(
        _corrected_report(report, [each for each in corrections if _speaks_of(each, report, number)])
        for number, report in enumerate(reading.reports, 1)
    )
    return replace(reading, reports=reports)


def _speaks_of(correction: Correction, report: Report, number: int) -> bool:
    if correction.report.isdigit() and len(correction.report) < 12:
        return int(correction.report) == number
    # Alone, a report has the shortest id of its opening; in a library the id may have grown, never changed.
    return not correction.report or correction.report.startswith(assign_ids([report])[0].id)


def _corrected_report(report: Report, corrections: Sequence[Correction]) -> Report:
    meta = report.meta
    for correction in corrections:
        if not correction.renames:
            meta = _corrected_metadata(meta, report.meta, correction)
    if meta.kind != report.meta.kind:
        # The kind (文种) says which table of topics a report is read with.
        report = replace(report, blocks=tuple(with_topics(block, meta.kind) for block in report.blocks))
    return replace(report, meta=_renamed(meta, {each.renames: each.value for each in corrections if each.renames}))


def _renamed(meta: Metadata, names: Mapping[str, str]) -> Metadata:
    """The department's present name; a name may have changed more than once."""
    name, seen = meta.department or meta.unit, set()
    while name is not None and name in names and name not in seen:
        seen.add(name)
        name = names[name]
    if not seen:
        return meta
    return replace(meta, organ=name, evidence={**meta.evidence, "organ": "correction"})


def _corrected_metadata(meta: Metadata, read: Metadata, correction: Correction) -> Metadata:
    """``meta`` with one correction. A value that is what was ``read`` is none: an exported table says nothing new."""
    name, text = correction.field, correction.value
    before = getattr(read, name)
    if text == ("" if before is None else str(before)) or (not text):
        return meta
    known = None if text == UNKNOWN else text
    value = int(known) if known is not None and name in YEAR_FIELDS else known
    if name in ("title", "kind") and value is None:
        return meta
    changes: dict[str, Any] = {name: value}
    evidence: dict[str, Evidence] = {**meta.evidence, name: "correction"}
    if name == "unit" and meta.evidence.get("department") != "correction":
        changes["department"] = None if known is None else department_of(known)
        evidence["department"] = "correction"
    return replace(meta, **changes, evidence=evidence)


def export_rows(reports: Iterable[Report]) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Rows of a filled-in ``metadata.csv``: file, number of the report in it, title, field, value, evidence.

    ``file`` is the display name without its root's label. A report in several files stands under the first.
    """
    numbers: dict[str, int] = {}
    for report in reports:
        source = report.sources[0].file
        numbers[source] = numbers.get(source, 0) + 1
        file = source.partition("/")[2] or source
        for name in FIELDS:
            value = getattr(report.meta, name)
            shown = "" if value is None else str(value)
            yield file, str(numbers[source]), report.meta.title, name, shown, report.meta.evidence.get(name, "none")


EXPORT_HEADER = ("file", "report", "title", "field", "value", "evidence")
