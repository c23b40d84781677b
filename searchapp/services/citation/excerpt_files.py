"""Excerpts as Markdown and as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from searchapp.language import later, listed, tr, trn
from searchapp.services.citation.excerpts import Excerpt, Excerpts

TITLE = later("摘录")
MOVED = later("原段落已不在，这里是离它最近的段落。")

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")
_LIST_START = re.compile(r"^([^\S\n]*(?:\d+(?=[.)]))?)([-+=.)])", re.MULTILINE)
_RULE_LINES = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")


def lines_of(text: str) -> list[str]:
    """The lines of a text, whatever breaks them."""
    return _RULE_LINES.sub("\n", text).split("\n")


def as_markdown(excerpts: Excerpts) -> str:
    """CommonMark; whatever means something there is escaped in texts and notes."""
    parts = ["# " + tr(TITLE)]
    for each in excerpts.found:
        parts.append(f"## {each.number}. {_escaped(heading_of(each))}")
        if each.moved:
            parts.append("*" + tr(MOVED) + "*")
        parts.append("\n".join(f"> {_escaped(line)}" for line in lines_of(each.text)))
        if each.note:
            parts.append("**" + tr("批注：") + "**" + "  \n".join(_escaped(line) for line in lines_of(each.note)))
        parts.append(f"{_escaped(each.citation.official)}  \n{_escaped(each.citation.gbt7714)}")
        parts.append("[" + tr("查看原文") + f"](<{each.url}>)")
    parts.extend(_missing(excerpts, _escaped))
    return "\n\n".join(parts) + "\n"


def as_text(excerpts: Excerpts) -> str:
    """Plain text: passage, note, source, link, with an empty line between two excerpts."""
    parts = []
    for each in excerpts.found:
        lines = [f"{each.number}. {heading_of(each)}"]
        if each.moved:
            lines.append(tr("（{message}）", message=tr(MOVED)))
        lines.extend(f"　　{line}" for line in lines_of(each.text))
        if each.note:
            lines.append(tr("批注：") + "\n".join(lines_of(each.note)))
        lines += [
            tr("出处：{official}", official=each.citation.official),
            f"　　　{each.citation.gbt7714}",
            tr("链接：{url}", url=each.url),
        ]
        parts.append("\n".join(lines))
    parts.extend(_missing(excerpts, str))
    return "\n\n".join(parts) + "\n"


def _missing(excerpts: Excerpts, written: Callable[[str], str]) -> Iterator[str]:
    if excerpts.missing:
        ids = listed(written(each.paragraph_id) for each in excerpts.missing)
        yield trn("有 {count} 条摘录的段落已不在库中：{ids}", len(excerpts.missing), ids=ids)


def heading_of(excerpt: Excerpt) -> str:
    """What an excerpt is headed by: the innermost heading above it, else the title of its report."""
    located = excerpt.located
    words = located.block.headings[-1] if located.block.headings else located.report.meta.title
    return " ".join(words.split()) or tr("（无题目）")


def _escaped(text: str) -> str:
    return _LIST_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
