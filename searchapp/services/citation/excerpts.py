"""Excerpts taken along: passages with notes, sources and links, as a list that a document is made of.

An entry whose paragraph is gone is told of, never a failure; what is written comes from the library, not from whoever
asks.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from searchapp.errors import NotFoundError, ParameterError, RequestError
from searchapp.language import tr
from searchapp.reports.model import Span
from searchapp.search.result import LocatedBlock
from searchapp.services.citation.cite import Citation, cite
from searchapp.services.library import Library
from searchapp.time_limit import watched

MAX_EXCERPTS = 500
MAX_NOTE_CHARACTERS = 2_000
MAX_ID_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """An excerpt as asked for: ``span`` of the block's text, ``None`` for all of it, and the reader's note."""

    paragraph_id: str
    span: Span | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as it is written into a document. ``number`` counts from 1, ``url`` leads to it.

    ``moved``: the paragraph asked for is gone and this is the nearest that is left.
    """

    number: int
    located: LocatedBlock
    text: str
    note: str
    citation: Citation
    url: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Excerpts:
    """All that a document is made of; ``missing`` were asked for and lead nowhere."""

    found: tuple[Excerpt, ...]
    missing: tuple[Wanted, ...]


class TooManyExcerptsError(RequestError):
    """More excerpts than ``MAX_EXCERPTS``."""


def wanted_of(sent: object) -> tuple[Wanted, ...]:
    """The excerpts that a JSON value asks for: a list, or an object with the list under ``excerpts``.

    Raises ``ParameterError`` for what is none, ``TooManyExcerptsError`` for too many.
    """
    entries = sent.get("excerpts") if isinstance(sent, dict) else sent
    if not isinstance(entries, list):
        raise ParameterError(
            "excerpts", tr('JSON 里要有摘录的列表：[{"paragraph_id": …, "start": …, "end": …, "note": …}]。')
        )
    if len(entries) > MAX_EXCERPTS:
        raise TooManyExcerptsError(
            tr(
                "一次最多导出 {most} 条摘录，这里有 {count:,} 条；请分几次导出。",
                most=MAX_EXCERPTS,
                count=len(entries),
            )
        )
    return tuple(_wanted(entry, number) for number, entry in enumerate(entries, 1))


def _wanted(entry: object, number: int) -> Wanted:
    if not isinstance(entry, dict):
        raise ParameterError("excerpts", tr("第 {number} 条摘录不是 JSON 对象。", number=number))
    paragraph_id, note = entry.get("paragraph_id"), entry.get("note")
    if not isinstance(paragraph_id, str) or not paragraph_id or len(paragraph_id) > MAX_ID_CHARACTERS:
        raise ParameterError("paragraph_id", tr("第 {number} 条摘录没有段落编号（paragraph_id）。", number=number))
    if note is not None and not isinstance(note, str):
        raise ParameterError("note", tr("第 {number} 条摘录的批注（note）不是文字。", number=number))
    if note is not None and len(note) > MAX_NOTE_CHARACTERS:
        raise ParameterError(
            "note",
            tr(
                "第 {number} 条摘录的批注太长（最多 {most:,} 字）。",
                number=number,
                most=MAX_NOTE_CHARACTERS,
            ),
        )
    return Wanted(paragraph_id, _span(entry.get("start"), entry.get("end"), number), note or "")


def _span(start: object, end: object, number: int) -> Span | None:
    if start is None and end is None:
        return None
    # bool is an int in Python, not in JSON.
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise ParameterError(
            "start", tr("第 {number} 条摘录的起止（start、end）不对：要 0 ≤ start < end。", number=number)
        )
    return start, end


def collect(
    library: Library, wanted: Sequence[Wanted], address: Callable[[str], str], today: datetime.date | None = None
) -> Excerpts:
    """Reads the passages; ``address`` gives the whole address of a paragraph id.

    Raises ``ParameterError`` when there is nothing to read, ``NotFoundError`` when nothing of it is there.
    """
    if not wanted:
        raise ParameterError("excerpts", tr("摘录夹是空的。"))
    found: list[Excerpt] = []
    missing: list[Wanted] = []
    for each in watched(wanted):
        try:
            location = library.locate(each.paragraph_id)
        except NotFoundError:
            missing.append(each)
            continue
        located = location.located
        span = None if location.moved else _inside(each.span, len(located.block.text))
        url = address(located.paragraph_id)
        text = located.block.text if span is None else located.block.text[slice(*span)]
        citation = cite(located, span, url, today)
        found.append(Excerpt(len(found) + 1, located, text, each.note.strip(), citation, url, location.moved))
    if not found:
        raise NotFoundError(tr("这些摘录的段落都已不在库中。"))
    return Excerpts(tuple(found), tuple(missing))


def _inside(span: Span | None, length: int) -> Span | None:
    """The part of ``span`` that the text has; ``None``, all of it, when it has none."""
    if span is None or span[0] >= length:
        return None
    return span[0], min(span[1], length)
