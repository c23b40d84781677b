"""The wording of the library that is most like a sentence: blocks that share the most with it, then alignment.

Similarity is taken without punctuation: twice the characters that both have in common, in order, over the characters of
both (rapidfuzz's Indel similarity). Blocks are compared in the order of the pairs of neighbouring characters that they
share with the sentence, for these bound how alike any stretch of a block can be: the comparing ends where none of those
left can be nearer. Rules, figures and how they were measured: docs/using/checking.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from searchapp.search.result import LocatedBlock
from searchapp.services.library import Library
from searchapp.services.quote_check.differences import Wording, block_wording
from searchapp.services.quote_check.values import Span
from searchapp.text.punctuation import blind
from searchapp.time_limit import checkpoint, watched

NEAREST_SIMILARITY = 0.6
"""From this similarity on a wording is told as the nearest one."""

SHORT_SIMILARITY = 0.7
SHORT_SENTENCE_CHARACTERS = 12
"""Sentences of fewer characters, punctuation aside, need ``SHORT_SIMILARITY``: half of them stands anywhere."""

PAIRS_SHARED = 1 / 6
"""The part of a sentence's pairs that a block must hold to be compared. Where only characters were replaced, a wording
of ``NEAREST_SIMILARITY`` holds more."""

MOST_COMPARED = 200
"""Blocks that are compared at most: a sentence of set phrases shares many pairs with thousands."""

AT_ONCE = 20
ALIGNED = 5
"""Of so many blocks compared at a time the most alike are aligned, each where it can still be nearer."""
_BOUNDARIES = 8
_REACH = 12
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Nearest:
    """A block and the stretch ``begin``-``end`` of its blind wording; ``similarity`` of that stretch."""

    located: LocatedBlock
    wording: Wording
    begin: int
    end: int
    similarity: float


def least_similarity(sentence: Wording) -> float:
    """From which similarity on a wording is told as the nearest one of ``sentence``."""
    return SHORT_SIMILARITY if len(sentence.blind) < SHORT_SENTENCE_CHARACTERS else NEAREST_SIMILARITY


def nearest(library: Library, sentence: Wording) -> Nearest | None:
    """The most similar stretch of all blocks compared, however unlike; ``None`` when none shares enough pairs.

    Of equals the one that is more alike with its punctuation, then the one that shares more pairs, then the first.
    """
    text = sentence.blind
    pairs = list(dict.fromkeys(map("".join, pairwise(text))))
    least = max(1, int(PAIRS_SHARED * len(pairs)))
    repeated = len(text) - 1 - len(pairs)
    best: Nearest | None = None
    sharing = library.reader.sharing_bigrams(pairs, least, MOST_COMPARED)
    while passages := list(islice(sharing, AT_ONCE)):
        if best is not None and _most_of_pairs(len(text), passages[0][0] + repeated) < best.similarity:
            break
        of_batch = [(_most_of_likeness(text, blind(passage.text)), passage) for _, passage in watched(passages)]
        for most, passage in sorted(of_batch, key=lambda each: -each[0])[:ALIGNED]:
            if best is not None and most < best.similarity:
                break
            checkpoint()
            found = _refined(text, passage.located())
            if best is None or _rank(sentence, found) > _rank(sentence, best):
                best = found
    return best


def _rank(sentence: Wording, like: Nearest) -> tuple[float, float]:
    """The likeness of a stretch when punctuation counts decides between stretches that are equal without."""
    kept = like.wording.kept
    with_punctuation = like.wording.normal.text[kept[like.begin] : kept[like.end - 1] + 1]
    return like.similarity, Indel.normalized_similarity(sentence.normal.text, with_punctuation)


def _most_of_pairs(size: int, pairs: int) -> float:
    """The greatest similarity to ``size`` characters, of whose neighbouring ``pairs`` stand somewhere in a text.

    ``c`` characters in common, in order, are as many runs as there are gaps in either wording, and one: at most
    ``size + n - 2 c + 1`` for a stretch of ``n``; a run of ``r`` holds ``r - 1`` pairs. So ``3 c <= size + n + k``
    with ``k = pairs + 1``; and ``c <= n``. ``2 c / (size + n)`` is greatest where both bounds meet.
    """
    k = pairs + 1
    return min(1.0, 2 * (size + k) / (3 * size + k))


def _most_of_likeness(sentence: str, text: str) -> float:
    """The greatest similarity to the sentence that any stretch of ``text`` may have.

    Every stretch of the sentence's length has at most ``likeness * size`` characters in common with it, one of ``d``
    more at most ``d`` more: ``2 c / (2 size + d)`` is greatest where that is the whole sentence.
    """
    size = len(sentence)
    if len(text) <= size:
        common = Indel.normalized_similarity(sentence, text) * (size + len(text)) / 2
        return 2 * common / (size + common)
    return 2 / (3 - fuzz.partial_ratio(sentence, text) / 100)


def _refined(sentence: str, located: LocatedBlock) -> Nearest:
    """The best stretch of a block: it may begin and end where the aligned window does, or at punctuation nearby."""
    theirs = block_wording(located.block)
    text, size = theirs.blind, len(sentence)
    begin, end = 0, len(text)
    if len(text) > size:
        aligned = fuzz.partial_ratio_alignment(sentence, text)
        if aligned is not None and aligned.dest_start < aligned.dest_end:
            begin, end = aligned.dest_start, aligned.dest_end
    edges = {0, *(at for at in range(1, len(text)) if theirs.kept[at] - theirs.kept[at - 1] > 1), len(text)}
    begins = {begin, *_near(edges, begin, size)}
    ends = {end, *_near(edges, end, size)}
    begin, end = _best(sentence, text, edges, (begins, ends))
    for _ in range(_ROUNDS):
        begin, end = _best(sentence, text, edges, ({begin}, _around(end, text)))
        begin, end = _best(sentence, text, edges, (_around(begin, text), {end}))
    trimmed = _without_additions(sentence, text, begin, end)
    begin, end = trimmed if trimmed[0] < trimmed[1] else (begin, end)
    return Nearest(located, theirs, begin, end, Indel.normalized_similarity(sentence, text[begin:end]))


def _best(sentence: str, text: str, edges: set[int], choice: tuple[Iterable[int], Iterable[int]]) -> Span:
    """The stretch with the least edit distance for its length; of equals one that begins and ends at
    ``edges``, then the shorter one. ``choice``: where it may begin and end.

    Not by the Indel similarity: that likes a stretch better without its last words than with others in their place.
    """
    return max(
        ((begin, end) for begin in choice[0] for end in choice[1] if begin < end),
        key=lambda span: (
            Levenshtein.normalized_similarity(sentence, text[slice(*span)]),
            len(edges.intersection(span)),
            span[0] - span[1],
            span,
        ),
    )


def _around(at: int, text: str) -> range:
    return range(max(0, at - _REACH), min(len(text), at + _REACH) + 1)


def _without_additions(sentence: str, text: str, begin: int, end: int) -> tuple[int, int]:
    """``begin``-``end`` without what ``text`` has at either end beside the sentence: that stands outside of it."""
    edits = Levenshtein.opcodes(sentence, text[begin:end])
    if len(edits) < 2:
        return begin, end
    if edits[0].tag == "insert":
        return _without_additions(sentence, text, begin + edits[0].dest_end, end)
    if edits[-1].tag == "insert":
        return begin, begin + edits[-1].dest_start
    return begin, end


def _near(edges: set[int], at: int, reach: int) -> list[int]:
    return sorted((edge for edge in edges if abs(edge - at) <= reach), key=lambda edge: abs(edge - at))[:_BOUNDARIES]
