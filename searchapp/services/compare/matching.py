"""Which block of one report is which of another: headings first, then identical blocks, then similar ones.

Works on normalized texts. Similarity is rapidfuzz's; what is compared at all is found by shared trigrams, so that the
time grows with the text and not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, LCSseq
from rapidfuzz.fuzz import ratio

from searchapp.reports.model import Block
from searchapp.reports.structure.numbering import parse_number
from searchapp.text.normalize import normalize
from searchapp.time_limit import checkpoint, watched

MIN_SIMILARITY = 0.45
"""Indel similarity from which a paragraph counts as edited; below it one was dropped and another is new."""
MIN_SAME_POINT_SIMILARITY = 0.2
"""The same of two paragraphs under counterpart headings that open with like run-in headings."""
MIN_HEADING_SIMILARITY = 60.0
"""rapidfuzz ratio (0-100) of two headings without their numbers that name the same part."""
SAME_PART_BONUS = 0.2
"""What a counterpart under the same heading is worth: a paragraph goes to it before a somewhat more similar one."""

MAX_COMPARED = 20_000
"""Characters of a paragraph by which its similarity is told."""

SAME_POINT_BONUS = 0.3
"""What the same run-in heading is worth besides; a like one as much less as it is less like."""

_GRAM = 3
_MAX_SHARED_BY = 24
"""A trigram that more blocks than this hold says nothing of a paragraph."""
_CANDIDATES = 6
_FEW_HEADINGS = 400
"""Headings without an equal on the other side are compared with each other while there are no more of them."""

_MAX_POINTS = 200
"""Run-in headings of one part that are compared with those of its counterpart."""
_NO_NUMBER = (0, 0)
_NOWHERE = -2

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """A block as it is matched: normalized text; ``section``: number of the heading block above it, or its own.

    ``opening``: the words of a run-in heading or topic sentence, without its number; empty without one.
    """

    normal: str
    kind: str
    section: int
    opening: str


@dataclass(frozen=True, slots=True)
class Match:
    """Positions of the two blocks, their similarity, and whether they stand at different places of the reports."""

    a: int
    b: int
    similarity: float
    moved: bool = False


def texts_of(blocks: Sequence[Block]) -> list[Text]:
    """The blocks of a report; those before the first heading are of section -1."""
    found: list[Text] = []
    section = -1
    for position, block in enumerate(watched(blocks)):
        if block.kind == "heading":
            section = position
        found.append(Text(normalize(block.text, block.marks), block.kind, section, _opening(block)))
    return found


def _opening(block: Block) -> str:
    span = block.run_in or block.lead
    if span is None:
        return ""
    text = normalize(block.text[slice(*span)])
    number = parse_number(text)
    return text[number.end :] if number else text


def matched(a: Sequence[Block], b: Sequence[Block]) -> list[Match]:
    """Blocks of ``a`` with their counterparts in ``b``, each in one pair at most, ascending by ``a``."""
    left, right = texts_of(a), texts_of(b)
    sections = _sections(a, b, left, right)
    pairs = _identical(left, right, sections)
    pairs |= {
        at: (to, _similarity(left[at], right[to])) for at, to in watched(sections.items()) if _is_free(at, to, pairs)
    }
    pairs |= _similar(left, right, sections, pairs)
    in_order = _longest_ascending([(at, to) for at, (to, _) in sorted(pairs.items())])
    back = {to: at for at, to in sections.items()}
    found = []
    for at, (to, similarity) in sorted(pairs.items()):
        here, there = left[at].section, right[to].section
        is_elsewhere = sections.get(here, there) != there or back.get(there, here) != here
        found.append(Match(at, to, similarity, is_elsewhere or (at, to) not in in_order))
    return found


def _is_free(at: int, to: int, pairs: dict[int, tuple[int, float]]) -> bool:
    return at >= 0 and at not in pairs and all(taken != to for taken, _ in pairs.values())


def _similarity(a: Text, b: Text, least: float = 0.0) -> float:
    if a.normal == b.normal:
        return 1.0
    return Indel.normalized_similarity(a.normal[:MAX_COMPARED], b.normal[:MAX_COMPARED], score_cutoff=least)


def _sections(a: Sequence[Block], b: Sequence[Block], left: Sequence[Text], right: Sequence[Text]) -> dict[int, int]:
    """Heading blocks of ``a`` and their counterparts: of equal words, of similar words, of the same number.

    -1, what stands before the first heading, is its own counterpart.
    """
    heads_a, heads_b = _headings(a, left), _headings(b, right)
    found: dict[int, int] = {}
    rest_a, rest_b = dict(heads_a), dict(heads_b)

    def settle(pairs: Iterable[Pair]) -> None:
        for at, to in pairs:
            if at in rest_a and to in rest_b:
                found[at] = to
                del rest_a[at], rest_b[to]

    settle(_equal_in_order(heads_a, heads_b))
    by_words = defaultdict(list)
    for to, head in rest_b.items():
        by_words[head.words].append(to)
    settle([(at, to) for at, head in list(rest_a.items()) for to in by_words[head.words]])
    if len(rest_a) <= _FEW_HEADINGS and len(rest_b) <= _FEW_HEADINGS:
        scored = [
            (score + 10 * (head.number == other.number and head.level == other.level), at, to)
            for at, head in watched(rest_a.items())
            for to, other in rest_b.items()
            if (score := ratio(head.words, other.words, score_cutoff=MIN_HEADING_SIMILARITY))
        ]
        settle((at, to) for _, at, to in sorted(scored, key=lambda each: (-each[0], abs(each[1] - each[2]))))
    # What is left goes by its number, below counterparts: 三、 was worded anew.
    by_place = {(each.number, each.level, each.parent): to for to, each in reversed(rest_b.items())}
    for at, each in list(rest_a.items()):
        place = (each.number, each.level, {-1: -1, **found}.get(each.parent, _NOWHERE))
        if each.number != _NO_NUMBER and place in by_place:
            settle([(at, by_place[place])])
    return {-1: -1, **found}


@dataclass(frozen=True, slots=True)
class _Heading:
    words: str
    number: tuple[int, int]
    level: int
    parent: int


def _headings(blocks: Sequence[Block], texts: Sequence[Text]) -> dict[int, _Heading]:
    found: dict[int, _Heading] = {}
    above: list[tuple[int, int]] = []
    for position, (block, text) in enumerate(zip(blocks, texts, strict=True)):
        if block.kind != "heading":
            continue
        while above and above[-1][0] >= block.level:
            above.pop()
        number = parse_number(text.normal)
        words = text.normal[number.end :] if number else text.normal
        rank = (number.rank, number.value) if number and number.value else _NO_NUMBER
        found[position] = _Heading(words, rank, block.level, above[-1][1] if above else -1)
        above.append((block.level, position))
    return found


def _equal_in_order(a: dict[int, _Heading], b: dict[int, _Heading]) -> list[Pair]:
    """Headings of the same words in the same order: the k-th of equal ones goes to the k-th."""
    at, to = list(a), list(b)
    words = [[each.words for each in headings.values()] for headings in (a, b)]
    return [(at[left], to[right]) for left, right in _common(*words)]


def _identical(left: Sequence[Text], right: Sequence[Text], sections: dict[int, int]) -> dict[int, tuple[int, float]]:
    """Blocks of the same text: in order as far as possible, then those under counterpart headings, then any."""
    pairs = {at: (to, 1.0) for at, to in _common([each.normal for each in left], [each.normal for each in right])}
    taken = {to for to, _ in pairs.values()}
    free: dict[str, list[int]] = defaultdict(list)
    for to, text in enumerate(right):
        if to not in taken:
            free[text.normal].append(to)
    for at, text in enumerate(watched(left)):
        if at in pairs or not free.get(text.normal):
            continue
        choices = free[text.normal]
        to = next((each for each in choices if sections.get(text.section) == right[each].section), choices[0])
        choices.remove(to)
        pairs[at] = (to, 1.0)
    return pairs


def _common(a: Sequence[str], b: Sequence[str]) -> list[Pair]:
    """A longest common subsequence of two lists of texts."""
    return [
        (at, to)
        for code in LCSseq.opcodes(a, b)
        if code.tag == "equal"
        for at, to in zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True)
    ]


def _similar(
    left: Sequence[Text], right: Sequence[Text], sections: dict[int, int], pairs: dict[int, tuple[int, float]]
) -> dict[int, tuple[int, float]]:
    """Of blocks without a counterpart so far the similar ones, the most similar first."""
    taken = {to for to, _ in pairs.values()}
    holders: dict[str, list[int]] = defaultdict(list)
    for to, text in enumerate(watched(right)):
        if to not in taken:
            for gram in _grams(text.normal):
                holders[gram].append(to)
    points = _same_points(left, right, sections, pairs, taken)
    scored: list[tuple[float, int, int, float]] = []
    for at, text in enumerate(watched(left)):
        if at in pairs:
            continue
        shared: Counter[int] = Counter()
        for gram in _grams(text.normal):
            if len(known := holders.get(gram, ())) <= _MAX_SHARED_BY:
                shared.update(known)
        for to in {*(to for to, _ in shared.most_common(_CANDIDATES)), *points[at]}:
            checkpoint()
            other = right[to]
            if (text.kind == "heading") != (other.kind == "heading"):
                continue
            point = points[at].get(to, 0.0)
            similarity = _similarity(text, other, MIN_SAME_POINT_SIMILARITY if point else MIN_SIMILARITY)
            if similarity:
                is_beside = sections.get(text.section) == other.section
                bonus = SAME_PART_BONUS * is_beside + SAME_POINT_BONUS * point
                scored.append((similarity + bonus, at, to, similarity))
    found: dict[int, tuple[int, float]] = {}
    for _, at, to, similarity in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if at not in found and to not in taken:
            found[at] = (to, similarity)
            taken.add(to)
    return found


def _same_points(
    left: Sequence[Text],
    right: Sequence[Text],
    sections: dict[int, int],
    pairs: dict[int, tuple[int, float]],
    taken: set[int],
) -> dict[int, dict[int, float]]:
    """For paragraphs under paired headings that open with like run-in headings: how like these are, 0 to 1."""
    openings: dict[int, list[int]] = defaultdict(list)
    for to, text in enumerate(right):
        if text.opening and to not in taken and len(openings[text.section]) < _MAX_POINTS:
            openings[text.section].append(to)
    found: dict[int, dict[int, float]] = defaultdict(dict)
    seen: Counter[int] = Counter()
    for at, text in enumerate(watched(left)):
        if not text.opening or at in pairs or text.section not in sections or seen[text.section] >= _MAX_POINTS:
            continue
        seen[text.section] += 1
        for to in openings.get(sections[text.section], ()):
            if (score := _likeness(text.opening, right[to].opening)) >= MIN_HEADING_SIMILARITY:
                found[at][to] = score / 100
    return found


def _likeness(a: str, b: str) -> float:
    """rapidfuzz ratio of two run-in headings, or of their first clauses, which are often all that stays."""
    return max(ratio(a, b), ratio(a.partition(",")[0], b.partition(",")[0]))


def _grams(text: str) -> set[str]:
    return {text[at : at + _GRAM] for at in range(max(1, len(text) - _GRAM + 1))} if text else set()


def _longest_ascending(pairs: Sequence[Pair]) -> set[Pair]:
    """The largest part of ``pairs`` (ascending by their first number) whose second numbers ascend too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, to) in enumerate(pairs):
        place = bisect_left(ends, to)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [to]
        last[place : place + 1] = [number]
    found: set[Pair] = set()
    at = last[-1] if last else -1
    while at >= 0:
        found.add(pairs[at])
        at = before[at]
    return found
