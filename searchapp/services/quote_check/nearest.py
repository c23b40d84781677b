"""The wording of the library that is most like a sentence: candidates by a loosened search, then alignment.

Similarity is taken without punctuation: twice the characters that both have in common, in order, over the characters of
both (rapidfuzz's Indel similarity). Figures and how they were measured: docs/using/checking.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from searchapp.query.ast import Node, Or, Phrase
from searchapp.search.request import SearchRequest
from searchapp.search.result import LocatedBlock
from searchapp.search.schema import ALL_KINDS
from searchapp.services.library import Library
from searchapp.services.quote_check.differences import Wording, block_wording
from searchapp.services.quote_check.values import Span
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import blind
from searchapp.time_limit import checkpoint, watched

NEAREST_SIMILARITY = 0.6
"""From this similarity on a wording is told as the nearest one."""

SHORT_SIMILARITY = 0.7
SHORT_SENTENCE_CHARACTERS = 12
"""Sentences of fewer characters, punctuation aside, need ``SHORT_SIMILARITY``: half of them stands anywhere."""

CANDIDATES = 20
_REFINED = 5
_BOUNDARIES = 8
_REACH = 12
_ROUNDS = 2
_MAX_PHRASES = 48
_RUN = re.compile(r"\w+")


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
    """The most similar stretch among the candidates, however unlike; ``None`` when there is no candidate."""
    found: list[tuple[float, int, LocatedBlock]] = []
    for order, located in enumerate(_candidates(library, sentence)):
        checkpoint()
        text = blind(normalize(located.block.text, located.block.marks))
        if text:
            found.append((_likeness(sentence.blind, text), -order, located))
    best = nlargest(_REFINED, found, key=lambda each: each[:2])
    refined = [_refined(sentence.blind, located) for _, _, located in watched(best)]
    return max(refined, key=lambda each: (each.similarity, _with_punctuation(sentence, each)), default=None)


def _with_punctuation(sentence: Wording, like: Nearest) -> float:
    """The likeness of a stretch when punctuation counts: it decides between stretches that are equal without."""
    kept = like.wording.kept
    return Indel.normalized_similarity(
        sentence.normal.text, like.wording.normal.text[kept[like.begin] : kept[like.end - 1] + 1]
    )


def _candidates(library: Library, sentence: Wording) -> Sequence[LocatedBlock]:
    query = _query(library, sentence.normal.text)
    if query is None:
        return ()
    request = SearchRequest(query, kinds=ALL_KINDS)
    return [hit.located for hit in islice(library.reader.stream(request), CANDIDATES)]


def _query(library: Library, text: str) -> Node | None:
    """Any of the words of two or more characters (of all, when there are no such), and of every other bigram.

    Words alone miss sentences in which a wrong character makes jieba cut otherwise.
    """
    words = list(dict.fromkeys(library.analyzer.words(text)))
    longer = [word for word in words if len(word) > 1] or words
    bigrams = [run[at : at + 2] for run in _RUN.findall(text) for at in range(0, len(run) - 1, 2)]
    phrases = tuple(Phrase(piece, piece) for piece in dict.fromkeys((*longer, *bigrams)))[:_MAX_PHRASES]
    return Or(phrases) if len(phrases) > 1 else phrases[0] if phrases else None


def _likeness(sentence: str, text: str) -> float:
    """How much the best stretch of ``text``, as long as the sentence, is like it: 0 to 1."""
    if len(text) <= len(sentence):
        return Indel.normalized_similarity(sentence, text)
    return fuzz.partial_ratio(sentence, text) / 100


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
