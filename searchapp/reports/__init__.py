"""Reports: from source files to reports understood.

The public face: ``read_report_file`` reads one file, ``assign_ids`` gives the reports of a whole library their lasting
ids. Knows nothing of indexes, queries or pages.
"""

from searchapp.reports.identity import assign_ids
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
