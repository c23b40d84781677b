"""Markdown files (.md): from text to lines. Knows CommonMark and its tables through markdown-it-py, nothing of reports.

Every line keeps the number of its source line. Headings become hints (the only ``#`` heading of a file is its title),
list items keep their markers, a table row is one line with its cells joined by `` | ``, code and front matter stay
plain lines. Marks of emphasis and links are rendered to their text. Asterisks that stand for masked names (``**局``,
``开展**次``) are no emphasis: those between two letters or before an organ's last character stay as written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from searchapp.errors import ReadError
from searchapp.reports.readers.limits import check_line_count
from searchapp.reports.readers.lines import BYTE_ORDER_MARK, TITLE_STYLE, SourceLine, SourceText
from searchapp.reports.readers.plain_text import decode_text

CELL_SEPARATOR = " | "
MAX_HEADING_CHARACTERS = 80
"""An underlined "heading" longer than this is a paragraph above a ruler."""

MAX_NESTING = 100
"""The parser drops what is nested deeper (quotes in quotes); a file with that is read as plain lines."""
MAX_BRACKETS = 20_000
"""Each ``[`` without its end may cost the parser 0.4 ms; a file with more of them is read as plain lines."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r"-{3,}\s*")
_FENCE_END = re.compile(r"(?:-{3,}|\.{3})\s*")
_MAX_FRONT_MATTER_LINES = 60
_GLUED_HEADING = re.compile(r"(?m)^( {0,3}#{1,6})(?=[^#\s][^#\n]*$)")
_LETTER = r"[^\W_]"
_MASK = re.compile(rf"(?<={_LETTER})\*{{1,4}}(?={_LETTER})|(?<![*\\])\*{{1,4}}(?=[局市县区省州旗镇乡村厅委院校司])")
_MASKED_ASTERISK = "\ue0aa"
_NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,20})\](: ?)?")
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_KNOWN_TAG = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|font|sub|sup|small|big|mark|del|ins|code|kbd|p|div|center|img|hr|br|ruby|rt|rp"
    r"|table|thead|tbody|tfoot|tr|td|th|caption|col|colgroup|ul|ol|li|dl|dt|dd|h[1-6]|pre|blockquote|section|article"
    r"|html|body|details|summary|figure|figcaption)\b[^>]*+>?",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(?:.*?-->|(?P<open>.*))", re.DOTALL)
_CELL_END = re.compile(r"</t[dh]>\s*(?=<t[dh])", re.IGNORECASE)


def read_markdown(data: bytes, file: str) -> SourceText:
    """Decode a Markdown file and render it to lines; ``encoding`` is that of the text.

    Raises ReadError as ``read_text`` does, and for a file that holds nothing but markup.
    """
    encoding, text = decode_text(data, file)
    check_line_count(file, max(text.count("\n"), text.count("\r")))
    source = _LINE_END.split(text.replace(BYTE_ORDER_MARK, ""))
    try:
        rendered = _render(source)
    except Exception as exc:  # nesting that the parser gives up on
        raise ReadError(file, "Markdown 结构无法解析") from exc
    if not any(line.text.strip() for line in rendered):
        raise ReadError(file, "文件里没有文字")
    return SourceText(encoding, tuple(rendered))


def _render(source: list[str]) -> list[SourceLine]:
    """Lines of the front matter as written, then those of the tokens, with blank source lines where they stood."""
    if sum(line.count("[") for line in source) > MAX_BRACKETS:
        return [SourceLine(text, number) for number, text in enumerate(source, 1)]
    first = _front_matter_end(source)
    lines = [SourceLine(text, number) for number, text in enumerate(source[:first], 1)]
    text = _GLUED_HEADING.sub(r"\1 ", "\n".join(source[first:]))
    text = _MASK.sub(lambda mask: _MASKED_ASTERISK * len(mask[0]), text)
    # Reference definitions would swallow notes ([^1]: …); indented code would swallow indented paragraphs.
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table").disable(["reference", "code"])
    tokens = parser.parse(text)
    if any(token.level >= MAX_NESTING - 1 for token in tokens):
        return [SourceLine(text, number) for number, text in enumerate(source, 1)]
    titles = sum(token.type == "heading_open" and token.tag == "h1" for token in tokens)
    seen: set[int] = set()
    body = []
    for line in _lines_of(tokens):
        style = TITLE_STYLE if line.style == 1 and titles == 1 else line.style
        seen.add(line.number)
        body.append(replace(line, text=_finish(line.text), number=line.number + first, style=style))
    blanks = (SourceLine("", number + first) for number, text in enumerate(source[first:], 1) if not text.strip())
    body.extend(line for line in blanks if line.number - first not in seen)
    return lines + _in_columns(sorted(body, key=lambda line: line.number))


def _in_columns(lines: Sequence[SourceLine]) -> list[SourceLine]:
    """Lines that share a source line stand in columns one after the other."""
    found: list[SourceLine] = []
    for line in lines:
        previous = found[-1] if found else None
        if previous is not None and previous.number == line.number:
            found.append(replace(line, column=previous.column + len(previous.text) + 1))
        else:
            found.append(line)
    return found


def _front_matter_end(source: Sequence[str]) -> int:
    if not source or not _FENCE.fullmatch(source[0]):
        return 0
    for number, text in enumerate(source[1:_MAX_FRONT_MATTER_LINES], 1):
        if _FENCE_END.fullmatch(text):
            return number + 1
        if not text.strip():
            break
    return 0


def _lines_of(tokens: Sequence[Token]) -> Iterator[SourceLine]:
    """Lines numbered from 1 at the first token's text; styles are heading levels."""
    style: int | None = None
    marker, cells = "", list[str]()
    row = 0
    for token in tokens:
        if token.type == "heading_open":
            style = int(token.tag[1])
        elif token.type == "heading_close":
            style = None
        elif token.type == "list_item_open":
            marker += f"{token.info}{token.markup} "
        elif token.type == "list_item_close":
            marker = ""
        elif token.type == "tr_open":
            cells, row = [], _first_line(token)
        elif token.type == "tr_close":
            yield SourceLine(marker + CELL_SEPARATOR.join(cells), row, is_table_row=True)
            marker, row = "", 0
        elif token.type == "inline" and row:
            cells.append(" ".join(text for text, _ in _inline_lines(token)))
        elif token.type == "inline":
            for text, offset in _inline_lines(token):
                hint = style if len(text) <= MAX_HEADING_CHARACTERS else None
                yield SourceLine(marker + text, _first_line(token) + offset, style=hint)
                marker = ""
        elif token.type in ("fence", "html_block"):
            yield from _fenced_lines(token) if token.type == "fence" else _html_lines(token)


def _first_line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _inline_lines(token: Token) -> list[tuple[str, int]]:
    """Rendered text of each source line of a paragraph, with its offset from the first."""
    found = [""]
    offsets = [0]
    offset = 0
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            offset += 1
            found.append("")
            offsets.append(offset)
        elif child.type == "html_inline":
            text = "\n" if _BREAK_TAG.fullmatch(child.content) else _without_tags(_without_comments(child.content))
            if text == "\n":
                found.append("")
                offsets.append(offset)
            else:
                found[-1] += text
        elif child.type in ("text", "text_special", "code_inline", "image"):
            found[-1] += child.content
    return list(zip(found, offsets, strict=True))


def _fenced_lines(token: Token) -> Iterator[SourceLine]:
    """The code as it stands; what follows the opening fence names a language, or is text when it is not ASCII."""
    if not token.info.isascii():
        yield SourceLine(token.info.strip(), _first_line(token))
    for offset, text in enumerate(token.content.removesuffix("\n").split("\n") if token.content else (), 1):
        yield SourceLine(text, _first_line(token) + offset)


def _html_lines(token: Token) -> Iterator[SourceLine]:
    """An HTML block: the text of each of its lines, cells of a row on one line joined as in tables."""
    content = _without_comments(token.content, "\n")
    for offset, line in enumerate(content.split("\n")):
        is_row = _CELL_END.search(line) is not None
        text = html.unescape(_without_tags(_CELL_END.sub(CELL_SEPARATOR, line))).strip()
        if text:
            yield SourceLine(text, _first_line(token) + offset, is_table_row=is_row)


def _without_comments(content: str, line_end: str = "") -> str:
    """Each of their line ends becomes a ``line_end``; a comment that never closes is text."""
    return _COMMENT.sub(
        lambda comment: comment[0] if comment["open"] is not None else line_end * comment[0].count("\n"), content
    )


def _without_tags(content: str) -> str:
    """A tag that never closes is text: there is none behind it, and nothing is looked at twice."""
    return _KNOWN_TAG.sub(lambda tag: "" if tag[0].endswith(">") else tag[0], content)


def _finish(text: str) -> str:
    """Masks put back, and marks of notes written as they are in other formats (``［1］``)."""
    return _NOTE_MARK.sub(r"［\1］", text.replace(_MASKED_ASTERISK, "*"))
