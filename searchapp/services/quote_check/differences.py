"""Two wordings compared, a pasted sentence and a stretch of a block: character by character, numbers whole.

Compared in normal form (docs/inside/semantics.md, section 2); in code points of both texts as written. Edit distance
and its operations are rapidfuzz's. A comparison of characters would take numbers lightly: 5.2% is not 52%, and 12 is
not in 112.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel, Levenshtein

from searchapp.reports.model import Block
from searchapp.services.quote_check.values import Difference, Operation, Span
from searchapp.text.normalize import Normalized, normalize, normalize_with_map
from searchapp.text.punctuation import blind_with_map, is_punctuation

_OPERATIONS: dict[str, Operation] = {"replace": "replace", "delete": "delete", "insert": "insert"}

_Edit = tuple[Operation, int, int, int, int]
"""Operation, begin and end in one normalized text, begin and end in the other."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, its normal form with the map back, and its punctuation-blind form with the map into the normal form."""

    original: str
    normal: Normalized
    blind: str = field(init=False)
    kept: list[int] = field(init=False)

    def __post_init__(self) -> None:
        blind, kept = blind_with_map(self.normal.text)
        object.__setattr__(self, "blind", blind)
        object.__setattr__(self, "kept", kept)

    def original_span(self, begin: int, end: int) -> Span:
        """Code points of the original behind ``normal.text[begin:end]``; an empty stretch keeps its place."""
        if begin < end:
            return self.normal.original_span(begin, end)
        offsets = self.normal.offsets
        at = offsets[begin] if begin < len(offsets) else (offsets[-1] + 1 if len(offsets) else 0)
        return at, at

    def blind_span(self, span: Span) -> Span:
        """Where in ``blind`` the stretch ``span`` of the original stands; it holds more than punctuation."""
        inside = [at for at, kept in enumerate(self.kept) if span[0] <= self.normal.offsets[kept] < span[1]]
        return inside[0], inside[-1] + 1


def wording(text: str) -> Wording:
    """The wording of a sentence."""
    return Wording(text, normalize_with_map(text))


def block_wording(block: Block) -> Wording:
    """The wording of a block, without its marks."""
    return Wording(block.text, normalize_with_map(block.text, block.marks))


def compared(sentence: Wording, block: Wording, begin: int, end: int) -> tuple[Span, tuple[Difference, ...]]:
    """The stretch of ``block`` that answers to ``sentence``, and the differences.

    ``begin``, ``end``: the stretch in ``block.blind``, not empty; ``sentence.blind`` is not empty. The stretch is
    widened by the punctuation around it where the sentence has some in the same place; what is told of it as an
    addition at either end is no part of it.
    """
    mine, theirs = sentence.normal.text, block.normal.text
    first = _widened(theirs, block.kept[begin], -1, sentence.kept[0])
    last = _widened(theirs, block.kept[end - 1], 1, len(mine) - sentence.kept[-1] - 1) + 1
    while _is_inside(block, first):
        first -= 1
    while _is_inside(block, last):
        last += 1
    if sentence.blind == block.blind[begin:end]:
        edits = list(_punctuation_edits(sentence, block, (begin, end), first, last))
    else:
        edits = list(_edits(mine, theirs, first, last))
        if edits and edits[0][0] == "insert" and edits[0][1] == 0 and not _is_inside(block, edits[0][4]):
            first = edits.pop(0)[4]
        if edits and edits[-1][0] == "insert" and edits[-1][1] == len(mine) and not _is_inside(block, edits[-1][3]):
            last = edits.pop()[3]
    whole = _whole(edits, sentence, block, first, last)
    return block.original_span(first, last), tuple(_difference(edit, sentence, block) for edit in whole)


def similarity(text: str, other: str) -> float:
    """How much two texts are alike with their punctuation: 0 to 1."""
    return Indel.normalized_similarity(normalize(text), normalize(other))


def _widened(text: str, at: int, step: int, most: int) -> int:
    """``at`` moved over punctuation in the direction of ``step``, at most ``most`` characters."""
    for _ in range(most):
        if not (0 <= at + step < len(text) and is_punctuation(text[at + step])):
            break
        at += step
    return at


def _edits(mine: str, theirs: str, first: int, last: int) -> Iterator[_Edit]:
    for edit in Levenshtein.opcodes(mine, theirs[first:last]):
        if edit.tag != "equal":
            yield _OPERATIONS[edit.tag], edit.src_start, edit.src_end, first + edit.dest_start, first + edit.dest_end


def _punctuation_edits(sentence: Wording, block: Wording, stretch: Span, first: int, last: int) -> Iterator[_Edit]:
    """Where only punctuation differs: letter stays with letter, and what stands between two of them is compared."""
    mine, theirs = sentence.normal.text, block.normal.text
    here = [-1, *sentence.kept, len(mine)]
    there = [first - 1, *block.kept[slice(*stretch)], last]
    for at in range(len(here) - 1):
        left, right = here[at] + 1, here[at + 1]
        found_left, found_right = there[at] + 1, there[at + 1]
        for edit in _edits(mine[left:right], theirs, found_left, found_right):
            yield edit[0], left + edit[1], left + edit[2], edit[3], edit[4]


def _is_inside(wording: Wording, at: int) -> bool:
    """Whether what stands before ``at`` in the normal form is of the same code point as what follows: m|2 of ㎡."""
    offsets = wording.normal.offsets
    return 0 < at < len(offsets) and offsets[at - 1] == offsets[at]


def _whole(edits: list[_Edit], sentence: Wording, block: Wording, first: int, last: int) -> Iterator[_Edit]:
    """``edits`` with code points whole on both sides: what is told stands in texts as written, where ㎡ has no half.

    Between edits both normal forms are the same, character by character; ``first`` and ``last`` bound the block's.
    """
    left, found_left, is_edited = 0, first, False
    at, found = 0, first
    pieces: list[tuple[int, int, bool]] = []
    for edit in (*edits, None):
        same = (len(sentence.normal.text) if edit is None else edit[1]) - at
        pieces.extend((at + step + 1, found + step + 1, False) for step in range(same))
        if edit is not None:
            at, found = edit[2], edit[4]
            pieces.append((at, found, True))
    for right, found_right, edited in pieces:
        is_edited = is_edited or edited
        if _is_inside(sentence, right) or _is_inside(block, found_right):
            continue
        if is_edited:
            operation: Operation = "insert" if left == right else "delete" if found_left == found_right else "replace"
            yield operation, left, right, found_left, found_right
        left, found_left, is_edited = right, found_right, False


def _difference(edit: _Edit, sentence: Wording, block: Wording) -> Difference:
    operation, left, right, found_left, found_right = edit
    span = sentence.original_span(left, right)
    found_span = block.original_span(found_left, found_right)
    return Difference(operation, span, found_span, sentence.original[slice(*span)], block.original[slice(*found_span)])


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
