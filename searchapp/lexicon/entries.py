"""The entries of a lexicon as arrays in one file: words and set phrases by length, then text, each length a table.

``e`` is the number of entries, ``w`` of those with ``length`` characters, ``p`` of set phrases. The file is a line of
JSON (name, type, shape and place of each array), then the arrays; it is memory-mapped unless it is small.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from searchapp.errors import IndexDamagedError, IndexVersionError
from searchapp.language import tr
from searchapp.lexicon.pinyin import initials, syllables
from searchapp.lexicon.set_phrases import LONGEST, SetPhrase

LEXICON_VERSION = 1
"""Raise it, and the schema version with it, whenever what the file holds, or how, changes."""
LEXICON_FILE = "lexicon.bin"

Kind = Literal["word", "phrase"]
KINDS: tuple[Kind, Kind] = ("word", "phrase")

Numbers = npt.NDArray[np.int64]
Table = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or set phrase (normalized) as it goes into the file, and the blocks that hold it."""

    text: str
    blocks: int
    phrase: SetPhrase | None = None


def write_entries(path: Path, entries: Sequence[Entry], written: dict[str, str]) -> None:
    """Writes the file. ``written``: the usual form of entries that are written otherwise than normalized."""
    entries = sorted(entries, key=lambda entry: (len(entry.text), entry.text))
    sounds = [syllables(entry.text) for entry in entries]
    names = sorted({sound for read in sounds for sound in read})
    codes = {name: code for code, name in enumerate(names)}
    lines = sorted((f"\n{' '.join(read)}", number) for number, read in enumerate(sounds))
    heads = sorted(
        (head, number)
        for number, (entry, read) in enumerate(zip(entries, sounds, strict=True))
        for head in dict.fromkeys(initials(entry.text, read))
        if head.isascii()
    )
    phrases = sorted(
        ((number, entry.phrase) for number, entry in enumerate(entries) if entry.phrase),
        key=lambda pair: -pair[1].frequency,
    )
    arrays: dict[str, npt.NDArray[Any]] = {
        "firsts": np.searchsorted([len(entry.text) for entry in entries], np.arange(LONGEST + 2)).astype(np.int64),
        "chars": np.frombuffer("".join(entry.text for entry in entries).encode("utf-32-le"), dtype=np.uint32),
        "sounds": np.array([codes[sound] for read in sounds for sound in read], dtype=_width(len(names))),
        "blocks": np.array([entry.blocks for entry in entries], dtype=np.uint32),
        "kinds": np.array([entry.phrase is not None for entry in entries], dtype=np.uint8),
        "pinyin": _bytes("".join(line for line, _ in lines)),
        "pinyin_ends": np.cumsum([len(line.encode()) for line, _ in lines], dtype=np.int64),
        "pinyin_entries": np.array([number for _, number in lines], dtype=np.uint32),
        "initials": np.array([head.encode() for head, _ in heads], dtype=f"S{LONGEST}"),
        "initials_entries": np.array([number for _, number in heads], dtype=np.uint32),
        "phrases": np.array([number for number, _ in phrases], dtype=np.uint32),
        "frequencies": np.array([phrase.frequency for _, phrase in phrases], dtype=np.uint32),
        "measures": np.array(
            [(phrase.cohesion, phrase.left_entropy, phrase.right_entropy) for _, phrase in phrases], dtype=np.float32
        ).reshape(-1, 3),
        "names": _bytes(json.dumps({"sounds": names, "written": written}, ensure_ascii=False)),
    }
    write_pack(path, LEXICON_VERSION, arrays)


def _width(values: int) -> type[np.unsignedinteger]:
    """Syllables are some four hundred, but whatever else a text holds stands for itself."""
    return np.uint16 if values <= np.iinfo(np.uint16).max else np.uint32


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)


class Entries:
    """The entries, open for reading; safe to share between threads. Raises as :func:`open_pack` on opening."""

    def __init__(self, path: Path) -> None:
        try:
            self._arrays = open_pack(path, LEXICON_VERSION)
            self._firsts = self._arrays["firsts"].tolist()
            self.blocks: npt.NDArray[np.uint32] = self._arrays["blocks"]
            self.kinds: npt.NDArray[np.uint8] = self._arrays["kinds"]
            self._chars, self._sounds = self._arrays["chars"], self._arrays["sounds"]
            names = json.loads(self._arrays["names"].tobytes())
            self.sound_names: list[str] = names["sounds"]
            self._written: dict[str, str] = names["written"]
            size = len(self.blocks)
            if self._firsts[-1] != size or len(self.kinds) != size or len(self._chars) != len(self._sounds):
                raise ValueError("sizes")
        except (KeyError, ValueError, IndexError) as exc:
            raise IndexDamagedError(tr("索引文件 {name} 缺失或损坏", name=path.name)) from exc
        self._places = [0]
        for length in range(1, LONGEST + 1):
            self._places.append(self._places[-1] + length * (self._firsts[length + 1] - self._firsts[length]))
        self.sound_codes = {name: code for code, name in enumerate(self.sound_names)}

    def __len__(self) -> int:
        return len(self.blocks)

    def array(self, name: str) -> npt.NDArray[Any]:
        """One of the arrays that :func:`write_entries` wrote."""
        return self._arrays[name]

    def first(self, length: int) -> int:
        """The number of the first entry with ``length`` characters (1 to ``LONGEST``)."""
        return int(self._firsts[length])

    def chars(self, length: int) -> Table:
        """Code points of the entries with ``length`` characters (w x length)."""
        return self._chars[self._places[length - 1] : self._places[length]].reshape(-1, length)

    def sounds(self, length: int) -> Table:
        """Codes of the syllables of the entries with ``length`` characters (w x length)."""
        return self._sounds[self._places[length - 1] : self._places[length]].reshape(-1, length)

    def texts(self, length: int) -> Table:
        """The entries with ``length`` characters (w) as an ascending array of strings."""
        return self.chars(length).view(f"<U{length}")[:, 0]

    def find(self, text: str) -> int | None:
        """The number of the entry with this text."""
        if not 1 <= len(text) <= LONGEST:
            return None
        texts = self.texts(len(text))
        at = int(np.searchsorted(texts, np.array(text, dtype=texts.dtype)))
        return self.first(len(text)) + at if at < len(texts) and texts[at] == text else None

    def text(self, number: int) -> str:
        """One entry, normalized."""
        length = int(np.searchsorted(self._firsts, number, side="right")) - 1
        return str(self.texts(length)[number - self.first(length)])

    def written(self, number: int) -> str:
        """One entry as it is usually written."""
        text = self.text(number)
        return self._written.get(text, text)

    def kind(self, number: int) -> Kind:
        """Whether an entry is a set phrase or a word."""
        return KINDS[int(self.kinds[number])]

    def best(self, numbers: npt.NDArray[Any], limit: int) -> list[int]:
        """The ``limit`` distinct entries with the most blocks; of equals the shorter, then by text."""
        distinct = np.unique(numbers).astype(np.int64)
        blocks = self.blocks[distinct].astype(np.int64)
        if len(distinct) > limit:
            least = np.partition(blocks, len(blocks) - limit)[len(blocks) - limit]
            distinct, blocks = distinct[blocks >= least], blocks[blocks >= least]
        # Numbers ascend by length and text.
        chosen: list[int] = distinct[np.argsort(-blocks, kind="stable")][:limit].tolist()
        return chosen


ALIGNMENT = 64
MAPPED_FROM_BYTES = 1 << 18
"""Smaller files are read: a mapping holds a file descriptor for as long as it lives."""

Arrays = Mapping[str, npt.NDArray[Any]]


def write_pack(path: Path, version: int, arrays: Arrays) -> None:
    """Writes ``arrays``; nothing of it depends on time or place."""
    places, at = [], 0
    for name, array in arrays.items():
        places.append([name, array.dtype.str, list(array.shape), at])
        at += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
    head = json.dumps({"version": version, "arrays": places}).encode("ascii")
    padding = -(len(head) + 1) % ALIGNMENT
    with path.open("wb") as file:
        file.write(head + b" " * padding + b"\n")
        for array in arrays.values():
            file.write(np.ascontiguousarray(array).tobytes())
            file.write(b"\0" * (-array.nbytes % ALIGNMENT))


def open_pack(path: Path, version: int) -> dict[str, npt.NDArray[Any]]:
    """The arrays that :func:`write_pack` wrote, read-only.

    Raises ``IndexDamagedError``, or ``IndexVersionError`` when another version wrote them.
    """
    try:
        data = _mapped(path)
        end = data.find(b"\n")
        head = json.loads(data[:end])
        if head["version"] != version:
            raise IndexVersionError(
                tr("索引的词表是另一版本的 searchapp 建的。请重建：searchapp index --rebuild 报告文件夹")
            )
        return {
            name: np.frombuffer(data, dtype, int(np.prod(shape, dtype=np.int64)), end + 1 + at).reshape(shape)
            for name, dtype, shape, at in head["arrays"]
        }
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise IndexDamagedError(tr("索引文件 {name} 缺失或损坏", name=path.name)) from exc


def _mapped(path: Path) -> bytes | mmap.mmap:
    if path.stat().st_size < MAPPED_FROM_BYTES:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
