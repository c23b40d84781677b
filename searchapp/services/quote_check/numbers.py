"""Numbers, which a comparison of characters would take lightly: 5.2% is not 52%, and 12 does not stand in 112."""

from __future__ import annotations

import re
from collections.abc import Sequence

from searchapp.services.quote_check.values import Difference, Span
from searchapp.text.normalize import normalize

_SIGNS = frozenset("%％‰﹪٪‱")
_BEFORE = re.compile(r"\d(?:[\d.,．]*\d)?[.．,]?$")
_AFTER = re.compile(r"(?:[.．,]?\d(?:[\d.,．]*\d)?)?[%％‰万亿]*")
_REACH = 24


def alters_number(differences: Sequence[Difference], text: str, found: str) -> bool:
    """Whether a difference in punctuation changes a number: a decimal point, a sign before it, a percent sign.

    ``text``: of the sentence, ``found``: of the block. Then the two do not say the same.
    """
    for difference in differences:
        if set(difference.text + difference.found) & _SIGNS:
            return True
        if _in_number(text, difference.span) or _in_number(found, difference.found_span):
            return True
    return False


def _in_number(text: str, span: Span) -> bool:
    """Whether digits stand on both sides of ``span``, or on its right if it is a minus sign."""
    begin, end = span
    before, after = text[begin - 1 : begin] if begin else "", text[end : end + 1]
    return after.isdecimal() and (before.isdecimal() or normalize(text[begin:end]) == "-")


def whole_numbers(text: str, span: Span) -> Span:
    """``span`` of ``text``, widened over the rest of a number that it cuts; ``span`` itself when it cuts none."""
    begin, end = span
    if text[begin : begin + 1].isdecimal() and (before := _BEFORE.search(text, max(0, begin - _REACH), begin)):
        begin = before.start()
    if text[end - 1 : end].isdecimal() and (after := _AFTER.match(text, end)):
        end = after.end()
    return begin, end


def added(text: str, span: Span, whole: Span, size: int) -> tuple[Difference, ...]:
    """What ``whole`` of ``text`` has beside ``span``, as insertions at both ends of ``size`` characters."""
    edges = ((0, (whole[0], span[0])), (size, (span[1], whole[1])))
    return tuple(
        Difference("insert", (at, at), found, "", text[slice(*found)]) for at, found in edges if found[0] < found[1]
    )
