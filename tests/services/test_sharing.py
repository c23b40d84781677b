"""Reading shared by hosts: what comes out is what one host would have made; what is not whole is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from searchapp.errors import LibraryError, SourceError
from searchapp.lexicon import unpack_cut
from searchapp.reports import Report
from searchapp.services.indexing import IndexingOptions, IndexingReport, Pipeline
from searchapp.services.preparing import Task, prepare
from searchapp.services.share_files import Share, ShareWriter, read_share, share_at
from searchapp.services.sharing import SHARES_FOLDER, ShareMade, begin, finish, make_share, share_of
from searchapp.store.builds import build_folder, current_build
from searchapp.store.manifest import FileRecord, read_manifest
from searchapp.text.analyzer import Analyzer
from searchapp.text.bulk import BulkCutter
from searchapp.wiring import fingerprint, make_engine
from tests.services.indexes import index, opened, report_text, write

REPORTS = {
    "水务局2023.txt": report_text("市水务局党组", 2023, "一是落实主体责任。召开专题会议三次。"),
    "区委2023.txt": report_text("区委", 2023, "一是建强基层支部。创建示范点五个。"),
    # The same opening twice, so that ids need further hashes; the same text twice, so that two files are one report.
    "一/工作.txt": "工作情况报告\n本局召开会议。\n一、做法\n落实甲事项。\n",
    "二/工作.txt": "工作情况报告\n本局召开会议。\n一、做法\n落实乙事项。\n",
    "三/工作.txt": "工作情况报告\n本局召开会议。\n一、做法\n落实乙事项。\n",
    "空.txt": "",
}
ANALYZER = Analyzer()
PIPELINE = Pipeline(make_engine("whoosh", ANALYZER), ANALYZER, fingerprint(ANALYZER))


def shared(ix: Path, count: int, *sources: Path, rebuild: bool = False) -> IndexingReport:
    """A whole run of ``count`` shares, the last one first."""
    begin(ix, IndexingOptions(sources, rebuild=rebuild), PIPELINE)
    for number in range(count, 0, -1):
        make_share(ix, (number, count), PIPELINE)
    return finish(ix, PIPELINE)


def held(ix: Path) -> tuple[list[Report], list[FileRecord], dict[str, object]]:
    """Everything that an index answers from."""
    library = opened(ix)
    manifest = read_manifest(build_folder(ix, current_build(ix)))
    return list(library.reader.iterate()), list(manifest.files), dict(library.retired.records)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_shared_run_makes_the_index_that_one_host_makes(tmp_path: Path, count: int) -> None:
    write(tmp_path / "in", REPORTS)
    index(tmp_path / "one", tmp_path / "in")
    report = shared(tmp_path / "many", count, tmp_path / "in")
    assert held(tmp_path / "many") == held(tmp_path / "one")
    assert [record.file for record in report.problems] == ["in/空.txt"]
    assert len({each.id for each in held(tmp_path / "many")[0]}) == 4
    assert not (tmp_path / "many" / SHARES_FOLDER).exists()


def test_a_later_shared_run_reads_only_what_changed_and_drops_what_has_gone(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    for ix in ("one", "many"):
        index(tmp_path / ix, tmp_path / "in")
    changed = {name: text for name, text in REPORTS.items() if name != "区委2023.txt"}
    changed["水务局2023.txt"] = changed["水务局2023.txt"].replace("三次", "四次")
    changed["新.txt"] = report_text("市档案馆党委", 2024, "一是完成修志。")
    write(tmp_path / "in", changed)
    index(tmp_path / "one")
    begin(tmp_path / "many", IndexingOptions(), PIPELINE)
    made = [make_share(tmp_path / "many", (number, 2), PIPELINE) for number in (1, 2)]
    # Of the seven files one has changed and one is new; two hold one text, and the empty one failed before.
    assert (sum(share.files for share in made), sum(share.unchanged for share in made)) == (6, 1)
    finish(tmp_path / "many", PIPELINE)
    assert held(tmp_path / "many") == held(tmp_path / "one")


def test_a_rebuild_carries_nothing_over_and_keeps_addresses(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    index(tmp_path / "ix", tmp_path / "in")
    before = held(tmp_path / "ix")
    assert shared(tmp_path / "ix", 2, rebuild=True).unchanged_files == 0
    assert held(tmp_path / "ix") == before


def test_a_missing_share_is_named_and_nothing_is_switched(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    index(tmp_path / "ix", tmp_path / "in")
    before = current_build(tmp_path / "ix")
    begin(tmp_path / "ix", IndexingOptions(rebuild=True), PIPELINE)
    with pytest.raises(LibraryError, match="一份也还没有"):
        finish(tmp_path / "ix", PIPELINE)
    make_share(tmp_path / "ix", (2, 3), PIPELINE)
    with pytest.raises(LibraryError, match="还缺第 1、3 份（共 3 份）"):
        finish(tmp_path / "ix", PIPELINE)
    make_share(tmp_path / "ix", (1, 2), PIPELINE)
    with pytest.raises(LibraryError, match=r"分法不一.*还缺第 2 份（共 2 份）；还缺第 1、3 份（共 3 份）"):
        finish(tmp_path / "ix", PIPELINE)
    assert current_build(tmp_path / "ix") == before
    make_share(tmp_path / "ix", (2, 2), PIPELINE)
    assert finish(tmp_path / "ix", PIPELINE).stats.reports == 4, "one division is whole; the other does no harm"


def test_a_share_that_is_cut_off_is_refused_and_can_be_done_again(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    begin(tmp_path / "ix", IndexingOptions((tmp_path / "in",)), PIPELINE)
    for number in (1, 2):
        make_share(tmp_path / "ix", (number, 2), PIPELINE)
    share = tmp_path / "ix" / SHARES_FOLDER / "1-of-2.jsonl"
    whole = share.read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut in (b"", whole[: len(whole) // 2], b"".join(lines[:-1]), b"".join(lines[:-2] + lines[-1:])):
        share.write_bytes(cut)
        with pytest.raises(LibraryError, match=r"1-of-2\.jsonl 不完整.*--shard 1/2"):
            finish(tmp_path / "ix", PIPELINE)
    make_share(tmp_path / "ix", (1, 2), PIPELINE)
    assert finish(tmp_path / "ix", PIPELINE).stats.reports == 4


def test_files_that_come_go_or_are_corrected_after_their_share_are_seen_by_the_end(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    begin(tmp_path / "ix", IndexingOptions((tmp_path / "in",)), PIPELINE)
    for number in (1, 2):
        make_share(tmp_path / "ix", (number, 2), PIPELINE)
    (tmp_path / "in/区委2023.txt").unlink()
    (tmp_path / "in/新.txt").write_text(report_text("市档案馆党委", 2024, "一是完成修志。"), encoding="utf-8")
    (tmp_path / "in/metadata.csv").write_text("file,field,value\n水务局2023.txt,year,2019\n", encoding="utf-8")
    finish(tmp_path / "ix", PIPELINE)
    index(tmp_path / "one", tmp_path / "in")
    assert held(tmp_path / "ix") == held(tmp_path / "one")
    assert 2019 in {report.meta.year for report in held(tmp_path / "ix")[0]}


def test_an_index_that_moved_on_since_the_beginning_is_not_overwritten(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    index(tmp_path / "ix", tmp_path / "in")
    begin(tmp_path / "ix", IndexingOptions(), PIPELINE)
    make_share(tmp_path / "ix", (1, 2), PIPELINE)
    (tmp_path / "in/区委2023.txt").unlink()
    build = index(tmp_path / "ix").build
    for step in (lambda: make_share(tmp_path / "ix", (2, 2), PIPELINE), lambda: finish(tmp_path / "ix", PIPELINE)):
        with pytest.raises(LibraryError, match=r"又更新过|还缺"):
            step()
    assert current_build(tmp_path / "ix") == build


def test_a_host_that_reads_otherwise_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    begin(tmp_path / "ix", IndexingOptions((tmp_path / "in",)), PIPELINE)
    with pytest.raises(LibraryError, match="同一个版本"):
        make_share(tmp_path / "ix", (1, 1), replace(PIPELINE, fingerprint="other"))


def test_without_a_beginning_there_is_nothing_to_share(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="--begin"):
        make_share(tmp_path / "ix", (1, 1), PIPELINE)


def test_sources_that_are_not_the_indexs_own_are_refused_at_the_beginning(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    write(tmp_path / "other", REPORTS)
    index(tmp_path / "ix", tmp_path / "in")
    with pytest.raises(SourceError, match="--add"):
        begin(tmp_path / "ix", IndexingOptions((tmp_path / "other",)), PIPELINE)


def test_every_file_falls_to_one_share_and_all_shares_get_some() -> None:
    names = [f"in/{number}.txt" for number in range(600)]
    found = [share_of(name, 6) for name in names]
    assert set(found) == set(range(1, 7))
    assert min(map(found.count, set(found))) > 60


def test_a_share_holds_what_was_prepared_text_of_any_kind_included(tmp_path: Path) -> None:
    text = "局2023年报告\n正文\u2028含行分隔符与\x0b制表，还有😀。\n一、小标题\n（一）党建；（二）业务。\n"
    (tmp_path / "甲.txt").write_text(text, encoding="utf-8")
    packed = [
        prepare(Task("in/甲.txt", tmp_path / "甲.txt", None), BulkCutter(ANALYZER)),
        prepare(Task("in/没有.txt", tmp_path / "没有.txt", None), BulkCutter(ANALYZER)),
    ]
    share = Share("run", 1, 1)
    writer = ShareWriter(tmp_path, share)
    for each in packed:
        writer.add(each)
    writer.close()
    assert share_at(tmp_path / share.name) == share
    found = list(read_share(tmp_path / share.name))
    assert [replace(each, reports=()) for each in found] == [replace(each, reports=()) for each in packed]
    (written,), (read,) = packed[0].reports, found[0].reports
    assert read.sketch == written.sketch
    assert read.analysis.packed.analyzed() == written.analysis.packed.analyzed()
    assert read.analysis.packed.keys == written.analysis.packed.keys
    assert unpack_cut(read.analysis.cut) == unpack_cut(written.analysis.cut)


def test_what_was_begun_and_not_finished_is_forgotten_by_the_next_beginning(tmp_path: Path) -> None:
    write(tmp_path / "in", REPORTS)
    begin(tmp_path / "ix", IndexingOptions((tmp_path / "in",)), PIPELINE)
    made: ShareMade = make_share(tmp_path / "ix", (1, 1), PIPELINE)
    stale = tmp_path / "1-of-1.jsonl"
    shutil.copy(tmp_path / "ix" / SHARES_FOLDER / stale.name, stale)
    begin(tmp_path / "ix", IndexingOptions((tmp_path / "in",)), PIPELINE)
    shutil.copy(stale, tmp_path / "ix" / SHARES_FOLDER / stale.name)
    assert made.reports == 5
    with pytest.raises(LibraryError, match="一份也还没有"):
        finish(tmp_path / "ix", PIPELINE)
