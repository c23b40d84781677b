"""Someone remembers a text, not its words: its block must be among the first three (tests/data/known_items.jsonl).

Each label is a query as a person would type it (half a sentence, a wrong character, a number, the unit and the gist)
and the file and line of the block meant. It is asked as on the page: first for all of the words; where no block has
them all, for any of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from searchapp.config import Settings
from searchapp.indexing.run import IndexingOptions
from searchapp.services.library import Library
from searchapp.services.search import search
from searchapp.wiring import index_sources, open_library

LABELS = Path(__file__).parent.parent / "data" / "known_items.jsonl"
LEAST_SHARE = 0.9
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Label:
    """``file`` is ``<root>/<name>``, ``line`` the line its block begins on."""

    query: str
    file: str
    line: int

    def is_among_the_first(self, library: Library, match: str) -> bool | None:
        """Whether the block is shown early; ``None`` when nothing is found at all."""
        result = search(library, {"q": [self.query], "match": [match], "per_page": [str(SHOWN)]}).result
        places = {(hit.located.block.source.file, hit.located.block.source.line) for hit in result.hits}
        return (self.file, self.line) in places if result.total else None


def labels_of(root: str) -> list[Label]:
    rows = (json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines())
    return [Label(**row) for row in rows if row["file"].startswith(f"{root}/")]


@pytest.mark.parametrize("root", ["corpus", pytest.param("reports_real", marks=pytest.mark.long)])
def test_nine_in_ten_remembered_blocks_are_among_the_first_three(
    root: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder: Path = (
        request.getfixturevalue("sample_corpus") if root == "corpus" else request.getfixturevalue("shared") / root
    )
    if not folder.is_dir():
        pytest.skip("these reports are not here")
    settings = Settings(tmp_path / "index")
    index_sources(settings, IndexingOptions([folder]))
    library = open_library(settings.index)
    late = [
        label.query
        for label in labels_of(root)
        if not (label.is_among_the_first(library, "all") or label.is_among_the_first(library, "any"))
    ]
    assert len(late) <= (1 - LEAST_SHARE) * len(labels_of(root)), late
