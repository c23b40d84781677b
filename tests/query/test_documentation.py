"""The examples of docs/using/query.md, run over the sample corpus."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.services.library import Library
from searchapp.services.search import search
from searchapp.wiring import index_sources, open_library

ROOT = Path(__file__).parents[2]
_ROW = re.compile(r"\| (?P<queries>`.*`) \| .* \| (?P<blocks>\d+) \|")


def examples() -> list[tuple[str, int]]:
    """Every query of the table of examples, and the number of blocks that stands beside it."""
    text = (ROOT / "docs" / "using" / "query.md").read_text(encoding="utf-8")
    table = text.split("## 例子")[1].split("\n## ")[0]
    found: list[tuple[str, int]] = []
    for row in _ROW.finditer(table):
        for query in re.findall(r"`([^`]+)`", row["queries"]):
            found.append((query.replace(r"\|", "|"), int(row["blocks"])))
    return found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    index = tmp_path_factory.mktemp("index")
    index_sources(Settings(index=index), IndexingOptions(sources=(ROOT / "corpus",)))
    return open_library(index)


@pytest.mark.parametrize(("query", "blocks"), examples())
def test_the_examples_find_what_the_documentation_says(library: Library, query: str, blocks: int) -> None:
    answer = search(library, {"q": [query]})
    assert answer.result.total == blocks
    assert not answer.result.total or not answer.diagnostics


def test_the_table_is_read() -> None:
    assert len(examples()) > 30
