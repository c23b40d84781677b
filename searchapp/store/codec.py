"""Blocks and reports as compact JSON, and back. One place knows how they look on disk."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import Any

from searchapp.reports.model import Block, Item, Metadata, PartSpan, ReportSource, SourcePosition, TopicCue
from searchapp.search.result import ReportSummary

_HEAD = re.compile(
    rb'\{"id":"(?P<id>[^"\\]*)",.*"first_block":(?P<first>\d+),"blocks":(?P<blocks>\d+),[^{]*\}\s*', re.DOTALL
)
"""What :func:`encode_head` writes, by its first and last names."""
_KINDS_OF_EVIDENCE = 1024
"""Mappings of evidence that are held once: a library has some dozens."""
_NAMES = 1 << 14
"""Names of units, places and kinds that are held once."""


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _load(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


def encode_block(block: Block) -> bytes:
    """One line without its end."""
    source = block.source
    return _dump(
        [
            block.kind,
            block.text,
            block.key,
            [source.file, source.line, source.column, source.page],
            block.headings,
            block.level,
            block.run_in,
            [[part.part, *part.span, part.cue] for part in block.parts],
            [[topic.topic, topic.cue] for topic in block.topics],
            block.marks,
            [[item.mark, *item.span] for item in block.items],
            block.lead,
        ]
    )


def decode_block(data: bytes) -> Block:
    """The block that :func:`encode_block` wrote."""
    kind, text, key, source, headings, level, run_in, parts, topics, marks, items, lead = _load(data)
    return Block(
        kind=kind,
        text=text,
        key=key,
        source=SourcePosition(*source),
        headings=tuple(headings),
        level=level,
        run_in=(run_in[0], run_in[1]) if run_in else None,
        parts=tuple(PartSpan(part, (start, end), cue) for part, start, end, cue in parts),
        topics=tuple(TopicCue(topic, cue) for topic, cue in topics),
        marks=tuple((start, end) for start, end in marks),
        items=tuple(Item(mark, (start, end)) for mark, start, end in items),
        lead=(lead[0], lead[1]) if lead else None,
    )


def encode_head(summary: ReportSummary, opening: str, first_block: int) -> bytes:
    """A report without its blocks; ``first_block`` is the ordinal of its first block in the build."""
    meta = summary.meta
    return _dump(
        {
            "id": summary.report_id,
            "meta": {name: getattr(meta, name) for name in Metadata.__dataclass_fields__ if name != "evidence"},
            "evidence": dict(meta.evidence),
            "sources": [[source.file, source.first_line, source.last_line] for source in summary.sources],
            "opening": opening,
            "first_block": first_block,
            "blocks": summary.blocks,
            "paragraphs": summary.paragraphs,
            "headings": summary.headings,
        }
    )


def skim_head(data: bytes) -> tuple[str, int, int]:
    """The id, the first block and the number of blocks of what :func:`encode_head` wrote. ``ValueError`` for another.

    A twentieth of the time of decoding it.
    """
    if (found := _HEAD.fullmatch(data)) is None:
        raise ValueError("no head of a report")
    return found["id"].decode("ascii"), int(found["first"]), int(found["blocks"])


def decode_head(data: bytes) -> tuple[ReportSummary, str, int]:
    """The summary, opening and first block that :func:`encode_head` wrote. What many reports share is held once."""
    head = _load(data)
    known = head["meta"]
    title = known.pop("title")
    meta: dict[str, Any] = {name: _once(of) if isinstance(of, str) else of for name, of in known.items()}
    summary = ReportSummary(
        report_id=head["id"],
        meta=Metadata(title, **meta, evidence=_evidence(tuple(head["evidence"].items()))),
        sources=tuple(ReportSource(*source) for source in head["sources"]),
        blocks=head["blocks"],
        paragraphs=head["paragraphs"],
        headings=head["headings"],
    )
    return summary, head["opening"], head["first_block"]


@functools.lru_cache(_KINDS_OF_EVIDENCE)
def _evidence(known: tuple[tuple[str, Any], ...]) -> Mapping[str, Any]:
    return dict(known)


@functools.lru_cache(_NAMES)
def _once(name: str) -> str:
    return name
