"""Xapian as a peer: jieba's words with positions, match spies for facets. Knows xapian and the standard library.

Runs in the Python that has ``xapian`` (Debian's own, for its ``python3-xapian``), without searchapp's dependencies:
``python3 -m benchmarks.xapian_peer FOLDER`` reads passages with their words from stdin, a JSON list a line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.peers import FACETS, TEN, Passage, PeerAnswer, Query, snippet, words_of

_PREFIXES = {"unit": "XU", "year": "XY"}
_MOST_TERM_BYTES = 245
_DATABASE = "xapian"
_SEPARATOR = "\n"
_PYTHONS = (sys.executable, "/usr/bin/python3", "python3")


def xapian_python() -> str | None:
    """A Python that can import xapian."""
    for python in _PYTHONS:
        found = shutil.which(python)
        if found and not subprocess.run([found, "-c", "import xapian"], capture_output=True, check=False).returncode:
            return found
    return None


def index_xapian(passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
    """rjieba's words here, the writer in the Python that has it."""
    from benchmarks.words import plain_words

    python = xapian_python()
    if python is None:
        raise RuntimeError("no Python here has xapian")
    command = [python, "-m", "benchmarks.xapian_peer", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True, encoding="utf-8") as writing:
        assert writing.stdin is not None
        for number, passage in enumerate(passages, 1):
            values = (passage.id, passage.text, passage.unit, passage.year, passage.section)
            writing.stdin.write(json.dumps([*values, plain_words(passage.text)], ensure_ascii=False) + "\n")
            told(number)
    if writing.returncode:
        raise RuntimeError("xapian's writer failed")


def _write(folder: Path) -> None:
    import xapian

    database = xapian.WritableDatabase(str(folder / _DATABASE), xapian.DB_CREATE_OR_OVERWRITE)
    for line in sys.stdin.buffer:
        identity, text, *values, words = json.loads(line)
        document = xapian.Document()
        for place, word in enumerate(words, 1):
            if len(word.encode()) <= _MOST_TERM_BYTES:
                document.add_posting(word, place)
        for slot, (name, value) in enumerate(zip(FACETS, values, strict=True)):
            document.add_value(slot, value)
            if name in _PREFIXES:
                document.add_boolean_term(_PREFIXES[name] + value)
        document.set_data(identity + _SEPARATOR + text)
        database.add_document(document)
    database.commit()
    database.close()


class XapianPeer:
    """Xapian as it comes; every match is looked at, so that totals and facets are exact."""

    def __init__(self, folder: Path) -> None:
        import xapian

        self._xapian = xapian
        self._database = xapian.Database(str(folder / _DATABASE))
        self._blocks = self._database.get_doccount()

    def answer(self, asked: Query) -> PeerAnswer:
        enquire = self._xapian.Enquire(self._database)
        enquire.set_query(self._parsed(asked))
        spies = [self._xapian.ValueCountMatchSpy(slot) for slot in range(len(FACETS))]
        for spy in spies:
            enquire.add_matchspy(spy)
        found = enquire.get_mset(0, TEN, self._blocks)
        counts = [{item.term: item.termfreq for item in spy.values()} for spy in spies]
        hits = [match.document.get_data().decode().partition(_SEPARATOR) for match in found]
        sought = words_of(asked)
        return PeerAnswer(
            tuple(identity for identity, _, _ in hits),
            found.get_matches_estimated(),
            sum(counts[FACETS.index("year")].values()),
            tuple(snippet(text, sought) for _, _, text in hits),
        )

    def count(self, asked: Query) -> int:
        enquire = self._xapian.Enquire(self._database)
        enquire.set_query(self._parsed(asked))
        enquire.set_weighting_scheme(self._xapian.BoolWeight())
        number: int = enquire.get_mset(0, 0, self._blocks).get_matches_estimated()
        return number

    def close(self) -> None:
        self._database.close()

    def _parsed(self, asked: Query) -> Any:
        query, words = self._xapian.Query, [word for words in asked.cut for word in words]
        how = query.OP_PHRASE if asked.kind == "phrase" else query.OP_AND
        parsed = query(how, words)
        for name, value in (("unit", asked.unit), ("year", asked.year)):
            if value:
                parsed = query(query.OP_FILTER, parsed, query(_PREFIXES[name] + value))
        return parsed


if __name__ == "__main__":
    _write(Path(sys.argv[1]))
