"""Verifying: the sources read again and compared with what the index holds, by brute force.

Shares with indexing the reader of files, nothing else: blocks are compared one by one, phrases counted by plain
string search. :func:`differing_lists` goes further: it makes arrays and lists of words anew from the texts that the
build holds, and compares all of them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from searchapp.engines.embedded.reader import EmbeddedReader
from searchapp.engines.embedded.word_postings import FREQUENT_FROM, same_holding, same_list
from searchapp.errors import ReadError, RequestError
from searchapp.indexing.gather import NoProgress, Progress
from searchapp.indexing.reindex import CARRIED_FILES, write_anew
from searchapp.indexing.sources import LEADS_OUT, list_sources
from searchapp.indexing.values import Pipeline
from searchapp.query.ast import Phrase
from searchapp.reports import FileReading, Report, assign_ids, read_report_file
from searchapp.reports.model import paragraph_id
from searchapp.search.occurrences import occurrences
from searchapp.search.request import SearchRequest
from searchapp.search.schema import DEFAULT_KINDS
from searchapp.search.weights import WORD_FIELD_WEIGHTS
from searchapp.services.library import Library
from searchapp.store.builds import build_folder
from searchapp.store.manifest import Manifest, altered_contents, measure_contents, stands_in
from searchapp.text.normalize import normalize

SAMPLED_PHRASES = 200
LONGEST_PHRASE = 12
_MAX_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Verification:
    """What was compared and what differs; ``skipped`` files cannot be read now and were not compared.

    ``lost_characters``: characters of the sources, white space aside, that no block or other piece accounts for.
    ``lists``: how many lists of words were compared with those made anew; none without ``--deep``.
    """

    files: int
    reports: int
    blocks: int
    characters: int
    lost_characters: int
    phrases: int
    skipped: tuple[str, ...]
    differences: tuple[str, ...]
    lists: int = 0

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


def differing_lists(
    index: Path, library: Library, pipeline: Pipeline, progress: Progress | None = None
) -> tuple[int, list[str]]:
    """How many lists of words were compared, and how the build differs from one made anew of the texts that it holds.

    Every file but the engine's own index is compared by its hash; of the engine's index every list of every word,
    number by number: its files depend on how the index has grown, its lists do not. Takes the time and the memory of a
    ``reindex`` and as much room as the build, in the folder for temporary files. Raises ``RequestError`` for an engine
    whose lists lie in a cluster, and ``OSError``.
    """
    held = library.reader
    if not isinstance(held, EmbeddedReader):
        raise RequestError("--deep 只能核对 whoosh 和 tantivy 的索引。")
    folder = build_folder(index, library.build)
    with TemporaryDirectory(prefix="searchapp-verify-", ignore_cleanup_errors=True) as scratch:
        fresh_folder = Path(scratch)
        write_anew(held, fresh_folder, pipeline, progress or NoProgress())
        expected, found = measure_contents(fresh_folder), measure_contents(folder)
        names = sorted(name for name in expected.keys() | found.keys() if _is_alike(name))
        differences = [f"索引文件 {name} 和按原文重做的不同" for name in names if expected.get(name) != found.get(name)]
        with closing(pipeline.engine.open_reader(fresh_folder)) as fresh:
            assert isinstance(fresh, EmbeddedReader)
            lists, differing = _compare_words(held, fresh)
    return lists, differences + differing


def _is_alike(name: str) -> bool:
    """Whether a file of a build depends on its texts alone: it is no engine's index, and an engine's writer made it."""
    return "/" not in name and name not in CARRIED_FILES


def _compare_words(held: EmbeddedReader, fresh: EmbeddedReader) -> tuple[int, list[str]]:
    """The number of lists, and those that differ; a few are named. One pair of lists at a time is in memory."""
    lists = 0
    differing: list[str] = []
    for field in WORD_FIELD_WEIGHTS:
        for word in sorted({*held.words.words(field), *fresh.words.words(field)}):
            lists += 1
            found, expected = held.words.read(field, word), fresh.words.read(field, word)
            if not same_list(found, expected):
                sizes = f"索引记 {len(found[0])} 段，按原文重做是 {len(expected[0])} 段"
                differing.append(f"词表 {field} 中“{word}”：{sizes}")
            # Lists of frequent words lie beside the engine's index, in no certain order.
            if len(expected[0]) >= FREQUENT_FROM and not same_holding(
                held.words.holding(field, word), fresh.words.holding(field, word)
            ):
                differing.append(f"常用词 {field} 中“{word}”：和按原文重做的不同")
    more = len(differing) - _MAX_EXAMPLES
    return lists, [*differing[:_MAX_EXAMPLES], *([f"这样的词表还有 {more} 个"] if more > 0 else [])]
