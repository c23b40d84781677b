"""Arrays read in stretches: what they give, and what the system is told."""

from __future__ import annotations

import mmap
from pathlib import Path

import numpy as np
import pytest

from searchapp.errors import IndexDamagedError
from searchapp.store import mapped_arrays
from searchapp.store.files import MAPPED_FROM_BYTES
from searchapp.store.mapped_arrays import PIECE_BYTES, Stretches, open_array, open_stretches, save_array


class Noting(mmap.mmap):
    """A mapped file that notes what it is told."""

    def __init__(self, *_: object, **__: object) -> None:
        self.told: list[tuple[int, ...]] = []

    def madvise(self, *told: int) -> None:
        self.told.append(told)
        super().madvise(*told)


def noting(path: Path) -> Noting:
    with path.open("rb") as file:
        return Noting(file.fileno(), 0, access=mmap.ACCESS_READ)


@pytest.mark.parametrize("size", [0, 10, MAPPED_FROM_BYTES])
def test_stretches_are_those_of_the_array(tmp_path: Path, size: int) -> None:
    written = np.arange(size, dtype=np.uint32)
    save_array(tmp_path, "numbers", written)
    opened = open_stretches(tmp_path, "numbers")
    assert len(opened) == size
    for start, end in ((0, 0), (0, size), (size // 3, size // 2), (size, size)):
        assert opened.stretch(start, end).tolist() == written[start:end].tolist()
    assert open_array(tmp_path, "numbers", soon=True).tolist() == written.tolist()


def test_damage_is_told(tmp_path: Path) -> None:
    save_array(tmp_path, "numbers", np.arange(MAPPED_FROM_BYTES))
    path = tmp_path / "numbers.npy"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(IndexDamagedError):
        open_stretches(tmp_path, "numbers")
    with pytest.raises(IndexDamagedError):
        open_stretches(tmp_path, "nothing")


@pytest.mark.skipif(not hasattr(mmap, "MADV_WILLNEED"), reason="this system takes no hints")
def test_a_stretch_is_asked_for_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "numbers.bin"
    path.write_bytes(bytes(128) + np.arange(200_000, dtype=np.uint32).tobytes())
    with noting(path) as mapped:
        opened = Stretches(np.frombuffer(mapped, dtype=np.uint32, offset=128), mapped)
        assert mapped.told == [(mmap.MADV_RANDOM,)]
        mapped.told.clear()
        assert opened.stretch(100_000, 190_000)[[0, -1]].tolist() == [100_000, 189_999]
        asked = [(start, start + length) for _, start, length in mapped.told]
        assert {advice for advice, *_ in mapped.told} == {mmap.MADV_WILLNEED}
        assert all(end - start <= PIECE_BYTES for start, end in asked)
        assert [start for start, _ in asked[1:]] == [end for _, end in asked[:-1]]
        assert 0 <= 128 + 400_000 - asked[0][0] < mmap.PAGESIZE and asked[-1][1] == 128 + 760_000
        mapped.told.clear()
        opened.stretch(8, 80)  # in one page
        assert mapped.told == []
        del opened


@pytest.mark.skipif(not hasattr(mmap, "MADV_WILLNEED"), reason="this system takes no hints")
@pytest.mark.parametrize("limit", [1 << 20, 1 << 30])
def test_an_array_needed_soon_is_asked_for_unless_it_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    save_array(tmp_path, "numbers", np.zeros(1 << 20, dtype=np.uint16))
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(mapped_arrays, "READ_AHEAD_BYTES", limit)
    monkeypatch.setattr(mapped_arrays, "expect_soon", lambda mapped, start, end: asked.append((start, end)))
    size = (tmp_path / "numbers.npy").stat().st_size
    open_array(tmp_path, "numbers", soon=True)
    open_array(tmp_path, "numbers")
    assert asked == ([(0, size)] if size <= limit else [])


def test_bytes_that_are_not_mapped_are_read_without_hints() -> None:
    written = np.arange(50_000, dtype=np.uint32)
    plain = bytes(128) + written.tobytes()
    opened = Stretches(np.frombuffer(plain, dtype=np.uint32, offset=128), plain)
    assert opened.stretch(10, 40_000).tolist() == written[10:40_000].tolist()
