"""The peers by name: what each is called, what makes and opens its index, what it can be asked. Loads none of them."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.peers import Kind, Passage, Peer, Query

_ALL: frozenset[Kind] = frozenset({"words", "phrase", "gap"})
_NO_GAPS: frozenset[Kind] = frozenset({"words", "phrase"})
ENGINE_PREFIX = "searchapp-"


@dataclass(frozen=True, slots=True)
class Entry:
    """A peer. ``module`` has its class and, but for searchapp, the function ``making`` that writes its index.

    ``exact``: what it finds of phrases is what stands in the text. ``cannot`` says in words what it is not asked, or
    does in another way. ``most_paragraphs``: of corpora larger than that it is left out unless it is named.
    """

    name: str
    label: str
    module: str
    opening: str
    making: str = ""
    kinds: frozenset[Kind] = _NO_GAPS
    counts_only: bool = False
    exact: bool = False
    cannot: str = ""
    most_paragraphs: int | None = None

    @property
    def engine(self) -> str | None:
        """The name of searchapp's engine, where the peer is one."""
        return self.name.removeprefix(ENGINE_PREFIX) if self.name.startswith(ENGINE_PREFIX) else None

    def can_answer(self, asked: Query) -> bool:
        """Whether the peer gives a whole answer to this query."""
        return not self.counts_only and asked.kind in self.kinds

    def can_count(self, asked: Query) -> bool:
        """Whether the peer can say how many blocks match this query; filters are left out of this for all."""
        if self.counts_only and len(asked.texts) > 1 and asked.kind == "words":
            return False
        return asked.kind in self.kinds and not asked.filtered

    def open(self, folder: Path) -> Peer:
        """Opens the index in ``folder``, in this process."""
        opened: Peer = getattr(import_module(self.module), self.opening)(folder)
        return opened

    def make(self, passages: Iterable[Passage], folder: Path, told: Callable[[int], None]) -> None:
        """Writes an index of the passages into the empty ``folder``, in this process (not for searchapp's engines)."""
        getattr(import_module(self.module), self.making)(passages, folder, told)


def _searchapp(engine: str) -> Entry:
    return Entry(
        ENGINE_PREFIX + engine,
        f"searchapp, {engine}",
        "benchmarks.searchapp_peer",
        "SearchappPeer",
        kinds=_ALL,
        exact=True,
    )


_WORDS = "no gaps of so many characters; finds phrases only where jieba cuts both alike"
_PEERS = (
    Entry("whoosh-plain", "plain Whoosh", "benchmarks.whoosh_peer", "PlainPeer", "index_plain", cannot=_WORDS),
    Entry(
        "fts5-words",
        "SQLite FTS5, jieba words",
        "benchmarks.fts5_peer",
        "Fts5WordsPeer",
        "index_words",
        cannot=_WORDS + "; facets by SQL",
    ),
    Entry(
        "fts5-trigram",
        "SQLite FTS5, trigrams",
        "benchmarks.fts5_peer",
        "Fts5TrigramPeer",
        "index_trigrams",
        exact=True,
        cannot="no gaps of so many characters; what is shorter than three characters is read through all texts and has"
        " no order by relevance; facets by SQL",
    ),
    Entry(
        "tantivy-raw",
        "raw tantivy",
        "benchmarks.tantivy_peer",
        "TantivyPeer",
        "index_tantivy",
        cannot=_WORDS + "; its Python face takes two calls, one for hits and total, one for all three facets",
    ),
    Entry("xapian", "Xapian", "benchmarks.xapian_peer", "XapianPeer", "index_xapian", cannot=_WORDS),
    Entry(
        "grep",
        "grep -c",
        "benchmarks.grep_peer",
        "GrepPeer",
        "index_lines",
        kinds=_ALL,
        counts_only=True,
        exact=True,
        cannot="only counts lines that hold one text or gap: no hits, order, facets, filters, or several words",
    ),
    Entry(
        "whoosh-stock",
        "Whoosh, jieba's ChineseAnalyzer",
        "benchmarks.whoosh_peer",
        "PlainPeer",
        "index_stock",
        cannot="finds next to no phrase: its positions are offsets of characters; only when it is named",
        most_paragraphs=0,
    ),
)
PEERS = {entry.name: entry for entry in _PEERS}


@functools.cache
def engines() -> dict[str, Entry]:
    """searchapp's engines that can index here; loads searchapp."""
    from searchapp import wiring

    here = [name for name in wiring.INDEXING_ENGINES if name != "tantivy" or find_spec("tantivy")]
    return {entry.name: entry for entry in map(_searchapp, here) if entry.engine != "opensearch"}


def entry_of(name: str) -> Entry:
    """A peer or an engine by its name; of an engine it is not asked whether it is there."""
    if name.startswith(ENGINE_PREFIX):
        return _searchapp(name.removeprefix(ENGINE_PREFIX))
    return PEERS[name]


def missing(entry: Entry) -> str:
    """Why a peer cannot take part here, in words; empty when it can."""
    if entry.name == "tantivy-raw" and not find_spec("tantivy"):
        return "tantivy is not installed"
    if entry.name == "xapian" and python_of(entry) is None:
        return "no Python here has xapian (Debian: python3-xapian)"
    if entry.engine and entry.name not in engines():
        return "searchapp has no such engine here"
    return ""


@functools.cache
def python_of(entry: Entry) -> str | None:
    """The Python that runs the peer."""
    if entry.name != "xapian":
        return sys.executable
    from benchmarks.xapian_peer import xapian_python

    return xapian_python()
