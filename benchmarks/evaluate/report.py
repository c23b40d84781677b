"""The result as a table in Markdown, for people who read Chinese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.evaluate.measures import Quality, Ratio, paired_ratio


@dataclass(frozen=True, slots=True)
class Row:
    """A system: its name, its quality, and its milliseconds for each question (none for what is not timed)."""

    name: str
    quality: Quality
    milliseconds: list[float]


def table(rows: Iterable[Row], base: Quality) -> str:
    """Every row beside ``base``."""
    lines = [
        "| 排序 | nDCG@10 | MRR@10 | R@100 | 与相加之比（95 % 区间） | 每问毫秒（中位 / 95 %） |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        means = " | ".join(
            _decimal(values.mean()) for values in (row.quality.ndcg, row.quality.mrr, row.quality.recall)
        )
        against = "—" if row.quality is base else ratio_text(paired_ratio(row.quality.ndcg, base.ndcg))
        lines.append(f"| {row.name} | {means} | {against} | {_took(row.milliseconds)} |")
    return "\n".join(lines)


def ratio_text(ratio: Ratio) -> str:
    """``1.10（1.04–1.17）``."""
    return f"{ratio.value:.3f}（{ratio.low:.3f}–{ratio.high:.3f}）"


def _decimal(value: float) -> str:
    return f"{value:.4f}".removeprefix("0")


def _took(milliseconds: list[float]) -> str:
    if not milliseconds:
        return "—"
    middle, high = np.percentile(milliseconds, [50, 95])
    return f"{middle:.1f} / {high:.1f}"
