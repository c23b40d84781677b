"""Two reports compared: which blocks stand in both, which were edited, moved, added or dropped. Plain values.

``a`` is one report (usually the earlier), ``b`` the other; offsets are code points of a block's text, end-exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from searchapp.reports.model import Block, Span
from searchapp.search.result import ReportSummary

RowKind = Literal["kept", "edited", "moved", "new", "dropped"]
ROW_KINDS: tuple[RowKind, ...] = ("kept", "edited", "moved", "new", "dropped")


@dataclass(frozen=True, slots=True)
class Side:
    """A block of one report; ``position`` is its place there, from 0.

    ``changes``: the stretches of its text that the other block does not have. ``partner``: position of the other block
    in the other report, when that does not stand in the same row.
    """

    block: Block
    position: int
    changes: tuple[Span, ...] = ()
    partner: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside each other.

    ``kept``: identical in N. ``edited``: similar, with ``changes`` on both sides. ``moved``: identical or similar, but
    at another place of the report: such a pair has a row at each place, with one side. ``new`` and ``dropped`` have one
    side. ``similarity``: 0 to 1, of a pair.
    """

    kind: RowKind
    a: Side | None
    b: Side | None
    similarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """How much was kept. ``blocks``: pairs (kept, edited, moved) and single blocks (new, dropped) by kind.

    ``characters_a``, ``characters_b``: normalized characters of each report. ``same``: those of ``b`` in blocks that
    are identical; ``alike``: those, and what edited blocks have in common with their counterparts.
    """

    blocks: Mapping[RowKind, int]
    characters_a: int
    characters_b: int
    same: int
    alike: int

    @property
    def share_same(self) -> float:
        """Share of ``b`` that stands in blocks taken over unchanged, 0 to 1."""
        return self.same / self.characters_b if self.characters_b else 0.0

    @property
    def share_alike(self) -> float:
        """Share of ``b`` that was in ``a`` before: unchanged blocks, and the unchanged text of edited ones."""
        return self.alike / self.characters_b if self.characters_b else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports and the rows in which they stand side by side, in the order of both."""

    a: ReportSummary
    b: ReportSummary
    rows: tuple[Row, ...]
    figures: Figures
