"""Verifying: the sources read again and compared with what the index holds, by brute force.

Shares with indexing the reader of files, nothing else: blocks are compared one by one, phrases counted by plain
string search.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from searchapp.errors import ReadError
from searchapp.indexing.sources import LEADS_OUT, list_sources
from searchapp.query.ast import Phrase
from searchapp.reports import FileReading, Report, assign_ids, read_report_file
from searchapp.reports.model import paragraph_id
from searchapp.search.occurrences import occurrences
from searchapp.search.request import SearchRequest
from searchapp.search.schema import DEFAULT_KINDS
from searchapp.services.library import Library
from searchapp.store.builds import build_folder
from searchapp.store.manifest import Manifest, altered_contents, stands_in
from searchapp.text.normalize import normalize

SAMPLED_PHRASES = 200
LONGEST_PHRASE = 12
_MAX_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared and what differs; ``skipped`` files cannot be read now and were not compared.

    ``lost_characters``: characters of the sources, white space aside, that no block or other piece accounts for.
    """

    files: int
    reports: int
    blocks: int
    characters: int
    lost_characters: int
    phrases: int
    skipped: tuple[str, ...]
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the index holds exactly what the sources hold."""
        return not self.differences and self.lost_characters == 0


def verify(index: Path, library: Library, manifest: Manifest, seed: int = 0) -> Verification:
    """Compares a build with its sources. Raises ``SourceError`` when a source is gone."""
    readings: list[FileReading] = []
    skipped: list[str] = []
    # An index that was made by following links has no link among what it could not read.
    follow_links = all(record.reason != LEADS_OUT for record in manifest.files)
    for file in list_sources(index, manifest.roots, follow_links=follow_links).files:
        try:
            if file.reason:
                raise ReadError(file.file, file.reason)
            readings.append(read_report_file(file.path.read_bytes(), file.file))
        except (ReadError, OSError):
            skipped.append(file.file)
    reports = assign_ids([report for reading in readings for report in reading.reports])
    held = [
        report
        for report in library.reader.iterate()
        if not all(any(stands_in(source.file, file) for file in skipped) for source in report.sources)
    ]
    altered = altered_contents(build_folder(index, library.build), manifest)
    differences = [
        *(f"索引文件 {name} 被改动过" for name in altered),
        *_compare(reports, held),
        *_compare_phrases(library, held, seed),
    ]
    return Verification(
        files=len(readings),
        reports=len(reports),
        blocks=sum(len(report.blocks) for report in reports),
        characters=sum(reading.characters for reading in readings),
        lost_characters=sum(_lost(reading) for reading in readings),
        phrases=SAMPLED_PHRASES if held else 0,
        skipped=tuple(skipped),
        differences=tuple(differences),
    )


def _lost(reading: FileReading) -> int:
    texts = [block.text for report in reading.reports for block in report.blocks]
    texts += [piece.text for piece in reading.pieces]
    return abs(reading.characters - sum(len("".join(text.split())) for text in texts))


def _compare(sources: Sequence[Report], held: Sequence[Report]) -> Iterator[str]:
    """Blocks that the index lacks, has too many of, or holds otherwise; a few of each are named."""
    expected, found = _blocks(sources), _blocks(held)
    for what, counter in (("索引里缺少", expected - found), ("索引里多出", found - expected)):
        for (report_id, key, text), count in list(counter.items())[:_MAX_EXAMPLES]:
            yield f"{what} {count} 段：{paragraph_id(report_id, key)} {text[:30]}"
        if len(counter) > _MAX_EXAMPLES:
            yield f"{what}的还有 {len(counter) - _MAX_EXAMPLES} 段"


def _blocks(reports: Sequence[Report]) -> Counter[tuple[str, str, str]]:
    return Counter((report.id, block.key, block.text) for report in reports for block in report.blocks)


def _compare_phrases(library: Library, held: Sequence[Report], seed: int) -> Iterator[str]:
    texts = [
        normalize(block.text, block.marks) for report in held for block in report.blocks if block.kind in DEFAULT_KINDS
    ]
    texts = [text for text in texts if text]
    chance = random.Random(seed)
    for _ in range(SAMPLED_PHRASES if texts else 0):
        text = chance.choice(texts)
        begin = chance.randrange(len(text))
        phrase = text[begin : begin + chance.randint(1, LONGEST_PHRASE)].strip()
        if not phrase:
            continue
        counts = library.reader.counts(SearchRequest(Phrase(phrase, phrase)), occurrences=True)
        expected = sum(1 for text in texts for _ in occurrences(text, phrase))
        if counts.occurrences not in (None, expected):
            yield f"短语“{phrase}”：索引 {counts.occurrences} 处，逐字数 {expected} 处"
