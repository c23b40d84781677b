"""The jieba words of a tantivy build."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from searchapp.engines.base import Term
from searchapp.engines.embedded.frequent import FrequentWords
from searchapp.engines.embedded.word_postings import HeldWords
from searchapp.engines.tantivy.lists import PostingLists
from searchapp.engines.tantivy.numbers import Numbering
from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.literal.block_counts import Holding
from searchapp.search.schema import WordField
from searchapp.store.cache import Sparse


class TantivyWords:
    """The jieba words of a build. Raises ``IndexDamagedError`` on opening."""

    def __init__(self, folder: Path) -> None:
        self._lists = PostingLists(folder)
        self._numbering = Numbering(folder)
        self._words = HeldWords(
            FrequentWords(folder), partial(_read, self._lists, self._numbering), self._numbering.blocks
        )
        if self._lists.documents != self._numbering.blocks:
            raise IndexDamagedError(tr("tantivy 索引与报告对不上"))

    def holding(self, field: WordField, word: str) -> Holding:
        """How often the ``field`` of live blocks holds ``word``."""
        return self._words.holding(field, word)

    def terms(self, prefix: str, limit: int) -> Sequence[Term]:
        """Words that begin with ``prefix``, most frequent first, then by word."""
        counted = self._lists.words("words", prefix, live=self._numbering.has_gaps)
        counted.sort(key=lambda pair: (-pair[1], pair[0]))
        return [Term(word, blocks) for word, blocks in counted[:limit]]

    def close(self) -> None:
        """tantivy lets go of its files when nothing refers to them any more."""


def _read(lists: PostingLists, numbering: Numbering, field: WordField, word: str) -> Sparse:
    """Refers to no reader: what refers to itself is let go of late, with its files."""
    return numbering.by_ordinal(lists.read(field, word))
