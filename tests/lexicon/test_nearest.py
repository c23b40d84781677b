"""Did you mean: by sound, and by one edit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from searchapp.lexicon import Lexicon

from .conftest import MakeLexicon


@pytest.mark.parametrize(
    ("asked", "meant", "nearness"),
    [
        ("两个唯护", "两个维护", "sound"),
        ("兩個唯護", "两个维护", "sound"),
        ("一岗双则", "一岗双责", "sound"),
        ("梁歌唯护", "两个维护", "sound"),
        ("一杠双责", "一岗双责", "sound"),
        ("一岗双册", "一岗双责", "edit"),
        ("党风连政建设", "党风廉政建设", "sound"),
        ("党风廉正建社", "党风廉政建设", "sound"),
        ("党风年政建设", "党风廉政建设", "similar"),
        ("党风大政建设", "党风廉政建设", "edit"),
        ("党风廉建设", "党风廉政建设", "edit"),
        ("党风廉洁政建设", "党风廉政建设", "edit"),
        ("个两维护", "两个维护", "edit"),
    ],
)
def test_the_nearest_is_offered_with_how_it_is_near(lexicon: Lexicon, asked: str, meant: str, nearness: str) -> None:
    (near, *_) = lexicon.nearest(asked)
    assert (near.text, near.replacement, near.nearness) == (meant, meant, nearness)
    assert (near.start, near.end) == (0, len(asked))


def test_the_same_sound_comes_before_an_edit_of_something_more_frequent(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(["致力", "治理", "治理", "自立", "自立", "自立"])
    assert [near.text for near in lexicon.nearest("智力")] == ["治理", "致力", "自立"]


def test_more_blocks_come_first_among_equals(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(["建档", "建党", "建党"])
    assert [near.text for near in lexicon.nearest("渐当")] == ["建党", "建档"]


@pytest.mark.parametrize(
    ("asked", "mended", "span"),
    [
        ("坚决做到两个唯护", "坚决做到两个维护", (4, 8)),
        ("坚决做到“两个唯护”", "坚决做到“两个维护”", (5, 9)),
        ("各级 领导要抓 一岗双则 吗", "各级 领导要抓 一岗双责 吗", (8, 12)),
        ("把党风连政建设抓到位", "把党风廉政建设抓到位", (1, 7)),
    ],
)
def test_a_wrong_piece_of_a_longer_text_is_mended(
    lexicon: Lexicon, asked: str, mended: str, span: tuple[int, int]
) -> None:
    (near, *_) = lexicon.nearest(asked)
    assert (near.text, (near.start, near.end)) == (mended, span)


def test_what_stands_is_not_mended(lexicon: Lexicon) -> None:
    assert lexicon.nearest("坚决做到两个唯护", stands=lambda piece: True) == []


def test_an_entry_is_not_near_itself(lexicon: Lexicon) -> None:
    assert "两个维护" not in [near.text for near in lexicon.nearest("两个维护")]


@pytest.mark.parametrize("asked", ["", "党", "唯", "qwert", "，。", "龘龘龘龘", "字" * 41, "\ud800\ud800"])
def test_what_nothing_is_near_to_gets_nothing(lexicon: Lexicon, asked: str) -> None:
    assert lexicon.nearest(asked) == []


def test_a_word_of_the_same_sound_mends_words_put_together_when_the_whole_stands(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(["养老", "服务", "服务", "俯卧", "服务器"])
    corpus = "养老服务"
    (near,) = lexicon.nearest("养老服物", stands=lambda text: text in corpus)
    assert (near.text, near.replacement, near.start, near.end, near.nearness) == ("养老服务", "服务", 2, 4, "sound")
    assert lexicon.nearest("养老服物", stands=lambda text: text in ("养老", "服务")) == []
    assert lexicon.nearest("养老服物", stands=lambda text: True) == []


def test_words_of_two_characters_are_only_near_by_sound_or_exchange(make_lexicon: MakeLexicon) -> None:
    lexicon = make_lexicon(["组织", "组长", "党组"])
    assert lexicon.nearest("组大") == []
    assert [near.text for near in lexicon.nearest("织组")] == ["组织"]
    assert [near.text for near in lexicon.nearest("组知")] == ["组织"]


@settings(max_examples=80)
@given(st.data())
def test_one_edit_of_a_phrase_leads_back_to_it(lexicon: Lexicon, data: st.DataObject) -> None:
    phrases = [each.text for each in lexicon.phrases() if len(each.text) >= 4]
    phrase = data.draw(st.sampled_from(phrases))
    at = data.draw(st.integers(0, len(phrase) - 1))
    edit = data.draw(st.sampled_from(("other", "more", "less", "exchanged")))
    asked = {
        "other": phrase[:at] + "龘" + phrase[at + 1 :],
        "more": phrase[:at] + "龘" + phrase[at:],
        "less": phrase[:at] + phrase[at + 1 :],
        "exchanged": phrase[:at] + phrase[at : at + 2][::-1] + phrase[at + 2 :],
    }[edit]
    if asked != phrase:
        assert phrase in [near.text for near in lexicon.nearest(asked, 1000)], asked


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("两个维护唯一岗双责党风，“ aG\n龘"), max_size=45))
def test_spans_lie_in_the_text_and_the_rest_is_kept(lexicon: Lexicon, asked: str) -> None:
    for near in lexicon.nearest(asked):
        assert 0 <= near.start < near.end <= len(asked)
        assert near.text == asked[: near.start] + near.replacement + asked[near.end :]
