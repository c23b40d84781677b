"""Wiring: settings to engine to services. The only importer of the engine adapters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from searchapp.config import Settings
from searchapp.engines.base import Engine
from searchapp.engines.memory import MemoryEngine
from searchapp.engines.whoosh import WhooshEngine
from searchapp.errors import IndexDamagedError, IndexVersionError, LibraryError, RequestError
from searchapp.language import tr
from searchapp.lexicon import Lexicon
from searchapp.reports.fingerprint import reading_fingerprint
from searchapp.search.synonyms import Synonyms
from searchapp.services.gathering import Progress
from searchapp.services.indexing import IndexingOptions, IndexingReport, Pipeline, build_index
from searchapp.services.library import Library, LibraryHandle
from searchapp.services.nearness import nearest_texts
from searchapp.services.originals import original
from searchapp.services.verifying import Verification, verify
from searchapp.store.builds import build_folder, current_build
from searchapp.store.files import decode_table, reason_of
from searchapp.store.manifest import Manifest, check_contents, read_manifest
from searchapp.store.retired import RETIRED_FILE, RetiredIds
from searchapp.text.analyzer import Analyzer, dictionary_words

ENGINES: dict[str, Callable[[Analyzer], Engine]] = {"whoosh": WhooshEngine, "memory": MemoryEngine}
INDEXING_ENGINES = ("whoosh",)
"""Engines whose builds outlive the process."""

_OPEN_ATTEMPTS = 5
SHOWN_WORDS = 8


def make_engine(name: str, analyzer: Analyzer) -> Engine:
    """Raises ``RequestError`` for a name that no adapter has."""
    try:
        return ENGINES[name](analyzer)
    except KeyError:
        raise RequestError(f"没有“{name}”这个引擎；可用：{'、'.join(INDEXING_ENGINES)}") from None


def fingerprint(analyzer: Analyzer) -> str:
    """Of all that decides what a source text becomes: normalization, words, and the reading of reports."""
    parts = f"{analyzer.fingerprint}\n{reading_fingerprint()}"
    return hashlib.blake2b(parts.encode(), digest_size=8).hexdigest()


def index_sources(settings: Settings, options: IndexingOptions, progress: Progress | None = None) -> IndexingReport:
    """Brings the index up to date. Raises as :func:`searchapp.services.indexing.build_index`."""
    analyzer = Analyzer(_dictionary(settings.index, options))
    pipeline = Pipeline(make_engine(settings.engine, analyzer), analyzer, fingerprint(analyzer))
    return build_index(settings.index, options, pipeline, progress)


def _dictionary(index: Path, options: IndexingOptions) -> tuple[str, ...]:
    """The user's words for the next build. Raises ``RequestError`` for a file that is no dictionary."""
    if options.dictionary is not None:
        return read_dictionary(options.dictionary)
    if options.forget_dictionary:
        return ()
    try:
        return current_manifest(index).dictionary
    except LibraryError:
        return ()


def read_dictionary(path: Path) -> tuple[str, ...]:
    """The words of a dictionary file (UTF-8 or GB18030). Raises ``RequestError`` for none, or for useless ones."""
    try:
        text = decode_table(path.read_bytes())
    except OSError as exc:
        raise RequestError(f"词典 {path.name} 读不出来：{reason_of(exc)}") from exc
    except UnicodeDecodeError as exc:
        raise RequestError(f"词典 {path.name} 不是文本文件（UTF-8 或 GB18030）") from exc
    words, useless = dictionary_words(text)
    if useless:
        shown = "、".join(useless[:SHOWN_WORDS])
        raise RequestError(f"词典里有 {len(useless)} 个词用不上（只收两个字以上的汉字词）：{shown}")
    if not words:
        raise RequestError(f"词典 {path.name} 里没有词（每行一个）")
    return tuple(words)


def open_library(index: Path) -> Library:
    """Opens the current build.

    Raises ``NoIndexError``, ``IndexVersionError`` or ``IndexDamagedError``. A build that is replaced, and removed,
    while it is being opened is no damage: the next one is opened instead.
    """
    for attempt in range(_OPEN_ATTEMPTS):
        build = current_build(index)
        try:
            return _open(index, build)
        except IndexDamagedError:
            if attempt == _OPEN_ATTEMPTS - 1 or current_build(index) == build:
                raise
    raise AssertionError("unreachable")


def _open(index: Path, build: str) -> Library:
    folder = build_folder(index, build)
    manifest = read_manifest(folder)
    check_contents(folder, manifest)
    analyzer = Analyzer(manifest.dictionary)
    if manifest.analyzer != fingerprint(analyzer):
        raise IndexVersionError(tr("索引是用另一版本的分词或阅读规则建的。请更新索引：searchapp index --rebuild"))
    reader = make_engine(manifest.engine, analyzer).open_reader(folder)
    retired, synonyms = RetiredIds(folder / RETIRED_FILE), Synonyms(manifest.synonyms)
    lexicon = Lexicon(folder)
    nearest = partial(nearest_texts, reader, lexicon)
    given = partial(original, index, manifest)
    return Library(build, reader, analyzer, retired, lexicon, synonyms=synonyms, nearest=nearest, original=given)


def library_handle(settings: Settings) -> LibraryHandle:
    """The library of a server: always the current build."""
    return LibraryHandle(settings.index, open_library)


def current_manifest(index: Path) -> Manifest:
    """What the current build was made from. Raises as :func:`open_library`."""
    return read_manifest(build_folder(index, current_build(index)))


def verify_index(settings: Settings) -> Verification:
    """Compares the current build with its sources. Raises ``SourceError`` and as :func:`open_library`."""
    library = open_library(settings.index)
    try:
        return verify(settings.index, library, current_manifest(settings.index))
    finally:
        library.reader.close()
