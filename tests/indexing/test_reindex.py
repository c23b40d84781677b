"""A library moved between engines and back: the same answers, addresses and sources; nothing by halves."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from searchapp.config import Settings
from searchapp.engines.embedded.writer import EmbeddedWriter
from searchapp.errors import IndexBusyError, IndexVersionError, LibraryError, RequestError, SourceError
from searchapp.indexing.reindex import Held, reindex
from searchapp.indexing.run import IndexingOptions, Pipeline
from searchapp.store.builds import BUILD_NAME, current_build
from searchapp.wiring import (
    current_manifest,
    fingerprint,
    index_sources,
    is_outgrown,
    make_engine,
    move_library,
)
from tests.indexes import ask, index, opened, report_text, write

pytest.importorskip("tantivy")

FILES = {
    "水务局2023.txt": report_text("市水务局", 2023, "推进节水型城市建设，节水改造三十处。", "“第一议题”学习十二次。"),
    "农业局2022.txt": report_text("市农业局", 2022, "高标准农田建设稳步推进。", "节水灌溉面积扩大。"),
    "农业局2023.txt": report_text("市农业局", 2023, "高标准农田建设全面完成。", "节水灌溉覆盖全市。"),
}
CHANGED = FILES | {"水务局2023.txt": report_text("市水务局", 2023, "推进节水型城市建设，节水改造四十处。")}
QUERIES: tuple[dict[str, str], ...] = (
    {"q": "节水"},
    {"q": '"第一议题"'},
    {"q": "农田 建设", "sort": "newest"},
    {"q": "节水 OR 农田", "year": "2023", "group": "report"},
    {"q": "节水灌溉 推进", "match": "any", "explain": "true"},
    {"q": ""},
)


def truth(folder: Path) -> dict[str, Any]:
    """Everything an index answers, and where the addresses of earlier builds lead."""
    library = opened(folder)
    try:
        return {
            "reports": list(library.reader.iterate()),
            "stats": library.reader.stats(),
            "answers": [ask(library, **params) for params in QUERIES],
            "retired": dict(library.retired.records),
            "suggestions": library.lexicon.suggest("jie"),
            "synonyms": current_manifest(folder).synonyms,
            "original": [library.original(r.sources[0].file).content for r in library.reader.reports()],
        }
    finally:
        library.reader.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Reports, a dictionary of synonyms among them."""
    folder = tmp_path / "报告"
    write(folder, FILES)
    (folder / "synonyms.csv").write_text("农田,耕地\n", encoding="utf-8")
    return folder


@pytest.fixture
def moved_from(tmp_path: Path, source: Path) -> Path:
    """A whoosh index with a past."""
    index(tmp_path / "ix", source)
    write(source, CHANGED | {"synonyms.csv": "农田,耕地\n"})
    index(tmp_path / "ix", source)
    return tmp_path / "ix"


def test_there_and_back_again(tmp_path: Path, source: Path, moved_from: Path) -> None:
    before = truth(moved_from)
    assert before["retired"]
    move_library(moved_from, Settings(tmp_path / "deep" / "er", "tantivy"))
    assert current_manifest(tmp_path / "deep" / "er").engine == "tantivy"
    assert truth(tmp_path / "deep" / "er") == before
    move_library(tmp_path / "deep" / "er", Settings(tmp_path / "back", "whoosh"))
    assert current_manifest(tmp_path / "back").engine == "whoosh"
    assert truth(tmp_path / "back") == before
    assert truth(moved_from) == before


def test_a_moved_index_is_brought_up_to_date_step_by_step(tmp_path: Path, source: Path, moved_from: Path) -> None:
    move_library(moved_from, Settings(tmp_path / "to", "tantivy"))
    unchanged = index(tmp_path / "to")
    assert (unchanged.changed, unchanged.rebuilt_because) == (False, "")
    write(source, FILES | {"synonyms.csv": "农田,耕地\n"})
    grown, reference = index(tmp_path / "to"), index(moved_from)
    assert (grown.changed, grown.unchanged_files, grown.rebuilt_because) == (True, 2, "")
    assert reference.unchanged_files == 2
    assert current_manifest(tmp_path / "to").engine == "tantivy"
    assert truth(tmp_path / "to") == truth(moved_from)
    index_sources(Settings(tmp_path / "fresh", "tantivy"), IndexingOptions((source,)))
    assert truth(tmp_path / "fresh")["answers"] == truth(tmp_path / "to")["answers"]


def test_an_index_changes_its_engine_where_it_is(moved_from: Path) -> None:
    before = truth(moved_from)
    move_library(moved_from, Settings(moved_from, "tantivy"))
    assert current_manifest(moved_from).engine == "tantivy"
    assert truth(moved_from) == before


def test_another_library_is_not_overwritten(tmp_path: Path, moved_from: Path) -> None:
    other = tmp_path / "另一批"
    write(other, {"旅游局2023.txt": report_text("市旅游局", 2023, "景区厕所改造完成。")})
    index(tmp_path / "other", other)
    before = truth(tmp_path / "other")
    with pytest.raises(SourceError, match="另一批来源"):
        move_library(moved_from, Settings(tmp_path / "other", "tantivy"))
    assert truth(tmp_path / "other") == before


def test_a_build_that_came_meanwhile_is_not_undone(tmp_path: Path, source: Path, moved_from: Path) -> None:
    library = opened(moved_from)
    write(source, FILES | {"synonyms.csv": "农田,耕地\n"})
    newer = index(moved_from).build
    analyzer = library.analyzer
    pipeline = Pipeline(make_engine("tantivy", analyzer), analyzer, fingerprint(analyzer))
    with pytest.raises(IndexBusyError, match="刚更新过"):
        reindex(Held(moved_from, library.build, library.reader), moved_from, pipeline)
    library.reader.close()
    assert current_build(moved_from) == newer
    assert index(moved_from).changed is False


@pytest.mark.parametrize("target", ["new", "ix"])
def test_what_fails_half_way_leaves_the_target_as_it_was(
    tmp_path: Path, moved_from: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    before = truth(moved_from)

    def full(self: EmbeddedWriter, order: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(EmbeddedWriter, "commit", full)
    with pytest.raises(LibraryError, match="磁盘空间不足"):
        move_library(moved_from, Settings(tmp_path / target, "tantivy"))
    assert truth(moved_from) == before
    left = {path.name for path in (tmp_path / target).iterdir() if BUILD_NAME.fullmatch(path.name)}
    assert left <= {path.name for path in moved_from.iterdir()}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("moment", [0.0, 0.02, 0.1])
def test_a_killed_move_leaves_no_half_build(
    tmp_path: Path, moved_from: Path, environment: dict[str, str], moment: float
) -> None:
    before, target = truth(moved_from), tmp_path / "to"
    command = [sys.executable, "-m", "searchapp", "reindex", "--engine", "tantivy"]
    process = subprocess.Popen(
        [*command, "--from", str(moved_from), "--to", str(target)], env=environment, stdout=subprocess.DEVNULL
    )
    while process.poll() is None and not any(target.glob("b-*")):
        time.sleep(0.001)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    assert truth(moved_from) == before
    if (target / "CURRENT").exists():
        assert truth(target) == before
    move_library(moved_from, Settings(target, "tantivy"))
    assert truth(target) == before
    assert {path.name for path in target.glob("b-*")} >= {current_build(target)}


def test_without_tantivy_a_request_says_what_to_install(moved_from: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move_library(moved_from, Settings(moved_from, "tantivy"))
    monkeypatch.setattr("searchapp.engines.tantivy.engine.find_spec", lambda name: None)
    with pytest.raises(IndexVersionError, match=r"tantivy 引擎建的.*pip install '\.\[tantivy\]'"):
        opened(moved_from)
    with pytest.raises(RequestError, match=r"pip install '\.\[tantivy\]'"):
        index(moved_from)


def test_a_large_library_has_outgrown_the_default_engine(moved_from: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stats = opened(moved_from).reader.stats()
    assert not is_outgrown(moved_from, stats)
    monkeypatch.setattr("searchapp.wiring.LARGE_LIBRARY_BLOCKS", stats.blocks)
    assert is_outgrown(moved_from, stats)
    move_library(moved_from, Settings(moved_from, "tantivy"))
    assert not is_outgrown(moved_from, stats)
