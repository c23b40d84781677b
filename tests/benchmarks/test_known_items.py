"""Someone remembers a text, not its words: its block must be among the first three (tests/data/known_items.jsonl).

Each label is a query as a person would type it (half a sentence, a wrong character, a number, the unit and the gist)
and the file and line of the block meant.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from searchapp.engines.base import AnalyzedReport
from searchapp.engines.questions import Floats, Ordinals, QuestionRanker
from searchapp.literal.arrays import LiteralIndex, build_literal
from searchapp.reports import read_report_file
from searchapp.search.schema import DEFAULT_KINDS, WordField
from searchapp.services.preparing import analyze
from searchapp.text.analyzer import Analyzer
from searchapp.text.normalize import normalize

LABELS = Path(__file__).parent.parent / "data" / "known_items.jsonl"
LEAST_SHARE = 0.9
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Label:
    """``file`` is ``<root>/<name>``, ``line`` the line its block begins on."""

    query: str
    file: str
    line: int


def labels_of(root: str) -> list[Label]:
    rows = (json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines())
    return [Label(**row) for row in rows if row["file"].startswith(f"{root}/")]


class WordLists:
    """Word postings out of analyzed blocks."""

    def __init__(self, blocks: Iterable[tuple[str, ...]]) -> None:
        held: dict[str, dict[int, int]] = defaultdict(dict)
        for at, words in enumerate(blocks):
            for word in words:
                held[word][at] = held[word].get(at, 0) + 1
        self._held = held

    def postings(self, field: WordField, word: str) -> tuple[Ordinals, Floats]:
        held = self._held.get(word, {}) if field == "words" else {}
        return np.array(list(held), dtype=np.int64), np.array(list(held.values()), dtype=np.float64)


def missed(root: str, folder: Path, scratch: Path) -> list[tuple[str, int]]:
    """The queries over ``folder`` whose block is not among the first three, with the place it has (0-based)."""
    analyzer = Analyzer()
    reports: list[tuple[str, AnalyzedReport]] = [
        (path.name, analyze(report, analyzer))
        for path in sorted(folder.glob("*.txt"))
        for report in read_report_file(path.read_bytes(), path.name).reports
    ]
    blocks = [
        (number, f"{root}/{name}", block.source.line, analyzed)
        for number, (name, report) in enumerate(reports)
        for block, analyzed in zip(report.report.blocks, report.blocks, strict=True)
        if block.kind in DEFAULT_KINDS
    ]
    build_literal(scratch, [analyzed.text for *_, analyzed in blocks])
    lengths = np.array([len(analyzed.words) for *_, analyzed in blocks], dtype=np.float64)
    words = WordLists(analyzed.words for *_, analyzed in blocks)
    ranker = QuestionRanker(LiteralIndex(scratch), words, lengths, np.array([number for number, *_ in blocks]))
    places = {(file, line): at for at, (_, file, line, _) in enumerate(blocks)}
    late = []
    for label in labels_of(root):
        text = normalize(label.query)
        scores = ranker.scores(text, list(dict.fromkeys(analyzer.words(text))))
        place = int(np.count_nonzero(scores > scores[places[label.file, label.line]]))
        if place >= SHOWN:
            late.append((label.query, place))
    return late


@pytest.mark.parametrize("root", ["corpus", "reports_real"])
def test_nine_in_ten_remembered_blocks_are_among_the_first_three(
    root: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder: Path = (
        request.getfixturevalue("sample_corpus") if root == "corpus" else request.getfixturevalue("shared") / root
    )
    if not folder.is_dir():
        pytest.skip("these reports are not here")
    late = missed(root, folder, tmp_path)
    assert len(late) <= (1 - LEAST_SHARE) * len(labels_of(root)), late
