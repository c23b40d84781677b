"""The working folder of one corpus: sources, passages, queries, indexes. What is there is not made again.

::

    <work>/<corpus>/source/          generated reports (of a folder that is given, nothing)
                   /passages.jsonl   what the peers index, as searchapp reads it
                   /queries.json     with what is true of them
                   /<peer>/index/    with made.json beside it: what making it took
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.generate import generate
from benchmarks.measure import Told
from benchmarks.passages import PassageFile, read_queries, write_passages, write_queries
from benchmarks.queries import QueryClass, draw_queries, with_truth
from benchmarks.registry import Entry

_MADE = "made.json"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus in its working folder: ``paragraphs`` generated from ``seed``, or the reports in ``given``."""

    folder: Path
    paragraphs: int
    seed: int
    given: Path | None = None

    @property
    def name(self) -> str:
        """As a heading has it."""
        return f"{self.paragraphs:,} generated paragraphs" if self.given is None else f"folder {self.given.name}"

    @property
    def key(self) -> str:
        """As results have it."""
        return f"generated-{self.paragraphs}" if self.given is None else f"folder-{self.given.name}"

    def source(self, told: Told) -> Path:
        """The reports; generated reports are written once."""
        if self.given is not None:
            return self.given.resolve()
        source = self.folder / "source"
        if not source.exists():
            told(f"writing {self.paragraphs:,} paragraphs")
            part = _emptied(self.folder / "source.part")
            generate(part, self.paragraphs, self.seed)
            part.rename(source)
        return source

    def index(self, entry: Entry, told: Told) -> Path:
        """The peer's index, made when it is not there; of the peers the passages must be there."""
        home = self.folder / entry.name
        if not (home / _MADE).exists():
            told(f"{self.name}: indexing with {entry.label}")
            index = _emptied(home / "index")
            source = self.source(told) if entry.engine else self.passages_file
            command = [sys.executable, "-m", "benchmarks.making", entry.name, str(source), str(index)]
            made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            (home / _MADE).write_text(made.splitlines()[-1], encoding="utf-8")
            told(f"  {self.made(entry)['seconds']:.1f} s")
        return home / "index"

    def made(self, entry: Entry) -> dict[str, Any]:
        """What making the index took."""
        made: dict[str, Any] = json.loads((self.folder / entry.name / _MADE).read_text(encoding="utf-8"))
        return made

    @property
    def passages_file(self) -> Path:
        """Where the passages are, or will be."""
        return self.folder / "passages.jsonl"

    def passages(self, engines: Sequence[Entry], told: Told) -> PassageFile:
        """The passages, read once out of an index of the first of searchapp's ``engines``."""
        if not self.passages_file.exists():
            from benchmarks.searchapp_peer import SearchappPeer

            opened = SearchappPeer(self.index(engines[0], told))
            told("writing passages for the peers")
            write_passages(self.passages_file, opened.passages())
            opened.close()
        return PassageFile(self.passages_file)

    def queries(self, passages: PassageFile, count: int, told: Told) -> list[QueryClass]:
        """The queries, drawn once for each count and seed."""
        path = self.folder / f"queries-{count}-{self.seed}.json"
        if not path.exists():
            told("drawing queries")
            write_queries(path, _drawn(passages, count, self.seed))
        return read_queries(path)


def facts(corpus: Corpus, passages: PassageFile, classes: Sequence[QueryClass]) -> dict[str, Any]:
    """What results tell of a corpus; ``drawn`` changes with the queries."""
    given = json.dumps([[asked.plain() for asked in of.queries] for of in classes], ensure_ascii=False)
    return {
        "name": corpus.name,
        "paragraphs": corpus.paragraphs or len(passages),
        "generated": corpus.given is None,
        "blocks": len(passages),
        "characters": passages.characters,
        "seed": corpus.seed,
        "drawn": hashlib.blake2b(given.encode(), digest_size=8).hexdigest(),
        "classes": {
            of.name: {"note": of.note, "kind": of.queries[0].kind, "true": [asked.true for asked in of.queries]}
            for of in classes
        },
    }


def _drawn(passages: PassageFile, count: int, seed: int) -> list[QueryClass]:
    from benchmarks.words import with_words
    from searchapp.text.analyzer import Analyzer

    classes = with_truth(passages, draw_queries(passages, Analyzer().words, count, seed))
    return [replace(of, queries=tuple(map(with_words, of.queries))) for of in classes]


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
