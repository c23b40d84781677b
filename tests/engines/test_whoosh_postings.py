"""The pool of words: the same postings in the same order as Whoosh's own pool, in memory and from disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.system import pack_uint
from whoosh.writing import PostingPool

from searchapp.engines.whoosh.schema import whoosh_schema
from searchapp.engines.whoosh.segment import TERM_BYTES, CompactPool

_documents = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(("words", "headings", "title")), st.sampled_from(("a", "ab", "党", "\x01", "𠀀"))),
        st.integers(1, 300),
        max_size=6,
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(_documents, st.sampled_from((1, TERM_BYTES * 2, 1 << 20)), st.booleans())
def test_the_pool_sorts_as_whoosh_does(
    tmp_path_factory: pytest.TempPathFactory, documents: list[dict[tuple[str, str], int]], limit: int, one_by_one: bool
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    storage = whoosh_index.create_in(str(folder), whoosh_schema()).storage
    theirs, ours = PostingPool(storage, None), CompactPool(folder, limit)
    for number, document in enumerate(documents):
        for (field, term), frequency in document.items():
            posting = (field, term.encode(), number, float(frequency), pack_uint(frequency))
            theirs.add(posting)
            if one_by_one:
                ours.add(posting)
            else:
                ours.add_words(field, number, [term] * frequency)
    found = [
        (field, term, document, float(frequency), pack_uint(frequency))
        for field, term, held, frequencies in ours.lists()
        for document, frequency in zip(held.tolist(), frequencies.tolist(), strict=True)
    ]
    assert found == list(theirs.iter_postings())
    ours.cleanup()
    assert list(ours.lists()) == []


def test_what_goes_to_disk_leaves_no_file(tmp_path: Path) -> None:
    pool = CompactPool(tmp_path, 1)
    for number in range(20):
        pool.add_words("words", number, [f"{number % 3}"] * 2)
    assert sum(len(documents) for _, _, documents, _ in pool.lists()) == 20
    pool.cleanup()
    assert list(tmp_path.iterdir()) == []
