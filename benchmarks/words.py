"""The words of the peers: plain jieba's, without searchapp's terms of the genre, as a careful user has them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from benchmarks.peers import Query

_WORD = re.compile(r"\w")


@functools.cache
def _cut() -> Callable[[str], Sequence[str]]:
    import rjieba

    return rjieba.Jieba().cut  # type: ignore[no-any-return]


def plain_words(text: str) -> list[str]:
    """rjieba's words (the same as jieba's on Han text), punctuation left out."""
    return [word for word in _cut()(text) if _WORD.search(word)]


def with_words(asked: Query) -> Query:
    """The query with the plain words of its texts."""
    return replace(asked, cut=tuple(tuple(plain_words(text)) for text in asked.texts))
