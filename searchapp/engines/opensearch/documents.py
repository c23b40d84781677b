"""Reports and blocks as documents of the cluster, and back."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from searchapp.engines.opensearch.indices import NAME_FIELDS
from searchapp.reports.model import Block, Metadata, Report, paragraph_id
from searchapp.search.near_duplicates import fold_key
from searchapp.search.result import ReportSummary
from searchapp.search.schema import (
    FILTER_NAMES,
    NONE_VALUE,
    department_of,
    field_values,
    organ_of,
    review_years,
)
from searchapp.store.codec import decode_block, decode_head, encode_block, encode_head
from searchapp.store.documents import summarize
from searchapp.text.normalize import normalize
from searchapp.text.punctuation import blind

if TYPE_CHECKING:
    from searchapp.engines.base import AnalyzedReport

SPACE_SIGN = "\x01"
"""Stands for a kept space. No normalized text holds a control character, so it means nothing else."""

_LONG_SIGN = "\x02"
MAX_TOKEN = 200
"""The whitespace analyzer cuts tokens of more than 255 characters; longer words are told by a hash."""

NEVER_YEAR = 1 << 30

Document = dict[str, Any]


def char_tokens(text: str) -> str:
    """The characters of a normalized text as tokens."""
    return " ".join(SPACE_SIGN if char == " " else char for char in text)


def word_token(word: str) -> str:
    """A word as one token."""
    if len(word) > MAX_TOKEN:
        return _LONG_SIGN + hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return word.replace(" ", SPACE_SIGN)


def word_tokens(words: Sequence[str]) -> str:
    """Words as tokens."""
    return " ".join(map(word_token, words))


def block_documents(analyzed: AnalyzedReport, order: int) -> Iterator[tuple[str, Document]]:
    """Paragraph id and document of every block; ``order`` is the report's place in the library."""
    report = analyzed.report
    for position, (block, words) in enumerate(zip(report.blocks, analyzed.blocks, strict=True)):
        kept = {
            "words": word_tokens(words.words),
            "heading_words": word_tokens(words.heading_words),
            "title_words": word_tokens(analyzed.title_words),
        }
        yield (
            paragraph_id(report.id, block.key),
            _document(report.id, report.meta, block, words.text, {**kept, "order": order, "position": position}),
        )


def moved_document(source: Document, meta: Metadata, order: int) -> Document:
    """The document of a block that the cluster holds, at another place in the library."""
    block = decoded(source)
    kept = {name: source[name] for name in ("words", "heading_words", "title_words", "position")}
    text = normalize(block.text, block.marks)
    return _document(source["report"], meta, block, text, {**kept, "order": order})


def _document(report_id: str, meta: Metadata, block: Block, text: str, kept: Document) -> Document:
    named = {name: field_values(name, meta, block) for name in NAME_FIELDS}
    filters = {name: _clean(field_values(name, meta, block)) or [NONE_VALUE] for name in FILTER_NAMES}
    return {
        **kept,
        "block": _safe(encode_block(block)),
        "pid": paragraph_id(report_id, block.key),
        "report": report_id,
        "block_kind": block.kind,
        "chars": char_tokens(text),
        "blind": char_tokens(blind(text)),
        "text": base64.b64encode(text.encode("utf-8")).decode("ascii"),
        "fold": f"{fold_key(text):016x}",
        "organ": _known(organ_of(meta)) or NONE_VALUE,
        "then": _known(department_of(meta)) or NONE_VALUE,
        "years": [] if meta.year is None else [meta.year],
        "newest": -(meta.year or -1),
        "oldest": meta.year or NEVER_YEAR,
        "review_years": list(review_years(meta)),
        "plan_years": [] if meta.plan_year is None else [meta.plan_year],
        **{f"filter_{name}": values for name, values in filters.items()},
        **{
            f"name_{name}": [char_tokens(normalize(v)) for v in dict.fromkeys(values)] for name, values in named.items()
        },
    }


def report_document(report: Report, order: int, characters: int) -> Document:
    """The document of a report; ``characters``: those of all its blocks, normalized."""
    summary, meta = summarize(report), report.meta
    found = {
        "report": report.id,
        "order": order,
        "head": _safe(encode_head(summary, report.opening, 0)),
        "keys": " ".join(block.key for block in report.blocks),
        "unit": _known(meta.unit),
        "then": _known(department_of(meta)),
        "organ": _known(organ_of(meta)),
        "unit_type": _known(meta.unit_type),
        "years": meta.year,
        "blocks": summary.blocks,
        "paragraphs": summary.paragraphs,
        "characters": characters,
    }
    return {name: value for name, value in found.items() if value is not None}


def decoded(source: Document) -> Block:
    """The block of a document."""
    return decode_block(source["block"].encode())


def decoded_head(source: Document) -> tuple[ReportSummary, str]:
    """The report of a document without its blocks, and its opening."""
    summary, opening, _ = decode_head(source["head"].encode())
    return summary, opening


def _safe(data: bytes) -> str:
    """JSON as text that is valid UTF-8: halves of surrogate pairs are written as escapes."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return json.dumps(json.loads(data.decode("utf-8", "surrogatepass")), separators=(",", ":"))


def _known(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "replace").decode("utf-8")


def _clean(values: Sequence[str]) -> list[str]:
    return [value.encode("utf-8", "replace").decode("utf-8") for value in values]
