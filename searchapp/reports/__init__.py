"""Reports: from source files to reports understood.

The public face: ``read_report_file`` reads one file, ``assign_ids`` gives the reports of a whole library their lasting
ids. Knows nothing of indexes, queries or pages. What reads and parses is imported when it is first asked for: a server
that only searches needs nothing but the values.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from searchapp.reports.model import (
    BLOCK_KINDS,
    Block,
    BlockKind,
    Evidence,
    FileReading,
    Item,
    Metadata,
    PartSpan,
    Piece,
    PieceKind,
    ReadWarning,
    Report,
    ReportSource,
    SourcePosition,
    Span,
    TopicCue,
)

if TYPE_CHECKING:
    from searchapp.reports.identity import assign_ids
    from searchapp.reports.reading import SUPPORTED_SUFFIXES, read_report_file

__all__ = [
    "BLOCK_KINDS",
    "SUPPORTED_SUFFIXES",
    "Block",
    "BlockKind",
    "Evidence",
    "FileReading",
    "Item",
    "Metadata",
    "PartSpan",
    "Piece",
    "PieceKind",
    "ReadWarning",
    "Report",
    "ReportSource",
    "SourcePosition",
    "Span",
    "TopicCue",
    "assign_ids",
    "read_report_file",
]

_LATE = {"assign_ids": "identity", "SUPPORTED_SUFFIXES": "reading", "read_report_file": "reading"}
"""In which module stands what is imported late."""


def __getattr__(name: str) -> Any:
    """What is imported late (PEP 562)."""
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
