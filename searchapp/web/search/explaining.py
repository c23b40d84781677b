"""Why a hit stands where it stands: what each clause adds to its score, as a table."""

from __future__ import annotations

from dataclasses import dataclass

from searchapp.language import Labels, later
from searchapp.search.result import Contribution, Hit
from searchapp.services.payloads.encode import PART_LABELS

MATCHED_LABELS = Labels({True: later("一字不差"), False: later("按词")})
"""How a clause matches: as it is written, or by its words anywhere in the block."""
_NONE = "—"


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """A clause: how it matches, its share of the score by part, and all its share."""

    clause: str
    matched: str
    shares: tuple[str, ...]
    total: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """``parts`` head the columns of the rows' ``shares``; ``score`` is the hit's."""

    parts: tuple[str, ...]
    rows: tuple[ExplanationRow, ...]
    score: str


def explanation(hit: Hit) -> Explanation | None:
    """The table of a hit; ``None`` when nothing is explained."""
    if not hit.explanation:
        return None
    found = [part for contribution in hit.explanation for part, _ in contribution.parts]
    parts = list(dict.fromkeys([*(part for part in PART_LABELS if part in found), *found]))
    return Explanation(
        parts=tuple(PART_LABELS.get(part, part) for part in parts),
        rows=tuple(_row(contribution, parts) for contribution in hit.explanation),
        score=_share(hit.score),
    )


def _row(contribution: Contribution, parts: list[str]) -> ExplanationRow:
    shares = dict(contribution.parts)
    return ExplanationRow(
        clause=contribution.text,
        matched=MATCHED_LABELS[contribution.literal] if contribution.literal or "words" in shares else _NONE,
        shares=tuple(_share(shares[part]) if part in shares else _NONE for part in parts),
        total=_share(sum(shares.values())),
    )


def _share(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
