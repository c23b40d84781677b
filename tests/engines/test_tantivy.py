"""The contract over the tantivy engine, made to do with small libraries what it does with large ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from searchapp.engines import ranking, saturation
from searchapp.literal import blocks, holding
from searchapp.literal import frequent as frequent_texts
from tests.engines.contract import EngineContract

pytest.importorskip("tantivy")

from searchapp.engines.tantivy import frequent


@pytest.fixture(autouse=True, scope="module")
def small_is_large() -> Iterator[None]:
    """Lists and rows of frequent words and texts, rough scores, pieces of rows and look-ups from a few blocks on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frequent, "FREQUENT_FROM", 2)
        patch.setattr(frequent, "ROW_SHARE", 0.3)
        patch.setattr(frequent, "MOST_TIMES", 2)
        patch.setattr(ranking, "ROUGH_FROM", 1)
        patch.setattr(ranking, "FIRST_TRIED", 2)
        patch.setattr(ranking, "PILE", 2)
        patch.setattr(saturation, "PIECE", 3)
        patch.setattr(blocks, "SELDOM", 3)
        patch.setattr(blocks, "LOOKED_UP", 2)
        patch.setattr(holding, "LOOKED_UP", 2)
        patch.setattr(frequent_texts, "LEAST_BLOCKS", 2)
        patch.setattr(frequent_texts, "MOST_TIMES", 3)
        yield


class TestTantivy(EngineContract):
    engine = "tantivy"
