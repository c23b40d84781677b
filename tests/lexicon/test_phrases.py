"""What is a set phrase and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchapp.lexicon import LEXICON_FILE, Lexicon, build_lexicon
from searchapp.reports import read_report_file
from searchapp.text.analyzer import Analyzer, bundled_terms
from searchapp.text.normalize import normalize

from .conftest import FILLER, SENTENCES, MakeLexicon

FRAMES = ("甲乙", "丙丁", "，。", "戊己")
CUT_OFF = ("个维护", "两个维", "的工作", "和国家", "岗双责", "风廉政建设", "党风廉政建", "近平新时代", "全面从严治")


def phrases(lexicon: Lexicon) -> dict[str, tuple[int, int]]:
    return {phrase.text: (phrase.frequency, phrase.blocks) for phrase in lexicon.phrases()}


def test_phrases_come_out_with_their_occurrences_and_blocks(lexicon: Lexicon) -> None:
    found = phrases(lexicon)
    assert found["两个维护"] == (4, 4)
    assert found["一岗双责"] == (3, 3)
    assert found["党风廉政建设"] == (3, 3)


def test_what_always_stands_inside_a_longer_phrase_is_none(lexicon: Lexicon) -> None:
    assert not set(CUT_OFF) & set(phrases(lexicon))


def test_occurrences_in_one_block_count_once_as_blocks(make_lexicon: MakeLexicon) -> None:
    found = phrases(make_lexicon(["甲说枫桥经验，乙学枫桥经验。", "丙讲枫桥经验", "丁谈枫桥经验好", FILLER]))
    assert found["枫桥经验"] == (4, 3)


def test_phrases_are_ordered_by_frequency(lexicon: Lexicon) -> None:
    frequencies = [phrase.frequency for phrase in lexicon.phrases()]
    assert frequencies == sorted(frequencies, reverse=True)


def test_a_phrase_too_rare_is_none(lexicon: Lexicon) -> None:
    assert "两个确立" not in phrases(lexicon)


@pytest.mark.parametrize(
    "text", ["深入推进", "不断提高", "这个同志们", "关于土地问题", "增加了收入", "一九五八年", "山水湖的", "百分之三十"]
)
def test_light_words_do_not_make_a_phrase(make_lexicon: MakeLexicon, text: str) -> None:
    assert phrases(make_lexicon([f"{before}{text}{after}" for before, after in FRAMES] + [FILLER])) == {}


def test_a_light_verb_is_left_off_where_a_phrase_remains(make_lexicon: MakeLexicon) -> None:
    texts = [f"{before}{verb}枫桥经验{after}" for before, after in FRAMES for verb in ("", "推动", "推动")]
    found = phrases(make_lexicon([*texts, FILLER]))
    assert "枫桥经验" in found
    assert "推动枫桥经验" not in found


def test_known_terms_are_phrases_whatever_their_form(make_lexicon: MakeLexicon) -> None:
    texts = [f"{before}不敢腐{after}" for before, after in FRAMES] + [FILLER]
    assert "不敢腐" not in phrases(make_lexicon(texts))
    assert "不敢腐" in phrases(make_lexicon(texts, ["不敢腐"]))


def test_a_lexicon_without_texts_is_empty(make_lexicon: MakeLexicon) -> None:
    empty = make_lexicon([])
    assert len(empty) == 0
    assert phrases(empty) == {}
    assert empty.suggest("党") == []
    assert empty.suggest("dang") == []
    assert empty.nearest("两个唯护") == []


def test_the_same_texts_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        texts = ((normalize(text), text) for text in SENTENCES)
        build_lexicon(tmp_path / name, texts, Analyzer().words)
    assert (tmp_path / "a" / LEXICON_FILE).read_bytes() == (tmp_path / "b" / LEXICON_FILE).read_bytes()


def read(folder: Path, place: Path) -> Lexicon:
    texts = [
        (normalize(block.text, block.marks), block.text)
        for path in sorted(folder.glob("*.txt"))
        for report in read_report_file(path.read_bytes(), path.name).reports
        for block in report.blocks
    ]
    build_lexicon(place, texts, Analyzer().words, set(bundled_terms()))
    return Lexicon(place)


def test_few_reports_give_the_phrases_of_their_genre(shared: Path, tmp_path: Path) -> None:
    lexicon = read(shared / "reports", tmp_path)
    found = phrases(lexicon)
    genre = "两个维护 一岗双责 中央八项规定精神 全面从严治党 不敢腐 不能腐 不想腐 三重一大 主题教育 理论学习中心组"
    assert set(genre.split()) <= set(found)
    assert not set(CUT_OFF) & set(found)
    assert lexicon.suggest("lgwh")[0].text == "两个维护"
    assert [near.text for near in lexicon.nearest("两个唯护")][:1] == ["两个维护"]


def test_many_reports_give_the_phrases_of_theirs(shared: Path, tmp_path: Path) -> None:
    paths = sorted((shared / "reports_real").glob("00[5-8]*.txt"))
    folder = tmp_path / "some"
    folder.mkdir()
    for path in paths:
        (folder / path.name).write_bytes(path.read_bytes())
    found = phrases(read(folder, tmp_path))
    genre = "一国两制 改革开放 党和国家 固定资产投资 营商环境 供给侧结构性改革"
    assert set(genre.split()) <= set(found)
    assert not set(CUT_OFF) & set(found)
