"""tantivy where nothing may be written, and where nothing more can be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tantivy")

from searchapp.engines.tantivy.reader import PostingLists
from searchapp.engines.tantivy.writer import STOPPED, TantivyWordWriter
from searchapp.errors import IndexDamagedError
from tests.engines.block_words import words_of_blocks

FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from searchapp.engines.tantivy.writer import TantivyWordWriter
from searchapp.store.files import reason_of
from tests.engines.block_words import words_of_blocks

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
ids = [f"{number:012x}-00000000" for number in range(5_000)]
if sys.argv[2] == "opening":
    limit()
try:
    writer = TantivyWordWriter(Path(sys.argv[1]), None)
    limit()
    for id in ids:
        writer.add_report(id[:12], [id], words_of_blocks([{"words": ["党建", id]}]))
    writer.finish(np.array([id.encode() for id in ids]))
except OSError as exc:
    print(reason_of(exc))
"""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Two blocks of one report."""
    folder = tmp_path / "tantivy"
    writer = TantivyWordWriter(folder, None)
    keys = ("aaaaaaaa", "bbbbbbbb")
    words = words_of_blocks([{"words": ["党建", key, key]} for key in keys])
    writer.add_report("0" * 12, [f"{'0' * 12}-{key}" for key in keys], words)
    writer.finish(np.array([b"000000000000-aaaaaaaa", b"000000000000-bbbbbbbb"]))
    return folder


def test_no_lock_file_is_part_of_a_build(index: Path) -> None:
    assert not list(index.glob("*.lock"))


def test_an_index_whose_folder_may_not_be_written_is_read(index: Path) -> None:
    (index / ".tantivy-meta.lock").mkdir()  # no lock can be made here, whoever tries
    lists = PostingLists(index)
    assert [array.tolist() for array in lists.read("words", "党建")] == [[0, 1], [1, 1]]
    assert [array.tolist() for array in lists.read("words", "bbbbbbbb")] == [[1], [2]]


def test_a_damaged_one_stays_damaged(index: Path) -> None:
    (index / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexDamagedError):
        PostingLists(index)


@pytest.mark.skipif(os.name != "posix", reason="resource limits are POSIX")
@pytest.mark.parametrize("when", ["opening", "writing"])
def test_a_disk_that_takes_no_more_is_told_as_files_tell_it(tmp_path: Path, when: str) -> None:
    """By its own reason, or, when it met a thread of tantivy's, without."""
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path / "tantivy", when],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
        check=False,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() in ("文件超过了允许的大小", STOPPED)
