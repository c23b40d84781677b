"""What two wordings of a paragraph do not share, in stretches a reader can take in: numbers and Latin words whole.

Compared in N, told in code points of both texts as written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from rapidfuzz.distance import Indel

from searchapp.reports.model import Block, Span
from searchapp.text.normalize import Normalized, normalize_with_map
from searchapp.text.punctuation import SENTENCE_ENDS

_TOKEN = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[a-z]+|.", re.DOTALL)
_SENTENCE = re.compile(rf"[^{SENTENCE_ENDS}\n]*[{SENTENCE_ENDS}\n]|[^{SENTENCE_ENDS}\n]+")
MAX_CELLS = 10**8
"""Longer pairs of paragraphs are compared by sentences: the comparison keeps a bit for every pair of tokens."""
MIN_SAME, MIN_SAME_OF_LITTLE, MUCH_SIMILARITY = 2, 4, 0.7
"""A shorter stretch that both share, between two changes, is no help to a reader: it joins them. The second number is
for wordings less similar than the third."""
MIN_SIMILARITY_TO_MARK = 0.25
"""Where less is the same the whole wording is another, and single characters are not worth marking."""


def changes(a: Block, b: Block, similarity: float) -> tuple[tuple[Span, ...], tuple[Span, ...], int]:
    """The stretches of each that the other lacks, and how many normalized characters of ``b`` both share."""
    left, right = normalize_with_map(a.text, a.marks), normalize_with_map(b.text, b.marks)
    if left.text == right.text:
        return (), (), len(right.text)
    if similarity < MIN_SIMILARITY_TO_MARK:
        return _whole(left), _whole(right), 0
    token = _TOKEN if len(left.text) * len(right.text) <= MAX_CELLS else _SENTENCE
    tokens_a, tokens_b = token.findall(left.text), token.findall(right.text)
    if len(tokens_a) * len(tokens_b) > MAX_CELLS:
        return _whole(left), _whole(right), 0
    ends_a, ends_b = _ends(tokens_a), _ends(tokens_b)
    least = MIN_SAME if similarity >= MUCH_SIMILARITY else MIN_SAME_OF_LITTLE
    same = _same_stretches(tokens_a, tokens_b, ends_a, ends_b, least)
    spans_a = _between([(start, stop) for start, stop, _, _ in same], left)
    spans_b = _between([(start, stop) for _, _, start, stop in same], right)
    return spans_a, spans_b, sum(stop - start for _, _, start, stop in same)


def _ends(tokens: Sequence[str]) -> list[int]:
    """Where each token begins, and the end of the text."""
    return list(accumulate(map(len, tokens), initial=0))


def _same_stretches(
    a: Sequence[str], b: Sequence[str], ends_a: Sequence[int], ends_b: Sequence[int], least: int
) -> list[tuple[int, int, int, int]]:
    """Stretches that are the same, in characters of both, without those shorter than ``least`` between two changes."""
    codes = [code for code in Indel.opcodes(a, b) if code.tag == "equal"]
    found = [
        (ends_a[code.src_start], ends_a[code.src_end], ends_b[code.dest_start], ends_b[code.dest_end]) for code in codes
    ]
    return [
        each
        for each in found
        if each[1] - each[0] >= least
        or (each[0] == 0 and each[2] == 0)
        or (each[1] == ends_a[-1] and each[3] == ends_b[-1])
    ]


def _between(same: Sequence[Span], text: Normalized) -> tuple[Span, ...]:
    """What lies between the stretches that are the same, as code points of the original."""
    edges = [0, *(edge for span in same for edge in span), len(text.text)]
    gaps = zip(edges[::2], edges[1::2], strict=True)
    return tuple(text.original_span(start, stop) for start, stop in gaps if start < stop)


def _whole(text: Normalized) -> tuple[Span, ...]:
    return (text.original_span(0, len(text.text)),) if text.text else ()
