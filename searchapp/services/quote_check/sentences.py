"""A pasted text cut into sentences, and the quotations in a sentence: spans of code points. Knows characters only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from searchapp.text.punctuation import SENTENCE_ENDS

Span = tuple[int, int]

MAX_SENTENCE_CHARACTERS = 600
"""A longer stretch without a sentence end (a table, a list) is cut, at a comma where it has one."""

_CLOSING = "”’」』）)》〉】〕］]}｝｣﹂﹄"
_ENDS = re.compile(rf"(?:[{SENTENCE_ENDS}｡…⋯]|\.{{3,}}+)+|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_CLAUSE_ENDS = "，,、：:"
_QUOTES = {"“": "”", "「": "」", "『": "』", "〝": "〞"}
_ASCII_QUOTE = '"'


def sentence_spans(text: str) -> Iterator[Span]:
    """The sentences of ``text``, ascending and apart; what lies between them is white space.

    A sentence ends at ``。！？；…`` (ASCII forms too) with the closing quotes and brackets that follow, and at a line
    break. A straight quote closes when the line has an odd number of them before it.
    """
    begin = line = at = 0
    while (end := _ENDS.search(text, at)) is not None:
        at = end.end()
        if end.group()[0].isspace():
            yield from _pieces(text, begin, end.start())
            begin = line = at
        else:
            at = _past_closing(text, at, line)
            yield from _pieces(text, begin, at)
            begin = at
    yield from _pieces(text, begin, len(text))


def _past_closing(text: str, at: int, line: int) -> int:
    while at < len(text):
        if text[at] == _ASCII_QUOTE:
            if text.count(_ASCII_QUOTE, line, at) % 2 == 0:
                return at
        elif text[at] not in _CLOSING:
            return at
        at += 1
    return at


def _pieces(text: str, begin: int, end: int) -> Iterator[Span]:
    """The sentence between ``begin`` and ``end`` without white space at its ends, cut when it is too long."""
    while (span := _trimmed(text, begin, end)) is not None:
        begin, last = span
        if last - begin <= MAX_SENTENCE_CHARACTERS:
            yield span
            return
        limit = begin + MAX_SENTENCE_CHARACTERS
        cut = max(text.rfind(sign, begin, limit) for sign in _CLAUSE_ENDS) + 1
        cut = cut if cut > begin else limit
        first = _trimmed(text, begin, cut)
        if first is not None:
            yield first
        begin = cut


def _trimmed(text: str, begin: int, end: int) -> Span | None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return (begin, end) if begin < end else None


def quotation_spans(sentence: str) -> Iterator[Span]:
    """What stands between quotation marks in ``sentence``: outermost pairs, ascending.

    A mark that is left open reaches to the end, and one that only closes begins at the start: a quotation may run over
    several sentences.
    """
    depth, begin, seen = 0, 0, False
    closes = set(_QUOTES.values())
    for at, char in enumerate(sentence):
        straight = char == _ASCII_QUOTE
        if char in _QUOTES or (straight and depth == 0):
            if depth == 0:
                begin = at + 1
            depth, seen = depth + 1, True
        elif char in closes or straight:
            if depth <= 1 and (depth == 1 or not seen):
                yield begin, at
            depth, seen = max(0, depth - 1), True
    if depth:
        yield begin, len(sentence)
