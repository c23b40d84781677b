"""Addresses that last: keys of blocks, openings and ids of reports. Knows hashes of text, nothing of metadata.

Rules of SEMANTICS 6: an address depends on the text as written alone, so neither a correction of metadata nor the
order or the names of files can change it. Ids are given from sketches, a few bytes for each block, so that a library
need not be in memory at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from searchapp.reports.model import Report
from searchapp.reports.readers.lines import squeeze

_KEY_BYTES = 4
_ID_BYTES = 6
_FURTHER_BYTES = 4


_SKETCH_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the id of a report depends on, without its text.

    ``whole`` is a hash of the whole text, ``blocks`` one of each block's text (16 bytes each, one after the other),
    ``opening`` the first half of the id. White space counts nowhere.
    """

    whole: bytes
    blocks: bytes
    opening: str

    def block(self, index: int) -> bytes:
        """The hash of the block's text; beyond the last block, that of no text."""
        return self.blocks[index * _SKETCH_BYTES : (index + 1) * _SKETCH_BYTES] or _NO_TEXT


@dataclass(frozen=True, slots=True)
class Identified:
    """An id and the numbers of the reports that bear it (all of one whole text), in order."""

    id: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """A whole text: the report whose division into blocks stands for it.

    One text may come divided into blocks in several ways; the least division stands for it, so that the order of
    files does not matter.
    """

    sketch: Sketch
    number: int


def _hash(text: str, size: int) -> str:
    # Text made in memory may hold lone surrogates, which no file can.
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def block_keys(texts: Iterable[str]) -> list[str]:
    """One key for each block of a report: 8 hex digits of its text, then ``-2``, ``-3`` … for repeats."""
    seen: Counter[str] = Counter()
    keys: list[str] = []
    for text in texts:
        key = _hash(squeeze(text), _KEY_BYTES)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return keys


def opening_of(titles: Sequence[str], addressee: str | None, first_paragraph: str) -> str:
    """The opening: title lines, or the addressee when there is none, and the first body paragraph, squeezed."""
    head = "".join(titles) or (addressee or "")
    return squeeze(head + first_paragraph)


def hash_opening(opening: str) -> str:
    """The first half of an id: 12 hex digits of the opening."""
    return _hash(opening, _ID_BYTES)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SKETCH_BYTES).digest()


_NO_TEXT = _digest("")


def sketch_of(report: Report, opening_hash: Callable[[str], str] = hash_opening) -> Sketch:
    """The sketch of a report."""
    texts = _texts_of(report)
    return Sketch(_digest("".join(texts)), b"".join(map(_digest, texts)), opening_hash(report.opening))


def assign_ids(reports: Sequence[Report], opening_hash: Callable[[str], str] = hash_opening) -> tuple[Report, ...]:
    """Merge reports of the same whole text and give every report its id (see :func:`identify`).

    ``reports`` come in library order. Merged reports keep the first one's metadata and all sources in order.
    """
    identified = identify([sketch_of(report, opening_hash) for report in reports], reports.__getitem__)
    return tuple(
        replace(
            reports[each.numbers[0]],
            id=each.id,
            sources=tuple(source for number in each.numbers for source in reports[number].sources),
        )
        for each in identified
    )


def identify(sketches: Sequence[Sketch], load: Callable[[int], Report]) -> list[Identified]:
    """The ids of a library by the sketches of its reports, in the order in which each whole text comes first.

    The id is 12 hex digits of the opening. Reports whose openings have one hash (one opening, or two that collide) and
    different texts all get further hashes: of the text of the first block at which they are not all alike, again and
    again until each stands alone. So the ids depend on the set of texts only, and no two reports share one.

    ``load`` gives a report by its number, one at a time, where sketches alone do not decide.
    """
    merged: dict[bytes, list[int]] = {}
    for number, sketch in enumerate(sketches):
        merged.setdefault(sketch.whole, []).append(number)
    groups: dict[str, list[_Member]] = {}
    for numbers in merged.values():
        member = _standing_for(numbers, sketches, load)
        groups.setdefault(member.sketch.opening, []).append(member)
    ids: dict[bytes, str] = {}
    for prefix, group in groups.items():
        _assign(group, prefix, load, ids)
    return [Identified(ids[whole], tuple(numbers)) for whole, numbers in merged.items()]


def _texts_of(report: Report) -> tuple[str, ...]:
    return tuple(squeeze(block.text) for block in report.blocks)


def _standing_for(numbers: Sequence[int], sketches: Sequence[Sketch], load: Callable[[int], Report]) -> _Member:
    divisions = {(sketches[number].blocks, sketches[number].opening): number for number in reversed(numbers)}
    if len(divisions) == 1:
        return _Member(sketches[numbers[0]], numbers[0])

    def order(number: int) -> tuple[tuple[str, ...], str]:
        report = load(number)
        return _texts_of(report), report.opening

    best = min(divisions.values(), key=order)
    return _Member(sketches[best], best)


def _assign(group: list[_Member], prefix: str, load: Callable[[int], Report], ids: dict[bytes, str]) -> None:
    waiting = [(group, prefix, 0)]
    while waiting:
        members, so_far, index = waiting.pop()
        if len(members) == 1:
            ids[members[0].sketch.whole] = so_far
            continue
        parted = _part_at(members, index)
        while len(parted) == 1:
            index += 1
            parted = _part_at(members, index)
        for block, alike in parted.items():
            text = "" if block == _NO_TEXT else squeeze(load(alike[0].number).blocks[index].text)
            waiting.append((alike, so_far + _hash(text, _FURTHER_BYTES), index + 1))


def _part_at(members: list[_Member], index: int) -> dict[bytes, list[_Member]]:
    parted: dict[bytes, list[_Member]] = {}
    for member in members:
        parted.setdefault(member.sketch.block(index), []).append(member)
    return parted
