"""A collection as a searchapp library: the same analysis, the same writer and engine as any reports.

Each document is one block. Reports are made by :func:`benchmarks.evaluate.collection.grouped`. Parsing of files is left
out on purpose: a document must stay one block, whatever its lines look like.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluate.collection import Collection, grouped
from searchapp import wiring
from searchapp.indexing.read_file import analyze_report
from searchapp.reports.model import Block, Metadata, Report, ReportSource, SourcePosition, paragraph_id
from searchapp.services.library import Library
from searchapp.store.retired_ids import RetiredIds
from searchapp.text.analyzer import Analyzer
from searchapp.text.word_table import BulkCutter

_FILE = "corpus.jsonl"


@dataclass(frozen=True, slots=True)
class Indexed:
    """An open library over a collection. ``order``: the place in the collection of each block, by ordinal.

    ``document_of``: the document id of each paragraph id; ``report_of``: the number of each block's report, by ordinal.
    """

    library: Library
    order: tuple[int, ...]
    report_of: tuple[int, ...]
    document_of: dict[str, str]


def index_collection(collection: Collection, folder: Path, engine_name: str) -> Indexed:
    """Builds an index of ``collection`` in the empty ``folder``. Raises ``RequestError`` for an unknown engine."""
    analyzer = Analyzer()
    cutter = BulkCutter(analyzer)
    engine = wiring.make_engine(engine_name, analyzer)
    writer = engine.open_writer(folder, None)
    order: list[int] = []
    report_of: list[int] = []
    ids: list[str] = []
    document_of: dict[str, str] = {}
    for number, (name, members) in enumerate(grouped(collection.documents).items()):
        report = _report(collection, name, members)
        writer.add_report(analyze_report(report, cutter).packed)
        ids.append(report.id)
        order.extend(members)
        report_of.extend([number] * len(members))
        for at, block in zip(members, report.blocks, strict=True):
            document_of[paragraph_id(report.id, block.key)] = collection.documents[at].id
    writer.commit(ids)
    library = Library("evaluate", engine.open_reader(folder), analyzer, RetiredIds(None))
    return Indexed(library, tuple(order), tuple(report_of), document_of)


def _report(collection: Collection, name: str, members: list[int]) -> Report:
    blocks = []
    for at in members:
        text = collection.documents[at].text.strip()
        blocks.append(Block("paragraph", text, hashlib.blake2b(str(at).encode(), digest_size=6).hexdigest(), _at(at)))
    source = ReportSource(_FILE, min(members) + 1, max(members) + 1)
    key = hashlib.blake2b(name.encode(), digest_size=6).hexdigest()
    return Report(key, Metadata(name), tuple(blocks), (source,), name)


def _at(line: int) -> SourcePosition:
    return SourcePosition(_FILE, line + 1)
