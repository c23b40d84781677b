"""Saved web pages (.html, .htm): the article, not the navigation. Knows pages, nothing of reports.

trafilatura tells where the article is; it is then read from the page itself, so that no paragraph of it is lost,
short lines, tables and lists included, and every line keeps the line of the source. The title of the page comes first.
A page without links, or without an article that can be found, is read in full. How much text of the page was left out
stands in ``encoding``.
"""

from __future__ import annotations

import copy
import logging
import re
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import lxml.html  # type: ignore[import-untyped]

from searchapp.errors import ReadError
from searchapp.reports.readers.html.lines import PageLine, PageReader, collapse
from searchapp.reports.readers.limits import check_line_count
from searchapp.reports.readers.lines import TITLE_STYLE, SourceLine, SourceText, squeeze
from searchapp.reports.readers.plain_text import decode_text, read_text

MAX_ARTICLE_SEARCH_CHARACTERS = 8_000_000
"""Longer pages are read in full: looking for the article takes trafilatura too long."""
MAX_ARTICLE_SEARCH_DEPTH = 250
MAX_DEPTH = 2_000
"""The parser drops what is nested deeper than 2,048, so such a page is refused rather than read in part."""
MAX_TAGS = 2_000_000
"""A page with more is no report; each takes about 15 µs."""
MAX_ATTRIBUTES = 256
"""Of one tag. The parser compares each with all before it: 150,000 of them would take minutes."""

_MIN_ARTICLE_CHARACTERS = 100
_MIN_ARTICLE_SHARE = 0.95
_MIN_COVERAGE = 0.8
_MAX_LINK_SHARE = 0.05
_MIN_TITLE_CHARACTERS = 5
_MAX_SUBTITLE_LINES = 3
_HEAD_LINES = 5
_HEAD_BYTES = 4096
_CHARSET = re.compile(rb"charset\s*+=\s*+[\"']?\s*+([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_CODECS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "cp936", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950", "x-x-big5"), "big5hkscs"),
}
_ATTRIBUTE = r"""[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+|[\s/]++|="""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(rf"<[A-Za-z](?:{_ATTRIBUTE})*+")
_SITE_NAME = re.compile(r"(?<!\s)(?:\s*+[_|｜]|\s++[-—–]++\s)")
_SUBTITLE = re.compile(r"[—－(（]|--")
_ARCHIVE_STARTS = (b"MIME-Version:", b"From: <Saved by", b'From: "Saved by')

# Its remarks on pages without text would go to the standard error of the program.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("trafilatura").propagate = False


def read_html(data: bytes, file: str) -> SourceText:
    """The article of a saved page with its title.

    ``encoding`` is ``html（utf-8）``, with a count of the characters left out when there are any. Raises ReadError as
    ``read_text`` does, and for a page without visible text.
    """
    if data.lstrip().startswith(_ARCHIVE_STARTS):
        raise ReadError(file, "是 MHT 网页存档，请在浏览器里另存为 .html")
    encoding, text = decode_text(data, file, _declared_encoding(data))
    if "<" not in text:
        return read_text(data, file)
    try:
        lines, left_out = _read_page(text, file)
    except ReadError:
        raise
    except Exception as exc:  # lxml raises several kinds of errors on what is no markup at all
        raise ReadError(file, "不是完好的网页文件") from exc
    if not lines:
        raise ReadError(file, "网页里没有文字")
    note = f"，正文以外 {left_out} 字未读" if left_out else ""
    return SourceText(f"html（{encoding}{note}）", tuple(lines))


def _declared_encoding(data: bytes) -> str | None:
    found = _CHARSET.search(data[:_HEAD_BYTES])
    return _CODECS.get(found[1].decode("ascii").lower()) if found else None


def _read_page(text: str, file: str) -> tuple[list[SourceLine], int]:
    """The lines kept, and how many visible characters were not."""
    if text.count("<") > MAX_TAGS:
        raise ReadError(file, f"网页标记过多，最多读 {MAX_TAGS:,} 个")
    for tag in _TAG.finditer(text):
        # An attribute takes two characters at least.
        if tag.end() - tag.start() > 2 * MAX_ATTRIBUTES and _count_attributes(tag[0]) > MAX_ATTRIBUTES:
            raise ReadError(file, f"网页里有一个标记的属性过多，最多读 {MAX_ATTRIBUTES} 个")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    reader = PageReader()
    lines = reader.read(tree)
    if reader.depth > MAX_DEPTH:
        raise ReadError(file, f"网页元素嵌套超过 {MAX_DEPTH} 层，拒绝读取")
    check_line_count(file, len(lines))
    kept = list(range(len(lines)))
    is_searchable = len(text) <= MAX_ARTICLE_SEARCH_CHARACTERS and reader.depth <= MAX_ARTICLE_SEARCH_DEPTH
    if is_searchable and _has_navigation(lines):
        kept = _find_article(tree, lines) or kept
    kept, title = _add_title(tree, lines, kept)
    chosen = set(kept)
    left_out = sum(len(squeeze(line.text)) for index, line in enumerate(lines) if index not in chosen)
    return _to_source([*title, *(lines[index] for index in kept)]), left_out


def _count_attributes(tag: str) -> int:
    """How many attributes a tag has; its name counts too."""
    return sum(not each.isspace() and each.strip("/=") != "" for each in _ATTRIBUTES.findall(tag))


def _has_navigation(lines: Sequence[PageLine]) -> bool:
    links = sum(line.link_characters for line in lines)
    return links > sum(len(line.text) for line in lines) * _MAX_LINK_SHARE or any(line.is_aside for line in lines)


def _find_article(tree: Any, lines: Sequence[PageLine]) -> list[int]:
    """Indexes of the lines of the article: those in the smallest element that holds what trafilatura extracts.

    Where that element holds much else, only the stretch from the first to the last extracted line is taken. Lists of
    links and the like that were not extracted are left out either way. Empty when no article is found.
    """
    extracted = [squeeze(paragraph) for paragraph in _extract(tree)]
    whole, paragraphs = "\n".join(extracted), set(extracted)
    sizes = [len(squeeze(line.text)) for line in lines]
    squeezed = [squeeze(line.text) for line in lines]
    matched = {i for i, text in enumerate(squeezed) if text in paragraphs or (len(text) >= 8 and text in whole)}
    total = sum(sizes[index] for index in matched)
    if total < _MIN_ARTICLE_CHARACTERS:
        return []
    held: Counter[Any] = Counter()
    for index in matched:
        element = lines[index].element
        while element is not None:
            held[element] += sizes[index]
            element = element.getparent()
    container = _smallest_holder(tree, held, total * _MIN_ARTICLE_SHARE)
    inside = [index for index, line in enumerate(lines) if _is_within(line.element, container)]
    if total < sum(sizes[index] for index in inside) * _MIN_COVERAGE:
        first, last = min(matched), max(matched)
        inside = [index for index in inside if first <= index <= last]
    return [i for i in inside if i in matched or not (lines[i].is_aside or lines[i].is_link_list)]


def _extract(tree: Any) -> list[str]:
    import trafilatura

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = trafilatura.bare_extraction(
                copy.deepcopy(tree), favor_recall=True, include_comments=False, with_metadata=False
            )
    except Exception:  # a page that it stumbles on is read in full
        return []
    text = getattr(found, "text", None) or ""
    return [line for line in text.split("\n") if line.strip()]


def _smallest_holder(root: Any, held: Counter[Any], enough: float) -> Any:
    element = root
    while True:
        inner = next((child for child in element if held.get(child, 0) >= enough), None)
        if inner is None:
            return element
        element = inner


def _is_within(element: Any, container: Any) -> bool:
    while element is not None and element is not container:
        element = element.getparent()
    return element is not None


def _add_title(tree: Any, lines: Sequence[PageLine], kept: list[int]) -> tuple[list[int], list[PageLine]]:
    """The lines to keep with the page's title among them, and a line for it when only the page's head has it."""
    element = tree.find(".//title")
    words = collapse(element.text_content()).strip() if element is not None else ""
    head = squeeze(words)
    last = kept[-1] if kept else -1
    candidates = [
        index
        for index, line in enumerate(lines[: last + 1])
        if len(squeeze(line.text)) >= _MIN_TITLE_CHARACTERS and squeeze(line.text) in head and not line.is_table_row
    ]
    if candidates:
        # The longest; of several the one that is marked as a heading, then the last one above the text.
        above = [index for index in candidates if not kept or index <= kept[min(_HEAD_LINES, len(kept)) - 1]]
        best = max(above or candidates, key=lambda i: (len(lines[i].text), lines[i].style is not None, i))
        lines[best].style = TITLE_STYLE
        return sorted({best, *_subtitles(lines, best), *kept}), []
    if not words:
        return kept, []
    without_site = _SITE_NAME.split(words, 1)[0]
    title = without_site if len(without_site) >= _MIN_TITLE_CHARACTERS else words
    return kept, [PageLine(title, element.sourceline or 1, element, TITLE_STYLE)]


def _subtitles(lines: Sequence[PageLine], title: int) -> list[int]:
    """Dashed and bracketed lines right below the title."""
    found = []
    for index in range(title + 1, min(title + 1 + _MAX_SUBTITLE_LINES, len(lines))):
        if not _SUBTITLE.match(lines[index].text) or lines[index].is_link_list:
            break
        found.append(index)
    return found


def _to_source(lines: Sequence[PageLine]) -> list[SourceLine]:
    """Source lines in order; several on one line of the source stand in columns one after the other."""
    found: list[SourceLine] = []
    has_title = any(line.style == TITLE_STYLE for line in lines)
    only_heading = sum(line.style == 1 for line in lines) == 1 and not has_title
    for line in lines:
        style = TITLE_STYLE if line.style == 1 and only_heading else line.style
        current = SourceLine(line.text, line.number, style=style, is_table_row=line.is_table_row)
        if found and found[-1].number >= line.number:
            previous = found[-1]
            current = replace(current, number=previous.number, column=previous.column + len(previous.text) + 1)
        found.append(current)
    return found
