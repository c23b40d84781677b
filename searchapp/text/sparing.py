"""jieba's words of short texts, with no more of its dictionary in memory than stands in what was cut.

Cutting a text depends on those words of the dictionary alone that the text holds, and on the sum of all frequencies. So
a segmenter that knows these words, and a filler for the rest of the sum, cuts exactly as one that knows all 349,046 of
them; that takes 30 MiB of every process and a tenth of a second of its start. The words are looked up in jieba's own
file, mapped and shared by all processes. What is looked up costs 10 µs a character, the first time; texts that are
long, as those that are indexed, are left to the whole dictionary (``analyzer``).
"""

from __future__ import annotations

import functools
import mmap
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from importlib import machinery, util
from pathlib import Path
from typing import Any

LONGEST = 60
"""Characters of a run that is cut here: a query, a sentence."""
MOST_WORDS = 1_000
"""Words of users beyond which the whole dictionary is quicker."""
REMEMBERED = 4_096
"""Runs whose words are remembered."""

_BYTES, _FREQUENCIES = 5_071_852, 60_101_964
"""Size of the dictionary of jieba 0.42.1, and the sum of its frequencies as rjieba has it: a word that stands in it
twice counts once. Where two ways to cut are as likely, the last bit of the sum decides."""
_FIRST = "一".encode()
"""What is Han begins with it, and is in the order of first characters from there on."""
_FILLER = "\ue000"
"""A word for private use, so of no text that is cut."""


class UnexpectedInsideError(Exception):
    """rjieba or jieba is made otherwise than this module knows."""


class SparingSegmenter:
    """Cuts runs of up to ``LONGEST`` Han characters; safe to share between threads.

    ``words`` are added to the dictionary in this order, as jieba's ``add_word`` does. Raises ``UnexpectedInsideError``.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._dictionary = DictionaryFile()
        self._known = extension().Jieba.empty()
        self._rest = _FREQUENCIES
        self._lock = threading.Lock()
        self.cut = functools.lru_cache(REMEMBERED)(self._cut)
        for word in words:
            self._learn(word)
            self._known.add_word(word, None, None)

    def _cut(self, run: str) -> tuple[str, ...]:
        with self._lock:
            self._learn(run)
            return tuple(self._known.cut(run))

    def _learn(self, text: str) -> None:
        """Takes up the words of the dictionary that ``text`` holds."""
        new = {word: often for word, often in self._dictionary.words_in(text) if not self._known.has_word(word)}
        for word, often in new.items():
            self._known.add_word(word, often, None)
        self._rest -= sum(new.values())
        self._known.add_word(_FILLER, self._rest, None)


class DictionaryFile:
    """jieba's dictionary as it is installed: a word, its frequency and its part of speech on each line.

    Raises ``UnexpectedInsideError``.
    """

    def __init__(self) -> None:
        path = _folder_of("jieba") / "dict.txt"
        if not path.is_file() or path.stat().st_size != _BYTES:
            raise UnexpectedInsideError("another dictionary")
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._lines_of = functools.lru_cache(REMEMBERED)(self._span_of)

    def words_in(self, text: str) -> Iterator[tuple[str, int]]:
        """Every word of the dictionary that ``text`` (Han characters) holds, wherever, and its frequency."""
        for start, char in enumerate(text):
            first, behind = self._lines_of(char)
            lines = self._data[first:behind]
            for end in range(start + 1, len(text) + 1):
                sought = b"\n" + text[start:end].encode()
                at = lines.find(sought)
                if at < 0:
                    break
                if (at := lines.find(sought + b" ", at)) >= 0:
                    yield text[start:end], int(lines[at + len(sought) :].split(maxsplit=1)[0])

    def _span_of(self, char: str) -> tuple[int, int]:
        """Where the lines are that begin with ``char``, from the end of the line before them."""
        return self._first_from(char.encode()) - 1, self._first_from(chr(ord(char) + 1).encode())

    def _first_from(self, head: bytes) -> int:
        """The first line that begins with ``head`` or what comes behind it."""
        low, high = self._han, len(self._data)
        while low < high:
            middle = (low + high) // 2
            line = self._data.rfind(b"\n", low, middle) + 1 or low
            if self._data[line : line + len(head)] < head:
                low = self._data.find(b"\n", middle) + 1 or len(self._data)
            else:
                high = line
        return low

    @functools.cached_property
    def _han(self) -> int:
        return self._data.find(b"\n" + _FIRST) + 1


@functools.cache
def extension() -> Any:
    """The compiled part of rjieba, without what importing rjieba does besides: it reads the whole dictionary.

    Raises ``UnexpectedInsideError``.
    """
    name = "rjieba.rjieba"
    if (loaded := sys.modules.get(name)) is not None:
        return loaded
    spec = machinery.PathFinder.find_spec(name, [str(_folder_of("rjieba"))])
    if spec is None or spec.loader is None:
        raise UnexpectedInsideError("rjieba has no compiled part")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not hasattr(getattr(module, "Jieba", None), "empty"):
        raise UnexpectedInsideError("rjieba has no empty dictionary")
    # It can be loaded once only: whoever imports rjieba finds it.
    sys.modules[name] = module
    return module


def _folder_of(package: str) -> Path:
    """Where a package is installed. Raises ``UnexpectedInsideError`` when it is not."""
    spec = util.find_spec(package)
    folders: Iterable[str] = (spec and spec.submodule_search_locations) or ()
    for folder in folders:
        return Path(folder)
    raise UnexpectedInsideError(f"no package {package}")
