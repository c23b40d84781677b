"""A share on disk: what one host has made of its files, as lines of JSON that any host can read.

First what run and share it is; then of each file a line, and after it, of each of its reports, the head, the words of
the title and two lines a block (as written; its analysis). The last line says how many files there were, so a share
that is cut off is never taken for a whole one. Nothing in it is ever executed: whoever can write to the folder can
alter an index, as they can anyway, and no more.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from searchapp.engines.base import AnalyzedBlock, AnalyzedReport
from searchapp.errors import LibraryError
from searchapp.reports import Report
from searchapp.reports.identity import sketch_of
from searchapp.services.analyzing import pack_analysis
from searchapp.services.preparing import PackedFile, PreparedReport
from searchapp.store.codec import decode_block, decode_head, encode_block, encode_head
from searchapp.store.documents import summarize
from searchapp.store.files import fsync_file, replace

_FILE_FIELDS = ("file", "sha256", "unchanged", "reason", "encoding", "corrections", "blocks")


@dataclass(frozen=True, slots=True)
class Share:
    """Share ``number`` (from 1) of ``count`` of a run."""

    run: str
    number: int
    count: int

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.number}-of-{self.count}.jsonl"


class ShareWriter:
    """Writes a share; it appears under its name when it is whole (``close``). Raises ``OSError``."""

    def __init__(self, folder: Path, share: Share) -> None:
        self._path = folder / share.name
        self._partial = folder / f".{share.name}-{secrets.token_hex(4)}"
        self._out: BinaryIO = self._partial.open("wb")
        self._files = 0
        self._line({"run": share.run, "number": share.number, "count": share.count})

    def add(self, packed: PackedFile) -> None:
        """Appends what became of a file."""
        head = {name: getattr(packed, name) for name in _FILE_FIELDS}
        self._line({**head, "warnings": packed.warnings, "reports": len(packed.reports)})
        for report in packed.reports:
            self._report(report.analysis.packed.analyzed())
        self._files += 1

    def close(self) -> None:
        """Ends the share and puts it in its place, durably."""
        self._line({"files": self._files})
        self._out.close()
        fsync_file(self._partial)
        replace(self._partial, self._path)

    def abort(self) -> None:
        """Drops what was written."""
        self._out.close()
        self._partial.unlink(missing_ok=True)

    def _report(self, analyzed: AnalyzedReport) -> None:
        report = analyzed.report
        self._out.write(encode_head(summarize(report), report.opening, 0) + b"\n")
        self._line(analyzed.title_words)
        for block, analysis in zip(report.blocks, analyzed.blocks, strict=True):
            self._out.write(encode_block(block) + b"\n")
            self._line((analysis.text, analysis.words, analysis.heading_words))

    def _line(self, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._out.write(text.encode("utf-8", "surrogatepass") + b"\n")


def read_share(path: Path) -> Iterator[PackedFile]:
    """What the share at ``path`` holds, file by file. Raises ``LibraryError`` for one that is not whole."""
    files = 0
    try:
        with path.open("rb") as source:
            _load(source)
            while "files" not in (head := _load(source)):
                yield _file(head, source)
                files += 1
            if head["files"] != files:
                raise ValueError(path.name)
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise _damaged(path) from exc


def share_at(path: Path) -> Share:
    """Which share stands at ``path``, of which only the first line is read. Raises ``LibraryError``."""
    try:
        with path.open("rb") as source:
            return Share(**_load(source))
    except (OSError, ValueError, TypeError) as exc:
        raise _damaged(path) from exc


def discard_shares(folder: Path) -> None:
    """Removes a folder of shares, with what was begun and never finished.

    What cannot be removed now (another host still holds it open) stays until the next time: it is of another run.
    """
    shutil.rmtree(folder, ignore_errors=True)


def _damaged(path: Path) -> LibraryError:
    share = path.stem.replace("-of-", "/")
    return LibraryError(f"分到的一份 {path.name} 不完整，请在那台机器上重做：searchapp index --shard {share}")


def _file(head: dict[str, Any], source: BinaryIO) -> PackedFile:
    return PackedFile(
        **{name: head[name] for name in _FILE_FIELDS},
        warnings=tuple((line, message) for line, message in head["warnings"]),
        reports=tuple(_report(source) for _ in range(head["reports"])),
    )


def _report(source: BinaryIO) -> PreparedReport:
    analyzed = _analyzed(source)
    return PreparedReport(sketch_of(analyzed.report), pack_analysis(analyzed))


def _analyzed(source: BinaryIO) -> AnalyzedReport:
    summary, opening, _ = decode_head(source.readline())
    title_words = tuple(_load(source))
    blocks, analyses = [], []
    for _ in range(summary.blocks):
        blocks.append(decode_block(source.readline()))
        text, words, heading_words = _load(source)
        analyses.append(AnalyzedBlock(text, tuple(words), tuple(heading_words)))
    report = Report(summary.report_id, summary.meta, tuple(blocks), summary.sources, opening)
    return AnalyzedReport(report, title_words, tuple(analyses))


def _load(source: BinaryIO) -> Any:
    return json.loads(source.readline().decode("utf-8", "surrogatepass"))
