"""The signs of the query language: characters, operators and the patterns of what stands behind them.

Every operator has a Chinese and an ASCII form, and full-width forms of its characters.
"""

from __future__ import annotations

import re
from typing import Literal

from searchapp.query.ast import FIELD_NAMES

OperatorKind = Literal["and", "or", "not"]

STRAIGHT_QUOTES = '"＂'
MINUS = "-－"
BARS = "|｜"
OPENING = "(（"
CLOSING = ")）"
ESCAPE = "\\"
ESCAPABLE = '*{"“”\\＂＊｛'
STARS = "*＊"
BRACES = "{｛"

OPERATORS: dict[str, OperatorKind] = {
    "AND": "and",
    "且": "and",
    "OR": "or",
    "或": "or",
    "NOT": "not",
    "非": "not",
}
"""Operators between white space."""

FIELD = re.compile(rf"({'|'.join(sorted(FIELD_NAMES, key=len, reverse=True))})[:：]", re.IGNORECASE)
NEARNESS = re.compile(
    r"(?P<name>NEAR|PRE|邻近|先后)(?:[/／](?P<distance>\d{1,6}))?|(?P<any>near|pre)[/／](?P<of>\d{1,6})"
)
ORDERED = frozenset({"PRE", "pre", "先后"})
BOUNDS = re.compile(r"[{｛]\s*+(?P<least>\d{0,6})\s*+(?P<comma>[,，、])?\s*+(?P<most>\d{0,6})\s*+[}｝]")
WEIGHT = re.compile(r"[\^＾](?P<weight>\d{1,6}(?:\.\d{1,6})?)")
SLOP = re.compile(r"[~～](?P<distance>\d{1,6})")

DEFAULT_DISTANCE = 20
MAX_DISTANCE = 10_000
MAX_GAP = 500
WEIGHTS = (0.01, 100.0)
"""The least and the greatest weight of a clause."""


def ends_a_clause(query: str, at: int) -> bool:
    """Whether a clause, or a group, can end before ``query[at]``."""
    return at >= len(query) or query[at].isspace() or query[at] in BARS + CLOSING
