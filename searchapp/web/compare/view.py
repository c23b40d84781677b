"""Two reports side by side as a reader sees them: figures, outline, rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from flask import url_for

from searchapp.language import Labels, later, tr
from searchapp.search.result import ReportSummary
from searchapp.services.compare.values import ROW_KINDS, Comparison, Figures, Row, RowKind, Side
from searchapp.services.labels import years_text
from searchapp.services.siblings import Siblings
from searchapp.web import labels
from searchapp.web.links import report_url

ROW_LABELS: Mapping[RowKind, str] = Labels(
    {
        "kept": later("未改"),
        "edited": later("改写"),
        "moved": later("移动"),
        "new": later("新增"),
        "dropped": later("删去"),
    }
)
ROW_SIGNS: dict[RowKind, str] = {"kept": "＝", "edited": "≈", "moved": "↕", "new": "＋", "dropped": "－"}
"""Beside the words, so that no kind is told by its colour alone."""

_MAX_OUTLINE_DEPTH = 3
_MIN_REWRITTEN = 40
_REWRITTEN_SHARE = 0.85
"""A longer wording of which more is another on both sides is shown as rewritten, without marks."""
SideName = Literal["a", "b"]
_SIDES: Mapping[SideName, str] = Labels({"a": later("左篇"), "b": later("右篇")})


@dataclass(frozen=True, slots=True)
class ReportHead:
    """One of the two reports; ``short`` tells it from the other; ``years`` lead to comparisons with other years."""

    title: str
    url: str
    unit: str
    year: str
    short: str
    years: tuple[YearLink, ...]


@dataclass(frozen=True, slots=True)
class YearLink:
    """A report of the same unit; ``current`` is the one shown; ``url`` is ``None`` for the two that are compared."""

    label: str
    title: str
    url: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class CountView:
    """How many blocks are of a kind, and the first of them on the page (``None``: not shown)."""

    kind: RowKind
    sign: str
    label: str
    number: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class CellView:
    """One side of a row. ``pieces``: stretches of text and whether the other side lacks them.

    ``anchor`` is its own, ``partner`` that of the other half of a moved pair, ``elsewhere`` the words of that link.
    """

    anchor: str
    number: int
    tag: str
    kind: str
    url: str
    pieces: tuple[tuple[bool, str], ...]
    partner: str | None
    elsewhere: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row; ``skipped`` unchanged blocks are left out where it stands (then it has no sides)."""

    kind: RowKind
    sign: str
    label: str
    is_heading: bool
    a: CellView | None
    b: CellView | None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class OutlineLink:
    """A heading of either report."""

    text: str
    depth: int
    anchor: str
    kind: RowKind
    label: str


@dataclass(frozen=True, slots=True)
class CompareView:
    """``only_url`` leads to the changes alone, or back to all (``only``); ``swap_url`` puts the other on the left."""

    a: ReportHead
    b: ReportHead
    counts: tuple[CountView, ...]
    share_same: str
    share_alike: str
    only: bool
    only_url: str
    swap_url: str
    outline: tuple[OutlineLink, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class ChoicesView:
    """What a report can be compared with; ``title`` is empty when none was chosen."""

    title: str
    url: str
    links: tuple[YearLink, ...]


def compare_view(found: Comparison, beside_a: Siblings, beside_b: Siblings, only: bool = False) -> CompareView:
    """The view of a comparison; ``only`` leaves out what is unchanged."""
    id_a, id_b = found.a.report_id, found.b.report_id
    all_rows = tuple(_row(row, id_a, id_b) for row in found.rows)
    rows = tuple(_only_changes(all_rows)) if only else all_rows
    return CompareView(
        a=_head(found.a, found.b, beside_a, "a"),
        b=_head(found.b, found.a, beside_b, "b"),
        counts=tuple(_counts(found.figures, rows)),
        share_same=_percent(found.figures.share_same),
        share_alike=_percent(found.figures.share_alike),
        only=only,
        only_url=compare_url(id_a, id_b, not only),
        swap_url=compare_url(id_b, id_a, only),
        outline=tuple(_outline(found.rows)),
        rows=rows,
    )


def choices_view(beside: Siblings | None) -> ChoicesView:
    """The reports that ``beside`` can be compared with, the newest first."""
    if beside is None:
        return ChoicesView("", "", ())
    own = beside.report
    links = tuple(
        YearLink(years_text(each.meta), _title(each), compare_url(*_by_year(own, each)), False)
        for each in reversed(beside.others)
    )
    return ChoicesView(_title(own), report_url(own.report_id), links)


def compare_url(a: str | None, b: str | None, only: bool = False) -> str:
    """The page of two reports."""
    return url_for("compare.comparison", a=a, b=b, only="changes" if only else None)


def last_year_url(beside: Siblings) -> str | None:
    """The comparison of a report with the same unit's last year; ``None`` when there is none."""
    return None if beside.last_year is None else compare_url(beside.last_year.report_id, beside.report.report_id)


def _by_year(one: ReportSummary, other: ReportSummary) -> tuple[str, str]:
    """The earlier report first."""
    earlier = (other.meta.year or 0) <= (one.meta.year or 0)
    return (other.report_id, one.report_id) if earlier else (one.report_id, other.report_id)


def _head(summary: ReportSummary, other: ReportSummary, beside: Siblings, name: SideName) -> ReportHead:
    meta = summary.meta

    def year(each: ReportSummary) -> YearLink:
        is_shown = each.report_id in (summary.report_id, other.report_id)
        ids = (each.report_id, other.report_id) if name == "a" else (other.report_id, each.report_id)
        url = None if is_shown else compare_url(*ids)
        return YearLink(_year(each), _title(each), url, each.report_id == summary.report_id)

    return ReportHead(
        title=_title(summary),
        url=report_url(summary.report_id),
        unit=meta.unit or tr("单位未注明"),
        year=years_text(meta) if meta.year is not None else tr("年份未注明"),
        short=_SIDES[name] if meta.year is None or meta.year == other.meta.year else _year(summary),
        years=tuple(year(each) for each in beside.reports) if len(beside.reports) > 1 else (),
    )


def _year(summary: ReportSummary) -> str:
    return tr("{year}年", year=summary.meta.year) if summary.meta.year is not None else labels.unknown()


def _title(summary: ReportSummary) -> str:
    return summary.meta.title or tr("（无题目）")


def _percent(share: float) -> str:
    """Whole percents, rounded down, so that 100% is all; what is not nothing is not 0%."""
    return tr("不到 1%") if 0 < share < 0.01 else f"{int(share * 100)}%"


def _counts(figures: Figures, rows: Sequence[RowView]) -> Iterator[CountView]:
    for kind in (kind for kind in ROW_KINDS if figures.blocks[kind]):
        first = next((row for row in rows if row.kind == kind and not row.skipped), None)
        cell = None if first is None else first.b or first.a
        anchor = None if cell is None else cell.anchor
        yield CountView(kind, ROW_SIGNS[kind], ROW_LABELS[kind], labels.number(figures.blocks[kind]), anchor)


def _row(row: Row, id_a: str, id_b: str) -> RowView:
    shown = row.b or row.a
    label = ROW_LABELS[row.kind]
    if row.kind == "moved":
        label = tr("移走") if row.b is None else tr("移来") if row.a is None else label
    if row.kind == "edited" and row.a and row.b and _is_rewritten(row.a) and _is_rewritten(row.b):
        # Marking all of both would tell nothing.
        label = tr("重写")
        row = replace(row, a=replace(row.a, changes=()), b=replace(row.b, changes=()))
    return RowView(
        kind=row.kind,
        sign=ROW_SIGNS[row.kind],
        label=label,
        is_heading=shown is not None and shown.block.kind in ("heading", "title"),
        a=_cell(row.a, "a", id_a, is_main=row.b is None),
        b=_cell(row.b, "b", id_b, is_main=True),
    )


def _is_rewritten(side: Side) -> bool:
    length = len(side.block.text)
    return length > _MIN_REWRITTEN and sum(end - start for start, end in side.changes) > _REWRITTEN_SHARE * length


def _cell(side: Side | None, name: SideName, report_id: str, is_main: bool) -> CellView | None:
    """One side; of a pair of headings the one on the right is a heading of the page."""
    if side is None:
        return None
    block = side.block
    tag = f"h{min(6, max(1, block.level) + 2)}" if block.kind == "heading" and is_main else "p"
    other: SideName = "b" if name == "a" else "a"
    return CellView(
        anchor=_anchor(name, side.position),
        number=side.position + 1,
        tag=tag,
        kind=block.kind,
        url=report_url(report_id, block.key),
        pieces=tuple(_pieces(block.text, side.changes)),
        partner=None if side.partner is None else _anchor(other, side.partner),
        elsewhere=""
        if side.partner is None
        else tr("{side}第 {number} 段", side=_SIDES[other], number=side.partner + 1),
    )


def _anchor(name: SideName, position: int) -> str:
    return f"{name}-{position + 1}"


def _pieces(text: str, changes: Iterable[tuple[int, int]]) -> Iterator[tuple[bool, str]]:
    at = 0
    for start, end in changes:
        if at < start:
            yield False, text[at:start]
        yield True, text[start:end]
        at = end
    if at < len(text):
        yield False, text[at:]


def _only_changes(rows: Sequence[RowView]) -> Iterator[RowView]:
    """Unchanged blocks become a word of how many there are; unchanged headings stay, for they say where one is."""
    for is_left_out, group in groupby(rows, lambda row: row.kind == "kept" and not row.is_heading):
        members = list(group)
        if is_left_out:
            yield replace(members[0], a=None, b=None, skipped=len(members))
        else:
            yield from members


def _outline(rows: Iterable[Row]) -> Iterator[OutlineLink]:
    """The headings of both reports in the order of the rows; a heading that was moved stands where it is now."""
    for row in rows:
        side = row.b or row.a
        name: SideName = "a" if row.b is None else "b"
        if side is None or side.block.kind != "heading" or side.block.level > _MAX_OUTLINE_DEPTH:
            continue
        if row.kind == "moved" and row.b is None:
            continue
        yield OutlineLink(
            side.block.text, max(1, side.block.level), _anchor(name, side.position), row.kind, ROW_LABELS[row.kind]
        )
