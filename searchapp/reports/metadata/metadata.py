"""Metadata of a report, each value with its evidence, from title, text, signature and file name.

Text beats file name beats folder; a conflict is a warning; unknown is None, never a guess (READING.md 3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.reports.cue_tables import unit_type_table
from searchapp.reports.metadata import dates, kinds
from searchapp.reports.metadata.dates import date_report, find_date
from searchapp.reports.metadata.evidence_texts import ReportTexts, read_texts, squeezed_text
from searchapp.reports.metadata.places import place_of
from searchapp.reports.metadata.units import (
    UnitReading,
    department_of,
    is_unit,
    read_government_unit,
    read_unit,
    unit_in_title,
)
from searchapp.reports.model import Evidence, Metadata
from searchapp.reports.readers.lines import squeeze
from searchapp.reports.structure.marks import without_marks
from searchapp.reports.structure.outline import Draft
from searchapp.reports.structure.titles import is_delivered_by, is_noun_title, is_subtitle

MADE_UP = "〔拟题〕"
_MAX_PERSON_CHARACTERS = 4
_POSSESSIVE = re.compile("^(?:我[局委馆院校办会厅部处]|我们|本单位|有关|一年来的?)+")


@dataclass(frozen=True, slots=True)
class MetadataReading:
    """Metadata and what a person should know about them."""

    meta: Metadata
    warnings: tuple[str, ...]


def read_metadata(drafts: Sequence[Draft], file: str) -> MetadataReading:
    """Metadata of the report made of these drafts, read from ``file`` (a display name with ``/``)."""
    texts = read_texts(drafts, file)
    evidence: dict[str, Evidence] = {}
    kind = _kind(texts, evidence)
    unit = _unit(texts, kind, evidence)
    addressee = next((squeezed_text(draft).rstrip("：:！!") for draft in drafts if draft.kind == "addressee"), None)
    if addressee:
        evidence["addressee"] = "body"
    dating = date_report(texts, kind)
    warnings = list(dating.warnings)
    if dating.year:
        evidence["year"] = dating.evidence
    if unit.unit is None:
        warnings.append("未能确定单位，按“未注明”收录")
    title = _title(texts, drafts, kind, dating.year, evidence)
    reviewed = dating.reviewed
    if reviewed:
        evidence["review_from"] = evidence["review_to"] = evidence.get("year", "body")
    if dating.plan_year:
        evidence["plan_year"] = "body"
    unit_type = unit_type_of(unit.unit, unit.department) if unit.unit else None
    name = (unit.department or unit.unit or "") if unit_type == PARK else (unit.unit or "")
    placing = place_of(name, kind in kinds.CONGRESS_KINDS)
    known = (("unit_type", unit_type), ("place", placing.place), ("level", placing.level))
    evidence.update({field: unit.evidence for field, value in known if value})
    if placing.is_inferred:
        evidence["level"] = "name"
    heads = [without_marks(draft.line.text) for draft in drafts if draft.kind == "title"]
    signature = [without_marks(draft.line.text) for draft in drafts if draft.kind == "signature"]
    delivered_by = find_delivered_by(heads)
    if delivered_by:
        evidence["delivered_by"] = "title"
    date, how = find_delivery_date(heads, signature)
    if date:
        evidence["date"] = how
    meta = Metadata(
        title=title,
        unit=unit.unit,
        department=unit.department,
        body=unit.body,
        year=dating.year,
        review_from=reviewed.first if reviewed else None,
        review_to=reviewed.last if reviewed else None,
        plan_year=dating.plan_year,
        kind=kind,
        addressee=addressee,
        unit_type=unit_type,
        place=placing.place,
        level=placing.level,
        delivered_by=delivered_by,
        date=date,
        evidence=evidence,
    )
    return MetadataReading(meta, tuple(warnings))


def _kind(texts: ReportTexts, evidence: dict[str, Evidence]) -> str:
    found = kinds.find_kind(texts.titles, texts.opening)
    if found:
        evidence["kind"] = "title" if found[1] == "title" else "body"
        return found[0]
    found = kinds.find_kind([texts.stem], "")
    if found:
        evidence["kind"] = "file name"
        return found[0]
    return kinds.OTHER


def _unit(texts: ReportTexts, kind: str, evidence: dict[str, Evidence]) -> UnitReading:
    if kind in kinds.CONGRESS_KINDS:
        name, how = read_government_unit(kind, texts.titles, texts.opening, texts.text)
        body = "政府" if name and kind in (kinds.GOVERNMENT, kinds.PLAN) else None
        reading = UnitReading(name, name, body, how, how, how)
    else:
        title = next((each for each in texts.titles if unit_in_title(each)), "")
        reading = read_unit(title, texts.text)
    if reading.unit is None:
        reading = _unit_of_path(texts, kind, reading)
    if reading.unit:
        evidence["unit"] = reading.evidence
        evidence["department"] = reading.department_evidence
    if reading.body:
        evidence["body"] = reading.body_evidence
    return reading


def _unit_of_path(texts: ReportTexts, kind: str, reading: UnitReading) -> UnitReading:
    if kind in kinds.CONGRESS_KINDS:
        name, _ = read_government_unit(kind, [texts.stem.rpartition("_")[2]], "", "")
        body = "政府" if kind in (kinds.GOVERNMENT, kinds.PLAN) else None
        return UnitReading(name, name, body, "file name", "file name", "file name") if name else reading
    for text, how in ((unit_in_title(texts.stem), "file name"), (texts.folder, "folder")):
        if is_unit(text):
            known: Evidence = "file name" if how == "file name" else "folder"
            return UnitReading(text, department_of(text), reading.body, known, known, reading.body_evidence)
    return reading


def _title(
    texts: ReportTexts, drafts: Sequence[Draft], kind: str, year: int | None, evidence: dict[str, Evidence]
) -> str:
    lines = [without_marks(draft.line.text).strip() for draft in drafts if draft.kind == "title"]
    nouns = [line for line in lines if is_noun_title(line) and not is_subtitle(line)]
    # A line of two or three characters at the head is the name of who delivered it.
    mains = [
        line
        for line in lines
        if not is_subtitle(line) and not is_delivered_by(line) and len(squeeze(line)) > _MAX_PERSON_CHARACTERS
    ]
    if nouns or mains:
        evidence["title"] = "title"
        return max(nouns, key=_named) if nouns else " ".join(mains[:3])
    stated = texts.stated_subject()
    if stated:
        evidence["title"] = "body"
        return _POSSESSIVE.sub("", stated).removesuffix("的") + "报告" + MADE_UP
    congress = re.match("第.{1,3}届.{0,12}人民代表大会第.{1,3}次会议", texts.opening)
    if kind == kinds.RESOLUTION and congress:
        evidence["title"] = "body"
        return f"{congress[0]}关于政府工作报告的决议{MADE_UP}"
    evidence["title"] = "file name"
    last = texts.stem.rpartition("_")[2]
    return (last if is_noun_title(last) else texts.stem.replace("_", " ")) or (
        f"{year}年{kind}{MADE_UP}" if year else f"{kind}{MADE_UP}"
    )


def _named(title: str) -> int:
    """A title that names a year says more than a bare 工作报告 of the site above it."""
    return 1 if dates.find_year(title) else 0


PARK = "园区"


def unit_type_of(unit: str, department: str | None) -> str | None:
    """The type of a unit (``unit_types.toml``) by its department's name, else by its own; None when neither tells."""
    names = (department, unit) if department else (unit,)
    for name in names:
        for unit_type, pattern in unit_type_table():
            if pattern.search(name):
                return unit_type
    return None


_POST = "(?:总理|主席|省长|市长|区长|县长|州长|盟长|旗长|镇长|乡长|主任|书记|局长|部长|院长|检察长|校长)"
_NOISE = re.compile(r"&nbsp;|&emsp;|\?{2,}|\s+|　+")
_IN_LINE = re.compile(
    rf"^[（(]?([\u4e00-\u9fff]{{0,24}}{_POST})[：:]?([\u4e00-\u9fff]{{2,4}}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+)?(?:同志)?[）)]?$"
)
_AFTER_SESSION = re.compile(rf"会议上?[）)]?([\u4e00-\u9fff]{{0,16}}{_POST})([\u4e00-\u9fff]{{2,4}})(?:同志)?[）)]?$")
_NAME = re.compile("[\u4e00-\u9fff·]{2,12}")


def find_delivered_by(lines: Sequence[str]) -> str | None:
    """Post and name of who delivered the report, from the lines of its head as written, joined by a space; or None.

    A line names both (``甲县人民政府县长 某某``), or the name is on the line after the post.
    """
    cleaned = [_NOISE.sub("", line) for line in lines]
    for index, line in enumerate(cleaned):
        found = _IN_LINE.match(line) or _AFTER_SESSION.search(line)
        if not found:
            continue
        after = cleaned[index + 1] if index + 1 < len(cleaned) else ""
        name = found[2] or (after if len(after) <= 4 and _NAME.fullmatch(after) else "")
        if name:
            return f"{found[1]} {name}"
    return None


def find_delivery_date(titles: Sequence[str], signature: Sequence[str]) -> tuple[str | None, Evidence]:
    """The date of a report, ISO 8601, from its head or its signature."""
    for line in titles:
        date = find_date(line)
        if date:
            return date, "title"
    for line in reversed(signature):
        date = find_date(line)
        if date:
            return date, "signature"
    return None, "none"
