"""What the contract suite shares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from searchapp.engines.embedded import bm25, word_postings
from searchapp.engines.embedded.packed_report import PackedReport
from searchapp.literal import block_counts, block_sets
from searchapp.literal import frequent as frequent_texts
from tests.libraries import Sample, analyzed, index_in, reports_of
from tests.oracle import ORACLE

SAMPLE_CORPUS = Path(__file__).resolve().parents[2] / "corpus"


@pytest.fixture(scope="session")
def sample_reports() -> list[PackedReport]:
    """The sample corpus, analyzed."""
    return analyzed(reports_of(SAMPLE_CORPUS))


@pytest.fixture(scope="class")
def sample(
    request: pytest.FixtureRequest, sample_reports: list[PackedReport], tmp_path_factory: pytest.TempPathFactory
) -> Sample:
    """The sample corpus in the engine of the test class and in the oracle."""
    scratch = tmp_path_factory.mktemp(request.cls.__name__)
    reports = tuple(report.report for report in sample_reports)
    return request.cls.made(sample_reports, scratch), index_in(ORACLE, sample_reports, scratch), reports


@pytest.fixture(scope="module")
def small_is_large() -> Iterator[None]:
    """Lists and rows of frequent words and texts, rough scores, pieces of rows and look-ups from a few blocks on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_postings, "FREQUENT_FROM", 2)
        patch.setattr(word_postings, "ROW_SHARE", 0.3)
        patch.setattr(word_postings, "MOST_TIMES", 2)
        patch.setattr(bm25, "ROUGH_FROM", 1)
        patch.setattr(bm25, "FIRST_TRIED", 2)
        patch.setattr(bm25, "PILE", 2)
        patch.setattr(bm25, "PIECE", 3)
        patch.setattr(block_sets, "SELDOM", 3)
        patch.setattr(block_sets, "LOOKED_UP", 2)
        patch.setattr(block_counts, "LOOKED_UP", 2)
        patch.setattr(frequent_texts, "LEAST_BLOCKS", 2)
        patch.setattr(frequent_texts, "MOST_TIMES", 3)
        yield
