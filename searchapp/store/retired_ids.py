"""Retired ids: addresses that once led to a block or report, where they lead now, and the holders of block keys.

Each record is permanent. A record's target may be retired later itself; then its own record is followed.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError
from searchapp.language import tr
from searchapp.reports.model import paragraph_id
from searchapp.store.files import map_file

RETIRED_FILE = "retired.jsonl"


@dataclass(frozen=True, slots=True)
class Successor:
    """A block that stands for a retired one. ``same_text``: it is the same text under another address."""

    paragraph_id: str
    same_text: bool


@dataclass(frozen=True, slots=True)
class Addresses:
    """What of a report leads to it: its id, the keys of its blocks (in order, with spaces between), its files."""

    report_id: str
    keys: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetiredRecord:
    """``old`` leads to ``new``; both are paragraph ids, or both report ids. ``new`` is empty when nothing is left."""

    old: str
    new: str
    same_text: bool = False


class RetiredIds:
    """The retired ids of a build: opened at once, so that they outlive the build's folder, and read when first asked.

    ``None`` stands for a library without a past. Raises ``IndexDamagedError``.
    """

    def __init__(self, path: Path | None) -> None:
        try:
            self._data = b"" if path is None else map_file(path)
        except OSError as exc:
            raise IndexDamagedError(tr("索引文件 {name} 不在了", name=RETIRED_FILE)) from exc
        self._lock = threading.Lock()
        self._records: Mapping[str, RetiredRecord] | None = None

    @property
    def records(self) -> Mapping[str, RetiredRecord]:
        """By old id."""
        with self._lock:
            if self._records is None:
                self._records = self._read()
            return self._records

    def _read(self) -> Mapping[str, RetiredRecord]:
        try:
            records = [RetiredRecord(*json.loads(line)) for line in bytes(self._data).splitlines()]
        except (ValueError, TypeError) as exc:
            raise IndexDamagedError(tr("索引文件 {name} 已损坏", name=RETIRED_FILE)) from exc
        self._data = b""
        return {record.old: record for record in records}

    def successors(self, old: str) -> Iterator[Successor]:
        """Where a retired paragraph id leads, and where that leads if it was retired as well."""
        same_text = True
        for record in self._chain(old):
            same_text = same_text and record.same_text
            yield Successor(record.new, same_text)

    def report_successors(self, old: str) -> Iterator[str]:
        """Where a retired report id leads, and so on."""
        for record in self._chain(old):
            yield record.new

    def _chain(self, old: str) -> Iterator[RetiredRecord]:
        seen: set[str] = set()
        while old not in seen and (record := self.records.get(old)) is not None and record.new:
            seen.add(old)
            yield record
            old = record.new


def write_retired(path: Path, records: Mapping[str, RetiredRecord]) -> None:
    """Writes the records of a build, ordered by id."""
    lines = (
        json.dumps([record.old, record.new, record.same_text], ensure_ascii=False) + "\n"
        for record in (records[old] for old in sorted(records))
    )
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def retire(report: Addresses, successor: Addresses | None) -> Iterator[RetiredRecord]:
    """Records for the addresses of ``report`` that ``successor`` (its next version, if any) no longer holds.

    A block leads to the block of the same key; else to the nearest one before or after it that is left; else to the
    successor's first block.
    """
    old_id, new_id = report.report_id, successor.report_id if successor else ""
    if old_id != new_id:
        yield RetiredRecord(old_id, new_id)
    following = successor.keys.split() if successor else []
    kept = set(following)
    keys = report.keys.split()
    for position, key in enumerate(keys):
        old = paragraph_id(old_id, key)
        if key in kept:
            if old_id != new_id:
                yield RetiredRecord(old, paragraph_id(new_id, key), same_text=True)
            continue
        if (twin := key.partition("-")[0]) in kept:
            # One of several equal paragraphs is gone; the text still stands where the first of them is.
            yield RetiredRecord(old, paragraph_id(new_id, twin), same_text=True)
            continue
        nearest = _nearest(keys, position, kept)
        if nearest is None and following:
            nearest = following[min(position, len(following) - 1)]
        yield RetiredRecord(old, paragraph_id(new_id, nearest) if nearest else "")


def _nearest(keys: Sequence[str], position: int, kept: set[str]) -> str | None:
    for distance in range(1, len(keys)):
        for neighbour in (position - distance, position + distance):
            if 0 <= neighbour < len(keys) and keys[neighbour] in kept:
                return keys[neighbour]
    return None


_Hashes = npt.NDArray[np.uint64]


class KeyHolders:
    """Which reports hold a block of a key: 12 bytes for each block, made when an address needs a new home."""

    def __init__(self, keys_of_reports: Iterable[str]) -> None:
        """``keys_of_reports``: for each report, the keys of its blocks with spaces between."""
        hashes = [_hashes(set(keys.split())) for keys in keys_of_reports]
        sizes = [len(each) for each in hashes]
        joined = np.concatenate(hashes) if hashes else np.zeros(0, dtype=np.uint64)
        order = np.argsort(joined, kind="stable")
        self._hashes: _Hashes = joined[order]
        self._holders: npt.NDArray[np.uint32] = np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)[order]

    def shared(self, keys: Iterable[str]) -> Counter[int]:
        """How many of ``keys`` (distinct) each report holds, by its number; reports that hold none are left out."""
        sought = _hashes(keys)
        first, last = (np.searchsorted(self._hashes, sought, side=side) for side in ("left", "right"))
        shared: Counter[int] = Counter()
        for start, end in zip(first.tolist(), last.tolist(), strict=True):
            shared.update(self._holders[start:end].tolist())
        return shared


def _hashes(keys: Iterable[str]) -> _Hashes:
    digests = b"".join(blake2b(key.encode(), digest_size=8).digest() for key in keys)
    return np.frombuffer(digests, dtype=np.uint64)
