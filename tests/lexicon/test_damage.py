"""A lexicon file that is not whole is told apart from one that is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from searchapp.errors import IndexDamagedError, IndexVersionError
from searchapp.lexicon import LEXICON_FILE, LEXICON_VERSION, Lexicon, build_lexicon
from searchapp.lexicon.entries import open_pack, write_pack
from searchapp.text.analyzer import Analyzer

from .conftest import SENTENCES


@pytest.fixture
def file(tmp_path: Path) -> Path:
    build_lexicon(tmp_path, ((text, text) for text in SENTENCES), Analyzer().words)
    return tmp_path / LEXICON_FILE


@pytest.mark.parametrize("kept", [0, 1, 40, 300, 900, -200])
def test_a_file_cut_short_is_damaged(file: Path, kept: int) -> None:
    file.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(IndexDamagedError):
        Lexicon(file.parent)


def test_a_missing_file_is_damaged(file: Path) -> None:
    file.unlink()
    with pytest.raises(IndexDamagedError, match="lexicon"):
        Lexicon(file.parent)


@pytest.mark.parametrize(("old", "new"), [(b'"firsts"', b'"worsts"'), (b"<i8", b"<i2")])
def test_a_file_of_another_shape_is_damaged(file: Path, old: bytes, new: bytes) -> None:
    data = file.read_bytes()
    assert old in data
    file.write_bytes(data.replace(old, new, 1))
    with pytest.raises(IndexDamagedError):
        Lexicon(file.parent)


def test_another_version_is_told_apart_from_damage(file: Path) -> None:
    write_pack(file, LEXICON_VERSION + 1, {})
    with pytest.raises(IndexVersionError, match="--rebuild"):
        Lexicon(file.parent)


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_arrays_come_back_as_they_were_read_or_mapped(tmp_path: Path, size: int) -> None:
    arrays = {
        "numbers": np.arange(size, dtype=np.uint32),
        "names": np.array([b"abc", b"d"], dtype="S5"),
        "table": np.zeros((0, 3), dtype=np.float32),
        "flags": np.ones(7, dtype=np.uint8),
    }
    write_pack(tmp_path / "pack.bin", 3, arrays)
    found = open_pack(tmp_path / "pack.bin", 3)
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
        assert not found[name].flags.writeable
