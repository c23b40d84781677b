"""What the quote checker answers: each sentence of a pasted text, its verdict, where it stands and how it differs.

Plain values. Offsets are code points, 0-based, end-exclusive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from searchapp.search.result import LocatedBlock

Span = tuple[int, int]

Verdict = Literal["exact", "punctuation", "nearest", "absent", "short"]
VERDICTS: tuple[Verdict, ...] = ("exact", "punctuation", "nearest", "absent", "short")

Operation = Literal["replace", "delete", "insert"]
"""What would have to be done to the pasted text to make it the library's: its characters replaced or deleted, or the
library's inserted."""

CONTEXT_CHARACTERS = 16
"""How much of a block is shown on either side of the stretch that is meant."""

Segment = tuple[Literal["same", "delete", "insert"], str]
"""A stretch of a sentence that is in both wordings, only in the pasted one, or only in the library's."""


@dataclass(frozen=True, slots=True)
class Place:
    """A block of the library and the stretch of its text (as written) that is meant."""

    located: LocatedBlock
    span: Span

    @property
    def text(self) -> str:
        """The stretch as written."""
        return self.located.block.text[slice(*self.span)]

    @property
    def before(self) -> str:
        """The text just before the stretch."""
        return self.located.block.text[max(0, self.span[0] - CONTEXT_CHARACTERS) : self.span[0]]

    @property
    def after(self) -> str:
        """The text just after the stretch."""
        return self.located.block.text[self.span[1] : self.span[1] + CONTEXT_CHARACTERS]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a sentence and the library's wording.

    ``span`` is in the sentence's text (empty for an insertion), ``found_span`` in the text of the block of the first
    place (empty for a deletion). ``text`` and ``found`` are what stands there, as written.
    """

    operation: Operation
    span: Span
    found_span: Span
    text: str
    found: str


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence, or a quotation inside one, and what the library says of it.

    ``span``: in the pasted text. ``places``: the first few blocks, best first; ``blocks`` and ``reports`` count all
    that hold the wording of the first place: exactly, or punctuation aside under ``punctuation``. ``differences``: to
    the first place, ascending; none for ``exact``. ``similarity``: 0 to 1, punctuation aside; ``None`` where nothing
    was compared (``short``, ``absent``). ``inside``: of a sentence that is ``nearest`` or ``absent``, the quotations in
    it, each checked by itself, or else its longest stretch that stands exactly.
    """

    text: str
    span: Span
    verdict: Verdict
    places: tuple[Place, ...] = ()
    blocks: int = 0
    reports: int = 0
    differences: tuple[Difference, ...] = ()
    similarity: float | None = None
    inside: tuple[CheckedSentence, ...] = ()

    def segments(self) -> Iterator[Segment]:
        """The sentence with its differences in place: what is deleted stands before what is inserted."""
        at = 0
        for difference in self.differences:
            begin, end = difference.span
            if begin > at:
                yield "same", self.text[at:begin]
            if difference.text:
                yield "delete", difference.text
            if difference.found:
                yield "insert", difference.found
            at = end
        if at < len(self.text):
            yield "same", self.text[at:]


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """All sentences of a text, in order; ``counts`` has every verdict. ``text`` is the text that was checked."""

    build: str
    text: str
    sentences: tuple[CheckedSentence, ...]
    counts: Mapping[Verdict, int]
