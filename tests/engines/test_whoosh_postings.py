"""The pool of postings against Whoosh's own: the same postings in the same order, in memory and from disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.system import pack_uint
from whoosh.writing import PostingPool

from searchapp.engines.whoosh.postings import TERM_BYTES, CompactPool, Posting
from searchapp.engines.whoosh.schema import whoosh_schema

_documents = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(("words", "headings", "id")), st.sampled_from((b"a", b"ab", "党".encode(), b"\x00"))),
        st.integers(1, 70_000),
        max_size=6,
    ),
    max_size=12,
)


def postings(documents: list[dict[tuple[str, bytes], int]]) -> list[Posting]:
    """In the order in which a writer adds them."""
    return [
        (
            field,
            term,
            number,
            1.0 if field == "id" else float(frequency),
            b"" if field == "id" else pack_uint(frequency),
        )
        for number, document in enumerate(documents)
        for (field, term), frequency in document.items()
    ]


@settings(max_examples=60)
@given(_documents, st.sampled_from((1, TERM_BYTES * 2, 1 << 20)))
def test_the_pool_sorts_as_whoosh_does(
    tmp_path_factory: pytest.TempPathFactory, documents: list[dict[tuple[str, bytes], int]], limit: int
) -> None:
    folder = tmp_path_factory.mktemp("pool")
    storage = whoosh_index.create_in(str(folder), whoosh_schema()).storage
    theirs, ours = PostingPool(storage, None), CompactPool(folder, limit)
    for posting in postings(documents):
        theirs.add(posting)
        ours.add(posting)
    assert list(ours.iter_postings()) == list(theirs.iter_postings())
    ours.cleanup()
    assert list(ours.iter_postings()) == []


def test_what_goes_to_disk_leaves_no_file(tmp_path: Path) -> None:
    pool = CompactPool(tmp_path, 1)
    for number in range(20):
        pool.add(("words", b"%d" % (number % 3), number, 2.0, pack_uint(2)))
    assert len(list(pool.iter_postings())) == 20
    pool.cleanup()
    assert list(tmp_path.iterdir()) == []
