"""Two reports compared: every block of both is told of once, and for what it is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.errors import NotFoundError, RequestError
from searchapp.reports.identity import block_keys
from searchapp.reports.model import Block, Metadata, Report, SourcePosition
from searchapp.services.compare import compare as compare_module
from searchapp.services.compare.compare import compare, compared
from searchapp.services.compare.values import Row, RowKind, Side
from searchapp.services.library import Library
from searchapp.text.normalize import normalize
from tests.indexes import index, opened

FIRST = "全年召开党组会12次，专题研究党建工作3次，听取支部汇报，建成水库6座。"
SECOND = "农村供水保障率达到93%，新建管网112公里，惠及群众四万人。"
THIRD = "深化河湖长制，巡河八千余次，整治乱占乱建问题四十一个。"
FOURTH = "理论学习还不够深入，调查研究还不够扎实，服务基层的办法不多。"


def report(*lines: str) -> Report:
    """A report of lines; those that begin with ``#`` are headings, a level for each."""
    texts = [line.lstrip("#") for line in lines]
    blocks = []
    for number, (line, text, key) in enumerate(zip(lines, texts, block_keys(texts), strict=True)):
        level = len(line) - len(text)
        blocks.append(
            Block("heading" if level else "paragraph", text, key, SourcePosition("f", number + 1), level=level)
        )
    return Report("x", Metadata(""), tuple(blocks), (), "")


def told(a: Report, b: Report) -> list[tuple[RowKind, str, str]]:
    return [
        (row.kind, row.a.block.text[:6] if row.a else "", row.b.block.text[:6] if row.b else "")
        for row in compared(a, b)[0]
    ]


def test_each_kind_is_told_apart() -> None:
    a = report("#一、回顾", FIRST, SECOND, "#二、问题", FOURTH)
    b = report("#一、回顾", FIRST.replace("12", "9"), THIRD, "#二、问题", FOURTH)
    assert told(a, b) == [
        ("kept", "一、回顾", "一、回顾"),
        ("edited", FIRST[:6], FIRST[:6]),
        ("dropped", SECOND[:6], ""),
        ("new", "", THIRD[:6]),
        ("kept", "二、问题", "二、问题"),
        ("kept", FOURTH[:6], FOURTH[:6]),
    ]


def test_differences_are_marked_with_numbers_whole() -> None:
    a, b = report(FIRST), report(FIRST.replace("12", "19").replace("听取", "认真听取"))
    (row,), _ = compared(a, b)
    assert changed(row.a) == ["12"]
    assert changed(row.b) == ["19", "认真"]


def test_what_only_punctuation_width_or_marks_tell_apart_is_kept() -> None:
    a, b = report("办结12件，ＧＤＰ增长。"), report("办结１２件，GDP 增长。")
    assert [row.kind for row in compared(a, b)[0]] == [
        "kept" if normalize(a.blocks[0].text) == normalize(b.blocks[0].text) else "edited"
    ]
    assert normalize(a.blocks[0].text) == normalize(b.blocks[0].text)


def test_a_paragraph_under_another_heading_is_moved_and_knows_where() -> None:
    a = report("#一、回顾", FIRST, SECOND, "#二、打算", THIRD, FOURTH)
    b = report("#一、回顾", FIRST, "#二、打算", THIRD, SECOND, FOURTH)
    rows = [row for row in compared(a, b)[0] if row.kind == "moved"]
    left, right = rows
    assert left.a is not None and left.b is None and left.a.block.text == SECOND
    assert right.b is not None and right.a is None and right.b.block.text == SECOND
    assert (left.a.partner, right.b.partner) == (right.b.position, left.a.position) == (4, 2)
    assert compared(a, b)[1].blocks["moved"] == 1


def test_headings_worded_anew_are_paired_by_their_number() -> None:
    a = report("#一、突出政治统领", FIRST, "#二、建强支部", SECOND)
    b = report("#一、心怀国之大者", FIRST, "#二、夯实堡垒", SECOND)
    assert [kind for kind, _, _ in told(a, b)] == ["edited", "kept", "edited", "kept"]


def test_headings_with_other_numbers_are_paired_by_their_words() -> None:
    a = report("#一、回顾工作", FIRST, "#二、存在的问题", FOURTH)
    b = report("#一、回顾工作", FIRST, "#二、经验体会", THIRD, "#三、存在的问题", FOURTH)
    assert [row for row in told(a, b) if row[0] in ("moved", "dropped")] == []
    assert ("edited", "二、存在的问", "三、存在的问") in told(a, b)


@pytest.mark.parametrize(
    ("opening", "kinds"),
    [
        ("三是建强队伍", ["kept", "edited", "new"]),
        ("三是建强队伍，锤炼作风", ["kept", "edited", "new"]),
        ("三是抓好防汛", ["kept", "dropped", "new", "new"]),
    ],
)
def test_like_run_in_headings_are_the_same_point(opening: str, kinds: list[RowKind]) -> None:
    first = "一是建强队伍。选派五十二名青年到信访、征迁一线锻炼，提拔八人。"
    second = f"{opening}。出台能上能下细则，选派督导组开展培训并在全区推开。"
    a, b = report("#一、回顾", first), report("#一、回顾", second, FIRST)
    for each in (a, b):
        run_in = (0, each.blocks[1].text.index("。"))
        object.__setattr__(each.blocks[1], "run_in", run_in)
    assert [kind for kind, _, _ in told(a, b)] == kinds


def test_figures_count_characters_of_the_second_report() -> None:
    a, b = report(FIRST, SECOND), report(FIRST, SECOND.replace("93", "95"), THIRD)
    _, figures = compared(a, b)
    assert figures.characters_b == sum(len(normalize(text)) for text in (FIRST, SECOND, THIRD))
    assert figures.same == len(normalize(FIRST))
    assert figures.alike == len(normalize(FIRST)) + len(normalize(SECOND)) - len("95%")
    _, whole = compared(a, a)
    assert whole.share_same == whole.share_alike == 1.0
    _, none = compared(a, report())
    assert none.share_same == 0.0


_texts = st.lists(
    st.sampled_from([FIRST, SECOND, THIRD, FOURTH, "#一、甲", "#二、乙", "##（一）丙", "短", " "]), max_size=12
)


@settings(max_examples=80, deadline=None)
@given(_texts, _texts, st.randoms(use_true_random=False))
def test_every_block_stands_once_on_its_side_in_its_order(
    left: list[str], right: list[str], chance: random.Random
) -> None:
    a = report(*left)
    b = report(*[damaged(text, chance) for text in right])
    rows, figures = compared(a, b)
    # A moved pair has a row at each place, so each block still stands in one row.
    assert [side.position for side in sides(rows, "a")] == list(range(len(a.blocks)))
    assert [side.position for side in sides(rows, "b")] == list(range(len(b.blocks)))
    for row in rows:
        if row.kind == "kept":
            assert row.a and row.b
            assert normalize(row.a.block.text) == normalize(row.b.block.text)
        if row.kind == "edited":
            assert row.a and row.b
            assert rest(row.a) == rest(row.b), "what is not marked is the same on both sides"
            assert row.a.changes or row.b.changes
    pairs = figures.blocks["kept"] + figures.blocks["edited"] + figures.blocks["moved"]
    assert pairs + figures.blocks["dropped"] == len(a.blocks)
    assert pairs + figures.blocks["new"] == len(b.blocks)
    assert 0 <= figures.same <= figures.alike <= figures.characters_b


def damaged(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return (
        text if text.startswith("#") or chance.random() < 0.5 else text[:at] + chance.choice("改新8 ") + text[at + 1 :]
    )


def sides(rows: Sequence[Row], name: str) -> list[Side]:
    return [side for row in rows if (side := getattr(row, name)) is not None]


def changed(side: Side | None) -> list[str]:
    assert side is not None
    return [side.block.text[slice(*span)] for span in side.changes]


def rest(side: Side) -> str:
    text, at, kept = side.block.text, 0, ""
    for start, end in side.changes:
        kept += text[at:start]
        at = end
    return normalize(kept + text[at:])


def test_long_paragraphs_are_compared_by_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    from searchapp.services.compare import compare as compare_module

    monkeypatch.setattr(compare_module, "MAX_CELLS", 100)
    (row,), _ = compared(report(f"{THIRD}{FIRST}"), report(f"{THIRD}{FIRST.replace('12', '19')}"))
    assert changed(row.a) == [FIRST] and changed(row.b) == [FIRST.replace("12", "19")]


@pytest.fixture(scope="module")
def library(sample_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Library:
    place = tmp_path_factory.mktemp("compared")
    index(place / "ix", sample_corpus)
    return opened(place / "ix")


def test_reports_of_a_unit_share_much_and_of_others_little(library: Library) -> None:
    ids = {(each.meta.department, each.meta.year): each.report_id for each in library.reader.reports()}
    same = compare(library, ids["临溪区委", 2022], ids["临溪区委", 2023]).figures
    other = compare(library, ids["临溪区委", 2022], ids["澄川市图书馆", 2022]).figures
    assert same.share_alike > 0.5
    assert other.share_alike < 0.1
    assert same.blocks["moved"] <= 1


def test_what_cannot_be_compared_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    one = library.reader.reports()[0].report_id
    with pytest.raises(NotFoundError):
        compare(library, one, "nothing")
    monkeypatch.setattr(compare_module, "MAX_BLOCKS", 3)
    with pytest.raises(RequestError, match="不能对照"):
        compare(library, one, one)
