"""Wiring: settings to engine to services. The only importer of the engine adapters.

Each adapter, and what makes indexes, is imported when it is asked for: opening an index to search in it is what most
processes do, and imports were half of the time to the first answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from searchapp.config import DEFAULT_ENGINE, LARGE_LIBRARY_BLOCKS, Settings
from searchapp.engines.base import Engine
from searchapp.errors import (
    IndexDamagedError,
    IndexVersionError,
    LibraryError,
    NoIndexError,
    ParameterError,
    RequestError,
    SearchappError,
)
from searchapp.language import tr
from searchapp.lexicon import Lexicon
from searchapp.query.synonyms import Synonyms
from searchapp.reports.cue_tables import reading_fingerprint
from searchapp.search.result import LibraryStats
from searchapp.services.library import Library, LibraryHandle
from searchapp.services.originals import original
from searchapp.services.suggest import nearest_texts
from searchapp.store.builds import build_folder, check_writers, current_build, finished_builds
from searchapp.store.files import decode_table, reason_of, refusal_behind
from searchapp.store.manifest import Manifest, altered_contents, check_contents, damage_of, read_manifest
from searchapp.store.retired_ids import RETIRED_FILE, RetiredIds
from searchapp.text.analyzer import Analyzer, dictionary_words
from searchapp.wiring_opensearch import NAME as OPENSEARCH
from searchapp.wiring_opensearch import opensearch_engine, publish_build, remote_handle

if TYPE_CHECKING:
    from searchapp.indexing.gather import Progress
    from searchapp.indexing.run import IndexingOptions, IndexingReport, Pipeline
    from searchapp.indexing.verify import Verification


def _whoosh_engine(analyzer: Analyzer) -> Engine:
    from searchapp.engines.whoosh import WhooshEngine

    return WhooshEngine(analyzer)


def _tantivy_engine(analyzer: Analyzer) -> Engine:
    from searchapp.engines.tantivy import TantivyEngine

    return TantivyEngine(analyzer)


ENGINES: dict[str, Callable[[Analyzer], Engine]] = {
    "whoosh": _whoosh_engine,
    "tantivy": _tantivy_engine,
    OPENSEARCH: opensearch_engine,
}
INDEXING_ENGINES = ("whoosh", "tantivy", OPENSEARCH)
"""Engines whose builds outlive the process."""

_OPEN_ATTEMPTS = 5
MAX_NAMED = 200
"""Characters of a foreign error's text."""
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
    """Brings the index up to date. Raises as :func:`searchapp.indexing.run.build_index`."""
    from searchapp.indexing.run import build_index

    _check_base(settings.index)
    pipeline = _pipeline(settings, _dictionary(settings.index, options))
    report = build_index(settings.index, options, pipeline, progress)
    _publish(settings, pipeline)
    return report


def _check_base(index: Path) -> None:
    """Raises ``LibraryError`` when somebody else may have written the build that a run would begin with."""
    with suppress(NoIndexError, IndexDamagedError, OSError):  # the run itself says what is missing
        check_writers(index, current_build(index))


def _pipeline(settings: Settings, dictionary: tuple[str, ...]) -> Pipeline:
    from searchapp.indexing.run import Pipeline

    analyzer = Analyzer(dictionary)
    name = settings.engine or _engine_of(settings.index)
    engine = _engine(name, analyzer, (settings.opensearch_url, settings.opensearch_prefix), indexing=True)
    return Pipeline(engine, analyzer, fingerprint(analyzer))


def _engine(name: str, analyzer: Analyzer, cluster: tuple[str, str], indexing: bool = False) -> Engine:
    """Raises as :func:`make_engine`. ``cluster``: address and prefix, for the engine that has one."""
    if name == OPENSEARCH:
        return opensearch_engine(analyzer, *cluster, indexing=indexing)
    return make_engine(name, analyzer)


def _publish(settings: Settings, pipeline: Pipeline) -> None:
    """Puts the small files of a build where processes without an index folder find them."""
    if pipeline.engine.name == OPENSEARCH:
        publish_build(settings.index, settings.opensearch_url, settings.opensearch_prefix)


def move_library(source: Path, settings: Settings, progress: Progress | None = None) -> LibraryStats:
    """Moves the library in ``source`` into the folder and the engine of ``settings``.

    Raises as :func:`open_library` and ``indexing.reindex.reindex``.
    """
    from searchapp.indexing.reindex import Held, reindex

    library = open_library(source)
    try:
        pipeline = _pipeline(settings, library.analyzer.dictionary)
        stats = reindex(Held(source, library.build, library.reader), settings.index, pipeline, progress)
    finally:
        library.reader.close()
    _publish(settings, pipeline)
    return stats


def is_outgrown(index: Path, stats: LibraryStats) -> bool:
    """Whether the library has become so large that another engine serves it better."""
    return stats.blocks >= LARGE_LIBRARY_BLOCKS and _engine_of(index) == DEFAULT_ENGINE


def _engine_of(index: Path) -> str:
    """The engine of the index that is there, else the default one."""
    try:
        engine = _newest_manifest(index).engine
    except LibraryError:
        return DEFAULT_ENGINE
    return engine if engine in INDEXING_ENGINES else DEFAULT_ENGINE


def _dictionary(index: Path, options: IndexingOptions) -> tuple[str, ...]:
    """The user's words for the next build. Raises ``RequestError`` for a file that is no dictionary."""
    if options.dictionary is not None:
        return read_dictionary(options.dictionary)
    if options.forget_dictionary:
        return ()
    try:
        return _newest_manifest(index).dictionary
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


def open_library(index: Path, opensearch_url: str = "", opensearch_prefix: str = "") -> Library:
    """Opens the current build. The cluster of an opensearch build is the one given, else the environment's, else its.

    Raises ``NoIndexError``, ``IndexVersionError`` or ``IndexDamagedError``. A build that is replaced, and removed,
    while it is being opened is no damage: the next one is opened instead.
    """
    for attempt in range(_OPEN_ATTEMPTS):
        build = current_build(index)
        try:
            return _open(index, build, (opensearch_url, opensearch_prefix))
        except IndexDamagedError:
            if attempt == _OPEN_ATTEMPTS - 1 or current_build(index) == build:
                raise
    raise AssertionError("unreachable")


def _open(index: Path, build: str, cluster: tuple[str, str]) -> Library:
    try:
        check_writers(index, build)
        return _opened(index, build, cluster)
    except SearchappError as exc:
        if refusal := refusal_behind(exc):
            raise _refused(refusal) from exc
        raise
    except FileNotFoundError as exc:  # perhaps as another build has come
        raise IndexDamagedError(tr("索引打不开：{reason}", reason=reason_of(exc))) from exc
    except OSError as exc:
        raise _refused(exc) from exc
    except Exception as exc:  # whatever a reader of arrays, JSON or an engine raises for bytes that it did not expect
        if refusal := refusal_behind(exc):
            raise _refused(refusal) from exc
        name = f"{type(exc).__name__}: {exc}"[:MAX_NAMED]
        raise IndexDamagedError(tr("索引文件的内容已损坏（{name}）", name=name)) from exc


def _refused(error: OSError) -> LibraryError:
    return LibraryError(tr("索引打不开：{reason}", reason=reason_of(error)))


def _opened(index: Path, build: str, cluster: tuple[str, str]) -> Library:
    folder = build_folder(index, build)
    manifest = read_manifest(folder)
    check_contents(folder, manifest)
    analyzer = Analyzer(manifest.dictionary)
    if manifest.analyzer != fingerprint(analyzer):
        raise IndexVersionError(tr("索引是用另一版本的分词或阅读规则建的。请更新索引：searchapp index --rebuild"))
    reader = _engine_of_build(manifest, analyzer, cluster).open_reader(folder)
    retired, synonyms = RetiredIds(folder / RETIRED_FILE), Synonyms(manifest.synonyms)
    lexicon = Lexicon(folder)
    nearest = partial(nearest_texts, reader, lexicon)
    given = partial(original, index, manifest)
    return Library(
        build,
        reader,
        analyzer,
        retired,
        lexicon,
        synonyms=synonyms,
        nearest=nearest,
        original=given,
        damage=partial(_damage, folder, manifest),
    )


def _damage(folder: Path, manifest: Manifest) -> IndexDamagedError | None:
    """As ``damage_of``; ``None`` too when the files cannot be read just now."""
    try:
        return damage_of(folder, manifest)
    except OSError:
        return None


def _engine_of_build(manifest: Manifest, analyzer: Analyzer, cluster: tuple[str, str]) -> Engine:
    """Raises ``IndexVersionError`` for an engine that is not installed here: no reader asked for it."""
    try:
        return _engine(manifest.engine, analyzer, cluster)
    except ParameterError:
        raise
    except RequestError as exc:
        raise IndexVersionError(
            tr("索引是用 {engine} 引擎建的。{reason}", engine=manifest.engine, reason=str(exc))
        ) from exc


def library_handle(settings: Settings) -> LibraryHandle:
    """The library of a server: always the current build; of opensearch the cluster's, without an index folder."""
    if settings.engine == OPENSEARCH:
        address = (settings.opensearch_url, settings.opensearch_prefix)
        opened = partial(open_library, opensearch_url=address[0], opensearch_prefix=address[1])
        return remote_handle(opened, *address)
    return LibraryHandle(settings.index, open_library)


def current_manifest(index: Path) -> Manifest:
    """What the current build was made from. Raises as :func:`open_library`."""
    return read_manifest(build_folder(index, current_build(index)))


def _newest_manifest(index: Path) -> Manifest:
    """The manifest of the current build; where that is damaged, the newest whole one. Raises ``LibraryError``."""
    try:
        return current_manifest(index)
    except IndexDamagedError:
        for build in finished_builds(index):
            with suppress(LibraryError):
                return read_manifest(build_folder(index, build))
        raise


def altered_files(settings: Settings) -> tuple[int, int, list[str]]:
    """How many files the current build has, their bytes, and the names of those that are no longer what they were.

    Reads every byte and opens nothing. Raises ``LibraryError`` when the build's manifest cannot be read.
    """
    folder = build_folder(settings.index, current_build(settings.index))
    manifest = read_manifest(folder)
    size = sum(of_file for of_file, _ in manifest.contents.values())
    try:
        return len(manifest.contents), size, altered_contents(folder, manifest)
    except OSError as exc:
        raise _refused(exc) from exc


def damage_of_index(index: Path) -> LibraryError | None:
    """Why the current build cannot be trusted: what is wrong with its manifest or its files; ``None`` for nothing."""
    try:
        folder = build_folder(index, current_build(index))
        return damage_of(folder, read_manifest(folder))
    except LibraryError as error:
        return error
    except OSError as error:
        return _refused(error)


def verify_index(settings: Settings, deep: bool = False, progress: Progress | None = None) -> Verification:
    """Compares the current build with its sources; ``deep``: and its arrays and lists with ones made anew.

    Raises ``SourceError`` and as :func:`open_library`; ``deep`` also as ``indexing.verify.differing_lists``.
    """
    from searchapp.indexing.verify import differing_lists, verify

    library = open_library(settings.index)
    try:
        found = verify(settings.index, library, current_manifest(settings.index))
        if not deep:
            return found
        pipeline = _pipeline(settings, library.analyzer.dictionary)
        lists, differing = differing_lists(settings.index, library, pipeline, progress)
        return replace(found, lists=lists, differences=(*found.differences, *differing))
    finally:
        library.reader.close()
