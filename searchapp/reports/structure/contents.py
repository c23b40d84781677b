"""Tables of contents (目录) and the title of a compilation. Knows lines; must not know where reports begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.reports.readers.lines import SourceLine, squeeze
from searchapp.reports.structure.numbering import parse_number
from searchapp.reports.structure.titles import is_compilation_title

_CONTENTS = re.compile(r"目录|目次")
_PAGE_NUMBER = re.compile(r"[.．…·]*[（(]?\d{0,4}[）)]?$")
_MAX_ENTRY_CHARACTERS = 100
_MAX_ENTRIES = 400
_HEAD_LINES = 5


def find_contents(lines: Sequence[SourceLine]) -> set[int]:
    """Indexes of the lines that list the contents: 目录, its entries, and a compilation's own title before it.

    Entries end where one of them comes again: there the text itself begins. When none does, only lines that look
    like entries (a number before, or a page number behind) count.
    """
    found: set[int] = set()
    for index, line in enumerate(lines):
        if index not in found and len(line.text) <= 10 and _CONTENTS.fullmatch(squeeze(line.text)):
            found.add(index)
            found.update(_entries(lines, index + 1))
    first = min(found, default=min(_HEAD_LINES, len(lines)))
    for index in range(min(first, _HEAD_LINES)):
        if is_compilation_title(lines[index].text):
            found.add(index)
    return found


def _entries(lines: Sequence[SourceLine], start: int) -> range:
    seen: set[str] = set()
    stop = start
    for index in range(start, min(len(lines), start + _MAX_ENTRIES)):
        text = lines[index].text
        if len(text) > _MAX_ENTRY_CHARACTERS or "。" in text:
            break
        name = _bare(text)
        if name in seen:
            return range(start, index)
        seen.add(name)
        if index == stop and (parse_number(text) or _has_page_number(text)):
            stop = index + 1
    return range(start, stop)


def _bare(text: str) -> str:
    """An entry without its number and page number, squeezed."""
    name = squeeze(text)
    number = parse_number(name)
    return _PAGE_NUMBER.sub("", name[number.end :] if number else name)


def _has_page_number(text: str) -> bool:
    return re.search(r"[.．…·\s]{2,}\d{1,4}$", text) is not None
