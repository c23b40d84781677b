"""Ids: merging, independence of order, uniqueness."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from searchapp.reports import Block, Metadata, Report, ReportSource, SourcePosition, assign_ids
from searchapp.reports.identity import block_keys

Texts = tuple[str, ...]


def report(texts: Texts, file: str, opening: str | None = None) -> Report:
    blocks = tuple(Block("paragraph", text, "", SourcePosition(file, 1)) for text in texts)
    start = texts[0] if opening is None else opening
    return Report("", Metadata(title=file), blocks, (ReportSource(file, 1, 1),), start)


def whole(texts: Texts) -> str:
    return "".join("".join(texts).split())


libraries = st.lists(
    st.lists(st.sampled_from(["甲", "乙", "丙 丁", "丙丁", ""]), min_size=1, max_size=4).map(tuple), max_size=9
)


@given(libraries, st.randoms(use_true_random=False))
def test_ids_depend_on_the_set_of_texts_only(texts: list[Texts], chance: random.Random) -> None:
    reports = [report(each, f"{index}.txt", "同") for index, each in enumerate(texts)]
    shuffled = [replace(each, meta=Metadata(title="改")) for each in reports]
    chance.shuffle(shuffled)
    first = {whole(tuple(b.text for b in each.blocks)): each.id for each in assign_ids(reports)}
    second = {whole(tuple(b.text for b in each.blocks)): each.id for each in assign_ids(shuffled)}
    assert first == second


@given(libraries)
def test_ids_are_unique_and_every_source_is_kept(texts: list[Texts]) -> None:
    reports = [report(each, f"{index}.txt", each[0][:1]) for index, each in enumerate(texts)]
    assigned = assign_ids(reports)
    assert len({each.id for each in assigned}) == len(assigned) == len({whole(each) for each in texts})
    files = [source.file for each in assigned for source in each.sources]
    assert sorted(files) == sorted(f"{index}.txt" for index in range(len(texts)))


def test_the_same_text_in_two_files_is_one_report_of_the_first() -> None:
    (merged,) = assign_ids([report(("甲", "乙"), "1.txt"), report(("甲", " 乙"), "2.txt")])
    assert merged.meta.title == "1.txt"
    assert [source.file for source in merged.sources] == ["1.txt", "2.txt"]


def test_white_space_changes_no_further_hash() -> None:
    first = assign_ids([report(("甲", "乙 丙"), "1.txt"), report(("甲", "丁"), "2.txt")])
    second = assign_ids([report(("甲", "乙丙"), "1.txt"), report(("甲", "丁"), "2.txt")])
    assert [each.id for each in first] == [each.id for each in second]


def test_a_report_alone_has_twelve_digits_of_its_opening() -> None:
    (alone,) = assign_ids([report(("甲", "乙"), "1.txt")])
    (changed,) = assign_ids([report(("甲", "丙"), "1.txt")])
    assert len(alone.id) == 12
    assert alone.id == changed.id


def test_every_member_of_a_group_gets_a_further_hash() -> None:
    texts = [("甲", "乙", "丙"), ("甲", "乙", "丁"), ("甲", "戊"), ("甲",)]
    assigned = assign_ids([report(each, f"{index}.txt") for index, each in enumerate(texts)])
    assert [len(each.id) for each in assigned] == [28, 28, 20, 20]
    assert len({each.id[:12] for each in assigned}) == 1
    assert assigned[0].id[:20] == assigned[1].id[:20]


def test_keys_ignore_white_space_and_number_repeats() -> None:
    first, second, third, other = block_keys(["甲 乙", "甲乙", "甲\u3000乙", "丙"])
    assert (second, third) == (f"{first}-2", f"{first}-3")
    assert len(other) == 8


def test_openings_whose_hashes_collide_get_further_hashes() -> None:
    reports = [report(("甲", "乙"), "1.txt"), report(("丙", "乙"), "2.txt"), report(("丁",), "3.txt")]
    assigned = assign_ids(reports, opening_hash=lambda opening: "c" * 12 if opening in "甲丙" else "d" * 12)
    assert [len(each.id) for each in assigned] == [20, 20, 12]
    assert len({each.id for each in assigned}) == 3
