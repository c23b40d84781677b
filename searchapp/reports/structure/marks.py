"""Marks inside a text that are shown but not searched: publisher's (``##paidbegin##``) and of notes (``［15］``).

The number of a page inside a paragraph is one too. Knows their form only. A mark hides nothing: a heading behind one is
a heading.
"""

from __future__ import annotations

import re

from searchapp.reports.model import Span

# ⑪ and （33） are marks behind a word only: after a stop they number an item.
_NOTE_MARK = re.compile(
    r"［\d{1,3}］|\[\d{1,3}\]|〔\d{1,3}〕|(?<=[\u4e00-\u9fffA-Za-z0-9”》）])(?:[①-⑳㉑-㊿]|[（(]\d{1,3}[）)])"
)
# The number of a page, set — 12 — (GB/T 9704): it stands inside a paragraph that goes on over the page.
_PAGE_NUMBER = r"[—－] ?\d{1,3} ?[—－]"
_PAGE_LINE = re.compile(_PAGE_NUMBER)
_MARK = re.compile(rf"##[A-Za-z]{{2,30}}##|(?<![\d—－]){_PAGE_NUMBER}(?![\d—－])")


def find_marks(text: str) -> tuple[Span, ...]:
    """Spans of the marks in a line, in order."""
    if not _may_hold_marks(text):
        return ()
    return tuple(found.span() for found in _MARK.finditer(text))


def find_note_marks(text: str) -> tuple[Span, ...]:
    """Spans of note marks inside a sentence, in order; only to be asked for when the report has a list of notes."""
    return tuple(found.span() for found in _NOTE_MARK.finditer(text) if found.start() > 0)


def without_marks(text: str) -> str:
    """The text with the marks taken out."""
    return _MARK.sub("", text) if _may_hold_marks(text) else text


def is_page_number(text: str) -> bool:
    """Whether the line is the number of a page."""
    return _PAGE_LINE.fullmatch(text) is not None


def _may_hold_marks(text: str) -> bool:
    return "##" in text or "—" in text or "－" in text


def is_marks_only(text: str) -> bool:
    """Whether nothing but marks stands on the line."""
    return "##" in text and not _MARK.sub("", text).strip()


def after_marks(text: str) -> int:
    """Where the text begins after marks, and white space, that open the line."""
    start = 0
    for first, last in find_marks(text):
        if text[start:first].strip():
            break
        start = last
    return len(text) - len(text[start:].lstrip()) if start else 0
