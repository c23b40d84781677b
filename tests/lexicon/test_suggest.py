"""Completion by text and by sound."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.lexicon import Lexicon
from searchapp.lexicon.pinyin import initials, syllables, typed

from .conftest import FILLER, MakeLexicon


def texts(lexicon: Lexicon, typed_text: str, limit: int = 10) -> list[str]:
    return [found.text for found in lexicon.suggest(typed_text, limit)]


@pytest.mark.parametrize(
    "typed_text",
    ["两个维", "兩個維", " 两个维 ", "lgwh", "LGWH", "lGwH", "lianggeweihu", "liang ge wei hu", "liang'ge'wei'hu",
     "lianggew", "lianggwh", "lgweih", "LiangGeWei"],
)  # fmt: skip
def test_a_phrase_is_found_by_its_text_or_by_how_it_sounds(lexicon: Lexicon, typed_text: str) -> None:
    (found, *_) = lexicon.suggest(typed_text)
    assert (found.text, found.blocks, found.kind) == ("两个维护", 4, "phrase")


@pytest.mark.parametrize(
    "typed_text",
    [
        "两ge",
        "两gwh",
        "两个wei",
        "两个wh",
        "两个weihu",
        "两ge维hu",
        "liang个",
        "liangge维",
        "lg维",
        "l个w护",
        "两 ge wei",
        "两ge'wei",
    ],
)
def test_characters_and_pinyin_may_be_typed_together(lexicon: Lexicon, typed_text: str) -> None:
    assert "两个维护" in texts(lexicon, typed_text)


@pytest.mark.parametrize("typed_text", ["两wei", "个ge", "两gx", "lao维", "两个维护x", "维个wh", "x两个"])
def test_characters_and_pinyin_that_do_not_go_together_find_nothing(lexicon: Lexicon, typed_text: str) -> None:
    assert "两个维护" not in texts(lexicon, typed_text)


def test_what_begins_with_the_text_comes_before_what_contains_it(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(
        [f"{a}乡村振兴{b}" for a, b in ("甲乙", "丙丁", "，。", "戊己", "、、", "的地")] + ["振兴", FILLER]
    )
    found = texts(lexicon, "振兴")
    assert found.index("振兴") < found.index("乡村振兴")


def test_each_group_is_ordered_by_blocks(make_lexicon: MakeLexicon) -> None:
    found = make_lexicon(["组织", "组织，组织部", "组长", "组长", "组长"]).suggest("组")
    assert [(each.text, each.blocks) for each in found] == [("组长", 3), ("组织", 2), ("组织部", 1)]


def test_the_main_reading_comes_before_other_readings(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(["重庆", "采取", "采取"])
    assert texts(lexicon, "chongqing") == ["重庆"]
    assert texts(lexicon, "cq") == ["采取", "重庆"]
    assert texts(lexicon, "zq") == ["重庆"], "every reading of a character is taken for its initial"


def test_latin_words_are_shown_as_they_are_usually_written(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(["GDP增长", "全市GDP", "gdp下降", "ＧＤＰ能耗", "5G基站", "建5G网"])
    assert texts(lexicon, "gd")[0] == "GDP"
    assert lexicon.suggest("gdp")[0].blocks == 4
    assert texts(lexicon, "5g") == ["5G"]


@pytest.mark.parametrize(
    "typed_text", ["", " ", "，", "qqqq", "不存在的话", "\ud800", "x" * 1000, "ü", "'", "1", "%", "["]
)
def test_what_leads_nowhere_gives_nothing(lexicon: Lexicon, typed_text: str) -> None:
    assert lexicon.suggest(typed_text) == []


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_no_more_than_asked_for_and_nothing_twice(lexicon: Lexicon, limit: int) -> None:
    found = texts(lexicon, "d", limit)
    assert len(found) <= limit
    assert len(set(found)) == len(found)


@settings(max_examples=60)
@given(st.data())
def test_every_entry_is_found_by_each_beginning_of_it(lexicon: Lexicon, data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from([each.text for each in lexicon.phrases()]))
    end = data.draw(st.integers(1, len(phrase)))
    read = syllables(phrase)
    for asked in (phrase[:end], "".join(read[:end]), "".join(each[0] for each in read[:end])):
        assert phrase in texts(lexicon, asked, 1000), asked


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_nothing_typed_raises(lexicon: Lexicon, text: str) -> None:
    assert len(lexicon.suggest(text)) <= 10


@pytest.mark.parametrize(
    ("text", "read"),
    [("重要", "zhong yao"), ("重庆", "chong qing"), ("战略", "zhan lue"), ("绿色", "lv se"), ("5g网", "5 g wang"),
     ("会计", "kuai ji"), ("银行", "yin hang"), ("a股", "a gu")],
)  # fmt: skip
def test_readings_are_those_of_the_phrase(text: str, read: str) -> None:
    assert syllables(text) == read.split()


def test_initials_are_of_all_readings_the_main_ones_first() -> None:
    found = initials("重庆", syllables("重庆"))
    assert found[0] == "cq"
    assert {"cq", "zq"} <= set(found)


@pytest.mark.parametrize(
    ("text", "letters"), [("LGWH", "lgwh"), ("xi'an", "xian"), ("zhan lve", "zhanlue"), ("两g", "")]
)
def test_pinyin_is_taken_as_people_type_it(text: str, letters: str) -> None:
    assert typed(text) == letters
