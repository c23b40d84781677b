"""The schema and the files of a tantivy index, and opening one where nothing may be written.

Each word of a block stands once, and how often it stands there as a token of its own: tantivy's Python package gives no
posting lists, and frequencies only inside scores. So a document holds every word of a field once, and ``<word>␟<n>`` in
a second field for a word that stands there ``n`` > 1 times: a list of documents for each token is then all that is to
be asked for. ``number`` names a document in every build that holds it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from searchapp.search.weights import WORD_FIELD_WEIGHTS, WordField

NUMBER = "number"
REPORT = "report"
SEPARATOR = "\x1f"
"""No word holds it, and tantivy's whitespace tokenizer does not split at it."""


def tantivy_schema() -> tantivy.Schema:
    """Nothing is stored and no positions are kept: literal/ decides phrases."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(NUMBER, fast=True)
    builder.add_text_field(REPORT, tokenizer_name="raw", index_option="basic")
    for field in WORD_FIELD_WEIGHTS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field(times_field(field), tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def times_field(field: WordField) -> str:
    """The field of frequencies beside a word field."""
    return f"{field}_times"


_SEGMENT_FILE_STEM = 32


def index_files(folder: Path) -> Iterator[tuple[Path, bool]]:
    """tantivy's files in ``folder``, and of each whether it belongs to a segment, which means it is never changed."""
    for path in folder.iterdir():
        of_segment = len(path.name.partition(".")[0]) == _SEGMENT_FILE_STEM
        if of_segment or path.suffix == ".json":
            yield path, of_segment


def remove_locks(folder: Path) -> None:
    """Removes the lock files that tantivy leaves behind: they are no part of a build."""
    for path in folder.glob(".tantivy-*.lock"):
        with contextlib.suppress(OSError):
            path.unlink()


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[tantivy.Index]:
    """The index in ``folder``; whoever reads makes a searcher of it in the ``with`` block. Raises as tantivy does.

    tantivy makes a lock file even to read. Where it cannot (a folder of another user, a disk that is read-only), links
    to the same files in a folder for temporary files serve as well, and only until they are mapped.
    """
    try:
        index = tantivy.Index.open(str(folder))
    except (ValueError, OSError):
        with TemporaryDirectory(prefix="searchapp-", ignore_cleanup_errors=True) as links:
            for path, _ in index_files(folder):
                _link(path.resolve(), Path(links) / path.name)
            yield tantivy.Index.open(links)
        return
    yield index


def _link(path: Path, link: Path) -> None:
    try:
        link.symlink_to(path)
    except OSError:  # Windows asks for a right that few have
        shutil.copy2(path, link)
