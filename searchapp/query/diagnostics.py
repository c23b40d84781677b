"""Diagnostics: what was mended, or is worth knowing, about a query. Plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """``message`` is Chinese, for the reader; ``start``/``end`` are code points of the query, end-exclusive."""

    message: str
    start: int = 0
    end: int = 0
