"""Addresses that last: keys of blocks, openings and ids of reports. Knows hashes of text, nothing of metadata.

Rules of SEMANTICS 6: an address depends on the text as written alone, so neither a correction of metadata nor the
order or the names of files can change it.
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


@dataclass(frozen=True, slots=True)
class _Member:
    """A whole text and the blocks that its id is made from.

    One text may come divided into blocks in several ways; the least division stands for it, so that the order of
    files does not matter.
    """

    whole: str
    texts: tuple[str, ...]
    opening: str


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


def assign_ids(reports: Sequence[Report], opening_hash: Callable[[str], str] = hash_opening) -> tuple[Report, ...]:
    """Merge reports of the same whole text and give every report its id.

    ``reports`` come in library order. Merged reports keep the first one's metadata and all sources in order. The id
    is 12 hex digits of the opening. Reports whose openings have one hash (one opening, or two that collide) and
    different texts all get further hashes: of the text of the first block at which they are not all alike, again and
    again until each stands alone. So the ids depend on the set of texts only, and no two reports share one.
    """
    merged: dict[str, list[Report]] = {}
    for report in reports:
        merged.setdefault(squeeze("".join(block.text for block in report.blocks)), []).append(report)
    groups: dict[str, list[_Member]] = {}
    for whole, alike in merged.items():
        member = min((_member(whole, report) for report in alike), key=lambda each: (each.texts, each.opening))
        groups.setdefault(opening_hash(member.opening), []).append(member)
    ids: dict[str, str] = {}
    for prefix, group in groups.items():
        _assign(group, prefix, ids)
    return tuple(
        replace(alike[0], id=ids[whole], sources=tuple(source for report in alike for source in report.sources))
        for whole, alike in merged.items()
    )


def _member(whole: str, report: Report) -> _Member:
    return _Member(whole, tuple(squeeze(block.text) for block in report.blocks), report.opening)


def _assign(group: list[_Member], prefix: str, ids: dict[str, str]) -> None:
    waiting = [(group, prefix, 0)]
    while waiting:
        members, so_far, index = waiting.pop()
        if len(members) == 1:
            ids[members[0].whole] = so_far
            continue
        parted = _part_at(members, index)
        while len(parted) == 1:
            index += 1
            parted = _part_at(members, index)
        for text, alike in parted.items():
            waiting.append((alike, so_far + _hash(text, _FURTHER_BYTES), index + 1))


def _part_at(members: list[_Member], index: int) -> dict[str, list[_Member]]:
    parted: dict[str, list[_Member]] = {}
    for member in members:
        parted.setdefault(member.texts[index] if index < len(member.texts) else "", []).append(member)
    return parted
