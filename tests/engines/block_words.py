"""The words of blocks as word indexes take them, from the words themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from searchapp.engines.embedded.packed_report import ReportWords
from searchapp.search.weights import WORD_FIELD_WEIGHTS, WordField


def words_of_blocks(blocks: Sequence[Mapping[WordField, Sequence[str]]]) -> ReportWords:
    """The words of one report, by block and field; a field that is not given holds none."""
    vocabulary: dict[str, int] = {}
    places: dict[tuple[str, ...], int] = {}
    text_of = {
        field: np.array([places.setdefault(tuple(block.get(field, ())), len(places)) for block in blocks])
        for field in WORD_FIELD_WEIGHTS
    }
    numbers = [vocabulary.setdefault(word, len(vocabulary)) for words in places for word in words]
    limits = np.cumsum([0, *map(len, places)])
    return ReportWords(list(vocabulary), np.array(numbers, dtype=np.int64), limits, text_of)
