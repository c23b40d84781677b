"""Floor 2: what a person types, as a syntax tree with character spans and diagnostics."""

from searchapp.query.ast import (
    FIELD_NAMES,
    And,
    Clause,
    Diagnostic,
    Everything,
    Field,
    Gap,
    Link,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Word,
    YearRange,
)
from searchapp.query.parser import ParsedQuery, parse_query

__all__ = [
    "FIELD_NAMES",
    "And",
    "Clause",
    "Diagnostic",
    "Everything",
    "Field",
    "Gap",
    "Link",
    "Near",
    "Node",
    "Not",
    "Or",
    "ParsedQuery",
    "Phrase",
    "Word",
    "YearRange",
    "parse_query",
]
