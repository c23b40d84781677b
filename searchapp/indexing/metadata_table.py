"""Corrections: what a person knows better than the text, from ``metadata.csv`` and ``.toml`` files in the sources.

``metadata.csv`` stands in a source folder and speaks of the files below it: a header row with the columns ``file``
(文件, path from there), ``report`` (报告: the report's number in the file from 1, or its id; empty for all), ``field``
(字段) and ``value`` (值). A ``<name>.toml`` beside a report file (``2023.docx.toml`` or ``2023.toml``) holds fields as
keys, for all its reports, and tables ``[1]``, ``[2]`` … for single ones. A value of 未注明 says that nothing is known.

``units.csv`` tells what a department is called now, since when, and what stands above it (``unit_table``). Unit and
department stay as they were; the unit facet lists the files below under the present name, or with ``names=then`` under
the name of the time.

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

from searchapp.fields import FIELDS, YEAR_FIELDS
from searchapp.indexing.sources import SourceFile
from searchapp.indexing.unit_table import UnitRow, checked_units, parse_units, with_units
from searchapp.reports import FileReading, ReadWarning, Report, assign_ids
from searchapp.reports.file_names import TOML_SUFFIX, is_toml, is_units
from searchapp.reports.metadata.units import department_of
from searchapp.reports.model import Evidence, Metadata
from searchapp.reports.topics.topics import with_topics
from searchapp.search.params import MAX_VALUE_CHARACTERS, printable
from searchapp.store.files import decode_table, reason_of

UNKNOWN = "未注明"
MAX_CORRECTIONS_BYTES = 64_000_000

_FIELD_NAMES = {field.label: field.name for field in FIELDS if field.is_corrected}
CORRECTED_FIELDS = tuple(name for name in Metadata.__dataclass_fields__ if name in _FIELD_NAMES.values())
"""Names of the fields that can be corrected, in the order of the exported table."""

_COLUMNS = {"file": "file", "文件": "file", "report": "report", "报告": "report", "field": "field", "字段": "field",
            "value": "value", "值": "value"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """``report``: empty for every report of the file, its number from 1, or its id. ``where`` is for warnings.

    ``unit`` is a row of ``units.csv``, which applies after all others; the other fields are then empty.
    """

    report: str
    field: str
    value: str
    where: tuple[str, int]
    unit: UnitRow | None = None


@dataclass(slots=True)
class Corrections:
    """The corrections of all sources by display name of the file they speak of (empty: of any file)."""

    by_file: dict[str, list[Correction]] = field(default_factory=dict)
    by_id: list[Correction] = field(default_factory=list)
    units: list[UnitRow] = field(default_factory=list)
    warnings: list[ReadWarning] = field(default_factory=list)
    _shared: dict[str, tuple[Correction, ...]] = field(default_factory=dict)

    def of(self, file: str) -> tuple[Correction, ...]:
        """What is known better about the reports of ``file``, in the order in which it applies."""
        folder = file.rpartition("/")[0] + "/"
        if folder not in self._shared:
            units = (Correction("", "", "", row.where, row) for row in self.units if folder.startswith(row.folder))
            self._shared[folder] = (*self.by_id, *units)
        shared, own = self._shared[folder], self.by_file.get(file, ())
        return (*shared[: len(self.by_id)], *own, *shared[len(self.by_id) :]) if own else shared


def digest_of(corrections: Sequence[Correction]) -> str:
    """Changes whenever ``corrections`` do; empty when there are none."""
    if not corrections:
        return ""
    text = "\n".join(f"{each.report}\t{each.field}\t{each.value}\t{each.unit or ''}" for each in corrections)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def read_corrections(companions: Sequence[SourceFile], files: Sequence[SourceFile]) -> Corrections:
    """Reads the corrections in ``companions`` (see :class:`searchapp.indexing.sources.Listing`)."""
    found = Corrections()
    known = {file.file for file in files}
    for companion in companions:
        if is_units(companion.file):
            found.units.extend(_unit_rows(companion, found.warnings))
            continue
        for file, correction in _rows(companion, known, found.warnings):
            mended = _checked(correction, found.warnings)
            if mended is None:
                continue
            if file == "":
                found.by_id.append(mended)
            elif file in known:
                found.by_file.setdefault(file, []).append(mended)
            else:
                found.warnings.append(ReadWarning(*correction.where, f"更正所说的文件“{printable(file)}”不在来源里"))
    found.units = checked_units(found.units, found.warnings)
    return found


def _unit_rows(companion: SourceFile, warnings: list[ReadWarning]) -> Iterator[UnitRow]:
    data = _data_of(companion, warnings)
    if data is None:
        return
    try:
        yield from parse_units(companion.file, csv.reader(io.StringIO(decode_table(data), newline="")), warnings)
    except (ValueError, csv.Error) as exc:
        warnings.append(ReadWarning(companion.file, 0, f"单位表的格式不对，没有全部采用：{exc}"))


def _data_of(companion: SourceFile, warnings: list[ReadWarning]) -> bytes | None:
    """The bytes of a companion file; None when it is too large or cannot be read."""
    if companion.reason:
        warnings.append(ReadWarning(companion.file, 0, f"更正文件读不出来：{companion.reason}"))
        return None
    try:
        if companion.path.stat().st_size <= MAX_CORRECTIONS_BYTES:
            return companion.path.read_bytes()
        warnings.append(ReadWarning(companion.file, 0, "更正文件太大，没有采用"))
    except OSError as exc:
        warnings.append(ReadWarning(companion.file, 0, f"更正文件读不出来：{reason_of(exc)}"))
    return None


def _rows(companion: SourceFile, known: set[str], warnings: list[ReadWarning]) -> Iterator[tuple[str, Correction]]:
    """Display name of a file (or empty) and a correction, for every row or key."""
    data = _data_of(companion, warnings)
    if data is None:
        return
    try:
        if is_toml(companion.file):
            yield from _toml_rows(companion.file, data, known)
        else:
            yield from _csv_rows(companion.file, data, warnings)
    except (ValueError, csv.Error) as exc:
        warnings.append(ReadWarning(companion.file, 0, f"更正文件的格式不对，没有采用：{exc}"))


def _csv_rows(name: str, data: bytes, warnings: list[ReadWarning]) -> Iterator[tuple[str, Correction]]:
    reader = csv.reader(io.StringIO(decode_table(data), newline=""))
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
            warnings.append(ReadWarning(name, reader.line_num, "没有说是哪个文件或哪篇报告，这一行没有采用"))
            continue
        shown = (folder / file.replace("\\", "/")).as_posix() if file else ""
        yield shown, Correction(report, cells["field"], cells.get("value", ""), (name, reader.line_num))


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
    if name not in CORRECTED_FIELDS:
        warnings.append(ReadWarning(*correction.where, f"没有“{printable(correction.field)}”这个字段，这一行没有采用"))
        return None
    # What is longer could not be chosen as a filter.
    if len(correction.value) > MAX_VALUE_CHARACTERS:
        warnings.append(ReadWarning(*correction.where, f"值太长（最多 {MAX_VALUE_CHARACTERS} 个字），这一行没有采用"))
        return None
    if name in YEAR_FIELDS and correction.value not in ("", UNKNOWN) and not _is_year(correction.value):
        warnings.append(ReadWarning(*correction.where, f"“{printable(correction.value)}”不是年份，这一行没有采用"))
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
    if correction.report.isdecimal() and len(correction.report) < 12:
        return int(correction.report) == number
    # Alone, a report has the shortest id of its opening; in a library the id may have grown, never changed.
    return not correction.report or correction.report.startswith(assign_ids([report])[0].id)


def _corrected_report(report: Report, corrections: Sequence[Correction]) -> Report:
    meta = report.meta
    for correction in corrections:
        if correction.unit is None:
            meta = _corrected_metadata(meta, report.meta, correction)
    if meta.kind != report.meta.kind:
        # The kind (文种) says which table of topics a report is read with.
        report = replace(report, blocks=tuple(with_topics(block, meta.kind) for block in report.blocks))
    units = [correction.unit for correction in corrections if correction.unit is not None]
    return replace(report, meta=with_units(meta, units))


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
        for name in CORRECTED_FIELDS:
            value = getattr(report.meta, name)
            shown = "" if value is None else str(value)
            yield file, str(numbers[source]), report.meta.title, name, shown, report.meta.evidence.get(name, "none")


EXPORT_HEADER = ("file", "report", "title", "field", "value", "evidence")
