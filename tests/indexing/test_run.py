"""Builds mirror their sources: what is carried over, replaced, dropped, kept and refused."""

from __future__ import annotations

import contextlib
import os
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from searchapp.config import Settings
from searchapp.engines.whoosh.engine import WHOOSH_FOLDER
from searchapp.engines.whoosh.reader import WhooshWords
from searchapp.errors import IndexDamagedError, IndexVersionError, NoIndexError, RequestError, SourceError
from searchapp.indexing import sources
from searchapp.store.builds import Trust, build_folder, current_build
from searchapp.store.manifest import read_manifest, write_manifest
from searchapp.wiring import verify_index
from tests.indexes import ask, index, opened, report_text, write

TWO = {
    "水务局2023.txt": report_text("市水务局党组", 2023, "一是落实主体责任。召开专题会议三次。"),
    "区委2023.txt": report_text("区委", 2023, "一是建强基层支部。创建示范点五个。"),
}


def test_an_unchanged_library_makes_no_new_build(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    first = index(tmp_path / "ix", tmp_path / "in")
    again = index(tmp_path / "ix", tmp_path / "in")
    assert first.changed and not again.changed
    assert again.build == first.build
    assert again.unchanged_files == 2


def test_changed_added_and_removed_files_are_followed(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    changed = dict(TWO)
    changed["水务局2023.txt"] = TWO["水务局2023.txt"].replace("三次", "四次")
    del changed["区委2023.txt"]
    changed["新.txt"] = report_text("市档案馆党委", 2024, "一是完成修志。")
    write(tmp_path / "in", changed)
    report = index(tmp_path / "ix")
    library = opened(tmp_path / "ix")
    assert (report.stats.reports, report.unchanged_files) == (2, 0)
    assert ask(library, q='"四次"')["total"] == 1
    assert ask(library, q='"三次"')["total"] == 0
    assert ask(library, q='"示范点"')["total"] == 0
    assert ask(library, q='"修志"')["hits"][0]["year"] == 2024


def test_the_same_whole_text_in_two_files_is_one_report_with_two_sources(tmp_path: Path) -> None:
    write(tmp_path / "in", {**TWO, "副本/水务局.txt": TWO["水务局2023.txt"]})
    report = index(tmp_path / "ix", tmp_path / "in")
    assert report.stats.reports == 2
    sources = [len(summary.sources) for summary in opened(tmp_path / "ix").reader.reports()]
    assert sorted(sources) == [1, 2]


def test_a_file_that_became_unreadable_keeps_its_last_good_version(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    (tmp_path / "in/区委2023.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    report = index(tmp_path / "ix")
    assert [(record.file, record.status) for record in report.problems] == [("in/区委2023.txt", "kept")]
    assert ask(opened(tmp_path / "ix"), q='"示范点"')["total"] == 1
    write(tmp_path / "in", TWO)
    assert index(tmp_path / "ix").problems == []


def test_a_file_that_cannot_be_read_is_named_and_the_rest_indexed(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    (tmp_path / "in/坏.docx").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "in/空.txt").write_bytes(b"")
    (tmp_path / "in/图.png").write_bytes(b"\x89PNG")
    report = index(tmp_path / "ix", tmp_path / "in")
    assert sorted(record.file for record in report.problems) == ["in/图.png", "in/坏.docx", "in/空.txt"]
    assert all(record.reason for record in report.problems)
    assert report.stats.reports == 2


def test_companion_and_hidden_files_are_no_reports(tmp_path: Path) -> None:
    extra = {"README.md": "说明", "metadata.csv": "a,b", ".hidden.txt": "x", "~$锁.docx": "x", ".git/x.txt": "x"}
    write(tmp_path / "in", {**TWO, **extra})
    assert len(index(tmp_path / "ix", tmp_path / "in").files) == 2


def test_other_sources_need_add_or_replace(tmp_path: Path) -> None:
    write(tmp_path / "a", {"a.txt": TWO["区委2023.txt"]})
    write(tmp_path / "b", {"b.txt": TWO["水务局2023.txt"]})
    index(tmp_path / "ix", tmp_path / "a")
    with pytest.raises(SourceError, match="--add"):
        index(tmp_path / "ix", tmp_path / "b")
    assert index(tmp_path / "ix", tmp_path / "b", add=True).stats.reports == 2
    with pytest.raises(SourceError, match="--replace"):
        index(tmp_path / "ix", tmp_path / "a")
    assert index(tmp_path / "ix").stats.reports == 2
    assert index(tmp_path / "ix", tmp_path / "b", replace=True).stats.reports == 1


def test_a_source_that_is_gone_or_empty_is_an_error_and_nothing_is_removed(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    before = index(tmp_path / "ix", tmp_path / "in").build
    (tmp_path / "in").rename(tmp_path / "elsewhere")
    with pytest.raises(SourceError, match="不在了"):
        index(tmp_path / "ix")
    write(tmp_path / "in", {})
    with pytest.raises(SourceError):
        index(tmp_path / "ix")
    write(tmp_path / "in", {"图.png": "x"})
    with pytest.raises(SourceError, match="突然空了"):
        index(tmp_path / "ix")
    assert current_build(tmp_path / "ix") == before
    assert ask(opened(tmp_path / "ix"), q='"示范点"')["total"] == 1


def test_nothing_to_index_makes_no_index(tmp_path: Path) -> None:
    write(tmp_path / "in", {"空.txt": ""})
    with pytest.raises(SourceError, match="没有读到"):
        index(tmp_path / "ix", tmp_path / "in")
    with pytest.raises(SourceError):
        index(tmp_path / "ix")
    with pytest.raises(NoIndexError):
        current_build(tmp_path / "ix")


def test_index_and_sources_can_move_together(tmp_path: Path) -> None:
    write(tmp_path / "place/in", TWO)
    index(tmp_path / "place/ix", tmp_path / "place/in")
    (tmp_path / "place").rename(tmp_path / "moved")
    assert not index(tmp_path / "moved/ix").changed


def test_no_absolute_path_is_in_what_a_reader_is_told(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    assert str(tmp_path) not in str(ask(opened(tmp_path / "ix"), block="all"))


def test_a_build_of_another_schema_or_analyzer_is_rebuilt_with_a_word(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    manifest = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / "manifest.json"
    write_manifest(manifest.parent, replace(read_manifest(manifest.parent), analyzer="0" * 16))
    report = index(tmp_path / "ix")
    assert report.changed and report.rebuilt_because and report.unchanged_files == 0
    manifest = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / "manifest.json"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"schema_version": ', '"schema_version": 99'), encoding="utf-8"
    )
    report = index(tmp_path / "ix", tmp_path / "in")
    assert "格式" in report.rebuilt_because
    assert opened(tmp_path / "ix").reader.stats().reports == 2


def test_reading_in_parallel_gives_the_same_index(tmp_path: Path, sample_corpus: Path) -> None:
    index(tmp_path / "one", sample_corpus, jobs=1)
    index(tmp_path / "two", sample_corpus, jobs=2)
    assert ask(opened(tmp_path / "one"), q="责任", per_page="100") == ask(
        opened(tmp_path / "two"), q="责任", per_page="100"
    )


_UNITS = ("市水务局党组", "区委", "X大学党委")
_LINES = ("一是落实主体责任。", "二是做到“两个维护”。", "三是纠治四风，查摆问题5个。", "下一步，继续抓好落实。")
_NAMES = ("a.txt", "b.txt", "2.txt", "10.txt", "sub/a.txt")
_texts = st.builds(
    lambda unit, year, lines: report_text(unit, year, *lines),
    st.sampled_from(_UNITS),
    st.sampled_from((2022, 2023)),
    st.lists(st.sampled_from(_LINES), min_size=1, max_size=4),
)
_QUESTIONS: tuple[dict[str, str], ...] = (
    {"q": "落实 责任"},
    {"q": '"两个维护"', "year": "2023"},
    {"q": "", "block": "all", "per_page": "100"},
    {"q": "四风", "unit": "区委", "sort": "newest"},
)


class GrowingIndex(RuleBasedStateMachine):
    """Random adding, changing, removing and duplicating of files, an indexing run after each."""

    root: Path

    @initialize(first=_texts)
    def begin(self, first: str) -> None:
        self.place = self.root / f"run-{len(list(self.root.iterdir()))}"
        self.files = {"a.txt": first}
        self.update()

    def update(self) -> None:
        write(self.place / "in", self.files)
        index(self.place / "ix", self.place / "in")

    @rule(name=st.sampled_from(_NAMES), text=_texts)
    def add_or_change(self, name: str, text: str) -> None:
        self.files[name] = text
        self.update()

    @rule(name=st.sampled_from(_NAMES))
    def remove(self, name: str) -> None:
        if len(self.files) > 1 and name in self.files:
            del self.files[name]
            self.update()

    @rule(original=st.sampled_from(_NAMES), copy=st.sampled_from(_NAMES))
    def duplicate(self, original: str, copy: str) -> None:
        if original in self.files:
            self.files[copy] = self.files[original]
            self.update()

    @rule()
    def swap_all(self) -> None:
        names = sorted(self.files)
        self.files = dict(zip(names, reversed([self.files[name] for name in names]), strict=True))
        self.update()

    @invariant()
    def equals_a_build_from_nothing(self) -> None:
        if not hasattr(self, "files"):
            return
        fresh = self.place / f"fresh-{len(list(self.place.iterdir()))}"
        index(fresh, self.place / "in")
        grown, made = opened(self.place / "ix"), opened(fresh)
        for question in _QUESTIONS:
            assert ask(grown, **question) == ask(made, **question)
        assert list(grown.reader.iterate()) == list(made.reader.iterate())
        assert grown.reader.stats() == made.reader.stats()


@pytest.mark.long
def test_incremental_equals_fresh_after_any_sequence(tmp_path: Path) -> None:
    machine = type("Machine", (GrowingIndex,), {"root": tmp_path})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def _as_nobody(action: Callable[[], None]) -> int:
    """Runs ``action`` in a process without the rights of root; its exit status."""
    process = os.fork()
    if process == 0:
        try:
            os.setuid(65534)
            action()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork") or os.geteuid() != 0, reason="needs root to give rights away")
@pytest.mark.parametrize("rebuild", [False, True], ids=["plain", "rebuild"])
def test_a_folder_that_cannot_be_opened_keeps_what_is_known_of_it(rebuild: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        write(place / "in", {"a.txt": TWO["区委2023.txt"], "sub/b.txt": TWO["水务局2023.txt"]})
        index(place / "ix", place / "in")
        for path in (place, *place.rglob("*")):
            path.chmod(0o777)
        (place / "in/sub").chmod(0)

        def again() -> None:
            Trust.folders = True  # it belongs to root, and everybody may write
            report = index(place / "ix", rebuild=rebuild)
            assert report.stats.reports == 2
            assert ("in/sub/b.txt", "kept") in [(record.file, record.status) for record in report.problems]

        assert _as_nobody(again) == 0


def test_what_is_no_ordinary_file_is_named_and_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    os.mkfifo(tmp_path / "in/fifo.txt")
    os.mkfifo(tmp_path / "in/metadata.csv")  # opened, it would wait for a writer
    (tmp_path / "in/loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "in" / os.fsdecode(b"\xff\xfe.txt")).write_text("x")
    report = index(tmp_path / "ix", tmp_path / "in")
    assert report.stats.reports == 2
    assert {record.file for record in report.problems} == {"in/fifo.txt", "in/loop/", "in/gone.txt", "in/��.txt"}
    assert all(record.reason for record in report.problems)
    assert [warning.file for warning in report.warnings if "不是普通文件" in warning.message] == ["in/metadata.csv"]


def _with_links(place: Path) -> None:
    """A source with a folder, a file and a table that are linked in from elsewhere, and links that stay inside."""
    texts = {
        "folder/b.txt": TWO["水务局2023.txt"],
        "folder/deep/c.txt": "丙局2022年工作报告\n正文。\n",
        "secret.txt": "丁局2021年工作报告\n不给人看。\n",
        "units.csv": "",
    }
    write(place / "elsewhere", texts)
    write(place / "in", {"sub/a.txt": TWO["区委2023.txt"]})
    for name, target in (
        ("link", "../elsewhere/folder"),
        ("secret.txt", "../elsewhere/secret.txt"),
        ("twice.txt", "link/b.txt"),
        ("units.csv", "../elsewhere/units.csv"),
        ("inside.txt", "sub/a.txt"),
        ("up.txt", "../in/sub/a.txt"),
    ):
        (place / "in" / name).symlink_to(target, target_is_directory=name == "link")


def test_links_that_lead_out_of_a_source_are_named_and_not_followed(tmp_path: Path) -> None:
    _with_links(tmp_path)
    report = index(tmp_path / "ix", tmp_path / "in")
    assert report.stats.reports == 1
    assert {record.file for record in report.problems} == {"in/link/", "in/secret.txt", "in/twice.txt"}
    assert all("链接指向来源文件夹之外" in record.reason for record in report.problems)
    assert [warning.file for warning in report.warnings if "之外" in warning.message] == ["in/units.csv"]
    assert {each.file for each in report.files} >= {"in/inside.txt", "in/up.txt", "in/sub/a.txt"}
    assert verify_index(Settings(tmp_path / "ix")).agrees


def test_links_are_followed_where_that_is_asked_for(tmp_path: Path) -> None:
    _with_links(tmp_path)
    report = index(tmp_path / "ix", tmp_path / "in", follow_links=True)
    assert report.stats.reports == 4 and not report.problems
    found = verify_index(Settings(tmp_path / "ix"))
    assert found.agrees and not found.skipped


def test_a_source_may_itself_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", TWO)
    (tmp_path / "in").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "one.txt").symlink_to(tmp_path / "elsewhere/区委2023.txt")
    report = index(tmp_path / "ix", tmp_path / "in", tmp_path / "one.txt")
    assert report.stats.reports == 2 and not report.problems


def test_a_link_to_the_index_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "in/.ix", tmp_path / "in")
    build = current_build(tmp_path / "in/.ix")
    for name, target in (("whole", ".ix"), ("build", f".ix/{build}"), ("current.txt", ".ix/CURRENT")):
        (tmp_path / "in" / name).symlink_to(target, target_is_directory=name != "current.txt")
    for follow_links in (False, True):
        assert not index(tmp_path / "in/.ix", tmp_path / "in", follow_links=follow_links).changed


def test_a_folder_that_goes_while_it_is_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "in", {**TWO, "gone/a.txt": "x"})
    identity = sources._Walk._identity

    def vanished(walk: sources._Walk, path: Path) -> tuple[int, int] | str:
        if path.name == "gone":
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return identity(walk, path)

    monkeypatch.setattr(sources._Walk, "_identity", vanished)
    report = index(tmp_path / "ix", tmp_path / "in")
    assert (report.stats.reports, [record.file for record in report.problems]) == (2, ["in/gone/"])


def test_an_index_inside_its_own_source_is_not_indexed(tmp_path: Path) -> None:
    write(tmp_path, TWO)
    for place in (tmp_path, tmp_path / "ix"):
        index(place, tmp_path)
        again = index(place, tmp_path)
        assert not again.changed
        assert again.problems == [] or place != tmp_path


@pytest.mark.parametrize("damage", ["schema", "garbage"])
def test_adding_to_an_index_of_another_version_loses_none_of_its_sources(tmp_path: Path, damage: str) -> None:
    write(tmp_path / "a", {"a.txt": TWO["区委2023.txt"]})
    write(tmp_path / "b", {"b.txt": TWO["水务局2023.txt"]})
    index(tmp_path / "ix", tmp_path / "a")
    manifest = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / "manifest.json"
    if damage == "schema":
        manifest.write_text(
            manifest.read_text(encoding="utf-8").replace('"schema_version": ', '"schema_version": 9'), encoding="utf-8"
        )
        assert index(tmp_path / "ix", tmp_path / "b", add=True).stats.reports == 2
    else:
        manifest.write_text("{", encoding="utf-8")
        with pytest.raises(SourceError, match="--add"):
            index(tmp_path / "ix", tmp_path / "b", add=True)


@pytest.mark.parametrize("name", ["reports.jsonl", "blocks.jsonl", "retired.jsonl", "text.npy", "column-year.json"])
@pytest.mark.parametrize("damage", ["cut", "gone", "garbage"])
def test_a_damaged_file_is_told_and_an_indexing_run_mends_it(tmp_path: Path, name: str, damage: str) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    write(tmp_path / "in", {**TWO, "c.txt": report_text("区纪委", 2023, "再来一份。")})
    index(tmp_path / "ix")
    victim = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / name
    data = victim.read_bytes()
    victim.unlink()
    if damage != "gone":
        victim.write_bytes(data[: len(data) // 2] if damage == "cut" else b"\xff{" + data[: len(data) // 3])
    if damage == "cut" and not data:
        return
    with pytest.raises(IndexDamagedError):
        opened(tmp_path / "ix")
    assert index(tmp_path / "ix").changed
    assert opened(tmp_path / "ix").reader.stats().reports == 3


@pytest.mark.parametrize("content", [b"bad", b"", b"b-99999999-00000000\n", b"\xff\xfe"])
def test_a_damaged_current_is_mended_from_the_newest_build(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    address = ask(opened(tmp_path / "ix"), q='"示范点"')["hits"][0]["paragraph_id"]
    write(tmp_path / "in", {"a.txt": TWO["区委2023.txt"].replace("示范点", "标兵岗")})
    last = index(tmp_path / "ix").build
    (tmp_path / "ix/CURRENT").write_bytes(content)
    report = index(tmp_path / "ix")
    assert (report.build, report.changed) == (last, False)
    assert opened(tmp_path / "ix").locate(address).moved


def test_addresses_outlive_a_change_of_the_reading_rules(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    address = ask(opened(tmp_path / "ix"), q='"示范点"')["hits"][0]["paragraph_id"]
    manifest = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / "manifest.json"
    write_manifest(manifest.parent, replace(read_manifest(manifest.parent), analyzer="0" * 16))
    with pytest.raises(IndexVersionError, match="--rebuild"):
        opened(tmp_path / "ix")
    write(tmp_path / "in", {**TWO, "区委2023.txt": TWO["区委2023.txt"].replace("示范点", "标兵岗")})
    assert index(tmp_path / "ix").rebuilt_because
    location = opened(tmp_path / "ix").locate(address)
    assert location.moved and "标兵岗" not in address


def test_a_dictionary_makes_words_and_is_kept_until_it_is_dropped(tmp_path: Path) -> None:
    write(tmp_path / "in", TWO)
    index(tmp_path / "ix", tmp_path / "in")
    (tmp_path / "词表.txt").write_bytes("管党治党责任\n建强基层支部\n".encode("gb18030"))

    def cut() -> bool:
        folder = build_folder(tmp_path / "ix", current_build(tmp_path / "ix")) / WHOOSH_FOLDER
        with contextlib.closing(WhooshWords(folder)) as words:
            return len(words.holding("words", "建强基层支部")) == 1

    assert not cut()
    assert index(tmp_path / "ix", dictionary=tmp_path / "词表.txt").rebuilt_because
    assert cut()
    assert not index(tmp_path / "ix").changed
    assert cut()
    assert index(tmp_path / "ix", forget_dictionary=True).changed
    assert not cut()


@pytest.mark.parametrize("content", [b"", b"# nothing\n", "X大学\n".encode(), b"\x00\xff\xfe\x80"])
def test_a_file_that_is_no_dictionary_is_refused(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "in", TWO)
    (tmp_path / "d.txt").write_bytes(content)
    with pytest.raises(RequestError, match="词"):
        index(tmp_path / "ix", tmp_path / "in", dictionary=tmp_path / "d.txt")
    with pytest.raises(RequestError, match="词典"):
        index(tmp_path / "ix", tmp_path / "in", dictionary=tmp_path / "none.txt")
