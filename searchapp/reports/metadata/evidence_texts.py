"""The texts that metadata are read from: title lines, opening, headings, file name. Knows no rules of metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

from searchapp.reports.readers.lines import squeeze
from searchapp.reports.structure.marks import without_marks
from searchapp.reports.structure.outline import Draft

_OPENING_CHARACTERS = 1_500
_OPENING_PARAGRAPHS = 4
_TEXT_CHARACTERS = 200_000
_HEADINGS = 40
_STATED = re.compile(r"现将(.{2,60}?)(?:报告|汇报)如下")
_CATALOGUE_NUMBER = re.compile(r"^\d+(?:\.\d+)?_(?:(?:\d{4}|nd)_)?")


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """The texts that metadata are read from, squeezed, without publisher's marks.

    ``opening`` is the beginning of the body, ``text`` (nearly) all of it, one block on a line. ``stem`` is the file's
    name without extension and catalogue number, ``folder`` the name of the folder around it.
    """

    titles: tuple[str, ...]
    opening: str
    text: str
    headings: tuple[str, ...]
    stem: str
    folder: str

    def stated_subject(self) -> str | None:
        """What the report says it reports on (现将…报告如下), or None."""
        found = _STATED.search(self.opening)
        return found[1] if found else None


def read_texts(drafts: Sequence[Draft], file: str) -> ReportTexts:
    """The texts of the report made of these drafts; ``file`` is its display name."""
    path = PurePosixPath(file)
    body: list[str] = []
    length = 0
    for draft in drafts:
        if draft.kind in ("paragraph", "heading", "addressee") and length < _TEXT_CHARACTERS:
            body.append(squeezed_text(draft)[:_TEXT_CHARACTERS])
            length += len(body[-1])
    paragraphs = islice((draft for draft in drafts if draft.kind == "paragraph"), _OPENING_PARAGRAPHS)
    headings = islice((draft for draft in drafts if draft.kind == "heading"), _HEADINGS)
    return ReportTexts(
        titles=tuple(squeezed_text(draft) for draft in drafts if draft.kind == "title"),
        opening="\n".join(squeezed_text(draft)[:_OPENING_CHARACTERS] for draft in paragraphs)[:_OPENING_CHARACTERS],
        text="\n".join(body),
        headings=tuple(map(squeezed_text, headings)),
        stem=_CATALOGUE_NUMBER.sub("", squeeze(path.stem)),
        folder=squeeze(path.parent.name),
    )


def squeezed_text(draft: Draft) -> str:
    """The block's text without marks and white space."""
    return squeeze(without_marks(draft.line.text))
